import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, oneOf, type Search } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

export const EXCHANGE_TABS = ['imports', 'exports'] as const;

export const exchangeRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/exchange',
  validateSearch: (search: Search): { tab?: (typeof EXCHANGE_TABS)[number] | undefined } =>
    compact({ tab: oneOf(search.tab, EXCHANGE_TABS) }),
  component: lazyRouteComponent(() => import('./ExchangePage')),
});

export const importRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/imports/$id',
  component: lazyRouteComponent(() => import('./ImportPage')),
});

/** 商机跟进记录表 on A4 (I33). */
export const recordSheetRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/opportunities/$id/record-sheet',
  component: lazyRouteComponent(() => import('./RecordSheetPage')),
});

/** 客户跟进记录表 on A4 (I33). */
export const customerSheetRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/customers/$id/record-sheet',
  component: lazyRouteComponent(() => import('./CustomerSheetPage')),
});

export const exchangeRoutes = [exchangeRoute, importRoute, recordSheetRoute, customerSheetRoute] as const;
