import { useQuery } from '@tanstack/react-query';
import { Pause, Pencil, Play, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { Subscription } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge, StatusDot } from '@/ui/Badge';
import { IconButton } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { ConfirmDialog } from '@/ui/Modal';
import { Card, Page, PageHeader } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { channelName, lastSaid, SEND_TONES, when } from './labels';
import SubscribeDialog from './SubscribeDialog';
import css from './subscriptions.module.css';

/** What is being made is looked at again soon, what is on its way now and then. */
const SOON_MS = 1_500;
const LATER_MS = 10_000;

function pollAfter(all: Subscription[] | undefined): number | false {
  const states = all?.map((one) => one.last?.state) ?? [];
  if (states.includes('waiting')) return SOON_MS;
  return states.includes('posted') ? LATER_MS : false;
}

/** 我的订阅 (I31): what comes when and where, whether it came, and why not. */
export default function SubscriptionsPage() {
  const found = useQuery({
    queryKey: ['subscriptions', 'own'],
    queryFn: () => api.get<Subscription[]>('/subscriptions'),
    refetchInterval: ({ state }) => pollAfter(state.data),
  });
  const [doing, setDoing] = useState<{ what: 'edit' | 'delete'; one: Subscription }>();
  const [busy, setBusy] = useState(false);
  const close = () => setDoing(undefined);

  async function attempt(work: () => Promise<unknown>, done?: string) {
    setBusy(true);
    try {
      await work();
      if (done) toast.success(done);
    } catch (error) {
      if (!toldStale(error, 'subscription')) toast.problem(error);
    }
    refreshAfter('subscription');
    setBusy(false);
  }

  const turn = (one: Subscription) => {
    const path = { id: one.id };
    const body = { paused: !one.paused };
    return attempt(() => api.patch<Subscription>('/subscriptions/{id}', { path, version: one.version, body }));
  };
  const test = (one: Subscription) =>
    attempt(
      () => api.post<Subscription>('/subscriptions/{id}/test', { path: { id: one.id } }),
      m.subscriptions_tested(),
    );

  return (
    <Page>
      <PageHeader title={m.subscriptions_title()} />
      <Card flush>
        <p className={css.hint}>{m.subscriptions_hint()}</p>
        {found.isPending && <SkeletonRows rows={4} />}
        {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {found.data?.length === 0 && <EmptyState>{m.subscriptions_none()}</EmptyState>}
        <ul className={css.list} aria-label={m.subscriptions_title()}>
          {found.data?.map((one) => (
            <li key={one.id} className={css.row}>
              <div className={css.main}>
                <strong>{one.name}</strong>
                <Badge>{one.dashboard_id ? m.subscriptions_dashboard() : m.subscriptions_report()}</Badge>
                {one.paused && <Badge tone="amber">{m.subscriptions_paused()}</Badge>}
                <span className={css.facts}>
                  {[
                    when(one),
                    one.channel ? channelName(one.channel) : m.subscriptions_channel_gone(),
                    one.next_at ? m.subscriptions_next({ at: dateTime(one.next_at) }) : undefined,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
                <span className={css.facts} aria-live="polite">
                  {one.last ? (
                    <StatusDot tone={SEND_TONES[one.last.state]}>{lastSaid(one.last)}</StatusDot>
                  ) : (
                    m.subscriptions_never()
                  )}
                </span>
              </div>
              <div className={css.actions}>
                <IconButton
                  label={`${m.subscriptions_test()} ${one.name}`}
                  disabled={busy}
                  onClick={() => void test(one)}
                >
                  <Send size={15} aria-hidden />
                </IconButton>
                <IconButton
                  label={`${one.paused ? m.subscriptions_resume() : m.subscriptions_pause()} ${one.name}`}
                  disabled={busy}
                  onClick={() => void turn(one)}
                >
                  {one.paused ? <Play size={15} aria-hidden /> : <Pause size={15} aria-hidden />}
                </IconButton>
                <IconButton
                  label={`${m.ui_edit()} ${one.name}`}
                  disabled={busy}
                  onClick={() => setDoing({ what: 'edit', one })}
                >
                  <Pencil size={15} aria-hidden />
                </IconButton>
                <IconButton
                  label={`${m.subscriptions_delete()} ${one.name}`}
                  disabled={busy}
                  onClick={() => setDoing({ what: 'delete', one })}
                >
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              </div>
            </li>
          ))}
        </ul>
      </Card>
      {doing?.what === 'edit' && <SubscribeDialog subscription={doing.one} name={doing.one.name} onClose={close} />}
      {doing?.what === 'delete' && (
        <ConfirmDialog
          title={m.subscriptions_delete()}
          confirm={m.subscriptions_delete()}
          danger
          loading={busy}
          onConfirm={() =>
            void attempt(
              () => api.delete('/subscriptions/{id}', { path: { id: doing.one.id }, version: doing.one.version }),
              m.subscriptions_deleted(),
            ).then(close)
          }
          onClose={close}
        >
          {m.subscriptions_delete_text({ name: doing.one.name })}
        </ConfirmDialog>
      )}
    </Page>
  );
}
