export { FollowUpList } from './FollowUpList';
export { PlanList } from './PlanList';
