import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { Notice, NoticeReader } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Drawer } from '@/ui/Drawer';
import { FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { ConfirmDialog } from '@/ui/Modal';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { Marks } from './NoticesPage';
import css from './notices.module.css';

/** One notice: its readers confirm having read it; whoever published it sees who has (I62). */
export function NoticeDrawer({ id, onClose }: { id: number; onClose: () => void }) {
  const found = useQuery({
    queryKey: ['notices', 'one', id],
    queryFn: () => api.get<Notice>('/notices/{id}', { path: { id } }),
  });
  const notice = found.data;
  const [busy, setBusy] = useState(false);
  const [withdrawing, setWithdrawing] = useState(false);

  async function act(deed: () => Promise<unknown>) {
    setBusy(true);
    try {
      await deed();
    } catch (error) {
      toast.problem(error);
    }
    refreshAfter('notice');
    setWithdrawing(false);
    setBusy(false);
  }
  const confirm = () => act(() => api.post('/notices/{id}/read', { path: { id } }));
  const withdraw = (version: number) =>
    act(() => api.post<Notice>('/notices/{id}/withdraw', { path: { id }, version }));

  return (
    <Drawer
      title={m.notices_title()}
      onClose={onClose}
      footer={
        notice &&
        !notice.withdrawn_at && (
          <>
            {notice.can_edit && <Button onClick={() => setWithdrawing(true)}>{m.notices_withdraw()}</Button>}
            {notice.is_for_me && !notice.read_at && (
              <Button variant="primary" loading={busy} onClick={() => void confirm()}>
                {m.notices_confirm()}
              </Button>
            )}
          </>
        )
      }
    >
      {found.isPending && <SkeletonRows rows={5} />}
      {found.error && !notice && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {notice && (
        <article>
          <h2>{notice.title}</h2>
          <p className={css.meta}>
            {notice.by_name} · {dateTime(notice.published_at)}
          </p>
          <p className={css.badges}>
            <Marks notice={notice} />
          </p>
          <p className={css.text}>{notice.text}</p>
          {notice.read_at && <p className={css.meta}>{m.notices_read_at({ at: dateTime(notice.read_at) })}</p>}
        </article>
      )}
      {notice?.can_edit && <Readers id={id} />}
      {notice && withdrawing && (
        <ConfirmDialog
          title={m.notices_withdraw()}
          confirm={m.notices_withdraw()}
          danger
          loading={busy}
          onConfirm={() => void withdraw(notice.version)}
          onClose={() => setWithdrawing(false)}
        >
          {m.notices_withdraw_text()}
        </ConfirmDialog>
      )}
    </Drawer>
  );
}

function Readers({ id }: { id: number }) {
  const found = useQuery({
    queryKey: ['notices', 'readers', id],
    queryFn: () => api.get<NoticeReader[]>('/notices/{id}/readers', { path: { id } }),
  });
  if (!found.data) return null;
  return (
    <>
      <h3 className={css.readersTitle}>{m.notices_readers()}</h3>
      <ul className={css.readers} aria-label={m.notices_readers()}>
        {found.data.map((reader) => (
          <li key={reader.user_id}>
            <span>{reader.name}</span>
            <span className={css.meta}>{reader.read_at ? dateTime(reader.read_at) : m.notices_unread()}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
