import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import type { SavedView } from '@/api/types';
import * as m from '@/paraglide/messages';
import { listed } from '@/ui/format';
import { Tabs } from '@/ui/Tabs';
import type { CustomersSearch } from '../routes';
import { ALL, filterOf, sameFilter, searchOf } from './filters';
import css from './groups.module.css';
import { fieldLabel } from './labels';
import { useViews } from './use-groups';

const ViewMenu = lazy(() => import('./ViewMenu'));

type Props = {
  search: CustomersSearch;
  /** Replaces filters, order and columns by those of a view. */
  open: (search: CustomersSearch) => void;
  /** Stands beside the view's own menu: the column chooser. */
  children?: ReactNode;
};

/** What the address becomes when a view is opened. */
export const opened = (view: SavedView): CustomersSearch => ({
  ...searchOf(view.filters, view.problems),
  ...(view.sort && { sort: view.sort as CustomersSearch['sort'] }),
  ...(view.columns.length > 0 && { columns: view.columns }),
  view: String(view.id),
});

/** 视图: saved filters, columns and order as tabs above the list (S33). */
export function ViewTabs({ search, open, children }: Props) {
  const views = useViews();
  const list = views.data ?? [];
  const current = list.find((view) => String(view.id) === search.view);
  useDefaultView(search, views.data, open);

  const changed =
    current !== undefined &&
    (!sameFilter(filterOf(search), searchOf(current.filters, current.problems)) ||
      (search.sort ?? '') !== (current.sort ?? '') ||
      (search.columns ?? []).join() !== current.columns.join());

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
        {children}
        <Suspense fallback={null}>
          <ViewMenu search={search} current={current} changed={changed} open={open} />
        </Suspense>
      </div>
      {current && current.problems.length > 0 && (
        <p role="status" className={css.note}>
          {m.groups_view_broken({ fields: listed(current.problems.map((one) => fieldLabel(one.field))) })}
        </p>
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
