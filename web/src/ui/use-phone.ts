import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 759.98px)');

/** True below 760 px: bottom bar, two-line rows, full-height sheets. */
export function usePhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => query.matches,
  );
}
