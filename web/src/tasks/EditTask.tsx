import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { Task } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Drawer } from '@/ui/Drawer';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { TaskFields, type TaskValues } from './TaskFields';

/** Sends only what changed: an overdue task keeps its date while its words are corrected (S58). */
export default function EditTask({ task, onClose }: { task: Task; onClose: () => void }) {
  const before: TaskValues = {
    kind: task.kind,
    content: task.content,
    customer_id: task.customer_id,
    opportunity_id: task.opportunity_id,
    assignee_id: task.assignee_id,
    due_date: task.due_date,
    needs_acceptance: task.needs_acceptance,
  };
  const form = useForm<TaskValues>({
    initial: before,
    save: async (values) => {
      const names = ['kind', 'content', 'customer_id', 'opportunity_id', 'due_date', 'needs_acceptance'] as const;
      const changed = names.filter((name) => values[name] !== before[name]);
      if (changed.length > 0) {
        const body = Object.fromEntries(changed.map((name) => [name, values[name] === '' ? null : values[name]]));
        await api.patch<Task>('/tasks/{id}', { path: { id: task.id }, version: task.version, body });
        refreshAfter('task');
        toast.success(m.tasks_saved());
      }
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
  return (
    <Drawer
      title={m.tasks_edit()}
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
        <TaskFields
          edit
          form={form}
          known={{
            customerName: form.values.customer_id === task.customer_id ? (task.customer_name ?? undefined) : undefined,
            opportunityName:
              form.values.opportunity_id === task.opportunity_id ? (task.opportunity_name ?? undefined) : undefined,
          }}
        />
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
