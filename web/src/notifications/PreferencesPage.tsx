import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { ChannelKind, Preferences, Topic } from '@/api/types';
import * as m from '@/paraglide/messages';
import { channelLabels, topicLabels } from '@/reminders';
import { Button, buttonClass } from '@/ui/Button';
import { FailedState } from '@/ui/EmptyState';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Select } from '@/ui/Select';
import { SkeletonRows } from '@/ui/Skeleton';
import { Table } from '@/ui/Table';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { LeaveCard } from './LeaveCard';
import css from './notifications.module.css';
import { OwnBots } from './OwnBots';
import { TestButton } from './TestButton';

/** 消息设置: topics and channels, quiet hours, bots of one's own (I13). */
export default function PreferencesPage() {
  const found = useQuery({
    queryKey: ['channels', 'preferences'],
    queryFn: () => api.get<Preferences>('/notification-preferences'),
  });
  return (
    <Page>
      <PageHeader
        title={m.notifications_preferences()}
        actions={
          <Link to="/subscriptions" className={buttonClass({})}>
            {m.subscriptions_title()}
          </Link>
        }
      />
      {found.isPending && <SkeletonRows rows={8} />}
      {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {found.data && (
        <div className={css.stack}>
          <Choices preferences={found.data} />
          <OwnBots bots={found.data.bots} />
          <LeaveCard />
        </div>
      )}
    </Page>
  );
}

const CHANNELS = ['email', 'wecom', 'dingtalk', 'feishu'] as const satisfies readonly ChannelKind[];

function Choices({ preferences }: { preferences: Preferences }) {
  const form = useForm({
    initial: {
      topics: preferences.topics,
      quiet_from: preferences.quiet_from ?? '',
      quiet_to: preferences.quiet_to ?? '',
      language: preferences.language,
    },
    save: async (values) => {
      const saved = await api.put<Preferences>('/notification-preferences', {
        body: { ...values, quiet_from: values.quiet_from || null, quiet_to: values.quiet_to || null },
      });
      form.reset({ ...values, topics: saved.topics });
      refreshAfter('channel');
      toast.success(m.notifications_saved());
    },
  });
  const labels = channelLabels();
  const topics = topicLabels();
  const turn = (topic: Topic, channel: ChannelKind, on: boolean) => {
    const rest = form.values.topics[topic].filter((one) => one !== channel);
    form.set({ topics: { ...form.values.topics, [topic]: on ? [...rest, channel] : rest } });
  };
  return (
    <form className={css.stack} onSubmit={form.onSubmit} ref={form.ref} noValidate>
      <Card flush title={m.notifications_choices()}>
        <p className={css.hint}>{m.notifications_choices_hint()}</p>
        <div className={css.matrix}>
          <Table label={m.notifications_choices()}>
            <thead>
              <tr>
                <th scope="col">{m.notifications_topic()}</th>
                <th scope="col">{labels.in_app}</th>
                {CHANNELS.map((channel) => (
                  <th scope="col" key={channel}>
                    {labels[channel]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {(Object.keys(topics) as Topic[]).map((topic) => (
                <tr key={topic}>
                  <th scope="row">{topics[topic]}</th>
                  <td>
                    {/* The work of the day is what "my day" shows. */}
                    {topic === 'daily' ? '—' : m.notifications_always()}
                  </td>
                  {CHANNELS.map((channel) => (
                    <td key={channel}>
                      <input
                        type="checkbox"
                        className={css.tick}
                        aria-label={`${topics[topic]} · ${labels[channel]}`}
                        checked={form.values.topics[topic].includes(channel)}
                        onChange={(event) => turn(topic, channel, event.currentTarget.checked)}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      </Card>
      <Card title={m.notifications_quiet()}>
        <div className={layout.form}>
          <FormAlert form={form} />
          <p className={css.hint}>{m.notifications_quiet_hint()}</p>
          <div className={layout.two}>
            <TextField label={m.notifications_quiet_from()} placeholder="22:00" {...form.field('quiet_from')} />
            <TextField label={m.notifications_quiet_to()} placeholder="08:00" {...form.field('quiet_to')} />
          </div>
          <Select
            label={m.notifications_language()}
            options={[
              { value: 'zh-CN', label: '中文' },
              { value: 'en', label: 'English' },
            ]}
            {...form.field('language')}
          />
          <div className={css.line}>
            <Button type="submit" variant="primary" loading={form.submitting} disabled={!form.dirty}>
              {m.ui_save()}
            </Button>
          </div>
        </div>
      </Card>
      <Card title={labels.email}>
        <div className={css.line}>
          <span className={css.grow}>{mailHint(preferences)}</span>
          {preferences.mail_is_set_up && preferences.email && <TestButton channel="email" />}
        </div>
      </Card>
    </form>
  );
}

function mailHint(preferences: Preferences): string {
  if (!preferences.mail_is_set_up) return m.notifications_mail_off();
  return preferences.email ? m.notifications_mail_to({ email: preferences.email }) : m.notifications_mail_unknown();
}
