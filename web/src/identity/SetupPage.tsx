import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '@/api/client';
import { queryClient } from '@/api/query-client';
import { putSession } from '@/api/session';
import type { Session } from '@/api/types';
import { setupRoute } from '@/app/shell-route';
import * as m from '@/paraglide/messages';
import { Button, buttonClass } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { PasswordField, TextField } from '@/ui/TextField';
import { FormAlert, useForm } from '@/ui/use-form';
import { Frame } from './Frame';
import css from './identity.module.css';

/** First start: the first administrator and the first team, with the token that the console printed. */
export default function SetupPage() {
  const { token } = setupRoute.useSearch();
  const navigate = useNavigate();
  const setup = useQuery({ queryKey: ['setup'], queryFn: () => api.get<{ open: boolean }>('/setup'), retry: false });
  const form = useForm({
    initial: { token: token ?? '', team_name: '', employee_number: '', name: '', password: '' },
    save: async (values) => {
      const session = await api.post<Session>('/setup', { body: values });
      queryClient.clear();
      putSession(session);
      await navigate({ to: '/', replace: true });
    },
  });

  if (setup.isError || setup.data?.open === false) {
    return (
      <Frame title={m.identity_setup()} intro="">
        <EmptyState
          small
          action={
            <Link to="/login" className={buttonClass()}>
              {m.identity_log_in()}
            </Link>
          }
        >
          {m.identity_setup_done()}
        </EmptyState>
      </Frame>
    );
  }
  return (
    <Frame title={m.identity_setup()} intro={m.identity_setup_intro()}>
      <form className={css.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        {!token && <TextField label={m.identity_setup_token()} required {...form.field('token')} />}
        <TextField
          label={m.identity_team_name()}
          required
          autoFocus
          placeholder={m.identity_team_name_example()}
          {...form.field('team_name')}
        />
        <TextField label={m.identity_name()} required autoComplete="name" {...form.field('name')} />
        <TextField
          label={m.identity_employee_number()}
          required
          autoComplete="username"
          {...form.field('employee_number')}
        />
        <PasswordField
          label={m.identity_password()}
          required
          autoComplete="new-password"
          description={m.identity_password_rule()}
          {...form.field('password')}
        />
        <Button type="submit" variant="primary" size="lg" fullWidth loading={form.submitting}>
          {m.identity_setup_finish()}
        </Button>
      </form>
    </Frame>
  );
}
