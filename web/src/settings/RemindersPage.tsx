import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { ReminderSettings, User } from '@/api/types';
import { useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { Ledger } from '@/reminders';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { FailedState } from '@/ui/EmptyState';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { NumberField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { Frame } from './Frame';
import { remindersRoute } from './routes';
import css from './settings.module.css';

/** 提醒台账 of everybody, and which morning messages the company sends (I14–I17). */
export default function RemindersPage() {
  const search = remindersRoute.useSearch();
  const navigate = useNavigate({ from: '/settings/reminders' });
  const people = useList<User>(['users', 'list'], '/users', {}, { limit: 100 });
  return (
    <Frame title={m.settings_reminders()}>
      <Ledger
        label={m.settings_reminders()}
        people={people.rows.map((user) => ({ value: String(user.id), label: user.name }))}
        search={search}
        onChange={(next) => void navigate({ search: next, replace: true })}
      />
      <Morning />
    </Frame>
  );
}

function Morning() {
  const found = useQuery({
    queryKey: ['channels', 'reminder-settings'],
    queryFn: () => api.get<ReminderSettings>('/reminder-settings'),
  });
  return (
    <Card title={m.settings_morning()}>
      {found.isPending && <SkeletonRows rows={3} />}
      {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {found.data && <MorningForm settings={found.data} />}
    </Card>
  );
}

function MorningForm({ settings }: { settings: ReminderSettings }) {
  const form = useForm({
    initial: {
      daily_work: settings.daily_work ?? true,
      silence_days: String(settings.silence_days ?? 0),
      expiry: settings.expiry ?? true,
    },
    save: async (values) => {
      const body = { ...values, silence_days: values.silence_days === '' ? null : Number(values.silence_days) };
      await api.put<ReminderSettings>('/reminder-settings', { body });
      form.reset(values);
      refreshAfter('channel');
      toast.success(m.settings_saved());
    },
  });
  return (
    <form className={`${layout.form} ${css.narrow}`} onSubmit={form.onSubmit} ref={form.ref} noValidate>
      <FormAlert form={form} />
      <Checkbox label={m.settings_daily_work()} {...form.field('daily_work')} />
      <NumberField
        label={m.settings_silence_days()}
        description={m.settings_silence_days_hint()}
        {...form.field('silence_days')}
      />
      <Checkbox label={m.settings_expiry()} {...form.field('expiry')} />
      <div>
        <Button type="submit" variant="primary" loading={form.submitting} disabled={!form.dirty}>
          {m.ui_save()}
        </Button>
      </div>
    </form>
  );
}
