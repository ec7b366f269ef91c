import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '@/app/shell-route';

export const identityRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/api-tokens',
    component: lazyRouteComponent(() => import('./ApiTokensPage')),
  }),
] as const;
