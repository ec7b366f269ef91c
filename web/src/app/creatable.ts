import { useCan } from '@/api/session';
import type { Permission } from '@/api/types';
import * as m from '@/paraglide/messages';
import type { DrawerKind } from './drawer-search';

type Creatable = { kind: DrawerKind; key: string; label: string };

/** What the signed-in user may create, with the key that opens its form. */
export function useCreatable(): Creatable[] {
  const can = useCan();
  const all: (Creatable & { needs: Permission })[] = [
    { kind: 'customer', key: 'c', label: m.app_customer(), needs: 'edit_customers' },
    { kind: 'opportunity', key: 'o', label: m.app_opportunity(), needs: 'edit_opportunities' },
    { kind: 'follow_up', key: 'f', label: m.app_follow_up(), needs: 'edit_follow_ups' },
    { kind: 'plan', key: 'e', label: m.app_plan(), needs: 'edit_follow_ups' },
    { kind: 'task', key: 't', label: m.app_task(), needs: 'edit_tasks' },
  ];
  return all.filter((one) => can(one.needs));
}
