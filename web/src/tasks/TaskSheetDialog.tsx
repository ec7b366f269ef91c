import { Download, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { entryName, useDictionary } from '@/api/dictionaries';
import type { TaskSheetPreview } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button, buttonClass } from '@/ui/Button';
import { count, date } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { RowList, row, Table } from '@/ui/Table';
import { FormAlert, FormNote } from '@/ui/use-form';
import { usePhone } from '@/ui/use-phone';
import { sendSheet } from './send-sheet';
import css from './tasks.module.css';
import { useGiving } from './use-giving';

/** 任务分配表 (I34): the form out, the filled-in one in; every row is shown, and all are given or none (S60). */
export default function TaskSheetDialog({ onClose }: { onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [preview, setPreview] = useState<TaskSheetPreview>();
  const { busy, problem, attempt, giveButton, done } = useGiving(m.tasks_sheet(), onClose);

  const look = (file: File) =>
    attempt(async () => {
      setPreview(undefined);
      setPreview(await sendSheet(file));
    });
  if (done) return done;
  return (
    <Modal
      title={m.tasks_sheet()}
      width={preview ? 880 : 560}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          {preview && giveButton({ ...preview, preview_token: preview.preview_token ?? null })}
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
  const phone = usePhone();
  return (
    <>
      <p className={css.text} role="status">
        {preview.bad > 0
          ? m.tasks_sheet_bad({ n: count(preview.bad) })
          : m.tasks_batch_will({ n: count(preview.count), people: count(preview.assignees.length) })}
      </p>
      {preview.bad > 0 && <FormNote>{m.tasks_sheet_all_or_none()}</FormNote>}
      {phone ? <PhoneRows preview={preview} /> : <RowsTable preview={preview} />}
    </>
  );
}

function RowsTable({ preview }: { preview: TaskSheetPreview }) {
  const kinds = useDictionary('task_kind');
  return (
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
        {preview.rows.map((one) => (
          <tr key={one.line}>
            <td>{one.line}</td>
            <td>{one.kind ? entryName(kinds, one.kind) : '—'}</td>
            <td>{one.content ?? '—'}</td>
            <td>{one.opportunity_name ?? one.customer_name ?? '—'}</td>
            <td>{one.assignee_name ?? '—'}</td>
            <td>{one.due_date ? date(one.due_date) : '—'}</td>
            <td className={one.problems.length > 0 ? css.late : undefined}>
              <Problems line={one} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** On a phone each row of the sheet stands on its own, and nothing scrolls sideways. */
function PhoneRows({ preview }: { preview: TaskSheetPreview }) {
  const kinds = useDictionary('task_kind');
  return (
    <RowList label={m.tasks_batch_rows()}>
      {preview.rows.map((one) => (
        <li key={one.line}>
          <div className={row.link}>
            <span className={row.title}>{`${one.line} · ${one.content ?? '—'}`}</span>
            <span className={row.side}>{one.assignee_name ?? '—'}</span>
            <span className={row.meta}>
              {[
                one.kind ? entryName(kinds, one.kind) : '',
                one.opportunity_name ?? one.customer_name ?? '',
                one.due_date ? date(one.due_date) : '',
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
            <div className={`${css.ofRow} ${one.problems.length > 0 ? css.late : ''}`}>
              <Problems line={one} />
            </div>
          </div>
        </li>
      ))}
    </RowList>
  );
}

function Problems({ line }: { line: TaskSheetPreview['rows'][number] }) {
  return line.problems.length === 0 ? (
    m.tasks_sheet_fine()
  ) : (
    <ul>
      {line.problems.map((one) => (
        <li key={`${one.field} ${one.code}`}>{`${fieldLabel(one.field)} · ${one.message}`}</li>
      ))}
    </ul>
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
