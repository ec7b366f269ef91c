import { lazy } from 'react';

export { Missing } from './Completeness';
export { MergeNotice } from './MergeNotice';
export { PasteBox } from './PasteBox';
export type { Parsed } from './types';

/** Opened by few visits to a record: in chunks of their own. */
export const Changes = lazy(() => import('./Changes'));
export const MergeDialog = lazy(() => import('./MergeDialog'));
export const RequirementVersions = lazy(() => import('./RequirementVersions'));
