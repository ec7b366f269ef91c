import type { TimelineEntry } from '@/api/types';
import type { List } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { inZone } from './clock';
import { EmptyState, FailedState } from './EmptyState';
import { date, dateTime, money, relativeDay, time, weekday } from './format';
import { Pager } from './Pager';
import { SkeletonRows } from './Skeleton';
import css from './Timeline.module.css';

/** Labels of a field's fixed values, by field: `{ status: { won: '成交客户' } }`. */
export type Words = Record<string, Record<string, string>>;

/** Everything that happened to a record, newest first, by day; each change with its old and new value (S5). */
export function Timeline({ list, empty, words = {} }: { list: List<TimelineEntry>; empty: string; words?: Words }) {
  if (list.pending) return <SkeletonRows rows={4} />;
  if (list.error) return <FailedState error={list.error} retry={list.retry} />;
  if (list.rows.length === 0) return <EmptyState small>{empty}</EmptyState>;
  return (
    <>
      <ul className={css.list}>
        {byDay(list.rows).map(([day, entries]) => (
          <li key={day}>
            <p className={css.day} title={date(day)}>
              {relativeDay(day)} · {weekday(day)}
            </p>
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} words={words} />
            ))}
          </li>
        ))}
      </ul>
      <Pager list={list} />
    </>
  );
}

function byDay(entries: TimelineEntry[]): [string, TimelineEntry[]][] {
  const days = new Map<string, TimelineEntry[]>();
  for (const entry of entries) {
    const day = inZone(entry.at).date;
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}

/** People's own doing stands out from mere edits. */
function tone(entry: TimelineEntry): string {
  if (/follow_up|won|win|complete/.test(entry.kind) || entry.record_kind === 'follow_up') return css.brand ?? '';
  return /stage|status|owner|share/.test(entry.kind) ? (css.amber ?? '') : '';
}

const INSTANT = /^\d{4}-\d\d-\d\dT.*Z$/;

/** The log keeps values as the API writes them; people read words, amounts and local times. */
export function readable(field: string, value: string | null, words: Words): string {
  if (!value) return m.ui_empty_value();
  const word = words[field]?.[value];
  if (word) return word;
  if (value === 'true' || value === 'false') return value === 'true' ? m.ui_yes() : m.ui_no();
  if (INSTANT.test(value)) return dateTime(value);
  return /amount$/.test(field) ? money(value) : value;
}

function Entry({ entry, words }: { entry: TimelineEntry; words: Words }) {
  const text = typeof entry.detail?.text === 'string' ? entry.detail.text : undefined;
  return (
    <article className={`${css.entry} ${tone(entry)}`}>
      <div className={css.head}>
        <span>{entry.title}</span>
        <span className={css.by}>
          {entry.by_name} ·{' '}
          <time dateTime={entry.at} title={dateTime(entry.at)}>
            {time(entry.at)}
          </time>
        </span>
      </div>
      {entry.changes?.map((change) => (
        <p key={change.field} className={css.change}>
          {change.label}: <del>{readable(change.field, change.old, words)}</del> →{' '}
          <ins>{readable(change.field, change.new, words)}</ins>
        </p>
      ))}
      {text && <p className={css.text}>{text}</p>}
    </article>
  );
}
