import { api } from '@/api/client';
import type { Problem } from '@/api/problem';
import { refreshAfter } from '@/api/query-client';
import type { Plan } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { instantOf, inZone } from '@/ui/clock';
import { DateField, TimeField } from '@/ui/DateField';
import { ConfirmDialog, Modal } from '@/ui/Modal';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';

/** What moving or cancelling needs to know of a plan; plans and calendar entries both have it. */
export type MovablePlan = { id: number; title: string; starts_at: string; ends_at: string; version: number };

type Props = { plan: MovablePlan; onClose: () => void };

/** Gives a plan another time; the server warns of overlaps. */
export async function movePlan(plan: MovablePlan, starts_at: string, ends_at: string): Promise<void> {
  const saved = await api.patch<Plan>('/follow-up-plans/{id}', {
    path: { id: plan.id },
    version: plan.version,
    body: { starts_at, ends_at },
  });
  refreshAfter('plan');
  toast.success(m.calendar_moved());
  toast.warnings(saved.warnings);
}

/** A stale version: what is shown is read again, and the person told. */
export function toldStale(problem: Problem): boolean {
  if (problem.status !== 412) return false;
  refreshAfter('plan');
  toast.warning(m.calendar_changed_meanwhile());
  return true;
}

const isTime = (text: string) => /^\d\d:\d\d$/.test(text);

/** 改期 (S41): date, start and end, for keyboard and phone alike. */
export function MovePlanDialog({ plan, onClose }: Props) {
  const start = inZone(plan.starts_at);
  const form = useForm({
    initial: { date: start.date, starts_at: start.time, ends_at: inZone(plan.ends_at).time },
    save: async ({ date, starts_at, ends_at }) => {
      const at = (time: string) => (date && isTime(time) ? instantOf(date, time) : '');
      await movePlan(plan, at(starts_at), at(ends_at));
      onClose();
    },
    handled: (problem) => {
      if (!toldStale(problem)) return false;
      onClose();
      return true;
    },
  });
  return (
    <Modal
      title={m.calendar_move_title()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.calendar_move()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <p>{plan.title}</p>
        <DateField label={m.calendar_date()} required {...form.field('date')} />
        <div className={layout.two}>
          <TimeField label={m.calendar_start()} required {...form.field('starts_at')} />
          <TimeField label={m.calendar_end()} required {...form.field('ends_at')} />
        </div>
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}

export function CancelPlanDialog({ plan, onClose }: Props) {
  const form = useForm({
    initial: {},
    save: async () => {
      await api.patch('/follow-up-plans/{id}', {
        path: { id: plan.id },
        version: plan.version,
        body: { status: 'cancelled' },
      });
      refreshAfter('plan');
      toast.success(m.calendar_cancelled_toast());
      onClose();
    },
    handled: (problem) => {
      if (!toldStale(problem)) return false;
      onClose();
      return true;
    },
  });
  return (
    <ConfirmDialog
      title={m.calendar_cancel_plan()}
      confirm={m.calendar_cancel_plan()}
      danger
      loading={form.submitting}
      onConfirm={() => void form.submit()}
      onClose={onClose}
    >
      <FormAlert form={form} />
      <p>{plan.title}</p>
      <p>{m.calendar_cancel_text()}</p>
    </ConfirmDialog>
  );
}
