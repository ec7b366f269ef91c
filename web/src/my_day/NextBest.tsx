import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { entryName, useDictionary, useStages } from '@/api/dictionaries';
import { useCan } from '@/api/session';
import type { CustomerRow, MyDay, Opportunity, Plan, Task } from '@/api/types';
import { useOpenDrawer } from '@/app/drawer-search';
import { MovePlanDialog } from '@/calendar';
import * as m from '@/paraglide/messages';
import { dueLabel, TaskDialog } from '@/tasks';
import type { Tone } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { daysBetween, inZone, today } from '@/ui/clock';
import { count, dayMonth, moneyShort, time } from '@/ui/format';
import { Card } from '@/ui/Page';
import css from './my_day.module.css';

type Open = { what: 'complete' | 'postpone'; task: Task } | { what: 'move'; plan: Plan } | undefined;

/** The next-best list: what burns first, each row with the taps that settle it. */
export function NextBest({ day }: { day: MyDay }) {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const counts = day.greeting_counts;
  const act = {
    complete: (task: Task) => setOpen({ what: 'complete', task }),
    postpone: (task: Task) => setOpen({ what: 'postpone', task }),
  };
  const taskGroup = (key: string, label: string, tone: Tone, tasks: Task[], n: number, tab: 'overdue' | 'today') => (
    <Group
      key={key}
      label={label}
      tone={tone}
      n={n}
      all={
        n > tasks.length && (
          <Link to="/tasks" search={{ tab }} className={css.all}>
            {m.my_day_open_all()}
          </Link>
        )
      }
      rows={tasks.map((task) => <TaskRow key={task.id} task={task} {...act} />)}
    />
  );
  return (
    <Card title={m.my_day_next()} flush>
      {taskGroup('overdue', m.my_day_overdue(), 'red', day.overdue_tasks, counts.overdue, 'overdue')}
      {taskGroup('today', m.my_day_due_today(), 'amber', day.due_today, counts.due_today, 'today')}
      <Group
        label={m.my_day_plans_today()}
        tone="violet"
        n={counts.planned_today}
        rows={day.plans_today
          .filter((plan) => plan.status === 'planned')
          .map((plan) => <PlanRow key={plan.id} plan={plan} onMove={() => setOpen({ what: 'move', plan })} />)}
      />
      <Group
        label={m.my_day_without_next_step()}
        tone="amber"
        n={counts.without_next_step}
        rows={day.without_next_step.map((one) => (
          <OpportunityRow key={one.id} opportunity={one} side={m.my_day_stay({ n: one.stay_days })} />
        ))}
      />
      <Group
        label={m.my_day_closing_soon()}
        tone="brand"
        n={day.closing_soon.length}
        rows={day.closing_soon.map((one) => (
          <OpportunityRow
            key={one.id}
            opportunity={one}
            late={one.close_overdue}
            side={
              one.close_overdue ? m.my_day_close_overdue() : m.my_day_closes({ day: dayMonth(one.expected_close_date) })
            }
          />
        ))}
      />
      <Group
        label={m.my_day_silent()}
        tone="grey"
        n={day.silent_customers.length}
        rows={day.silent_customers.map((one) => <CustomerItem key={one.id} customer={one} />)}
      />
      {open?.what === 'move' && (
        <MovePlanDialog
          plan={{ ...open.plan, title: `${open.plan.customer_name} · ${open.plan.content}` }}
          onClose={close}
        />
      )}
      {(open?.what === 'complete' || open?.what === 'postpone') && (
        <TaskDialog act={open.what} task={open.task} onClose={close} />
      )}
    </Card>
  );
}

type GroupProps = { label: string; tone: Tone; n: number; all?: ReactNode; rows: ReactNode[] };

function Group({ label, tone, n, all, rows }: GroupProps) {
  if (rows.length === 0) return null;
  return (
    <section className={css.group}>
      <h3 className={`${css.groupHead} ${css[tone] ?? ''}`}>
        {label}
        <span className={css.groupCount}>{count(n)}</span>
        {all}
      </h3>
      <ul>{rows}</ul>
    </section>
  );
}

type RowProps = { title: ReactNode; meta: ReactNode; side: ReactNode; late?: boolean; children: ReactNode };

