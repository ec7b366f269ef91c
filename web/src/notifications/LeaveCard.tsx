import { api } from '@/api/client';
import { putSession, useSession } from '@/api/session';
import type { Session } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { Card } from '@/ui/Page';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import css from './notifications.module.css';

/** A leave that is over is no leave. */
const ahead = ({ on_leave_from, on_leave_until }: Session['user']) =>
  on_leave_until >= today() ? { on_leave_from, on_leave_until } : { on_leave_from: '', on_leave_until: '' };

/** 休假 (S65): the first and the last day on which the assignment rules pass one over. */
export function LeaveCard() {
  const { user } = useSession();
  const form = useForm({
    initial: ahead(user),
    save: async ({ on_leave_from, on_leave_until }) => {
      // Without a last day one is back; a new first day asks for a last one.
      const first = on_leave_from !== ahead(user).on_leave_from ? { on_leave_from: on_leave_from || null } : {};
      const body = on_leave_until
        ? { on_leave_from: on_leave_from || today(), on_leave_until }
        : { ...first, on_leave_until: null };
      const session = await api.put<Session>('/session/leave', { body });
      putSession(session);
      form.reset(ahead(session.user));
      toast.success(m.notifications_saved());
    },
  });
  return (
    <Card title={m.rules_leave()}>
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <p className={css.hint}>{m.rules_leave_hint()}</p>
        <div className={layout.two}>
          <DateField label={m.rules_leave_from()} {...form.field('on_leave_from')} />
          <DateField label={m.rules_leave_until()} {...form.field('on_leave_until')} />
        </div>
        <div className={css.line}>
          <Button type="submit" variant="primary" loading={form.submitting} disabled={!form.dirty}>
            {m.ui_save()}
          </Button>
        </div>
      </form>
    </Card>
  );
}
