import { useEffect, useState, useSyncExternalStore } from 'react';

/** Open drawers and dialogs, the topmost last: Escape closes one of them, not all at once. */
let open: symbol[] = [];
const listeners = new Set<() => void>();

function put(next: symbol[]) {
  open = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether this overlay lies on top of all others. */
export function useTopmost(shown: boolean): boolean {
  const [self] = useState(() => Symbol('overlay'));
  useEffect(() => {
    if (!shown) return;
    put([...open, self]);
    return () => put(open.filter((other) => other !== self));
  }, [shown, self]);
  return useSyncExternalStore(subscribe, () => open.at(-1) === self);
}
