import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { entryOptions, useDictionary, useStages } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { AssignmentRule, PickableUser, RuleTarget } from '@/api/types';
import * as m from '@/paraglide/messages';
import { RadioGroup } from '@/ui/Choice';
import { EditDialog } from '@/ui/EditDialog';
import { MultiSelect } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useDebounced } from '@/ui/use-debounced';
import { layout, useForm } from '@/ui/use-form';
import { methodLabels, options, targetLabels } from './labels';

type Props = { target: RuleTarget; rule?: AssignmentRule; onClose: () => void };

const asOption = ({ id, name }: { id: number; name: string }) => ({ value: String(id), label: name });

const ids = (all: readonly { id: number }[]) => all.map((one) => String(one.id));

/** A rule: what it asks for, and whom it takes in which way. */
export function RuleForm({ target, rule, onClose }: Props) {
  const stages = useStages().filter((stage) => stage.kind === 'open');
  const regions = entryOptions(useDictionary('region'), rule && ids(rule.regions));
  const sources = entryOptions(useDictionary('source_channel'), rule && ids(rule.source_channels));
  const [typed, setTyped] = useState('');
  const q = useDebounced(typed.trim(), 200);
  const pickable = useQuery({
    queryKey: ['picker', 'people', q],
    queryFn: ({ signal }) => api.get<PickableUser[]>('/users/pickable', { query: { q }, signal }),
    placeholderData: (before) => before,
  });
  // Whoever was chosen is still named: found by other words, or gone, so that the rule can be saved as it is.
  const [chosen, setChosen] = useState(() => (rule?.people ?? []).map(asOption));
  const hits = (pickable.data ?? []).map(asOption);
  const people = [...hits, ...chosen.filter((one) => !hits.some((hit) => hit.value === one.value))];
  const form = useForm({
    initial: {
      name: rule?.name ?? '',
      regions: ids(rule?.regions ?? []),
      source_channels: ids(rule?.source_channels ?? []),
      stages: rule?.stages ?? [],
      method: rule?.method ?? ('round_robin' as string),
      people: ids(rule?.people ?? []),
    },
    save: async ({ name, method, regions, source_channels, stages, people }) => {
      const body = {
        name,
        method,
        regions: regions.map(Number),
        people: people.map(Number),
        ...(target === 'customer' ? { source_channels: source_channels.map(Number) } : { stages }),
      };
      if (rule) {
        await api.patch('/assignment-rules/{id}', { path: { id: rule.id }, version: rule.version, body });
      } else {
        await api.post('/assignment-rules', { body: { ...body, target } });
      }
      refreshAfter('rule');
      toast.success(m.settings_saved());
      onClose();
    },
    handled: (problem) => {
      if (!toldStale(problem, 'rule')) return false;
      onClose();
      return true;
    },
  });
  const title = rule ? m.rules_edit() : m.rules_add_to({ target: targetLabels()[target] });
  return (
    <EditDialog title={title} form={form} onClose={onClose}>
      <TextField label={m.rules_name()} required autoFocus {...form.field('name')} />
      <div className={layout.two}>
        <MultiSelect
          label={m.settings_dict_region()}
          placeholder={m.rules_any()}
          options={regions}
          {...form.field('regions')}
        />
        {target === 'customer' ? (
          <MultiSelect
            label={m.rules_source()}
            placeholder={m.rules_any()}
            options={sources}
            {...form.field('source_channels')}
          />
        ) : (
          <MultiSelect
            label={m.tasks_batch_stage()}
            placeholder={m.rules_any()}
            options={stages.map((stage) => ({ value: stage.key, label: stage.name }))}
            {...form.field('stages')}
          />
        )}
      </div>
      <RadioGroup label={m.rules_method()} options={options(methodLabels())} {...form.field('method')} />
      <MultiSelect
        label={m.rules_people()}
        description={m.rules_people_hint()}
        required
        options={people}
        onSearch={setTyped}
        searching={pickable.isFetching}
        {...form.field('people')}
        onChange={(values) => {
          setChosen(people.filter((one) => values.includes(one.value)));
          form.set({ people: values });
        }}
      />
    </EditDialog>
  );
}
