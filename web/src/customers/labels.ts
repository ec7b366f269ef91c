import type { CustomerStatus, FollowUpStatus, PhoneCheck } from '@/api/types';
import * as m from '@/paraglide/messages';
import type { Tone } from '@/ui/Badge';
import type { Option } from '@/ui/Select';

type Label = { label: string; tone: Tone };

export const statusLabels = (): Record<CustomerStatus, Label> => ({
  potential: { label: m.customers_status_potential(), tone: 'grey' },
  active: { label: m.customers_status_active(), tone: 'blue' },
  won: { label: m.customers_status_won(), tone: 'brand' },
  lost: { label: m.customers_status_lost(), tone: 'red' },
});

export const followUpLabels = (): Record<FollowUpStatus, Label> => ({
  not_started: { label: m.customers_follow_not_started(), tone: 'amber' },
  in_progress: { label: m.customers_follow_in_progress(), tone: 'blue' },
  paused: { label: m.customers_follow_paused(), tone: 'grey' },
  invalid: { label: m.customers_follow_invalid(), tone: 'red' },
});

export const phoneCheckLabels = (): Record<PhoneCheck, Label> => ({
  unverified: { label: m.customers_phone_unverified(), tone: 'grey' },
  valid: { label: m.customers_phone_valid(), tone: 'brand' },
  invalid: { label: m.customers_phone_invalid(), tone: 'red' },
});

export function labelOptions(labels: Record<string, Label>): Option[] {
  return Object.entries(labels).map(([value, { label }]) => ({ value, label }));
}

/** Only the words, for the timeline. */
export function words(labels: Record<string, Label>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([value, { label }]) => [value, label]));
}
