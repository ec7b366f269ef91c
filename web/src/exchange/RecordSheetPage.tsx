import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '@/api/client';
import { useStages } from '@/api/dictionaries';
import type { FollowUp, Page as ListPage, Opportunity, Plan, StageChange } from '@/api/types';
import * as m from '@/paraglide/messages';
import { buttonClass } from '@/ui/Button';
import { FailedState } from '@/ui/EmptyState';
import { date, dateTime, money } from '@/ui/format';
import { SkeletonRows } from '@/ui/Skeleton';
import { every } from './every';
import { recordSheetRoute } from './routes';
import { Fact, RecordSheet, Section } from './Sheet';

/** 商机跟进记录表: plans, records and stage log of an opportunity, to be printed on A4 (I33). */
export default function RecordSheetPage() {
  const { id } = recordSheetRoute.useParams();
  const stages = useStages();
  const query = useQuery({
    queryKey: ['opportunities', 'record-sheet', id],
    queryFn: async () => {
      const opportunity = await api.get<Opportunity>('/opportunities/{id}', { path: { id } });
      const about = { opportunity_id: opportunity.id };
      const [plans, records, log] = await Promise.all([
        every<Plan>((cursor) =>
          api.get<ListPage<Plan>>('/follow-up-plans', { query: { ...about, limit: 100, cursor } }),
        ),
        every<FollowUp>((cursor) =>
          api.get<ListPage<FollowUp>>('/follow-ups', { query: { ...about, limit: 100, cursor } }),
        ),
        api.get('/opportunities/{id}/stage-changes', { path: { id } }) as Promise<StageChange[]>,
      ]);
      return { opportunity, plans, records, log: log.toReversed() };
    },
  });
  if (query.isPending) return <SkeletonRows rows={8} />;
  if (!query.data) return <FailedState error={query.error} retry={() => void query.refetch()} />;
  const { opportunity, plans, records, log } = query.data;
  const stage = (key: string | null) => stages.find((one) => one.key === key)?.name ?? key ?? '';
  return (
    <RecordSheet
      title={m.exchange_record_sheet()}
      workbook={`/api/v1/opportunities/${opportunity.id}/record-sheet.xlsx`}
      back={
        <Link to="/opportunities/$id" params={{ id }} className={buttonClass()}>
          {m.exchange_back()}
        </Link>
      }
      facts={
        <>
          <Fact name={m.exchange_number()}>{opportunity.number}</Fact>
          <Fact name={m.exchange_opportunities()}>{opportunity.name}</Fact>
          <Fact name={m.exchange_customer()}>{`${opportunity.customer_name} ${opportunity.customer_number}`}</Fact>
          <Fact name={m.exchange_owner()}>{opportunity.owner_name}</Fact>
          <Fact name={m.exchange_amount()}>{money(opportunity.expected_amount)}</Fact>
          <Fact name={m.exchange_close()}>{date(opportunity.expected_close_date)}</Fact>
          <Fact name={m.exchange_stage()}>{stage(opportunity.stage)}</Fact>
        </>
      }
      plans={plans}
      records={records}
    >
      <Section
        title={m.exchange_stages()}
        heads={[m.exchange_col_when(), m.exchange_from(), m.exchange_to(), m.exchange_by()]}
        rows={log.map((one) => [dateTime(one.at), stage(one.from), stage(one.to), one.by ?? ''])}
      />
    </RecordSheet>
  );
}
