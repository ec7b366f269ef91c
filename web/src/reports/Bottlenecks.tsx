import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BellRing } from 'lucide-react';
import { useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { useCan } from '@/api/session';
import type { Report, StuckOpportunity, Task } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { addDays, today } from '@/ui/clock';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { moneyShort } from '@/ui/format';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { Definition, useReport } from './ReportCard';
import { ReportTable } from './ReportTable';
import css from './reports.module.css';
import type { ReportsSearch } from './routes';
import { duration } from './values';

/** 销售瓶颈 (S8): how long opportunities stay, and those over the limit, the most excessive first. */
export function Bottlenecks({ search }: { search: ReportsSearch }) {
  const found = useReport('stage-duration', search);
  return (
    <Card title={m.reports_bottlenecks()} flush actions={found.data && <Definition report={found.data} />}>
      {found.isPending && <SkeletonRows rows={5} />}
      {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {found.data && (
        <>
          <ReportTable label={m.reports_bottlenecks()} report={found.data} />
          <StuckList report={found.data} />
        </>
      )}
    </Card>
  );
}

/** Those over their limit, the most excessive first. */
export function StuckList({ report, most }: { report: Report; most?: number }) {
  const names = new Map(report.rows.map((row) => [row.key, row.name ?? row.key]));
  if (!report.stuck?.length) return <EmptyState small>{m.reports_no_bottlenecks()}</EmptyState>;
  return (
    <ul className={css.stuck} aria-label={m.reports_over_limit()}>
      {report.stuck.slice(0, most).map((one) => (
        <Stuck key={one.id} one={one} stage={names.get(one.stage) ?? one.stage} past={report.looks_back} />
      ))}
    </ul>
  );
}

function Stuck({ one, stage, past }: { one: StuckOpportunity; stage: string; past: boolean }) {
  const can = useCan();
  const once = useRef(new OnceKey());
  const urge = useMutation({
    mutationFn: () => {
      const body = {
        kind: 'customer_follow_up',
        content: m.reports_urge_text({ name: one.name, stage, days: Math.floor(one.stayed_seconds / 86_400) }),
        opportunity_id: one.id,
        assignee_id: one.owner_id,
        due_date: addDays(today(), 1),
      };
      return api.post<Task>('/tasks', { body, idempotencyKey: once.current.for(body) });
    },
    onSuccess: () => {
      refreshAfter('task');
      toast.success(m.reports_urged({ name: one.owner_name ?? '' }));
    },
    onError: (error) => toast.problem(error),
  });
  return (
    <li className={css.stuckRow}>
      <div className={css.stuckMain}>
        {past ? (
          <span>{one.name || '—'}</span>
        ) : (
          <Link to="/opportunities/$id" params={{ id: String(one.id) }} className={css.figure}>
            {one.name}
          </Link>
        )}
        <span className={css.quiet}>
          {[stage, one.owner_name ?? m.reports_nobody(), moneyShort(one.expected_amount)].join(' · ')}
        </span>
      </div>
      <span className={css.late}>{m.reports_over_by({ time: duration(one.excess_seconds) })}</span>
      {!past && can('edit_tasks') && one.owner_id && (
        <Button
          size="sm"
          icon={<BellRing size={14} aria-hidden />}
          loading={urge.isPending}
          disabled={urge.isSuccess}
          onClick={() => urge.mutate()}
        >
          {m.reports_urge()}
        </Button>
      )}
    </li>
  );
}
