export { dueLabel } from './labels';
export { type TaskAct, TaskDialog } from './TaskDialogs';
