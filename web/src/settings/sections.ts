import { useCan } from '@/api/session';
import type { Permission } from '@/api/types';
import * as m from '@/paraglide/messages';

const sections = () =>
  [
    { to: '/settings/users', label: m.settings_users(), needs: 'manage_users' },
    { to: '/settings/teams', label: m.settings_teams(), needs: 'manage_teams' },
    { to: '/settings/dictionaries', label: m.settings_dictionaries(), needs: 'manage_settings' },
    { to: '/settings/stages', label: m.settings_stages(), needs: 'manage_settings' },
    { to: '/settings/sop', label: m.sop_title(), needs: 'manage_settings' },
    { to: '/settings/rules', label: m.rules_title(), needs: 'manage_settings' },
    { to: '/settings/tags', label: m.settings_tags(), needs: 'manage_settings' },
    { to: '/settings/targets', label: m.settings_targets(), needs: 'manage_targets' },
    { to: '/settings/channels', label: m.settings_channels(), needs: 'manage_settings' },
    { to: '/settings/reminders', label: m.settings_reminders(), needs: 'manage_settings' },
    { to: '/settings/subscriptions', label: m.subscriptions_all(), needs: 'manage_settings' },
    { to: '/settings/holidays', label: m.settings_holidays(), needs: 'manage_settings' },
    { to: '/settings/general', label: m.settings_general(), needs: 'manage_settings' },
  ] as const satisfies readonly { to: string; label: string; needs: Permission }[];

/** The sections the signed-in user may manage, in order. */
export function useSections() {
  const can = useCan();
  return sections().filter((section) => can(section.needs));
}
