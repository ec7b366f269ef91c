import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { Problem } from '@/api/problem';
import { queryClient } from '@/api/query-client';
import { sessionQuery } from '@/api/session';
import { FailedState } from '@/ui/EmptyState';
import { readDrawer } from './drawer-search';
import { NotFound } from './NotFound';
import { Shell } from './Shell';

export const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

/** Everything behind the login: loads the session first, then shows menu, header and the room. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  validateSearch: readDrawer,
  beforeLoad: async ({ location }) => {
    try {
      const session = await queryClient.ensureQueryData(sessionQuery);
      if (session.must_change_password) throw redirect({ to: '/password' });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        const next = location.href === '/' ? undefined : location.href;
        throw redirect({ to: '/login', search: { next } });
      }
      throw error;
    }
  },
  component: Shell,
  errorComponent: ({ error, reset }) => <FailedState error={error} retry={reset} />,
  notFoundComponent: NotFound,
});

const readNext = (search: Record<string, unknown>): { next?: string | undefined } => ({
  // Only a path of our own: an address elsewhere would make the login page a trampoline.
  next: typeof search.next === 'string' && /^\/(?![/\\])/.test(search.next) ? search.next : undefined,
});

export const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: readNext,
  component: lazyRouteComponent(() => import('@/identity/LoginPage')),
});

export const passwordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/password',
  beforeLoad: async () => {
    try {
      await queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) throw redirect({ to: '/login' });
      throw error;
    }
  },
  component: lazyRouteComponent(() => import('@/identity/PasswordPage')),
});

export const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: (search: Record<string, unknown>): { token?: string | undefined } => ({
    token: typeof search.token === 'string' ? search.token : undefined,
  }),
  component: lazyRouteComponent(() => import('@/identity/SetupPage')),
});
