import * as m from '@/paraglide/messages';
import { date, weekday } from '@/ui/format';
import type { ReportKind } from './routes';

export const kindLabels = (): Record<ReportKind, string> => ({
  daily: m.work_reports_daily(),
  weekly: m.work_reports_weekly(),
  monthly: m.work_reports_monthly(),
});

/** The days of a report: one with its weekday, a week by its ends, a month by its number. */
export function daysLabel(kind: ReportKind, first: string, last: string): string {
  if (kind === 'daily') return `${date(first)} ${weekday(first)}`;
  return kind === 'monthly' ? first.slice(0, 7) : `${date(first)} – ${date(last)}`;
}
