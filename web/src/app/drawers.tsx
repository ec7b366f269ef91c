import { useNavigate } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense } from 'react';
import type { DrawerKind } from './drawer-search';
import type { Search } from './search';
import { shellRoute } from './shell-route';

/** What every form in a drawer takes. `onSaved` closes it, and goes to the path given. */
export type DrawerFormProps = {
  customerId?: number | undefined;
  opportunityId?: number | undefined;
  planId?: number | undefined;
  /** The name typed before, where the form is opened out of a picker. */
  name?: string | undefined;
  /** When a new plan is to start (RFC 3339, UTC). */
  startsAt?: string | undefined;
  onClose: () => void;
  onSaved: (link?: string) => void;
};

/** Rooms register their forms here, so that no room imports another. */
const FORMS: Record<DrawerKind, ComponentType<DrawerFormProps>> = {
  customer: lazy(() => import('@/customers/CustomerForm')),
  opportunity: lazy(() => import('@/opportunities/OpportunityForm')),
  plan: lazy(() => import('@/follow_ups/PlanForm')),
  follow_up: lazy(() => import('@/follow_ups/FollowUpForm')),
  task: lazy(() => import('@/tasks/TaskForm')),
};

/** A form on top of another one: a customer made while an opportunity is being written (S35). */
export function NestedForm({ kind, ...props }: DrawerFormProps & { kind: DrawerKind }) {
  const Form = FORMS[kind];
  return (
    <Suspense fallback={null}>
      <Form {...props} />
    </Suspense>
  );
}

export function Drawers() {
  const search = shellRoute.useSearch();
  const navigate = useNavigate();
  if (!search.new) return null;
  const Form = FORMS[search.new];
  const close = () =>
    void navigate({
      to: '.',
      replace: true,
      search: ({ new: _, for_customer: _c, for_opportunity: _o, for_plan: _p, for_start: _s, ...rest }: Search) => rest,
    } as never);
  return (
    <Suspense fallback={null}>
      <Form
        key={`${search.new}-${search.for_customer}-${search.for_opportunity}-${search.for_plan}-${search.for_start}`}
        customerId={search.for_customer}
        opportunityId={search.for_opportunity}
        planId={search.for_plan}
        startsAt={search.for_start}
        onClose={close}
        onSaved={(link) => (link ? void navigate({ to: link, replace: true } as never) : close())}
      />
    </Suspense>
  );
}
