import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { useTags } from '@/api/dictionaries';
import { refreshAfter, refreshIfStale } from '@/api/query-client';
import { useCan } from '@/api/session';
import type { Tag } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { ConfirmDialog, Modal } from '@/ui/Modal';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, useForm } from '@/ui/use-form';
import css from './customers.module.css';

/** Tags: create; those who keep the settings also rename them everywhere and remove unused ones (S20). */
export default function TagsDialog({ onClose }: { onClose: () => void }) {
  const tags = useTags();
  const mayChange = useCan()('manage_settings');
  const [renaming, setRenaming] = useState<Tag>();
  const [deleting, setDeleting] = useState<Tag>();
  const form = useForm({
    initial: { name: '' },
    save: async ({ name }) => {
      await api.post('/tags', { body: { name } });
      refreshAfter('tag');
      form.reset({ name: '' });
    },
  });

  async function remove(tag: Tag) {
    try {
      await api.delete('/tags/{id}', { path: { id: tag.id }, version: tag.version });
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
                {mayChange && (
                  <>
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

function RenameTag({ tag, onDone }: { tag: Tag; onDone: () => void }) {
  const form = useForm({
    initial: { name: tag.name },
    save: async ({ name }) => {
      await api.patch('/tags/{id}', { path: { id: tag.id }, version: tag.version, body: { name } });
      refreshAfter('tag');
      onDone();
    },
    handled: (problem) => refreshIfStale(problem, 'tag'),
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
