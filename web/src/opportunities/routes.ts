import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, oneOf, type Search } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

type OpportunitiesSearch = { view?: 'board' | 'list' | undefined };

export const opportunitiesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/opportunities',
  validateSearch: (search: Search): OpportunitiesSearch =>
    compact({ view: oneOf(search.view, ['board', 'list'] as const) }),
  component: lazyRouteComponent(() => import('./OpportunitiesPage')),
});

export const opportunityRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/opportunities/$id',
  component: lazyRouteComponent(() => import('./OpportunityPage')),
});

export const opportunityRoutes = [opportunitiesRoute, opportunityRoute] as const;
