import { useState } from 'react';
import { api } from '@/api/client';
import { entryName, useDictionary } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import type { Plan } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { ConflictDialog, type ConflictField, conflicts } from '@/ui/ConflictDialog';
import { inZone } from '@/ui/clock';
import { Drawer } from '@/ui/Drawer';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { CancelPlan } from './CancelPlan';
import { PlanFields, type PlanValues, reminderMinutes } from './PlanFields';
import { Given } from './Subject';
import { slotInstants } from './slot';

const valuesOf = (plan: Plan): PlanValues => ({
  date: inZone(plan.starts_at).date,
  starts_at: inZone(plan.starts_at).time,
  ends_at: inZone(plan.ends_at).time,
  method: plan.method,
  content: plan.content,
  own_reminders: plan.own_reminders.join(','),
});

/** Moves, edits or cancels a plan; what it changes shows in the calendar at once (S44). */
export default function EditPlan({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const methods = useDictionary('follow_up_method');
  const [base, setBase] = useState(() => ({ values: valuesOf(plan), version: plan.version }));
  const [clash, setClash] = useState<{ theirs: Plan; fields: ConflictField[] }>();
  const [cancelling, setCancelling] = useState(false);
  const form = useForm<PlanValues>({
    initial: base.values,
    save: (values) => save(base, values),
    handled: (problem) => {
      if (problem.status !== 412 || !problem.current) return false;
      const theirs = problem.current as Plan;
      const labels = {
        date: m.follow_ups_date(),
        starts_at: m.follow_ups_start(),
        ends_at: m.follow_ups_end(),
        method: m.follow_ups_method(),
        content: m.follow_ups_content(),
        own_reminders: m.follow_ups_own_reminders(),
      };
      const show = (name: string, value: unknown) =>
        name === 'method' ? entryName(methods, String(value)) : String(value ?? '');
      setClash({ theirs, fields: conflicts(base.values, form.values, valuesOf(theirs), labels, show) });
      return true;
    },
  });

  async function save(from: typeof base, values: PlanValues) {
    const changed = (name: keyof PlanValues) => values[name] !== from.values[name];
    const moved = changed('date') || changed('starts_at') || changed('ends_at');
    const body = {
      ...(moved && slotInstants(values)),
      ...(changed('method') && { method: values.method }),
      ...(changed('content') && { content: values.content }),
      ...(changed('own_reminders') && { own_reminders: reminderMinutes(values.own_reminders) }),
    };
    if (Object.keys(body).length > 0) {
      const saved = await api.patch<Plan>('/follow-up-plans/{id}', {
        path: { id: plan.id },
        version: from.version,
        body,
      });
      refreshAfter('plan');
      toast.success(m.follow_ups_plan_saved());
      toast.warnings(saved.warnings);
    }
    onClose();
  }

  function resolve(keepMine: string[]) {
    if (!clash) return;
    const theirs = valuesOf(clash.theirs);
    const clashing = clash.fields.map((field) => field.name);
    const kept = Object.entries(form.values).filter(
      ([name, value]) =>
        value !== base.values[name as keyof PlanValues] && (!clashing.includes(name) || keepMine.includes(name)),
    );
    const next = { ...theirs, ...Object.fromEntries(kept) };
    const from = { values: theirs, version: clash.theirs.version };
    setBase(from);
    setClash(undefined);
    form.set(next);
    save(from, next).catch((error: unknown) => form.setProblem(error));
  }

  return (
    <Drawer
      title={m.follow_ups_plan_edit()}
      onClose={onClose}
      footer={
        <>
          {plan.status === 'planned' && (
            <Button data-start onClick={() => setCancelling(true)}>
              {m.follow_ups_plan_cancel()}
            </Button>
          )}
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.ui_save()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <Given main={plan.opportunity_name ?? plan.customer_name} meta={plan.opportunity_name && plan.customer_name} />
        <PlanFields form={form} ownerId={plan.owner_id} planId={plan.id} />
        <button type="submit" hidden />
      </form>
      {clash && <ConflictDialog fields={clash.fields} onClose={() => setClash(undefined)} onResolve={resolve} />}
      {cancelling && (
        <CancelPlan
          plan={{ ...plan, version: base.version }}
          onClose={() => setCancelling(false)}
          onCancelled={onClose}
        />
      )}
    </Drawer>
  );
}
