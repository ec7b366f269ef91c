import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, flag, id, many, oneOf, type Search, text } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

export const SORTS = [
  'updated_at',
  '-updated_at',
  'created_at',
  '-created_at',
  'last_followed_up_at',
  '-last_followed_up_at',
  'name',
  '-name',
  'number',
  '-number',
  'completeness',
  '-completeness',
] as const;

/** The whole state of the customer list; the names are those of the API. */
export type CustomersSearch = {
  q?: string | undefined;
  status?: string[] | undefined;
  tag?: string[] | undefined;
  tag_mode?: 'any' | 'all' | undefined;
  exclude_tag?: string[] | undefined;
  industry?: string[] | undefined;
  region?: string[] | undefined;
  source_channel?: string[] | undefined;
  source_detail?: string | undefined;
  group_id?: string[] | undefined;
  owner_id?: string[] | undefined;
  follow_up_status?: string[] | undefined;
  team_id?: string[] | undefined;
  created_from?: string | undefined;
  created_to?: string | undefined;
  not_followed_up_days?: number | undefined;
  requirement_changed_days?: number | undefined;
  completeness_below?: number | undefined;
  // What a figure of a report asks for.
  primary_source?: string[] | undefined;
  activity?: string[] | undefined;
  contacted_by?: string[] | undefined;
  contacted_by_team?: string[] | undefined;
  contacted_from?: string | undefined;
  contacted_to?: string | undefined;
  sort?: (typeof SORTS)[number] | undefined;
  /** A saved view, or `all`. */
  view?: string | undefined;
  /** The chosen columns; the usual ones when left out. */
  columns?: string[] | undefined;
  tags?: true | undefined;
  groups?: true | undefined;
  /** A batch whose progress is shown. */
  batch?: number | undefined;
};

export const customersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/customers',
  validateSearch: (search: Search): CustomersSearch =>
    compact({
      q: text(search.q),
      status: many(search.status),
      tag: many(search.tag),
      tag_mode: oneOf(search.tag_mode, ['any', 'all'] as const),
      exclude_tag: many(search.exclude_tag),
      industry: many(search.industry),
      region: many(search.region),
      source_channel: many(search.source_channel),
      source_detail: text(search.source_detail),
      group_id: many(search.group_id),
      owner_id: many(search.owner_id),
      follow_up_status: many(search.follow_up_status),
      team_id: many(search.team_id),
      created_from: text(search.created_from),
      created_to: text(search.created_to),
      not_followed_up_days: id(search.not_followed_up_days),
      requirement_changed_days: id(search.requirement_changed_days),
      completeness_below: id(search.completeness_below),
      primary_source: many(search.primary_source),
      activity: many(search.activity),
      contacted_by: many(search.contacted_by),
      contacted_by_team: many(search.contacted_by_team),
      contacted_from: text(search.contacted_from),
      contacted_to: text(search.contacted_to),
      sort: oneOf(search.sort, SORTS),
      view: text(search.view),
      columns: many(search.columns),
      // 标签管理 or 客户分组 is open over the list.
      tags: flag(search.tags),
      groups: flag(search.groups),
      batch: id(search.batch),
    }),
  component: lazyRouteComponent(() => import('./CustomersPage')),
});

export const CUSTOMER_TABS = [
  'timeline',
  'contacts',
  'follow_ups',
  'opportunities',
  'comments',
  'shares',
  'changes',
] as const;

export const customerRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/customers/$id',
  validateSearch: (
    search: Search,
  ): {
    tab?: (typeof CUSTOMER_TABS)[number] | undefined;
    edit?: true | undefined;
    win?: true | undefined;
    field?: string | undefined;
  } =>
    compact({
      tab: oneOf(search.tab, CUSTOMER_TABS),
      edit: flag(search.edit),
      win: flag(search.win),
      // Where the edit form begins.
      field: text(search.field),
    }),
  component: lazyRouteComponent(() => import('./CustomerPage')),
});

export const customerRoutes = [customersRoute, customerRoute] as const;
