import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '@/app/shell-route';

export const tasksRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/tasks',
  component: lazyRouteComponent(() => import('./TasksPage')),
});

export const taskRoutes = [tasksRoute] as const;
