import { useSyncExternalStore } from 'react';
import { messageOf, Problem } from '@/api/problem';
import css from './toast.module.css';

type Kind = 'success' | 'error' | 'warning';
type Entry = { id: number; kind: Kind; text: string };

const SHOWN_MS = { success: 3500, warning: 8000, error: 8000 } as const;
let entries: Entry[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function put(next: Entry[]) {
  entries = next;
  for (const listener of listeners) listener();
}

function show(kind: Kind, text: string) {
  lastId += 1;
  const entry = { id: lastId, kind, text };
  put([...entries.slice(-2), entry]);
  setTimeout(() => put(entries.filter((other) => other !== entry)), SHOWN_MS[kind]);
}

export const toast = {
  success: (text: string) => show('success', text),
  warning: (text: string) => show('warning', text),
  error: (text: string) => show('error', text),
  /** What a failed request says; an ended session speaks for itself by the login page. */
  problem: (error: unknown) => {
    if (error instanceof Problem && error.status === 401) return;
    show('error', messageOf(error));
  },
  /** The warnings a successful save carries (same phone elsewhere, overlapping plans …). */
  warnings: (warnings: readonly { message: string }[] | undefined) => {
    for (const warning of warnings ?? []) show('warning', warning.message);
  },
};

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => entries,
  );
  return (
    <div className={css.stack} role="status" aria-live="polite">
      {shown.map((entry) => (
        <div key={entry.id} className={`${css.toast} ${entry.kind === 'success' ? '' : css[entry.kind]}`}>
          {entry.text}
        </div>
      ))}
    </div>
  );
}
