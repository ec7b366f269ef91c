import { useState } from 'react';
import { api } from '@/api/client';
import { entryOptions, keyOptions, useDictionary, useStages } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import type { TaskBatch, TaskBatchPreview } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Checkbox, RadioGroup } from '@/ui/Choice';
import { addDays, today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { count } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { UserPicker } from '@/ui/RecordPicker';
import { MultiSelect, Select } from '@/ui/Select';
import { Table } from '@/ui/Table';
import { Textarea } from '@/ui/TextField';
import { type Form, FormAlert, FormNote, layout, useForm } from '@/ui/use-form';
import { TaskBatchFacts } from './TaskBatches';
import css from './tasks.module.css';

type Values = {
  region: string[];
  stage: string[];
  kind: string;
  content: string;
  due_date: string;
  assignee: string;
  person: number | null;
  needs_acceptance: boolean;
};

/** 批量分派 (S60): whom it concerns, then exactly the tasks, then how it went, where it can be taken back. */
export default function TaskBatchDialog({ onClose }: { onClose: () => void }) {
  const [preview, setPreview] = useState<TaskBatchPreview>();
  const [batch, setBatch] = useState<TaskBatch>();
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const form = useForm<Values>({
    initial: {
      region: [],
      stage: [],
      kind: 'customer_follow_up',
      content: '',
      due_date: addDays(today(), 1),
      assignee: 'owner',
      person: null,
      needs_acceptance: false,
    },
    save: async ({ person, assignee, due_date, region, ...rest }) => {
      setProblem(undefined);
      const body = {
        ...rest,
        region: region.map(Number),
        due_date: due_date || null,
        assignee: assignee === 'owner' ? 'owner' : person,
      };
      setPreview(await api.post<TaskBatchPreview>('/tasks/batch/preview', { body }));
    },
  });

  async function run({ preview_token }: TaskBatchPreview) {
    setRunning(true);
    try {
      setBatch(await api.post<TaskBatch>('/tasks/batch', { body: { preview_token } }));
      refreshAfter('task');
    } catch (error) {
      setProblem(error);
    }
    setRunning(false);
  }

  if (batch) {
    return (
      <Modal
        title={m.tasks_batch()}
        width={560}
        onClose={onClose}
        footer={
          <Button variant="primary" onClick={onClose}>
            {m.ui_close()}
          </Button>
        }
      >
        <TaskBatchFacts batch={batch} onChanged={setBatch} />
      </Modal>
    );
  }
  return (
    <Modal
      title={m.tasks_batch()}
      width={preview ? 720 : 560}
      onClose={onClose}
      footer={
        preview ? (
          <>
            <Button onClick={() => setPreview(undefined)}>{m.ui_back()}</Button>
            <Button
              variant="primary"
              loading={running}
              disabled={preview.count === 0}
              onClick={() => void run(preview)}
            >
              {m.tasks_batch_run({ n: count(preview.count) })}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{m.ui_cancel()}</Button>
            <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
              {m.tasks_batch_preview()}
            </Button>
          </>
        )
      }
    >
      {preview ? (
        <>
          <FormAlert form={{ problem }} />
          <Preview preview={preview} />
        </>
      ) : (
        <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
          <FormAlert form={form} />
          <Fields form={form} />
          <button type="submit" hidden />
        </form>
      )}
    </Modal>
  );
}

function Fields({ form }: { form: Form<Values> }) {
  const kinds = keyOptions(useDictionary('task_kind'));
  const regions = entryOptions(useDictionary('region'));
  const stages = useStages()
    .filter((stage) => stage.kind === 'open')
    .map((stage) => ({ value: stage.key, label: stage.name }));
  return (
    <>
      <div className={layout.two}>
        <MultiSelect label={m.tasks_batch_stage()} options={stages} {...form.field('stage')} />
        <MultiSelect label={m.tasks_batch_region()} options={regions} {...form.field('region')} />
      </div>
      <div className={layout.two}>
        <Select label={m.tasks_kind()} required options={kinds} {...form.field('kind')} />
        <DateField label={m.tasks_due_date()} description={m.tasks_due_hint()} required {...form.field('due_date')} />
      </div>
      <Textarea label={m.tasks_content()} required rows={3} {...form.field('content')} />
      <RadioGroup
        label={m.tasks_assignee()}
        options={[
          { value: 'owner', label: m.tasks_batch_each_owner() },
          { value: 'person', label: m.tasks_batch_one_person() },
        ]}
        {...form.field('assignee')}
      />
      {form.values.assignee === 'person' && (
        <UserPicker label={m.tasks_batch_person()} required {...form.field('person')} />
      )}
      <Checkbox label={m.tasks_needs_acceptance()} {...form.field('needs_acceptance')} />
    </>
  );
}

function Preview({ preview }: { preview: TaskBatchPreview }) {
  return (
    <>
      <p className={css.text} role="status">
        {preview.count === 0
          ? m.tasks_batch_nothing()
          : m.tasks_batch_will({ n: count(preview.count), people: count(preview.assignees.length) })}
      </p>
      {preview.left_out > 0 && <FormNote>{m.tasks_batch_left_out({ n: count(preview.left_out) })}</FormNote>}
      {preview.count > 0 && (
        <>
          <ul className={css.shares}>
            {preview.assignees.map((share) => (
              <li key={share.id}>{m.tasks_batch_share({ name: share.name, n: count(share.count) })}</li>
            ))}
          </ul>
          <Table label={m.tasks_batch_rows()}>
            <thead>
              <tr>
                <th scope="col">{m.tasks_customer()}</th>
                <th scope="col">{m.tasks_opportunity()}</th>
                <th scope="col">{m.tasks_assignee()}</th>
              </tr>
            </thead>
            <tbody>
              {preview.rows.map((row) => (
                <tr key={`${row.customer_id}-${row.opportunity_id ?? 0}`}>
                  <td>{row.customer_name}</td>
                  <td>{row.opportunity_name ?? '—'}</td>
                  <td>{row.assignee_name}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </>
      )}
    </>
  );
}
