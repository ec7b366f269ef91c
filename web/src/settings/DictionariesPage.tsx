import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Combine } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { dictionaryQuery } from '@/api/dictionaries';
import { Problem } from '@/api/problem';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { DictionaryKind, Entry } from '@/api/types';
import { compact } from '@/app/search';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { EditDialog } from '@/ui/EditDialog';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { ConfirmDialog } from '@/ui/Modal';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { Tabs } from '@/ui/Tabs';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useForm } from '@/ui/use-form';
import { EntryActions } from './EntryActions';
import { Frame } from './Frame';
import { dictionaryLabels } from './labels';
import { MergeDialog } from './MergeDialog';
import { moved } from './order';
import { DICTIONARIES, dictionariesRoute } from './routes';
import css from './settings.module.css';

/** 字典 (S19, I61): values that are used can be disabled, not deleted. */
export default function DictionariesPage() {
  const kind = dictionariesRoute.useSearch().kind ?? 'industry';
  const navigate = useNavigate({ from: '/settings/dictionaries' });
  const labels = dictionaryLabels();
  return (
    <Frame title={m.settings_dictionaries()}>
      <Card flush>
        <div className={css.tabs}>
          <Tabs
            label={m.settings_dictionaries()}
            tabs={DICTIONARIES.map((value) => ({ value, label: labels[value] }))}
            value={kind}
            onChange={(next) => void navigate({ search: compact({ kind: next }), replace: true })}
          />
        </div>
        <Entries key={kind} kind={kind} />
      </Card>
    </Frame>
  );
}

function Entries({ kind }: { kind: DictionaryKind }) {
  const found = useQuery(dictionaryQuery(kind));
  const [renaming, setRenaming] = useState<Entry>();
  const [deleting, setDeleting] = useState<Entry>();
  const [merging, setMerging] = useState<Entry>();
  const [busy, setBusy] = useState(false);
  const entries = found.data ?? [];

  async function attempt(work: () => Promise<unknown>) {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      if (!toldStale(error, 'dictionary')) toast.problem(error);
    }
    refreshAfter('dictionary');
    setBusy(false);
  }

  const patch = (entry: Entry, body: Partial<Entry>) =>
    api.patch('/dictionaries/{kind}/{id}', { path: { kind, id: entry.id }, version: entry.version, body });

  const move = (entry: Entry, by: -1 | 1) =>
    attempt(async () => {
      for (const change of moved(entries, entry.id, by)) await patch(change.entry, { position: change.position });
    });

  async function remove(entry: Entry) {
    setBusy(true);
    try {
      await api.delete('/dictionaries/{kind}/{id}', { path: { kind, id: entry.id }, version: entry.version });
      toast.success(m.settings_deleted());
    } catch (error) {
      if (error instanceof Problem && error.code === 'VALUE_IN_USE') {
        toast.warning(m.settings_entry_in_use({ name: entry.name }));
      } else if (!toldStale(error, 'dictionary')) toast.problem(error);
    }
    refreshAfter('dictionary');
    setDeleting(undefined);
    setBusy(false);
  }

  if (found.isPending) return <SkeletonRows rows={6} />;
  if (found.error && !found.data) return <FailedState error={found.error} retry={() => void found.refetch()} />;
  return (
    <>
      <AddEntry kind={kind} />
      {entries.length === 0 && <EmptyState small>{m.settings_entry_none()}</EmptyState>}
      <ul>
        {entries.map((entry, i) => (
          <li key={entry.id} className={css.item}>
            <div className={css.itemMain}>
              <span className={entry.disabled ? css.itemOff : css.itemTitle}>{entry.name}</span>
              {entry.disabled && <Badge>{m.settings_status_disabled()}</Badge>}
              {entry.detail_required && <Badge tone="blue">{m.settings_entry_detail()}</Badge>}
            </div>
            <EntryActions
              name={entry.name}
              enabled={!entry.disabled}
              deeds={{
                busy,
                first: i === 0,
                last: i === entries.length - 1,
                onMove: (by) => move(entry, by),
                onEdit: () => setRenaming(entry),
                onTurn: () => attempt(() => patch(entry, { disabled: !entry.disabled })),
                onRemove: () => setDeleting(entry),
                editLabel: m.settings_entry_rename({ name: entry.name }),
              }}
            >
              <IconButton
                size="sm"
                label={m.settings_merge_named({ name: entry.name })}
                disabled={entries.length < 2 || isFixed(entry)}
                onClick={() => setMerging(entry)}
              >
                <Combine size={15} aria-hidden />
              </IconButton>
            </EntryActions>
          </li>
        ))}
      </ul>
      {renaming && <EditEntry kind={kind} entry={renaming} onClose={() => setRenaming(undefined)} />}
      {merging && (
        <MergeDialog
          from={merging}
          others={entries}
          look={() => api.get('/dictionaries/{kind}/{id}/merge', { path: { kind, id: merging.id } })}
          merge={async (into) => {
            await api.post('/dictionaries/{kind}/{id}/merge', {
              path: { kind, id: merging.id },
              version: merging.version,
              body: { into },
            });
            refreshAfter('dictionary', 'customer', 'group', 'view');
          }}
          onClose={() => setMerging(undefined)}
        />
      )}
      {deleting && (
        <ConfirmDialog
          title={m.settings_entry_delete({ name: deleting.name })}
          confirm={m.ui_delete()}
          danger
          loading={busy}
          onConfirm={() => void remove(deleting)}
          onClose={() => setDeleting(undefined)}
        >
          {m.settings_entry_delete_text()}
        </ConfirmDialog>
      )}
    </>
  );
}

/** Programs know the built-in methods and task kinds by their words; only the company's own can be merged away. */
const isFixed = (entry: Entry) => entry.key !== '' && !entry.key.startsWith('custom_');

function AddEntry({ kind }: { kind: DictionaryKind }) {
  const form = useForm({
    initial: { name: '' },
    save: async (body) => {
      await api.post('/dictionaries/{kind}', { path: { kind }, body });
      refreshAfter('dictionary');
      form.reset({ name: '' });
    },
  });
  return (
    <form className={css.addForm} onSubmit={form.onSubmit} ref={form.ref} noValidate>
      <TextField
        label={m.settings_entry_new()}
        {...form.field('name')}
        error={form.errors.name ?? (form.problem instanceof Problem ? form.problem.message : undefined)}
      />
      <Button type="submit" loading={form.submitting}>
        {m.settings_entry_add()}
      </Button>
    </form>
  );
}

function EditEntry({ kind, entry, onClose }: { kind: DictionaryKind; entry: Entry; onClose: () => void }) {
  const asksDetail = kind === 'source_channel';
  const form = useForm({
    initial: { name: entry.name, detail_required: entry.detail_required ?? false },
    save: async ({ name, detail_required }) => {
      await api.patch('/dictionaries/{kind}/{id}', {
        path: { kind, id: entry.id },
        version: entry.version,
        body: { name, ...(asksDetail && { detail_required }) },
      });
      refreshAfter('dictionary');
      toast.success(m.settings_saved());
      onClose();
    },
    handled: (problem) => {
      if (!toldStale(problem, 'dictionary')) return false;
      onClose();
      return true;
    },
  });
  return (
    <EditDialog title={m.settings_entry_rename({ name: entry.name })} form={form} onClose={onClose}>
      <TextField label={m.settings_entry_name()} required autoFocus {...form.field('name')} />
      {asksDetail && <Checkbox label={m.settings_entry_detail()} {...form.field('detail_required')} />}
    </EditDialog>
  );
}
