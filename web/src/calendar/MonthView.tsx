import { Plus } from 'lucide-react';
import { useState } from 'react';
import { entryName, useDictionary } from '@/api/dictionaries';
import type { CalendarEntry } from '@/api/types';
import * as m from '@/paraglide/messages';
import { today } from '@/ui/clock';
import { count, dayMonth, time, weekday } from '@/ui/format';
import css from './calendar.module.css';
import { Entry, type EntryActions, isOver, title } from './Entry';
import { monthWeeks } from './grid';
import { DayMark, type Holidays } from './Marks';

type Props = {
  day: string;
  holidays: Holidays;
  entries: Map<string, CalendarEntry[]>;
  actions: EntryActions;
  /** Left out where nothing may be planned. */
  onAdd: ((day: string) => void) | undefined;
  onDay: (day: string) => void;
  /** A plan was dropped on another day; it keeps its time. */
  onDrop: ((entry: CalendarEntry, day: string, start: string) => void) | undefined;
};

const SHOWN = 3;

export function MonthView({ day, holidays, entries, actions, onAdd, onDay, onDrop }: Props) {
  const [dragged, setDragged] = useState<CalendarEntry>();
  const methods = useDictionary('follow_up_method');
  const weeks = monthWeeks(day);
  const now = today();
  return (
    <div className={css.monthScroll}>
      <table className={css.month}>
        <caption className="visually-hidden">{day.slice(0, 7)}</caption>
        <thead>
          <tr>
            {weeks[0]?.map((one) => (
              <th key={one} scope="col">
                {weekday(one)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((one) => {
                const list = entries.get(one) ?? [];
                const shown = list.length > SHOWN + 1 ? list.slice(0, SHOWN) : list;
                const outside = one.slice(0, 7) !== day.slice(0, 7);
                return (
                  <td
                    key={one}
                    className={outside ? css.outside : undefined}
                    onDragOver={(event) => dragged && event.preventDefault()}
                    onDrop={(event) => {
                      event.preventDefault();
                      if (dragged && onDrop && dragged.date !== one) onDrop(dragged, one, time(dragged.starts_at));
                      setDragged(undefined);
                    }}
                  >
                    <div className={css.dayHead}>
                      <button
                        type="button"
                        className={`${css.dayNumber} ${one === now ? css.now : ''}`}
                        aria-label={m.calendar_day_entries({ day: dayMonth(one) })}
                        aria-current={one === now ? 'date' : undefined}
                        onClick={() => onDay(one)}
                      >
                        {Number(one.slice(8))}
                      </button>
                      <DayMark holiday={holidays.get(one)} />
                      {onAdd && one >= now && (
                        <button
                          type="button"
                          className={css.add}
                          aria-label={m.calendar_add_on({ day: dayMonth(one) })}
                          onClick={() => onAdd(one)}
                        >
                          <Plus size={14} aria-hidden />
                        </button>
                      )}
                    </div>
                    {shown.map((entry) => (
                      <Entry
                        key={`${entry.kind}-${entry.id}`}
                        entry={entry}
                        actions={actions}
                        className={css.chip ?? ''}
                        buttonProps={{
                          draggable: Boolean(onDrop) && entry.kind === 'plan' && !isOver(entry),
                          onDragStart: (event) => {
                            event.dataTransfer.effectAllowed = 'move';
                            setDragged(entry);
                          },
                          onDragEnd: () => setDragged(undefined),
                        }}
                      >
                        <span className={css.chipTime}>
                          {entry.starts_at ? time(entry.starts_at) : m.calendar_task()}
                        </span>
                        <span className={css.chipText}>
                          {entry.kind === 'plan' ? `${shortMethod(entryName(methods, entry.method ?? ''))} ` : ''}
                          {title(entry)}
                        </span>
                      </Entry>
                    ))}
                    {shown.length < list.length && (
                      <button type="button" className={css.more} onClick={() => onDay(one)}>
                        {m.calendar_more({ n: count(list.length - shown.length) })}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** 电话拜访 → 电话, so that the customer's name fits; other languages keep their word. */
const shortMethod = (name: string): string => (/^[\u4e00-\u9fff]{4}$/.test(name) ? name.slice(0, 2) : name);
