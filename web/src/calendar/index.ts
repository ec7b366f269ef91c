import { lazy } from 'react';

export type { FreeChoice } from './FreeTimeDialog';
export { CancelPlanDialog, MovePlanDialog } from './PlanDialogs';

/** When the people of a plan are free (I11). */
export const FreeTimeDialog = lazy(() => import('./FreeTimeDialog'));
