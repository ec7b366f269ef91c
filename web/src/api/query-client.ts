import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem';

const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      // Only what may heal by itself is asked again: a lost connection, a server restarting.
      retry: (failures, error) =>
        failures < RETRIES && (!(error instanceof Problem) || error.status === 0 || error.status >= 502),
    },
  },
});

/** Rooms whose data a change of this kind of record touches. Query keys begin with the room's name. */
const TOUCHES: Record<string, readonly string[]> = {
  customer: ['customers', 'my_day'],
  contact: ['customers'],
  opportunity: ['opportunities', 'customers', 'my_day'],
  plan: ['follow_ups', 'calendar', 'opportunities', 'customers', 'my_day'],
  follow_up: ['follow_ups', 'calendar', 'opportunities', 'customers', 'tasks', 'my_day'],
  task: ['tasks', 'calendar', 'opportunities', 'customers', 'my_day'],
  target: ['targets', 'my_day'],
  user: ['users', 'teams'],
  team: ['teams', 'users'],
  dictionary: ['dictionaries'],
  tag: ['tags', 'customers'],
  stage: ['stages', 'opportunities'],
};

export type RecordKind = keyof typeof TOUCHES;

/** After a save, here or in another browser: the lists and records that may show it are read again. */
export function refreshAfter(...kinds: string[]): void {
  const rooms = new Set(kinds.flatMap((kind) => TOUCHES[kind] ?? [kind]));
  for (const room of rooms) void queryClient.invalidateQueries({ queryKey: [room] });
}
