import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, flag, type Search } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

export const notificationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/notifications',
  validateSearch: (search: Search): { unread?: true | undefined } => compact({ unread: flag(search.unread) }),
  component: lazyRouteComponent(() => import('./NotificationsPage')),
});

export const notificationRoutes = [notificationsRoute] as const;
