import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Option } from '@/ui/Select';
import { api } from './client';
import type { DictionaryKind, Entry, Stage, Tag } from './types';

const KEPT_MS = 5 * 60_000;

export const dictionaryQuery = (kind: DictionaryKind) =>
  queryOptions({
    queryKey: ['dictionaries', kind],
    queryFn: () => api.get<Entry[]>('/dictionaries/{kind}', { path: { kind } }),
    staleTime: KEPT_MS,
  });

/** The values of a dictionary, disabled ones included (old records still carry them). */
export function useDictionary(kind: DictionaryKind): Entry[] {
  return useQuery(dictionaryQuery(kind)).data ?? [];
}

/** Options to choose from: enabled values, and the disabled one that the record already has (S19). */
export function entryOptions(entries: Entry[], keep: readonly string[] = []): Option[] {
  return entries
    .filter((entry) => !entry.disabled || keep.includes(String(entry.id)))
    .map((entry) => ({ value: String(entry.id), label: entry.name }));
}

/** The name of a value with a fixed key (methods, task kinds). */
export function entryName(entries: Entry[], key: string): string {
  return entries.find((entry) => entry.key === key)?.name ?? key;
}

/** Options whose value is the API's fixed key (methods, task kinds). */
export function keyOptions(entries: Entry[]): Option[] {
  return entries
    .filter((entry) => !entry.disabled)
    .map((entry) => ({ value: entry.key || entry.name, label: entry.name }));
}

export function useStages(): Stage[] {
  return useQuery({ queryKey: ['stages'], queryFn: () => api.get<Stage[]>('/stages'), staleTime: KEPT_MS }).data ?? [];
}

export function useTags(): Tag[] {
  return useQuery({ queryKey: ['tags'], queryFn: () => api.get<Tag[]>('/tags'), staleTime: KEPT_MS }).data ?? [];
}
