import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '@/app/shell-route';

/** The board made for the reader. */
export const dashboardsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/dashboards',
  component: lazyRouteComponent(() => import('./DashboardsPage')),
});

/** One board: its id, or `rep`, `manager`, `boss`. */
export const dashboardRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/dashboards/$board',
  component: lazyRouteComponent(() => import('./DashboardsPage')),
});

export const dashboardRoutes = [dashboardsRoute, dashboardRoute] as const;
