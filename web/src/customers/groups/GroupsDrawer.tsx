import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter, refreshIfStale } from '@/api/query-client';
import { useCan } from '@/api/session';
import type { CustomerGroup, SavedFilter, Visibility } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { Checkbox, RadioGroup } from '@/ui/Choice';
import { Drawer } from '@/ui/Drawer';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { listed, total } from '@/ui/format';
import { ConfirmDialog, Modal } from '@/ui/Modal';
import { SkeletonRows } from '@/ui/Skeleton';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, FormNote, layout, useForm } from '@/ui/use-form';
import css from './groups.module.css';
import { fieldLabel, visibilityLabels, visibilityOptions } from './labels';
import { useGroups } from './use-groups';

const COUNTED = 10_000;

type Props = {
  /** The list's present filters: what a new dynamic group will follow. */
  filter: SavedFilter;
  onOpen: (group: CustomerGroup) => void;
  onClose: () => void;
};

/** 客户分组 (S32): make, rename, share, remove, and show a group's customers. */
export default function GroupsDrawer({ filter, onOpen, onClose }: Props) {
  const groups = useGroups();
  const can = useCan();
  const [doing, setDoing] = useState<{ what: 'new' } | { what: 'edit' | 'delete'; group: CustomerGroup }>();
  const [busy, setBusy] = useState(false);
  const visibility = visibilityLabels();
  const close = () => setDoing(undefined);

  async function remove(group: CustomerGroup) {
    setBusy(true);
    try {
      await api.delete('/customer-groups/{id}', { path: { id: group.id }, version: group.version });
      toast.success(m.groups_deleted());
    } catch (error) {
      toast.problem(error);
    }
    refreshAfter('group');
    setBusy(false);
    close();
  }

  return (
    <Drawer
      title={m.groups_title()}
      onClose={onClose}
      footer={
        can('edit_customers') && (
          <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setDoing({ what: 'new' })}>
            {m.groups_new()}
          </Button>
        )
      }
    >
      {groups.isPending && <SkeletonRows rows={5} />}
      {groups.error && !groups.data && <FailedState error={groups.error} retry={() => void groups.refetch()} />}
      {groups.data?.length === 0 && <EmptyState small>{m.groups_none()}</EmptyState>}
      <ul>
        {groups.data?.map((group) => (
          <li key={group.id} className={css.item}>
            <div className={css.itemMain}>
              <button
                type="button"
                className={css.itemName}
                aria-label={m.groups_open_named({ name: group.name })}
                onClick={() => onOpen(group)}
              >
                {group.name}
              </button>
              <div className={css.meta}>
                <Badge tone={group.kind === 'dynamic' ? 'blue' : 'grey'}>
                  {group.kind === 'dynamic' ? m.groups_dynamic() : m.groups_static()}
                </Badge>
                <span>{visibility[group.visibility]}</span>
                {group.member_count !== null && (
                  <span>
                    {m.groups_members({
                      n: total(Math.min(group.member_count, COUNTED), group.member_count > COUNTED),
                    })}
                  </span>
                )}
                {!group.can_edit && <span>{group.owner_name}</span>}
                {group.problems.length > 0 && (
                  <span className={css.broken}>
                    {m.groups_broken({ fields: listed(group.problems.map((one) => fieldLabel(one.field))) })}
                  </span>
                )}
              </div>
            </div>
            {group.can_edit && (
              <>
                <IconButton
                  size="sm"
                  label={m.groups_edit_named({ name: group.name })}
                  onClick={() => setDoing({ what: 'edit', group })}
                >
                  <Pencil size={15} aria-hidden />
                </IconButton>
                <IconButton
                  size="sm"
                  label={m.groups_delete_named({ name: group.name })}
                  onClick={() => setDoing({ what: 'delete', group })}
                >
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              </>
            )}
          </li>
        ))}
      </ul>
      {doing?.what === 'new' && <GroupDialog filter={filter} onClose={close} />}
      {doing?.what === 'edit' && <GroupDialog filter={filter} group={doing.group} onClose={close} />}
      {doing?.what === 'delete' && (
        <ConfirmDialog
          title={m.groups_delete_named({ name: doing.group.name })}
          confirm={m.ui_delete()}
          danger
          loading={busy}
          onConfirm={() => void remove(doing.group)}
          onClose={close}
        >
          {m.groups_delete_text()}
        </ConfirmDialog>
      )}
    </Drawer>
  );
}

type Values = { name: string; kind: string; visibility: string; filter: boolean };

function GroupDialog({ filter, group, onClose }: { filter: SavedFilter; group?: CustomerGroup; onClose: () => void }) {
  // A group is no part of another group.
  const { group_id: _, ...condition } = filter;
  const filtered = Object.keys(condition).length > 0;
  const form = useForm<Values>({
    initial: {
      name: group?.name ?? '',
      kind: group?.kind ?? (filtered ? 'dynamic' : 'static'),
      visibility: group?.visibility ?? 'private',
      filter: false,
    },
    save: async ({ name, kind, visibility, filter: replace }) => {
      const shared = { name, visibility: visibility as Visibility };
      if (group) {
        await api.patch('/customer-groups/{id}', {
          path: { id: group.id },
          version: group.version,
          body: { ...shared, ...(replace && { filter: condition }) },
        });
      } else {
        await api.post('/customer-groups', {
          body: { ...shared, kind, ...(kind === 'dynamic' && { filter: condition }) },
        });
      }
      refreshAfter('group');
      toast.success(m.groups_saved());
      onClose();
    },
    handled: (problem) => refreshIfStale(problem, 'group'),
  });
  const dynamic = form.values.kind === 'dynamic';
  return (
    <Modal
      title={group ? m.groups_edit() : m.groups_new()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button
            variant="primary"
            loading={form.submitting}
            disabled={!group && dynamic && !filtered}
            onClick={() => void form.submit()}
          >
            {m.ui_save()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <TextField label={m.groups_name()} required autoFocus maxLength={50} {...form.field('name')} />
        {!group && (
          <RadioGroup
            label={m.groups_kind()}
            description={dynamic ? m.groups_dynamic_hint() : m.groups_static_hint()}
            options={[
              { value: 'static', label: m.groups_static() },
              { value: 'dynamic', label: m.groups_dynamic() },
            ]}
            {...form.field('kind')}
          />
        )}
        {!group && dynamic && !filtered && <FormNote>{m.groups_needs_filter()}</FormNote>}
        <RadioGroup label={m.groups_visibility()} options={visibilityOptions()} {...form.field('visibility')} />
        {group?.kind === 'dynamic' && filtered && <Checkbox label={m.groups_use_filter()} {...form.field('filter')} />}
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}
