import type { Dashboard, DashboardTile, ReportQuestion, Span, TileShape } from '@/api/types';
import { many, parseSearch } from '@/app/search';
import * as m from '@/paraglide/messages';
import { type CardName, type ReportsSearch, spans } from '@/reports';
import type { Option } from '@/ui/Select';

export const MOST_TILES = 20;

export const SPANS = [
  'usual',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_year',
  'fixed',
] as const satisfies readonly Span[];

export const spanLabels = (): Record<Span, string> => ({
  usual: m.dashboards_period_usual(),
  this_week: m.dashboards_period_this_week(),
  last_week: m.dashboards_period_last_week(),
  this_month: m.dashboards_period_this_month(),
  last_month: m.dashboards_period_last_month(),
  this_quarter: m.dashboards_period_this_quarter(),
  last_quarter: m.dashboards_period_last_quarter(),
  this_year: m.dashboards_period_this_year(),
  last_year: m.dashboards_period_last_year(),
  fixed: m.dashboards_period_fixed(),
});

export const shapeOptions = (): Option[] => [
  { value: 'number', label: m.dashboards_shape_number() },
  { value: 'bar', label: m.dashboards_shape_bar() },
  { value: 'line', label: m.dashboards_shape_line() },
  { value: 'table', label: m.dashboards_shape_table() },
];

export const widthOptions = (): Option[] => [
  { value: '1', label: m.dashboards_width_1() },
  { value: '2', label: m.dashboards_width_2() },
  { value: '3', label: m.dashboards_width_3() },
  { value: '4', label: m.dashboards_width_4() },
];

export const USUAL_WIDTH: Record<TileShape, number> = { number: 1, bar: 2, line: 2, table: 4 };

const FILTERS = ['team_id', 'owner_id', 'region', 'industry', 'source_channel', 'tag', 'kind'] as const;

/** What a tile asks, as the report's own search; the server has put the days of its period in. */
export function searchOf(asked: string): ReportsSearch {
  const found = parseSearch(asked);
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => [name, FILTERS.some((one) => one === name) ? many(value) : value]),
  ) as ReportsSearch;
}

/** The question of a report as it stands on its page: days that people have a word for move along with the calendar. */
export function questionOf(report: CardName, search: ReportsSearch, words: Record<string, Span>): ReportQuestion {
  const { from, to } = search;
  const span = spans().find((one) => one.from === from && one.to === to);
  const moving = from === undefined && to === undefined ? 'usual' : span && words[span.value];
  const fixed = moving === undefined;
  const filters: Record<string, string[]> = {};
  for (const name of FILTERS) {
    const values = many((search as Record<string, unknown>)[name]);
    if (values) filters[name] = values;
  }
  return {
    report,
    period: moving ?? 'fixed',
    from: fixed ? (from ?? null) : null,
    to: fixed ? (to ?? null) : null,
    group_by: search.group_by ?? null,
    hours: search.hours ?? null,
    filters,
  };
}

/** The words of the report page's spans. */
export const PAGE_SPANS: Record<string, Span> = {
  month: 'this_month',
  before: 'last_month',
  quarter: 'this_quarter',
  year: 'this_year',
};

export type TileDraft = Omit<DashboardTile, 'asked'>;

/** A tile as it is sent: without what the server reckons. */
export function draftOf({ asked: _, ...tile }: DashboardTile): TileDraft {
  return tile;
}

/** Tiles have no identity but what they are; of those alike, the first is the first. */
export function keysOf(tiles: readonly TileDraft[]): string[] {
  const met = new Map<string, number>();
  return tiles.map((tile) => {
    const text = JSON.stringify(tile);
    const before = met.get(text) ?? 0;
    met.set(text, before + 1);
    return `${before} ${text}`;
  });
}

/** All tiles with one of them a place further. */
export function moved<T>(tiles: readonly T[], at: number, by: -1 | 1): T[] {
  const all = [...tiles];
  const [one] = all.splice(at, 1);
  if (one !== undefined) all.splice(at + by, 0, one);
  return all;
}

export const pathOf = (board: Pick<Dashboard, 'id' | 'standard'>): string => String(board.id ?? board.standard);
