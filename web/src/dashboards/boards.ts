import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { Problem } from '@/api/problem';
import { queryClient, refreshAfter } from '@/api/query-client';
import type { Dashboard, Dashboards } from '@/api/types';
import type { TileDraft } from './values';

export const useBoards = () =>
  useQuery({ queryKey: ['dashboards', 'list'], queryFn: () => api.get<Dashboards>('/dashboards') });

/** A board by its id, or one the product brings along by its word. */
export const readBoard = (board: string): Promise<Dashboard> =>
  /^\d+$/.test(board)
    ? api.get<Dashboard>('/dashboards/{id}', { path: { id: board } })
    : api.get<Dashboard>('/dashboards/standard/{which}', { path: { which: board } });

export const useBoard = (board: string | undefined) =>
  useQuery({
    queryKey: ['dashboards', 'one', board],
    queryFn: () => readBoard(board ?? ''),
    enabled: board !== undefined,
  });

/** Keeps the tiles of a board; what is shown is what the server answers. */
export async function saveTiles(board: Dashboard, tiles: TileDraft[]): Promise<Dashboard> {
  const saved = await api.patch<Dashboard>('/dashboards/{id}', {
    path: { id: board.id ?? 0 },
    version: board.version,
    body: { tiles },
  });
  queryClient.setQueryData(['dashboards', 'one', String(saved.id)], saved);
  refreshAfter('dashboard');
  return saved;
}

/** What is wrong with one tile, said of the fields of its form; what is wrong with the others keeps its place. */
export async function atItsFields<T>(at: number, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Problem) || error.fields.length === 0) throw error;
    const { status, code, message, requestId } = error;
    const own = new RegExp(`^tiles\\.${at}\\.(question\\.)?`);
    const fields = error.fields.map((one) => ({ ...one, field: one.field.replace(own, '') }));
    throw new Problem({ title: message, status, code, ...(requestId && { request_id: requestId }), fields });
  }
}
