import { entryName, useDictionary } from '@/api/dictionaries';
import type { CalendarEntry } from '@/api/types';
import * as m from '@/paraglide/messages';
import { today } from '@/ui/clock';
import { EmptyState } from '@/ui/EmptyState';
import { date, dayMonth, relativeDay, time, weekday } from '@/ui/format';
import css from './calendar.module.css';
import { Entry, type EntryActions, title } from './Entry';
import { DayMark, type Holidays } from './Marks';

type Props = {
  entries: Map<string, CalendarEntry[]>;
  holidays: Holidays;
  from: string;
  to: string;
  actions: EntryActions;
};

/** Day by day; what a phone shows. Today stands there even when it is free. */
export function AgendaView({ entries, holidays, from, to, actions }: Props) {
  const methods = useDictionary('follow_up_method');
  const now = today();
  const days = [...entries.keys()].filter((day) => day >= from && day <= to);
  if (days.length === 0) return <EmptyState>{m.calendar_none()}</EmptyState>;
  if (now >= from && now <= to && !days.includes(now)) days.push(now);
  days.sort();
  return (
    <ul className={css.agenda}>
      {days.map((day) => {
        const list = entries.get(day) ?? [];
        return (
          <li key={day} className={css.agendaDay}>
            <h2 className={`${css.agendaHead} ${day === now ? css.agendaNow : ''}`} title={date(day)}>
              <span>
                {dayMonth(day)} <DayMark holiday={holidays.get(day)} />
              </span>
              <span className={css.agendaMeta}>
                {weekday(day)}
                {relativeDay(day) !== dayMonth(day) && ` · ${relativeDay(day)}`}
              </span>
            </h2>
            <div className={css.agendaList}>
              {list.length === 0 && <p className={css.agendaNone}>{m.calendar_none_day()}</p>}
              {list.map((entry) => (
                <Entry
                  key={`${entry.kind}-${entry.id}`}
                  entry={entry}
                  actions={actions}
                  className={css.agendaRow ?? ''}
                >
                  <span className={css.agendaTime}>
                    {entry.starts_at ? `${time(entry.starts_at)}–${time(entry.ends_at)}` : m.calendar_task()}
                  </span>
                  <span className={css.agendaText}>
                    <span className={css.agendaTitle}>{title(entry)}</span>
                    <span className={css.agendaMeta}>
                      {[
                        actions.whose?.(entry)?.name,
                        entry.overlaps && m.calendar_overlaps(),
                        entry.kind === 'plan' && entryName(methods, entry.method ?? ''),
                        entry.kind === 'task' ? entry.customer_name : entry.title !== title(entry) && entry.title,
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </span>
                </Entry>
              ))}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
