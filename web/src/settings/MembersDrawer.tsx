import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { Team, TeamMember } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Person } from '@/ui/Avatar';
import { Badge } from '@/ui/Badge';
import { IconButton } from '@/ui/Button';
import { Drawer } from '@/ui/Drawer';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { UserPicker } from '@/ui/RecordPicker';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { roleLabels } from './labels';
import css from './settings.module.css';

/** Who belongs to a team; each change is saved at once. */
export function MembersDrawer({ team, onClose }: { team: Team; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const roles = roleLabels();
  const path = { id: team.id };
  const found = useQuery({
    queryKey: ['teams', 'members', team.id],
    queryFn: () => api.get<TeamMember[]>('/teams/{id}/members', { path }),
  });
  const members = found.data ?? [];
  const ids = members.map((member) => member.id);

  async function save(user_ids: number[]) {
    setBusy(true);
    try {
      await api.put('/teams/{id}/members', { path, body: { user_ids } });
      await found.refetch();
      refreshAfter('team');
    } catch (error) {
      toast.problem(error);
    }
    setBusy(false);
  }

  return (
    <Drawer title={m.settings_members_of({ name: team.name })} onClose={onClose}>
      {found.isPending && <SkeletonRows rows={4} />}
      {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {found.data && (
        <>
          <UserPicker
            key={ids.join(',')}
            label={m.settings_members_add()}
            disabled={busy}
            value={null}
            onChange={(id) => id !== null && !ids.includes(id) && void save([...ids, id])}
          />
          {members.length === 0 && <EmptyState small>{m.settings_members_none()}</EmptyState>}
          <ul className={css.members}>
            {members.map((member) => (
              <li key={member.id} className={css.member}>
                <Person name={member.name} />
                <span className={css.itemMeta}>
                  {member.employee_number} · {roles[member.role]}
                </span>
                {member.status === 'disabled' && <Badge>{m.settings_status_disabled()}</Badge>}
                <IconButton
                  size="sm"
                  label={m.settings_member_remove({ name: member.name })}
                  disabled={busy}
                  onClick={() => void save(ids.filter((id) => id !== member.id))}
                >
                  <X size={15} aria-hidden />
                </IconButton>
              </li>
            ))}
          </ul>
        </>
      )}
    </Drawer>
  );
}
