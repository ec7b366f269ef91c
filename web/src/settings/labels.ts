import type { AssignmentRule, AssignmentStep, DictionaryKind, Role, RuleTarget, Stage, Team } from '@/api/types';
import * as m from '@/paraglide/messages';

export const roleLabels = (): Record<Role, string> => ({
  administrator: m.settings_role_administrator(),
  sales_director: m.settings_role_sales_director(),
  sales_manager: m.settings_role_sales_manager(),
  sales: m.settings_role_sales(),
  finance_readonly: m.settings_role_finance_readonly(),
});

export const teamKindLabels = (): Record<Team['kind'], string> => ({
  company: m.settings_kind_company(),
  region: m.settings_kind_region(),
  team: m.settings_kind_team(),
});

export const stageKindLabels = (): Record<Stage['kind'], string> => ({
  open: m.settings_stage_open(),
  won: m.settings_stage_won(),
  lost: m.settings_stage_lost(),
});

export const dictionaryLabels = (): Record<DictionaryKind, string> => ({
  industry: m.settings_dict_industry(),
  region: m.settings_dict_region(),
  source_channel: m.settings_dict_source_channel(),
  follow_up_method: m.settings_dict_follow_up_method(),
  task_kind: m.settings_dict_task_kind(),
  lost_reason: m.settings_dict_lost_reason(),
});

export const targetLabels = (): Record<RuleTarget, string> => ({
  customer: m.rules_customers(),
  task: m.rules_tasks(),
});

export const methodLabels = (): Record<AssignmentRule['method'], string> => ({
  person: m.rules_person(),
  round_robin: m.rules_round_robin(),
  least_loaded: m.rules_least_loaded(),
});

export const stepLabels = (): Record<AssignmentStep['outcome'], string> => ({
  takes: m.rules_takes(),
  off: m.rules_off(),
  no_match: m.rules_no_match(),
  nobody: m.rules_nobody(),
  not_asked: m.rules_not_asked(),
});

export const options = <K extends string>(labels: Record<K, string>): { value: K; label: string }[] =>
  (Object.entries(labels) as [K, string][]).map(([value, label]) => ({ value, label }));
