import { instantOf, inZone, now, today } from '@/ui/clock';

/** A time slot as a form holds it: a day and two wall times of the business zone. */
export type Slot = { date: string; starts_at: string; ends_at: string };

const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text);

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const LAST_MINUTE = 23 * 60 + 59;

function timeOf(minutes: number): string {
  const within = Math.min(Math.max(minutes, 0), LAST_MINUTE);
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
}

/** Both ends as instants; null where day or time is missing or wrong, so that the server names the field. */
export function slotInstants({ date, starts_at, ends_at }: Slot): { starts_at: string | null; ends_at: string | null } {
  const at = (time: string) => (isDay(date) && isTime(time) ? instantOf(date, time) : null);
  return { starts_at: at(starts_at), ends_at: at(ends_at) };
}

/** The next full half hour that leaves time to get ready, one hour long; tomorrow at nine once the day is nearly over. */
export function firstSlot(): Slot {
  const LEAD = 30;
  const HALF_HOUR = 30;
  const start = Math.ceil((minutesOf(inZone(now()).time) + LEAD) / HALF_HOUR) * HALF_HOUR;
  if (start > 18 * 60) return { date: nextDay(), starts_at: '09:00', ends_at: '10:00' };
  return { date: today(), starts_at: timeOf(Math.max(start, 9 * 60)), ends_at: timeOf(Math.max(start, 9 * 60) + 60) };
}

/** The hour that begins at an instant (RFC 3339), in the business zone. */
export function slotAt(instant: string): Slot {
  const { date, time } = inZone(new Date(instant));
  const start = minutesOf(time);
  return { date, starts_at: timeOf(start), ends_at: timeOf(Math.min(start + 60, 24 * 60 - 1)) };
}

function nextDay(): string {
  return inZone(new Date(now().getTime() + 86_400_000)).date;
}

/** A new start takes the end along: the contact stays as long as it was. */
export function withStart(slot: Slot, starts_at: string): Slot {
  if (!isTime(starts_at) || !isTime(slot.starts_at) || !isTime(slot.ends_at)) return { ...slot, starts_at };
  const length = minutesOf(slot.ends_at) - minutesOf(slot.starts_at);
  if (length <= 0) return { ...slot, starts_at };
  return { ...slot, starts_at, ends_at: timeOf(minutesOf(starts_at) + length) };
}

/** Whether two slots share time; one that ends as the other begins does not (S41). */
export function overlaps(
  a: { starts_at: string; ends_at: string },
  b: { starts_at: string; ends_at: string },
): boolean {
  return Date.parse(a.starts_at) < Date.parse(b.ends_at) && Date.parse(b.starts_at) < Date.parse(a.ends_at);
}
