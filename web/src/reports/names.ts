import * as m from '@/paraglide/messages';
import type { Option } from '@/ui/Select';
import type { CardName } from './routes';

/** What reports are called. */
export const titles = (): Record<CardName, string> => ({
  pipeline: m.reports_pipeline(),
  funnel: m.reports_funnel(),
  conversion: m.reports_conversion(),
  achievement: m.reports_achievement(),
  forecast: m.reports_forecast(),
  'forecast-review': m.reports_forecast_review(),
  losses: m.reports_losses(),
  activity: m.reports_activity(),
  'activity-trend': m.reports_activity_trend(),
  'stage-duration': m.reports_stage_duration(),
  sources: m.reports_sources(),
  'follow-up-workload': m.reports_workload(),
  'task-completion': m.reports_task_completion(),
});

/** What a report can be sliced by (S9). */
export function slicesOf(report: CardName): Option[] {
  const people: Option[] = [
    { value: 'team', label: m.reports_by_team() },
    { value: 'owner', label: m.reports_by_owner() },
  ];
  const customers: Option[] = [
    { value: 'region', label: m.reports_by_region() },
    { value: 'industry', label: m.reports_by_industry() },
    { value: 'source_channel', label: m.reports_by_source() },
    { value: 'tag', label: m.reports_by_tag() },
  ];
  if (report === 'activity-trend') return [];
  if (report === 'task-completion') return [...people.toReversed(), { value: 'kind', label: m.tasks_kind() }];
  if (report === 'stage-duration' || report === 'forecast-review') return people;
  if (report !== 'losses') return [...people, ...customers];
  const lost: Option[] = [
    { value: 'lost_reason', label: m.reports_by_lost_reason() },
    { value: 'competitor', label: m.opportunities_competitor() },
    { value: 'lost_stage', label: m.reports_by_lost_stage() },
  ];
  return [...lost, ...people, ...customers];
}
