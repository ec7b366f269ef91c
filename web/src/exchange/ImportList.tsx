import { Link, useNavigate } from '@tanstack/react-router';
import type { ImportSummary } from '@/api/types';
import { useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { StatusDot } from '@/ui/Badge';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { Card } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { cell, RowList, row, Table } from '@/ui/Table';
import { usePhone } from '@/ui/use-phone';
import { kindLabel, stateLabel, stateTone } from './labels';

/** What was brought in before, the newest first. */
export function ImportList() {
  const phone = usePhone();
  const navigate = useNavigate();
  const list = useList<ImportSummary>(['imports', 'list'], '/imports');
  return (
    <Card title={m.exchange_imports()} flush>
      {list.pending && <SkeletonRows />}
      {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
      {!list.pending && !list.error && list.rows.length === 0 && <EmptyState>{m.exchange_none()}</EmptyState>}
      {list.rows.length > 0 && phone && (
        <RowList label={m.exchange_imports()}>
          {list.rows.map((one) => (
            <li key={one.id}>
              <Link to="/imports/$id" params={{ id: String(one.id) }} className={row.link}>
                <span className={row.title}>{one.file_name}</span>
                <span className={row.side}>{stateLabel(one.state)}</span>
                <span className={row.meta}>{counts(one)}</span>
                <span className={row.side}>{dateTime(one.created_at)}</span>
              </Link>
            </li>
          ))}
        </RowList>
      )}
      {list.rows.length > 0 && !phone && (
        <Table label={m.exchange_imports()} onRow={(id) => void navigate({ to: '/imports/$id', params: { id } })}>
          <thead>
            <tr>
              <th scope="col">{m.exchange_col_file()}</th>
              <th scope="col">{m.exchange_col_content()}</th>
              <th scope="col">{m.exchange_col_state()}</th>
              <th scope="col">{m.exchange_col_result()}</th>
              <th scope="col">{m.exchange_col_when()}</th>
            </tr>
          </thead>
          <tbody>
            {list.rows.map((one) => (
              <tr key={one.id} data-id={one.id}>
                <td className={cell.strong}>
                  <Link to="/imports/$id" params={{ id: String(one.id) }}>
                    {one.file_name}
                  </Link>
                </td>
                <td>{kindLabel(one.kind)}</td>
                <td>
                  <StatusDot tone={stateTone(one.state)}>{stateLabel(one.state)}</StatusDot>
                </td>
                <td>{counts(one)}</td>
                <td>{dateTime(one.created_at)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <Pager list={list} />
    </Card>
  );
}

/** 新增 3，更新 1 … */
export const counts = (one: ImportSummary): string =>
  m.exchange_counts({
    created: one.created_rows,
    updated: one.updated_rows,
    skipped: one.skipped_rows,
    bad: one.bad_rows,
  });
