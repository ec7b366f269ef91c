import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listen } from './live';
import { queryClient } from './query-client';

class Stream extends EventTarget {
  static CLOSED = 2;
  static last: Stream | undefined;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    super();
    Stream.last = this;
  }
  close() {
    this.closed = true;
  }
  send(name: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

class Channel {
  onmessage: ((event: MessageEvent) => void) | null = null;
  postMessage = vi.fn();
  close = vi.fn();
}

let stop: () => void;
let invalidated: string[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', Stream);
  vi.stubGlobal('BroadcastChannel', Channel);
  invalidated = [];
  vi.spyOn(queryClient, 'invalidateQueries').mockImplementation(async (filters) => {
    invalidated.push(String(filters?.queryKey?.[0] ?? '*'));
  });
  stop = listen();
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('reads again what a changed record may show on, once for a burst (S2)', () => {
  for (let id = 0; id < 50; id += 1) Stream.last?.send('record-changed', { kind: 'opportunity', id, version: 1 });
  expect(invalidated).toEqual([]);
  vi.advanceTimersByTime(300);
  expect(invalidated).toEqual(['opportunities', 'customers', 'my_day', 'reports']);
});

it('keeps the bell right without asking (S61)', () => {
  Stream.last?.send('notification', { unread: 3 });
  expect(queryClient.getQueryData(['notifications', 'count'])).toEqual({ unread: 3 });
});

it('reads everything again after a lost connection came back (S2)', () => {
  Stream.last?.onopen?.();
  expect(invalidated).toEqual([]);
  Stream.last?.onerror?.();
  Stream.last?.onopen?.();
  expect(invalidated).toEqual(['*']);
});

it('opens a new stream when the server refused the old one for good', () => {
  const refused = Stream.last;
  if (!refused) throw new Error('no stream');
  refused.readyState = Stream.CLOSED;
  refused.onerror?.();
  vi.advanceTimersByTime(10_000);
  expect(Stream.last).not.toBe(refused);
  Stream.last?.onopen?.();
  expect(invalidated).toEqual(['*']);
});

it('reads a report and what is said about it again (I35)', () => {
  Stream.last?.send('record-changed', { kind: 'work_report', id: 5, version: 2 });
  vi.advanceTimersByTime(300);
  expect(invalidated).toEqual(['work_reports']);
});
