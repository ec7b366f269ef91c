export { StuckList } from './Bottlenecks';
export { Drawing } from './Drawing';
export { slicesOf, titles } from './names';
export { Definition, useReport } from './ReportCard';
export { Figure, ReportTable } from './ReportTable';
export type { CardName, ReportsSearch } from './routes';
export { spans } from './spans';
export { download } from './values';
