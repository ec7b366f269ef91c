import { expect, it } from 'vitest';
import { stay } from './stay';

it('says how long a stage was held, in two units at most (S53)', () => {
  expect(stay(0)).toBe('不足 1 分钟');
  expect(stay(59)).toBe('不足 1 分钟');
  expect(stay(8 * 60)).toBe('8 分钟');
  expect(stay(5 * 3600)).toBe('5 小时');
  expect(stay(5 * 3600 + 20 * 60 + 59)).toBe('5 小时 20 分');
  expect(stay(3 * 86_400)).toBe('3 天');
  expect(stay(3 * 86_400 + 4 * 3600 + 3599)).toBe('3 天 4 小时');
});

it('never shows a negative time, should two clocks disagree', () => {
  expect(stay(-5)).toBe('不足 1 分钟');
});
