import { useEffect, useState } from 'react';

/** Drafts older than this are not offered again. */
const KEPT_MS = 7 * 86_400_000;

type Stored<T> = { at: number; values: T };

/** What is kept under a key, if it is not too old. */
export function readDraft<T>(key: string): T | undefined {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? 'null') as Stored<T> | null;
    return stored && Date.now() - stored.at < KEPT_MS ? stored.values : undefined;
  } catch {
    return undefined;
  }
}

/** What was typed last time and never saved (S64). Keys carry the user, so that a shared computer leaks nothing. */
export function useStoredDraft<T>(key: string): { draft: T | undefined; drop: () => void } {
  const [draft] = useState(() => readDraft<T>(key));
  return { draft, drop: () => dropDraft(key) };
}

/** Keeps the values while the form is dirty. */
export function useKeepDraft<T>(key: string, values: T, dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values } satisfies Stored<T>));
    } catch {
      // Full or blocked storage: the form works without a draft.
    }
  }, [key, values, dirty]);
}

export function dropDraft(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was stored then.
  }
}

/** On log-out nothing of the person's work stays on the device. */
export function dropAllDrafts(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith('draft:')) localStorage.removeItem(key);
  } catch {
    // Blocked storage holds no drafts.
  }
}
