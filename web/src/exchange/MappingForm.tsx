import { useState } from 'react';
import { messageOf, Problem } from '@/api/problem';
import type { Import, ImportMode } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { labelled } from '@/ui/format';
import { Card } from '@/ui/Page';
import { Table } from '@/ui/Table';
import { usePhone } from '@/ui/use-phone';
import css from './exchange.module.css';

export type RunDraft = { mode: ImportMode; dry_run: boolean; mapping: Record<string, string | null> };

/** What each column of the file means, and what happens to known records. */
export function MappingForm({ data, onRun }: { data: Import; onRun: (draft: RunDraft) => Promise<void> }) {
  const phone = usePhone();
  const [fields, setFields] = useState<(string | null)[]>(data.columns.map((column) => column.field));
  const [mode, setMode] = useState<ImportMode>(data.mode);
  const [sending, setSending] = useState<'try' | 'run'>();
  const [errors, setErrors] = useState<string[]>([]);
  const choices = data.fields.filter((field) => field.importable);

  async function send(dry: boolean) {
    setSending(dry ? 'try' : 'run');
    setErrors([]);
    const named = data.columns.map((column, i) => [column.header, fields[i] ?? null] as const);
    const mapping = Object.fromEntries(named.filter(([header]) => header !== ''));
    try {
      await onRun({ mode, dry_run: dry, mapping });
    } catch (problem) {
      const titles = new Map(data.fields.map((field) => [`mapping.${field.key}`, field.title]));
      const told =
        problem instanceof Problem
          ? problem.fields.map((field) => labelled(titles.get(field.field), field.message))
          : [];
      setErrors(told.length > 0 ? told : [messageOf(problem)]);
    } finally {
      setSending(undefined);
    }
  }

  return (
    <Card title={m.exchange_mapping()}>
      <div className={css.stack}>
        <Table label={m.exchange_mapping()}>
          <thead>
            <tr>
              <th scope="col">{m.exchange_col_header()}</th>
              <th scope="col">{m.exchange_col_field()}</th>
              {!phone && <th scope="col">{m.exchange_col_samples()}</th>}
            </tr>
          </thead>
          <tbody>
            {data.columns.map((column, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns of a file keep their places
              <tr key={i}>
                <td className={phone ? css.headerCell : undefined}>
                  {column.header}
                  {phone && <small className={css.sample}>{column.samples[0]}</small>}
                </td>
                <td>
                  <select
                    className={css.select}
                    aria-label={m.exchange_field_of({ header: column.header })}
                    disabled={column.header === ''}
                    value={fields[i] ?? ''}
                    onChange={(event) => {
                      const next = event.currentTarget.value || null;
                      setFields((before) => before.map((field, at) => (at === i ? next : field)));
                    }}
                  >
                    <option value="">{m.exchange_leave_out()}</option>
                    {choices.map((field) => (
                      <option key={field.key} value={field.key}>
                        {field.required ? `${field.title} *` : field.title}
                      </option>
                    ))}
                  </select>
                </td>
                {!phone && <td className={css.samples}>{column.samples.join(' · ')}</td>}
              </tr>
            ))}
          </tbody>
        </Table>
        <RadioGroup
          label={m.exchange_mode()}
          value={mode}
          onChange={(next) => setMode(next as ImportMode)}
          options={[
            { value: 'create', label: m.exchange_mode_create() },
            { value: 'skip', label: m.exchange_mode_skip() },
            { value: 'update', label: m.exchange_mode_update() },
            { value: 'upsert', label: m.exchange_mode_upsert() },
          ]}
        />
        {errors.length > 0 && (
          <div role="alert">
            <ul className={css.error}>
              {errors.map((error) => (
                <li key={error}>{error}</li>
              ))}
            </ul>
          </div>
        )}
        <div className={css.line}>
          <Button variant="primary" loading={sending === 'try'} onClick={() => void send(true)}>
            {m.exchange_try()}
          </Button>
          <Button loading={sending === 'run'} onClick={() => void send(false)}>
            {m.exchange_run()}
          </Button>
        </div>
      </div>
    </Card>
  );
}
