import { useState } from 'react';
import { dropDraft, readDraft } from '@/ui/use-draft';

type Older<T> = { key: string; version: number; values: T };

/** What was typed under another version of the same report; the newest of them. */
function find<T>(prefix: string, version: number): Older<T> | undefined {
  let found: Older<T> | undefined;
  try {
    for (const key of Object.keys(localStorage)) {
      const other = key.startsWith(prefix) ? Number(key.slice(prefix.length)) : Number.NaN;
      if (Number.isNaN(other) || other === version || (found && other < found.version)) continue;
      const values = readDraft<T>(key);
      if (values) found = { key, version: other, values };
    }
  } catch {
    // Blocked storage holds no drafts.
  }
  return found;
}

/**
 * A report saved elsewhere since it was typed on is not overwritten by what was typed; it is offered instead. Keys are
 * the prefix and the version.
 */
export function useOlderDraft<T>(prefix: string, version: number): { older: T | undefined; dropOlder: () => void } {
  const [older, setOlder] = useState(() => find<T>(prefix, version));
  return {
    older: older?.values,
    dropOlder: () => {
      if (older) dropDraft(older.key);
      setOlder(undefined);
    },
  };
}
