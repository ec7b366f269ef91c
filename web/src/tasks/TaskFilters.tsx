import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { useDictionary, useTags } from '@/api/dictionaries';
import type { PickableUser, Team } from '@/api/types';
import * as m from '@/paraglide/messages';
import { addDays, today } from '@/ui/clock';
import { ClearFilters, FilterBar, FilterChip, ToggleChip } from '@/ui/FilterBar';
import { outcomeLabels } from './labels';
import { TASK_OUTCOMES, type TaskOutcome, type TasksSearch } from './routes';
import { isOwn, type TaskTab } from './tabs';

type Props = { tab: TaskTab; search: TasksSearch; onChange: (patch: Partial<TasksSearch>) => void };

const NO_FILTERS = {
  kind: undefined,
  assignee_id: undefined,
  due_from: undefined,
  due_to: undefined,
  overdue: undefined,
  outcome: undefined,
  team_id: undefined,
  region: undefined,
  industry: undefined,
  source_channel: undefined,
  tag: undefined,
} as const;

export function isFiltered(search: TasksSearch): boolean {
  return (Object.keys(NO_FILTERS) as (keyof typeof NO_FILTERS)[]).some((name) => search[name] !== undefined);
}

export function TaskFilters({ tab, search, onChange }: Props) {
  const kinds = useDictionary('task_kind').map((entry) => ({ value: entry.key || entry.name, label: entry.name }));
  const people = useQuery({
    queryKey: ['picker', 'users of all', ''],
    queryFn: () => api.get<PickableUser[]>('/users/pickable'),
    staleTime: 60_000,
    enabled: !isOwn(tab),
  });
  const teams = useQuery({
    queryKey: ['teams', 'all'],
    queryFn: () => api.get<Team[]>('/teams'),
    enabled: tab === 'all' && search.team_id !== undefined,
  });
  const day = today();
  const spans = [
    { value: 'past', label: m.tasks_due_past(), from: undefined, to: addDays(day, -1) },
    { value: 'week', label: m.tasks_due_week(), from: day, to: addDays(day, 7) },
    { value: 'month', label: m.tasks_due_month(), from: day, to: addDays(day, 30) },
  ];
  const span = spans.find((one) => one.from === search.due_from && one.to === search.due_to);
  const given = search.due_from !== undefined || search.due_to !== undefined;
  return (
    <FilterBar>
      <FilterChip
        label={m.tasks_kind()}
        options={kinds}
        value={search.kind ?? []}
        onChange={(kind) => onChange({ kind: kind.length > 0 ? kind : undefined })}
      />
      {!isOwn(tab) && (
        <FilterChip
          label={m.tasks_assignee()}
          options={(people.data ?? []).map((user) => ({ value: String(user.id), label: user.name }))}
          value={search.assignee_id ?? []}
          onChange={(ids) => onChange({ assignee_id: ids.length > 0 ? ids : undefined })}
        />
      )}
      {tab !== 'today' && (
        <FilterChip
          single
          label={m.tasks_due_range()}
          options={[
            ...spans,
            ...(given && !span ? [{ value: 'own', label: `${search.due_from ?? ''} – ${search.due_to ?? ''}` }] : []),
          ]}
          value={given ? [span?.value ?? 'own'] : []}
          onChange={([value]) => {
            const next = spans.find((one) => one.value === value);
            onChange({ due_from: next?.from, due_to: next?.to });
          }}
        />
      )}
      {tab !== 'overdue' && tab !== 'done' && tab !== 'today' && (
        <ToggleChip
          label={m.tasks_only_overdue()}
          on={search.overdue ?? false}
          onChange={(on) => onChange({ overdue: on || undefined })}
        />
      )}
      {tab === 'all' && (
        <FilterChip
          single
          label={m.tasks_outcome()}
          options={TASK_OUTCOMES.map((value) => ({ value, label: outcomeLabels()[value] }))}
          value={search.outcome ? [search.outcome] : []}
          onChange={([value]) => onChange({ outcome: value as TaskOutcome | undefined })}
        />
      )}
      {tab === 'all' && search.team_id && (
        <FilterChip
          label={m.tasks_team()}
          options={teams.data?.map((team) => ({ value: String(team.id), label: team.name })) ?? []}
          value={search.team_id}
          onChange={(ids) => onChange({ team_id: ids.length > 0 ? ids : undefined })}
        />
      )}
      {tab === 'all' && OF_CUSTOMER.some((name) => search[name] !== undefined) && (
        <OfCustomer search={search} onChange={onChange} />
      )}
      {isFiltered(search) && <ClearFilters onClear={() => onChange(NO_FILTERS)} />}
    </FilterBar>
  );
}

const options = (entries: { id: number; name: string }[]) =>
  entries.map(({ id, name }) => ({ value: String(id), label: name }));

const OF_CUSTOMER = ['region', 'industry', 'source_channel', 'tag'] as const;

/** What a figure of a report asked of the customers; only that is shown. */
function OfCustomer({ search, onChange }: Pick<Props, 'search' | 'onChange'>) {
  const [regions, industries] = [useDictionary('region'), useDictionary('industry')];
  const [sources, tags] = [useDictionary('source_channel'), useTags()];
  const asked = [
    ['region', m.customers_region(), regions],
    ['industry', m.customers_industry(), industries],
    ['source_channel', m.customers_source_channels(), sources],
    ['tag', m.customers_tags(), tags],
  ] as const;
  return asked
    .filter(([name]) => search[name] !== undefined)
    .map(([name, label, entries]) => (
      <FilterChip
        key={name}
        label={label}
        options={options(entries)}
        value={search[name] ?? []}
        onChange={(ids) => onChange({ [name]: ids.length > 0 ? ids : undefined })}
      />
    ));
}
