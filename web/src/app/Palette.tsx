import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowRight, Briefcase, Building2, CheckSquare, Plus, Search, UserRound } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { api } from '@/api/client';
import type { SearchHit, SearchResult } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Modal } from '@/ui/Modal';
import { useDebounced } from '@/ui/use-debounced';
import { useCreatable } from './creatable';
import { useOpenDrawer } from './drawer-search';
import css from './Palette.module.css';

type Hit = { key: string; group: string; title: string; meta?: string; icon: ReactNode; run: () => void };

const ICON = 16;

/** Ctrl/⌘ K: records by name, pinyin, number or phone; pages; and what can be created. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const q = useDebounced(text.trim(), 180);
  const list = useId();
  const hits = useHits(text.trim(), q);
  const current = Math.min(at, hits.list.length - 1);

  function run(hit: Hit | undefined) {
    if (!hit) return;
    onClose();
    hit.run();
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step && hits.list.length > 0) {
      event.preventDefault();
      const next = (current + step + hits.list.length) % hits.list.length;
      setAt(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(hits.list[current]);
    }
  }

  return (
    <Modal title={m.app_search()} width={600} onClose={onClose}>
      <div className={css.field}>
        <Search size={18} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={hits.list.length > 0 ? `${list}-${current}` : undefined}
          aria-label={m.app_search_hint()}
          placeholder={m.app_search_hint()}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div className={css.results}>
        {hits.list.length === 0 && (
          <p className={css.none} role="status">
            {hits.searching ? m.ui_searching() : m.ui_nothing_found()}
          </p>
        )}
        <div id={list} role="listbox" aria-label={m.app_search_results()}>
          {hits.list.map((hit, i) => (
            <div key={hit.key}>
              {hits.list[i - 1]?.group !== hit.group && (
                <p className={css.group} role="presentation">
                  {hit.group}
                </p>
              )}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above moves and opens by keyboard */}
              <div
                id={`${list}-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === current}
                className={css.hit}
                onMouseMove={() => setAt(i)}
                onClick={() => run(hit)}
              >
                {hit.icon}
                <span className={css.title}>{hit.title}</span>
                {hit.meta && <span className={css.meta}>{hit.meta}</span>}
              </div>
            </div>
          ))}
        </div>
      </div>
    </Modal>
  );
}

function useHits(typed: string, q: string): { list: Hit[]; searching: boolean } {
  const navigate = useNavigate();
  const openDrawer = useOpenDrawer();
  const creatable = useCreatable();
  const found = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => api.get<SearchResult>('/search', { query: { q }, signal }),
    enabled: q.length > 0,
    staleTime: 10_000,
  });
  const go = (to: string) => () => void navigate({ to } as never);
  const records = (group: string, icon: ReactNode, hits: SearchHit[] | undefined, path: (hit: SearchHit) => string) =>
    (hits ?? []).map((hit) => ({
      key: `${group}-${hit.id}`,
      group,
      title: hit.title,
      meta: [hit.number, hit.subtitle].filter(Boolean).join(' · '),
      icon,
      run: go(path(hit)),
    }));
  const result = typed ? found.data : undefined;
  const pages: Hit[] = [
    ['/', m.app_my_day()],
    ['/customers', m.app_customers()],
    ['/opportunities', m.app_opportunities()],
    ['/calendar', m.app_calendar()],
    ['/tasks', m.app_tasks()],
    ['/dashboards', m.dashboards_title()],
    ['/reports', m.reports_title()],
    ['/notifications', m.notifications_title()],
  ].map(([to = '/', title = '']) => ({
    key: `page-${to}`,
    group: m.app_pages(),
    title,
    icon: <ArrowRight size={ICON} aria-hidden />,
    run: go(to),
  }));
  const actions: Hit[] = creatable.map((one) => ({
    key: `new-${one.kind}`,
    group: m.app_create(),
    title: m.app_create_one({ name: one.label }),
    meta: one.key.toUpperCase(),
    icon: <Plus size={ICON} aria-hidden />,
    run: () => openDrawer(one.kind),
  }));
  const fits = (hit: Hit) => hit.title.toLowerCase().includes(typed.replace(/^>\s*/, '').toLowerCase());
  const list = typed.startsWith('>')
    ? actions.filter(fits)
    : [
        ...records(
          m.app_customers(),
          <Building2 size={ICON} aria-hidden />,
          result?.customers,
          (hit) => `/customers/${hit.id}`,
        ),
        ...records(
          m.app_contacts(),
          <UserRound size={ICON} aria-hidden />,
          result?.contacts,
          (hit) => `/customers/${hit.number ?? hit.id}`,
        ),
        ...records(
          m.app_opportunities(),
          <Briefcase size={ICON} aria-hidden />,
          result?.opportunities,
          (hit) => `/opportunities/${hit.id}`,
        ),
        ...records(
          m.app_tasks(),
          <CheckSquare size={ICON} aria-hidden />,
          result?.tasks,
          (hit) => `/tasks?task=${hit.id}`,
        ),
        ...actions.filter(fits),
        ...pages.filter(fits),
      ];
  return { list, searching: found.isFetching || typed !== q };
}
