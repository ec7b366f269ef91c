import { Link } from '@tanstack/react-router';
import { ArrowRight, Paperclip, Pencil } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Query } from '@/api/client';
import { entryName, useDictionary } from '@/api/dictionaries';
import { useCan } from '@/api/session';
import type { FollowUp } from '@/api/types';
import { useList } from '@/api/use-list';
import { useOpenDrawer } from '@/app/drawer-search';
import * as m from '@/paraglide/messages';
import { Avatar } from '@/ui/Avatar';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { date, dateTime, fileSize, relativeTime } from '@/ui/format';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import css from './follow_ups.module.css';

const EditFollowUp = lazy(() => import('./EditFollowUp'));

/** Of a customer (then with the records of all its opportunities) or of one opportunity. */
export type About = { customerId?: number | undefined; opportunityId?: number | undefined };

/** The contacts that were, newest first; a back-dated one stands by its contact time (S51). */
export function FollowUpList({ customerId, opportunityId, filter }: About & { filter?: Query }) {
  const can = useCan();
  const openDrawer = useOpenDrawer();
  const [editing, setEditing] = useState<FollowUp>();
  const list = useList<FollowUp>(
    ['follow_ups', 'records'],
    '/follow-ups',
    filter ?? (opportunityId ? { opportunity_id: opportunityId } : { customer_id: customerId }),
  );
  if (list.pending) return <SkeletonRows rows={4} />;
  if (list.error) return <FailedState error={list.error} retry={list.retry} />;
  if (list.rows.length === 0) {
    const write = can('edit_follow_ups') && (
      <Button
        size="sm"
        onClick={() =>
          openDrawer('follow_up', { ...(customerId && { customerId }), ...(opportunityId && { opportunityId }) })
        }
      >
        {m.follow_ups_new()}
      </Button>
    );
    return (
      <EmptyState small action={write}>
        {m.follow_ups_none()}
      </EmptyState>
    );
  }
  return (
    <>
      <ul aria-label={m.follow_ups_title()}>
        {list.rows.map((record) => (
          <li key={record.id} className={css.item}>
            <FollowUpItem record={record} named={!opportunityId} onEdit={() => setEditing(record)} />
          </li>
        ))}
      </ul>
      <Pager list={list} />
      {editing && (
        <Suspense fallback={null}>
          <EditFollowUp record={editing} onClose={() => setEditing(undefined)} />
        </Suspense>
      )}
    </>
  );
}

type ItemProps = { record: FollowUp; named: boolean; onEdit: () => void };

function FollowUpItem({ record, named, onEdit }: ItemProps) {
  const methods = useDictionary('follow_up_method');
  const can = useCan();
  return (
    <>
      <Avatar name={record.author_name} size="lg" />
      <article className={css.main}>
        <div className={css.head}>
          <strong>{record.author_name}</strong>
          <Badge>{entryName(methods, record.method)}</Badge>
          {record.late_entry && (
            <span title={m.follow_ups_late_hint({ at: dateTime(record.created_at) })}>
              <Badge tone="amber">{m.follow_ups_late()}</Badge>
            </span>
          )}
          {named && record.opportunity_id && (
            <Link to="/opportunities/$id" params={{ id: String(record.opportunity_id) }} className={css.about}>
              {record.opportunity_name}
            </Link>
          )}
          <time className={css.when} dateTime={record.contacted_at} title={dateTime(record.contacted_at)}>
            {relativeTime(record.contacted_at)}
          </time>
        </div>
        <p className={css.text}>{record.result}</p>
        <p className={css.next}>
          <ArrowRight size={14} aria-hidden />
          <span>
            <span className="visually-hidden">{m.follow_ups_next_action()}: </span>
            {record.next_action}
            {record.next_action_due && (
              <span className={css.meta}> · {m.follow_ups_due({ date: date(record.next_action_due) })}</span>
            )}
            {record.task_id && <span className={css.meta}> · {m.follow_ups_made_task()}</span>}
            {record.next_plan_id && <span className={css.meta}> · {m.follow_ups_made_plan()}</span>}
          </span>
        </p>
        {record.attachments.length > 0 && (
          <ul className={css.attachments} aria-label={m.follow_ups_attachments()}>
            {record.attachments.map((file) => (
              <li key={file.id}>
                <a href={`/api/v1/attachments/${file.id}`} download={file.name} className={css.attachment}>
                  <Paperclip size={13} aria-hidden />
                  <span>{file.name}</span>
                  <span className={css.meta}>{fileSize(file.size)}</span>
                </a>
              </li>
            ))}
          </ul>
        )}
      </article>
      {record.can_edit && can('edit_follow_ups') && (
        <IconButton size="sm" label={m.follow_ups_edit_of({ at: relativeTime(record.contacted_at) })} onClick={onEdit}>
          <Pencil size={14} aria-hidden />
        </IconButton>
      )}
    </>
  );
}
