import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CalendarPlus, ChevronLeft, ChevronRight, Plus } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
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
import { byDay, span, step, week } from './grid';
import { Legend, personTone, useHolidays } from './Marks';
import { MonthView } from './MonthView';
import { CancelPlanDialog, type MovablePlan, MovePlanDialog, movePlan, toldStale } from './PlanDialogs';
import { type CalendarSearch, calendarRoute, MOST_PEOPLE, VIEWS, type View } from './routes';
import { WeekView } from './WeekView';

const SubscribeDialog = lazy(() => import('./SubscribeDialog'));

const SEES_OTHERS = ['administrator', 'sales_director', 'sales_manager'];

function asPlan(entry: CalendarEntry): MovablePlan {
  const { id, title, version, starts_at, ends_at } = entry;
  return { id, title, version, starts_at: starts_at ?? '', ends_at: ends_at ?? '' };
}

/**
 * 日程 (S44, I10): plans as slots, tasks on their due day; month, week, day, or day by day;
 * leaders lay up to ten calendars over each other (I11).
 */
export default function CalendarPage() {
  const search = calendarRoute.useSearch();
  const navigate = useNavigate({ from: '/calendar' });
  const phone = usePhone();
  const can = useCan();
  const openDrawer = useOpenDrawer();
  const [subscribing, setSubscribing] = useState(false);
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
  const holidays = useHolidays(range.from, range.to);
  const people = found.data?.people ?? [];
  const several = people.length > 1;
  const entries = useMemo(() => byDay(found.data?.entries ?? []), [found.data]);

  const go = (patch: Partial<CalendarSearch>) =>
    void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true });
  const planAt = (date: string, time: string) => openDrawer('plan', { startsAt: instantOf(date, time) });
  const mayPlan = can('edit_follow_ups') && search.user_id === undefined;
  const actions: EntryActions = {
    write: (entry) => openDrawer('follow_up', { planId: entry.id }),
    move: (entry) => setDialog({ act: 'move', plan: asPlan(entry) }),
    cancel: (entry) => setDialog({ act: 'cancel', plan: asPlan(entry) }),
    whose: several
      ? (entry) => {
          const place = people.findIndex((person) => person.id === entry.owner_id);
          const person = people[place];
          return person && { name: person.name, tone: personTone(place) };
        }
      : undefined,
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

  // Several calendars are there to be read (I11).
  const onDrop =
    can('edit_follow_ups') && !several ? (...where: Parameters<typeof drop>) => void drop(...where) : undefined;
  const [before, after] = stepLabels(view);
  return (
    <Page>
      <PageHeader
        title={monthTitle(day)}
        meta={
          <div className={css.steps}>
            <IconButton label={before} onClick={() => go({ day: step(view, day, -1) })}>
              <ChevronLeft size={17} aria-hidden />
            </IconButton>
            <IconButton label={after} onClick={() => go({ day: step(view, day, 1) })}>
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
            <Button icon={<CalendarPlus size={16} aria-hidden />} onClick={() => setSubscribing(true)}>
              {m.calendar_subscribe()}
            </Button>
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
        {several && <Legend people={people} />}
        {found.isPending && <SkeletonRows rows={12} />}
        {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {found.data && view === 'month' && (
          <MonthView
            day={day}
            holidays={holidays}
            entries={entries}
            actions={actions}
            onAdd={mayPlan ? (one) => planAt(one, '09:00') : undefined}
            onDay={(one) => go({ day: one, view: phone ? 'agenda' : 'day' })}
            onDrop={onDrop}
          />
        )}
        {found.data && (view === 'week' || view === 'day') && (
          <WeekView
            key={view}
            days={view === 'day' ? [day] : week(day)}
            holidays={holidays}
            entries={entries}
            actions={actions}
            onAdd={mayPlan ? planAt : undefined}
            onDrop={onDrop}
          />
        )}
        {found.data && view === 'agenda' && (
          <AgendaView entries={entries} holidays={holidays} {...range} actions={actions} />
        )}
      </Card>
      {dialog?.act === 'move' && <MovePlanDialog plan={dialog.plan} onClose={() => setDialog(undefined)} />}
      {dialog?.act === 'cancel' && <CancelPlanDialog plan={dialog.plan} onClose={() => setDialog(undefined)} />}
      <Suspense fallback={null}>{subscribing && <SubscribeDialog onClose={() => setSubscribing(false)} />}</Suspense>
    </Page>
  );
}

/** What the arrows do: a month, a week or a day back and on. */
function stepLabels(view: View): [string, string] {
  if (view === 'month') return [m.calendar_previous_month(), m.calendar_next_month()];
  if (view === 'day') return [m.calendar_previous_day(), m.calendar_next_day()];
  return [m.calendar_previous_week(), m.calendar_next_week()];
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
    day: m.calendar_day(),
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

type WhoseProps = { value: number[] | undefined; onChange: (ids: number[] | undefined) => void };

/** Leaders look into their people's calendars, several at once; the server decides whom they may see (I11). */
function Whose({ value, onChange }: WhoseProps) {
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
      label={value === undefined ? m.calendar_mine() : m.calendar_whose()}
      options={(people.data ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
      value={(value ?? []).map(String)}
      onChange={(ids) => {
        if (ids.length > MOST_PEOPLE) toast.warning(m.calendar_too_many_people());
        else onChange(ids.length > 0 ? ids.map(Number) : undefined);
      }}
    />
  );
}
