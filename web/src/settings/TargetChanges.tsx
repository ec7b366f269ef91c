import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Page, TargetChange } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime, money } from '@/ui/format';
import { SkeletonRows } from '@/ui/Skeleton';
import { cell as look, Table } from '@/ui/Table';
import css from './settings.module.css';
import { months } from './year';

/** Every change of a year's targets with its reason, the newest first (I22). */
export function TargetChanges({ year }: { year: number }) {
  const found = useInfiniteQuery({
    queryKey: ['targets', 'changes', year],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TargetChange>>('/targets/changes', {
        query: { period: months(year), limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  if (found.isPending) return <SkeletonRows rows={6} />;
  if (!found.data) return <FailedState error={found.error} retry={() => void found.refetch()} />;
  const rows = found.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <EmptyState>{m.settings_target_no_changes()}</EmptyState>;
  return (
    <>
      <Table label={m.settings_target_changes()}>
        <thead>
          <tr>
            <th scope="col">{m.settings_target_when()}</th>
            <th scope="col">{m.settings_target_owner()}</th>
            <th scope="col">{m.settings_target_period()}</th>
            <th scope="col" className={look.num}>
              {m.settings_target_old()}
            </th>
            <th scope="col" className={look.num}>
              {m.settings_target_new()}
            </th>
            <th scope="col">{m.settings_target_reason()}</th>
            <th scope="col">{m.settings_target_who()}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((change) => (
            <tr key={change.id}>
              <td>{dateTime(change.at)}</td>
              <td>{change.owner_name ?? m.settings_target_company()}</td>
              <td>{change.period}</td>
              <td className={look.num}>{change.old_amount ? money(change.old_amount) : '—'}</td>
              <td className={look.num}>{change.new_amount ? money(change.new_amount) : m.settings_target_removed()}</td>
              <td>{change.reason || '—'}</td>
              <td>{change.by_name}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {found.hasNextPage && (
        <div className={css.more}>
          <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {m.settings_target_more()}
          </Button>
        </div>
      )}
    </>
  );
}
