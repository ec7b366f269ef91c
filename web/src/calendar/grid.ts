import type { CalendarEntry } from '@/api/types';
import { addDays, daysBetween } from '@/ui/clock';
import type { View } from './routes';

const DAYS = 7;
const AGENDA_DAYS = 30;

/** A Monday long ago, to count weekdays from. */
const A_MONDAY = '1970-01-05';

/** The Monday of the week the day lies in. */
export function monday(day: string): string {
  const since = daysBetween(A_MONDAY, day);
  return addDays(day, -(((since % DAYS) + DAYS) % DAYS));
}

/** Weeks of a month's page, Monday first; days of the neighbouring months fill the first and the last one. */
export function monthWeeks(day: string): string[][] {
  const first = `${day.slice(0, 7)}-01`;
  const next = nextMonth(first);
  const weeks: string[][] = [];
  for (let start = monday(first); start < next; start = addDays(start, DAYS)) weeks.push(week(start));
  return weeks;
}

/** Monday to Sunday of the week the day lies in. */
export function week(day: string): string[] {
  const start = monday(day);
  return Array.from({ length: DAYS }, (_, i) => addDays(start, i));
}

/** The first of the month after the one the day lies in. */
export function nextMonth(day: string): string {
  return addDays(`${day.slice(0, 7)}-28`, 7)
    .slice(0, 7)
    .concat('-01');
}

/** First and last day a view shows; a month's page is at most 42 days, so it stays within the server's 62. */
export function span(view: View, day: string): { from: string; to: string } {
  if (view === 'week') return { from: monday(day), to: addDays(monday(day), DAYS - 1) };
  if (view === 'day') return { from: day, to: day };
  if (view === 'agenda') return { from: day, to: addDays(day, AGENDA_DAYS - 1) };
  const weeks = monthWeeks(day);
  return { from: weeks[0]?.[0] ?? day, to: weeks.at(-1)?.at(-1) ?? day };
}

/** One step back (-1) or on (1): a month, a week, a day. The agenda goes by weeks. */
export function step(view: View, day: string, by: -1 | 1): string {
  if (view === 'day') return addDays(day, by);
  if (view !== 'month') return addDays(day, by * DAYS);
  const first = `${day.slice(0, 7)}-01`;
  return by === 1 ? nextMonth(first) : addDays(first, -1).slice(0, 7).concat('-01');
}

/** Entries by day: tasks first, then plans in the order of their start. */
export function byDay(entries: CalendarEntry[]): Map<string, CalendarEntry[]> {
  const days = new Map<string, CalendarEntry[]>();
  const sorted = [...entries].sort((a, b) => order(a).localeCompare(order(b)) || a.id - b.id);
  for (const entry of sorted) days.set(entry.date, [...(days.get(entry.date) ?? []), entry]);
  return days;
}

const order = (entry: CalendarEntry) => `${entry.date} ${entry.kind === 'task' ? '' : (entry.starts_at ?? '')}`;
