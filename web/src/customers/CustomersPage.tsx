import { useNavigate } from '@tanstack/react-router';
import { MoreHorizontal, Plus, Tags, Users } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import type { Query } from '@/api/client';
import { useCan } from '@/api/session';
import type { BatchAction, CustomerRow } from '@/api/types';
import { useList } from '@/api/use-list';
import { useOpenDrawer } from '@/app/drawer-search';
import { compact } from '@/app/search';
import { ExportButton } from '@/exchange';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { ToggleChip } from '@/ui/FilterBar';
import { total } from '@/ui/format';
import { Menu } from '@/ui/Menu';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { usePhone } from '@/ui/use-phone';
import { CustomerFilters, isFiltered } from './CustomerFilters';
import { CustomerRows, CustomerTable, customerColumns } from './CustomerTable';
import { ColumnChooser, filterOf, USUAL, useSelection, ViewTabs } from './groups';
import type { Target } from './groups/BatchDialog';
import { type CustomersSearch, customersRoute } from './routes';

const TagsDialog = lazy(() => import('./TagsDialog'));
const BatchBar = lazy(() => import('./groups/BatchBar'));
const GroupsDrawer = lazy(() => import('./groups/GroupsDrawer'));
const BatchDialog = lazy(() => import('./groups/BatchDialog'));
const BatchProgress = lazy(() =>
  import('./groups/BatchDialog').then(({ BatchProgress }) => ({ default: BatchProgress })),
);

/** The customer list (S25, S31); filters, sort and dialogs live in the address. */
export default function CustomersPage() {
  const search = customersRoute.useSearch();
  const navigate = useNavigate({ from: '/customers' });
  const can = useCan();
  const phone = usePhone();
  const openDrawer = useOpenDrawer();
  const { tags, groups, batch, sort = '-updated_at', columns = USUAL } = search;
  const filter = filterOf(search);
  const list = useList<CustomerRow>(['customers', 'list'], '/customers', { ...(filter as Query), sort });
  const selection = useSelection(JSON.stringify(filter));
  const [selecting, setSelecting] = useState(false);
  const [action, setAction] = useState<BatchAction>();
  const edits = can('edit_customers');

  const change = useCallback(
    (patch: Partial<CustomersSearch>) =>
      void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true }),
    [navigate],
  );
  const open = useCallback((next: CustomersSearch) => void navigate({ search: compact(next) }), [navigate]);
  const target: Target = selection.all ? { filter } : { ids: [...selection.ids] };
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
            <Menu
              trigger={
                <Button aria-label={m.stewardship_more()}>
                  <MoreHorizontal size={16} aria-hidden />
                </Button>
              }
              items={[
                { label: m.stewardship_quality(), onSelect: () => void navigate({ to: '/data-quality' }) },
                ...(can('edit_customers')
                  ? [{ label: m.stewardship_bin(), onSelect: () => void navigate({ to: '/recycle-bin' }) }]
                  : []),
              ]}
            />
            <Button
              icon={<Users size={16} aria-hidden />}
              onClick={() => void navigate({ search: (before) => ({ ...before, groups: true as const }) })}
            >
              {m.groups_manage()}
            </Button>
            <ExportButton kind="customers" filter={{ ...filter, sort }} />
            {!phone && create}
          </>
        }
      />
      <Card flush>
        <ViewTabs search={search} open={open}>
          {!phone && (
            <ColumnChooser all={customerColumns()} chosen={columns} onChange={(next) => change({ columns: next })} />
          )}
        </ViewTabs>
        <CustomerFilters search={search} onChange={change}>
          {phone && edits && (
            <ToggleChip
              label={selecting ? m.groups_select_done() : m.groups_select()}
              on={selecting}
              onChange={(on) => {
                setSelecting(on);
                selection.clear();
              }}
            />
          )}
        </CustomerFilters>
        {list.pending && <SkeletonRows rows={12} />}
        {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
        {!list.pending && !list.error && list.rows.length === 0 && (
          <EmptyState action={isFiltered(search) ? undefined : create}>
            {isFiltered(search) ? m.customers_none_found() : m.customers_none()}
          </EmptyState>
        )}
        {list.rows.length > 0 &&
          (phone ? (
            <CustomerRows rows={list.rows} selection={selecting ? selection : undefined} />
          ) : (
            <CustomerTable
              rows={list.rows}
              sort={sort}
              columns={columns}
              selection={edits ? selection : undefined}
              onSort={(next) => change({ sort: next as CustomersSearch['sort'] })}
            />
          ))}
        <Pager list={list} />
      </Card>
      {selection.on && (
        <Suspense fallback={null}>
          <BatchBar selection={selection} total={list.total} capped={list.capped} onAction={setAction} />
        </Suspense>
      )}
      {action && (
        <Suspense fallback={null}>
          <BatchDialog action={action} target={target} onBegun={selection.clear} onClose={() => setAction(undefined)} />
        </Suspense>
      )}
      {batch !== undefined && (
        <Suspense fallback={null}>
          <BatchProgress id={batch} onClose={() => change({ batch: undefined })} />
        </Suspense>
      )}
      {groups && (
        <Suspense fallback={null}>
          <GroupsDrawer
            filter={filter}
            onOpen={(group) => open({ group_id: [String(group.id)], view: 'all' })}
            onClose={() => change({ groups: undefined })}
          />
        </Suspense>
      )}
      {tags && (
        <Suspense fallback={null}>
          <TagsDialog onClose={() => change({ tags: undefined })} />
        </Suspense>
      )}
    </Page>
  );
}
