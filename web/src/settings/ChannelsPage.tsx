import { useQuery } from '@tanstack/react-query';
import { Pencil, Plus, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { Channel, Tested } from '@/api/types';
import * as m from '@/paraglide/messages';
import { channelLabels } from '@/reminders';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { ConfirmDialog } from '@/ui/Modal';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { ChannelForm } from './ChannelForm';
import { Frame } from './Frame';
import css from './settings.module.css';

type Doing = { what: 'edit' | 'delete'; channel: Channel } | { what: 'create' } | undefined;

/** 消息渠道 (I13, I17): the mail server, group bots, webhooks; what waits and what went wrong. */
export default function ChannelsPage() {
  const found = useQuery({ queryKey: ['channels', 'list'], queryFn: () => api.get<Channel[]>('/channels') });
  const [doing, setDoing] = useState<Doing>();
  const [busy, setBusy] = useState<number>();
  const close = () => setDoing(undefined);

  async function test(channel: Channel) {
    setBusy(channel.id);
    try {
      const tested = await api.post<Tested>('/channels/{id}/test', { path: { id: channel.id } });
      if (tested.sent) toast.success(m.settings_channel_test_sent());
      else toast.warning(m.settings_channel_test_failed({ error: tested.error }));
    } catch (error) {
      toast.problem(error);
    }
    refreshAfter('channel');
    setBusy(undefined);
  }

  async function remove(channel: Channel) {
    setBusy(channel.id);
    try {
      await api.delete('/channels/{id}', { path: { id: channel.id }, version: channel.version });
      toast.success(m.settings_deleted());
    } catch (error) {
      if (!toldStale(error, 'channel')) toast.problem(error);
    }
    refreshAfter('channel');
    setBusy(undefined);
    close();
  }

  return (
    <Frame
      title={m.settings_channels()}
      actions={
        <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setDoing({ what: 'create' })}>
          {m.settings_channel_new()}
        </Button>
      }
    >
      <p className={css.hint}>{m.settings_channel_hint()}</p>
      <Card flush>
        {found.isPending && <SkeletonRows rows={4} />}
        {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {found.data?.length === 0 && <EmptyState>{m.settings_channel_none()}</EmptyState>}
        <ul aria-label={m.settings_channels()}>
          {found.data?.map((channel) => (
            <li key={channel.id} className={css.item}>
              <Facts channel={channel} />
              <div className={css.itemActions}>
                <IconButton
                  size="sm"
                  label={m.settings_channel_test({ name: channel.name })}
                  disabled={busy === channel.id}
                  onClick={() => void test(channel)}
                >
                  <Send size={15} aria-hidden />
                </IconButton>
                <IconButton
                  size="sm"
                  label={`${m.ui_edit()} ${channel.name}`}
                  onClick={() => setDoing({ what: 'edit', channel })}
                >
                  <Pencil size={15} aria-hidden />
                </IconButton>
                <IconButton
                  size="sm"
                  label={`${m.ui_delete()} ${channel.name}`}
                  onClick={() => setDoing({ what: 'delete', channel })}
                >
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              </div>
            </li>
          ))}
        </ul>
      </Card>
      {doing?.what === 'create' && <ChannelForm onClose={close} />}
      {doing?.what === 'edit' && <ChannelForm channel={doing.channel} onClose={close} />}
      {doing?.what === 'delete' && (
        <ConfirmDialog
          title={`${m.ui_delete()} ${doing.channel.name}`}
          confirm={m.ui_delete()}
          danger
          loading={busy !== undefined}
          onConfirm={() => void remove(doing.channel)}
          onClose={close}
        >
          {m.settings_channel_delete_text({ n: doing.channel.waiting })}
        </ConfirmDialog>
      )}
    </Frame>
  );
}

function Facts({ channel }: { channel: Channel }) {
  return (
    <div className={css.itemMain}>
      <span className={channel.disabled ? css.itemOff : css.itemTitle}>{channel.name}</span>
      <Badge>{channelLabels()[channel.kind]}</Badge>
      {channel.disabled && <Badge>{m.settings_status_disabled()}</Badge>}
      {channel.failures > 0 && <Badge tone="red">{m.settings_channel_failing()}</Badge>}
      {channel.waiting > 0 && <Badge tone="amber">{m.settings_channel_waiting({ n: channel.waiting })}</Badge>}
      {channel.dead > 0 && <Badge tone="red">{m.settings_channel_dead({ n: channel.dead })}</Badge>}
      <span className={css.itemMeta}>
        {channel.host}
        {channel.last_sent_at && ` · ${m.settings_channel_last_sent({ at: dateTime(channel.last_sent_at) })}`}
        {channel.last_error &&
          ` · ${m.settings_channel_last_error({ at: dateTime(channel.last_error_at), error: channel.last_error })}`}
      </span>
    </div>
  );
}
