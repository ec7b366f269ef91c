import { useSyncExternalStore } from 'react';
import { isRecordKind, queryClient, type RecordKind, refreshAfter } from './query-client';

/**
 * News from the server. One browser holds one stream, however many tabs are open: the tab that gets the lock reads
 * it and tells the others (HTTP/1.1 allows six connections to a host). While it is down, the bell polls.
 */
type News =
  | { type: 'status'; up: boolean }
  | { type: 'hello' }
  | { type: 'notification'; unread: number }
  | { type: 'record-changed'; kind: string; id: number }
  | { type: 'resync' };

const GATHER_MS = 250;
const RETRY_MS = 10_000;
let up = false;
let leading = false;
let source: EventSource | undefined;
let channel: BroadcastChannel | undefined;
let release: (() => void) | undefined;
const listeners = new Set<() => void>();
const changed = new Set<RecordKind>();
let timer: ReturnType<typeof setTimeout> | undefined;

function setUp(next: boolean) {
  up = next;
  for (const listener of listeners) listener();
}

export function useLive(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => up,
  );
}

/** A burst of changes (an import) refreshes once. */
function gather(kind: string) {
  if (!isRecordKind(kind)) return;
  changed.add(kind);
  if (timer) return;
  timer = setTimeout(() => {
    timer = undefined;
    const kinds = [...changed];
    changed.clear();
    refreshAfter(...kinds);
  }, GATHER_MS);
}

function take(news: News) {
  switch (news.type) {
    case 'status':
      setUp(news.up);
      break;
    case 'hello':
      if (leading) channel?.postMessage({ type: 'status', up } satisfies News);
      break;
    case 'notification':
      queryClient.setQueryData(['notifications', 'count'], { unread: news.unread });
      void queryClient.invalidateQueries({ queryKey: ['notifications', 'list'] });
      break;
    case 'record-changed':
      gather(news.kind);
      break;
    case 'resync':
      void queryClient.invalidateQueries();
      break;
  }
}

function tell(news: News) {
  take(news);
  channel?.postMessage(news);
}

/** `lost`: something was missed since the last stream; read everything again once this one stands. */
function read(lost = false) {
  leading = true;
  let missed = lost;
  const stream = new EventSource('/api/v1/events');
  source = stream;
  stream.onopen = () => {
    tell({ type: 'status', up: true });
    if (missed) tell({ type: 'resync' });
    missed = false;
  };
  stream.onerror = () => {
    missed = true;
    tell({ type: 'status', up: false });
    // A refusal (503, a proxy's page) closes the stream for good; try again later.
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(() => {
        if (leading && source === stream) read(true);
      }, RETRY_MS);
    }
  };
  const on = (name: string, make: (data: Record<string, unknown>) => News) =>
    stream.addEventListener(name, (event) => tell(make(JSON.parse((event as MessageEvent<string>).data || '{}'))));
  on('notification', (data) => ({ type: 'notification', unread: Number(data.unread) }));
  on('record-changed', (data) => ({ type: 'record-changed', kind: String(data.kind), id: Number(data.id) }));
  on('resync', () => ({ type: 'resync' }));
}

/** Starts listening; call the answer to stop (log-out). */
export function listen(): () => void {
  let stopped = false;
  channel = new BroadcastChannel('chengdan');
  channel.onmessage = (event: MessageEvent<News>) => take(event.data);
  channel.postMessage({ type: 'hello' } satisfies News);
  if (navigator.locks) {
    void navigator.locks.request('chengdan-events', () => {
      if (stopped) return undefined;
      read();
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    });
  } else {
    // Plain http inside a company has no locks: each tab reads for itself.
    read();
  }
  return () => {
    stopped = true;
    leading = false;
    source?.close();
    source = undefined;
    channel?.close();
    channel = undefined;
    release?.();
    setUp(false);
  };
}
