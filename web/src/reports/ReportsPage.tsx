import { useNavigate } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { serialize } from '@/api/client';
import { compact } from '@/app/search';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { dateTime } from '@/ui/format';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Tabs } from '@/ui/Tabs';
import { Bottlenecks } from './Bottlenecks';
import { titles } from './names';
import { ReportCard } from './ReportCard';
import { ReportFilters } from './ReportFilters';
import css from './reports.module.css';
import { REPORTS, type ReportName, type ReportsSearch, reportsRoute, TASK_SLICES } from './routes';
import { momentOf } from './spans';

const OVERVIEW = 'overview';

/** Tasks have a team, an assignee and a kind; what is asked of customers is not asked of them. */
const ofTasks = ({ from, to, as_of, team_id, owner_id, group_by }: ReportsSearch): ReportsSearch =>
  compact({ from, to, as_of, team_id, owner_id, group_by: TASK_SLICES.find((slice) => slice === group_by) });

/** 报表: the manager's overview and each report; report, period and filters live in the address (S7–S9). */
export default function ReportsPage() {
  const {
    new: _,
    for_customer: _c,
    for_opportunity: _o,
    for_plan: _p,
    for_start: _s,
    ...asked
  } = reportsRoute.useSearch();
  // One moment for the banner and for all figures, also where "now" has its say.
  const as_of = useMemo(() => asked.as_of && momentOf(asked.as_of), [asked.as_of]);
  const search: ReportsSearch = compact({ ...asked, as_of });
  const navigate = useNavigate({ from: '/reports' });
  const change = useCallback(
    (patch: Partial<ReportsSearch>) =>
      void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true }),
    [navigate],
  );
  const names = titles();
  const overview = { value: OVERVIEW, label: m.reports_overview() };
  const tabs = [overview, ...REPORTS.map((value) => ({ value, label: names[value] }))];
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
      {search.as_of && (
        <div role="status" className={css.past}>
          <History size={16} aria-hidden />
          <strong>{m.reports_of_the_past({ at: dateTime(search.as_of) })}</strong>
          <span className={css.tools}>
            <Button size="sm" onClick={() => change({ as_of: undefined })}>
              {m.reports_back_to_now()}
            </Button>
          </span>
        </div>
      )}
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
              title={names['forecast-review']}
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
