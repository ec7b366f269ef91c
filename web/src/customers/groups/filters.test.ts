import { expect, it } from 'vitest';
import { filterOf, sameFilter, searchOf } from './filters';

it('keeps filters and nothing else of the address', () => {
  expect(filterOf({ q: '华为', status: ['won'], sort: 'name', view: '3', columns: ['owner'] })).toEqual({
    q: '华为',
    status: ['won'],
  });
});

it('opens a kept filter without the parts that are gone', () => {
  const kept = { tag: [3], industry: 7, not_followed_up_days: 30, unknown: 'x', group_id: [9] };
  expect(searchOf(kept, [{ field: 'group_id' }])).toEqual({
    tag: ['3'],
    industry: ['7'],
    not_followed_up_days: 30,
  });
});

it('compares filters by what they ask', () => {
  expect(sameFilter({ tag: [3], q: 'a' }, { q: 'a', tag: ['3'] })).toBe(true);
  expect(sameFilter({ tag: [3] }, { tag: [3, 4] })).toBe(false);
});
