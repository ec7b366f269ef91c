import { useQueries } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { CalendarEntry, Holiday } from '@/api/types';
import * as m from '@/paraglide/messages';
import css from './calendar.module.css';

export type Holidays = Map<string, Holiday>;

/** Days off and days made up for between two days (I10), year by year. */
export function useHolidays(from: string, to: string): Holidays {
  const years = [...new Set([from.slice(0, 4), to.slice(0, 4)])];
  return useQueries({
    queries: years.map((year) => ({
      queryKey: ['holidays', year],
      queryFn: () => api.get<Holiday[]>('/holidays', { query: { year } }),
      staleTime: 3_600_000,
    })),
    combine: (found) => new Map(found.flatMap((one) => one.data ?? []).map((holiday) => [holiday.day, holiday])),
  });
}

/** 休 or 班 beside the number of a day. */
export function DayMark({ holiday }: { holiday: Holiday | undefined }) {
  if (!holiday) return null;
  const off = holiday.kind === 'holiday';
  const label = off ? m.calendar_off_day({ name: holiday.name }) : m.calendar_worked_day({ name: holiday.name });
  return (
    <span className={off ? css.off : css.worked} title={label}>
      <span aria-hidden>{off ? m.calendar_off() : m.calendar_worked()}</span>
      <span className="visually-hidden">{label}</span>
    </span>
  );
}

const PERSON_TONES = ['brand', 'violet', 'amber', 'blue', 'red', 'grey'] as const;

/** The colour of a person among those whose calendars lie over each other; after six they begin again. */
export const personTone = (place: number): string => css[PERSON_TONES[place % PERSON_TONES.length] ?? 'grey'] ?? '';

/** Whose entry it is, where several calendars lie over each other: colour and name. */
export type Whose = (entry: CalendarEntry) => { name: string; tone: string } | undefined;

/** Which colour is whose. */
export function Legend({ people }: { people: { id: number; name: string }[] }) {
  return (
    <ul className={css.legend} aria-label={m.calendar_people()}>
      {people.map((person, place) => (
        <li key={person.id} className={personTone(place)}>
          {person.name}
        </li>
      ))}
    </ul>
  );
}
