import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { compact, id, many, oneOf, type Search, text } from '@/app/search';
import { shellRoute } from '@/app/shell-route';

export const VIEWS = ['month', 'week', 'day', 'agenda'] as const;
export type View = (typeof VIEWS)[number];

/** Without `view` a phone shows the agenda, everything else the month; `day` lies in the shown span. */
export type CalendarSearch = {
  view?: View | undefined;
  day?: string | undefined;
  user_id?: number[] | undefined;
};

/** How many calendars can be laid over each other (I11). */
export const MOST_PEOPLE = 10;

function people(value: unknown): number[] | undefined {
  const ids = (many(value) ?? []).map(id).filter((one) => one !== undefined);
  return ids.length > 0 ? [...new Set(ids)].slice(0, MOST_PEOPLE) : undefined;
}

export const calendarRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/calendar',
  validateSearch: (search: Search): CalendarSearch => {
    const day = text(search.day);
    return compact({
      view: oneOf(search.view, VIEWS),
      day: day && /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day) ? day : undefined,
      user_id: people(search.user_id),
    });
  },
  component: lazyRouteComponent(() => import('./CalendarPage')),
});

export const calendarRoutes = [calendarRoute] as const;
