import { useQuery } from '@tanstack/react-query';
import { Combine, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { Problem } from '@/api/problem';
import { refreshAfter } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { Named } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { EditDialog } from '@/ui/EditDialog';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { FilterBar, SearchField } from '@/ui/FilterBar';
import { count } from '@/ui/format';
import { ConfirmDialog } from '@/ui/Modal';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useForm } from '@/ui/use-form';
import { Frame } from './Frame';
import { MergeDialog } from './MergeDialog';
import css from './settings.module.css';

type Tag = Named & { version: number };

/** 标签 (S20): renamed everywhere at once; removed when no customer has them. */
export default function TagsPage() {
  const found = useQuery({ queryKey: ['tags'], queryFn: () => api.get<Tag[]>('/tags') });
  const [find, setFind] = useState('');
  const [renaming, setRenaming] = useState<Tag>();
  const [deleting, setDeleting] = useState<Tag>();
  const [merging, setMerging] = useState<Tag>();
  const [busy, setBusy] = useState(false);
  const shown = (found.data ?? []).filter((tag) => tag.name.toLowerCase().includes(find.toLowerCase()));

  async function remove(tag: Tag) {
    setBusy(true);
    try {
      await api.delete('/tags/{id}', { path: { id: tag.id }, version: tag.version });
      toast.success(m.settings_deleted());
    } catch (error) {
      if (!toldStale(error, 'tag')) toast.problem(error);
    }
    refreshAfter('tag');
    setBusy(false);
    setDeleting(undefined);
  }

  return (
    <Frame title={m.settings_tags()} meta={found.data && count(found.data.length)}>
      <Card flush>
        <FilterBar>
          <SearchField label={m.settings_tag_search()} value={find} onChange={setFind} />
        </FilterBar>
        <AddTag />
        {found.isPending && <SkeletonRows rows={6} />}
        {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {found.data && shown.length === 0 && (
          <EmptyState small>{find ? m.ui_nothing_found() : m.settings_tag_none()}</EmptyState>
        )}
        <ul>
          {shown.map((tag) => (
            <li key={tag.id} className={css.item}>
              <div className={css.itemMain}>
                <Badge>{tag.name}</Badge>
              </div>
              <div className={css.itemActions}>
                <IconButton
                  size="sm"
                  label={m.settings_tag_rename({ name: tag.name })}
                  onClick={() => setRenaming(tag)}
                >
                  <Pencil size={15} aria-hidden />
                </IconButton>
                <IconButton
                  size="sm"
                  label={m.settings_merge_named({ name: tag.name })}
                  disabled={(found.data?.length ?? 0) < 2}
                  onClick={() => setMerging(tag)}
                >
                  <Combine size={15} aria-hidden />
                </IconButton>
                <IconButton
                  size="sm"
                  label={m.settings_tag_delete({ name: tag.name })}
                  onClick={() => setDeleting(tag)}
                >
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              </div>
            </li>
          ))}
        </ul>
      </Card>
      {renaming && <RenameTag tag={renaming} onClose={() => setRenaming(undefined)} />}
      {merging && (
        <MergeDialog
          from={merging}
          others={found.data ?? []}
          look={() => api.get('/tags/{id}/merge', { path: { id: merging.id } })}
          merge={async (into) => {
            await api.post('/tags/{id}/merge', {
              path: { id: merging.id },
              version: merging.version,
              body: { into },
            });
            refreshAfter('tag');
          }}
          onClose={() => setMerging(undefined)}
        />
      )}
      {deleting && (
        <ConfirmDialog
          title={m.settings_tag_delete({ name: deleting.name })}
          confirm={m.ui_delete()}
          danger
          loading={busy}
          onConfirm={() => void remove(deleting)}
          onClose={() => setDeleting(undefined)}
        >
          {m.settings_tag_delete_text()}
        </ConfirmDialog>
      )}
    </Frame>
  );
}

function AddTag() {
  const form = useForm({
    initial: { name: '' },
    save: async (body) => {
      await api.post('/tags', { body });
      refreshAfter('tag');
      form.reset({ name: '' });
    },
  });
  return (
    <form className={css.addForm} onSubmit={form.onSubmit} ref={form.ref} noValidate>
      <TextField
        label={m.settings_tag_new()}
        {...form.field('name')}
        error={form.errors.name ?? (form.problem instanceof Problem ? form.problem.message : undefined)}
      />
      <Button type="submit" loading={form.submitting}>
        {m.settings_entry_add()}
      </Button>
    </form>
  );
}

function RenameTag({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const form = useForm({
    initial: { name: tag.name },
    save: async (body) => {
      await api.patch('/tags/{id}', { path: { id: tag.id }, version: tag.version, body });
      refreshAfter('tag');
      toast.success(m.settings_saved());
      onClose();
    },
    handled: (problem) => {
      if (!toldStale(problem, 'tag')) return false;
      onClose();
      return true;
    },
  });
  return (
    <EditDialog title={m.settings_tag_rename({ name: tag.name })} form={form} onClose={onClose}>
      <TextField label={m.settings_entry_name()} required autoFocus {...form.field('name')} />
    </EditDialog>
  );
}
