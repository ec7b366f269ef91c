import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { CalendarEntry } from '@/api/types';
import * as m from '@/paraglide/messages';
import { inZone, now, today } from '@/ui/clock';
import { dayMonth, time, weekday } from '@/ui/format';
import css from './calendar.module.css';
import { Entry, type EntryActions, isOver, title } from './Entry';
import { DayMark, type Holidays } from './Marks';
import { clockTime, hours, minutes, place } from './slots';

type Props = {
  /** The days side by side: a week, or a single one. */
  days: string[];
  holidays: Holidays;
  entries: Map<string, CalendarEntry[]>;
  actions: EntryActions;
  onAdd: ((day: string, time: string) => void) | undefined;
  /** A plan was dropped somewhere else. */
  onDrop: ((entry: CalendarEntry, day: string, start: string) => void) | undefined;
};

const HOUR_PX = 48;
const STEP_MINUTES = 15;
const LOOK_BACK_MINUTES = 60;

type PlanSlot = { id: number; start: number; end: number; entry: CalendarEntry };

function slotsOf(entries: CalendarEntry[]): PlanSlot[] {
  return entries
    .filter((entry) => entry.kind === 'plan' && entry.starts_at && entry.ends_at)
    .map((entry) => {
      const start = minutes(time(entry.starts_at));
      return { id: entry.id, start, end: Math.max(minutes(time(entry.ends_at)), start + STEP_MINUTES), entry };
    });
}

/** Days side by side, plans at their hours: the week, and the day. */
export function WeekView({ days, holidays, entries, actions, onAdd, onDrop }: Props) {
  const single = days.length === 1;
  const slots = days.map((one) => slotsOf(entries.get(one) ?? []));
  const { first, last } = hours(slots.flat());
  const rows = Array.from({ length: last - first }, (_, i) => first + i);
  const nowDay = today();
  const current = minutes(inZone(now()).time);
  const box = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<{ entry: CalendarEntry; grip: number }>();

  // The working hour of now, not 07:00, is what one looks for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls once, not with every minute
  useEffect(() => {
    const target = ((current - LOOK_BACK_MINUTES) / 60 - first) * HOUR_PX;
    if (box.current) box.current.scrollTop = Math.max(0, target);
  }, []);

  function drop(event: DragEvent<HTMLDivElement>, onto: string) {
    if (!dragged || !onDrop) return;
    event.preventDefault();
    const top = event.clientY - event.currentTarget.getBoundingClientRect().top - dragged.grip;
    const raw = first * 60 + (top / HOUR_PX) * 60;
    onDrop(dragged.entry, onto, clockTime(Math.round(raw / STEP_MINUTES) * STEP_MINUTES));
    setDragged(undefined);
  }

  return (
    <section
      className={`${css.weekScroll} ${single ? css.single : ''}`}
      ref={box}
      aria-label={single ? m.calendar_day() : m.calendar_week()}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <div className={css.weekHead}>
        <span />
        {days.map((one) => (
          <div key={one} className={css.weekDay} aria-current={one === nowDay ? 'date' : undefined}>
            <span>{weekday(one)}</span>
            <span className={`${css.dayNumber} ${one === nowDay ? css.now : ''}`}>{Number(one.slice(8))}</span>
            <DayMark holiday={holidays.get(one)} />
          </div>
        ))}
        <span className={css.tasksLabel}>{m.calendar_tasks_row()}</span>
        {days.map((one) => (
          <div key={one} className={css.weekTasks}>
            {(entries.get(one) ?? [])
              .filter((entry) => entry.kind === 'task')
              .map((entry) => (
                <Entry key={entry.id} entry={entry} actions={actions} className={css.chip ?? ''}>
                  <span className={css.chipText}>{entry.title}</span>
                </Entry>
              ))}
          </div>
        ))}
      </div>
      <div className={css.weekBody} style={{ height: rows.length * HOUR_PX }}>
        <div className={css.hours}>
          {rows.map((hour) => (
            <span key={hour} style={{ top: (hour - first) * HOUR_PX }}>
              {hour === first ? '' : clockTime(hour * 60)}
            </span>
          ))}
        </div>
        {days.map((one, i) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the mouse's way; 改期 in the popover is the keyboard's
          <div
            key={one}
            className={`${css.column} ${one === nowDay ? css.columnNow : ''}`}
            onDragOver={(event) => dragged && event.preventDefault()}
            onDrop={(event) => drop(event, one)}
          >
            {rows.map((hour) => (
              <HourSlot
                key={hour}
                label={m.calendar_add_at({ at: `${dayMonth(one)} ${clockTime(hour * 60)}` })}
                top={(hour - first) * HOUR_PX}
                onAdd={
                  onAdd && (one > nowDay || (one === nowDay && hour * 60 > current))
                    ? () => onAdd(one, clockTime(hour * 60))
                    : undefined
                }
              />
            ))}
            {one === nowDay && current >= first * 60 && current <= last * 60 && (
              <span className={css.nowLine} style={{ top: ((current - first * 60) / 60) * HOUR_PX }} aria-hidden />
            )}
            {place(slots[i] ?? []).map(({ entry, start, end, column, columns }) => (
              <div
                key={entry.id}
                className={css.slot}
                style={{
                  top: ((start - first * 60) / 60) * HOUR_PX + 1,
                  height: Math.max(((end - start) / 60) * HOUR_PX - 2, 20),
                  left: `calc(${(column / columns) * 100}% + 2px)`,
                  width: `calc(${100 / columns}% - 4px)`,
                }}
              >
                <Entry
                  entry={entry}
                  actions={actions}
                  className={css.slotButton ?? ''}
                  buttonProps={{
                    draggable: Boolean(onDrop) && !isOver(entry),
                    onDragStart: (event) => {
                      event.dataTransfer.effectAllowed = 'move';
                      setDragged({
                        entry,
                        grip: event.clientY - event.currentTarget.getBoundingClientRect().top,
                      });
                    },
                    onDragEnd: () => setDragged(undefined),
                  }}
                >
                  <span className={css.slotTime}>
                    {time(entry.starts_at)}–{time(entry.ends_at)}
                  </span>
                  <span className={css.slotTitle}>{title(entry)}</span>
                  <span className={css.slotText}>{entry.title}</span>
                </Entry>
              </div>
            ))}
          </div>
        ))}
      </div>
    </section>
  );
}

/** An hour one may plan into; the keyboard reaches the form by 安排日程, so seventy tab stops are spared. */
function HourSlot({ label, top, onAdd }: { label: string; top: number; onAdd: (() => void) | undefined }) {
  if (!onAdd) return <span className={css.hour} style={{ top, height: HOUR_PX }} />;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`${css.hour} ${css.free}`}
      style={{ top, height: HOUR_PX }}
      aria-label={label}
      onClick={onAdd}
    />
  );
}
