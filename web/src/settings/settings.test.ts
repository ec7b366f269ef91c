import { describe, expect, it } from 'vitest';
import type { Entry, Team } from '@/api/types';
import { moved } from './order';
import { placeOf } from './TargetFile';
import { possibleParents, tree } from './team-tree';
import { months, sum } from './year';

const team = (id: number, parent_id: number | null): Team => ({
  id,
  name: `team ${id}`,
  parent_id,
  manager_id: null,
  manager_name: null,
  kind: 'team',
  region: null,
  member_count: 0,
  version: 1,
});

describe('teams', () => {
  const teams = [team(3, 2), team(1, null), team(2, 1), team(4, 1), team(9, 77)];

  it('stand below their parents', () => {
    expect(tree(teams).map(({ team: { id }, depth }) => [id, depth])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 1],
      [9, 0],
    ]);
  });

  it('cannot be moved below themselves', () => {
    expect(possibleParents(teams, 2).map(({ team: { id } }) => id)).toEqual([1, 4, 9]);
    expect(possibleParents(teams, undefined)).toHaveLength(5);
  });
});

describe('order', () => {
  const entry = (id: number, position: number): Entry => ({
    id,
    name: '',
    key: '',
    disabled: false,
    detail_required: false,
    position,
    version: 1,
  });
  const positions = (...changes: ReturnType<typeof moved>) => changes.map((one) => [one.entry.id, one.position]);

  it('swaps neighbours and leaves the rest alone', () => {
    const entries = [entry(1, 1), entry(2, 2), entry(3, 3)];
    expect(positions(...moved(entries, 3, -1))).toEqual([
      [3, 2],
      [2, 3],
    ]);
  });

  it('numbers afresh where positions repeat', () => {
    expect(positions(...moved([entry(1, 0), entry(2, 0)], 2, -1))).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  it('does nothing at the ends', () => {
    expect(moved([entry(1, 1)], 1, -1)).toEqual([]);
    expect(moved([entry(1, 1)], 1, 1)).toEqual([]);
  });
});

describe('targets', () => {
  it('name the cell of a file that is wrong', () => {
    expect(placeOf('rows[7].2024-03')).toBe('第 7 行 2024-03：');
    expect(placeOf('rows[7].number')).toBe('第 7 行 工号：');
    expect(placeOf('header[备注]')).toBe('表头「备注」：');
    expect(placeOf('file')).toBe('');
  });

  it('name months as the API does', () => expect(months(2024).at(2)).toBe('2024-03'));

  it('add up to the cent', () => {
    expect(sum(['0.10', '0.20'])).toBe('0.30');
    expect(sum(['9999999999.99', '0.01'])).toBe('10000000000.00');
    expect(sum([])).toBe('0.00');
  });
});
