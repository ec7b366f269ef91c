import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api } from '@/api/client';
import { queryClient } from '@/api/query-client';
import { putSession } from '@/api/session';
import type { Named, Session } from '@/api/types';
import { loginRoute } from '@/app/shell-route';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { PasswordField, TextField } from '@/ui/TextField';
import { FormAlert, useForm } from '@/ui/use-form';
import { Frame } from './Frame';
import css from './identity.module.css';

const LAST_TEAM = 'last-team';

/** 工号, password, team (S10, S13): the team of the last time is chosen already. */
export default function LoginPage() {
  const { next } = loginRoute.useSearch();
  const navigate = useNavigate();
  const teams = useQuery({ queryKey: ['login-teams'], queryFn: () => api.get<Named[]>('/login-teams') });
  const form = useForm({
    initial: { employee_number: '', password: '', team_id: localStorage.getItem(LAST_TEAM) ?? '' },
    save: async (values) => {
      const session = await api.post<Session>('/session', {
        body: {
          employee_number: values.employee_number.trim(),
          password: values.password,
          ...(values.team_id && { team_id: Number(values.team_id) }),
        },
      });
      localStorage.setItem(LAST_TEAM, String(session.team.id));
      queryClient.clear();
      putSession(session);
      const to = session.must_change_password ? '/password' : (next ?? '/');
      await navigate({ to, replace: true } as never);
    },
  });
  const options = (teams.data ?? []).map((team) => ({ value: String(team.id), label: team.name }));

  // A remembered team may have been dissolved since; the only team needs no choice.
  const { team_id } = form.values;
  useEffect(() => {
    if (!teams.data) return;
    const known = teams.data.some((team) => String(team.id) === team_id);
    const only = teams.data.length === 1 ? String(teams.data[0]?.id) : '';
    if (!known && team_id !== only) form.set({ team_id: only });
  });

  return (
    <Frame title={m.identity_log_in()} intro={m.identity_log_in_intro()}>
      <form className={css.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <TextField
          label={m.identity_employee_number()}
          required
          autoFocus
          autoComplete="username"
          {...form.field('employee_number')}
        />
        <PasswordField
          label={m.identity_password()}
          required
          autoComplete="current-password"
          {...form.field('password')}
        />
        <Select
          label={m.app_team()}
          required
          options={options}
          placeholder={m.identity_choose_team()}
          {...form.field('team_id')}
        />
        <Button type="submit" variant="primary" size="lg" fullWidth loading={form.submitting}>
          {m.identity_log_in()}
        </Button>
      </form>
    </Frame>
  );
}