function Row({ title, meta, side, late, children }: RowProps) {
  return (
    <li className={css.row}>
      <div className={css.rowMain}>
        <span className={css.rowTitle}>{title}</span>
        <span className={css.rowMeta}>{meta}</span>
      </div>
      <span className={`${css.side} ${late ? css.red : ''}`}>{side}</span>
      <span className={css.rowActions}>{children}</span>
    </li>
  );
}

type TaskRowProps = { task: Task; complete: (task: Task) => void; postpone: (task: Task) => void };

function TaskRow({ task, complete, postpone }: TaskRowProps) {
  const due = dueLabel(task);
  const kinds = useDictionary('task_kind');
  return (
    <Row
      title={
        <Link to="/tasks" search={{ task: task.id }} className={css.link}>
          {task.content}
        </Link>
      }
      meta={[entryName(kinds, task.kind), task.opportunity_name ?? task.customer_name].filter(Boolean).join(' · ')}
      side={due.text}
      late={due.tone === 'late'}
    >
      {task.can_edit && (
        <Button size="sm" onClick={() => postpone(task)}>
          {m.my_day_move()}
        </Button>
      )}
      {task.can_complete && (
        <Button size="sm" onClick={() => complete(task)}>
          {m.my_day_complete()}
        </Button>
      )}
    </Row>
  );
}

function PlanRow({ plan, onMove }: { plan: Plan; onMove: () => void }) {
  const methods = useDictionary('follow_up_method');
  const openDrawer = useOpenDrawer();
  return (
    <Row
      title={
        <Link to="/customers/$id" params={{ id: String(plan.customer_id) }} className={css.link}>
          {plan.customer_name}
        </Link>
      }
      meta={`${entryName(methods, plan.method)} · ${plan.content}`}
      side={`${time(plan.starts_at)}–${time(plan.ends_at)}`}
    >
      {plan.can_edit && (
        <>
          <Button size="sm" onClick={onMove}>
            {m.my_day_move()}
          </Button>
          <Button
            size="sm"
            onClick={() =>
              openDrawer('follow_up', {
                planId: plan.id,
                customerId: plan.customer_id,
                ...(plan.opportunity_id && { opportunityId: plan.opportunity_id }),
              })
            }
          >
            {m.my_day_write()}
          </Button>
        </>
      )}
    </Row>
  );
}

function useStepButtons(context: { customerId: number; opportunityId?: number }): ReactNode {
  const openDrawer = useOpenDrawer();
  const can = useCan();
  if (!can('edit_follow_ups')) return null;
  return (
    <>
      <Button size="sm" onClick={() => openDrawer('plan', context)}>
        {m.my_day_new_plan()}
      </Button>
      <Button size="sm" onClick={() => openDrawer('follow_up', context)}>
        {m.my_day_write()}
      </Button>
    </>
  );
}

function OpportunityRow({ opportunity, side, late }: { opportunity: Opportunity; side: string; late?: boolean }) {
  const stages = useStages();
  const buttons = useStepButtons({ customerId: opportunity.customer_id, opportunityId: opportunity.id });
  const stage = stages.find((one) => one.key === opportunity.stage)?.name ?? opportunity.stage;
  return (
    <Row
      title={
        <Link to="/opportunities/$id" params={{ id: String(opportunity.id) }} className={css.link}>
          {opportunity.name}
        </Link>
      }
      meta={[opportunity.customer_name, stage, moneyShort(opportunity.expected_amount)].join(' · ')}
      side={side}
      late={late ?? false}
    >
      {opportunity.can_edit && buttons}
    </Row>
  );
}

function CustomerItem({ customer }: { customer: CustomerRow }) {
  const buttons = useStepButtons({ customerId: customer.id });
  const last = customer.last_followed_up_at;
  return (
    <Row
      title={
        <Link to="/customers/$id" params={{ id: String(customer.id) }} className={css.link}>
          {customer.name}
        </Link>
      }
      meta={[customer.contact_name, customer.phone].filter(Boolean).join(' · ')}
      side={last ? m.my_day_silent_days({ n: daysBetween(inZone(last).date, today()) }) : m.my_day_never()}
    >
      {customer.can_edit && buttons}
    </Row>
  );
}
