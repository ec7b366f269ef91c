import { useNavigate } from '@tanstack/react-router';
import { compact, id, oneOf, type Search } from './search';

export const DRAWERS = ['customer', 'opportunity', 'plan', 'follow_up', 'task'] as const;
export type DrawerKind = (typeof DRAWERS)[number];

/** Part of every address behind the login: which form is open, and what it is prefilled with (S1). */
export type DrawerSearch = {
  new?: DrawerKind | undefined;
  for_customer?: number | undefined;
  for_opportunity?: number | undefined;
  for_plan?: number | undefined;
};

export function readDrawer(search: Search): DrawerSearch {
  return compact({
    new: oneOf(search.new, DRAWERS),
    for_customer: id(search.for_customer),
    for_opportunity: id(search.for_opportunity),
    for_plan: id(search.for_plan),
  });
}

export type DrawerContext = { customerId?: number; opportunityId?: number; planId?: number };

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
      }),
    } as never);
}
