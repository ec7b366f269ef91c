import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { setClock } from '@/ui/clock';
import { api } from './client';
import { queryClient } from './query-client';
import type { Permission, Session } from './types';

const MINUTES_30 = 30 * 60_000;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async () => keep(await api.get<Session>('/session')),
  staleTime: MINUTES_30,
  retry: false,
});

function keep(session: Session): Session {
  setClock(session.now, session.time_zone);
  return session;
}

/** Takes over the session that a log-in, team switch or password change answered with. */
export function putSession(session: Session): void {
  queryClient.setQueryData(sessionQuery.queryKey, keep(session));
}

/** The session of the signed-in user; only below the shell, which has loaded it. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether a function is allowed; what is not allowed is not shown (the server refuses it anyway). */
export function useCan(): (permission: Permission) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}

export function useUnread(live: boolean) {
  return useQuery({
    queryKey: ['notifications', 'count'],
    queryFn: () => api.get<{ unread: number }>('/notifications/count'),
    refetchInterval: live ? false : 15_000,
  });
}
