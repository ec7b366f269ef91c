import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { DictionaryKind, Role } from '@/api/types';
import { ledgerSearch } from '@/app/ledger-search';
import { compact, id, many, oneOf, type Search, text } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

export const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./SettingsIndex')),
});

export const ROLES = [
  'administrator',
  'sales_director',
  'sales_manager',
  'sales',
  'finance_readonly',
] as const satisfies readonly Role[];

export type UsersSearch = {
  q?: string | undefined;
  role?: string[] | undefined;
  status?: string[] | undefined;
  team_id?: string[] | undefined;
};

export const usersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/users',
  validateSearch: (search: Search): UsersSearch =>
    compact({
      q: text(search.q),
      role: many(search.role),
      status: many(search.status),
      team_id: many(search.team_id),
    }),
  component: lazyRouteComponent(() => import('./UsersPage')),
});

export const teamsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/teams',
  component: lazyRouteComponent(() => import('./TeamsPage')),
});

export const DICTIONARIES = [
  'industry',
  'region',
  'source_channel',
  'follow_up_method',
  'task_kind',
  'lost_reason',
] as const satisfies readonly DictionaryKind[];

export const dictionariesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/dictionaries',
  validateSearch: (search: Search): { kind?: DictionaryKind | undefined } =>
    compact({ kind: oneOf(search.kind, DICTIONARIES) }),
  component: lazyRouteComponent(() => import('./DictionariesPage')),
});

export const stagesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/stages',
  component: lazyRouteComponent(() => import('./StagesPage')),
});

export const sopRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/sop',
  component: lazyRouteComponent(() => import('./SopPage')),
});

export const rulesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/rules',
  component: lazyRouteComponent(() => import('./RulesPage')),
});

export const TARGET_LEVELS = ['user', 'team', 'company'] as const;
/** What else the page shows: all levels at once, and what was changed. */
export const TARGET_VIEWS = [...TARGET_LEVELS, 'tree', 'changes'] as const;
export type TargetView = (typeof TARGET_VIEWS)[number];
export type TargetLevel = (typeof TARGET_LEVELS)[number];

export const targetsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/targets',
  validateSearch: (search: Search): { year?: number | undefined; level?: TargetView | undefined } =>
    compact({ year: id(search.year), level: oneOf(search.level, TARGET_VIEWS) }),
  component: lazyRouteComponent(() => import('./TargetsPage')),
});

export const tagsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/tags',
  component: lazyRouteComponent(() => import('./TagsPage')),
});

export const channelsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/channels',
  component: lazyRouteComponent(() => import('./ChannelsPage')),
});

export const remindersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/reminders',
  validateSearch: ledgerSearch,
  component: lazyRouteComponent(() => import('./RemindersPage')),
});

export const holidaysRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/holidays',
  validateSearch: (search: Search): { year?: number | undefined } => compact({ year: id(search.year) }),
  component: lazyRouteComponent(() => import('./HolidaysPage')),
});

export const generalRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/general',
  component: lazyRouteComponent(() => import('./GeneralPage')),
});

export const subscriptionsOfAllRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/settings/subscriptions',
  component: lazyRouteComponent(() => import('./SubscriptionsPage')),
});

export const settingsRoutes = [
  settingsRoute,
  usersRoute,
  teamsRoute,
  dictionariesRoute,
  stagesRoute,
  sopRoute,
  rulesRoute,
  targetsRoute,
  tagsRoute,
  channelsRoute,
  remindersRoute,
  holidaysRoute,
  generalRoute,
  subscriptionsOfAllRoute,
] as const;
