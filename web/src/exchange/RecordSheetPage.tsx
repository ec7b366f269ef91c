import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download, Printer } from 'lucide-react';
import { api } from '@/api/client';
import { useStages } from '@/api/dictionaries';
import type { FollowUp, Page as ListPage, Opportunity, Plan } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button, buttonClass } from '@/ui/Button';
import { FailedState } from '@/ui/EmptyState';
import { date, dateTime, money } from '@/ui/format';
import { Page, PageHeader } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { every } from './every';
import css from './exchange.module.css';
import { recordSheetRoute } from './routes';
import { Fact, Section } from './Sheet';

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
        api.get('/opportunities/{id}/stage-changes', { path: { id } }) as Promise<{
          items: { id: number; from: string | null; to: string; at: string; by_name: string | null; cause: string }[];
        }>,
      ]);
      return { opportunity, plans, records, log: log.items.toReversed() };
    },
  });
  if (query.isPending) return <SkeletonRows rows={8} />;
  if (!query.data) return <FailedState error={query.error} retry={() => void query.refetch()} />;
  const { opportunity, plans, records, log } = query.data;
  const stage = (key: string | null) => stages.find((one) => one.key === key)?.name ?? key ?? '';
  return (
    <Page>
      <PageHeader
        title={m.exchange_record_sheet()}
        actions={
          <span className={css.screenOnly}>
            <Button variant="primary" icon={<Printer size={15} aria-hidden />} onClick={() => window.print()}>
              {m.exchange_print_now()}
            </Button>
            <a className={buttonClass()} href={`/api/v1/opportunities/${opportunity.id}/record-sheet.xlsx`}>
              <Download size={15} aria-hidden />
              {m.exchange_download_xlsx()}
            </a>
            <Link to="/opportunities/$id" params={{ id }} className={buttonClass()}>
              {m.exchange_back()}
            </Link>
          </span>
        }
      />
      <article className={css.sheet}>
        <dl className={css.facts}>
          <Fact name={m.exchange_number()}>{opportunity.number}</Fact>
          <Fact name={m.exchange_opportunities()}>{opportunity.name}</Fact>
          <Fact name={m.exchange_customer()}>{`${opportunity.customer_name} ${opportunity.customer_number}`}</Fact>
          <Fact name={m.exchange_owner()}>{opportunity.owner_name}</Fact>
          <Fact name={m.exchange_amount()}>{money(opportunity.expected_amount)}</Fact>
          <Fact name={m.exchange_close()}>{date(opportunity.expected_close_date)}</Fact>
          <Fact name={m.exchange_stage()}>{stage(opportunity.stage)}</Fact>
        </dl>
        <Section
          title={m.exchange_plans()}
          heads={[m.exchange_start(), m.exchange_end(), m.exchange_content(), m.exchange_owner()]}
          rows={plans.map((plan) => [dateTime(plan.starts_at), dateTime(plan.ends_at), plan.content, plan.owner_name])}
        />
        <Section
          title={m.exchange_records()}
          heads={[m.exchange_contacted_at(), m.exchange_by(), m.exchange_result(), m.exchange_next_action()]}
          rows={records.map((one) => [dateTime(one.contacted_at), one.author_name, one.result, one.next_action])}
        />
        <Section
          title={m.exchange_stages()}
          heads={[m.exchange_col_when(), m.exchange_from(), m.exchange_to(), m.exchange_by()]}
          rows={log.map((one) => [dateTime(one.at), stage(one.from), stage(one.to), one.by_name ?? one.cause])}
        />
      </article>
    </Page>
  );
}
