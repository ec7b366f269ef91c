import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, flag, id, many, oneOf, type Search, text } from '@/app/search';
import { shellRoute } from '@/app/shell-route';
import { TASK_TABS, type TaskTab } from './tabs';

/** The whole state of the task list. `task` is the one whose details are open. */
export type TasksSearch = {
  tab?: TaskTab | undefined;
  kind?: string[] | undefined;
  assignee_id?: string[] | undefined;
  due_from?: string | undefined;
  due_to?: string | undefined;
  overdue?: true | undefined;
  task?: number | undefined;
};

const day = (value: unknown): string | undefined => {
  const found = text(value);
  return found && /^\d{4}-\d{2}-\d{2}$/.test(found) ? found : undefined;
};

export const tasksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks',
  validateSearch: (search: Search): TasksSearch =>
    compact({
      tab: oneOf(search.tab, TASK_TABS),
      kind: many(search.kind),
      assignee_id: many(search.assignee_id),
      due_from: day(search.due_from),
      due_to: day(search.due_to),
      overdue: flag(search.overdue),
      task: id(search.task),
    }),
  component: lazyRouteComponent(() => import('./TasksPage')),
});

export const taskRoutes = [tasksRoute] as const;
