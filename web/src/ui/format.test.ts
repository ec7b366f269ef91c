import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, instantOf, inZone, setClock, today } from './clock';
import {
  aside,
  dateTime,
  dayMonth,
  labelled,
  listed,
  money,
  moneyShort,
  parseMoney,
  relativeDay,
  relativeTime,
  showMoney,
} from './format';

// 2024-03-18 00:30 in Shanghai is still the 17th in UTC and in America.
beforeEach(() => setClock('2024-03-17T16:30:00Z', 'Asia/Shanghai'));

describe('business time', () => {
  it('takes today from the server and its zone, not from the browser', () => {
    expect(today()).toBe('2024-03-18');
  });

  it('turns wall time into the instant and back', () => {
    expect(instantOf('2024-03-20', '14:00')).toBe('2024-03-20T06:00:00Z');
    expect(inZone('2024-03-20T06:00:00Z')).toMatchObject({ date: '2024-03-20', time: '14:00' });
  });

  it('finds the instant across a change of offset', () => {
    setClock('2024-03-10T00:00:00Z', 'America/New_York');
    expect(instantOf('2024-03-10', '01:30')).toBe('2024-03-10T06:30:00Z');
    expect(instantOf('2024-03-10', '03:30')).toBe('2024-03-10T07:30:00Z');
  });

  it('counts days over a leap day', () => {
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  });
});

describe('money (S37)', () => {
  it('shows a full amount exactly, far beyond what a float keeps', () => {
    expect(money('11129000.00')).toBe('¥11,129,000.00');
    expect(money('9999999999.99')).toBe('¥9,999,999,999.99');
    expect(money('0.00')).toBe('¥0.00');
    expect(money(null)).toBe('—');
  });

  it('shortens to 万 and 亿', () => {
    expect(moneyShort('3501.00')).toBe('¥3,501');
    expect(moneyShort('-17981000.00')).toBe('-¥1,798.1万');
    expect(moneyShort('11129000.00')).toBe('¥1,112.9万');
    expect(moneyShort('105000000.00')).toBe('¥1.05亿');
    expect(moneyShort('99999999.99')).toBe('¥1.00亿');
    expect(moneyShort('0.50')).toBe('¥0.50');
  });

  it('reads what people type', () => {
    expect(parseMoney('1,234.5')).toBe('1234.5');
    expect(parseMoney('￥ １２３４')).toBe('1234');
    expect(parseMoney('五万')).toBe('五万');
  });

  it('shows a typed amount with two decimals and leaves alone what is none', () => {
    expect(showMoney('500000')).toBe('500,000.00');
    expect(showMoney('1234.5')).toBe('1,234.50');
    expect(showMoney('12.345')).toBe('12.345');
    expect(showMoney('五万')).toBe('五万');
    expect(showMoney('')).toBe('');
  });
});

describe('dates', () => {
  it('says how far a day is away', () => {
    expect(relativeDay('2024-03-18')).toBe('今天');
    expect(relativeDay('2024-03-17')).toBe('昨天');
    expect(relativeDay('2024-03-15')).toBe('3天前');
    expect(relativeDay('2024-02-17')).toBe('30天前');
    expect(relativeDay('2024-02-16')).toBe('2024-02-16');
    expect(relativeDay('2024-03-26')).toBe('3月26日');
    expect(relativeDay(null)).toBe('—');
  });

  it('shows instants in the business zone', () => {
    expect(dateTime('2024-03-20T06:00:00Z')).toBe('2024-03-20 14:00');
    expect(relativeTime('2024-03-17T16:05:00Z')).toBe('今天 00:05');
    expect(dayMonth('2023-12-31')).toBe('2023-12-31');
  });
});

it('joins names, labels and asides as the language does', () => {
  expect(listed(['甲', '乙'])).toBe('甲、乙');
  expect(listed([])).toBe('');
  expect(labelled('电话', '号码有误')).toBe('电话：号码有误');
  expect(labelled(undefined, '重复')).toBe('重复');
  expect(aside('主')).toBe('（主）');
});
