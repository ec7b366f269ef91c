import { useMemo, useState } from 'react';

/** The customers chosen in a list: some by hand, or everything that matches its filter. */
export type Selection = {
  on: boolean;
  all: boolean;
  ids: ReadonlySet<number>;
  count: (total: number) => number;
  has: (id: number) => boolean;
  toggle: (id: number) => void;
  set: (ids: readonly number[], chosen: boolean) => void;
  takeAll: () => void;
  clear: () => void;
};

/** Forgotten when `filter` changes: what is chosen is always what can be seen. */
export function useSelection(filter: string): Selection {
  const [state, setState] = useState({ filter, ids: new Set<number>() as ReadonlySet<number>, all: false });
  const now = state.filter === filter ? state : { filter, ids: new Set<number>() as ReadonlySet<number>, all: false };
  return useMemo(() => {
    const change = (ids: ReadonlySet<number>, all = false) => setState({ filter, ids, all });
    return {
      on: now.all || now.ids.size > 0,
      all: now.all,
      ids: now.ids,
      count: (total) => (now.all ? total : now.ids.size),
      has: (id) => now.all || now.ids.has(id),
      toggle: (id) => {
        const ids = new Set(now.ids);
        if (!ids.delete(id)) ids.add(id);
        change(ids);
      },
      set: (chosen, on) => {
        const ids = new Set(now.ids);
        for (const id of chosen) {
          if (on) ids.add(id);
          else ids.delete(id);
        }
        change(ids);
      },
      takeAll: () => change(now.ids, true),
      clear: () => change(new Set()),
    };
  }, [now, filter]);
}
