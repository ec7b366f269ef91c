import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { queryClient } from '@/api/query-client';
import type { FeedState, NewFeed } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { CopyField } from '@/ui/CopyField';
import { FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import css from './calendar.module.css';

/** 订阅日历 (I12): a secret address of one's own calendar, shown once; a new one ends the old. */
export default function SubscribeDialog({ onClose }: { onClose: () => void }) {
  const found = useQuery({
    queryKey: ['calendar feed'],
    queryFn: () => api.get<FeedState>('/calendar/feed'),
    staleTime: 0,
  });
  const [address, setAddress] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function act(deed: () => Promise<void>) {
    setBusy(true);
    try {
      await deed();
    } catch (error) {
      toast.problem(error);
    }
    await queryClient.invalidateQueries({ queryKey: ['calendar feed'] });
    setBusy(false);
  }
  const make = () =>
    act(async () => {
      const feed = await api.post<NewFeed>('/calendar/feed');
      setAddress(`${window.location.origin}${feed.path}`);
    });
  const end = () =>
    act(async () => {
      await api.delete('/calendar/feed');
      setAddress(undefined);
      toast.success(m.calendar_subscribe_ended());
    });

  const state = found.data;
  return (
    <Modal
      title={m.calendar_subscribe()}
      width={520}
      onClose={onClose}
      footer={
        <>
          {state?.active && (
            <Button variant="danger" loading={busy} onClick={() => void end()}>
              {m.calendar_subscribe_end()}
            </Button>
          )}
          <Button variant={state?.active ? 'default' : 'primary'} loading={busy} onClick={() => void make()}>
            {state?.active ? m.calendar_subscribe_renew() : m.calendar_subscribe_make()}
          </Button>
        </>
      }
    >
      <p>{m.calendar_subscribe_text()}</p>
      {found.isPending && <SkeletonRows rows={1} />}
      {found.error && !state && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {state && (
        <p className={css.note}>
          {state.active
            ? `${m.calendar_subscribe_since({ at: dateTime(state.created_at) })} · ${
                state.read_at
                  ? m.calendar_subscribe_read({ at: dateTime(state.read_at) })
                  : m.calendar_subscribe_unread()
              }`
            : m.calendar_subscribe_none()}
        </p>
      )}
      {address ? (
        <>
          <CopyField label={m.calendar_subscribe_address()} value={address} />
          <p className={css.note} role="status">
            {m.calendar_subscribe_once()}
          </p>
        </>
      ) : (
        state?.active && <p className={css.note}>{m.calendar_subscribe_renew_text()}</p>
      )}
    </Modal>
  );
}
