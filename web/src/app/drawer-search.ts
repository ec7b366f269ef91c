import { useNavigate } from '@tanstack/react-router';
import { compact, id, oneOf, type Search, text } from './search';

export const DRAWERS = ['customer', 'opportunity', 'plan', 'follow_up', 'task'] as const;
export type DrawerKind = (typeof DRAWERS)[number];

/** Part of every address behind the login: which form is open, and what it is prefilled with (S1). */
export type DrawerSearch = {
  new?: DrawerKind | undefined;
  for_customer?: number | undefined;
  for_opportunity?: number | undefined;
  for_plan?: number | undefined;
  /** The instant a new plan is to start, where it was asked for by a click into the calendar. */
  for_start?: string | undefined;
};

const instant = (value: unknown): string | undefined => {
  const found = text(value);
  return found && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(found) ? found : undefined;
};

export function readDrawer(search: Search): DrawerSearch {
  return compact({
    new: oneOf(search.new, DRAWERS),
    for_customer: id(search.for_customer),
    for_opportunity: id(search.for_opportunity),
    for_plan: id(search.for_plan),
    for_start: instant(search.for_start),
  });
}

export type DrawerContext = { customerId?: number; opportunityId?: number; planId?: number; startsAt?: string };

/** Opens a form over the current page: `openDrawer('task', { customerId })`. Going back closes it. */
export function useOpenDrawer(): (kind: DrawerKind, context?: DrawerContext) => void {
  const navigate = useNavigate();
  return (kind, context = {}) =>
    void navigate({
      to: '.',
      search: (before: Search) => ({
        ...before,
        new: kind,
        for_customer: context.customerId,
        for_opportunity: context.opportunityId,
        for_plan: context.planId,
        for_start: context.startsAt,
      }),
    } as never);
}
