import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { ledgerSearch } from '@/app/ledger-search';
import { compact, flag, type Search } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

export const notificationsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/notifications',
  validateSearch: (search: Search): { unread?: true | undefined } => compact({ unread: flag(search.unread) }),
  component: lazyRouteComponent(() => import('./NotificationsPage')),
});

export const preferencesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/notifications/preferences',
  component: lazyRouteComponent(() => import('./PreferencesPage')),
});

export const myRemindersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/notifications/reminders',
  validateSearch: ledgerSearch,
  component: lazyRouteComponent(() => import('./MyRemindersPage')),
});

export const notificationRoutes = [notificationsRoute, preferencesRoute, myRemindersRoute] as const;
