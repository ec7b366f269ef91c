import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { api } from '@/api/client';
import { useStages } from '@/api/dictionaries';
import type { Opportunity, StageChange } from '@/api/types';
import * as m from '@/paraglide/messages';
import { now } from '@/ui/clock';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { SkeletonRows } from '@/ui/Skeleton';
import css from './opportunities.module.css';
import { stay } from './stay';

/** Every change of stage: from, to, when, by whom, and how long the old stage was held (S53). Nobody edits it. */
export function StageLog({ opportunity }: { opportunity: Opportunity }) {
  const stages = useStages();
  const query = useQuery({
    queryKey: ['opportunities', 'stage-changes', opportunity.id],
    queryFn: () => api.get<StageChange[]>('/opportunities/{id}/stage-changes', { path: { id: opportunity.id } }),
  });
  if (query.isPending) return <SkeletonRows rows={3} />;
  if (!query.data) return <FailedState error={query.error} retry={() => void query.refetch()} />;
  if (query.data.length === 0) return <EmptyState small>{m.opportunities_no_timeline()}</EmptyState>;
  const nameOf = (key: string) => stages.find((stage) => stage.key === key)?.name ?? key;
  return (
    <ol className={css.log}>
      {opportunity.status === 'open' && (
        <li>
          <span className={css.logMove}>{m.opportunities_log_now({ stage: nameOf(opportunity.stage) })}</span>
          <span className={css.logStay}>
            {m.opportunities_log_held({
              stay: stay((now().getTime() - Date.parse(opportunity.entered_stage_at)) / 1000),
            })}
          </span>
        </li>
      )}
      {query.data.map((change) => (
        <li key={change.id}>
          <span className={css.logMove}>
            {change.from ? nameOf(change.from) : m.opportunities_log_created()}
            <ArrowRight size={14} aria-label="→" />
            {nameOf(change.to)}
          </span>
          {change.from && change.seconds_in_previous != null && (
            <span className={css.logStay}>
              {m.opportunities_log_stayed({ stage: nameOf(change.from), stay: stay(change.seconds_in_previous) })}
            </span>
          )}
          <span className={css.logMeta}>
            <time dateTime={change.at}>{withSeconds(change.at)}</time> · {change.by ?? m.app_by_system()}
            {change.cause && ` · ${change.cause}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** To the second, by the server's clock; no zone lies off by less than a minute, so the seconds are UTC's. */
const withSeconds = (at: string) => `${dateTime(at)}:${new Date(at).toISOString().slice(17, 19)}`;
