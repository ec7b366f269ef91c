import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Team } from '@/api/types';

export const teamsQuery = { queryKey: ['teams', 'all'], queryFn: () => api.get<Team[]>('/teams') };

export function useTeams(): Team[] {
  return useQuery(teamsQuery).data ?? [];
}
