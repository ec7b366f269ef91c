import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '@/api/client';
import type { Opportunity, OpportunitySums } from '@/api/types';
import { useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { moneyShort, total } from '@/ui/format';
import { Card } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { usePhone } from '@/ui/use-phone';
import { isFiltered, OpportunityFilters } from './OpportunityFilters';
import { OpportunityRows, OpportunityTable } from './OpportunityTable';
import css from './opportunities.module.css';
import type { OpportunitiesSearch } from './routes';

type Props = {
  search: OpportunitiesSearch;
  onChange: (patch: Partial<OpportunitiesSearch>) => void;
  create: ReactNode;
};

/** What the list comes to, asked for once it is there: the same as the figure that led to it (I29). */
function useSums(filter: Omit<OpportunitiesSearch, 'view' | 'sort'>, enabled: boolean): string[] {
  const found = useQuery({
    queryKey: ['opportunities', 'sums', filter],
    queryFn: ({ signal }) => api.get<OpportunitySums>('/opportunities/sums', { query: filter, signal }),
    placeholderData: keepPreviousData,
    enabled,
  });
  const sums = found.data;
  if (!enabled || !sums || sums.count_is_capped) return [];
  const some = (amount: string | null) => Number(amount) > 0;
  return [
    m.opportunities_sum({ sum: moneyShort(sums.expected_amount) }),
    ...(some(sums.weighted_amount) ? [m.opportunities_sum_weighted({ sum: moneyShort(sums.weighted_amount) })] : []),
    ...(some(sums.won_amount) ? [m.opportunities_sum_won({ sum: moneyShort(sums.won_amount) })] : []),
  ];
}

export function OpportunityList({ search, onChange, create }: Props) {
  const phone = usePhone();
  const { view: _, sort = '-updated_at', ...filter } = search;
  const list = useList<Opportunity>(['opportunities', 'list'], '/opportunities', { ...filter, sort });
  const comesTo = useSums(filter, !list.pending && !list.error && !list.capped && list.total > 0);
  const said = !list.pending && !list.error && (
    <span className={css.total} aria-live="polite">
      {[m.opportunities_count({ n: total(list.total, list.capped) }), ...comesTo].join(' · ')}
    </span>
  );
  const filtered = isFiltered(search);
  return (
    <Card flush>
      <OpportunityFilters search={search} onChange={onChange}>
        {!phone && said}
      </OpportunityFilters>
      {phone && said}
      {list.pending && <SkeletonRows rows={12} />}
      {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
      {!list.pending && !list.error && list.rows.length === 0 && (
        <EmptyState action={filtered ? undefined : create}>
          {filtered ? m.opportunities_none_found() : m.opportunities_none()}
        </EmptyState>
      )}
      {list.rows.length > 0 &&
        (phone ? (
          <OpportunityRows rows={list.rows} />
        ) : (
          <OpportunityTable
            rows={list.rows}
            sort={sort}
            onSort={(next) => onChange({ sort: next as OpportunitiesSearch['sort'] })}
          />
        ))}
      <Pager list={list} />
    </Card>
  );
}
