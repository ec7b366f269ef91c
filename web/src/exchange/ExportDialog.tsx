import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import type { ExchangeKind, Export, ExportColumns } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button, buttonClass } from '@/ui/Button';
import { CheckboxGroup, RadioGroup } from '@/ui/Choice';
import { count } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { toast } from '@/ui/toast';
import css from './exchange.module.css';
import { isBusy, kindLabel } from './labels';

type Props = { kind: ExchangeKind; filter: Record<string, unknown>; onClose: () => void };

/** The list as it is seen, as a file: columns, format, progress, download (I47). */
export default function ExportDialog({ kind, filter, onClose }: Props) {
  const columns = useQuery({
    queryKey: ['exports', 'columns', kind],
    queryFn: () => api.get<ExportColumns>('/export-columns', { query: { kind } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const all = columns.data?.items ?? [];
  const [chosen, setChosen] = useState<string[]>();
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx');
  const [started, setStarted] = useState<number>();
  const [sending, setSending] = useState(false);
  const running = useQuery({
    queryKey: ['exports', 'one', started],
    queryFn: () => api.get<Export>('/exports/{id}', { path: { id: started ?? 0 } }),
    enabled: started !== undefined,
    refetchInterval: ({ state }) => (state.data && !isBusy(state.data.state) ? false : 600),
  });
  const wanted = chosen ?? all.map((column) => column.key);
  const done = running.data;

  async function start() {
    setSending(true);
    try {
      // In the list's own order, whichever was ticked first.
      const keys = all.map((column) => column.key).filter((key) => wanted.includes(key));
      const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
      const body = { kind, format, columns: keys, filter: given };
      setStarted((await api.post<Export>('/exports', { body: body as never })).id);
    } catch (error) {
      toast.problem(error);
    } finally {
      setSending(false);
    }
  }

  return (
    <Modal
      title={m.exchange_export_title({ kind: kindLabel(kind) })}
      onClose={onClose}
      width={560}
      footer={
        done?.state === 'done' ? (
          <a className={buttonClass({ variant: 'primary' })} href={`/api/v1/exports/${done.id}/file`}>
            <Download size={15} aria-hidden />
            {m.exchange_download()}
          </a>
        ) : (
          <Button
            variant="primary"
            disabled={wanted.length === 0}
            loading={sending || (started !== undefined && done?.state !== 'failed')}
            onClick={() => void start()}
          >
            {m.exchange_start_export()}
          </Button>
        )
      }
    >
      {started === undefined ? (
        <div className={css.stack}>
          <p className={css.hint}>{m.exchange_export_hint()}</p>
          <RadioGroup
            label={m.exchange_format()}
            value={format}
            onChange={(next) => setFormat(next as 'xlsx' | 'csv')}
            options={[
              { value: 'xlsx', label: m.exchange_format_xlsx() },
              { value: 'csv', label: m.exchange_format_csv() },
            ]}
          />
          <CheckboxGroup
            label={m.exchange_columns()}
            value={wanted}
            onChange={setChosen}
            options={all.map((column) => ({ value: column.key, label: column.title }))}
          />
        </div>
      ) : (
        <div className={css.stack} role="status">
          {done?.state === 'done' && (
            <>
              <p>{m.exchange_export_done({ n: count(done.done_rows) })}</p>
              {done.left_out > 0 && <p>{m.exchange_left_out({ n: count(done.left_out) })}</p>}
              <p className={`${css.hint} ${css.hash}`}>{m.exchange_sha({ hash: done.content_sha256 ?? '' })}</p>
            </>
          )}
          {done?.problem && <p className={css.error}>{done.problem}</p>}
          {(!done || isBusy(done.state)) && (
            <>
              <p>{m.exchange_exporting()}</p>
              <progress
                className={css.progress}
                max={Math.max(done?.total_rows ?? 1, 1)}
                value={done?.done_rows ?? 0}
                aria-label={m.exchange_exporting()}
              />
            </>
          )}
        </div>
      )}
    </Modal>
  );
}
