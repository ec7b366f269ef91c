export { CancelPlanDialog, MovePlanDialog } from './PlanDialogs';
