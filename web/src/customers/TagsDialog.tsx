import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { useTags } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import type { Named } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { ConfirmDialog, Modal } from '@/ui/Modal';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, useForm } from '@/ui/use-form';
import css from './customers.module.css';

/** Tags: create, rename everywhere, remove (S20). */
export default function TagsDialog({ onClose }: { onClose: () => void }) {
  const tags = useTags();
  const [renaming, setRenaming] = useState<Named>();
  const [deleting, setDeleting] = useState<Named>();
  const form = useForm({
    initial: { name: '' },
    save: async ({ name }) => {
      await api.post('/tags', { body: { name } });
      refreshAfter('tag');
      form.reset({ name: '' });
    },
  });

  async function remove(tag: Named) {
    try {
      await api.delete('/tags/{id}', { path: { id: tag.id } });
      refreshAfter('tag');
    } catch (error) {
      toast.problem(error);
    }
    setDeleting(undefined);
  }

  return (
    <Modal title={m.customers_manage_tags()} onClose={onClose}>
      <FormAlert form={form} />
      <form className={css.tagForm} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <TextField label={m.customers_tag_new()} maxLength={20} {...form.field('name')} />
        <Button type="submit" loading={form.submitting}>
          {m.customers_tag_add()}
        </Button>
      </form>
      {tags.length === 0 && <EmptyState small>{m.customers_tags_none()}</EmptyState>}
      <ul>
        {tags.map((tag) => (
          <li key={tag.id} className={css.tagRow}>
            {renaming?.id === tag.id ? (
              <RenameTag tag={tag} onDone={() => setRenaming(undefined)} />
            ) : (
              <>
                <span>
                  <Badge>{tag.name}</Badge>
                </span>
                <IconButton
                  size="sm"
                  label={m.customers_tag_rename({ name: tag.name })}
                  onClick={() => setRenaming(tag)}
                >
                  <Pencil size={15} aria-hidden />
                </IconButton>
                <IconButton
                  size="sm"
                  label={m.customers_tag_delete({ name: tag.name })}
                  onClick={() => setDeleting(tag)}
                >
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              </>
            )}
          </li>
        ))}
      </ul>
      {deleting && (
        <ConfirmDialog
          title={m.customers_tag_delete({ name: deleting.name })}
          confirm={m.ui_delete()}
          danger
          onConfirm={() => void remove(deleting)}
          onClose={() => setDeleting(undefined)}
        >
          {m.customers_tag_delete_text({ name: deleting.name })}
        </ConfirmDialog>
      )}
    </Modal>
  );
}

function RenameTag({ tag, onDone }: { tag: Named; onDone: () => void }) {
  const form = useForm({
    initial: { name: tag.name },
    save: async ({ name }) => {
      await api.patch('/tags/{id}', { path: { id: tag.id }, body: { name } });
      refreshAfter('tag');
      onDone();
    },
  });
  return (
    <form className={css.tagForm} onSubmit={form.onSubmit} ref={form.ref} noValidate>
      <TextField label={m.customers_tag_name()} autoFocus maxLength={20} {...form.field('name')} />
      <Button type="submit" variant="primary" loading={form.submitting}>
        {m.ui_save()}
      </Button>
    </form>
  );
}
