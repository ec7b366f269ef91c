import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { api } from '@/api/client';
import { Problem } from '@/api/problem';
import { useCan, useSession } from '@/api/session';
import type { Calendar, CalendarEntry, PickableUser } from '@/api/types';
import { useOpenDrawer } from '@/app/drawer-search';
import { compact } from '@/app/search';
import * as m from '@/paraglide/messages';
import { getLocale } from '@/paraglide/runtime';
import { Button, IconButton } from '@/ui/Button';
import { instantOf, today } from '@/ui/clock';
import { FailedState } from '@/ui/EmptyState';
import { FilterChip } from '@/ui/FilterBar';
import { Card, Page, PageHeader } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { usePhone } from '@/ui/use-phone';
import { AgendaView } from './AgendaView';
import css from './calendar.module.css';
import type { EntryActions } from './Entry';
import { byDay, span, step } from './grid';
import { MonthView } from './MonthView';
import { CancelPlanDialog, type MovablePlan, MovePlanDialog, movePlan, toldStale } from './PlanDialogs';
import { type CalendarSearch, calendarRoute, VIEWS, type View } from './routes';
import { WeekView } from './WeekView';

const SEES_OTHERS = ['administrator', 'sales_director', 'sales_manager'];

function asPlan(entry: CalendarEntry): MovablePlan {
  const { id, title, version, starts_at, ends_at } = entry;
  return { id, title, version, starts_at: starts_at ?? '', ends_at: ends_at ?? '' };
}

/** 日程 (S44, I10): plans as slots, tasks on their due day; month, week, or day by day. */
export default function CalendarPage() {
  const search = calendarRoute.useSearch();
  const navigate = useNavigate({ from: '/calendar' });
  const phone = usePhone();
  const can = useCan();
  const openDrawer = useOpenDrawer();
  const [dialog, setDialog] = useState<{ act: 'move' | 'cancel'; plan: MovablePlan }>();
  const view: View = search.view ?? (phone ? 'agenda' : 'month');
  const day = search.day ?? today();
  const range = span(view, day);
  const query = { ...range, user_id: search.user_id };
  const found = useQuery({
    queryKey: ['calendar', query],
    queryFn: ({ signal }) => api.get<Calendar>('/calendar', { query, signal }),
    placeholderData: keepPreviousData,
  });
  const entries = useMemo(() => byDay(found.data?.entries ?? []), [found.data]);

  const go = (patch: Partial<CalendarSearch>) =>
    void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true });
  const planAt = (date: string, time: string) => openDrawer('plan', { startsAt: instantOf(date, time) });
  const mayPlan = can('edit_follow_ups') && search.user_id === undefined;
  const actions: EntryActions = {
    write: (entry) => openDrawer('follow_up', { planId: entry.id }),
    move: (entry) => setDialog({ act: 'move', plan: asPlan(entry) }),
    cancel: (entry) => setDialog({ act: 'cancel', plan: asPlan(entry) }),
  };

  async function drop(entry: CalendarEntry, onto: string, start: string) {
    const plan = asPlan(entry);
    const starts = instantOf(onto, start);
    if (starts === plan.starts_at) return;
    const length = Date.parse(plan.ends_at) - Date.parse(plan.starts_at);
    try {
      await movePlan(plan, starts, new Date(Date.parse(starts) + length).toISOString());
    } catch (error) {
      if (!(error instanceof Problem && toldStale(error))) toast.problem(error);
    }
  }

  const weekly = view !== 'month';
  return (
    <Page>
      <PageHeader
        title={monthTitle(day)}
        meta={
          <div className={css.steps}>
            <IconButton
              label={weekly ? m.calendar_previous_week() : m.calendar_previous_month()}
              onClick={() => go({ day: step(view, day, -1) })}
            >
              <ChevronLeft size={17} aria-hidden />
            </IconButton>
            <IconButton
              label={weekly ? m.calendar_next_week() : m.calendar_next_month()}
              onClick={() => go({ day: step(view, day, 1) })}
            >
              <ChevronRight size={17} aria-hidden />
            </IconButton>
            <Button size="sm" onClick={() => go({ day: undefined })}>
              {m.calendar_today()}
            </Button>
            <Whose value={search.user_id} onChange={(user_id) => go({ user_id })} />
          </div>
        }
        actions={
          <>
            <ViewSwitch value={view} onChange={(next) => go({ view: next })} />
            {!phone && can('edit_follow_ups') && (
              <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => openDrawer('plan')}>
                {m.calendar_new()}
              </Button>
            )}
          </>
        }
      />
      <Card flush>
        {found.data?.is_capped && <p className={css.capped}>{m.calendar_capped()}</p>}
        {found.isPending && <SkeletonRows rows={12} />}
        {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {found.data && view === 'month' && (
          <MonthView
            day={day}
            entries={entries}
            actions={actions}
            onAdd={mayPlan ? (one) => planAt(one, '09:00') : undefined}
            onDay={(one) => go({ day: one, view: phone ? 'agenda' : 'week' })}
          />
        )}
        {found.data && view === 'week' && (
          <WeekView
            day={day}
            entries={entries}
            actions={actions}
            onAdd={mayPlan ? planAt : undefined}
            onDrop={can('edit_follow_ups') ? (...where) => void drop(...where) : undefined}
          />
        )}
        {found.data && view === 'agenda' && <AgendaView entries={entries} {...range} actions={actions} />}
      </Card>
      {dialog?.act === 'move' && <MovePlanDialog plan={dialog.plan} onClose={() => setDialog(undefined)} />}
      {dialog?.act === 'cancel' && <CancelPlanDialog plan={dialog.plan} onClose={() => setDialog(undefined)} />}
    </Page>
  );
}

function monthTitle(day: string): string {
  const [year = '', month = ''] = day.split('-');
  if (getLocale() !== 'en') return `${year}年${Number(month)}月`;
  return new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day.slice(0, 7)}-01T00:00:00Z`),
  );
}

function ViewSwitch({ value, onChange }: { value: View; onChange: (view: View) => void }) {
  const labels: Record<View, string> = {
    month: m.calendar_month(),
    week: m.calendar_week(),
    agenda: m.calendar_agenda(),
  };
  return (
    <fieldset className={css.switch}>
      <legend className="visually-hidden">{m.calendar_view()}</legend>
      {VIEWS.map((view) => (
        <button key={view} type="button" aria-pressed={view === value} onClick={() => onChange(view)}>
          {labels[view]}
        </button>
      ))}
    </fieldset>
  );
}

/** Managers look into their people's calendars (user_id); the server decides whom they may see. */
function Whose({ value, onChange }: { value: number | undefined; onChange: (id: number | undefined) => void }) {
  const { user } = useSession();
  const allowed = SEES_OTHERS.includes(user.role);
  const people = useQuery({
    queryKey: ['picker', 'users of all', ''],
    queryFn: () => api.get<PickableUser[]>('/users/pickable'),
    staleTime: 60_000,
    enabled: allowed,
  });
  if (!allowed) return null;
  return (
    <FilterChip
      single
      label={value === undefined ? m.calendar_mine() : m.calendar_whose()}
      options={(people.data ?? [])
        .filter((one) => one.id !== user.id)
        .map((one) => ({ value: String(one.id), label: one.name }))}
      value={value === undefined ? [] : [String(value)]}
      onChange={([id]) => onChange(id ? Number(id) : undefined)}
    />
  );
}
