import type { BatchAction, Visibility } from '@/api/types';
import * as m from '@/paraglide/messages';
import type { Option } from '@/ui/Select';

export const visibilityLabels = (): Record<Visibility, string> => ({
  private: m.groups_private(),
  team: m.groups_team(),
  public: m.groups_public(),
});

export const visibilityOptions = (): Option[] =>
  Object.entries(visibilityLabels()).map(([value, label]) => ({ value, label }));

export const actionLabels = (): Record<BatchAction, string> => ({
  add_tag: m.groups_action_add_tag(),
  remove_tag: m.groups_action_remove_tag(),
  change_owner: m.groups_action_change_owner(),
  add_to_group: m.groups_action_add_to_group(),
  remove_from_group: m.groups_action_remove_from_group(),
  create_tasks: m.groups_action_create_tasks(),
});

/** The name of a filter on screen. */
export function fieldLabel(field: string): string {
  const labels: Record<string, string> = {
    tag: m.customers_tags(),
    exclude_tag: m.customers_exclude_tag(),
    industry: m.customers_industry(),
    region: m.customers_region(),
    source_channel: m.customers_source_channels(),
    source_detail: m.customers_source_detail(),
    group_id: m.groups_filter(),
  };
  return labels[field] ?? field;
}
