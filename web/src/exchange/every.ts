import type { Page } from '@/api/types';

/** Every page of a list: a printed sheet has no "more". */
export async function every<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(cursor);
    all.push(...next.items);
    cursor = next.next_cursor ?? undefined;
  } while (cursor);
  return all;
}
