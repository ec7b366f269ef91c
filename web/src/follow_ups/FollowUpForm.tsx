import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, OnceKey } from '@/api/client';
import { keyOptions, useDictionary } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import { useSession } from '@/api/session';
import type { FollowUp, Plan, Warning } from '@/api/types';
import type { DrawerFormProps } from '@/app/drawers';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { now, today } from '@/ui/clock';
import { DateField, DateTimeField, TimeField } from '@/ui/DateField';
import { Drawer } from '@/ui/Drawer';
import { FailedState } from '@/ui/EmptyState';
import { relativeTime, time } from '@/ui/format';
import { SkeletonRows } from '@/ui/Skeleton';
import { Textarea } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useKeepDraft, useStoredDraft } from '@/ui/use-draft';
import { FormAlert, FormNote, layout, useForm } from '@/ui/use-form';
import { FileField } from './FileField';
import css from './follow_ups.module.css';
import { Given, Subject, type SubjectValues, subjectBody } from './Subject';
import { slotInstants, withStart } from './slot';
import { useUploads } from './use-uploads';

type Values = SubjectValues & {
  method: string;
  contacted_at: string;
  result: string;
  next_action: string;
  next_action_due: string;
  next_action_as: '' | 'task' | 'plan';
  /** Wall times of the plan that the next action becomes. */
  next_plan_starts_at: string;
  next_plan_ends_at: string;
};

/** A contact that was (S47–S50); out of a plan it completes that plan. */
export default function FollowUpForm(props: DrawerFormProps) {
  return props.planId === undefined ? <Record {...props} /> : <OfPlan {...props} planId={props.planId} />;
}

function OfPlan(props: DrawerFormProps & { planId: number }) {
  const query = useQuery({
    queryKey: ['follow_ups', 'plan', props.planId],
    queryFn: () => api.get<Plan>('/follow-up-plans/{id}', { path: { id: props.planId } }),
    staleTime: 0,
    gcTime: 0,
  });
  // The form keeps the plan it was opened with: once completed, the plan read again is another one.
  const opened = useRef<Plan>(undefined);
  opened.current ??= query.data;
  if (opened.current) return <Record {...props} plan={opened.current} />;
  return (
    <Drawer title={m.follow_ups_complete_plan()} onClose={props.onClose}>
      {query.error ? <FailedState error={query.error} retry={() => void query.refetch()} /> : <SkeletonRows rows={4} />}
    </Drawer>
  );
}

