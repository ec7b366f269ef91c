import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { useSession } from '@/api/session';
import type { Notice } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { Drawer } from '@/ui/Drawer';
import { Select } from '@/ui/Select';
import { Textarea, TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';

/** 发布公告: leaders publish to their teams, those who see everything to the whole company too; the server judges. */
export function NoticeForm({ onClose }: { onClose: () => void }) {
  const { user, team } = useSession();
  const everywhere = user.role !== 'sales_manager';
  const once = useRef(new OnceKey());
  const teams = useQuery({
    queryKey: ['picker', 'teams'],
    queryFn: () => api.get<{ id: number; name: string }[]>('/login-teams'),
    staleTime: 60_000,
  });
  const form = useForm({
    initial: { title: '', text: '', audience: everywhere ? 'all' : 'team', team_id: String(team?.id ?? '') },
    save: async ({ title, text, audience, team_id }) => {
      const toTeam = audience === 'team';
      const body = { title, text, audience, team_id: toTeam && team_id ? Number(team_id) : null };
      await api.post<Notice>('/notices', { body, idempotencyKey: once.current.for(body) });
      refreshAfter('notice');
      toast.success(m.notices_published());
      onClose();
    },
  });
  return (
    <Drawer
      title={m.notices_new()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.notices_publish()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <TextField label={m.notices_field_title()} required autoFocus {...form.field('title')} />
        <Textarea label={m.notices_field_text()} required rows={8} limit={5000} {...form.field('text')} />
        <RadioGroup
          label={m.notices_audience()}
          required
          options={[
            ...(everywhere ? [{ value: 'all', label: m.notices_audience_all() }] : []),
            { value: 'team', label: m.notices_audience_team() },
          ]}
          {...form.field('audience')}
        />
        {form.values.audience === 'team' && (
          <Select
            label={m.notices_team()}
            required
            options={(teams.data ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
            {...form.field('team_id')}
          />
        )}
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
