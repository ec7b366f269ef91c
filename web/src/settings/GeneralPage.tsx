import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { useSession } from '@/api/session';
import { toldStale } from '@/api/stale';
import type { Settings } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { FailedState } from '@/ui/EmptyState';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { NumberField, TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { Frame } from './Frame';
import css from './settings.module.css';

/** 常规: the company's name and how tasks may be assigned (S57). */
export default function GeneralPage() {
  const found = useQuery({ queryKey: ['settings'], queryFn: () => api.get<Settings>('/settings') });
  return (
    <Frame title={m.settings_general()}>
      <Card>
        {found.isPending && <SkeletonRows rows={3} />}
        {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {found.data && <General key={found.data.version} settings={found.data} />}
      </Card>
    </Frame>
  );
}

function General({ settings }: { settings: Settings }) {
  const { time_zone } = useSession();
  const form = useForm({
    initial: {
      company_name: settings.company_name,
      assign_tasks_within_teams_only: settings.assign_tasks_within_teams_only,
      leaders_create_tags_only: settings.leaders_create_tags_only,
      tell_manager_after_days: String(settings.tell_manager_after_days),
    },
    save: async ({ tell_manager_after_days: days, ...others }) => {
      const body = { ...others, tell_manager_after_days: days === '' ? null : Number(days) };
      await api.patch('/settings', { version: settings.version, body });
      refreshAfter('settings');
      toast.success(m.settings_saved());
    },
    handled: (problem) => toldStale(problem, 'settings'),
  });
  return (
    <form className={`${layout.form} ${css.narrow}`} onSubmit={form.onSubmit} ref={form.ref} noValidate>
      <FormAlert form={form} />
      <TextField label={m.settings_company_name()} required {...form.field('company_name')} />
      <TextField label={m.settings_time_zone()} disabled value={time_zone} onChange={() => undefined} />
      <Checkbox
        label={m.settings_within_teams()}
        description={m.settings_within_teams_hint()}
        {...form.field('assign_tasks_within_teams_only')}
      />
      <Checkbox
        label={m.settings_leaders_create_tags()}
        description={m.settings_leaders_create_tags_hint()}
        {...form.field('leaders_create_tags_only')}
      />
      <NumberField
        label={m.settings_tell_manager_after_days()}
        description={m.settings_tell_manager_after_days_hint()}
        {...form.field('tell_manager_after_days')}
      />
      <div>
        <Button type="submit" variant="primary" loading={form.submitting} disabled={!form.dirty}>
          {m.ui_save()}
        </Button>
      </div>
    </form>
  );
}
