import { Bookmark, BookmarkPlus, Ellipsis, Pencil, Save, Star, StarOff, Trash2 } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { SavedView } from '@/api/types';
import * as m from '@/paraglide/messages';
import { IconButton } from '@/ui/Button';
import { Menu, type MenuItem } from '@/ui/Menu';
import { ConfirmDialog } from '@/ui/Modal';
import { Tabs } from '@/ui/Tabs';
import { toast } from '@/ui/toast';
import type { CustomersSearch } from '../routes';
import { filterOf, sameFilter, searchOf } from './filters';
import css from './groups.module.css';
import { useViews } from './use-groups';

const ViewDialog = lazy(() => import('./ViewDialog'));

const ALL = 'all';

type Props = {
  search: CustomersSearch;
  /** Replaces filters, order and columns by those of a view. */
  open: (search: CustomersSearch) => void;
};

/** What the address becomes when a view is opened. */
export const opened = (view: SavedView): CustomersSearch => ({
  ...searchOf(view.filters, view.problems),
  ...(view.sort && { sort: view.sort as CustomersSearch['sort'] }),
  ...(view.columns.length > 0 && { columns: view.columns }),
  view: String(view.id),
});

/** 视图: saved filters, columns and order as tabs above the list (S33). */
export function ViewTabs({ search, open }: Props) {
  const views = useViews();
  const [dialog, setDialog] = useState<'new' | 'edit' | 'delete'>();
  const [busy, setBusy] = useState(false);
  const list = views.data ?? [];
  const current = list.find((view) => String(view.id) === search.view);
  useDefaultView(search, views.data, open);

  const changed =
    current !== undefined &&
    (!sameFilter(filterOf(search), searchOf(current.filters, current.problems)) ||
      (search.sort ?? '') !== (current.sort ?? '') ||
      (search.columns ?? []).join() !== current.columns.join());

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
      <div className={css.views}>
        <div className={css.viewTabs}>
          <Tabs
            label={m.groups_views()}
            tabs={[
              { value: ALL, label: m.groups_view_all() },
              ...list.map((view) => ({
                value: String(view.id),
                label: view.name,
                ...(view.id === current?.id && changed && { count: m.groups_view_changed() }),
              })),
            ]}
            value={current ? String(current.id) : ALL}
            onChange={(value) => {
              const view = list.find((one) => String(one.id) === value);
              open(view ? opened(view) : { view: ALL });
            }}
          />
        </div>
        <Menu
          width={210}
          trigger={
            <IconButton label={m.groups_view_menu()}>
              {current ? <Ellipsis size={16} aria-hidden /> : <Bookmark size={16} aria-hidden />}
            </IconButton>
          }
          items={items}
        />
      </div>
      {current && current.problems.length > 0 && (
        <p role="status" className={css.note}>
          {m.groups_view_broken({ fields: current.problems.map((one) => fieldLabel(one.field)).join('、') })}
        </p>
      )}
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

/** A list opened without any wish of its own shows the reader's default view, once. */
function useDefaultView(search: CustomersSearch, views: SavedView[] | undefined, open: Props['open']) {
  const looked = useRef(false);
  useEffect(() => {
    if (looked.current || !views) return;
    looked.current = true;
    const standard = views.find((view) => view.is_default);
    const bare = search.view === undefined && !search.sort && Object.keys(filterOf(search)).length === 0;
    if (standard && bare) open(opened(standard));
  }, [views, search, open]);
}

/** The name of a filter on screen. */
export function fieldLabel(field: string): string {
  const labels: Record<string, string> = {
    tag: m.customers_tags(),
    exclude_tag: m.customers_exclude_tag(),
    industry: m.customers_industry(),
    region: m.customers_region(),
    source_channel: m.customers_source_channels(),
    group_id: m.groups_filter(),
  };
  return labels[field] ?? field;
}
