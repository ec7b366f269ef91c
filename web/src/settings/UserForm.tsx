import { useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { NewUser, User } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { DateField } from '@/ui/DateField';
import { Drawer } from '@/ui/Drawer';
import { MultiSelect, Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { options, roleLabels } from './labels';
import { useTeams } from './use-teams';

type Props = { user?: User; onClose: () => void; onCreated?: (name: string, password: string) => void };

/** A new person gets a one-time password; an edit keeps the employee number, by which people log in. */
export function UserForm({ user, onClose, onCreated }: Props) {
  const teams = useTeams();
  const once = useRef(new OnceKey());
  const form = useForm({
    initial: {
      employee_number: user?.employee_number ?? '',
      name: user?.name ?? '',
      role: (user?.role ?? 'sales') as string,
      team_ids: (user?.team_ids ?? []).map(String),
      phone: user?.phone ?? '',
      email: user?.email ?? '',
      on_leave_from: user?.on_leave_from ?? '',
      on_leave_until: user?.on_leave_until ?? '',
    },
    save: async ({ employee_number, on_leave_from, on_leave_until, ...values }) => {
      const body = {
        ...values,
        phone: values.phone || null,
        email: values.email || null,
        team_ids: values.team_ids.map(Number),
      };
      if (user) {
        // Without a last day somebody is back; a new first day asks for a last one. What stays as it is is not sent again.
        const same = on_leave_from === (user.on_leave_from ?? '') && on_leave_until === (user.on_leave_until ?? '');
        const first = on_leave_from !== (user.on_leave_from ?? '') ? { on_leave_from: on_leave_from || null } : {};
        const days = on_leave_until
          ? { on_leave_from: on_leave_from || null, on_leave_until }
          : { ...first, on_leave_until: null };
        const leave = same ? {} : days;
        await api.patch('/users/{id}', {
          path: { id: user.id },
          version: user.version,
          body: { ...body, ...leave },
        });
        refreshAfter('user');
        toast.success(m.settings_saved());
        onClose();
        return;
      }
      const whole = { employee_number, ...body };
      const made = await api.post<NewUser>('/users', { body: whole, idempotencyKey: once.current.for(whole) });
      refreshAfter('user');
      onCreated?.(made.name, made.one_time_password);
    },
    handled: (problem) => {
      if (!toldStale(problem, 'user')) return false;
      onClose();
      return true;
    },
  });
  return (
    <Drawer
      title={user ? m.settings_user_edit() : m.settings_user_new()}
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
        <div className={layout.two}>
          <TextField
            label={m.settings_employee_number()}
            required
            disabled={Boolean(user)}
            autoFocus={!user}
            {...form.field('employee_number')}
          />
          <TextField label={m.settings_name()} required autoFocus={Boolean(user)} {...form.field('name')} />
        </div>
        <Select label={m.settings_role()} required options={options(roleLabels())} {...form.field('role')} />
        <MultiSelect
          label={m.settings_teams()}
          required
          options={teams.map((team) => ({ value: String(team.id), label: team.name }))}
          {...form.field('team_ids')}
        />
        <div className={layout.two}>
          <TextField label={m.settings_phone()} type="tel" inputMode="tel" {...form.field('phone')} />
          <TextField label={m.settings_email()} type="email" inputMode="email" {...form.field('email')} />
        </div>
        {user && (
          <div className={layout.two}>
            <DateField label={m.rules_leave_from()} {...form.field('on_leave_from')} />
            <DateField label={m.rules_leave_until()} {...form.field('on_leave_until')} />
          </div>
        )}
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
