import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, flag, id, oneOf, type Search, text } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

export const REPORT_KINDS = ['daily', 'weekly', 'monthly'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

export const REPORT_TABS = ['mine', 'team', 'missing'] as const;
export type ReportTab = (typeof REPORT_TABS)[number];

/** `id` is the report that stands open; `write` opens the one about the days around `on`. */
export type WorkReportsSearch = {
  tab?: ReportTab | undefined;
  kind?: ReportKind | undefined;
  on?: string | undefined;
  id?: number | undefined;
  write?: true | undefined;
};

const day = (value: unknown): string | undefined => {
  const found = text(value);
  return found && /^\d{4}-\d{2}-\d{2}$/.test(found) ? found : undefined;
};

export const workReportsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/work-reports',
  validateSearch: (search: Search): WorkReportsSearch =>
    compact({
      tab: oneOf(search.tab, REPORT_TABS),
      kind: oneOf(search.kind, REPORT_KINDS),
      on: day(search.on),
      id: id(search.id),
      write: flag(search.write),
    }),
  component: lazyRouteComponent(() => import('./WorkReportsPage')),
});

export const workReportRoutes = [workReportsRoute] as const;
