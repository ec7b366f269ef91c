import { compact, many, type Search, text } from '@/app/search';

/** What a view of the ledger is narrowed to; it stands in the address. */
export type LedgerSearch = {
  state?: string[] | undefined;
  channel?: string[] | undefined;
  recipient_id?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

export const ledgerSearch = (search: Search): LedgerSearch =>
  compact({
    state: many(search.state),
    channel: many(search.channel),
    recipient_id: text(search.recipient_id),
    from: text(search.from),
    to: text(search.to),
  });
