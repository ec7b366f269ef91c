import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Page, Plan } from '@/api/types';
import { useDebounced } from '@/ui/use-debounced';
import { overlaps, type Slot, slotInstants } from './slot';

/** The owner's plans of that day which share time with the slot: a warning while it is being chosen (S41). */
export function useOverlap(slot: Slot, ownerId: number, own?: number): Plan[] {
  const { date, starts_at, ends_at } = useDebounced(slot, 250);
  const asked = slotInstants({ date, starts_at, ends_at });
  const plans = useQuery({
    queryKey: ['follow_ups', 'plans', 'of day', ownerId, date],
    queryFn: ({ signal }) =>
      api.get<Page<Plan>>('/follow-up-plans', {
        query: { owner_id: ownerId, status: 'planned', from: date, to: date, limit: 100 },
        signal,
      }),
    enabled: asked.starts_at !== null && asked.ends_at !== null,
  });
  if (!asked.starts_at || !asked.ends_at) return [];
  const wanted = { starts_at: asked.starts_at, ends_at: asked.ends_at };
  return (plans.data?.items ?? []).filter((plan) => plan.id !== own && overlaps(plan, wanted));
}
