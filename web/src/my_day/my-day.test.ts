import { describe, expect, it } from 'vitest';
import { givenName, greeting } from './greeting';
import { progress, quarter } from './progress';

describe('greeting', () => {
  it.each([
    [4, '晚上好'],
    [5, '早上好'],
    [9, '上午好'],
    [12, '中午好'],
    [14, '下午好'],
    [18, '晚上好'],
    [23, '晚上好'],
  ])('at %i o’clock says %s', (hour, text) => expect(greeting(hour)).toBe(text));

  it.each([
    ['周启明', '启明'],
    ['李四', '李四'],
    ['欧阳修', '欧阳修'],
    ['欧阳文忠', '文忠'],
    ['Anna Bell', 'Anna Bell'],
  ])('calls %s %s', (name, called) => expect(givenName(name)).toBe(called));
});

describe('progress', () => {
  it('has no bar without a target', () => expect(progress(null, 0.5)).toBeUndefined());

  it('says when the time runs ahead', () => {
    expect(progress(0.42, 0.86)).toEqual({ filled: 42, mark: 86, behind: true, reached: false });
    expect(progress(0.9, 0.86)).toMatchObject({ behind: false });
  });

  it('does not run over the edge', () => {
    expect(progress(1.35, 1)).toMatchObject({ filled: 100, mark: 100, reached: true });
    expect(progress(-0.1, 0)).toMatchObject({ filled: 0 });
  });

  it('reads quarters', () => {
    expect(quarter('2024-Q1')).toEqual({ year: '2024', quarter: '1' });
    expect(quarter('2024-03')).toBeUndefined();
  });
});
