import { beforeEach, expect, it } from 'vitest';
import { setClock } from '@/ui/clock';
import { firstSlot, overlaps, slotInstants, withStart } from './slot';

beforeEach(() => setClock('2024-03-18T01:10:00Z', 'Asia/Shanghai'));

it('reads day and times in the business zone', () => {
  expect(slotInstants({ date: '2024-03-20', starts_at: '14:00', ends_at: '15:30' })).toEqual({
    starts_at: '2024-03-20T06:00:00Z',
    ends_at: '2024-03-20T07:30:00Z',
  });
});

it('leaves what is missing or wrong to the server', () => {
  expect(slotInstants({ date: '', starts_at: '14:00', ends_at: '25:00' })).toEqual({ starts_at: null, ends_at: null });
});

it('offers the next half hour with some lead, and tomorrow morning in the evening', () => {
  expect(firstSlot()).toEqual({ date: '2024-03-18', starts_at: '10:00', ends_at: '11:00' });
  setClock('2024-03-18T11:40:00Z', 'Asia/Shanghai');
  expect(firstSlot()).toEqual({ date: '2024-03-19', starts_at: '09:00', ends_at: '10:00' });
});

it('keeps the length when the start moves, within the day (S41)', () => {
  const slot = { date: '2024-03-20', starts_at: '14:00', ends_at: '15:30' };
  expect(withStart(slot, '16:00').ends_at).toBe('17:30');
  expect(withStart(slot, '23:30').ends_at).toBe('23:59');
  expect(withStart(slot, '16').ends_at).toBe('15:30');
});

it('two slots overlap only when they share time', () => {
  const slot = (starts_at: string, ends_at: string) => ({ starts_at, ends_at });
  const two = slot('2024-03-20T06:00:00Z', '2024-03-20T07:00:00Z');
  expect(overlaps(two, slot('2024-03-20T06:30:00Z', '2024-03-20T08:00:00Z'))).toBe(true);
  expect(overlaps(two, slot('2024-03-20T07:00:00Z', '2024-03-20T08:00:00Z'))).toBe(false);
});
