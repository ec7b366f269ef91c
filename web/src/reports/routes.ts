import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, many, oneOf, type Search, text } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

export const REPORTS = [
  'pipeline',
  'funnel',
  'conversion',
  'achievement',
  'forecast',
  'losses',
  'activity',
  'stage-duration',
  'sources',
  'follow-up-workload',
  'task-completion',
] as const;
export type ReportName = (typeof REPORTS)[number];
/** What stands beside another report, under its name. */
export type CardName = ReportName | 'forecast-review' | 'activity-trend';

export const SLICES = ['team', 'owner', 'region', 'industry', 'source_channel', 'tag'] as const;
/** What lost deals alone are sliced by (I28). */
export const LOSS_SLICES = ['lost_reason', 'competitor', 'lost_stage'] as const;
/** What 任务完成 is sliced by. */
export const TASK_SLICES = ['owner', 'team', 'kind'] as const;
const ALL_SLICES = [...SLICES, ...LOSS_SLICES, 'kind'] as const;
const HOURS = ['calendar', 'working'] as const;

/** Without `report` the manager's overview; the other names are those of the API. */
export type ReportsSearch = {
  report?: ReportName | undefined;
  from?: string | undefined;
  to?: string | undefined;
  group_by?: (typeof ALL_SLICES)[number] | undefined;
  hours?: (typeof HOURS)[number] | undefined;
  /** The moment looked back on, RFC 3339; now when there is none. */
  as_of?: string | undefined;
  snapshot?: string | undefined;
  team_id?: string[] | undefined;
  owner_id?: string[] | undefined;
  region?: string[] | undefined;
  industry?: string[] | undefined;
  source_channel?: string[] | undefined;
  tag?: string[] | undefined;
};

const day = (value: unknown) => {
  const found = text(value);
  return found && /^\d{4}-\d\d-\d\d$/.test(found) ? found : undefined;
};

const moment = (value: unknown) => {
  const found = text(value);
  return found && /^\d{4}-\d\d-\d\d(T|$)/.test(found) && !Number.isNaN(Date.parse(found)) ? found : undefined;
};

export const reportsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports',
  validateSearch: (search: Search): ReportsSearch =>
    compact({
      report: oneOf(search.report, REPORTS),
      from: day(search.from),
      to: day(search.to),
      group_by: oneOf(search.group_by, ALL_SLICES),
      hours: oneOf(search.hours, HOURS),
      as_of: moment(search.as_of),
      snapshot: day(search.snapshot),
      team_id: many(search.team_id),
      owner_id: many(search.owner_id),
      region: many(search.region),
      industry: many(search.industry),
      source_channel: many(search.source_channel),
      tag: many(search.tag),
    }),
  component: lazyRouteComponent(() => import('./ReportsPage')),
});

const FOLLOW_UP_FILTERS = [
  'author_id',
  'author_team_id',
  'method',
  'from',
  'to',
  'weekday',
  'hour',
  'region',
  'industry',
  'source_channel',
  'primary_source',
  'tag',
] as const;

export type FollowUpsSearch = { [name in (typeof FOLLOW_UP_FILTERS)[number]]?: string[] | undefined };

/** The records behind a figure of 跟进工作量. */
export const reportFollowUpsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/reports/follow-ups',
  validateSearch: (search: Search): FollowUpsSearch =>
    compact(Object.fromEntries(FOLLOW_UP_FILTERS.map((name) => [name, many(search[name])])) as FollowUpsSearch),
  component: lazyRouteComponent(() => import('./FollowUpsPage')),
});

export const reportRoutes = [reportsRoute, reportFollowUpsRoute] as const;
