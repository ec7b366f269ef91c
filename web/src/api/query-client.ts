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
const TOUCHES = {
  customer: ['customers', 'my_day', 'reports'],
  contact: ['customers'],
  opportunity: ['opportunities', 'customers', 'my_day', 'reports'],
  plan: ['follow_ups', 'calendar', 'opportunities', 'customers', 'my_day'],
  follow_up: ['follow_ups', 'calendar', 'opportunities', 'customers', 'tasks', 'my_day', 'reports'],
  task: ['tasks', 'calendar', 'opportunities', 'customers', 'my_day', 'reports'],
  target: ['targets', 'my_day', 'reports'],
  user: ['users', 'teams'],
  team: ['teams', 'users'],
  dictionary: ['dictionaries'],
  group: ['groups', 'customers'],
  view: ['views'],
  tag: ['tags', 'customers', 'groups', 'views'],
  sop: ['sop'],
  rule: ['rules'],
  stage: ['stages', 'opportunities', 'reports'],
  settings: ['settings'],
  import: ['imports'],
  export: ['exports'],
  channel: ['channels'],
  notice: ['notices'],
  work_report: ['work_reports'],
  dashboard: ['dashboards', 'subscriptions'],
  subscription: ['subscriptions'],
} satisfies Record<string, readonly string[]>;

export type RecordKind = keyof typeof TOUCHES;

/** Whether an event's word names a kind of record the page shows. */
export const isRecordKind = (word: string): word is RecordKind => Object.hasOwn(TOUCHES, word);

/** After a save, here or in another browser: the lists and records that may show it are read again. */
export function refreshAfter(...kinds: RecordKind[]): void {
  const rooms = new Set<string>(kinds.flatMap((kind) => TOUCHES[kind]));
  for (const room of rooms) void queryClient.invalidateQueries({ queryKey: [room] });
}

/** For `handled` of a form: a stale version (412) refetches, so that the next attempt can succeed; the alert stays. */
export function refreshIfStale(problem: Problem, kind: RecordKind): false {
  if (problem.status === 412) refreshAfter(kind);
  return false;
}
