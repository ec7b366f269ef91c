import * as m from '@/paraglide/messages';

/** The server's codes for why a message did not go out as planned, and their words. */
const reasons: Record<string, () => string> = {
  done: m.subscriptions_why_done,
  cancelled: m.subscriptions_why_cancelled,
  moved: m.subscriptions_why_moved,
  handed_over: m.subscriptions_why_handed_over,
  past: m.subscriptions_why_past,
  over: m.subscriptions_why_over,
  quiet_hours: m.subscriptions_why_quiet,
  channel_removed: m.subscriptions_why_channel_removed,
  subscription_ended: m.subscriptions_why_subscription_ended,
  disabled: m.subscriptions_why_disabled,
  no_right: m.subscriptions_why_no_right,
  no_board: m.subscriptions_why_no_board,
  no_mail: m.subscriptions_why_no_mail,
  no_address: m.subscriptions_why_no_address,
  no_channel: m.subscriptions_why_no_channel,
  overtaken: m.subscriptions_why_overtaken,
  not_made: m.subscriptions_why_not_made,
  not_posted: m.subscriptions_why_not_posted,
};

/** The product's own reasons in the reader's words; what a channel answered stands as it came, behind a word for it. */
export function whySaid(reason: string): string {
  return reasons[reason]?.() ?? m.subscriptions_why_refused({ reason });
}
