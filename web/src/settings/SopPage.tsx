import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { entryName, keyOptions, useDictionary, useStages } from '@/api/dictionaries';
import { Problem } from '@/api/problem';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { SopTemplate, Stage } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { EditDialog } from '@/ui/EditDialog';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { Card } from '@/ui/Page';
import { Select } from '@/ui/Select';
import { SkeletonRows } from '@/ui/Skeleton';
import { NumberField, Textarea, TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { layout, useForm } from '@/ui/use-form';
import { EntryActions, type EntryDeeds } from './EntryActions';
import { Frame } from './Frame';
import { moved } from './order';
import css from './settings.module.css';

type Editing = { stage: Stage; template?: SopTemplate };

/** 阶段SOP (I8): what an opportunity that enters a stage asks for; tasks that were made stay as they are. */
export default function SopPage() {
  const found = useQuery({ queryKey: ['sop'], queryFn: () => api.get<SopTemplate[]>('/sop-templates') });
  const stages = useStages();
  const [editing, setEditing] = useState<Editing>();
  const [busy, setBusy] = useState(false);

  async function attempt(work: () => Promise<unknown>) {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      if (error instanceof Problem && error.code === 'VALUE_IN_USE') toast.warning(m.sop_in_use());
      else if (!toldStale(error, 'sop')) toast.problem(error);
    }
    refreshAfter('sop');
    setBusy(false);
  }

  const patch = (template: SopTemplate, body: Partial<SopTemplate>) =>
    api.patch('/sop-templates/{id}', { path: { id: template.id }, version: template.version, body });

  return (
    <Frame title={m.sop_title()}>
      <p className={css.hint}>{m.sop_hint()}</p>
      {found.isPending && <SkeletonRows rows={6} />}
      {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {found.data &&
        stages.map((stage) => {
          const templates = found.data.filter((one) => one.stage === stage.key);
          return (
            <Card
              key={stage.key}
              flush
              title={stage.name}
              actions={
                <Button
                  size="sm"
                  icon={<Plus size={14} aria-hidden />}
                  aria-label={m.sop_add_to({ stage: stage.name })}
                  onClick={() => setEditing({ stage })}
                >
                  {m.sop_add()}
                </Button>
              }
            >
              {templates.length === 0 && <EmptyState small>{m.sop_none()}</EmptyState>}
              <ul>
                {templates.map((template, i) => (
                  <Row
                    key={template.id}
                    template={template}
                    busy={busy}
                    first={i === 0}
                    last={i === templates.length - 1}
                    onMove={(by) =>
                      attempt(async () => {
                        for (const change of moved(templates, template.id, by)) {
                          await patch(change.entry, { position: change.position });
                        }
                      })
                    }
                    onEdit={() => setEditing({ stage, template })}
                    onTurn={() => attempt(() => patch(template, { enabled: !template.enabled }))}
                    onRemove={() =>
                      attempt(() =>
                        api.delete('/sop-templates/{id}', { path: { id: template.id }, version: template.version }),
                      )
                    }
                  />
                ))}
              </ul>
            </Card>
          );
        })}
      {editing && <EditTemplate {...editing} onClose={() => setEditing(undefined)} />}
    </Frame>
  );
}

type RowProps = EntryDeeds & { template: SopTemplate };

function Row({ template, ...deeds }: RowProps) {
  const kinds = useDictionary('task_kind');
  const { name } = template;
  return (
    <li className={css.item}>
      <div className={css.itemMain}>
        <span className={template.enabled ? css.itemTitle : css.itemOff}>{name}</span>
        <Badge>{entryName(kinds, template.kind)}</Badge>
        {!template.enabled && <Badge>{m.settings_status_disabled()}</Badge>}
        <span className={css.itemMeta}>
          {m.sop_facts({
            who: template.assignee === 'owner' ? m.sop_owner() : m.sop_manager(),
            n: template.due_workdays,
          })}
        </span>
      </div>
      <EntryActions name={name} enabled={template.enabled} deeds={deeds} />
    </li>
  );
}

function EditTemplate({ stage, template, onClose }: Editing & { onClose: () => void }) {
  const kinds = keyOptions(useDictionary('task_kind'));
  const form = useForm({
    initial: {
      name: template?.name ?? '',
      kind: template?.kind ?? 'customer_follow_up',
      content: template?.content ?? '',
      due_workdays: String(template?.due_workdays ?? 2),
      assignee: template?.assignee ?? ('owner' as string),
    },
    save: async (values) => {
      const body = { ...values, due_workdays: values.due_workdays ? Number(values.due_workdays) : null };
      if (template) {
        await api.patch('/sop-templates/{id}', { path: { id: template.id }, version: template.version, body });
      } else {
        await api.post('/sop-templates', { body: { ...body, stage: stage.key } });
      }
      refreshAfter('sop');
      toast.success(m.settings_saved());
      onClose();
    },
    handled: (problem) => {
      if (!toldStale(problem, 'sop')) return false;
      onClose();
      return true;
    },
  });
  const title = template ? m.sop_edit() : m.sop_add_to({ stage: stage.name });
  return (
    <EditDialog title={title} form={form} onClose={onClose}>
      <TextField label={m.sop_name()} required autoFocus {...form.field('name')} />
      <div className={layout.two}>
        <Select label={m.tasks_kind()} required options={kinds} {...form.field('kind')} />
        <NumberField label={m.sop_due()} required {...form.field('due_workdays')} />
      </div>
      <Textarea label={m.tasks_content()} required rows={3} {...form.field('content')} />
      <RadioGroup
        label={m.tasks_assignee()}
        options={[
          { value: 'owner', label: m.sop_owner() },
          { value: 'manager', label: m.sop_manager() },
        ]}
        {...form.field('assignee')}
      />
    </EditDialog>
  );
}
