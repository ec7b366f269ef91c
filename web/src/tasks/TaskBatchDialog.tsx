import { useState } from 'react';
import { api } from '@/api/client';
import { entryOptions, keyOptions, useDictionary, useStages } from '@/api/dictionaries';
import type { TaskBatchPreview } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Checkbox, RadioGroup } from '@/ui/Choice';
import { addDays, today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { count } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { UserPicker } from '@/ui/RecordPicker';
import { MultiSelect, Select } from '@/ui/Select';
import { RowList, row, Table } from '@/ui/Table';
import { Textarea } from '@/ui/TextField';
import { type Form, FormAlert, FormNote, layout, useForm } from '@/ui/use-form';
import { usePhone } from '@/ui/use-phone';
import css from './tasks.module.css';
import { useGiving } from './use-giving';

type Values = {
  region: string[];
  stage: string[];
  kind: string;
  content: string;
  due_date: string;
  assignee: string;
  person: number | null;
  otherwise: number | null;
  needs_acceptance: boolean;
};

/** 批量分派 (S60): whom it concerns, then exactly the tasks, then how it went, where it can be taken back. */
export default function TaskBatchDialog({ onClose }: { onClose: () => void }) {
  const [preview, setPreview] = useState<TaskBatchPreview>();
  const { problem, setProblem, giveButton, done } = useGiving(m.tasks_batch(), onClose);
  const form = useForm<Values>({
    initial: {
      region: [],
      stage: [],
      kind: 'customer_follow_up',
      content: '',
      due_date: addDays(today(), 1),
      assignee: 'owner',
      person: null,
      otherwise: null,
      needs_acceptance: false,
    },
    save: async ({ person, otherwise, assignee, due_date, region, ...rest }) => {
      setProblem(undefined);
      const body = {
        ...rest,
        region: region.map(Number),
        due_date: due_date || null,
        assignee: assignee === 'person' ? person : assignee,
        ...(assignee === 'rules' && { otherwise }),
      };
      setPreview(await api.post<TaskBatchPreview>('/tasks/batch/preview', { body }));
    },
  });

  if (done) return done;
  return (
    <Modal
      title={m.tasks_batch()}
      width={preview ? 720 : 560}
      onClose={onClose}
      footer={
        preview ? (
          <>
            <Button onClick={() => setPreview(undefined)}>{m.ui_back()}</Button>
            {giveButton({ ...preview, preview_token: preview.preview_token ?? null })}
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
          { value: 'rules', label: m.tasks_batch_by_rules() },
          { value: 'person', label: m.tasks_batch_one_person() },
        ]}
        {...form.field('assignee')}
      />
      {form.values.assignee === 'person' && (
        <UserPicker label={m.tasks_batch_person()} required {...form.field('person')} />
      )}
      {form.values.assignee === 'rules' && (
        <UserPicker
          label={m.tasks_batch_otherwise()}
          description={m.tasks_batch_otherwise_hint()}
          {...form.field('otherwise')}
        />
      )}
      <Checkbox label={m.tasks_needs_acceptance()} {...form.field('needs_acceptance')} />
    </>
  );
}

function Preview({ preview }: { preview: TaskBatchPreview }) {
  const phone = usePhone();
  const byRules = preview.uncovered > 0 || preview.rows.some((row) => row.rule);
  return (
    <>
      {preview.uncovered > 0 ? (
        <FormNote>{m.tasks_batch_uncovered({ n: count(preview.uncovered) })}</FormNote>
      ) : (
        <p className={css.text} role="status">
          {preview.count === 0
            ? m.tasks_batch_nothing()
            : m.tasks_batch_will({ n: count(preview.count), people: count(preview.assignees.length) })}
        </p>
      )}
      {preview.left_out > 0 && <FormNote>{m.tasks_batch_left_out({ n: count(preview.left_out) })}</FormNote>}
      {preview.count > 0 && (
        <>
          <ul className={css.shares}>
            {preview.assignees.map((share) => (
              <li key={share.id}>{m.tasks_batch_share({ name: share.name, n: count(share.count) })}</li>
            ))}
          </ul>
          {phone ? <PhoneRows preview={preview} byRules={byRules} /> : <Rows preview={preview} byRules={byRules} />}
        </>
      )}
    </>
  );
}

type PreviewRow = TaskBatchPreview['rows'][number];
type RowsProps = { preview: TaskBatchPreview; byRules: boolean };

const ruleOf = (one: PreviewRow): string => one.rule?.name ?? (one.assignee_id === 0 ? m.tasks_batch_nobody() : '—');
const keyOf = (one: PreviewRow): string => `${one.customer_id}-${one.opportunity_id ?? 0}`;

function Rows({ preview, byRules }: RowsProps) {
  return (
    <Table label={m.tasks_batch_rows()}>
      <thead>
        <tr>
          <th scope="col">{m.tasks_customer()}</th>
          <th scope="col">{m.tasks_opportunity()}</th>
          <th scope="col">{m.tasks_assignee()}</th>
          {byRules && <th scope="col">{m.tasks_batch_rule()}</th>}
        </tr>
      </thead>
      <tbody>
        {preview.rows.map((one) => (
          <tr key={keyOf(one)}>
            <td>{one.customer_name}</td>
            <td>{one.opportunity_name ?? '—'}</td>
            <td>{one.assignee_name || '—'}</td>
            {byRules && <td>{ruleOf(one)}</td>}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** On a phone each task stands on its own, and nothing scrolls sideways. */
function PhoneRows({ preview, byRules }: RowsProps) {
  return (
    <RowList label={m.tasks_batch_rows()}>
      {preview.rows.map((one) => (
        <li key={keyOf(one)}>
          <div className={row.link}>
            <span className={row.title}>{one.customer_name}</span>
            <span className={row.side}>{one.assignee_name || '—'}</span>
            {one.opportunity_name && <span className={row.meta}>{one.opportunity_name}</span>}
            {byRules && <span className={css.ofRow}>{`${m.tasks_batch_rule()} · ${ruleOf(one)}`}</span>}
          </div>
        </li>
      ))}
    </RowList>
  );
}
