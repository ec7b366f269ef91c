import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '@/api/client';
import { useStages } from '@/api/dictionaries';
import { useCan } from '@/api/session';
import type { Customer, FollowUp, Page as ListPage, Opportunity, Plan, StageChange } from '@/api/types';
import * as m from '@/paraglide/messages';
import { buttonClass } from '@/ui/Button';
import { FailedState } from '@/ui/EmptyState';
import { dateTime, money } from '@/ui/format';
import { SkeletonRows } from '@/ui/Skeleton';
import { every } from './every';
import { customerSheetRoute } from './routes';
import { Fact, RecordSheet, Section } from './Sheet';

/** 客户跟进记录表: plans, records and the stages of all opportunities of a customer, to be printed on A4 (I33). */
export default function CustomerSheetPage() {
  const { id } = customerSheetRoute.useParams();
  const can = useCan();
  const stages = useStages();
  const query = useQuery({
    queryKey: ['customers', 'record-sheet', id],
    queryFn: async () => {
      const customer = await api.get<Customer>('/customers/{id}', { path: { id } });
      const about = { customer_id: customer.id, limit: 100 };
      const [plans, records, deals] = await Promise.all([
        can('view_follow_ups')
          ? every<Plan>((cursor) => api.get<ListPage<Plan>>('/follow-up-plans', { query: { ...about, cursor } }))
          : [],
        can('view_follow_ups')
          ? every<FollowUp>((cursor) => api.get<ListPage<FollowUp>>('/follow-ups', { query: { ...about, cursor } }))
          : [],
        can('view_opportunities')
          ? every<Opportunity>((cursor) =>
              api.get<ListPage<Opportunity>>('/opportunities', { query: { ...about, cursor } as never }),
            )
          : [],
      ]);
      const logs = await Promise.all(
        deals.map(async (deal) => {
          const log = await api.get<StageChange[]>('/opportunities/{id}/stage-changes', {
            path: { id: deal.id },
          });
          return log.map((one) => ({ ...one, deal: deal.name }));
        }),
      );
      const log = logs.flat().sort((a, b) => a.at.localeCompare(b.at) || a.id - b.id);
      return { customer, plans, records, log };
    },
  });
  if (query.isPending) return <SkeletonRows rows={8} />;
  if (!query.data) return <FailedState error={query.error} retry={() => void query.refetch()} />;
  const { customer, plans, records, log } = query.data;
  const stage = (key: string | null) => stages.find((one) => one.key === key)?.name ?? key ?? '';
  return (
    <RecordSheet
      title={m.exchange_customer_sheet()}
      workbook={`/api/v1/customers/${customer.id}/record-sheet.xlsx`}
      back={
        <Link to="/customers/$id" params={{ id }} className={buttonClass()}>
          {m.exchange_back()}
        </Link>
      }
      facts={
        <>
          <Fact name={m.exchange_number()}>{customer.number}</Fact>
          <Fact name={m.exchange_customer()}>{customer.name}</Fact>
          <Fact name={m.customers_contact()}>{customer.contact_name}</Fact>
          <Fact name={m.customers_phone()}>{customer.phone}</Fact>
          <Fact name={m.customers_industry()}>{customer.industry.name}</Fact>
          <Fact name={m.exchange_owner()}>{customer.owner_name}</Fact>
          <Fact name={m.customers_total_won()}>{money(customer.total_won_amount)}</Fact>
        </>
      }
      plans={plans}
      records={records}
    >
      <Section
        title={m.exchange_stages()}
        heads={[m.exchange_col_when(), m.exchange_opportunities(), m.exchange_from(), m.exchange_to(), m.exchange_by()]}
        rows={log.map((one) => [dateTime(one.at), one.deal, stage(one.from), stage(one.to), one.by ?? ''])}
      />
    </RecordSheet>
  );
}
