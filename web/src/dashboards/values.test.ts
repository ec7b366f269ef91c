import { expect, it } from 'vitest';
import { Problem } from '@/api/problem';
import { setClock } from '@/ui/clock';
import { fieldErrors } from '@/ui/use-form';
import { atItsFields } from './boards';
import { keysOf, moved, PAGE_SPANS, questionOf, searchOf, type TileDraft } from './values';

// I29: days that people have a word for move along with the calendar, others stay.
it('keeps the period of a report as a word where there is one', () => {
  setClock('2024-03-18T01:00:00Z', 'Asia/Shanghai');
  const period = (from?: string, to?: string) => {
    const { period, from: first, to: last } = questionOf('funnel', { from, to }, PAGE_SPANS);
    return [period, first, last];
  };
  expect(period()).toEqual(['usual', null, null]);
  expect(period('2024-03-01', '2024-03-31')).toEqual(['this_month', null, null]);
  expect(period('2024-02-01', '2024-02-29')).toEqual(['last_month', null, null]);
  expect(period('2024-01-01', '2024-12-31')).toEqual(['this_year', null, null]);
  expect(period('2024-03-05', '2024-03-09')).toEqual(['fixed', '2024-03-05', '2024-03-09']);
});

it('carries the filters of a report there and back', () => {
  const question = questionOf(
    'losses',
    { group_by: 'lost_reason', region: ['3', '华东'], owner_id: ['7'] },
    PAGE_SPANS,
  );
  expect(question.filters).toEqual({ region: ['3', '华东'], owner_id: ['7'] });
  expect(question.group_by).toBe('lost_reason');
  expect(
    searchOf('from=2024-02-01&to=2024-02-29&group_by=lost_reason&region=3&region=%E5%8D%8E%E4%B8%9C&owner_id=7'),
  ).toEqual({
    from: '2024-02-01',
    to: '2024-02-29',
    group_by: 'lost_reason',
    region: ['3', '华东'],
    owner_id: ['7'],
  });
});

it('moves a tile by one place', () => {
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
});

it('knows a tile again where it was moved to, and tells those alike apart', () => {
  const tile = (name: string): TileDraft => ({
    name,
    question: questionOf('pipeline', {}, PAGE_SPANS),
    shape: 'bar',
    column: null,
    width: 2,
  });
  const [first, second, third] = keysOf([tile('a'), tile('b'), tile('a')]);
  expect(new Set([first, second, third]).size).toBe(3);
  expect(keysOf([tile('b'), tile('a'), tile('a')])).toEqual([second, first, third]);
});

it('says what is wrong with a tile at the fields of its form, and of the others where they stand', async () => {
  const wrong = (field: string) => ({ field, code: 'REQUIRED', message: field });
  const fields = ['tiles.2.from', 'tiles.2.question.to', 'tiles.0.name', 'tiles.21.name'].map(wrong);
  const refused = Promise.reject(new Problem({ title: '?', status: 422, code: 'INVALID', fields }));
  const error = await atItsFields(2, refused).catch((found: unknown) => found);
  expect(Object.keys(fieldErrors(error, { name: '', from: '', to: '' }))).toEqual(['from', 'to', 'tiles']);
});
