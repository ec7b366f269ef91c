import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { queryClient, refreshAfter } from '@/api/query-client';
import { useSession } from '@/api/session';
import { toldStale } from '@/api/stale';
import type { Dashboard, Session, Team, Visibility } from '@/api/types';
import * as m from '@/paraglide/messages';
import { RadioGroup } from '@/ui/Choice';
import { EditDialog } from '@/ui/EditDialog';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useForm } from '@/ui/use-form';

type Props = { board?: Dashboard; onSaved?: (board: Dashboard) => void; onClose: () => void };

/** The teams one may share with: all, those at and below one's own and those one leads, or one's own. */
function within({ user, teams: own }: Session, all: Team[]): Team[] {
  if (user.role !== 'sales' && user.role !== 'sales_manager') return all;
  const reached = new Set(own.map((team) => team.id));
  if (user.role === 'sales_manager') {
    for (const team of all) if (team.manager_id === user.id) reached.add(team.id);
    const isBelow = (team: Team) => typeof team.parent_id === 'number' && reached.has(team.parent_id);
    for (let before = -1; before < reached.size; ) {
      before = reached.size;
      for (const team of all) if (isBelow(team)) reached.add(team.id);
    }
  }
  return all.filter((team) => reached.has(team.id));
}

/** A board's name, and who may read it. */
export function BoardForm({ board, onSaved, onClose }: Props) {
  const session = useSession();
  const teams = useQuery({ queryKey: ['teams', 'all'], queryFn: () => api.get<Team[]>('/teams') });
  const once = useRef(new OnceKey());
  const form = useForm({
    initial: {
      name: board?.name ?? '',
      visibility: (board?.visibility ?? 'private') as string,
      team_id: String(board?.team_id ?? session.team?.id ?? ''),
    },
    save: async ({ name, visibility, team_id }) => {
      const team = visibility === 'team' ? (team_id ? Number(team_id) : null) : undefined;
      // Who tidies up a board of others may not know its team: what stays as it is is not sent again.
      const same = board !== undefined && visibility === board.visibility && (team ?? null) === board.team_id;
      const audience = { visibility: visibility as Visibility, ...(team !== undefined && { team_id: team }) };
      const body = { name, ...(!same && audience) };
      const saved = board?.id
        ? await api.patch<Dashboard>('/dashboards/{id}', { path: { id: board.id }, version: board.version, body })
        : await api.post<Dashboard>('/dashboards', { body, idempotencyKey: once.current.for(body) });
      queryClient.setQueryData(['dashboards', 'one', String(saved.id)], saved);
      refreshAfter('dashboard');
      toast.success(m.dashboards_saved());
      onClose();
      onSaved?.(saved);
    },
    handled: (problem) => {
      if (!toldStale(problem, 'dashboard')) return false;
      onClose();
      return true;
    },
  });
  const offered = within(session, teams.data ?? []);
  const kept = teams.data?.find((team) => team.id === board?.team_id);
  if (kept && !offered.includes(kept)) offered.unshift(kept);
  return (
    <EditDialog title={board ? m.dashboards_settings() : m.dashboards_new()} form={form} onClose={onClose}>
      <TextField label={m.dashboards_name()} required autoFocus {...form.field('name')} />
      <RadioGroup
        label={m.dashboards_visibility()}
        description={m.dashboards_scope_hint()}
        options={[
          { value: 'private', label: m.dashboards_visibility_private() },
          { value: 'team', label: m.dashboards_visibility_team() },
          { value: 'public', label: m.dashboards_visibility_public() },
        ]}
        {...form.field('visibility')}
      />
      {form.values.visibility === 'team' && (
        <Select
          label={m.dashboards_team()}
          required
          options={offered.map((team) => ({ value: String(team.id), label: team.name }))}
          {...form.field('team_id')}
        />
      )}
    </EditDialog>
  );
}
