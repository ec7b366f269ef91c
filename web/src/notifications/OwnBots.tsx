import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { ChannelKind, OwnBot, Preferences } from '@/api/types';
import * as m from '@/paraglide/messages';
import { channelLabels } from '@/reminders';
import { Button } from '@/ui/Button';
import { Modal } from '@/ui/Modal';
import { Card } from '@/ui/Page';
import { PasswordField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import css from './notifications.module.css';
import { TestButton } from './TestButton';

const BOTS = ['wecom', 'dingtalk', 'feishu'] as const satisfies readonly ChannelKind[];

/** Bots that tell only their owner. Address and secret go in and are never shown again. */
export function OwnBots({ bots }: { bots: OwnBot[] }) {
  const labels = channelLabels();
  const [editing, setEditing] = useState<(typeof BOTS)[number]>();
  async function remove(kind: ChannelKind) {
    try {
      await api.put<Preferences>('/notification-preferences', { body: { bots: [{ kind, url: null }] } });
      toast.success(m.notifications_saved());
    } catch (error) {
      toast.problem(error);
    }
    refreshAfter('channel');
  }
  return (
    <Card title={m.notifications_bots()}>
      <p className={css.hint}>{m.notifications_bots_hint()}</p>
      <ul>
        {BOTS.map((kind) => {
          const bot = bots.find((one) => one.kind === kind);
          return (
            <li key={kind} className={css.bot}>
              <span className={css.grow}>
                <strong>{labels[kind]}</strong>{' '}
                <span className={css.hint}>{bot ? bot.host : m.notifications_bot_none()}</span>
                {bot?.last_error && <span className={css.failure}>{bot.last_error}</span>}
              </span>
              {bot && <TestButton channel={kind} />}
              <Button aria-label={`${m.notifications_bot_set()} ${labels[kind]}`} onClick={() => setEditing(kind)}>
                {m.notifications_bot_set()}
              </Button>
              {bot && (
                <Button
                  variant="ghost"
                  aria-label={`${m.ui_delete()} ${labels[kind]}`}
                  onClick={() => void remove(kind)}
                >
                  {m.ui_delete()}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {editing && <BotDialog kind={editing} onClose={() => setEditing(undefined)} />}
    </Card>
  );
}

function BotDialog({ kind, onClose }: { kind: (typeof BOTS)[number]; onClose: () => void }) {
  const form = useForm({
    initial: { url: '', secret: '' },
    save: async ({ url, secret }) => {
      await api.put<Preferences>('/notification-preferences', {
        body: { bots: [{ kind, ...(url && { url }), ...(secret && { secret }) }] },
      });
      refreshAfter('channel');
      toast.success(m.notifications_saved());
      onClose();
    },
  });
  return (
    <Modal
      title={`${m.notifications_bot_set()} ${channelLabels()[kind]}`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.ui_save()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <p className={css.hint}>{m.notifications_secret_hint()}</p>
        <PasswordField label={m.notifications_bot_url()} autoComplete="new-password" {...form.field('url')} />
        {kind !== 'wecom' && (
          <PasswordField label={m.notifications_bot_secret()} autoComplete="new-password" {...form.field('secret')} />
        )}
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}
