import { useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { entryOptions, useDictionary } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { Team } from '@/api/types';
import * as m from '@/paraglide/messages';
import { EditDialog } from '@/ui/EditDialog';
import { UserPicker } from '@/ui/RecordPicker';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { layout, useForm } from '@/ui/use-form';
import { options, teamKindLabels } from './labels';
import { possibleParents } from './team-tree';

type Props = { team?: Team; teams: Team[]; onClose: () => void };

export function TeamForm({ team, teams, onClose }: Props) {
  const once = useRef(new OnceKey());
  const regions = useDictionary('region');
  const form = useForm({
    initial: {
      name: team?.name ?? '',
      kind: (team?.kind ?? 'team') as string,
      parent_id: team?.parent_id ? String(team.parent_id) : '',
      manager_id: team?.manager_id ?? (null as number | null),
      region: team?.region ? String(team.region.id) : '',
    },
    save: async (values) => {
      const body = {
        ...values,
        parent_id: values.parent_id ? Number(values.parent_id) : null,
        region: values.region ? Number(values.region) : null,
      };
      if (team) await api.patch('/teams/{id}', { path: { id: team.id }, version: team.version, body });
      else await api.post('/teams', { body, idempotencyKey: once.current.for(body) });
      refreshAfter('team');
      toast.success(m.settings_saved());
      onClose();
    },
    handled: (problem) => {
      if (!toldStale(problem, 'team')) return false;
      onClose();
      return true;
    },
  });
  const indent = '　';
  return (
    <EditDialog title={team ? m.settings_team_edit() : m.settings_team_new()} form={form} onClose={onClose}>
      <TextField label={m.settings_team_name()} required autoFocus {...form.field('name')} />
      <div className={layout.two}>
        <Select label={m.settings_team_kind()} required options={options(teamKindLabels())} {...form.field('kind')} />
        <Select
          label={m.settings_team_parent()}
          clearable
          placeholder={m.settings_team_no_parent()}
          options={possibleParents(teams, team?.id).map((branch) => ({
            value: String(branch.team.id),
            label: indent.repeat(branch.depth) + branch.team.name,
          }))}
          {...form.field('parent_id')}
        />
        <UserPicker
          label={m.settings_team_manager()}
          chosenLabel={team?.manager_name ?? undefined}
          {...form.field('manager_id')}
        />
        <Select
          label={m.settings_region()}
          clearable
          options={entryOptions(regions, team?.region ? [String(team.region.id)] : [])}
          {...form.field('region')}
        />
      </div>
    </EditDialog>
  );
}
