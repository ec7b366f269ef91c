import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { serialize } from '@/api/client';
import { compact } from '@/app/search';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Tabs } from '@/ui/Tabs';
import { Bottlenecks } from './Bottlenecks';
import { ReportCard } from './ReportCard';
import { ReportFilters } from './ReportFilters';
import css from './reports.module.css';
import { type ReportName, type ReportsSearch, reportsRoute, TASK_SLICES } from './routes';

const OVERVIEW = 'overview';

const titles = (): Record<ReportName, string> => ({
  pipeline: m.reports_pipeline(),
  funnel: m.reports_funnel(),
  conversion: m.reports_conversion(),
  achievement: m.reports_achievement(),
  forecast: m.reports_forecast(),
  losses: m.reports_losses(),
  activity: m.reports_activity(),
  'stage-duration': m.reports_stage_duration(),
  sources: m.reports_sources(),
  'follow-up-workload': m.reports_workload(),
  'task-completion': m.reports_task_completion(),
});

/** Tasks have a team, an assignee and a kind; what is asked of customers is not asked of them. */
const ofTasks = ({ from, to, team_id, owner_id, group_by }: ReportsSearch): ReportsSearch =>
  compact({ from, to, team_id, owner_id, group_by: TASK_SLICES.find((slice) => slice === group_by) });

/** 报表: the manager's overview and each report; report, period and filters live in the address (S7–S9). */
export default function ReportsPage() {
  const {
    new: _,
    for_customer: _c,
    for_opportunity: _o,
    for_plan: _p,
    for_start: _s,
    ...search
  } = reportsRoute.useSearch();
  const navigate = useNavigate({ from: '/reports' });
  const change = useCallback(
    (patch: Partial<ReportsSearch>) =>
      void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true }),
    [navigate],
  );
  const names = titles();
  const overview = { value: OVERVIEW, label: m.reports_overview() };
  const tabs = [overview, ...Object.entries(names).map(([value, label]) => ({ value, label }))];
  const { group_by, hours: _h, snapshot: _n, ...plain } = search;
  const reviewed = group_by === 'team' || group_by === 'owner' ? { ...plain, group_by } : plain;
  return (
    <Page>
      <PageHeader title={m.reports_title()} />
      <div className={css.screenOnly}>
        <Tabs
          label={m.reports_title()}
          tabs={tabs}
          value={search.report ?? OVERVIEW}
          onChange={(value) =>
            change({
              report: value === OVERVIEW ? undefined : (value as ReportName),
              group_by: undefined,
              hours: undefined,
              snapshot: undefined,
            })
          }
        />
        <Card flush>
          <ReportFilters search={search} onChange={change} />
        </Card>
      </div>
      <div className={css.page}>
        {search.report === undefined ? (
          <>
            <ReportCard name="pipeline" title={names.pipeline} search={plain} />
            <Bottlenecks search={plain} />
            <ReportCard
              name="achievement"
              title={m.reports_team_table()}
              search={{ ...plain, group_by: 'owner' }}
              chart={false}
            />
          </>
        ) : search.report === 'stage-duration' ? (
          <>
            <ReportCard name={search.report} title={names[search.report]} search={search} chart={false} />
            <Bottlenecks search={plain} />
          </>
        ) : search.report === 'forecast' ? (
          <>
            <ReportCard name="forecast" title={names.forecast} search={{ ...plain, group_by }} />
            <ReportCard
              name="forecast-review"
              title={m.reports_forecast_review()}
              search={{ ...reviewed, snapshot: search.snapshot }}
            />
          </>
        ) : search.report === 'activity' ? (
          <>
            <ReportCard name="activity" title={names.activity} search={search} />
            <Trend key={serialize(plain)} search={plain} />
          </>
        ) : search.report === 'task-completion' ? (
          <ReportCard name={search.report} title={names[search.report]} search={ofTasks(search)} />
        ) : (
          <ReportCard key={search.report} name={search.report} title={names[search.report]} search={search} />
        )}
      </div>
    </Page>
  );
}

/** 活跃趋势, once it is asked for; with other filters it is asked for anew. */
function Trend({ search }: { search: ReportsSearch }) {
  const [asked, setAsked] = useState(false);
  if (asked) return <ReportCard name="activity-trend" title={m.reports_activity_trend()} search={search} />;
  return (
    <div className={css.screenOnly}>
      <Card title={m.reports_activity_trend()}>
        <Button onClick={() => setAsked(true)}>{m.reports_trend_show()}</Button>
      </Card>
    </div>
  );
}
