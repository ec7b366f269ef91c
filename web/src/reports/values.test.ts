import { expect, test } from 'vitest';
import type { Report, ReportCell } from '@/api/types';
import { setClock } from '@/ui/clock';
import { dateTime } from '@/ui/format';
import { momentOf } from './spans';
import { csvOf, listOf, readableOn, said } from './values';

const NOTHING: ReportCell = { count: null, sum: null, rate: null, seconds: null, drill: null };

test('what there is nothing of is a dash, never 0 %', () => {
  for (const shape of ['count', 'count_and_sum', 'money', 'rate', 'score', 'duration'])
    expect(said(NOTHING, shape)).toBe('—');
  const none = { numerator: 0, denominator: 3, percent: 0 };
  expect(said({ ...NOTHING, rate: none }, 'rate')).toBe('0.0%');
  expect(said({ ...NOTHING, count: 3, sum: '123456.00' }, 'count_and_sum')).toBe('3 · ¥12.3万');
});

test('a stay that lasts is marked (I26)', () => {
  expect(said({ ...NOTHING, seconds: 90_000 }, 'duration')).toBe('1天1小时');
  expect(said({ ...NOTHING, seconds: 90_000, lasting: 2 }, 'duration')).toBe('1天1小时（含 2 个停留中）');
});

test('a number on a bar is read in light and dark', () => {
  expect(readableOn('#9fb6ae', ['#fff', '#16211d'])).toBe('#16211d');
  expect(readableOn('#0b4a42', ['#fff', '#16211d'])).toBe('#fff');
  expect(readableOn('#4a5f58', ['#161d1b', '#e8efec'])).toBe('#e8efec');
});

test('a number leads to its list', () => {
  expect(listOf('/opportunities?stage=won&won_from=2024-03-01')).toEqual({
    to: '/opportunities',
    search: { stage: 'won', won_from: '2024-03-01' },
  });
  expect(listOf('/opportunities?lost_reason=A%26B%20%3D').search).toEqual({ lost_reason: 'A&B =' });
  expect(listOf('/follow-ups?author_id=3').to).toBe('/reports/follow-ups');
  expect(listOf('/tasks?outcome=late')).toEqual({ to: '/tasks', search: { outcome: 'late', tab: 'all' } });
});

test('a file holds the exact numbers, and no formulas', () => {
  const cell = { ...NOTHING, count: 2, sum: '0.30' };
  const report = {
    columns: [{ key: 'won', label: '赢单', shape: 'count_and_sum' }],
    rows: [{ key: '1', name: '=1+1', cells: [cell] }],
    total: { key: '', name: '合计', cells: [cell] },
  } as unknown as Report;
  const lines = csvOf(report).split('\r\n');
  expect(lines.slice(1, 3)).toEqual(["'=1+1,2,0.30", '合计,2,0.30']);
});

test('a bare day is looked back on from its end, and nothing from later than now', () => {
  setClock('2024-03-18T01:00:00Z', 'Asia/Shanghai');
  expect(momentOf('2024-03-17')).toBe('2024-03-17T15:59:59.999Z');
  expect(dateTime(momentOf('2024-03-17'))).toBe('2024-03-17 23:59');
  expect(dateTime(momentOf('2024-03-18'))).toBe('2024-03-18 09:00');
  expect(momentOf('2024-03-17T02:00:00Z')).toBe('2024-03-17T02:00:00Z');
});
