import type { TimelineEntry } from '@/api/types';
import type { List } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { inZone } from './clock';
import { EmptyState, FailedState } from './EmptyState';
import { date, dateTime, relativeDay, time, weekday } from './format';
import { Pager } from './Pager';
import { SkeletonRows } from './Skeleton';
import css from './Timeline.module.css';

/** Everything that happened to a record, newest first, by day; each change with its old and new value (S5). */
export function Timeline({ list, empty }: { list: List<TimelineEntry>; empty: string }) {
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
              <Entry key={entry.id} entry={entry} />
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

function Entry({ entry }: { entry: TimelineEntry }) {
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
          {change.label}: <del>{change.old || m.ui_empty_value()}</del> → <ins>{change.new || m.ui_empty_value()}</ins>
        </p>
      ))}
      {text && <p className={css.text}>{text}</p>}
    </article>
  );
}
