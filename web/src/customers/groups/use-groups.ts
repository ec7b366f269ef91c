import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { CustomerGroup, SavedView } from '@/api/types';

/** The groups one may use (S32). */
export const useGroups = () =>
  useQuery({
    queryKey: ['groups'],
    queryFn: () => api.get<CustomerGroup[]>('/customer-groups'),
    staleTime: 60_000,
  });

/** The saved views of the customer list, in their order (S33). */
export const useViews = () =>
  useQuery({
    queryKey: ['views'],
    queryFn: () => api.get<SavedView[]>('/saved-views', { query: { kind: 'customers' } }),
    staleTime: 60_000,
  });
