import type { ExchangeKind, Export, ImportedRowState, ImportState } from '@/api/types';
import * as m from '@/paraglide/messages';
import type { Tone } from '@/ui/Badge';

export const kindLabel = (kind: ExchangeKind): string =>
  ({
    customers: m.exchange_customers(),
    opportunities: m.exchange_opportunities(),
    follow_ups: m.exchange_follow_ups(),
    tasks: m.exchange_tasks(),
    company: m.exchange_company(),
  })[kind];

export const stateLabel = (state: ImportState | Export['state']): string =>
  ({
    reading: m.exchange_state_reading(),
    uploaded: m.exchange_state_uploaded(),
    checking: m.exchange_state_checking(),
    checked: m.exchange_state_checked(),
    running: m.exchange_state_running(),
    done: m.exchange_state_done(),
    failed: m.exchange_state_failed(),
    undoing: m.exchange_state_undoing(),
    undone: m.exchange_state_undone(),
    waiting: m.exchange_state_waiting(),
    expired: m.exchange_state_expired(),
  })[state];

export const stateTone = (state: ImportState | Export['state']): Tone =>
  state === 'done' ? 'brand' : state === 'failed' ? 'red' : isBusy(state) ? 'blue' : 'grey';

export const rowLabel = (state: ImportedRowState): string =>
  ({
    waiting: m.exchange_row_waiting(),
    created: m.exchange_row_created(),
    updated: m.exchange_row_updated(),
    skipped: m.exchange_row_skipped(),
    bad: m.exchange_row_bad(),
    undone: m.exchange_row_undone(),
    kept: m.exchange_row_kept(),
  })[state];

export const rowTone = (state: ImportedRowState): Tone =>
  state === 'bad' ? 'red' : state === 'created' || state === 'updated' ? 'brand' : state === 'kept' ? 'amber' : 'grey';

/** Something happens by itself: the page looks again soon. */
export const isBusy = (state: ImportState | Export['state']): boolean =>
  ['reading', 'checking', 'running', 'undoing', 'waiting'].includes(state);
