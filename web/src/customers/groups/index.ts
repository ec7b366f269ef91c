export { CustomerGroups } from './CustomerGroups';
export { allColumns, type Column, ColumnChooser, USUAL } from './columns';
export { FILTERS, filterOf } from './filters';
export { useGroups } from './use-groups';
export { type Selection, useSelection } from './use-selection';
export { ViewTabs } from './ViewTabs';
