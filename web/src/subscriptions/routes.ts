import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '@/app/shell-route';

export const subscriptionsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/subscriptions',
  component: lazyRouteComponent(() => import('./SubscriptionsPage')),
});

export const subscriptionRoutes = [subscriptionsRoute] as const;
