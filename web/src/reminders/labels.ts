import type { ChannelKind, ReminderState, Topic } from '@/api/types';
import * as m from '@/paraglide/messages';
import type { Tone } from '@/ui/Badge';

export const channelLabels = (): Record<ChannelKind, string> => ({
  in_app: m.notifications_channel_in_app(),
  email: m.notifications_channel_email(),
  wecom: m.notifications_channel_wecom(),
  dingtalk: m.notifications_channel_dingtalk(),
  feishu: m.notifications_channel_feishu(),
  webhook: m.notifications_channel_webhook(),
});

export const topicLabels = (): Record<Topic, string> => ({
  plan_reminder: m.notifications_topic_plan_reminder(),
  plans: m.notifications_topic_plans(),
  tasks: m.notifications_topic_tasks(),
  overdue: m.notifications_topic_overdue(),
  hand_overs: m.notifications_topic_hand_overs(),
  notices: m.notifications_topic_notices(),
  comments: m.notifications_topic_comments(),
  work_reports: m.notifications_topic_work_reports(),
  daily: m.notifications_topic_daily(),
  silence: m.notifications_topic_silence(),
  expiry: m.notifications_topic_expiry(),
});

export const stateLabels = (): Record<ReminderState, string> => ({
  planned: m.notifications_state_planned(),
  sent: m.notifications_state_sent(),
  seen: m.notifications_state_seen(),
  failed: m.notifications_state_failed(),
  cancelled: m.notifications_state_cancelled(),
  skipped: m.notifications_state_skipped(),
});

export const STATE_TONES: Record<ReminderState, Tone> = {
  planned: 'blue',
  sent: 'brand',
  seen: 'brand',
  failed: 'red',
  cancelled: 'grey',
  skipped: 'grey',
};

/** What kind of message a line of the ledger is about. */
export function kindLabel(kind: string): string {
  const known: Record<string, string> = {
    plan_reminder: m.notifications_kind_plan_reminder(),
    plan_own_reminder: m.notifications_kind_plan_own_reminder(),
    task_overdue: m.notifications_kind_task_overdue(),
    team_task_overdue: m.notifications_kind_task_overdue(),
    daily_work: m.notifications_topic_daily(),
    customer_silent: m.notifications_topic_silence(),
    close_overdue: m.notifications_kind_close_overdue(),
    share_ending: m.notifications_kind_share_ending(),
    report_subscription: m.notifications_kind_report_subscription(),
  };
  return known[kind] ?? m.notifications_kind_other();
}
