import { Link } from '@tanstack/react-router';
import { entryName, useDictionary } from '@/api/dictionaries';
import type { Plan } from '@/api/types';
import * as m from '@/paraglide/messages';
import { now } from '@/ui/clock';
import { EmptyState } from '@/ui/EmptyState';
import { time } from '@/ui/format';
import { Card } from '@/ui/Page';
import css from './my_day.module.css';

/** Today's plans along the hours; a line says where the day stands. */
export function Today({ plans }: { plans: Plan[] }) {
  const methods = useDictionary('follow_up_method');
  const moment = now().toISOString();
  const sorted = [...plans].sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  const next = sorted.findIndex((plan) => Date.parse(plan.ends_at) > Date.parse(moment));
  const line = (
    <li key="now" className={css.now}>
      <span>{time(moment)}</span>
      <span className="visually-hidden">{m.my_day_now()}</span>
    </li>
  );
  return (
    <Card
      title={m.my_day_timeline()}
      actions={
        <Link to="/calendar" className={css.all}>
          {m.my_day_open_all()}
        </Link>
      }
    >
      {sorted.length === 0 ? (
        <EmptyState small>{m.my_day_timeline_none()}</EmptyState>
      ) : (
        <ol className={css.day}>
          {sorted.map((plan, i) => (
            <li key={plan.id} className={css.dayItem}>
              {i === next && <ol className={css.nowBox}>{line}</ol>}
              <span className={css.dayTime}>
                {time(plan.starts_at)}
                <span className={css.muted}>{time(plan.ends_at)}</span>
              </span>
              <span className={`${css.dayText} ${plan.status === 'done' ? css.doneText : ''}`}>
                <Link to="/customers/$id" params={{ id: String(plan.customer_id) }} className={css.link}>
                  {plan.customer_name}
                </Link>
                <span className={css.muted}>
                  {entryName(methods, plan.method)} · {plan.content}
                </span>
              </span>
            </li>
          ))}
          {next === -1 && line}
        </ol>
      )}
    </Card>
  );
}
