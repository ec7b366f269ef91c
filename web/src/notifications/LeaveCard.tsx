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

/** 休假 (S65): until when the assignment rules pass one over. */
export function LeaveCard() {
  const { user } = useSession();
  const form = useForm({
    // A leave that is over is no leave.
    initial: { on_leave_until: user.on_leave_until >= today() ? user.on_leave_until : '' },
    save: async ({ on_leave_until }) => {
      putSession(await api.put<Session>('/session/leave', { body: { on_leave_until: on_leave_until || null } }));
      form.reset({ on_leave_until });
      toast.success(m.notifications_saved());
    },
  });
  return (
    <Card title={m.rules_leave()}>
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <p className={css.hint}>{m.rules_leave_hint()}</p>
        <DateField label={m.rules_leave_until()} {...form.field('on_leave_until')} />
        <div className={css.line}>
          <Button type="submit" variant="primary" loading={form.submitting} disabled={!form.dirty}>
            {m.ui_save()}
          </Button>
        </div>
      </form>
    </Card>
  );
}
