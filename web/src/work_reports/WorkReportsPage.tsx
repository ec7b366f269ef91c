import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { NotebookPen } from 'lucide-react';
import { api } from '@/api/client';
import { queryClient } from '@/api/query-client';
import { useSession } from '@/api/session';
import type { WorkReportRow } from '@/api/types';
import { useList } from '@/api/use-list';
import { compact } from '@/app/search';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { today } from '@/ui/clock';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime, relativeTime } from '@/ui/format';
import { Menu } from '@/ui/Menu';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { Tabs } from '@/ui/Tabs';
import { toast } from '@/ui/toast';
import { daysLabel, kindLabels } from './labels';
import { Missing } from './Missing';
import { ReportDrawer, WriteDrawer } from './ReportDrawer';
import { REPORT_KINDS, type WorkReportsSearch, workReportsRoute } from './routes';
import css from './work_reports.module.css';

/** 日报 (I35): one's own, those of the people one leads, and who has not submitted. */
export default function WorkReportsPage() {
  const search = workReportsRoute.useSearch();
  const navigate = useNavigate({ from: '/work-reports' });
  const leads = useSession().user.role !== 'sales';
  const tab = (leads && search.tab) || 'mine';
  const go = (patch: WorkReportsSearch) =>
    void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true });
  const write = (kind: WorkReportsSearch['kind']) => go({ write: true, kind, on: undefined, id: undefined });
  const close = () => go({ id: undefined, write: undefined });
  return (
    <Page>
      <PageHeader
        title={m.work_reports_title()}
        actions={
          <Menu
            trigger={
              <Button variant="primary" icon={<NotebookPen size={16} aria-hidden />}>
                {m.work_reports_write()}
              </Button>
            }
            items={REPORT_KINDS.map((kind) => ({ label: kindLabels()[kind], onSelect: () => write(kind) }))}
          />
        }
      />
      <Card flush>
        {leads && (
          <div className={css.tabs}>
            <Tabs
              label={m.work_reports_title()}
              value={tab}
              onChange={(next) => go({ tab: next === 'mine' ? undefined : next })}
              tabs={[
                { value: 'mine', label: m.work_reports_mine() },
                { value: 'team', label: m.work_reports_team() },
                { value: 'missing', label: m.work_reports_missing() },
              ]}
            />
          </div>
        )}
        {tab === 'mine' && <Reminder />}
        {tab === 'missing' ? (
          <Missing kind={search.kind ?? 'daily'} on={search.on ?? today()} onChange={go} />
        ) : (
          <Reports key={tab} mine={tab === 'mine'} onOpen={(id) => go({ id })} />
        )}
      </Card>
      {search.write ? (
        <WriteDrawer
          key={`${search.kind} ${search.on}`}
          kind={search.kind ?? 'daily'}
          on={search.on}
          onDays={(patch) => go(patch)}
          onClose={close}
        />
      ) : (
        search.id !== undefined && <ReportDrawer key={search.id} id={search.id} onClose={close} />
      )}
    </Page>
  );
}

function Reports({ mine, onOpen }: { mine: boolean; onOpen: (id: number) => void }) {
  const list = useList<WorkReportRow>(['work_reports', 'list'], '/work-reports', { mine });
  if (list.pending) return <SkeletonRows />;
  if (list.error) return <FailedState error={list.error} retry={list.retry} />;
  if (list.rows.length === 0) {
    return <EmptyState>{mine ? m.work_reports_none_mine() : m.work_reports_none_team()}</EmptyState>;
  }
  return (
    <>
      <ul className={css.rows} aria-label={mine ? m.work_reports_mine() : m.work_reports_team()}>
        {list.rows.map((report) => (
          <li key={report.id}>
            <button type="button" className={css.row} onClick={() => onOpen(report.id)}>
              <span className={css.rowHead}>
                <Badge>{kindLabels()[report.kind]}</Badge>
                <span className={css.days}>{daysLabel(report.kind, report.starts_on, report.ends_on)}</span>
                {!mine && <span>{report.author_name}</span>}
                {report.state === 'draft' && <Badge tone="amber">{m.work_reports_state_draft()}</Badge>}
                {report.submitted_at && (
                  <span className={css.meta} title={dateTime(report.submitted_at)}>
                    {m.work_reports_submitted_at({ at: relativeTime(report.submitted_at) })}
                  </span>
                )}
              </span>
              {report.summary && <span className={css.summary}>{report.summary}</span>}
            </button>
          </li>
        ))}
      </ul>
      <Pager list={list} />
    </>
  );
}

/** Off unless one wants it. */
function Reminder() {
  const key = ['work_reports', 'reminder'];
  const found = useQuery({ queryKey: key, queryFn: () => api.get<{ enabled: boolean }>('/work-reports/reminder') });
  async function set(enabled: boolean) {
    try {
      queryClient.setQueryData(
        key,
        await api.put<{ enabled: boolean }>('/work-reports/reminder', { body: { enabled } }),
      );
      toast.success(m.work_reports_reminder_saved());
    } catch (error) {
      toast.problem(error);
    }
  }
  if (!found.data) return null;
  return (
    <div className={css.reminder}>
      <Checkbox
        label={m.work_reports_reminder()}
        value={found.data.enabled}
        onChange={(enabled) => void set(enabled)}
      />
    </div>
  );
}
