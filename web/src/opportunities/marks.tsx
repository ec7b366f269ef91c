import { ArrowRight, CircleAlert } from 'lucide-react';
import { useStages } from '@/api/dictionaries';
import type { Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import { inZone, today } from '@/ui/clock';
import { date, dayMonth, relativeDay } from '@/ui/format';
import css from './opportunities.module.css';
import { inOrder, shade } from './stage-moves';

/** The stage's square on the ramp; red for 输单. */
export function StageDot({ stage, kind }: { stage: string; kind: 'open' | 'won' | 'lost' }) {
  const stages = inOrder(useStages());
  const tone = kind === 'lost' ? css.dotLost : css[`dot${kind === 'won' ? 5 : shade(stage, stages)}`];
  return <span className={`${css.dot} ${tone}`} aria-hidden />;
}

export function StageMark({ opportunity }: { opportunity: Opportunity }) {
  const stages = useStages();
  return (
    <span className={css.stageMark}>
      <StageDot stage={opportunity.stage} kind={opportunity.status} />
      {stages.find((stage) => stage.key === opportunity.stage)?.name ?? opportunity.stage}
    </span>
  );
}

/** What comes next, amber when nothing does (S63); red once its day has passed. */
export function NextStepText({ opportunity }: { opportunity: Opportunity }) {
  const step = opportunity.next_step;
  if (opportunity.status !== 'open') return <span className={css.faint}>—</span>;
  if (!step) {
    return (
      <span className={css.amber}>
        <CircleAlert size={13} aria-hidden /> {m.opportunities_no_next_step()}
      </span>
    );
  }
  const late = (step.at.length === 10 ? step.at : inZone(step.at).date) < today();
  return (
    <span className={css.step} title={`${step.text} · ${date(step.at)}`}>
      <ArrowRight size={13} aria-hidden />
      <span>{step.text}</span>
      <span className={late ? css.red : css.faint}>{relativeDay(step.at)}</span>
    </span>
  );
}

/** Days in the stage, amber past the stage's limit. */
export function StayDays({ opportunity, long }: { opportunity: Opportunity; long?: boolean }) {
  const days = opportunity.stay_days;
  return (
    <span
      className={opportunity.stuck ? css.amber : undefined}
      title={opportunity.stuck ? m.opportunities_stuck_hint() : undefined}
    >
      {long ? m.opportunities_stayed({ days }) : m.opportunities_days({ days })}
    </span>
  );
}

/** `full` with the year; left out, a missing day takes no room. */
type CloseProps = { opportunity: Opportunity; full?: boolean };

/** 预计成交日; red and said in words when it has passed while the opportunity is open (S40). */
export function CloseDate({ opportunity, full }: CloseProps) {
  if (!opportunity.expected_close_date) return full === undefined ? null : <span className={css.faint}>—</span>;
  const shown = full ? opportunity.expected_close_date : dayMonth(opportunity.expected_close_date);
  if (!opportunity.close_overdue) return <span title={opportunity.expected_close_date}>{shown}</span>;
  return (
    <span className={css.red} title={m.opportunities_close_passed()}>
      {shown}
      <span className="visually-hidden">{m.opportunities_close_passed()}</span>
    </span>
  );
}
