import * as m from '@/paraglide/messages';
import { addDays, instantOf, now, today } from '@/ui/clock';

const lastOf = (month: string) => addDays(`${addDays(`${month}-28`, 4).slice(0, 7)}-01`, -1);

/**
 * The moment that is looked back on; a bare day means its end. What is still to come cannot be looked back on: 18:00 of
 * today means now in the morning.
 */
export function momentOf(asked: string): string {
  const end = () => new Date(Date.parse(instantOf(addDays(asked, 1), '00:00')) - 1).toISOString();
  const moment = /^\d{4}-\d\d-\d\d$/.test(asked) ? end() : asked;
  return Date.parse(moment) > now().getTime() ? now().toISOString() : moment;
}

/** What people ask for most, as days. */
export function spans(): { value: string; label: string; from: string; to: string }[] {
  const month = today().slice(0, 7);
  const before = addDays(`${month}-01`, -1).slice(0, 7);
  const year = month.slice(0, 4);
  const quarter = Math.floor((Number(month.slice(5)) - 1) / 3) * 3 + 1;
  const nth = (at: number) => `${year}-${String(at).padStart(2, '0')}`;
  return [
    { value: 'month', label: m.reports_this_month(), from: `${month}-01`, to: lastOf(month) },
    { value: 'before', label: m.reports_last_month(), from: `${before}-01`, to: lastOf(before) },
    { value: 'quarter', label: m.reports_this_quarter(), from: `${nth(quarter)}-01`, to: lastOf(nth(quarter + 2)) },
    { value: 'year', label: m.reports_this_year(), from: `${year}-01-01`, to: `${year}-12-31` },
  ];
}
