import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { useSession } from '@/api/session';
import type { Plan } from '@/api/types';
import type { DrawerFormProps } from '@/app/drawers';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Drawer } from '@/ui/Drawer';
import { FailedState } from '@/ui/EmptyState';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { useKeepDraft, useStoredDraft } from '@/ui/use-draft';
import { FormAlert, FormNote, layout, useForm } from '@/ui/use-form';
import EditPlan from './EditPlan';
import { PlanFields, type PlanValues, reminderMinutes } from './PlanFields';
import { Subject, type SubjectValues, subjectBody } from './Subject';
import { firstSlot, slotAt, slotInstants } from './slot';

/** New plan (S41–S46); with a plan's id that plan is moved, edited or cancelled. */
export default function PlanForm(props: DrawerFormProps) {
  return props.planId === undefined ? <NewPlan {...props} /> : <KnownPlan {...props} planId={props.planId} />;
}

function KnownPlan({ planId, onClose }: DrawerFormProps & { planId: number }) {
  const query = useQuery({
    queryKey: ['follow_ups', 'plan', planId],
    queryFn: () => api.get<Plan>('/follow-up-plans/{id}', { path: { id: planId } }),
    // An edit begins with the record as it is, not as it was.
    staleTime: 0,
    gcTime: 0,
  });
  if (query.data) return <EditPlan plan={query.data} onClose={onClose} />;
  return (
    <Drawer title={m.follow_ups_plan_edit()} onClose={onClose}>
      {query.error ? <FailedState error={query.error} retry={() => void query.refetch()} /> : <SkeletonRows rows={4} />}
    </Drawer>
  );
}

function NewPlan({ customerId, opportunityId, startsAt, onClose, onSaved }: DrawerFormProps) {
  const { user } = useSession();
  const draftKey = `draft:${user.id}:plan:${customerId ?? ''}:${opportunityId ?? ''}`;
  const { draft, drop } = useStoredDraft<PlanValues & SubjectValues>(draftKey);
  const once = useRef(new OnceKey());
  const empty = () => ({
    customer_id: customerId ?? null,
    opportunity_id: opportunityId ?? null,
    ...(startsAt ? slotAt(startsAt) : firstSlot()),
    method: 'phone_call',
    content: '',
    own_reminders: '',
  });
  const form = useForm<PlanValues & SubjectValues>({
    // A slot chosen in the calendar counts more than the one of a draft.
    initial: { ...empty(), ...draft, ...(startsAt ? slotAt(startsAt) : {}) },
    save: async (values) => {
      const body = {
        ...subjectBody(values, opportunityId),
        ...slotInstants(values),
        method: values.method || null,
        content: values.content,
        own_reminders: reminderMinutes(values.own_reminders),
      };
      const plan = await api.post<Plan>('/follow-up-plans', { body, idempotencyKey: once.current.for(body) });
      drop();
      refreshAfter('plan');
      toast.success(m.follow_ups_plan_saved());
      toast.warnings(plan.warnings);
      onSaved();
    },
  });
  useKeepDraft(draftKey, form.values, form.dirty);
  return (
    <Drawer
      title={m.follow_ups_plan_new()}
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
        {draft?.content && form.values.content === draft.content && (
          <FormNote>
            {m.follow_ups_draft_restored()}{' '}
            <Button
              variant="link"
              onClick={() => {
                drop();
                form.reset(empty());
              }}
            >
              {m.follow_ups_draft_drop()}
            </Button>
          </FormNote>
        )}
        <FormAlert form={form} />
        <Subject customerId={customerId} opportunityId={opportunityId} form={form as never} />
        <PlanFields form={form as never} ownerId={user.id} autoFocus={Boolean(customerId ?? opportunityId)} />
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
