import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '@/api/client';
import { keyOptions, useDictionary, useTags } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import type { Batch, BatchAction, BatchPreview, SavedFilter } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { addDays, today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { aside, count, listed } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { UserPicker } from '@/ui/RecordPicker';
import { Select, TagPicker } from '@/ui/Select';
import { Textarea } from '@/ui/TextField';
import { type Form, FormAlert, FormNote, layout, useForm } from '@/ui/use-form';
import css from './groups.module.css';
import { actionLabels } from './labels';
import { useGroups } from './use-groups';

export type Target = { ids: number[] } | { filter: SavedFilter };

type Props = {
  action: BatchAction;
  target: Target;
  onClose: () => void;
  /** The batch has begun: the selection has served. */
  onBegun: () => void;
};

type Values = {
  tag: string[];
  owner_id: number | null;
  group_id: string;
  kind: string;
  content: string;
  due_date: string;
  assignee: string;
  person: number | null;
};

/** One action on many customers: what, then exactly how many, then how it went (S33). */
export default function BatchDialog({ action, target, onClose, onBegun }: Props) {
  const [preview, setPreview] = useState<BatchPreview>();
  const [batch, setBatch] = useState<number>();
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const title = actionLabels()[action];
  const form = useForm<Values>({
    initial: {
      tag: [],
      owner_id: null,
      group_id: '',
      kind: 'customer_follow_up',
      content: '',
      due_date: addDays(today(), 1),
      assignee: 'owner',
      person: null,
    },
    save: async (values) => {
      setProblem(undefined);
      const body = { ...target, action, ...detail(action, values) };
      setPreview(await api.post<BatchPreview>('/customers/batch/preview', { body }));
    },
  });

  async function run(previewed: BatchPreview) {
    setRunning(true);
    try {
      const body = { preview_token: previewed.preview_token, expected_count: previewed.count };
      setBatch((await api.post<Batch>('/customers/batch', { body })).id);
      refreshAfter('customer', 'group', 'tag', 'task');
      onBegun();
    } catch (error) {
      setProblem(error);
    }
    setRunning(false);
  }

  if (batch !== undefined) return <BatchProgress id={batch} onClose={onClose} />;
  return (
    <Modal
      title={title}
      width={520}
      onClose={onClose}
      footer={
        preview ? (
          <>
            <Button onClick={() => setPreview(undefined)}>{m.groups_batch_back()}</Button>
            <Button
              variant="primary"
              loading={running}
              disabled={preview.count === 0}
              onClick={() => void run(preview)}
            >
              {m.groups_batch_run({ n: count(preview.count) })}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{m.ui_cancel()}</Button>
            <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
              {m.groups_batch_preview()}
            </Button>
          </>
        )
      }
    >
      {preview ? (
        <>
          <FormAlert form={{ problem }} />
          <Preview action={action} preview={preview} />
        </>
      ) : (
        <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
          <FormAlert form={form} />
          <Fields action={action} form={form} />
          <button type="submit" hidden />
        </form>
      )}
    </Modal>
  );
}

/** What an action needs besides its customers, under the API's names. */
function detail(action: BatchAction, values: Values) {
  switch (action) {
    case 'add_tag':
    case 'remove_tag':
      return { tag: values.tag[0] ?? null };
    case 'change_owner':
      return { owner_id: values.owner_id };
    case 'add_to_group':
    case 'remove_from_group':
      return { group_id: values.group_id ? Number(values.group_id) : null };
    case 'create_tasks':
      return {
        kind: values.kind,
        content: values.content,
        due_date: values.due_date || null,
        assignee: values.assignee === 'owner' ? 'owner' : values.person,
      };
  }
}

function Fields({ action, form }: { action: BatchAction; form: Form<Values> }) {
  const tags = useTags();
  const kinds = keyOptions(useDictionary('task_kind'));
  const groups = useGroups().data?.filter((group) => group.kind === 'static' && group.can_edit) ?? [];
  switch (action) {
    case 'add_tag':
      return (
        <TagPicker
          label={m.groups_batch_tag()}
          description={m.groups_batch_tag_hint()}
          required
          max={1}
          suggestions={tags.map((tag) => tag.name)}
          {...form.field('tag')}
        />
      );
    case 'remove_tag':
      return (
        <Select
          label={m.groups_batch_tag()}
          required
          options={tags.map((tag) => ({ value: tag.name, label: tag.name }))}
          name="tag"
          value={form.values.tag[0] ?? ''}
          onChange={(name) => form.set({ tag: name ? [name] : [] })}
          error={form.errors.tag}
        />
      );
    case 'change_owner':
      return <UserPicker label={m.groups_batch_owner()} required {...form.field('owner_id')} />;
    case 'add_to_group':
    case 'remove_from_group':
      return groups.length === 0 ? (
        <FormNote>{m.groups_batch_group_none()}</FormNote>
      ) : (
        <Select
          label={m.groups_batch_group()}
          required
          options={groups.map((group) => ({ value: String(group.id), label: group.name }))}
          {...form.field('group_id')}
        />
      );
    case 'create_tasks':
      return (
        <>
          <div className={layout.two}>
            <Select label={m.tasks_kind()} required options={kinds} {...form.field('kind')} />
            <DateField
              label={m.tasks_due_date()}
              description={m.tasks_due_hint()}
              required
              {...form.field('due_date')}
            />
          </div>
          <Textarea label={m.tasks_content()} required autoFocus rows={3} {...form.field('content')} />
          <RadioGroup
            label={m.groups_batch_assignee()}
            options={[
              { value: 'owner', label: m.groups_batch_each_owner() },
              { value: 'person', label: m.groups_batch_one_person() },
            ]}
            {...form.field('assignee')}
          />
          {form.values.assignee === 'person' && (
            <UserPicker label={m.groups_batch_person()} required {...form.field('person')} />
          )}
        </>
      );
  }
}

function Preview({ action, preview }: { action: BatchAction; preview: BatchPreview }) {
  return (
    <div className={css.preview}>
      <p className={css.will} role="status">
        {preview.count === 0
          ? m.groups_batch_nothing()
          : action === 'create_tasks'
            ? m.groups_batch_will_tasks({ n: count(preview.count), people: count(preview.people) })
            : m.groups_batch_will({ n: count(preview.count) })}
      </p>
      <Reasons title={m.groups_batch_left_out()} reasons={preview.left_out} />
      {preview.customers.length > 0 && (
        <ul className={css.names}>
          {preview.customers.map((customer) => (
            <li key={customer.id}>
              {customer.name}
              <span>{customer.owner_name ?? '—'}</span>
            </li>
          ))}
          {preview.count > preview.customers.length && (
            <li>
              <span>{m.groups_batch_and_more({ n: count(preview.count) })}</span>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

function Reasons({ title, reasons }: { title: string; reasons: BatchPreview['left_out'] }) {
  if (reasons.length === 0) return null;
  return (
    <FormNote>
      <p>{title}</p>
      <ul>
        {reasons.map((reason) => (
          <li key={reason.code + reason.message}>
            {m.groups_batch_left_row({ n: count(reason.count), reason: reason.message })}
            {reason.customers.length > 0 && aside(listed(reason.customers.map((customer) => customer.name)))}
          </li>
        ))}
      </ul>
    </FormNote>
  );
}

const LOOK_MS = 1_000;

/** How far a batch is; a long one is looked at every second until it has ended. */
export function BatchProgress({ id, onClose }: { id: number; onClose: () => void }) {
  const found = useQuery({
    queryKey: ['batches', id],
    queryFn: () => api.get<Batch>('/customers/batch/{id}', { path: { id } }),
    refetchInterval: (query) => (query.state.data?.state === 'done' || query.state.error ? false : LOOK_MS),
  });
  const batch = found.data;
  const ended = batch?.state === 'done';
  useEffect(() => {
    if (ended) refreshAfter('customer', 'group', 'tag', 'task');
  }, [ended]);
  return (
    <Modal
      title={batch ? actionLabels()[batch.action] : m.groups_bar()}
      width={520}
      onClose={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          {m.ui_close()}
        </Button>
      }
    >
      <FormAlert form={{ problem: found.error }} />
      {batch && (
        <div className={css.preview}>
          <p className={css.will} role="status">
            {ended
              ? m.groups_batch_done({ done: count(batch.done) })
              : m.groups_batch_progress({ done: count(batch.done + batch.failed), total: count(batch.total) })}
          </p>
          {!ended && (
            <>
              <progress
                className={css.progress}
                aria-label={m.groups_bar()}
                max={batch.total}
                value={batch.done + batch.failed}
              />
              <p>{m.groups_batch_running()}</p>
            </>
          )}
          <Reasons title={m.groups_batch_failed({ n: count(batch.failed) })} reasons={batch.failures} />
        </div>
      )}
    </Modal>
  );
}
