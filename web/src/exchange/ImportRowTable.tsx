import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/api/client';
import type { Import, ImportedRow, ImportedRowState, ImportedRows } from '@/api/types';
import * as m from '@/paraglide/messages';
import { StatusDot } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { labelled } from '@/ui/format';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { cell, Table } from '@/ui/Table';
import { Tabs } from '@/ui/Tabs';
import css from './exchange.module.css';
import { rowLabel, rowTone } from './labels';

const STATES = ['bad', 'skipped', 'created', 'updated', 'kept', 'undone'] as const;

/** What became of each row, the refused ones first (I46). */
export function ImportRowTable({ data }: { data: Import }) {
  const [state, setState] = useState<ImportedRowState | 'all'>(data.bad_rows > 0 ? 'bad' : 'all');
  const query = useInfiniteQuery({
    queryKey: ['imports', 'rows', data.id, data.version, state],
    queryFn: ({ pageParam }) =>
      api.get<ImportedRows>('/imports/{id}/rows', {
        path: { id: data.id },
        query: { state: state === 'all' ? undefined : state, after: pageParam, limit: 50 },
      }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => last.next_after ?? undefined,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const nameAt = data.columns.findIndex((column) => column.field === 'name');
  return (
    <Card flush>
      <div className={css.tabs}>
        <Tabs
          label={m.exchange_col_outcome()}
          value={state}
          onChange={setState}
          tabs={[
            { value: 'all' as const, label: m.exchange_rows_all() },
            ...STATES.map((value) => ({ value, label: rowLabel(value) })),
          ]}
        />
      </div>
      {query.isPending && <SkeletonRows />}
      {query.isError && <FailedState error={query.error} retry={() => void query.refetch()} />}
      {query.isSuccess && rows.length === 0 && <EmptyState>{m.exchange_rows_none()}</EmptyState>}
      {rows.length > 0 && (
        <Table label={m.exchange_col_outcome()}>
          <thead>
            <tr>
              <th scope="col" className={cell.num}>
                {m.exchange_col_line()}
              </th>
              <th scope="col">{m.exchange_col_record()}</th>
              <th scope="col">{m.exchange_col_outcome()}</th>
              <th scope="col">{m.exchange_col_reason()}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.line}>
                <td className={cell.num}>{row.line}</td>
                <td>
                  <RecordCell row={row} kind={data.kind} name={row.cells[nameAt] ?? row.cells[0] ?? ''} />
                </td>
                <td>
                  <StatusDot tone={rowTone(row.state)}>{rowLabel(row.state)}</StatusDot>
                </td>
                <td className={css.reasons}>
                  {row.reasons.map((reason) => labelled(reason.label, reason.message)).join('; ')}
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {query.hasNextPage && (
        <div className={css.more}>
          <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {m.exchange_more_rows()}
          </Button>
        </div>
      )}
    </Card>
  );
}

function RecordCell({ row, kind, name }: { row: ImportedRow; kind: Import['kind']; name: string }) {
  if (!row.record_id || row.state === 'undone') return <span>{name}</span>;
  const id = String(row.record_id);
  const text = `${row.record_number ?? ''} ${name}`.trim();
  return kind === 'customers' ? (
    <Link to="/customers/$id" params={{ id }}>
      {text}
    </Link>
  ) : (
    <Link to="/opportunities/$id" params={{ id }}>
      {text}
    </Link>
  );
}
