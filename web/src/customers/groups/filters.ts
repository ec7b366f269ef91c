import type { SavedFilter } from '@/api/types';
import type { CustomersSearch } from '../routes';

/** The tab of the list without a view. */
export const ALL = 'all';

/** The names of the list's filters; all else in the address turns pages, opens dialogs or chooses columns. */
export const FILTERS = [
  'q',
  'status',
  'follow_up_status',
  'tag',
  'tag_mode',
  'exclude_tag',
  'industry',
  'region',
  'source_channel',
  'source_detail',
  'group_id',
  'owner_id',
  'team_id',
  'created_from',
  'created_to',
  'not_followed_up_days',
  'requirement_changed_days',
  'completeness_below',
  'primary_source',
  'activity',
  'contacted_by',
  'contacted_by_team',
  'contacted_from',
  'contacted_to',
] as const satisfies readonly (keyof CustomersSearch)[];

type NoFilter = 'sort' | 'view' | 'columns' | 'tags' | 'groups' | 'batch';
// A filter of the address that is not named above would be lost from every kept view: this line then fails.
true satisfies [Exclude<keyof CustomersSearch, (typeof FILTERS)[number] | NoFilter>] extends [never] ? true : never;

/** The filters of the address as the server keeps them. */
export function filterOf(search: CustomersSearch): SavedFilter {
  return Object.fromEntries(
    FILTERS.filter((name) => search[name] !== undefined).map((name) => [name, search[name]]),
  ) as SavedFilter;
}

/** A kept filter as the address wants it, without the parts that mean nothing any more. */
export function searchOf(filter: SavedFilter, broken: readonly { field: string }[] = []): Partial<CustomersSearch> {
  const dead = new Set(broken.map((one) => one.field));
  const known = Object.entries(filter).filter(
    ([name]) => (FILTERS as readonly string[]).includes(name) && !dead.has(name),
  );
  return Object.fromEntries(
    known.map(([name, value]) => [
      name,
      LISTS.has(name) ? (Array.isArray(value) ? value : [value]).map(String) : value,
    ]),
  ) as Partial<CustomersSearch>;
}

const LISTS = new Set<string>([
  'status',
  'follow_up_status',
  'tag',
  'exclude_tag',
  'industry',
  'region',
  'source_channel',
  'group_id',
  'owner_id',
  'team_id',
]);

/** Whether two filters ask for the same; the order of names does not count. */
export function sameFilter(one: SavedFilter, other: SavedFilter): boolean {
  const text = (filter: SavedFilter) =>
    JSON.stringify(
      Object.entries(filter)
        .map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)])
        .sort(([a], [b]) => String(a).localeCompare(String(b))),
    );
  return text(one) === text(other);
}
