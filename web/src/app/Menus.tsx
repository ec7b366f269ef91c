import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  ArrowLeftRight,
  Briefcase,
  Building2,
  CalendarDays,
  ChartNoAxesColumn,
  CheckSquare,
  House,
  LayoutDashboard,
  MoreHorizontal,
  NotebookPen,
  PanelLeftClose,
  PanelLeftOpen,
  Plus,
  Settings,
} from 'lucide-react';
import { api } from '@/api/client';
import { useCan } from '@/api/session';
import type { Permission, TaskCounts } from '@/api/types';
import * as m from '@/paraglide/messages';
import { count } from '@/ui/format';
import { Menu } from '@/ui/Menu';
import { useCreatable } from './creatable';
import { useOpenDrawer } from './drawer-search';
import css from './Shell.module.css';

const places = () =>
  [
    { to: '/', label: m.app_my_day(), icon: House },
    { to: '/customers', label: m.app_customers(), icon: Building2, needs: 'view_customers' },
    { to: '/opportunities', label: m.app_opportunities(), icon: Briefcase, needs: 'view_opportunities' },
    { to: '/calendar', label: m.app_calendar(), icon: CalendarDays, needs: 'view_calendar' },
    { to: '/tasks', label: m.app_tasks(), icon: CheckSquare, needs: 'view_tasks' },
    { to: '/work-reports', label: m.work_reports_title(), icon: NotebookPen, needs: 'write_work_reports' },
    { to: '/dashboards', label: m.dashboards_title(), icon: LayoutDashboard, needs: 'view_reports' },
    { to: '/reports', label: m.reports_title(), icon: ChartNoAxesColumn, needs: 'view_reports' },
    { to: '/exchange', label: m.exchange_menu(), icon: ArrowLeftRight, needs: 'export_records' },
  ] as const satisfies readonly { to: string; label: string; icon: unknown; needs?: Permission }[];

/** Whether any page under 设置 is open to the user. */
export function useMaySettings(): boolean {
  const can = useCan();
  return can('manage_users') || can('manage_teams') || can('manage_settings') || can('manage_targets');
}

export function SideMenu({ collapsed, onCollapse }: { collapsed: boolean; onCollapse: () => void }) {
  const can = useCan();
  const settings = useMaySettings();
  const tasks = useQuery({
    queryKey: ['tasks', 'counts'],
    queryFn: () => api.get<TaskCounts>('/tasks/counts'),
    enabled: can('view_tasks'),
  });
  const Collapse = collapsed ? PanelLeftOpen : PanelLeftClose;
  return (
    <nav className={css.menu} aria-label={m.app_main_menu()}>
      <Link to="/" className={css.brand} aria-label={m.app_name()}>
        <img src="/favicon.svg" alt="" width={26} height={26} />
        <span className={css.label}>{m.app_name()}</span>
      </Link>
      <div className={css.links}>
        {places()
          .filter((place) => !('needs' in place) || can(place.needs))
          .map((place) => (
            <Link
              key={place.to}
              to={place.to}
              className={css.link}
              activeOptions={{ exact: place.to === '/', includeSearch: false }}
              title={collapsed ? place.label : undefined}
              aria-label={place.label}
            >
              <place.icon size={17} aria-hidden />
              <span className={css.label}>{place.label}</span>
              {place.to === '/tasks' && tasks.data && tasks.data.open > 0 && (
                <span
                  className={`${css.count} ${tasks.data.overdue > 0 ? css.late : ''}`}
                  title={m.app_task_counts({ open: tasks.data.open, overdue: tasks.data.overdue })}
                >
                  {count(tasks.data.open)}
                </span>
              )}
            </Link>
          ))}
      </div>
      {settings && (
        <Link
          to="/settings"
          className={css.link}
          activeOptions={{ includeSearch: false }}
          title={collapsed ? m.app_settings() : undefined}
          aria-label={m.app_settings()}
        >
          <Settings size={17} aria-hidden />
          <span className={css.label}>{m.app_settings()}</span>
        </Link>
      )}
      <button
        type="button"
        className={css.collapse}
        onClick={onCollapse}
        aria-label={collapsed ? m.app_expand_menu() : m.app_collapse_menu()}
      >
        <Collapse size={17} aria-hidden />
        <span className={css.label}>{m.app_collapse_menu()}</span>
      </button>
    </nav>
  );
}

/** The phone's bar: four places and ＋. */
export function BottomBar() {
  const can = useCan();
  const navigate = useNavigate();
  const openDrawer = useOpenDrawer();
  const creatable = useCreatable();
  const settings = useMaySettings();
  return (
    <nav className={css.bottom} aria-label={m.app_main_menu()}>
      <Link to="/" className={css.tab} activeOptions={{ exact: true, includeSearch: false }}>
        <House size={21} aria-hidden />
        {m.app_my_day()}
      </Link>
      <Link to="/customers" className={css.tab} activeOptions={{ includeSearch: false }}>
        <Building2 size={21} aria-hidden />
        {m.app_customers()}
      </Link>
      <Menu
        trigger={
          <button type="button" className={css.plus} aria-label={m.app_create()} disabled={creatable.length === 0}>
            <Plus size={24} aria-hidden />
          </button>
        }
        align="start"
        width={200}
        items={creatable.map((one) => ({ label: one.label, onSelect: () => openDrawer(one.kind) }))}
      />
      <Link to="/opportunities" className={css.tab} activeOptions={{ includeSearch: false }}>
        <Briefcase size={21} aria-hidden />
        {m.app_opportunities()}
      </Link>
      <Menu
        trigger={
          <button type="button" className={css.tab}>
            <MoreHorizontal size={21} aria-hidden />
            {m.app_more()}
          </button>
        }
        width={200}
        items={[
          ...(can('view_calendar')
            ? [{ label: m.app_calendar(), onSelect: () => void navigate({ to: '/calendar' }) }]
            : []),
          ...(can('view_tasks') ? [{ label: m.app_tasks(), onSelect: () => void navigate({ to: '/tasks' }) }] : []),
          ...(can('write_work_reports')
            ? [{ label: m.work_reports_title(), onSelect: () => void navigate({ to: '/work-reports' }) }]
            : []),
          ...(can('view_reports')
            ? [
                { label: m.dashboards_title(), onSelect: () => void navigate({ to: '/dashboards' }) },
                { label: m.reports_title(), onSelect: () => void navigate({ to: '/reports' }) },
              ]
            : []),
          ...(can('export_records')
            ? [{ label: m.exchange_menu(), onSelect: () => void navigate({ to: '/exchange' }) }]
            : []),
          { label: m.notifications_title(), onSelect: () => void navigate({ to: '/notifications' }) },
          ...(settings ? [{ label: m.app_settings(), onSelect: () => void navigate({ to: '/settings' }) }] : []),
        ]}
      />
    </nav>
  );
}
