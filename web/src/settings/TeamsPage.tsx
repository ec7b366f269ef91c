import { useQuery } from '@tanstack/react-query';
import { Pencil, Plus, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { Team } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { count } from '@/ui/format';
import { ConfirmDialog } from '@/ui/Modal';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { Frame } from './Frame';
import { teamKindLabels } from './labels';
import { MembersDrawer } from './MembersDrawer';
import css from './settings.module.css';
import { TeamForm } from './TeamForm';
import { tree } from './team-tree';
import { teamsQuery } from './use-teams';

type Doing = { what: 'create' } | { what: 'edit' | 'members' | 'delete'; team: Team } | undefined;

/** The tree of teams (I42): create, edit, move, manager, members. */
export default function TeamsPage() {
  const found = useQuery(teamsQuery);
  const [doing, setDoing] = useState<Doing>();
  const [busy, setBusy] = useState(false);
  const kinds = teamKindLabels();
  const teams = found.data ?? [];
  const close = () => setDoing(undefined);

  async function remove(team: Team) {
    setBusy(true);
    try {
      await api.delete('/teams/{id}', { path: { id: team.id }, version: team.version });
      toast.success(m.settings_deleted());
      refreshAfter('team');
    } catch (error) {
      if (!toldStale(error, 'team')) toast.problem(error);
    }
    setBusy(false);
    close();
  }

  return (
    <Frame
      title={m.settings_teams()}
      actions={
        <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setDoing({ what: 'create' })}>
          {m.settings_team_new()}
        </Button>
      }
    >
      <Card flush>
        {found.isPending && <SkeletonRows rows={5} />}
        {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {found.data && teams.length === 0 && <EmptyState>{m.settings_teams_none()}</EmptyState>}
        <ul>
          {tree(teams).map(({ team, depth }) => (
            <li key={team.id} className={css.item} style={{ paddingLeft: 16 + depth * 24 }}>
              <div className={css.itemMain}>
                <span className={css.itemTitle}>{team.name}</span>
                <Badge>{kinds[team.kind]}</Badge>
                {team.region && <Badge tone="blue">{team.region.name}</Badge>}
                <span className={css.itemMeta}>
                  {[team.manager_name, m.settings_members_n({ n: count(team.member_count) })]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </div>
              <div className={css.itemActions}>
                <IconButton
                  size="sm"
                  label={m.settings_members_of({ name: team.name })}
                  onClick={() => setDoing({ what: 'members', team })}
                >
                  <Users size={15} aria-hidden />
                </IconButton>
                <IconButton
                  size="sm"
                  label={`${m.ui_edit()} ${team.name}`}
                  onClick={() => setDoing({ what: 'edit', team })}
                >
                  <Pencil size={15} aria-hidden />
                </IconButton>
                <IconButton
                  size="sm"
                  label={m.settings_team_delete({ name: team.name })}
                  onClick={() => setDoing({ what: 'delete', team })}
                >
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              </div>
            </li>
          ))}
        </ul>
      </Card>
      {doing?.what === 'create' && <TeamForm teams={teams} onClose={close} />}
      {doing?.what === 'edit' && <TeamForm team={doing.team} teams={teams} onClose={close} />}
      {doing?.what === 'members' && <MembersDrawer team={doing.team} onClose={close} />}
      {doing?.what === 'delete' && (
        <ConfirmDialog
          title={m.settings_team_delete({ name: doing.team.name })}
          confirm={m.ui_delete()}
          danger
          loading={busy}
          onConfirm={() => void remove(doing.team)}
          onClose={close}
        >
          {m.settings_team_delete_text()}
        </ConfirmDialog>
      )}
    </Frame>
  );
}
