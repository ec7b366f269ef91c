import { useQuery } from '@tanstack/react-query';
import { CalendarClock, Check, Paperclip, Pencil, Play, Undo2, UserRoundCog, X } from 'lucide-react';
import { type ReactNode, Suspense, useRef, useState } from 'react';
import { api, OnceKey } from '@/api/client';
import { entryName, useDictionary } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import { useCan } from '@/api/session';
import type { Task } from '@/api/types';
import { upload } from '@/api/upload';
import { Comments } from '@/comments';
import * as m from '@/paraglide/messages';
import { Person } from '@/ui/Avatar';
import { Badge, StatusDot } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Drawer } from '@/ui/Drawer';
import { FailedState } from '@/ui/EmptyState';
import { date, dateTime } from '@/ui/format';
import { Menu } from '@/ui/Menu';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import EditTask from './EditTask';
import { dueLabel, isOpen, taskStatusLabels } from './labels';
import { type TaskAct, TaskDialog } from './TaskDialogs';
import { TaskLink } from './TaskLink';
import css from './tasks.module.css';

/** One task beside the list: everything about it, and what may be done with it. */
export default function TaskDrawer({ id, onClose }: { id: number; onClose: () => void }) {
  const can = useCan();
  const [act, setAct] = useState<TaskAct>();
  const [editing, setEditing] = useState(false);
  const [starting, setStarting] = useState(false);
  const found = useQuery({
    queryKey: ['tasks', 'one', id],
    queryFn: () => api.get<Task>('/tasks/{id}', { path: { id } }),
  });
  const task = found.data;

  async function start(from: Task) {
    setStarting(true);
    try {
      await api.patch('/tasks/{id}', { path: { id }, version: from.version, body: { status: 'in_progress' } });
      toast.success(m.tasks_started());
    } catch (error) {
      toast.problem(error);
    }
    refreshAfter('task');
    setStarting(false);
  }

  const open = task && isOpen(task);
  return (
    <Drawer
      title={m.tasks_detail()}
      onClose={onClose}
      footer={
        task &&
        (open ? task.can_edit || task.can_complete : task.can_accept) && (
          <>
            {task.can_edit && (
              <Menu
                align="start"
                trigger={<Button data-start="">{m.app_more()}</Button>}
                items={[
                  { label: m.ui_edit(), icon: <Pencil size={15} aria-hidden />, onSelect: () => setEditing(true) },
                  {
                    label: m.tasks_reassign(),
                    icon: <UserRoundCog size={15} aria-hidden />,
                    onSelect: () => setAct('reassign'),
                  },
                  'divider',
                  {
                    label: m.tasks_cancel_task(),
                    icon: <X size={15} aria-hidden />,
                    danger: true,
                    onSelect: () => setAct('cancel'),
                  },
                ]}
              />
            )}
            {task.can_edit && (
              <Button icon={<CalendarClock size={15} aria-hidden />} onClick={() => setAct('postpone')}>
                {m.tasks_postpone()}
              </Button>
            )}
            {task.can_edit && task.status === 'todo' && (
              <Button icon={<Play size={15} aria-hidden />} loading={starting} onClick={() => void start(task)}>
                {m.tasks_start()}
              </Button>
            )}
            {task.can_accept && (
              <>
                <Button icon={<Undo2 size={15} aria-hidden />} onClick={() => setAct('return')}>
                  {m.tasks_return()}
                </Button>
                <Button variant="primary" icon={<Check size={15} aria-hidden />} onClick={() => setAct('accept')}>
                  {m.tasks_accept()}
                </Button>
              </>
            )}
            {task.can_complete && (
              <Button variant="primary" icon={<Check size={15} aria-hidden />} onClick={() => setAct('complete')}>
                {m.tasks_complete()}
              </Button>
            )}
          </>
        )
      }
    >
      {found.isPending && <SkeletonRows rows={5} />}
      {found.error && !task && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {task && <Facts task={task} />}
      {task && (task.can_edit || task.can_complete) && <AddFile task={task} />}
      {task && (
        <section className={css.comments} aria-label={m.comments_title()}>
          <h3>{m.comments_title()}</h3>
          <Suspense fallback={<SkeletonRows rows={2} />}>
            <Comments room="tasks" id={task.id} writable={can('edit_tasks')} />
          </Suspense>
        </section>
      )}
      {task && act && <TaskDialog act={act} task={task} onClose={() => setAct(undefined)} />}
      {task && editing && <EditTask task={task} onClose={() => setEditing(false)} />}
    </Drawer>
  );
}

/** A file that shows what was done (I1); sent as soon as it is chosen. */
function AddFile({ task }: { task: Task }) {
  const input = useRef<HTMLInputElement>(null);
  const [sending, setSending] = useState(false);

  async function send(file: File) {
    setSending(true);
    try {
      await upload({ kind: 'tasks', id: task.id }, file, new OnceKey().for(file.name), () => undefined);
      toast.success(m.tasks_attached());
    } catch (error) {
      toast.problem(error);
    }
    refreshAfter('task');
    setSending(false);
  }

  return (
    <>
      <Button
        size="sm"
        icon={<Paperclip size={14} aria-hidden />}
        loading={sending}
        onClick={() => input.current?.click()}
      >
        {m.tasks_attach()}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".pdf,.doc,.docx,.xls,.xlsx"
        aria-label={m.tasks_attach()}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file may be chosen again after it was refused.
          event.currentTarget.value = '';
          if (file) void send(file);
        }}
      />
    </>
  );
}

