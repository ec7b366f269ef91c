import type { Report } from '@/api/types';
import * as m from '@/paraglide/messages';
import { dateTime } from '@/ui/format';
import type { CardName } from './routes';
import { drawn, readableOn } from './values';

const MOST_BARS = 20;
const MOST_SERIES = 4;
/** A bar narrower than this share of the widest has no room for its number. */
const ROOM_FOR_NUMBER = 0.1;

type Token = (word: string) => string;

/** What a chart of a report looks like; `token` reads a colour of the theme. */
export function optionsOf(name: CardName, report: Report, token: Token, lines: boolean) {
  const text = { color: token('--ink-2') };
  const line = { lineStyle: { color: token('--line') } };
  const common = {
    animation: false,
    color: ['--s4', '--s2', '--amber', '--blue'].map(token),
    textStyle: { ...text, fontFamily: token('--font') },
    // What is drawn into the page itself would need inline styles.
    tooltip: { renderMode: 'richText' as const, confine: true },
  };
  // A report that is not sliced says all in its last line.
  const rows = report.rows.length > 0 ? report.rows.slice(0, MOST_BARS) : [report.total];
  const names = rows.map((row) => row.name ?? m.reports_nobody());
  const bottom = report.looks_back ? 32 : 8;
  // A picture that is taken along says what moment it is of.
  const moment = report.looks_back && {
    name: m.reports_of_the_past({ at: dateTime(report.as_of) }),
    nameLocation: 'middle' as const,
    nameTextStyle: { color: token('--ink-3') },
  };
  if (name === 'funnel' && !report.group_by && !lines) {
    const counts = rows.map((row) => row.cells[0]?.count ?? 0);
    const widest = Math.max(...counts, 1);
    const bare = { axisLabel: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
    return {
      ...common,
      grid: { left: 8, right: 8, top: 8, bottom, containLabel: true },
      xAxis: { type: 'value', max: widest, ...bare, axisLine: { show: false }, nameGap: 12, ...moment },
      yAxis: {
        type: 'category',
        inverse: true,
        data: names,
        axisLabel: text,
        axisLine: line,
        axisTick: { show: false },
      },
      series: funnelBars(counts, widest, token),
    };
  }
  // One scale fits one kind of number: that of the first column.
  const shape = report.columns[0]?.shape === 'count_and_sum' ? 'count' : (report.columns[0]?.shape ?? 'count');
  const kind = (of: string) => (of === 'count_and_sum' ? 'count' : of);
  const fitting = report.columns
    .map((column, at) => ({ column, at }))
    .filter(({ column }) => kind(column.shape) === shape)
    .slice(0, MOST_SERIES);
  return {
    ...common,
    legend: { top: 0, textStyle: text },
    grid: { left: 8, right: 8, top: 36, bottom, containLabel: true },
    xAxis: {
      type: 'category',
      data: names,
      nameGap: 28,
      ...moment,
      axisLabel: { ...text, interval: 0, rotate: names.length > 6 ? 40 : 0 },
      axisLine: line,
    },
    yAxis: { type: 'value', axisLabel: text, splitLine: line },
    series: fitting.map(({ column, at }) => ({
      type: lines ? ('line' as const) : ('bar' as const),
      name: column.label,
      barMaxWidth: 36,
      data: rows.map((row) => drawn(row.cells[at], kind(column.shape)) ?? '-'),
    })),
  };
}

/** A funnel is bars around one middle line: what a bar lacks to the widest stands beside it, unseen. */
function funnelBars(counts: number[], widest: number, token: Token) {
  const bar = { type: 'bar', stack: 'funnel' };
  const bars = counts.map((value, at) => {
    const color = token(`--s${Math.min(5, at + 1)}`);
    const label =
      value / widest < ROOM_FOR_NUMBER
        ? { position: 'right', color: token('--ink') }
        : { color: readableOn(color, [token('--surface'), token('--ink')]) };
    return { value, itemStyle: { color }, label };
  });
  return [
    { ...bar, silent: true, itemStyle: { opacity: 0 }, data: counts.map((n) => (widest - n) / 2) },
    { ...bar, barCategoryGap: '12%', label: { show: true, position: 'inside' }, data: bars },
  ];
}
