/** The hours a week shows (I10); what lies outside stretches them. */
export const FIRST_HOUR = 7;
export const LAST_HOUR = 22;

export type Slot = { id: number; start: number; end: number };
export type Placed<T extends Slot> = T & { column: number; columns: number };

/** Minutes since midnight of "HH:mm". */
export function minutes(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

/** "HH:mm" of minutes since midnight, held within the day. */
export function clockTime(of: number): string {
  const within = Math.min(Math.max(of, 0), 24 * 60 - 1);
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
}

/**
 * Overlapping slots stand side by side: those that touch each other through others form a group, within which each
 * takes the first free column; a group is as many columns wide as it needs.
 */
export function place<T extends Slot>(slots: T[]): Placed<T>[] {
  const sorted = [...slots].sort((a, b) => a.start - b.start || b.end - a.end || a.id - b.id);
  const placed: Placed<T>[] = [];
  let group: Placed<T>[] = [];
  let ends: number[] = [];
  const close = () => {
    for (const slot of group) slot.columns = ends.length;
    placed.push(...group);
    group = [];
    ends = [];
  };
  for (const slot of sorted) {
    if (group.length > 0 && ends.every((end) => end <= slot.start)) close();
    const free = ends.findIndex((end) => end <= slot.start);
    const column = free === -1 ? ends.length : free;
    ends[column] = slot.end;
    group.push({ ...slot, column, columns: 1 });
  }
  close();
  return placed;
}

/** The hours a page of slots needs: 07–22 by default, further when something lies outside. */
export function hours(slots: Slot[]): { first: number; last: number } {
  const first = Math.min(FIRST_HOUR, ...slots.map((slot) => Math.floor(slot.start / 60)));
  const last = Math.max(LAST_HOUR, ...slots.map((slot) => Math.ceil(slot.end / 60)));
  return { first, last: Math.min(last, 24) };
}
