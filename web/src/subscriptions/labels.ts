import type { SendState, Subscription, SubscriptionChannel, SubscriptionSend } from '@/api/types';
import * as m from '@/paraglide/messages';
import { channelLabels, whySaid } from '@/reminders';
import type { Tone } from '@/ui/Badge';
import { dateTime } from '@/ui/format';

/** 周一 … 周日, Mon … Sun. */
export const weekdays = (): string[] => m.reports_weekdays().split(' ');

const weekday = (day: number): string => weekdays()[day - 1] ?? '';

export function when({ rhythm, on_day, at }: Pick<Subscription, 'rhythm' | 'on_day' | 'at'>): string {
  return rhythm === 'weekly'
    ? m.subscriptions_when_weekly({ day: weekday(on_day), at })
    : m.subscriptions_when_monthly({ day: on_day, at });
}

export const every = ({ rhythm, on_day }: Pick<Subscription, 'rhythm' | 'on_day'>): string =>
  rhythm === 'weekly'
    ? m.subscriptions_every_weekday({ day: weekday(on_day) })
    : m.subscriptions_every_day({ day: on_day });

export function channelName({ kind, name, is_shared }: SubscriptionChannel): string {
  const label = channelLabels()[kind];
  if (kind === 'email') return m.subscriptions_mail({ address: name });
  return is_shared ? m.subscriptions_team_bot({ kind: label, name }) : m.subscriptions_own_bot({ kind: label });
}

const states = (): Record<SendState, string> => ({
  waiting: m.subscriptions_state_waiting(),
  posted: m.subscriptions_state_posted(),
  sent: m.subscriptions_state_sent(),
  failed: m.subscriptions_state_failed(),
  skipped: m.subscriptions_state_skipped(),
});

export const SEND_TONES: Record<SendState, Tone> = {
  waiting: 'blue',
  posted: 'blue',
  sent: 'brand',
  failed: 'red',
  skipped: 'amber',
};

/** What became of the newest one, and why. */
export function lastSaid({ state, reason, at, due_at }: SubscriptionSend): string {
  const said = m.subscriptions_last({ state: states()[state], at: dateTime(at ?? due_at) });
  return reason ? `${said} · ${whySaid(reason)}` : said;
}
