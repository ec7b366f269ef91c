import { useRef, useState } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { useSession } from '@/api/session';
import type { Task } from '@/api/types';
import type { DrawerFormProps } from '@/app/drawers';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { addDays, today } from '@/ui/clock';
import { Drawer } from '@/ui/Drawer';
import { toast } from '@/ui/toast';
import { useKeepDraft, useStoredDraft } from '@/ui/use-draft';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { TaskFields, type TaskValues } from './TaskFields';

const USUAL_KIND = 'customer_follow_up';

/** New task (S54–S59): due tomorrow and for oneself unless said otherwise. */
export default function TaskForm({ customerId, opportunityId, onClose, onSaved }: DrawerFormProps) {
  const { user } = useSession();
  const context = opportunityId ?? customerId ?? 'any';
  const draftKey = `draft:${user.id}:task:${context}`;
  const { draft, drop } = useStoredDraft<TaskValues>(draftKey);
  const once = useRef(new OnceKey());
  const [assign, setAssign] = useState(false);
  const form = useForm<TaskValues>({
    initial: {
      kind: USUAL_KIND,
      content: '',
      customer_id: customerId ?? null,
      opportunity_id: opportunityId ?? null,
      assignee_id: user.id,
      due_date: addDays(today(), 1),
      needs_acceptance: false,
      ...draft,
    },
    save: async ({ due_date, customer_id, opportunity_id, assignee_id, ...rest }) => {
      const body = {
        ...rest,
        due_date: due_date || null,
        ...(assign ? { assign: 'rules' } : { assignee_id }),
        ...(opportunity_id !== null ? { opportunity_id } : customer_id !== null && { customer_id }),
      };
      await api.post<Task>('/tasks', { body, idempotencyKey: once.current.for(body) });
      drop();
      refreshAfter('task');
      toast.success(m.tasks_created());
      onSaved();
    },
  });
  useKeepDraft(draftKey, form.values, form.dirty);

  return (
    <Drawer
      title={m.tasks_new()}
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
        <TaskFields form={form} known={{ assigneeName: form.values.assignee_id === user.id ? user.name : undefined }} />
        <Checkbox label={m.rules_ask_task()} value={assign} onChange={setAssign} />
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
