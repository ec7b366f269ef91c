import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { ReportQuestion, Subscription, SubscriptionChannel } from '@/api/types';
import * as m from '@/paraglide/messages';
import { RadioGroup } from '@/ui/Choice';
import { TimeField } from '@/ui/DateField';
import { EditDialog } from '@/ui/EditDialog';
import { FailedState } from '@/ui/EmptyState';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormNote, layout, useForm } from '@/ui/use-form';
import { channelName, weekdays } from './labels';

type Props = {
  /** What is subscribed to; left out to change a subscription. */
  subject?: { dashboard_id: number } | { question: ReportQuestion };
  subscription?: Subscription;
  name: string;
  onClose: () => void;
};

const DAYS = Array.from({ length: 31 }, (_, at) => String(at + 1));
const SHORTEST_MONTH = 28;

/** 订阅 (I31): where to, how often, at which hour. */
export default function SubscribeDialog({ subject, subscription, name, onClose }: Props) {
  const channels = useQuery({
    queryKey: ['subscriptions', 'channels'],
    queryFn: () => api.get<SubscriptionChannel[]>('/subscriptions/channels'),
  });
  const once = useRef(new OnceKey());
  // What is shown is what is sent: the first one until another is chosen; never another than the one subscribed to.
  const choose = (id: string) =>
    channels.data?.find((one) => String(one.id) === id) ?? (id === '' ? channels.data?.[0] : undefined);
  const form = useForm({
    initial: {
      name: subscription?.name ?? name,
      channel_id: subscription ? String(subscription.channel_id) : '',
      rhythm: (subscription?.rhythm ?? 'weekly') as string,
      on_day: String(subscription?.on_day ?? 1),
      at: subscription?.at ?? '08:30',
    },
    save: async (values) => {
      const body = {
        name: values.name || null,
        channel_id: choose(values.channel_id)?.id ?? null,
        rhythm: values.rhythm,
        on_day: values.on_day ? Number(values.on_day) : null,
        at: values.at || null,
      };
      if (subscription) {
        const path = { id: subscription.id };
        await api.patch<Subscription>('/subscriptions/{id}', { path, version: subscription.version, body });
      } else {
        const whole = { ...body, ...subject };
        await api.post<Subscription>('/subscriptions', { body: whole, idempotencyKey: once.current.for(whole) });
      }
      refreshAfter('subscription');
      toast.success(subscription ? m.subscriptions_changed() : m.subscriptions_saved());
      onClose();
    },
    handled: (problem) => {
      if (!toldStale(problem, 'subscription')) return false;
      onClose();
      return true;
    },
  });
  const { rhythm, on_day, channel_id } = form.values;
  const chosen = choose(channel_id);
  return (
    <EditDialog
      title={subscription ? m.subscriptions_edit() : m.subscriptions_to({ name })}
      form={form}
      disabled={!channels.data}
      onClose={onClose}
    >
      {channels.error && !channels.data && <FailedState error={channels.error} retry={() => void channels.refetch()} />}
      {channels.data?.length === 0 && <FormNote>{m.subscriptions_no_channel()}</FormNote>}
      <TextField label={m.subscriptions_name()} required {...form.field('name')} />
      <Select
        label={m.subscriptions_channel()}
        required
        options={(channels.data ?? []).map((one) => ({ value: String(one.id), label: channelName(one) }))}
        {...form.field('channel_id')}
        value={chosen ? String(chosen.id) : ''}
        {...(chosen?.is_shared && { description: m.subscriptions_shared_hint() })}
      />
      <RadioGroup
        label={m.subscriptions_rhythm()}
        options={[
          { value: 'weekly', label: m.subscriptions_weekly() },
          { value: 'monthly', label: m.subscriptions_monthly() },
        ]}
        {...form.field('rhythm')}
        onChange={(value) => form.set({ rhythm: value, on_day: '1' })}
      />
      <div className={layout.two}>
        {rhythm === 'weekly' ? (
          <Select
            label={m.subscriptions_on_weekday()}
            required
            searchable={false}
            options={weekdays().map((label, at) => ({ value: String(at + 1), label }))}
            {...form.field('on_day')}
          />
        ) : (
          <Select
            label={m.subscriptions_on_day()}
            required
            options={DAYS.map((value) => ({ value, label: m.subscriptions_day({ n: value }) }))}
            {...form.field('on_day')}
            {...(Number(on_day) > SHORTEST_MONTH && { description: m.subscriptions_short_month() })}
          />
        )}
        <TimeField label={m.subscriptions_at()} required {...form.field('at')} />
      </div>
    </EditDialog>
  );
}