function Record({ customerId, opportunityId, plan, onClose, onSaved }: DrawerFormProps & { plan?: Plan }) {
  const { user } = useSession();
  const methods = keyOptions(useDictionary('follow_up_method'));
  const draftKey = `draft:${user.id}:follow_up:${plan?.id ?? ''}:${customerId ?? ''}:${opportunityId ?? ''}`;
  const { draft, drop } = useStoredDraft<Values>(draftKey);
  const once = useRef(new OnceKey());
  const uploads = useUploads();
  // Saved, while some of its files are not: then only they are tried again.
  const [saved, setSaved] = useState<FollowUp>();
  const [openedAt] = useState(() => now().toISOString());
  const empty: Values = {
    customer_id: plan?.customer_id ?? customerId ?? null,
    opportunity_id: plan?.opportunity_id ?? opportunityId ?? null,
    method: plan?.method ?? 'phone_call',
    contacted_at: openedAt,
    result: '',
    next_action: '',
    next_action_due: '',
    next_action_as: '',
    next_plan_starts_at: '10:00',
    next_plan_ends_at: '11:00',
  };
  const form = useForm<Values>({
    initial: { ...empty, ...draft },
    save: async (values) => {
      let record = saved;
      if (!record) {
        record = await write(values);
        once.current.reset();
        drop();
        setSaved(record);
        refreshAfter('follow_up', 'plan', 'task');
        toast.success(m.follow_ups_saved());
        toast.warnings((record as FollowUp & { warnings?: Warning[] }).warnings);
      }
      if (uploads.list.length > 0) {
        const complete = await uploads.send(record.id);
        refreshAfter('follow_up');
        if (!complete) return;
      }
      onSaved();
    },
  });
  useKeepDraft(draftKey, form.values, form.dirty && !saved);

  function write(values: Values): Promise<FollowUp> {
    const { method, contacted_at, result, next_action, next_action_due, next_action_as } = values;
    const asPlan = next_action_as === 'plan';
    const slot = slotInstants({
      date: next_action_due,
      starts_at: values.next_plan_starts_at,
      ends_at: values.next_plan_ends_at,
    });
    const body = {
      method: method || null,
      // Untouched it means "now", which is later than when the form was opened.
      ...(contacted_at !== openedAt && { contacted_at: contacted_at || null }),
      result,
      next_action,
      ...(next_action_due && { next_action_due }),
      ...(next_action_as && { next_action_as }),
      ...(asPlan && { next_plan_starts_at: slot.starts_at, next_plan_ends_at: slot.ends_at }),
    };
    if (plan) {
      return api.post<FollowUp>('/follow-up-plans/{id}/complete', {
        path: { id: plan.id },
        version: plan.version,
        body,
        idempotencyKey: once.current.for(body),
      });
    }
    const whole = { ...subjectBody(values, opportunityId), ...body };
    return api.post<FollowUp>('/follow-ups', { body: whole, idempotencyKey: once.current.for(whole) });
  }

  const { next_action_as, next_plan_starts_at, next_plan_ends_at, next_action_due } = form.values;
  const known = Boolean(plan ?? customerId ?? opportunityId);
  return (
    <Drawer
      title={plan ? m.follow_ups_complete_plan() : m.follow_ups_new()}
      onClose={onClose}
      width={560}
      footer={
        <>
          <Button onClick={onClose}>{saved ? m.follow_ups_finish() : m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {saved ? m.follow_ups_retry_files() : m.ui_save()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        {draft?.result && form.values.result === draft.result && !saved && (
          <FormNote>
            {m.follow_ups_draft_restored()}{' '}
            <Button
              variant="link"
              onClick={() => {
                drop();
                form.reset(empty);
              }}
            >
              {m.follow_ups_draft_drop()}
            </Button>
          </FormNote>
        )}
        {saved && !form.submitting && <FormNote>{m.follow_ups_files_left()}</FormNote>}
        <FormAlert form={form} />
        {plan ? (
          <>
            <Given
              main={plan.opportunity_name ?? plan.customer_name}
              meta={plan.opportunity_name && plan.customer_name}
            />
            <p className={css.planned}>
              {`${relativeTime(plan.starts_at)}–${time(plan.ends_at)}`}
              <span>{plan.content}</span>
            </p>
          </>
        ) : (
          <Subject customerId={customerId} opportunityId={opportunityId} form={form as never} />
        )}
        {!saved && (
          <>
            <RadioGroup label={m.follow_ups_method()} required options={methods} {...form.field('method')} />
            <DateTimeField label={m.follow_ups_contacted_at()} required max={today()} {...form.field('contacted_at')} />
            <Textarea
              label={m.follow_ups_result()}
              required
              rows={5}
              limit={2000}
              autoFocus={known}
              {...form.field('result')}
            />
            <Textarea
              label={m.follow_ups_next_action()}
              placeholder={m.follow_ups_next_action_example()}
              required
              rows={2}
              limit={500}
              {...form.field('next_action')}
            />
            <div className={css.nextGrid}>
              <DateField
                label={m.follow_ups_next_due()}
                required={next_action_as !== ''}
                min={today()}
                {...form.field('next_action_due')}
              />
              <RadioGroup
                label={m.follow_ups_next_as()}
                options={[
                  { value: '', label: m.follow_ups_next_none() },
                  { value: 'task', label: m.follow_ups_next_task() },
                  { value: 'plan', label: m.follow_ups_next_plan() },
                ]}
                {...form.field('next_action_as')}
                onChange={(value) => form.set({ next_action_as: value as Values['next_action_as'] })}
              />
            </div>
            {next_action_as === 'plan' && (
              <div className={layout.two}>
                <TimeField
                  label={m.follow_ups_start()}
                  required
                  {...form.field('next_plan_starts_at')}
                  onChange={(next) => {
                    const slot = { date: next_action_due, starts_at: next_plan_starts_at, ends_at: next_plan_ends_at };
                    const moved = withStart(slot, next);
                    form.set({ next_plan_starts_at: moved.starts_at, next_plan_ends_at: moved.ends_at });
                  }}
                />
                <TimeField label={m.follow_ups_end()} required {...form.field('next_plan_ends_at')} />
              </div>
            )}
          </>
        )}
        <FileField uploads={uploads} disabled={form.submitting} />
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
