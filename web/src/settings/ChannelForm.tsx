import { useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { Channel, ChannelKind, Topic } from '@/api/types';
import * as m from '@/paraglide/messages';
import { channelLabels, topicLabels } from '@/reminders';
import { Checkbox, CheckboxGroup } from '@/ui/Choice';
import { EditDialog } from '@/ui/EditDialog';
import { Select } from '@/ui/Select';
import { NumberField, PasswordField, TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { layout, useForm } from '@/ui/use-form';
import { options } from './labels';
import { useTeams } from './use-teams';

const KINDS = ['email', 'wecom', 'dingtalk', 'feishu', 'webhook'] as const satisfies readonly ChannelKind[];

/** Sets up or changes a channel. Address and secret go in and are never shown again; left empty they stay. */
export function ChannelForm({ channel, onClose }: { channel?: Channel; onClose: () => void }) {
  const teams = useTeams();
  const once = useRef(new OnceKey());
  const labels = channelLabels();
  const form = useForm({
    initial: {
      kind: (channel?.kind ?? 'email') as ChannelKind,
      name: channel?.name ?? '',
      url: '',
      secret: '',
      team_id: channel?.team_id ? String(channel.team_id) : '',
      topics: (channel?.topics ?? ['plan_reminder', 'overdue']) as string[],
      disabled: channel?.disabled ?? false,
      smtp_host: channel?.smtp?.host ?? '',
      smtp_port: String(channel?.smtp?.port ?? 465),
      smtp_security: channel?.smtp?.security ?? 'tls',
      smtp_user: channel?.smtp?.user ?? '',
      smtp_from: channel?.smtp?.from ?? '',
    },
    save: async (values) => {
      const mail = {
        smtp_host: values.smtp_host,
        smtp_port: values.smtp_port === '' ? null : Number(values.smtp_port),
        smtp_security: values.smtp_security,
        smtp_user: values.smtp_user || null,
        smtp_from: values.smtp_from,
      };
      const bot = { team_id: values.team_id ? Number(values.team_id) : null, topics: values.topics as Topic[] };
      const body = {
        name: values.name,
        disabled: values.disabled,
        ...(values.secret && { secret: values.secret }),
        ...(values.kind === 'email' ? mail : { ...bot, ...(values.url && { url: values.url }) }),
      };
      if (channel) {
        await api.patch<Channel>('/channels/{id}', { path: { id: channel.id }, version: channel.version, body });
      } else {
        const draft = { ...body, kind: values.kind };
        await api.post<Channel>('/channels', { body: draft, idempotencyKey: once.current.for(draft) });
      }
      refreshAfter('channel');
      toast.success(m.settings_saved());
      onClose();
    },
    handled: (problem) => {
      if (!toldStale(problem, 'channel')) return false;
      onClose();
      return true;
    },
  });
  const { kind } = form.values;
  const kept = channel ? { description: m.settings_channel_kept() } : {};
  return (
    <EditDialog
      title={channel ? `${m.ui_edit()} ${channel.name}` : m.settings_channel_new()}
      form={form}
      onClose={onClose}
    >
      {!channel && (
        <Select
          label={m.settings_channel_kind()}
          required
          options={KINDS.map((value) => ({ value, label: labels[value] }))}
          {...form.field('kind')}
          onChange={(next) => form.set({ kind: next as ChannelKind })}
        />
      )}
      <TextField label={m.settings_channel_name()} required autoFocus {...form.field('name')} />
      {kind === 'email' ? (
        <>
          <div className={layout.two}>
            <TextField label={m.settings_smtp_host()} required {...form.field('smtp_host')} />
            <NumberField label={m.settings_smtp_port()} required {...form.field('smtp_port')} />
          </div>
          <Select
            label={m.settings_smtp_security()}
            options={[
              { value: 'tls', label: 'TLS' },
              { value: 'starttls', label: 'STARTTLS' },
              { value: 'none', label: m.settings_smtp_open() },
            ]}
            {...form.field('smtp_security')}
          />
          <TextField label={m.settings_smtp_from()} type="email" required {...form.field('smtp_from')} />
          <TextField label={m.settings_smtp_user()} {...form.field('smtp_user')} />
          <PasswordField
            label={m.settings_smtp_password()}
            autoComplete="new-password"
            {...kept}
            {...form.field('secret')}
          />
        </>
      ) : (
        <>
          <PasswordField
            label={m.settings_channel_url()}
            required={!channel}
            autoComplete="new-password"
            {...kept}
            {...form.field('url')}
          />
          {kind !== 'wecom' && (
            <PasswordField
              label={m.settings_channel_secret()}
              required={!channel && kind === 'webhook'}
              autoComplete="new-password"
              {...kept}
              {...form.field('secret')}
            />
          )}
          <Select
            label={m.settings_channel_team()}
            clearable
            placeholder={m.settings_channel_everybody()}
            options={teams.map((team) => ({ value: String(team.id), label: team.name }))}
            {...form.field('team_id')}
          />
          <CheckboxGroup
            label={m.settings_channel_topics()}
            options={options(topicLabels())}
            {...form.field('topics')}
          />
        </>
      )}
      <Checkbox label={m.settings_channel_disabled()} {...form.field('disabled')} />
    </EditDialog>
  );
}