function Facts({ task }: { task: Task }) {
  const kinds = useDictionary('task_kind');
  const status = taskStatusLabels()[task.status];
  const due = dueLabel(task);
  const facts: [string, ReactNode][] = [
    [
      m.tasks_due_date(),
      <>
        {date(task.due_date)}{' '}
        {due.tone !== 'plain' && <Badge tone={due.tone === 'late' ? 'red' : 'amber'}>{due.text}</Badge>}
      </>,
    ],
    [m.tasks_link(), <TaskLink key="link" task={task} />],
    [m.tasks_assignee(), <Person key="assignee" name={task.assignee_name} />],
    [m.tasks_assigner(), task.assigner_name],
    [m.tasks_assigned_at(), dateTime(task.assigned_at)],
  ];
  if (task.assigned_by_rule) facts.push([m.rules_assigned_by(), task.assigned_by_rule.name]);
  if (task.sop_template_name) facts.push([m.sop_made_by(), task.sop_template_name]);
  if (task.postponed_count > 0) facts.push([m.tasks_postponed_count(), m.tasks_times({ n: task.postponed_count })]);
  if (task.returned_count > 0) {
    facts.push([m.tasks_returned_count(), m.tasks_times({ n: task.returned_count })]);
    facts.push([m.tasks_returned_reason(), task.returned_reason]);
  }
  if (task.attachments.length > 0) {
    facts.push([
      m.tasks_attachments(),
      <ul key="attachments">
        {task.attachments.map((file) => (
          <li key={file.id}>
            <a href={`/api/v1/attachments/${file.id}`} download={file.name}>
              {file.name}
            </a>
          </li>
        ))}
      </ul>,
    ]);
  }
  if (task.completed_at) {
    facts.push([m.tasks_completed_at(), dateTime(task.completed_at)]);
    facts.push([m.tasks_completed_by(), task.completed_by_name]);
    facts.push([
      m.tasks_feedback(),
      <span key="feedback" className={css.long}>
        {task.feedback}
      </span>,
    ]);
    if (task.accepted_at) facts.push([m.tasks_accepted_at(), dateTime(task.accepted_at)]);
  }
  return (
    <>
      <p className={css.badges}>
        <StatusDot tone={status.tone}>{status.label}</StatusDot>
        <Badge>{entryName(kinds, task.kind)}</Badge>
        {task.awaits_acceptance && <Badge tone="amber">{m.tasks_awaits_acceptance()}</Badge>}
      </p>
      <p className={css.text}>{task.content}</p>
      <dl className={css.facts}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
