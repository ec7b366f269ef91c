import { Link } from '@tanstack/react-router';
import { CalendarClock, MoreHorizontal } from 'lucide-react';
import { useState } from 'react';
import { entryName, useDictionary } from '@/api/dictionaries';
import { useCan } from '@/api/session';
import type { Plan } from '@/api/types';
import { useList } from '@/api/use-list';
import { useOpenDrawer } from '@/app/drawer-search';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { now } from '@/ui/clock';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime, relativeTime, time } from '@/ui/format';
import { Menu } from '@/ui/Menu';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { CancelPlan } from './CancelPlan';
import type { About } from './FollowUpList';
import css from './follow_ups.module.css';

type Props = About & {
  /** Only what is still to come; nothing at all when there is none. */
  onlyPlanned?: boolean;
};

/** Planned contacts, the next first, then those that are over; a done one is struck through (S44). */
export function PlanList({ customerId, opportunityId, onlyPlanned = false }: Props) {
  const can = useCan();
  const openDrawer = useOpenDrawer();
  const about = opportunityId ? { opportunity_id: opportunityId } : { customer_id: customerId };
  const planned = useList<Plan>(['follow_ups', 'plans'], '/follow-up-plans', {
    ...about,
    status: 'planned',
    sort: 'starts_at',
  });
  const over = useList<Plan>(
    ['follow_ups', 'plans'],
    '/follow-up-plans',
    { ...about, status: ['done', 'cancelled'], sort: '-starts_at' },
    { enabled: !onlyPlanned },
  );
  if (onlyPlanned)
    return planned.rows.length > 0 ? <Plans plans={planned.rows} label={m.follow_ups_planned()} /> : null;
  if (planned.pending || over.pending) return <SkeletonRows rows={4} />;
  const failed = planned.error ? planned : over.error ? over : undefined;
  if (failed) return <FailedState error={failed.error} retry={failed.retry} />;
  if (planned.rows.length + over.rows.length === 0) {
    const plan = can('edit_follow_ups') && (
      <Button
        size="sm"
        onClick={() =>
          openDrawer('plan', { ...(customerId && { customerId }), ...(opportunityId && { opportunityId }) })
        }
      >
        {m.follow_ups_plan_new()}
      </Button>
    );
    return (
      <EmptyState small action={plan}>
        {m.follow_ups_no_plans()}
      </EmptyState>
    );
  }
  return (
    <>
      {planned.rows.length > 0 && <Plans plans={planned.rows} label={m.follow_ups_planned()} />}
      <Pager list={planned} />
      {over.rows.length > 0 && (
        <>
          <h3 className={css.section}>{m.follow_ups_plans_over()}</h3>
          <Plans plans={over.rows} label={m.follow_ups_plans_over()} />
          <Pager list={over} />
        </>
      )}
    </>
  );
}

function Plans({ plans, label }: { plans: Plan[]; label: string }) {
  return (
    <ul aria-label={label}>
      {plans.map((plan) => (
        <li key={plan.id} className={css.item}>
          <PlanItem plan={plan} />
        </li>
      ))}
    </ul>
  );
}

function PlanItem({ plan }: { plan: Plan }) {
  const methods = useDictionary('follow_up_method');
  const can = useCan();
  const openDrawer = useOpenDrawer();
  const [cancelling, setCancelling] = useState(false);
  const about = {
    customerId: plan.customer_id,
    ...(plan.opportunity_id && { opportunityId: plan.opportunity_id }),
    planId: plan.id,
  };
  const open = plan.status === 'planned';
  const late = open && Date.parse(plan.ends_at) < now().getTime();
  return (
    <>
      <span className={css.planIcon}>
        <CalendarClock size={16} aria-hidden />
      </span>
      <div className={`${css.main} ${open ? '' : css.over}`}>
        <div className={css.head}>
          <strong className={late ? css.late : undefined} title={dateTime(plan.starts_at)}>
            {relativeTime(plan.starts_at)}–{time(plan.ends_at)}
          </strong>
          <Badge>{entryName(methods, plan.method)}</Badge>
          {late && <Badge tone="red">{m.follow_ups_plan_late()}</Badge>}
          {plan.status === 'done' && <Badge tone="brand">{m.follow_ups_plan_done()}</Badge>}
          {plan.status === 'cancelled' && <Badge>{m.follow_ups_plan_was_cancelled()}</Badge>}
          <span className={css.meta}>{plan.owner_name}</span>
        </div>
        <p className={css.text}>{plan.status === 'done' ? <s>{plan.content}</s> : plan.content}</p>
        {plan.status === 'done' && plan.follow_up_id && <RecordLink plan={plan} />}
      </div>
      {open && plan.can_edit && can('edit_follow_ups') && (
        <div className={css.tools}>
          <Button size="sm" onClick={() => openDrawer('follow_up', about)}>
            {m.follow_ups_complete()}
          </Button>
          <Menu
            trigger={
              <IconButton size="sm" label={m.follow_ups_plan_actions({ at: relativeTime(plan.starts_at) })}>
                <MoreHorizontal size={15} aria-hidden />
              </IconButton>
            }
            items={[
              { label: m.follow_ups_plan_edit(), onSelect: () => openDrawer('plan', about) },
              { label: m.follow_ups_plan_cancel(), danger: true, onSelect: () => setCancelling(true) },
            ]}
          />
        </div>
      )}
      {cancelling && <CancelPlan plan={plan} onClose={() => setCancelling(false)} />}
    </>
  );
}

/** To the record written from the plan, which stands among the records of the same page. */
function RecordLink({ plan }: { plan: Plan }) {
  const text = m.follow_ups_see_record();
  if (plan.opportunity_id) {
    return (
      <Link
        to="/opportunities/$id"
        params={{ id: String(plan.opportunity_id) }}
        search={{ tab: 'follow_ups' }}
        className={css.about}
      >
        {text}
      </Link>
    );
  }
  return (
    <Link
      to="/customers/$id"
      params={{ id: String(plan.customer_id) }}
      search={{ tab: 'follow_ups' }}
      className={css.about}
    >
      {text}
    </Link>
  );
}
