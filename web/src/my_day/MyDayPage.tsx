import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { useCan, useSession } from '@/api/session';
import type { MyDay } from '@/api/types';
import { useOpenDrawer } from '@/app/drawer-search';
import { UnreadNotices } from '@/notices';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { inZone, now } from '@/ui/clock';
import { FailedState } from '@/ui/EmptyState';
import { count, dayMonth, weekday } from '@/ui/format';
import { Card, Page, PageHeader } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { givenName, greeting } from './greeting';
import css from './my_day.module.css';
import { NextBest } from './NextBest';
import { TargetCard } from './TargetCard';
import { Today } from './Today';

/** 我的一天: what to do next, the day, the quarter. */
export default function MyDayPage() {
  const { user } = useSession();
  const found = useQuery({ queryKey: ['my_day'], queryFn: () => api.get<MyDay>('/my-day') });
  const day = found.data;
  return (
    <Page>
      <PageHeader
        title={m.my_day_greeting({ greeting: greeting(inZone(now()).hour), name: givenName(user.name) })}
        meta={day && <Counts day={day} />}
      />
      {found.isPending && (
        <Card flush>
          <SkeletonRows rows={10} />
        </Card>
      )}
      {found.error && !day && (
        <Card>
          <FailedState error={found.error} retry={() => void found.refetch()} />
        </Card>
      )}
      {day && (
        <div className={css.grid}>
          <div className={css.stack}>
            <UnreadNotices />
            {isClear(day) ? <FirstActions /> : <NextBest day={day} />}
          </div>
          <div className={css.stack}>
            <TargetCard target={day.target} />
            <Today plans={day.plans_today} />
          </div>
        </div>
      )}
    </Page>
  );
}

function Counts({ day }: { day: MyDay }) {
  const { overdue, due_today, planned_today, without_next_step } = day.greeting_counts;
  const parts = [
    overdue > 0 && (
      <strong key="overdue" className={css.red}>
        {m.my_day_count_overdue({ n: count(overdue) })}
      </strong>
    ),
    due_today > 0 && <span key="due">{m.my_day_count_due({ n: count(due_today) })}</span>,
    planned_today > 0 && <span key="planned">{m.my_day_count_planned({ n: count(planned_today) })}</span>,
    without_next_step > 0 && <span key="without">{m.my_day_count_without({ n: count(without_next_step) })}</span>,
  ].filter(Boolean);
  return (
    <span className={css.counts}>
      <span>
        {dayMonth(day.date)} {weekday(day.date)}
      </span>
      {parts.length > 0 ? parts : <span>{m.my_day_all_clear()}</span>}
    </span>
  );
}

function isClear(day: MyDay): boolean {
  const open = day.plans_today.filter((plan) => plan.status === 'planned');
  const lists = [day.overdue_tasks, day.due_today, open, day.without_next_step, day.silent_customers, day.closing_soon];
  return lists.every((list) => list.length === 0);
}

/** A free day offers the first steps instead of an empty list. */
function FirstActions() {
  const can = useCan();
  const openDrawer = useOpenDrawer();
  return (
    <Card title={m.my_day_next()}>
      <p>{m.my_day_empty()}</p>
      <div className={css.first}>
        {can('edit_customers') && (
          <Button variant="primary" onClick={() => openDrawer('customer')}>
            {m.my_day_first_customer()}
          </Button>
        )}
        {can('edit_opportunities') && (
          <Button onClick={() => openDrawer('opportunity')}>{m.my_day_first_opportunity()}</Button>
        )}
        {can('edit_follow_ups') && <Button onClick={() => openDrawer('plan')}>{m.my_day_first_plan()}</Button>}
      </div>
    </Card>
  );
}
