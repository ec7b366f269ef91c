import { createRouter } from '@tanstack/react-router';
import { calendarRoutes } from '@/calendar/routes';
import { customerRoutes } from '@/customers/routes';
import { dashboardRoutes } from '@/dashboards/routes';
import { exchangeRoutes } from '@/exchange/routes';
import { identityRoutes } from '@/identity/routes';
import { myDayRoutes } from '@/my_day/routes';
import { noticeRoutes } from '@/notices/routes';
import { notificationRoutes } from '@/notifications/routes';
import { opportunityRoutes } from '@/opportunities/routes';
import { reportRoutes } from '@/reports/routes';
import { settingsRoutes } from '@/settings/routes';
import { stewardshipRoutes } from '@/stewardship/routes';
import { subscriptionRoutes } from '@/subscriptions/routes';
import { taskRoutes } from '@/tasks/routes';
import { workReportRoutes } from '@/work_reports/routes';
import { parseSearch, stringifySearch } from './search';
import { loginRoute, passwordRoute, rootRoute, setupRoute, shellRoute } from './shell-route';

const routeTree = rootRoute.addChildren([
  loginRoute,
  passwordRoute,
  setupRoute,
  shellRoute.addChildren([
    ...myDayRoutes,
    ...customerRoutes,
    ...opportunityRoutes,
    ...calendarRoutes,
    ...taskRoutes,
    ...noticeRoutes,
    ...notificationRoutes,
    ...reportRoutes,
    ...dashboardRoutes,
    ...subscriptionRoutes,
    ...settingsRoutes,
    ...stewardshipRoutes,
    ...exchangeRoutes,
    ...workReportRoutes,
    ...identityRoutes,
  ]),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPreloadDelay: 80,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
