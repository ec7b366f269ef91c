import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, id, type Search } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

/** `id` is the notice that stands open. */
export const noticesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/notices',
  validateSearch: (search: Search): { id?: number | undefined } => compact({ id: id(search.id) }),
  component: lazyRouteComponent(() => import('./NoticesPage')),
});

export const noticeRoutes = [noticesRoute] as const;
