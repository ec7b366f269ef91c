import { Link } from '@tanstack/react-router';
import { useStages } from '@/api/dictionaries';
import type { Opportunity } from '@/api/types';
import { useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { StatusDot } from '@/ui/Badge';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { date, money } from '@/ui/format';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { RowList, row } from '@/ui/Table';

const TONES = { open: 'blue', won: 'brand', lost: 'red' } as const;

/** The customer's opportunities; each opens its own page. */
export function CustomerOpportunities({ customerId }: { customerId: number }) {
  const stages = useStages();
  const list = useList<Opportunity>(['opportunities', 'of customer'], '/opportunities', { customer_id: customerId });
  if (list.pending) return <SkeletonRows rows={3} />;
  if (list.error) return <FailedState error={list.error} retry={list.retry} />;
  if (list.rows.length === 0) return <EmptyState small>{m.customers_no_opportunities()}</EmptyState>;
  return (
    <>
      <RowList label={m.customers_opportunities()}>
        {list.rows.map((opportunity) => (
          <li key={opportunity.id}>
            <Link to="/opportunities/$id" params={{ id: String(opportunity.id) }} className={row.link}>
              <span className={row.title}>{opportunity.name}</span>
              <span className={row.side}>
                <StatusDot tone={TONES[opportunity.status]}>
                  {stages.find((stage) => stage.key === opportunity.stage)?.name ?? opportunity.stage}
                </StatusDot>
              </span>
              <span className={row.meta}>
                {[
                  opportunity.number,
                  opportunity.owner_name,
                  date(opportunity.won_date ?? opportunity.expected_close_date),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              <span className={row.side}>{money(opportunity.won_amount ?? opportunity.expected_amount)}</span>
            </Link>
          </li>
        ))}
      </RowList>
      <Pager list={list} />
    </>
  );
}
