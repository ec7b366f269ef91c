import { Link } from '@tanstack/react-router';
import { useCan } from '@/api/session';
import type { MyDay } from '@/api/types';
import * as m from '@/paraglide/messages';
import { getLocale } from '@/paraglide/runtime';
import { moneyShort, percent } from '@/ui/format';
import { Card } from '@/ui/Page';
import css from './my_day.module.css';
import { progress, quarter } from './progress';

function periodName(period: string): string {
  const found = quarter(period);
  if (!found) return period;
  return getLocale() === 'en' ? `Q${found.quarter} ${found.year}` : `${found.year}年第${found.quarter}季度`;
}

/** Won against the quarter's target, with a mark where the time stands; 「—」 while there is no target (I22). */
export function TargetCard({ target }: { target: MyDay['target'] }) {
  const can = useCan();
  const bar = progress(target.rate, target.time_progress);
  return (
    <Card title={m.my_day_target()} meta={periodName(target.period)}>
      <p className={css.wonRow}>
        <span className={css.won}>{moneyShort(target.won)}</span>
        <span className={css.muted}>/ {moneyShort(target.amount)}</span>
        <span className={`${css.rate} ${bar?.behind ? css.amber : ''}`}>{percent(target.rate)}</span>
      </p>
      {bar && (
        <svg
          className={css.bar}
          viewBox="0 0 100 12"
          preserveAspectRatio="none"
          role="img"
          aria-label={m.my_day_progress_label({ rate: percent(target.rate), time: percent(target.time_progress) })}
        >
          <rect className={css.track} y="3" width="100" height="6" rx="1" />
          <rect className={bar.behind ? css.fillBehind : css.fill} y="3" width={bar.filled} height="6" rx="1" />
          <rect className={css.mark} x={Math.min(bar.mark, 99.4)} width="0.6" height="12" />
        </svg>
      )}
      {bar ? (
        <p className={css.muted}>{m.my_day_time_progress({ rate: percent(target.time_progress) })}</p>
      ) : (
        <p className={css.muted}>
          {m.my_day_no_target()}{' '}
          {can('manage_targets') && (
            <Link to="/settings/targets" className={css.underlined}>
              {m.my_day_set_target()}
            </Link>
          )}
        </p>
      )}
      <dl className={css.figures}>
        <div>
          <dt>{m.my_day_gap()}</dt>
          <dd>{bar?.reached ? m.my_day_reached() : moneyShort(target.gap)}</dd>
        </div>
        <div>
          <dt>{m.my_day_weighted()}</dt>
          <dd>{moneyShort(target.weighted_pipeline)}</dd>
        </div>
      </dl>
    </Card>
  );
}
