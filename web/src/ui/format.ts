import { getLocale } from '@/paraglide/runtime';
import { daysBetween, inZone, today } from './clock';

const locale = () => (getLocale() === 'en' ? 'en' : 'zh-CN');

/** 元 string → sign, digits before the point, two digits after. Strings, because 9,999,999,999.99 must stay exact. */
function split(amount: string): [sign: string, whole: string, cents: string] | undefined {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(amount);
  return match ? [match[1] ?? '', match[2] ?? '0', (match[3] ?? '').padEnd(2, '0')] : undefined;
}

function grouped(whole: string): string {
  return whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Full amount as on a record: ¥11,129,000.00. Absent → 「—」. */
export function money(amount: string | null | undefined): string {
  const parts = amount ? split(amount) : undefined;
  return parts ? `${parts[0]}¥${grouped(parts[1])}.${parts[2]}` : '—';
}

/** Short amount as in lists: ¥1,112.9万, ¥1.05亿, ¥3,501; English ¥11.13M. */
export function moneyShort(amount: string | null | undefined): string {
  const parts = amount ? split(amount) : undefined;
  if (!parts) return '—';
  const value = Number(`${parts[0]}${parts[1]}.${parts[2]}`);
  const size = Math.abs(value);
  if (locale() === 'en') {
    return `¥${new Intl.NumberFormat('en', { notation: size >= 10_000 ? 'compact' : 'standard', maximumFractionDigits: size >= 10_000 ? 2 : 0 }).format(value)}`;
  }
  // 9,999.95万 would round up to 10,000.0万; from there on 亿 reads better.
  if (size >= 99_999_500) return `${parts[0]}¥${fixed(size / 100_000_000, 2)}亿`;
  if (size >= 10_000) return `${parts[0]}¥${fixed(size / 10_000, 1)}万`;
  return `${parts[0]}¥${fixed(size, parts[2] === '00' ? 0 : 2)}`;
}

function fixed(value: number, digits: number): string {
  return new Intl.NumberFormat('zh-CN', { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** What is typed into a money field → decimal string for the API; thousands separators and full-width digits pass. */
export function parseMoney(text: string): string {
  return text
    .replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[,，\s¥￥元]/g, '')
    .trim();
}

/** A money string as the field shows it when left: 500000 → 500,000.00. What is no amount stays as typed. */
export function showMoney(text: string): string {
  const parts = split(parseMoney(text));
  return parts ? `${parts[0]}${grouped(parts[1])}.${parts[2]}` : text;
}

export function count(n: number): string {
  return new Intl.NumberFormat(locale()).format(n);
}

/** A total of a list; past the cap the server counts no further. */
export function total(n: number, capped: boolean): string {
  return capped ? `${count(n)}+` : count(n);
}

export function percent(rate: number | null | undefined, digits = 0): string {
  if (rate === null || rate === undefined) return '—';
  return new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: digits }).format(rate);
}

const dayOf = (value: string) => (value.length === 10 ? value : inZone(value).date);

/** "2026-11-23" of a date or an instant. */
export function date(value: string | null | undefined): string {
  return value ? dayOf(value) : '—';
}

/** 11月23日, with the year when it is another one. */
export function dayMonth(value: string | null | undefined): string {
  if (!value) return '—';
  const day = dayOf(value);
  const sameYear = day.slice(0, 4) === today().slice(0, 4);
  if (!sameYear) return day;
  return new Intl.DateTimeFormat(locale(), {
    month: locale() === 'en' ? 'short' : 'long',
    day: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${day}T00:00:00Z`));
}

/** 周一 / Mon */
export function weekday(value: string): string {
  return new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' }).format(
    new Date(`${dayOf(value)}T00:00:00Z`),
  );
}

/** "14:00" in the business zone, 24-hour clock. */
export function time(instant: string | null | undefined): string {
  return instant ? inZone(instant).time : '—';
}

/** "2026-11-23 14:00" in the business zone. */
export function dateTime(instant: string | null | undefined): string {
  if (!instant) return '—';
  const at = inZone(instant);
  return `${at.date} ${at.time}`;
}

/** 今天, 昨天, 3天前 … up to 30 days back, then the date; ahead 明天, 3天后 up to 7 days, then 11月25日. */
export function relativeDay(value: string | null | undefined): string {
  if (!value) return '—';
  const days = daysBetween(today(), dayOf(value));
  if (days < -30) return dayOf(value);
  if (days > 7) return dayMonth(value);
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(days, 'day');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** 今天 14:00, 昨天 09:30, 11月20日 16:00 */
export function relativeTime(instant: string | null | undefined): string {
  if (!instant) return '—';
  const days = daysBetween(inZone(instant).date, today());
  const day = Math.abs(days) <= 1 ? relativeDay(instant) : dayMonth(instant);
  return `${day} ${time(instant)}`;
}

export function fileSize(bytes: number): string {
  const [value, unit] = bytes >= 1_048_576 ? [bytes / 1_048_576, 'MB'] : [bytes / 1024, 'KB'];
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(value)} ${unit}`;
}

/** Several names in one line: 甲、乙 or A, B. */
export const listed = (names: readonly string[]): string => names.join(getLocale() === 'en' ? ', ' : '、');

/** A name and what it says: 电话：号码有误 or Phone: not a number. Without a name only what it says. */
export const labelled = (name: string | null | undefined, text: string): string =>
  name ? `${name}${getLocale() === 'en' ? ': ' : '：'}${text}` : text;

/** Something said aside: （主）or (main). */
export const aside = (text: string): string => (getLocale() === 'en' ? ` (${text})` : `（${text}）`);
