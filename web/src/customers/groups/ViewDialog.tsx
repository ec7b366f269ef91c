import { api } from '@/api/client';
import { refreshAfter, refreshIfStale } from '@/api/query-client';
import type { SavedView, Visibility } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { Modal } from '@/ui/Modal';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import type { CustomersSearch } from '../routes';
import { filterOf } from './filters';
import { visibilityOptions } from './labels';

type Props = {
  search: CustomersSearch;
  /** The view to be renamed or shared; without one the list as it is now becomes a new view. */
  view?: SavedView;
  onClose: () => void;
  onSaved: (view: SavedView) => void;
};

export default function ViewDialog({ search, view, onClose, onSaved }: Props) {
  const form = useForm<{ name: string; visibility: string }>({
    initial: { name: view?.name ?? '', visibility: view?.visibility ?? 'private' },
    save: async ({ name, visibility }) => {
      const shared = { name, visibility: visibility as Visibility };
      const saved = view
        ? await api.patch<SavedView>('/saved-views/{id}', {
            path: { id: view.id },
            version: view.version,
            body: shared,
          })
        : await api.post<SavedView>('/saved-views', {
            body: {
              ...shared,
              kind: 'customers',
              filters: filterOf(search),
              columns: search.columns ?? [],
              sort: search.sort ?? null,
            },
          });
      refreshAfter('view');
      toast.success(m.groups_view_saved());
      onSaved(saved);
    },
    handled: (problem) => refreshIfStale(problem, 'view'),
  });
  return (
    <Modal
      title={view ? m.groups_view_edit() : m.groups_view_save_as()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.ui_save()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <TextField label={m.groups_view_name()} required autoFocus maxLength={30} {...form.field('name')} />
        <RadioGroup label={m.groups_visibility()} options={visibilityOptions()} {...form.field('visibility')} />
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}
