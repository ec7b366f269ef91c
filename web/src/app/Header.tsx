import { useNavigate } from '@tanstack/react-router';
import { Bot, Check, ChevronDown, KeyRound, LogOut, Plus, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '@/api/client';
import { queryClient } from '@/api/query-client';
import { putSession, useSession } from '@/api/session';
import type { Session } from '@/api/types';
import { Bell } from '@/notifications';
import * as m from '@/paraglide/messages';
import { getLocale, setLocale } from '@/paraglide/runtime';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { now } from '@/ui/clock';
import { dateTime } from '@/ui/format';
import { Menu, type MenuItem } from '@/ui/Menu';
import { chooseTheme, type ThemeChoice, useThemeChoice } from '@/ui/theme-choice';
import { toast } from '@/ui/toast';
import { dropAllDrafts } from '@/ui/use-draft';
import { usePhone } from '@/ui/use-phone';
import { useCreatable } from './creatable';
import { useOpenDrawer } from './drawer-search';
import css from './Shell.module.css';

export function Header({ onSearch }: { onSearch: () => void }) {
  const session = useSession();
  const phone = usePhone();
  const creatable = useCreatable();
  const openDrawer = useOpenDrawer();
  return (
    <header className={css.header}>
      <button type="button" className={css.search} onClick={onSearch}>
        <Search size={16} aria-hidden />
        <span>{m.app_search_hint()}</span>
        <kbd aria-hidden>Ctrl K</kbd>
      </button>
      <div className={css.tools}>
        {session.demo && !phone && <DemoClock />}
        {!phone && <TeamSwitch />}
        {!phone && creatable.length > 0 && (
          <Menu
            trigger={
              <Button variant="primary" icon={<Plus size={16} aria-hidden />}>
                {m.app_create()}
              </Button>
            }
            items={creatable.map((one) => ({
              label: one.label,
              meta: <span className={css.keyHint}>{one.key.toUpperCase()}</span>,
              onSelect: () => openDrawer(one.kind),
            }))}
          />
        )}
        <Bell />
        <PersonMenu />
      </div>
    </header>
  );
}

/** In a demo the clock is the demo's own; say so, for dates would look wrong otherwise. */
function DemoClock() {
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), 20_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className={css.demo} title={m.app_demo_clock_hint()}>
      {m.app_demo_clock({ at: dateTime(at.toISOString()) })}
    </span>
  );
}

async function switchTeam(id: number) {
  try {
    putSession(await api.put<Session>('/session/team', { body: { team_id: id } }));
    void queryClient.invalidateQueries();
  } catch (error) {
    toast.problem(error);
  }
}

const teamItems = (session: Session): MenuItem[] =>
  session.teams.map((team) => ({
    label: team.name,
    icon: team.id === session.team.id ? <Check size={15} aria-hidden /> : <span style={{ width: 15 }} />,
    onSelect: () => void switchTeam(team.id),
  }));

function TeamSwitch() {
  const session = useSession();
  if (session.teams.length < 2) return <span className={css.team}>{session.team.name}</span>;
  return (
    <Menu
      trigger={
        <Button variant="ghost" aria-label={m.app_switch_team({ name: session.team.name })}>
          {session.team.name}
          <ChevronDown size={14} aria-hidden />
        </Button>
      }
      items={[{ heading: m.app_team() }, ...teamItems(session)]}
    />
  );
}

function PersonMenu() {
  const session = useSession();
  const phone = usePhone();
  const navigate = useNavigate();
  const theme = useThemeChoice();
  const tick = (on: boolean) => (on ? <Check size={15} aria-hidden /> : <span style={{ width: 15 }} />);
  const themes: [ThemeChoice, string][] = [
    ['system', m.app_theme_system()],
    ['light', m.app_theme_light()],
    ['dark', m.app_theme_dark()],
  ];

  async function logOut() {
    try {
      await api.delete('/session');
    } catch (error) {
      toast.problem(error);
      return;
    }
    dropAllDrafts();
    queryClient.clear();
    void navigate({ to: '/login' });
  }

  const many = session.teams.length > 1;
  const team = { heading: many ? m.app_switch_team({ name: session.team.name }) : session.team.name };
  const teams: MenuItem[] = phone ? ['divider', team, ...(many ? teamItems(session) : [])] : [];
  return (
    <Menu
      trigger={
        <button type="button" className={css.avatar} aria-label={m.app_account_of({ name: session.user.name })}>
          <Avatar name={session.user.name} size="lg" />
        </button>
      }
      width={210}
      items={[
        { heading: `${session.user.name} · ${session.user.employee_number}` },
        {
          label: m.identity_change_password(),
          icon: <KeyRound size={15} aria-hidden />,
          onSelect: () => void navigate({ to: '/password' }),
        },
        {
          label: m.identity_tokens(),
          icon: <Bot size={15} aria-hidden />,
          onSelect: () => void navigate({ to: '/api-tokens' }),
        },
        ...teams,
        'divider',
        { heading: m.app_theme() },
        ...themes.map(([choice, label]) => ({
          label,
          icon: tick(theme === choice),
          onSelect: () => chooseTheme(choice),
        })),
        'divider',
        { heading: m.app_language() },
        { label: '中文', icon: tick(getLocale() === 'zh'), onSelect: () => void setLocale('zh') },
        { label: 'English', icon: tick(getLocale() === 'en'), onSelect: () => void setLocale('en') },
        'divider',
        {
          label: m.identity_log_out(),
          icon: <LogOut size={15} aria-hidden />,
          danger: true,
          onSelect: () => void logOut(),
        },
      ]}
    />
  );
}
