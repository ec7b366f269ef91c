import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { shellRoute } from '@/app/shell-route';

export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./SettingsPage')),
});

const section = <P extends string>(path: P) =>
  createRoute({
    getParentRoute: () => shellRoute,
    path,
    component: lazyRouteComponent(() => import('./SettingsPage')),
  });

export const usersRoute = section('/settings/users');
export const teamsRoute = section('/settings/teams');
export const dictionariesRoute = section('/settings/dictionaries');
export const stagesRoute = section('/settings/stages');
export const targetsRoute = section('/settings/targets');
export const generalRoute = section('/settings/general');

export const settingsRoutes = [
  settingsRoute,
  usersRoute,
  teamsRoute,
  dictionariesRoute,
  stagesRoute,
  targetsRoute,
  generalRoute,
] as const;
