import { QueryClientProvider } from '@tanstack/react-query';
import { renderHook, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { queryClient, refreshAfter } from '@/api/query-client';
import { useReport } from './ReportCard';
import type { CardName } from './routes';

afterEach(() => vi.unstubAllGlobals());

it.each<[CardName, number]>([
  ['activity', 3],
  ['activity-trend', 1],
])('%s is read %i times when a record changes and then everything is read again', async (name, times) => {
  const fetch = vi.fn(async () => Response.json({ rows: [] }));
  vi.stubGlobal('fetch', fetch);
  const { result } = renderHook(() => useReport(name, {}), {
    wrapper: ({ children }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
  });
  await waitFor(() => expect(result.current.isSuccess).toBe(true));
  refreshAfter('customer');
  await waitFor(() => expect(result.current.isFetching).toBe(false));
  await queryClient.invalidateQueries();
  expect(fetch).toHaveBeenCalledTimes(times);
});
