import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, flag, id, many, oneOf, type Search, text } from '@/app/search';
import { shellRoute } from '@/app/shell-route';
import { TASK_TABS, type TaskTab } from './tabs';

/** What became of a task by its due date (I9). */
export const TASK_OUTCOMES = ['planned', 'on_time', 'late', 'overdue'] as const;
export type TaskOutcome = (typeof TASK_OUTCOMES)[number];

/** The whole state of the task list. `task` is the one whose details are open. */
export type TasksSearch = {
  tab?: TaskTab | undefined;
  kind?: string[] | undefined;
  assignee_id?: string[] | undefined;
  due_from?: string | undefined;
  due_to?: string | undefined;
  overdue?: true | undefined;
  outcome?: TaskOutcome | undefined;
  team_id?: string[] | undefined;
  // What a figure of a report asks of the customer.
  region?: string[] | undefined;
  industry?: string[] | undefined;
  source_channel?: string[] | undefined;
  tag?: string[] | undefined;
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
      outcome: oneOf(search.outcome, TASK_OUTCOMES),
      team_id: many(search.team_id),
      region: many(search.region),
      industry: many(search.industry),
      source_channel: many(search.source_channel),
      tag: many(search.tag),
      task: id(search.task),
    }),
  component: lazyRouteComponent(() => import('./TasksPage')),
});

export const taskRoutes = [tasksRoute] as const;
