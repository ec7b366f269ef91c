import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '@/api/client';
import { useDictionary, useTags } from '@/api/dictionaries';
import type { Entry, PickableUser, Team } from '@/api/types';
import * as m from '@/paraglide/messages';
import { RadioGroup } from '@/ui/Choice';
import { ClearFilters, FilterBar, FilterChip, SearchField, ToggleChip } from '@/ui/FilterBar';
import type { Option } from '@/ui/Select';
import { usePhone } from '@/ui/use-phone';
import { CreatedDays } from './CreatedDays';
import { FILTERS, useGroups } from './groups';
import { followUpLabels, labelOptions, statusLabels } from './labels';
import type { CustomersSearch } from './routes';
import { SourceDetail } from './SourceDetail';

type Props = {
  search: CustomersSearch;
  onChange: (patch: Partial<CustomersSearch>) => void;
  /** Stands behind the filters: the switch to select. */
  children?: ReactNode;
};

const SILENT_DAYS = 30;
const CHANGED_DAYS = 30;
/** Per cent that people ask for; a report may ask for others. */
const INCOMPLETE = [60, 80, 100];

export function isFiltered(search: CustomersSearch): boolean {
  return FILTERS.some((name) => name !== 'tag_mode' && search[name] !== undefined);
}

/** Old records carry disabled values, so these stay findable. */
const ids = (entries: Entry[]): Option[] => entries.map((entry) => ({ value: String(entry.id), label: entry.name }));

export function CustomerFilters({ search, onChange, children }: Props) {
  const phone = usePhone();
  const tags = useTags().map((tag) => ({ value: String(tag.id), label: tag.name }));
  const owners = useQuery({
    queryKey: ['picker', 'users of all', ''],
    queryFn: () => api.get<PickableUser[]>('/users/pickable'),
    staleTime: 60_000,
  });
  const ownerOptions = (owners.data ?? []).map((user) => ({ value: String(user.id), label: user.name }));
  const teams = useQuery({ queryKey: ['teams', 'all'], queryFn: () => api.get<Team[]>('/teams'), staleTime: 60_000 });
  const teamOptions = (teams.data ?? []).map((team) => ({ value: String(team.id), label: team.name }));
  const below = [...new Set([...INCOMPLETE, ...(search.completeness_below ? [search.completeness_below] : [])])];
  const groups = (useGroups().data ?? []).map((group) => ({ value: String(group.id), label: group.name }));
  const chip = (
    name:
      | 'status'
      | 'follow_up_status'
      | 'industry'
      | 'region'
      | 'source_channel'
      | 'owner_id'
      | 'team_id'
      | 'group_id',
    label: string,
    options: Option[],
  ) => (
    <FilterChip
      label={label}
      options={options}
      value={search[name] ?? []}
      onChange={(value) => onChange({ [name]: value.length > 0 ? value : undefined })}
    />
  );

  return (
    <FilterBar>
      <SearchField
        label={m.customers_search()}
        value={search.q ?? ''}
        onChange={(q) => onChange({ q: q || undefined })}
      />
      {chip('status', m.customers_status(), labelOptions(statusLabels()))}
      {chip('follow_up_status', m.customers_follow_up_status(), labelOptions(followUpLabels()))}
      <FilterChip
        label={m.customers_tags()}
        options={tags}
        value={search.tag ?? []}
        onChange={(value) => onChange({ tag: value.length > 0 ? value : undefined })}
        extra={
          (search.tag?.length ?? 0) > 1 && (
            <RadioGroup
              label={m.customers_tags()}
              options={[
                { value: 'any', label: m.customers_tag_any() },
                { value: 'all', label: m.customers_tag_all() },
              ]}
              value={search.tag_mode ?? 'any'}
              onChange={(mode) => onChange({ tag_mode: mode === 'all' ? 'all' : undefined })}
            />
          )
        }
      />
      <FilterChip
        label={m.customers_exclude_tag()}
        options={tags}
        value={search.exclude_tag ?? []}
        onChange={(value) => onChange({ exclude_tag: value.length > 0 ? value : undefined })}
      />
      {chip('industry', m.customers_industry(), ids(useDictionary('industry')))}
      {chip('region', m.customers_region(), ids(useDictionary('region')))}
      {chip('source_channel', m.customers_source_channels(), ids(useDictionary('source_channel')))}
      <SourceDetail value={search.source_detail} onChange={(source_detail) => onChange({ source_detail })} />
      {(groups.length > 0 || search.group_id) && chip('group_id', m.groups_filter(), groups)}
      {chip('owner_id', m.customers_owner(), ownerOptions)}
      {chip('team_id', m.groups_col_team(), teamOptions)}
      <CreatedDays search={search} onChange={onChange} />
      <FilterChip
        single
        label={m.stewardship_completeness()}
        options={below.sort((a, b) => a - b).map((n) => ({ value: String(n), label: m.stewardship_incomplete({ n }) }))}
        value={search.completeness_below ? [String(search.completeness_below)] : []}
        onChange={([value]) => onChange({ completeness_below: value ? Number(value) : undefined })}
      />
      <ToggleChip
        label={m.customers_silent()}
        on={search.not_followed_up_days === SILENT_DAYS}
        onChange={(on) => onChange({ not_followed_up_days: on ? SILENT_DAYS : undefined })}
      />
      <ToggleChip
        label={m.customers_requirement_changed()}
        on={search.requirement_changed_days === CHANGED_DAYS}
        onChange={(on) => onChange({ requirement_changed_days: on ? CHANGED_DAYS : undefined })}
      />
      {phone && (
        <FilterChip
          single
          label={m.customers_sort()}
          options={[
            { value: '-updated_at', label: m.customers_sort_updated() },
            { value: '-created_at', label: m.customers_sort_created() },
            { value: 'last_followed_up_at', label: m.customers_sort_followed() },
            { value: 'name', label: m.customers_sort_name() },
            { value: '-number', label: m.customers_sort_number() },
          ]}
          value={search.sort ? [search.sort] : []}
          onChange={([sort]) => onChange({ sort: sort as CustomersSearch['sort'] })}
        />
      )}
      {children}
      {isFiltered(search) && (
        <ClearFilters onClear={() => onChange(Object.fromEntries(FILTERS.map((name) => [name, undefined])))} />
      )}
    </FilterBar>
  );
}
