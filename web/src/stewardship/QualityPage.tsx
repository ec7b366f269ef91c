import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { api } from '@/api/client';
import { useCan } from '@/api/session';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { count, date } from '@/ui/format';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Ring } from '@/ui/Ring';
import { Select } from '@/ui/Select';
import { SkeletonRows } from '@/ui/Skeleton';
import { cell, RowList, row, Table } from '@/ui/Table';
import { Tabs } from '@/ui/Tabs';
import { usePhone } from '@/ui/use-phone';
import MergeDialog from './MergeDialog';
import { type QualityView, qualityRoute } from './routes';
import css from './stewardship.module.css';
import type { OwnerQuality, Twin, TwinGroup } from './types';

const LONG = 30;
const INCOMPLETE = 60;

/** 数据质量: records that look like one, and how well each owner keeps his (I49). */
export default function QualityPage() {
  const { view = 'name', days = LONG } = qualityRoute.useSearch();
  const navigate = useNavigate({ from: '/data-quality' });
  return (
    <Page>
      <PageHeader title={m.stewardship_quality()} />
      <Tabs<QualityView>
        label={m.stewardship_quality()}
        value={view}
        onChange={(next) => void navigate({ search: { view: next === 'name' ? undefined : next } as never })}
        tabs={[
          { value: 'name', label: m.stewardship_same_name() },
          { value: 'phone', label: m.stewardship_same_phone() },
          { value: 'owners', label: m.stewardship_by_owner() },
        ]}
      />
      <Card flush>
        {view === 'owners' ? (
          <Owners
            days={days}
            onDays={(next) => void navigate({ search: (before) => ({ ...before, days: next }) as never })}
          />
        ) : (
          <Groups key={view} by={view} />
        )}
      </Card>
    </Page>
  );
}

