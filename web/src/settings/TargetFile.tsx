import { useMutation } from '@tanstack/react-query';
import { Download, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { api } from '@/api/client';
import { Problem } from '@/api/problem';
import { refreshAfter } from '@/api/query-client';
import type { TargetsSet } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button, buttonClass } from '@/ui/Button';
import { toast } from '@/ui/toast';
import css from './settings.module.css';

type Props = { year: number; reason: string };

/** The year as a workbook: out as it stands, in whole or not at all, with every wrong cell named (I22). */
export function TargetFile({ year, reason }: Props) {
  const picker = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<Problem>();
  const send = useMutation({
    mutationFn: (file: File) => {
      const body = new FormData();
      if (reason.trim()) body.append('reason', reason.trim());
      body.append('file', file);
      return api.post<TargetsSet>('/targets/workbook', { body: body as never });
    },
    onMutate: () => setRefused(undefined),
    onSuccess: ({ added, changed, unchanged }) => {
      refreshAfter('target');
      toast.success(m.settings_target_imported({ added, changed, unchanged }));
    },
    onError: (error) => {
      if (error instanceof Problem && error.fields.length > 0) setRefused(error);
      else toast.problem(error);
    },
  });
  return (
    <>
      <div className={css.files}>
        <a className={buttonClass({ size: 'sm' })} href={`/api/v1/targets/workbook?year=${year}`}>
          <Download size={14} aria-hidden />
          {m.settings_target_export()}
        </a>
        <Button
          size="sm"
          icon={<Upload size={14} aria-hidden />}
          loading={send.isPending}
          onClick={() => picker.current?.click()}
        >
          {m.settings_target_import()}
        </Button>
        <input
          ref={picker}
          type="file"
          hidden
          accept=".xlsx,.csv"
          aria-label={m.settings_target_import()}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = '';
            if (file) send.mutate(file);
          }}
        />
      </div>
      {refused && (
        <div role="alert" className={css.refused}>
          <strong>{m.settings_target_refused({ count: refused.fields.length })}</strong>
          <ul>
            {refused.fields.map((field) => (
              <li key={`${field.field} ${field.code}`}>
                {placeOf(field.field)}
                {field.message}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** `rows[7].2024-03` is line 7, column 2024-03 of the file. */
export function placeOf(field: string): string {
  const [, line, column] = /^rows\[(\d+)\](?:\.(.+))?$/.exec(field) ?? [];
  const names: Record<string, string> = {
    level: m.settings_target_column_level(),
    number: m.settings_target_column_number(),
    name: m.settings_target_column_name(),
    month: m.settings_target_period(),
  };
  if (line) {
    const where = column ? (names[column] ?? column) : '';
    return m.settings_target_place({ line, column: where });
  }
  const [, heading] = /^header\[(.+)\]$/.exec(field) ?? [];
  if (heading) return m.settings_target_heading({ name: names[heading] ?? heading });
  return field === 'reason' ? `${m.settings_target_reason()} · ` : '';
}
