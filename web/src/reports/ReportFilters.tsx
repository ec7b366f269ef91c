import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { useDictionary, useTags } from '@/api/dictionaries';
import type { ForecastSnapshots, PickableUser, Team } from '@/api/types';
import * as m from '@/paraglide/messages';
import { today } from '@/ui/clock';
import { DateField, DateTimeField } from '@/ui/DateField';
import { ClearFilters, FilterBar, FilterChip } from '@/ui/FilterBar';
import type { Option } from '@/ui/Select';
import { slicesOf } from './names';
import css from './reports.module.css';
import type { ReportsSearch } from './routes';
import { momentOf, spans } from './spans';

type Props = { search: ReportsSearch; onChange: (patch: Partial<ReportsSearch>) => void };

const FILTERS = ['team_id', 'owner_id', 'region', 'industry', 'source_channel', 'tag'] as const;

const named = (all: { id: number; name: string }[]): Option[] =>
  all.map((one) => ({ value: String(one.id), label: one.name }));

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
      <div className={css.moment}>
        <DateTimeField
          label={m.reports_moment()}
          placeholder={m.reports_now()}
          max={today()}
          defaultTime="18:00"
          value={search.as_of ?? ''}
          onChange={(value) => onChange({ as_of: value ? momentOf(value) : undefined })}
        />
      </div>
      {search.report && (
        <FilterChip
          single
          label={m.reports_group_by()}
          options={slicesOf(search.report)}
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
      {chip('region', m.reports_by_region(), named(regions))}
      {chip('industry', m.reports_by_industry(), named(industries))}
      {chip('source_channel', m.reports_by_source(), named(sources))}
      {chip('tag', m.reports_by_tag(), named(tags))}
      {FILTERS.some((name) => search[name] !== undefined) && (
        <ClearFilters onClear={() => onChange(Object.fromEntries(FILTERS.map((name) => [name, undefined])))} />
      )}
    </FilterBar>
  );
}
