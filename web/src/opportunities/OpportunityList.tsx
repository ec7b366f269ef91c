import type { ReactNode } from 'react';
import type { Opportunity } from '@/api/types';
import { useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { total } from '@/ui/format';
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

export function OpportunityList({ search, onChange, create }: Props) {
  const phone = usePhone();
  const { view: _, sort = '-updated_at', ...filter } = search;
  const list = useList<Opportunity>(['opportunities', 'list'], '/opportunities', { ...filter, sort });
  const filtered = isFiltered(search);
  return (
    <Card flush>
      <OpportunityFilters search={search} onChange={onChange}>
        {!list.pending && !list.error && (
          <span className={css.total} aria-live="polite">
            {m.opportunities_count({ n: total(list.total, list.capped) })}
          </span>
        )}
      </OpportunityFilters>
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
