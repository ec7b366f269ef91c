import { useNavigate } from '@tanstack/react-router';
import { Plus, Tags } from 'lucide-react';
import { lazy, Suspense, useCallback } from 'react';
import { useCan } from '@/api/session';
import type { CustomerRow } from '@/api/types';
import { useList } from '@/api/use-list';
import { useOpenDrawer } from '@/app/drawer-search';
import { compact } from '@/app/search';
import { ExportButton } from '@/exchange';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { total } from '@/ui/format';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { usePhone } from '@/ui/use-phone';
import { CustomerFilters, isFiltered } from './CustomerFilters';
import { CustomerRows, CustomerTable } from './CustomerTable';
import { type CustomersSearch, customersRoute } from './routes';

const TagsDialog = lazy(() => import('./TagsDialog'));

/** The customer list (S25, S31); filters, sort and dialogs live in the address. */
export default function CustomersPage() {
  const search = customersRoute.useSearch();
  const navigate = useNavigate({ from: '/customers' });
  const can = useCan();
  const phone = usePhone();
  const openDrawer = useOpenDrawer();
  const { new: _, for_customer: _c, for_opportunity: _o, for_plan: _p, tags, sort = '-updated_at', ...filter } = search;
  const list = useList<CustomerRow>(['customers', 'list'], '/customers', { ...filter, sort });

  const change = useCallback(
    (patch: Partial<CustomersSearch>) =>
      void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true }),
    [navigate],
  );
  const create = can('edit_customers') && (
    <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => openDrawer('customer')}>
      {m.customers_new()}
    </Button>
  );

  return (
    <Page>
      <PageHeader
        title={m.customers_title()}
        meta={!list.pending && !list.error && m.customers_count({ n: total(list.total, list.capped) })}
        actions={
          <>
            {can('edit_customers') && (
              <Button
                icon={<Tags size={16} aria-hidden />}
                onClick={() => void navigate({ search: (before) => ({ ...before, tags: true as const }) })}
              >
                {m.customers_manage_tags()}
              </Button>
            )}
            <ExportButton kind="customers" filter={{ ...filter, sort }} />
            {!phone && create}
          </>
        }
      />
      <Card flush>
        <CustomerFilters search={search} onChange={change} />
        {list.pending && <SkeletonRows rows={12} />}
        {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
        {!list.pending && !list.error && list.rows.length === 0 && (
          <EmptyState action={isFiltered(search) ? undefined : create}>
            {isFiltered(search) ? m.customers_none_found() : m.customers_none()}
          </EmptyState>
        )}
        {list.rows.length > 0 &&
          (phone ? (
            <CustomerRows rows={list.rows} />
          ) : (
            <CustomerTable
              rows={list.rows}
              sort={sort}
              onSort={(next) => change({ sort: next as CustomersSearch['sort'] })}
            />
          ))}
        <Pager list={list} />
      </Card>
      {tags && (
        <Suspense fallback={null}>
          <TagsDialog onClose={() => change({ tags: undefined })} />
        </Suspense>
      )}
    </Page>
  );
}
