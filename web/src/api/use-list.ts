import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, type PathOf, type Query } from './client';
import type { Page } from './types';

export type List<T> = {
  rows: T[];
  total: number;
  /** The server counts to 10,000 and no further. */
  capped: boolean;
  pending: boolean;
  error: unknown;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
};

type Settings = { path?: Record<string, string | number>; limit?: number; enabled?: boolean };

/**
 * A keyset list. `key` begins with the room's name, so that a change elsewhere refreshes it:
 * `useList<CustomerRow>(['customers', 'list'], '/customers', { q, status })`.
 */
export function useList<T extends { id: number }>(
  key: readonly unknown[],
  path: PathOf<'get', Page<T>>,
  query: Query = {},
  settings: Settings = {},
): List<T> {
  const result = useInfiniteQuery({
    queryKey: [...key, settings.path ?? {}, query],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<T>>(path, {
        ...(settings.path && { path: settings.path }),
        query: { ...query, limit: settings.limit ?? 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled: settings.enabled ?? true,
  });
  const pages = result.data?.pages;
  const rows = useMemo(() => withoutRepeats(pages?.flatMap((page) => page.items) ?? []), [pages]);
  const last = pages?.at(-1);
  return {
    rows,
    total: last?.total ?? 0,
    capped: last?.total_is_capped ?? false,
    pending: result.isPending,
    error: result.data ? undefined : result.error,
    hasMore: result.hasNextPage,
    loadingMore: result.isFetchingNextPage,
    loadMore: () => void result.fetchNextPage(),
    retry: () => void result.refetch(),
  };
}

/** A record edited between two pages may come twice under a sort by a changing field. */
function withoutRepeats<T extends { id: number }>(rows: T[]): T[] {
  const seen = new Set<number>();
  return rows.filter((row) => !seen.has(row.id) && seen.add(row.id));
}
