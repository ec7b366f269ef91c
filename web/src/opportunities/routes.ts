import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, flag, many, oneOf, type Search, text } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

export const SORTS = [
  'updated_at',
  '-updated_at',
  'created_at',
  '-created_at',
  'expected_amount',
  '-expected_amount',
  'expected_close_date',
  '-expected_close_date',
  'entered_stage_at',
  '-entered_stage_at',
  'number',
  '-number',
  'name',
  '-name',
] as const;

/** The whole state of list and board; the names are those of the API. */
export type OpportunitiesSearch = {
  view?: 'board' | undefined;
  q?: string | undefined;
  stage?: string[] | undefined;
  status?: string[] | undefined;
  owner_id?: string[] | undefined;
  team_id?: string[] | undefined;
  customer_id?: string | undefined;
  region?: string[] | undefined;
  close_from?: string | undefined;
  close_to?: string | undefined;
  overdue_close?: true | undefined;
  without_next_step?: true | undefined;
  stuck?: true | undefined;
  // What a figure of a report asks for.
  industry?: string[] | undefined;
  source_channel?: string[] | undefined;
  primary_source?: string[] | undefined;
  tag?: string[] | undefined;
  won_by?: string[] | undefined;
  won_team_id?: string[] | undefined;
  created_from?: string | undefined;
  created_to?: string | undefined;
  won_from?: string | undefined;
  won_to?: string | undefined;
  lost_from?: string | undefined;
  lost_to?: string | undefined;
  lost_reason?: string[] | undefined;
  competitor?: string[] | undefined;
  lost_stage?: string[] | undefined;
  forecast_class?: string[] | undefined;
  reached_from?: string | undefined;
  reached_to?: string | undefined;
  reached?: string | undefined;
  also_reached?: string | undefined;
  sort?: (typeof SORTS)[number] | undefined;
};

const day = (value: unknown) => {
  const found = text(value);
  return found && /^\d{4}-\d\d-\d\d$/.test(found) ? found : undefined;
};

export const opportunitiesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/opportunities',
  validateSearch: (search: Search): OpportunitiesSearch =>
    compact({
      view: oneOf(search.view, ['board'] as const),
      q: text(search.q),
      stage: many(search.stage),
      status: many(search.status),
      owner_id: many(search.owner_id),
      team_id: many(search.team_id),
      customer_id: text(search.customer_id),
      region: many(search.region),
      close_from: day(search.close_from),
      close_to: day(search.close_to),
      overdue_close: flag(search.overdue_close),
      without_next_step: flag(search.without_next_step),
      stuck: flag(search.stuck),
      industry: many(search.industry),
      source_channel: many(search.source_channel),
      primary_source: many(search.primary_source),
      tag: many(search.tag),
      won_by: many(search.won_by),
      won_team_id: many(search.won_team_id),
      created_from: day(search.created_from),
      created_to: day(search.created_to),
      won_from: day(search.won_from),
      won_to: day(search.won_to),
      lost_from: day(search.lost_from),
      lost_to: day(search.lost_to),
      lost_reason: many(search.lost_reason),
      competitor: many(search.competitor),
      lost_stage: many(search.lost_stage),
      forecast_class: many(search.forecast_class),
      reached_from: day(search.reached_from),
      reached_to: day(search.reached_to),
      reached: text(search.reached),
      also_reached: text(search.also_reached),
      sort: oneOf(search.sort, SORTS),
    }),
  component: lazyRouteComponent(() => import('./OpportunitiesPage')),
});

export const OPPORTUNITY_TABS = ['timeline', 'plans', 'follow_ups', 'tasks', 'comments', 'stages', 'changes'] as const;

export const opportunityRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/opportunities/$id',
  validateSearch: (search: Search): { tab?: (typeof OPPORTUNITY_TABS)[number] | undefined; edit?: true | undefined } =>
    compact({ tab: oneOf(search.tab, OPPORTUNITY_TABS), edit: flag(search.edit) }),
  component: lazyRouteComponent(() => import('./OpportunityPage')),
});

export const opportunityRoutes = [opportunitiesRoute, opportunityRoute] as const;
