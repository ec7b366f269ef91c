import { Download, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { api } from '@/api/client';
import { entryName, useDictionary } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import type { TaskBatch, TaskSheetPreview } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button, buttonClass } from '@/ui/Button';
import { count, date } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { Table } from '@/ui/Table';
import { FormAlert, FormNote } from '@/ui/use-form';
import { sendSheet } from './send-sheet';
import { TaskBatchFacts } from './TaskBatches';
import css from './tasks.module.css';

/** 任务分配表 (I34): the form out, the filled-in one in; every row is shown, and all are given or none (S60). */
export default function TaskSheetDialog({ onClose }: { onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [preview, setPreview] = useState<TaskSheetPreview>();
  const [batch, setBatch] = useState<TaskBatch>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();

  async function attempt(work: () => Promise<void>) {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  }

  const look = (file: File) =>
    attempt(async () => {
      setPreview(undefined);
      setPreview(await sendSheet(file));
    });
  const give = (token: string) =>
    attempt(async () => {
      setBatch(await api.post<TaskBatch>('/tasks/batch', { body: { preview_token: token } }));
      refreshAfter('task');
    });
  const token = preview?.preview_token;

  if (batch) {
    return (
      <Modal
        title={m.tasks_sheet()}
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
      title={m.tasks_sheet()}
      width={preview ? 880 : 560}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          {preview && (
            <Button
              variant="primary"
              loading={busy}
              disabled={!token}
              onClick={() => {
                if (token) void give(token);
              }}
            >
              {m.tasks_batch_run({ n: count(preview.count) })}
            </Button>
          )}
        </>
      }
    >
      <p className={css.text}>{m.tasks_sheet_hint()}</p>
      <div className={css.badges}>
        <a className={buttonClass({ size: 'sm' })} href="/api/v1/templates/tasks.xlsx">
          <Download size={14} aria-hidden />
          {m.tasks_sheet_form()}
        </a>
        <Button
          size="sm"
          icon={<Upload size={14} aria-hidden />}
          loading={busy && !preview}
          onClick={() => input.current?.click()}
        >
          {m.tasks_sheet_choose()}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          accept=".xlsx,.csv,text/csv"
          aria-label={m.tasks_sheet_choose()}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            // The same file may be chosen again after it was corrected.
            event.currentTarget.value = '';
            if (file) void look(file);
          }}
        />
      </div>
      <FormAlert form={{ problem }} />
      {preview && <Rows preview={preview} />}
    </Modal>
  );
}

function Rows({ preview }: { preview: TaskSheetPreview }) {
  const kinds = useDictionary('task_kind');
  return (
    <>
      <p className={css.text} role="status">
        {preview.bad > 0
          ? m.tasks_sheet_bad({ n: count(preview.bad) })
          : m.tasks_batch_will({ n: count(preview.count), people: count(preview.assignees.length) })}
      </p>
      {preview.bad > 0 && <FormNote>{m.tasks_sheet_all_or_none()}</FormNote>}
      <Table label={m.tasks_batch_rows()}>
        <thead>
          <tr>
            <th scope="col">{m.tasks_sheet_line()}</th>
            <th scope="col">{m.tasks_kind()}</th>
            <th scope="col">{m.tasks_content()}</th>
            <th scope="col">{m.tasks_link()}</th>
            <th scope="col">{m.tasks_assignee()}</th>
            <th scope="col">{m.tasks_due_date()}</th>
            <th scope="col">{m.tasks_sheet_problems()}</th>
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row) => (
            <tr key={row.line}>
              <td>{row.line}</td>
              <td>{row.kind ? entryName(kinds, row.kind) : '—'}</td>
              <td>{row.content ?? '—'}</td>
              <td>{row.opportunity_name ?? row.customer_name ?? '—'}</td>
              <td>{row.assignee_name ?? '—'}</td>
              <td>{row.due_date ? date(row.due_date) : '—'}</td>
              <td className={row.problems.length > 0 ? css.late : undefined}>
                {row.problems.length === 0 ? (
                  m.tasks_sheet_fine()
                ) : (
                  <ul>
                    {row.problems.map((one) => (
                      <li key={`${one.field} ${one.code}`}>{`${fieldLabel(one.field)}：${one.message}`}</li>
                    ))}
                  </ul>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}

function fieldLabel(field: string): string {
  switch (field) {
    case 'kind':
      return m.tasks_kind();
    case 'content':
      return m.tasks_content();
    case 'due_date':
      return m.tasks_due_date();
    case 'assignee_id':
      return m.tasks_assignee();
    case 'customer_id':
      return m.tasks_customer();
    default:
      return m.tasks_opportunity();
  }
}