function Groups({ by }: { by: 'name' | 'phone' }) {
  const can = useCan();
  const [pair, setPair] = useState<[number, number]>();
  const pages = useInfiniteQuery({
    queryKey: ['customers', 'duplicates', by],
    queryFn: ({ pageParam, signal }) =>
      api.get<{ items: TwinGroup[]; next_cursor?: string | null }>('/customers/duplicates', {
        query: { by, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  if (pages.isPending) return <SkeletonRows />;
  if (!pages.data) return <FailedState error={pages.error} retry={() => void pages.refetch()} />;
  const groups = pages.data.pages.flatMap((page) => page.items);
  if (groups.length === 0) return <EmptyState>{m.stewardship_no_duplicates()}</EmptyState>;
  return (
    <>
      <ul aria-label={m.stewardship_duplicates()}>
        {groups.map((group) => (
          <li key={group.customers[0]?.id ?? group.shared} className={css.group}>
            <div className={css.groupHead}>
              {group.shared}
              <span className={css.meta}>{m.stewardship_group_count({ n: group.count })}</span>
            </div>
            <ul className={css.twins}>
              {group.customers.map((twin) => (
                <TwinRow
                  key={twin.id}
                  twin={twin}
                  onMerge={
                    can('edit_customers') && group.customers.length > 1 && twin !== best(group)
                      ? () => setPair([twin.id, best(group)?.id ?? twin.id])
                      : undefined
                  }
                />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {pages.hasNextPage && (
        <div className={css.days}>
          <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {m.ui_load_more()}
          </Button>
        </div>
      )}
      {pair && <MergeDialog customerId={pair[0]} into={pair[1]} onClose={() => setPair(undefined)} />}
    </>
  );
}

/** The record the others are best merged into: the most complete, among equals the oldest. */
const best = (group: TwinGroup): Twin | undefined =>
  group.customers.reduce<Twin | undefined>(
    (found, twin) => (found && found.completeness >= twin.completeness ? found : twin),
    undefined,
  );

function TwinRow({ twin, onMerge }: { twin: Twin; onMerge?: (() => void) | undefined }) {
  return (
    <li>
      <Link to="/customers/$id" params={{ id: String(twin.id) }}>
        {twin.name}
      </Link>
      <span className={css.meta}>{twin.number}</span>
      <span>
        {twin.contact_name} {twin.phone}
      </span>
      <span className={css.meta}>
        {twin.owner_name ?? m.customers_pool()} · {date(twin.created_at)}
      </span>
      <Ring percent={twin.completeness} />
      {onMerge ? (
        <Button size="sm" aria-label={`${m.stewardship_merge()}: ${twin.number}`} onClick={onMerge}>
          {m.stewardship_merge()}
        </Button>
      ) : (
        <span />
      )}
    </li>
  );
}

function Owners({ days, onDays }: { days: number; onDays: (days: number) => void }) {
  const query = useQuery({
    queryKey: ['customers', 'quality', days],
    queryFn: () => api.get<OwnerQuality[]>('/customers/quality', { query: { days } }),
  });
  const phone = usePhone();
  const choices = [...new Set([7, 14, LONG, 60, 90, days])].sort((a, b) => a - b);
  return (
    <>
      <div className={css.days}>
        <Select
          label={m.stewardship_days()}
          options={choices.map((n) => ({ value: String(n), label: m.stewardship_n_days({ n }) }))}
          value={String(days)}
          onChange={(value) => onDays(Number(value))}
        />
      </div>
      {query.isPending && <SkeletonRows />}
      {!query.isPending && !query.data && <FailedState error={query.error} retry={() => void query.refetch()} />}
      {query.data?.length === 0 && <EmptyState>{m.customers_none()}</EmptyState>}
      {query.data && query.data.length > 0 && phone && (
        <RowList label={m.stewardship_by_owner()}>
          {query.data.map((owner) => (
            <li key={owner.owner_id ?? 0} className={row.link}>
              <span className={row.title}>{owner.owner_name ?? m.customers_pool()}</span>
              <span className={row.side}>
                <Ring percent={owner.completeness} />
              </span>
              <span className={`${row.meta} ${css.figures}`}>
                <span>{m.stewardship_of_customers({ n: count(owner.customers) })}</span>
                <Stale owner={owner} days={days}>
                  {m.stewardship_stale({ n: days })} {count(owner.stale)}
                </Stale>
                <Incomplete owner={owner}>
                  {m.stewardship_incomplete({ n: INCOMPLETE })} {count(owner.incomplete)}
                </Incomplete>
                <span>
                  {m.stewardship_late_entries({ n: days })} {count(owner.late_entries)}
                </span>
              </span>
            </li>
          ))}
        </RowList>
      )}
      {query.data && query.data.length > 0 && !phone && (
        <Table label={m.stewardship_by_owner()}>
          <thead>
            <tr>
              <th scope="col">{m.customers_owner()}</th>
              <th scope="col" className={cell.num}>
                {m.app_customers()}
              </th>
              <th scope="col" className={cell.num}>
                {m.stewardship_stale({ n: days })}
              </th>
              <th scope="col" className={cell.num}>
                {m.stewardship_incomplete({ n: INCOMPLETE })}
              </th>
              <th scope="col" className={cell.num}>
                {m.stewardship_late_entries({ n: days })}
              </th>
              <th scope="col">{m.stewardship_completeness()}</th>
            </tr>
          </thead>
          <tbody>
            {query.data.map((owner) => (
              <tr key={owner.owner_id ?? 0}>
                <td>{owner.owner_name ?? m.customers_pool()}</td>
                <td className={cell.num}>{count(owner.customers)}</td>
                <td className={cell.num}>
                  <Stale owner={owner} days={days}>
                    {count(owner.stale)}
                  </Stale>
                </td>
                <td className={cell.num}>
                  <Incomplete owner={owner}>{count(owner.incomplete)}</Incomplete>
                </td>
                <td className={cell.num}>
                  {m.stewardship_late_of({ late: count(owner.late_entries), all: count(owner.follow_ups) })}
                </td>
                <td>
                  <Ring percent={owner.completeness} />
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

/** Leads to the owner's silent customers, when there are any. */
function Stale({ owner, days, children }: { owner: OwnerQuality; days: number; children: ReactNode }) {
  if (!owner.owner_id || owner.stale === 0) return <span>{children}</span>;
  const search = {
    owner_id: [String(owner.owner_id)],
    not_followed_up_days: days,
    sort: 'last_followed_up_at' as const,
  };
  return (
    <Link to="/customers" search={search}>
      {children}
    </Link>
  );
}

/** Leads to the owner's incomplete customers, when there are any. */
function Incomplete({ owner, children }: { owner: OwnerQuality; children: ReactNode }) {
  if (!owner.owner_id || owner.incomplete === 0) return <span>{children}</span>;
  const search = { owner_id: [String(owner.owner_id)], completeness_below: INCOMPLETE, sort: 'completeness' as const };
  return (
    <Link to="/customers" search={search}>
      {children}
    </Link>
  );
}
