import { Bookmark, BookmarkPlus, Ellipsis, Pencil, Save, Star, StarOff, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { SavedView } from '@/api/types';
import * as m from '@/paraglide/messages';
import { IconButton } from '@/ui/Button';
import { Menu, type MenuItem } from '@/ui/Menu';
import { ConfirmDialog } from '@/ui/Modal';
import { toast } from '@/ui/toast';
import type { CustomersSearch } from '../routes';
import { ALL, filterOf } from './filters';

const ViewDialog = lazy(() => import('./ViewDialog'));

type Props = {
  search: CustomersSearch;
  /** The view that is open, if one is. */
  current: SavedView | undefined;
  /** True when the list is no longer as the view keeps it. */
  changed: boolean;
  open: (search: CustomersSearch) => void;
};

/** What can be done with the list as it is, and with the view that is open (S33). */
export default function ViewMenu({ search, current, changed, open }: Props) {
  const [dialog, setDialog] = useState<'new' | 'edit' | 'delete'>();
  const [busy, setBusy] = useState(false);

  async function attempt(work: () => Promise<unknown>, done: string) {
    setBusy(true);
    try {
      await work();
      toast.success(done);
    } catch (error) {
      toast.problem(error);
    }
    refreshAfter('view');
    setBusy(false);
    setDialog(undefined);
  }

  const setDefault = (view_id: number | null) =>
    attempt(
      () => api.put('/saved-views/default', { body: { kind: 'customers', view_id } }),
      m.groups_view_default_set(),
    );
  const save = (view: SavedView) =>
    attempt(
      () =>
        api.patch('/saved-views/{id}', {
          path: { id: view.id },
          version: view.version,
          body: { filters: filterOf(search), sort: search.sort ?? null, columns: search.columns ?? [] },
        }),
      m.groups_view_saved(),
    );
  const remove = (view: SavedView) =>
    attempt(async () => {
      await api.delete('/saved-views/{id}', { path: { id: view.id }, version: view.version });
      open({ view: ALL });
    }, m.groups_view_deleted());

  const items: MenuItem[] = [
    {
      label: m.groups_view_save_as(),
      icon: <BookmarkPlus size={15} aria-hidden />,
      onSelect: () => setDialog('new'),
    },
  ];
  if (current?.can_edit) {
    items.push(
      {
        label: m.groups_view_save(),
        icon: <Save size={15} aria-hidden />,
        disabled: !changed || busy,
        onSelect: () => void save(current),
      },
      { label: m.groups_view_edit(), icon: <Pencil size={15} aria-hidden />, onSelect: () => setDialog('edit') },
    );
  }
  if (current) {
    items.push(
      current.is_default
        ? {
            label: m.groups_view_no_default(),
            icon: <StarOff size={15} aria-hidden />,
            onSelect: () => void setDefault(null),
          }
        : {
            label: m.groups_view_default(),
            icon: <Star size={15} aria-hidden />,
            onSelect: () => void setDefault(current.id),
          },
    );
  }
  if (current?.can_edit) {
    items.push('divider', {
      label: m.groups_view_delete(),
      icon: <Trash2 size={15} aria-hidden />,
      danger: true,
      onSelect: () => setDialog('delete'),
    });
  }

  return (
    <>
      <Menu
        width={210}
        trigger={
          <IconButton label={m.groups_view_menu()}>
            {current ? <Ellipsis size={16} aria-hidden /> : <Bookmark size={16} aria-hidden />}
          </IconButton>
        }
        items={items}
      />
      {(dialog === 'new' || (dialog === 'edit' && current)) && (
        <Suspense fallback={null}>
          <ViewDialog
            search={search}
            {...(dialog === 'edit' && current && { view: current })}
            onClose={() => setDialog(undefined)}
            onSaved={(view) => {
              setDialog(undefined);
              if (dialog === 'new') open({ ...search, view: String(view.id) });
            }}
          />
        </Suspense>
      )}
      {dialog === 'delete' && current && (
        <ConfirmDialog
          title={`${m.groups_view_delete()}: ${current.name}`}
          confirm={m.ui_delete()}
          danger
          loading={busy}
          onConfirm={() => void remove(current)}
          onClose={() => setDialog(undefined)}
        >
          {m.groups_view_delete_text()}
        </ConfirmDialog>
      )}
    </>
  );
}
