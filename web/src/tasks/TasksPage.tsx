import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FileSpreadsheet, History, ListChecks, Plus } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import { api } from '@/api/client';
import { useCan, useSession } from '@/api/session';
import type { Task, TaskCounts } from '@/api/types';
import { useList } from '@/api/use-list';
import { useOpenDrawer } from '@/app/drawer-search';
import { compact } from '@/app/search';
import { ExportButton } from '@/exchange';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { today } from '@/ui/clock';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { count, total } from '@/ui/format';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { Tabs } from '@/ui/Tabs';
import { usePhone } from '@/ui/use-phone';
import { type TasksSearch, tasksRoute } from './routes';
import { TaskDialog } from './TaskDialogs';
import { isFiltered, TaskFilters } from './TaskFilters';
import { TaskRows, TaskTable } from './TaskTable';
import { TASK_TABS, type TaskTab, tabQuery } from './tabs';
import css from './tasks.module.css';

const TaskDrawer = lazy(() => import('./TaskDrawer'));
const TaskBatchDialog = lazy(() => import('./TaskBatchDialog'));
const TaskSheetDialog = lazy(() => import('./TaskSheetDialog'));
const TaskBatches = lazy(() => import('./TaskBatches'));

/** 我的任务 (S62): tabs with counts, earliest due first; one task's details open beside the list. */
export default function TasksPage() {
  const search = tasksRoute.useSearch();
  const navigate = useNavigate({ from: '/tasks' });
  const { user } = useSession();
  const can = useCan();
  const phone = usePhone();
  const openDrawer = useOpenDrawer();
  const [completing, setCompleting] = useState<Task>();
  const [batching, setBatching] = useState<'new' | 'list' | 'sheet'>();
  const tab = search.tab ?? 'open';
  const query = tabQuery(tab, search, user.id, today());
  const list = useList<Task>(['tasks', 'list'], '/tasks', query);
  const counts = useQuery({
    queryKey: ['tasks', 'counts'],
    queryFn: () => api.get<TaskCounts>('/tasks/counts'),
  }).data;

  const change = useCallback(
    (patch: Partial<TasksSearch>) =>
      void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true }),
    [navigate],
  );
  const open = (id: number) => void navigate({ search: (before) => ({ ...before, task: id }) });
  const create = can('edit_tasks') && (
    <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => openDrawer('task')}>
      {m.tasks_new()}
    </Button>
  );

  const texts = tabTexts();
  const counted: Partial<Record<TaskTab, number | undefined>> = {
    open: counts?.open,
    overdue: counts?.overdue,
    today: counts?.due_today,
    done: counts?.done,
  };
  const tabs = TASK_TABS.map((value) => {
    const n = counted[value];
    const known =
      n !== undefined ? count(n) : value === tab && !list.pending ? total(list.total, list.capped) : undefined;
    const late = value === 'overdue' && n !== undefined && n > 0;
    return {
      value,
      label: texts[value].label,
      ...(known !== undefined && { count: late ? <span className={css.late}>{known}</span> : known }),
    };
  });

  return (
    <Page>
      <PageHeader
        title={m.tasks_title()}
        actions={
          <>
            {can('give_task_batches') && (
              <>
                <Button icon={<History size={16} aria-hidden />} onClick={() => setBatching('list')}>
                  {m.tasks_batches()}
                </Button>
                {!phone && (
                  <Button icon={<FileSpreadsheet size={16} aria-hidden />} onClick={() => setBatching('sheet')}>
                    {m.tasks_sheet()}
                  </Button>
                )}
                <Button icon={<ListChecks size={16} aria-hidden />} onClick={() => setBatching('new')}>
                  {m.tasks_batch()}
                </Button>
              </>
            )}
            {!phone && <ExportButton kind="tasks" filter={query} />}
            {!phone && create}
          </>
        }
      />
      <Card flush>
        <div className={css.tabs}>
          <Tabs
            label={m.tasks_title()}
            tabs={tabs}
            value={tab}
            onChange={(next) => change({ tab: next === 'open' ? undefined : next })}
          />
        </div>
        <TaskFilters tab={tab} search={search} onChange={change} />
        {list.pending && <SkeletonRows rows={10} />}
        {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
        {!list.pending && !list.error && list.rows.length === 0 && (
          <EmptyState action={isFiltered(search) ? undefined : create}>
            {isFiltered(search) ? m.tasks_none_found() : texts[tab].none}
          </EmptyState>
        )}
        {list.rows.length > 0 &&
          (phone ? (
            <TaskRows rows={list.rows} />
          ) : (
            <TaskTable rows={list.rows} onOpen={open} onComplete={setCompleting} />
          ))}
        <Pager list={list} />
      </Card>
      {search.task && (
        <Suspense fallback={null}>
          <TaskDrawer key={search.task} id={search.task} onClose={() => change({ task: undefined })} />
        </Suspense>
      )}
      {batching && (
        <Suspense fallback={null}>
          {batching === 'new' && <TaskBatchDialog onClose={() => setBatching(undefined)} />}
          {batching === 'sheet' && <TaskSheetDialog onClose={() => setBatching(undefined)} />}
          {batching === 'list' && <TaskBatches onClose={() => setBatching(undefined)} />}
        </Suspense>
      )}
      {completing && <TaskDialog act="complete" task={completing} onClose={() => setCompleting(undefined)} />}
    </Page>
  );
}

const tabTexts = (): Record<TaskTab, { label: string; none: string }> => ({
  open: { label: m.tasks_tab_open(), none: m.tasks_none() },
  overdue: { label: m.tasks_tab_overdue(), none: m.tasks_none_overdue() },
  today: { label: m.tasks_tab_today(), none: m.tasks_none_today() },
  done: { label: m.tasks_tab_done(), none: m.tasks_none_done() },
  assigned: { label: m.tasks_tab_assigned(), none: m.tasks_none_assigned() },
  all: { label: m.tasks_tab_all(), none: m.tasks_none() },
});
