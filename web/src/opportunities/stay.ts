import * as m from '@/paraglide/messages';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long a stage was held: 3 天 4 小时, 5 小时 20 分, 8 分钟. Two units at most, the second only when it says something. */
export function stay(seconds: number): string {
  const rest = Math.max(0, Math.floor(seconds));
  const days = Math.floor(rest / DAY);
  const hours = Math.floor((rest % DAY) / HOUR);
  const minutes = Math.floor((rest % HOUR) / MINUTE);
  if (days > 0)
    return hours > 0 ? m.opportunities_stay_days_hours({ days, hours }) : m.opportunities_stay_days({ days });
  if (hours > 0) {
    return minutes > 0 ? m.opportunities_stay_hours_minutes({ hours, minutes }) : m.opportunities_stay_hours({ hours });
  }
  return minutes > 0 ? m.opportunities_stay_minutes({ minutes }) : m.opportunities_stay_moment();
}
