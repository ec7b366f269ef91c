import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '@/api/client';
import { queryClient } from '@/api/query-client';
import { putSession, sessionQuery } from '@/api/session';
import type { Session } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { PasswordField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, useForm } from '@/ui/use-form';
import { Frame } from './Frame';
import css from './identity.module.css';

/** Forced after an initial or reset password (S12), and open to everybody from the account menu. */
export default function PasswordPage() {
  const navigate = useNavigate();
  const forced = useQuery(sessionQuery).data?.must_change_password ?? false;
  const form = useForm({
    initial: { current_password: '', new_password: '', repeated: '' },
    save: async ({ current_password, new_password, repeated }) => {
      if (new_password !== repeated) {
        form.setErrors({ repeated: m.identity_not_the_same() });
        return;
      }
      putSession(await api.put<Session>('/session/password', { body: { current_password, new_password } }));
      toast.success(m.identity_password_changed());
      await navigate({ to: '/', replace: true });
    },
  });

  async function leave() {
    if (!forced) {
      await navigate({ to: '/' });
      return;
    }
    try {
      await api.delete('/session');
    } catch (error) {
      toast.problem(error);
      return;
    }
    queryClient.clear();
    await navigate({ to: '/login' });
  }

  return (
    <Frame
      title={m.identity_change_password()}
      intro={forced ? m.identity_must_change_password() : m.identity_change_password_intro()}
    >
      <form className={css.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <PasswordField
          label={m.identity_current_password()}
          required
          autoFocus
          autoComplete="current-password"
          {...form.field('current_password')}
        />
        <PasswordField
          label={m.identity_new_password()}
          required
          autoComplete="new-password"
          description={m.identity_password_rule()}
          {...form.field('new_password')}
        />
        <PasswordField
          label={m.identity_repeat_password()}
          required
          autoComplete="new-password"
          {...form.field('repeated')}
        />
        <Button type="submit" variant="primary" size="lg" fullWidth loading={form.submitting}>
          {m.ui_save()}
        </Button>
        <Button variant="ghost" size="lg" fullWidth onClick={() => void leave()}>
          {forced ? m.identity_log_out() : m.ui_cancel()}
        </Button>
      </form>
    </Frame>
  );
}
