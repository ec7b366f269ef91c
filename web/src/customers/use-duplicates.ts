import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { DuplicateCheck } from '@/api/types';
import * as m from '@/paraglide/messages';
import { useDebounced } from '@/ui/use-debounced';

type Asked = { name: string; phone: string; credit_code: string };
type Hit = DuplicateCheck['hits'][number];

const REST_MS = 400;
const SHORTEST_NAME = 4;
const PHONE_DIGITS = 11;

/** 查重 while typing: other people's customers answer with number, owner and team, nothing more (S15, S17). */
export function useDuplicates(asked: Asked, own?: { number: string }): Hit[] {
  const typed = useDebounced(
    JSON.stringify({
      name: asked.name.trim().length >= SHORTEST_NAME ? asked.name.trim() : undefined,
      phone: asked.phone.replace(/\D/g, '').length >= PHONE_DIGITS ? asked.phone : undefined,
      credit_code: asked.credit_code.trim() || undefined,
    }),
    REST_MS,
  );
  const found = useQuery({
    queryKey: ['duplicates', typed],
    queryFn: ({ signal }) =>
      api.post<DuplicateCheck>('/customers/check-duplicates', { body: JSON.parse(typed), signal }),
    enabled: typed !== '{}',
    staleTime: 30_000,
    placeholderData: (before) => (typed === '{}' ? undefined : before),
  });
  if (typed === '{}') return [];
  return (found.data?.hits ?? []).filter((hit) => hit.number !== own?.number);
}

export function hitText(hit: Hit): string {
  const owner = [hit.owner_name ?? m.customers_pool(), hit.team_name].filter(Boolean).join(' · ');
  const values = { number: hit.number, owner };
  if (hit.field === 'phone') return m.customers_hit_phone({ ...values, phone: hit.phone ?? '' });
  if (hit.field === 'credit_code') return m.customers_hit_credit(values);
  return hit.blocking ? m.customers_hit_name(values) : m.customers_hit_similar(values);
}
