/**
 * Business time. The page never trusts the browser's clock or zone: the server's `now` at the last session read,
 * plus the monotonic time since then, read in the business zone.
 */
let serverNow = Date.now();
let readAt = performance.now();
let zone = 'Asia/Shanghai';

export function setClock(now: string, timeZone: string): void {
  serverNow = Date.parse(now);
  readAt = performance.now();
  zone = timeZone;
}

export const timeZone = (): string => zone;

export function now(): Date {
  return new Date(serverNow + (performance.now() - readAt));
}

type Parts = { date: string; time: string; hour: number };
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Calendar day and wall time of an instant in the business zone. */
export function inZone(instant: Date | string): Parts {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    formatters.set(zone, formatter);
  }
  const found: Record<string, string> = {};
  for (const part of formatter.formatToParts(typeof instant === 'string' ? new Date(instant) : instant)) {
    found[part.type] = part.value;
  }
  return {
    date: `${found.year}-${found.month}-${found.day}`,
    time: `${found.hour}:${found.minute}`,
    hour: Number(found.hour),
  };
}

/** Today in the business zone, "YYYY-MM-DD". */
export const today = (): string => inZone(now()).date;

/** The instant (RFC 3339, UTC) of a wall time in the business zone. */
export function instantOf(date: string, time: string): string {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  const shown = inZone(new Date(asUtc));
  const offset = Date.parse(`${shown.date}T${shown.time}:00Z`) - asUtc;
  // A second look settles days on which the zone's offset changes.
  const guess = asUtc - offset;
  const again = inZone(new Date(guess));
  const rest = Date.parse(`${again.date}T${again.time}:00Z`) - asUtc;
  return new Date(guess - rest).toISOString().replace('.000Z', 'Z');
}

/** Calendar arithmetic on plain dates; no zone takes part. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whole days from `from` to `to`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
