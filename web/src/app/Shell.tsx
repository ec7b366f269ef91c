import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { listen } from '@/api/live';
import * as m from '@/paraglide/messages';
import { SkeletonRows } from '@/ui/Skeleton';
import { usePhone } from '@/ui/use-phone';
import { useCreatable } from './creatable';
import { useOpenDrawer } from './drawer-search';
import { Drawers } from './drawers';
import { Header } from './Header';
import { BottomBar, SideMenu } from './Menus';
import css from './Shell.module.css';
import { useKeys } from './use-keys';

const Palette = lazy(() => import('./Palette'));
const COLLAPSED = 'menu-collapsed';

export function Shell() {
  const [palette, setPalette] = useState(false);
  const [collapsed, setCollapsed] = useState(() => localStorage.getItem(COLLAPSED) === 'yes');
  const phone = usePhone();
  const navigate = useNavigate();
  const openDrawer = useOpenDrawer();
  const creatable = useCreatable();

  useEffect(() => listen(), []);
  useKeys({
    searching: palette,
    palette: () => setPalette(true),
    create: (key) => {
      const found = creatable.find((one) => one.key === key);
      if (found) openDrawer(found.kind);
    },
    go: (to) => void navigate({ to }),
    filter: () => document.querySelector<HTMLInputElement>('[data-list-search]')?.focus(),
  });

  function collapse() {
    localStorage.setItem(COLLAPSED, collapsed ? 'no' : 'yes');
    setCollapsed(!collapsed);
  }

  return (
    <div className={`${css.shell} ${collapsed ? css.collapsed : ''}`}>
      <a href="#content" className={css.skip}>
        {m.app_skip_to_content()}
      </a>
      {!phone && <SideMenu collapsed={collapsed} onCollapse={collapse} />}
      <div className={css.main}>
        <Header onSearch={() => setPalette(true)} />
        <main id="content" className={css.content} tabIndex={-1}>
          <Suspense fallback={<SkeletonRows />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      {phone && <BottomBar />}
      <Drawers />
      {palette && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
    </div>
  );
}
