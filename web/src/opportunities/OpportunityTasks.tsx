import { Link } from '@tanstack/react-router';
import { entryName, useDictionary } from '@/api/dictionaries';
import { useCan } from '@/api/session';
import type { Opportunity, Task } from '@/api/types';
import { useList } from '@/api/use-list';
import { useOpenDrawer } from '@/app/drawer-search';
import * as m from '@/paraglide/messages';
import { StatusDot, type Tone } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { relativeDay } from '@/ui/format';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { RowList, row } from '@/ui/Table';
import css from './opportunities.module.css';

const states = (): Record<Task['status'], { label: string; tone: Tone }> => ({
  todo: { label: m.opportunities_task_todo(), tone: 'grey' },
  in_progress: { label: m.opportunities_task_in_progress(), tone: 'blue' },
  done: { label: m.opportunities_task_done(), tone: 'brand' },
  cancelled: { label: m.opportunities_task_cancelled(), tone: 'grey' },
});

/** The opportunity's tasks, the next due first; each opens in the tasks room. */
export function OpportunityTasks({ opportunity }: { opportunity: Opportunity }) {
  const can = useCan();
  const kinds = useDictionary('task_kind');
  const openDrawer = useOpenDrawer();
  const labels = states();
  const list = useList<Task>(['tasks', 'of opportunity'], '/tasks', {
    opportunity_id: opportunity.id,
    sort: 'due_date',
  });
  if (list.pending) return <SkeletonRows rows={3} />;
  if (list.error) return <FailedState error={list.error} retry={list.retry} />;
  if (list.rows.length === 0) {
    return (
      <EmptyState
        small
        action={
          can('edit_tasks') && (
            <Button
              size="sm"
              onClick={() => openDrawer('task', { customerId: opportunity.customer_id, opportunityId: opportunity.id })}
            >
              {m.opportunities_new_task()}
            </Button>
          )
        }
      >
        {m.opportunities_no_tasks()}
      </EmptyState>
    );
  }
  return (
    <>
      <RowList label={m.opportunities_tasks()}>
        {list.rows.map((task) => (
          <li key={task.id}>
            <Link to="/tasks" search={{ opportunity_id: opportunity.id } as never} className={row.link}>
              <span className={row.title}>{task.content}</span>
              <span className={row.side}>
                <StatusDot tone={labels[task.status].tone}>{labels[task.status].label}</StatusDot>
              </span>
              <span className={row.meta}>{[entryName(kinds, task.kind), task.assignee_name].join(' · ')}</span>
              <span className={`${row.side} ${task.overdue ? css.red : ''}`} title={task.due_date}>
                {task.overdue ? m.opportunities_task_overdue({ days: task.overdue_days }) : relativeDay(task.due_date)}
              </span>
            </Link>
          </li>
        ))}
      </RowList>
      <Pager list={list} />
    </>
  );
}
