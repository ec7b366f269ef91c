import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { Stage } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { IconButton } from '@/ui/Button';
import { EditDialog } from '@/ui/EditDialog';
import { FailedState } from '@/ui/EmptyState';
import { percent } from '@/ui/format';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { cell, Table } from '@/ui/Table';
import { NumberField, TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { layout, useForm } from '@/ui/use-form';
import { Frame } from './Frame';
import { stageKindLabels } from './labels';
import css from './settings.module.css';

const TONES = { open: 'blue', won: 'brand', lost: 'red' } as const;

/** 商机阶段 (S39): names, probabilities, limits; the order is fixed. */
export default function StagesPage() {
  const found = useQuery({ queryKey: ['stages'], queryFn: () => api.get<Stage[]>('/stages') });
  const [editing, setEditing] = useState<Stage>();
  const kinds = stageKindLabels();
  return (
    <Frame title={m.settings_stages()}>
      <p className={css.hint}>{m.settings_stage_hint()}</p>
      <Card flush>
        {found.isPending && <SkeletonRows rows={6} />}
        {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {found.data && (
          <Table label={m.settings_stages()}>
            <thead>
              <tr>
                <th scope="col">{m.settings_stage_name()}</th>
                <th scope="col">{m.settings_status()}</th>
                <th scope="col" className={cell.num}>
                  {m.settings_stage_probability()}
                </th>
                <th scope="col" className={cell.num}>
                  {m.settings_stage_limit()}
                </th>
                <th scope="col">
                  <span className="visually-hidden">{m.ui_actions()}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.data.map((stage) => (
                <tr key={stage.key}>
                  <td>
                    <span className={css.itemTitle}>{stage.name}</span>
                  </td>
                  <td>
                    <Badge tone={TONES[stage.kind]}>{kinds[stage.kind]}</Badge>
                  </td>
                  <td className={cell.num}>{percent(stage.probability / 100)}</td>
                  <td className={cell.num}>
                    {stage.limit_days ? m.settings_stage_days({ n: stage.limit_days }) : '—'}
                  </td>
                  <td className={cell.num}>
                    <IconButton size="sm" label={`${m.ui_edit()} ${stage.name}`} onClick={() => setEditing(stage)}>
                      <Pencil size={15} aria-hidden />
                    </IconButton>
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </Card>
      {editing && <EditStage stage={editing} onClose={() => setEditing(undefined)} />}
    </Frame>
  );
}

function EditStage({ stage, onClose }: { stage: Stage; onClose: () => void }) {
  const open = stage.kind === 'open';
  const form = useForm({
    initial: {
      name: stage.name,
      probability: String(stage.probability),
      limit_days: stage.limit_days ? String(stage.limit_days) : '',
    },
    save: async ({ name, probability, limit_days }) => {
      await api.patch('/stages/{key}', {
        path: { key: stage.key },
        version: stage.version,
        body: {
          name,
          ...(open && {
            probability: probability ? Number(probability) : null,
            limit_days: limit_days ? Number(limit_days) : null,
          }),
        },
      });
      refreshAfter('stage');
      toast.success(m.settings_saved());
      onClose();
    },
    handled: (problem) => {
      if (!toldStale(problem, 'stage')) return false;
      onClose();
      return true;
    },
  });
  return (
    <EditDialog title={m.settings_stage_edit()} form={form} onClose={onClose}>
      <TextField label={m.settings_stage_name()} required autoFocus {...form.field('name')} />
      {open && (
        <div className={layout.two}>
          <NumberField label={m.settings_stage_probability_field()} required {...form.field('probability')} />
          <NumberField label={m.settings_stage_limit_field()} {...form.field('limit_days')} />
        </div>
      )}
    </EditDialog>
  );
}
