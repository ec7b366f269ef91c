import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, id, oneOf, type Search } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

export const BIN_KINDS = ['customers', 'opportunities'] as const;
export type BinKind = (typeof BIN_KINDS)[number];

export const recycleBinRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/recycle-bin',
  validateSearch: (search: Search): { kind?: BinKind | undefined } => compact({ kind: oneOf(search.kind, BIN_KINDS) }),
  component: lazyRouteComponent(() => import('./RecycleBinPage')),
});

export const QUALITY_VIEWS = ['name', 'phone', 'owners'] as const;
export type QualityView = (typeof QUALITY_VIEWS)[number];

export const qualityRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/data-quality',
  validateSearch: (search: Search): { view?: QualityView | undefined; days?: number | undefined } =>
    compact({ view: oneOf(search.view, QUALITY_VIEWS), days: id(search.days) }),
  component: lazyRouteComponent(() => import('./QualityPage')),
});

export const stewardshipRoutes = [recycleBinRoute, qualityRoute] as const;
