import type { Report, ReportCell, ReportColumn } from '@/api/types';
import { parseSearch } from '@/app/search';
import * as m from '@/paraglide/messages';
import { count, moneyShort } from '@/ui/format';

const NONE = '—';
const DAY = 86_400;

/** 3天4小时; under an hour 45分. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return NONE;
  const days = Math.floor(seconds / DAY);
  const hours = Math.floor((seconds % DAY) / 3_600);
  if (days > 0) return m.reports_days_hours({ days, hours });
  return hours > 0 ? m.reports_hours({ hours }) : m.reports_minutes({ minutes: Math.floor(seconds / 60) });
}

/** What a cell says in words; what there is nothing of is 「—」, never 0 %. */
export function said(cell: ReportCell, shape: string): string {
  switch (shape) {
    case 'count':
      return typeof cell.count === 'number' ? count(cell.count) : NONE;
    case 'count_and_sum':
      return typeof cell.count === 'number' ? `${count(cell.count)} · ${moneyShort(cell.sum)}` : NONE;
    case 'money':
      return moneyShort(cell.sum);
    case 'rate':
      return cell.rate ? `${cell.rate.percent.toFixed(1)}%` : NONE;
    case 'score':
      return cell.rate ? cell.rate.percent.toFixed(1) : NONE;
    default:
      // A stay that lasts is marked: it is counted up to now (I26).
      return cell.lasting
        ? m.reports_lasting({ time: duration(cell.seconds), count: cell.lasting })
        : duration(cell.seconds);
  }
}

/** The number a chart draws; undefined leaves a gap. */
export function drawn(cell: ReportCell | undefined, shape: string): number | undefined {
  if (!cell) return undefined;
  if (shape === 'money') return cell.sum === null || cell.sum === undefined ? undefined : Number(cell.sum);
  if (shape === 'rate' || shape === 'score') return cell.rate?.percent;
  if (shape === 'duration') return typeof cell.seconds === 'number' ? cell.seconds / DAY : undefined;
  return cell.count ?? undefined;
}

/** Where the records behind a number are shown. */
export function listOf(drill: string): { to: string; search: Record<string, string | string[]> } {
  const [path = '', query = ''] = drill.split('?');
  const search = parseSearch(query);
  if (path === '/tasks') return { to: path, search: { ...search, tab: 'all' } };
  return { to: path === '/follow-ups' ? '/reports/follow-ups' : path, search };
}

/** Exact numbers, a column for each: spreadsheets are to reckon with them. */
function exact(cell: ReportCell, shape: string): string[] {
  const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));
  if (shape === 'count_and_sum') return [text(cell.count), text(cell.sum)];
  if (shape === 'money') return [text(cell.sum)];
  if (shape === 'rate' || shape === 'score') return [text(cell.rate?.percent)];
  return [shape === 'duration' ? text(cell.seconds) : text(cell.count)];
}

/** A name that begins like a formula is kept from being one. */
function quoted(text: string): string {
  const tame = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

function headings(column: ReportColumn): string[] {
  if (column.shape === 'count_and_sum') return [column.label, m.reports_sum_of({ name: column.label })];
  if (column.shape === 'rate') return [`${column.label} %`];
  return [column.shape === 'duration' ? m.reports_seconds_of({ name: column.label }) : column.label];
}

/** The report as CSV, with the mark by which spreadsheets know UTF-8. */
export function csvOf(report: Report): string {
  const head = ['', ...report.columns.flatMap(headings)];
  const rows = [...report.rows, report.total].map((row) => [
    row.name ?? m.reports_nobody(),
    ...row.cells.flatMap((cell, at) => exact(cell, report.columns[at]?.shape ?? 'count')),
  ]);
  return `\uFEFF${[head, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`;
}

/** Hands a file to the browser. */
export function download(name: string, address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}

/** How light a colour is to the eye, 0 to 1 (WCAG); `hex` as the tokens write it: `#rrggbb` or `#rgb`. */
function luminance(hex: string): number {
  const full = hex.length === 4 ? [...hex.slice(1)].map((one) => one + one).join('') : hex.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Which of the colours is read best on the ground. */
export function readableOn(ground: string, colours: [string, ...string[]]): string {
  const below = luminance(ground) + 0.05;
  const contrast = (colour: string) => {
    const ratio = (luminance(colour) + 0.05) / below;
    return Math.max(ratio, 1 / ratio);
  };
  return colours.reduce((best, one) => (contrast(one) > contrast(best) ? one : best));
}
