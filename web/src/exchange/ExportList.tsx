import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { api } from '@/api/client';
import { useCan } from '@/api/session';
import type { Export, Page } from '@/api/types';
import * as m from '@/paraglide/messages';
import { StatusDot } from '@/ui/Badge';
import { buttonClass } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { count, dateTime } from '@/ui/format';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { cell, RowList, row, Table } from '@/ui/Table';
import { usePhone } from '@/ui/use-phone';
import css from './exchange.module.css';
import { isBusy, kindLabel, stateLabel, stateTone } from './labels';
import { WholeCompany } from './WholeCompany';

/** 导出记录: one's own exports, to be fetched for a week (I47). */
export function ExportList() {
  const query = useQuery({
    queryKey: ['exports', 'list'],
    queryFn: () => api.get<Page<Export>>('/exports', { query: { limit: 100 } }),
    refetchInterval: ({ state }) => (state.data?.items.some((one) => isBusy(one.state)) ? 1_000 : false),
  });
  const can = useCan();
  const phone = usePhone();
  const rows = query.data?.items ?? [];
  return (
    <Card title={m.exchange_exports()} actions={can('archive_company') && <WholeCompany />} flush>
      {query.isPending && <SkeletonRows />}
      {query.isError && <FailedState error={query.error} retry={() => void query.refetch()} />}
      {query.isSuccess && rows.length === 0 && <EmptyState>{m.exchange_none_exports()}</EmptyState>}
      {rows.length > 0 && phone && (
        <RowList label={m.exchange_exports()}>
          {rows.map((one) => (
            <li key={one.id} className={row.link}>
              <span className={row.title}>{kindLabel(one.kind)}</span>
              <span className={row.side}>{stateLabel(one.state)}</span>
              <span className={row.meta}>
                {one.problem ?? m.exchange_rows_at({ n: count(one.done_rows), at: dateTime(one.created_at) })}
              </span>
              <span className={row.side}>
                {one.state === 'done' && (
                  <a href={`/api/v1/exports/${one.id}/file`} aria-label={`${m.exchange_download()}: ${one.file_name}`}>
                    {m.exchange_download()}
                  </a>
                )}
              </span>
            </li>
          ))}
        </RowList>
      )}
      {rows.length > 0 && !phone && (
        <Table label={m.exchange_exports()}>
          <thead>
            <tr>
              <th scope="col">{m.exchange_col_content()}</th>
              <th scope="col">{m.exchange_col_state()}</th>
              <th scope="col" className={cell.num}>
                {m.exchange_col_rows()}
              </th>
              <th scope="col">{m.exchange_col_when()}</th>
              <th scope="col">{m.exchange_col_file()}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.id}>
                <td>{kindLabel(one.kind)}</td>
                <td>
                  <StatusDot tone={stateTone(one.state)}>{one.problem ?? stateLabel(one.state)}</StatusDot>
                  {isBusy(one.state) && (
                    <progress
                      className={css.progress}
                      max={Math.max(one.total_rows, 1)}
                      value={one.done_rows}
                      aria-label={m.exchange_exporting()}
                    />
                  )}
                </td>
                <td className={cell.num}>{count(one.done_rows)}</td>
                <td>{dateTime(one.created_at)}</td>
                <td>
                  {one.state === 'done' && (
                    <a
                      className={buttonClass({ size: 'sm' })}
                      href={`/api/v1/exports/${one.id}/file`}
                      title={m.exchange_expires({ at: dateTime(one.expires_at) })}
                    >
                      <Download size={14} aria-hidden />
                      {one.file_name}
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
