import { type ReactNode, useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { keyOptions, useDictionary } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import { useCan } from '@/api/session';
import type { Task } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { DateField } from '@/ui/DateField';
import { count } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { UserPicker } from '@/ui/RecordPicker';
import { Select } from '@/ui/Select';
import { Textarea, TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { type Form, FormAlert, layout, useForm } from '@/ui/use-form';

export type TaskAct = 'complete' | 'postpone' | 'reassign' | 'cancel' | 'accept' | 'return';

type Props = { task: Task; onClose: () => void };

/** The dialog of one thing done with a task; open it with the version that is on the screen. */
export function TaskDialog({ act, ...props }: Props & { act: TaskAct }) {
  switch (act) {
    case 'complete':
      return <CompleteDialog {...props} />;
    case 'postpone':
      return <PostponeDialog {...props} />;
    case 'reassign':
      return <ReassignDialog {...props} />;
    case 'cancel':
      return <CancelDialog {...props} />;
    case 'accept':
      return <AcceptDialog {...props} />;
    case 'return':
      return <ReturnDialog {...props} />;
  }
}

/** Posts or patches with the task's version; a version gone stale refreshes what is shown and says so. */
function useTaskForm<T extends object>(
  { task, onClose }: Props,
  settings: { initial: T; done: string; send: (task: Task, values: T, key: string) => Promise<unknown> },
): Form<T> {
  const once = useRef(new OnceKey());
  const form = useForm<T>({
    initial: settings.initial,
    save: async (values) => {
      await settings.send(task, values, once.current.for({ id: task.id, ...values }));
      refreshAfter('task');
      toast.success(settings.done);
      onClose();
    },
    handled: (problem) => {
      if (problem.status !== 412) return false;
      refreshAfter('task');
      toast.warning(m.tasks_changed_meanwhile());
      onClose();
      return true;
    },
  });
  return form;
}

type FrameProps<T> = {
  title: string;
  confirm: string;
  danger?: boolean;
  form: Form<T>;
  onClose: () => void;
  children: ReactNode;
};

function Frame<T>({ title, confirm, danger, form, onClose, children }: FrameProps<T>) {
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_back()}</Button>
          <Button variant={danger ? 'danger' : 'primary'} loading={form.submitting} onClick={() => void form.submit()}>
            {confirm}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        {children}
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}

const FEEDBACK_LIMIT = 2000;

/** 完成 needs the result in words (I1). */
function CompleteDialog(props: Props) {
  const { task } = props;
  const can = useCan();
  const methods = keyOptions(useDictionary('follow_up_method'));
  const linked = task.link_visible && (task.customer_id !== null || task.opportunity_id !== null);
  const aboutContact = task.kind === 'customer_follow_up' && linked && can('edit_follow_ups');
  const form = useTaskForm(props, {
    initial: { feedback: '', also: aboutContact, method: 'phone_call', next_action: '' },
    done: m.tasks_completed(),
    send: (task, { feedback, also, method, next_action }, idempotencyKey) => {
      const body = also ? { feedback, follow_up: { method, result: feedback, next_action } } : { feedback };
      return api.post('/tasks/{id}/complete', { path: { id: task.id }, version: task.version, body, idempotencyKey });
    },
  });
  return (
    <Frame title={m.tasks_complete_title()} confirm={m.tasks_complete()} form={form} onClose={props.onClose}>
      <p>{task.content}</p>
      <Textarea
        label={m.tasks_feedback()}
        description={`${m.tasks_feedback_hint()} · ${count([...form.values.feedback].length)} / ${count(FEEDBACK_LIMIT)}`}
        required
        autoFocus
        rows={4}
        {...form.field('feedback')}
      />
      {aboutContact && <Checkbox label={m.tasks_also_follow_up()} {...form.field('also')} />}
      {aboutContact && form.values.also && (
        <>
          <Select label={m.tasks_follow_up_method()} required options={methods} {...form.field('method')} />
          <TextField label={m.tasks_follow_up_next()} required {...form.field('next_action')} />
        </>
      )}
    </Frame>
  );
}

/** A later day, with the reason (I5). */
function PostponeDialog(props: Props) {
  const form = useTaskForm(props, {
    initial: { due_date: '', reason: '' },
    done: m.tasks_postponed(),
    send: (task, { due_date, reason }, idempotencyKey) =>
      api.post('/tasks/{id}/postpone', {
        path: { id: task.id },
        version: task.version,
        body: { due_date: due_date || null, reason },
        idempotencyKey,
      }),
  });
  return (
    <Frame title={m.tasks_postpone_title()} confirm={m.tasks_postpone()} form={form} onClose={props.onClose}>
      <p>{props.task.content}</p>
      <DateField label={m.tasks_new_due()} description={m.tasks_due_hint()} required {...form.field('due_date')} />
      <TextField label={m.ui_reason()} required {...form.field('reason')} />
    </Frame>
  );
}

/** What was done will do (I3). */
function AcceptDialog(props: Props) {
  const form = useTaskForm(props, {
    initial: {},
    done: m.tasks_accepted(),
    send: (task) => api.post('/tasks/{id}/accept', { path: { id: task.id }, version: task.version }),
  });
  return (
    <Frame title={m.tasks_accept()} confirm={m.tasks_accept()} form={form} onClose={props.onClose}>
      <p>{props.task.content}</p>
      <p>{props.task.feedback}</p>
    </Frame>
  );
}

/** It has to be done again, with the reason (I3). */
function ReturnDialog(props: Props) {
  const form = useTaskForm(props, {
    initial: { reason: '' },
    done: m.tasks_returned(),
    send: (task, body, idempotencyKey) =>
      api.post('/tasks/{id}/return', { path: { id: task.id }, version: task.version, body, idempotencyKey }),
  });
  return (
    <Frame title={m.tasks_return_title()} confirm={m.tasks_return()} form={form} onClose={props.onClose}>
      <p>{props.task.content}</p>
      <TextField label={m.ui_reason()} required autoFocus {...form.field('reason')} />
    </Frame>
  );
}

/** Somebody else does it, with the reason (I6). */
function ReassignDialog(props: Props) {
  const form = useTaskForm(props, {
    initial: { assignee_id: null as number | null, reason: '' },
    done: m.tasks_reassigned(),
    send: (task, body, idempotencyKey) =>
      api.post('/tasks/{id}/reassign', { path: { id: task.id }, version: task.version, body, idempotencyKey }),
  });
  return (
    <Frame title={m.tasks_reassign_title()} confirm={m.tasks_reassign()} form={form} onClose={props.onClose}>
      <p>{props.task.content}</p>
      <UserPicker label={m.tasks_new_assignee()} required autoFocus {...form.field('assignee_id')} />
      <TextField label={m.ui_reason()} required {...form.field('reason')} />
    </Frame>
  );
}

function CancelDialog(props: Props) {
  const form = useTaskForm(props, {
    initial: {},
    done: m.tasks_cancelled(),
    send: (task) =>
      api.patch('/tasks/{id}', { path: { id: task.id }, version: task.version, body: { status: 'cancelled' } }),
  });
  return (
    <Frame title={m.tasks_cancel_task()} confirm={m.tasks_cancel_task()} danger form={form} onClose={props.onClose}>
      <p>{props.task.content}</p>
      <p>{m.tasks_cancel_text()}</p>
    </Frame>
  );
}
