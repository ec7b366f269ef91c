import { useRef, useState } from 'react';
import { api, OnceKey } from '@/api/client';
import { queryClient } from '@/api/query-client';
import type { Comment } from '@/api/types';
import { useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime, relativeTime } from '@/ui/format';
import { MentionField } from '@/ui/MentionField';
import { ConfirmDialog } from '@/ui/Modal';
import { type Mentioned, pieces } from '@/ui/mentions';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { FormAlert, useForm } from '@/ui/use-form';
import css from './comments.module.css';

const PATHS = {
  customers: '/customers/{id}/comments',
  opportunities: '/opportunities/{id}/comments',
  tasks: '/tasks/{id}/comments',
  work_reports: '/work-reports/{id}/comments',
} as const;

type Room = keyof typeof PATHS;
type Of = { room: Room; id: number };

/** Live changes of the record read these anew, because the key begins with its room. */
const keyOf = ({ room, id }: Of) => [room, 'comments', id];

const refresh = (of: Of) => void queryClient.invalidateQueries({ queryKey: keyOf(of) });

/** 评论: what was said about a record, newest first; whoever is mentioned is told (S4). */
export default function Comments({ writable, ...of }: Of & { writable: boolean }) {
  const list = useList<Comment>(keyOf(of), PATHS[of.room], {}, { path: { id: of.id } });
  return (
    <div className={css.room}>
      {writable && <Say key={of.id} of={of} />}
      {list.pending && <SkeletonRows rows={3} />}
      {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
      {!list.pending && !list.error && list.rows.length === 0 && <EmptyState small>{m.comments_none()}</EmptyState>}
      <ul className={css.list} aria-label={m.comments_title()}>
        {list.rows.map((comment) => (
          <li key={comment.id} className={css.comment}>
            <Said of={of} comment={comment} />
          </li>
        ))}
      </ul>
      <Pager list={list} />
    </div>
  );
}

function Say({ of }: { of: Of }) {
  const once = useRef(new OnceKey());
  return (
    <Composer
      of={of}
      label={m.comments_new()}
      send={m.comments_send()}
      initial={{ text: '', mentions: [] }}
      save={async (body) => {
        await api.post<Comment>(PATHS[of.room], {
          path: { id: of.id },
          body,
          idempotencyKey: once.current.for(body),
        });
        once.current.reset();
        refresh(of);
      }}
    />
  );
}

type Text = { text: string; mentions: Mentioned[] };

type ComposerProps = {
  of: Of;
  label: string;
  send: string;
  initial: Text;
  save: (body: { text: string; mentions: number[] }) => Promise<void>;
  onCancel?: () => void;
};

function Composer({ of, label, send, initial, save, onCancel }: ComposerProps) {
  const form = useForm({
    initial,
    save: async ({ text, mentions }) => {
      await save({ text, mentions: mentions.map((person) => person.id) });
      form.reset({ text: '', mentions: [] });
    },
    handled: (problem) => {
      // A stale version: with the comments read again the next attempt carries the newer one.
      if (problem.status === 412) refresh(of);
      return false;
    },
  });
  return (
    <form className={css.composer} onSubmit={form.onSubmit} ref={form.ref} noValidate>
      <FormAlert form={form} />
      <MentionField
        label={label}
        placeholder={m.comments_placeholder()}
        name="text"
        limit={2000}
        rows={2}
        value={form.values}
        onChange={form.set}
        onSend={() => void form.submit()}
        error={form.errors.text ?? form.errors.mentions}
        autoFocus={onCancel !== undefined}
      />
      <div className={css.actions}>
        {onCancel && <Button onClick={onCancel}>{m.ui_cancel()}</Button>}
        <Button type="submit" variant="primary" loading={form.submitting} disabled={form.values.text.trim() === ''}>
          {send}
        </Button>
      </div>
    </form>
  );
}

function Said({ of, comment }: { of: Of; comment: Comment }) {
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [busy, setBusy] = useState(false);

  async function remove() {
    setBusy(true);
    try {
      await api.delete('/comments/{id}', { path: { id: comment.id }, version: comment.version });
    } catch (error) {
      toast.problem(error);
    }
    refresh(of);
    setBusy(false);
    setDeleting(false);
  }

  return (
    <article className={css.said}>
      <Avatar name={comment.by_name} />
      <div className={css.main}>
        <p className={css.meta}>
          <strong>{comment.by_name}</strong>
          <time dateTime={comment.created_at} title={dateTime(comment.created_at)}>
            {relativeTime(comment.created_at)}
          </time>
          {comment.edited_at && !comment.deleted_at && (
            <span title={dateTime(comment.edited_at)}>{m.comments_edited()}</span>
          )}
        </p>
        {comment.deleted_at && <p className={css.meta}>{m.comments_deleted()}</p>}
        {!comment.deleted_at && !editing && (
          <p className={css.text}>
            {pieces(comment.text, comment.mentions).map((piece, place) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no other name and never move
              piece.mention ? <mark key={place}>{piece.text}</mark> : piece.text,
            )}
          </p>
        )}
        {editing && (
          <Composer
            of={of}
            label={m.comments_edit()}
            send={m.ui_save()}
            initial={{ text: comment.text, mentions: comment.mentions }}
            save={async (body) => {
              await api.patch<Comment>('/comments/{id}', { path: { id: comment.id }, version: comment.version, body });
              refresh(of);
              setEditing(false);
            }}
            onCancel={() => setEditing(false)}
          />
        )}
        {comment.can_edit && !editing && (
          <div className={css.tools}>
            <Button variant="link" size="sm" onClick={() => setEditing(true)}>
              {m.ui_edit()}
            </Button>
            <Button variant="link" size="sm" onClick={() => setDeleting(true)}>
              {m.ui_delete()}
            </Button>
          </div>
        )}
      </div>
      {deleting && (
        <ConfirmDialog
          title={m.comments_delete()}
          confirm={m.ui_delete()}
          danger
          loading={busy}
          onConfirm={() => void remove()}
          onClose={() => setDeleting(false)}
        >
          {m.comments_delete_text()}
        </ConfirmDialog>
      )}
    </article>
  );
}
