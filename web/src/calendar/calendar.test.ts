import { describe, expect, it } from 'vitest';
import type { CalendarEntry } from '@/api/types';
import { byDay, monday, monthWeeks, nextMonth, span, step, week } from './grid';
import { clockTime, hours, minutes, place } from './slots';

describe('grid', () => {
  it('starts weeks on Monday', () => {
    expect(monday('2024-03-17')).toBe('2024-03-11');
    expect(monday('2024-03-18')).toBe('2024-03-18');
    expect(monday('1969-12-31')).toBe('1969-12-29');
    expect(week('2024-03-20').at(-1)).toBe('2024-03-24');
  });

  it('fills a month’s page with whole weeks', () => {
    const march = monthWeeks('2024-03-18');
    expect(march).toHaveLength(5);
    expect(march[0]?.[0]).toBe('2024-02-26');
    expect(march.at(-1)?.at(-1)).toBe('2024-03-31');
    expect(monthWeeks('2026-11-23')).toHaveLength(6);
    expect(monthWeeks('2021-02-10')).toHaveLength(4);
  });

  it('steps over years and short months', () => {
    expect(nextMonth('2024-12-31')).toBe('2025-01-01');
    expect(nextMonth('2024-01-31')).toBe('2024-02-01');
    expect(step('month', '2024-03-31', -1)).toBe('2024-02-01');
    expect(step('month', '2024-01-15', 1)).toBe('2024-02-01');
    expect(step('week', '2024-03-18', -1)).toBe('2024-03-11');
    expect(step('day', '2024-02-29', 1)).toBe('2024-03-01');
    expect(span('day', '2024-02-29')).toEqual({ from: '2024-02-29', to: '2024-02-29' });
  });

  it('asks for no more than the server gives', () => {
    for (let month = 1; month <= 12; month++) {
      const { from, to } = span('month', `2024-${String(month).padStart(2, '0')}-15`);
      expect((Date.parse(to) - Date.parse(from)) / 86_400_000).toBeLessThan(42);
    }
  });

  it('puts tasks before plans, plans by their start', () => {
    const entry = (id: number, kind: 'plan' | 'task', starts_at?: string): CalendarEntry => ({
      id,
      kind,
      title: '',
      date: '2024-03-20',
      status: 'planned',
      owner_id: 1,
      version: 1,
      starts_at: starts_at ?? null,
      ends_at: null,
      method: null,
      customer_name: null,
      opportunity_name: null,
      overdue: null,
      overlaps: null,
      follow_up_id: null,
    });
    const day = byDay([
      entry(1, 'plan', '2024-03-20T06:00:00Z'),
      entry(2, 'task'),
      entry(3, 'plan', '2024-03-20T01:00:00Z'),
    ]).get('2024-03-20');
    expect(day?.map((one) => one.id)).toEqual([2, 3, 1]);
  });
});

describe('slots', () => {
  const slot = (id: number, from: string, to: string) => ({ id, start: minutes(from), end: minutes(to) });
  const columns = (slots: ReturnType<typeof slot>[]) =>
    Object.fromEntries(place(slots).map((one) => [one.id, `${one.column}/${one.columns}`]));

  it('leaves the whole width to what overlaps nothing', () => {
    expect(columns([slot(1, '09:00', '10:00'), slot(2, '10:00', '11:00')])).toEqual({ 1: '0/1', 2: '0/1' });
  });

  it('puts overlapping ones side by side', () => {
    expect(columns([slot(1, '09:00', '10:30'), slot(2, '10:00', '11:00')])).toEqual({ 1: '0/2', 2: '1/2' });
  });

  it('takes a column again once it is free, within the same group', () => {
    const slots = [slot(1, '09:00', '12:00'), slot(2, '09:30', '10:00'), slot(3, '10:00', '11:00')];
    expect(columns(slots)).toEqual({ 1: '0/2', 2: '1/2', 3: '1/2' });
  });

  it('shows 07 to 22, and more when something lies outside', () => {
    expect(hours([])).toEqual({ first: 7, last: 22 });
    expect(hours([slot(1, '05:30', '06:00'), slot(2, '21:00', '23:30')])).toEqual({ first: 5, last: 24 });
  });

  it('keeps times within the day', () => {
    expect(clockTime(minutes('14:05'))).toBe('14:05');
    expect(clockTime(24 * 60)).toBe('23:59');
    expect(clockTime(-30)).toBe('00:00');
  });
});
