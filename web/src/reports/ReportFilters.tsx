import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { useDictionary, useTags } from '@/api/dictionaries';
import type { ForecastSnapshots, PickableUser, Team } from '@/api/types';
import * as m from '@/paraglide/messages';
import { addDays, today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { ClearFilters, FilterBar, FilterChip } from '@/ui/FilterBar';
import type { Option } from '@/ui/Select';
import css from './reports.module.css';
import type { ReportName, ReportsSearch } from './routes';

type Props = { search: ReportsSearch; onChange: (patch: Partial<ReportsSearch>) => void };

const FILTERS = ['team_id', 'owner_id', 'region', 'industry', 'source_channel', 'tag'] as const;

const named = (all: { id: number; name: string }[]): Option[] =>
  all.map((one) => ({ value: String(one.id), label: one.name }));

const lastOf = (month: string) => addDays(`${addDays(`${month}-28`, 4).slice(0, 7)}-01`, -1);

function spans(): { value: string; label: string; from: string; to: string }[] {
  const month = today().slice(0, 7);
  const before = addDays(`${month}-01`, -1).slice(0, 7);
  const year = month.slice(0, 4);
  const quarter = Math.floor((Number(month.slice(5)) - 1) / 3) * 3 + 1;
  const nth = (at: number) => `${year}-${String(at).padStart(2, '0')}`;
  return [
    { value: 'month', label: m.reports_this_month(), from: `${month}-01`, to: lastOf(month) },
    { value: 'before', label: m.reports_last_month(), from: `${before}-01`, to: lastOf(before) },
    { value: 'quarter', label: m.reports_this_quarter(), from: `${nth(quarter)}-01`, to: lastOf(nth(quarter + 2)) },
    { value: 'year', label: m.reports_this_year(), from: `${year}-01-01`, to: `${year}-12-31` },
  ];
}

function slicesOf(report: ReportName, all: Option[], lost: Option[]): Option[] {
  if (report === 'losses') return [...lost, ...all];
  return report === 'stage-duration' ? all.filter(({ value }) => value === 'team' || value === 'owner') : all;
}

/** Period, filters and, for a single report, what to slice by (S9). */
export function ReportFilters({ search, onChange }: Props) {
  const teams = useQuery({ queryKey: ['teams', 'all'], queryFn: () => api.get<Team[]>('/teams') });
  const people = useQuery({
    queryKey: ['users', 'pickable'],
    queryFn: () => api.get<PickableUser[]>('/users/pickable'),
    staleTime: 60_000,
  });
  const [regions, industries] = [useDictionary('region'), useDictionary('industry')];
  const [sources, tags] = [useDictionary('source_channel'), useTags()];
  const periods = spans();
  const chosen = periods.find((one) => one.from === search.from && one.to === search.to);
  const kept = useQuery({
    queryKey: ['reports', 'forecast-snapshots'],
    queryFn: () => api.get<ForecastSnapshots>('/reports/forecast-snapshots'),
    enabled: search.report === 'forecast',
  });
  const lost: Option[] = [
    { value: 'lost_reason', label: m.reports_by_lost_reason() },
    { value: 'lost_stage', label: m.reports_by_lost_stage() },
  ];
  const slices: Option[] = [
    { value: 'team', label: m.reports_by_team() },
    { value: 'owner', label: m.reports_by_owner() },
    { value: 'region', label: m.reports_by_region() },
    { value: 'industry', label: m.reports_by_industry() },
    { value: 'source_channel', label: m.reports_by_source() },
    { value: 'tag', label: m.reports_by_tag() },
  ];
  const ofTasks = search.report === 'task-completion';
  const taskSlices: Option[] = [
    { value: 'owner', label: m.reports_by_owner() },
    { value: 'team', label: m.reports_by_team() },
    { value: 'kind', label: m.tasks_kind() },
  ];
  const chip = (name: (typeof FILTERS)[number], label: string, options: Option[]) => (
    <FilterChip
      label={label}
      options={options}
      value={search[name] ?? []}
      onChange={(value) => onChange({ [name]: value.length > 0 ? value : undefined })}
    />
  );
  return (
    <FilterBar>
      <FilterChip
        single
        label={m.reports_period()}
        options={periods}
        value={chosen ? [chosen.value] : []}
        onChange={([value]) => {
          const span = periods.find((one) => one.value === value);
          onChange({ from: span?.from, to: span?.to });
        }}
      />
      <div className={css.day}>
        <DateField
          label={m.reports_from()}
          clearable
          value={search.from ?? ''}
          onChange={(value) => onChange({ from: value || undefined })}
        />
      </div>
      <div className={css.day}>
        <DateField
          label={m.reports_to()}
          clearable
          value={search.to ?? ''}
          onChange={(value) => onChange({ to: value || undefined })}
        />
      </div>
      {search.report && (
        <FilterChip
          single
          label={m.reports_group_by()}
          options={ofTasks ? taskSlices : slicesOf(search.report, slices, lost)}
          value={search.group_by ? [search.group_by] : []}
          onChange={([value]) => onChange({ group_by: value as ReportsSearch['group_by'] })}
        />
      )}
      {search.report === 'stage-duration' && (
        <FilterChip
          single
          label={m.reports_time()}
          options={[
            { value: 'calendar', label: m.reports_time_calendar() },
            { value: 'working', label: m.reports_time_working() },
          ]}
          value={search.hours ? [search.hours] : []}
          onChange={([value]) => onChange({ hours: value as ReportsSearch['hours'] })}
        />
      )}
      {search.report === 'forecast' && kept.data && kept.data.items.length > 0 && (
        <FilterChip
          single
          label={m.reports_snapshot()}
          options={kept.data.items.map((one) => ({ value: one.taken_on, label: one.taken_on }))}
          value={search.snapshot ? [search.snapshot] : []}
          onChange={([value]) => onChange({ snapshot: value })}
        />
      )}
      {chip('team_id', m.reports_by_team(), named(teams.data ?? []))}
      {chip('owner_id', m.reports_by_owner(), named(people.data ?? []))}
      {!ofTasks && (
        <>
          {chip('region', m.reports_by_region(), named(regions))}
          {chip('industry', m.reports_by_industry(), named(industries))}
          {chip('source_channel', m.reports_by_source(), named(sources))}
          {chip('tag', m.reports_by_tag(), named(tags))}
        </>
      )}
      {FILTERS.some((name) => search[name] !== undefined) && (
        <ClearFilters onClear={() => onChange(Object.fromEntries(FILTERS.map((name) => [name, undefined])))} />
      )}
    </FilterBar>
  );
}
