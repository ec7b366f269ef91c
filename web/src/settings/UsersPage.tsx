import { useNavigate } from '@tanstack/react-router';
import { Ellipsis, KeyRound, Pencil, Plus, UserCheck, UserX } from 'lucide-react';
import { useCallback, useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { NewPassword, User } from '@/api/types';
import { useList } from '@/api/use-list';
import { compact } from '@/app/search';
import * as m from '@/paraglide/messages';
import { Person } from '@/ui/Avatar';
import { Badge, StatusDot } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { ClearFilters, FilterBar, FilterChip, SearchField } from '@/ui/FilterBar';
import { dateTime, relativeTime, total } from '@/ui/format';
import { Menu } from '@/ui/Menu';
import { ConfirmDialog } from '@/ui/Modal';
import { Card } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { cell, RowList, row as rowCss, Table } from '@/ui/Table';
import { toast } from '@/ui/toast';
import { usePhone } from '@/ui/use-phone';
import { Frame } from './Frame';
import { options, roleLabels } from './labels';
import { OneTimePassword } from './OneTimePassword';
import { type UsersSearch, usersRoute } from './routes';
import css from './settings.module.css';
import { UserForm } from './UserForm';
import { useTeams } from './use-teams';

type Doing =
  | { what: 'edit' | 'reset' | 'disable'; user: User }
  | { what: 'create' }
  | { what: 'password'; name: string; password: string }
  | undefined;

/** The people (S11, I42): create, edit, reset a password, disable. */
export default function UsersPage() {
  const search = usersRoute.useSearch();
  const navigate = useNavigate({ from: '/settings/users' });
  const phone = usePhone();
  const teams = useTeams();
  const [doing, setDoing] = useState<Doing>();
  const [busy, setBusy] = useState(false);
  const { q, role, status, team_id } = search;
  const list = useList<User>(['users', 'list'], '/users', { q, role, status, team_id });
  const change = useCallback(
    (patch: Partial<UsersSearch>) =>
      void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true }),
    [navigate],
  );
  const filtered = Boolean(q || role || status || team_id);
  const close = () => setDoing(undefined);
  const shown = (name: string) => (password: string) => setDoing({ what: 'password', name, password });

  async function act(verb: 'reset-password' | 'disable' | 'enable', user: User) {
    setBusy(true);
    try {
      const path = { id: user.id };
      const password =
        verb === 'reset-password'
          ? (await api.post<NewPassword>('/users/{id}/reset-password', { path })).one_time_password
          : null;
      if (verb === 'disable') await api.post<User>('/users/{id}/disable', { path });
      if (verb === 'enable') await api.post<User>('/users/{id}/enable', { path });
      refreshAfter('user');
      if (password) shown(user.name)(password);
      else {
        toast.success(verb === 'enable' ? m.settings_user_enabled() : m.settings_user_disabled());
        close();
      }
    } catch (error) {
      toast.problem(error);
      close();
    }
    setBusy(false);
  }

  const menu = (user: User) => (
    <Menu
      trigger={
        <IconButton size="sm" label={m.settings_actions_of({ name: user.name })}>
          <Ellipsis size={16} aria-hidden />
        </IconButton>
      }
      items={[
        {
          label: m.ui_edit(),
          icon: <Pencil size={15} aria-hidden />,
          onSelect: () => setDoing({ what: 'edit', user }),
        },
        {
          label: m.settings_reset(),
          icon: <KeyRound size={15} aria-hidden />,
          onSelect: () => setDoing({ what: 'reset', user }),
        },
        'divider',
        user.status === 'active'
          ? {
              label: m.settings_disable(),
              icon: <UserX size={15} aria-hidden />,
              danger: true,
              onSelect: () => setDoing({ what: 'disable', user }),
            }
          : {
              label: m.settings_enable(),
              icon: <UserCheck size={15} aria-hidden />,
              onSelect: () => void act('enable', user),
            },
      ]}
    />
  );

  return (
    <Frame
      title={m.settings_users()}
      meta={!list.pending && !list.error && m.settings_members_n({ n: total(list.total, list.capped) })}
      actions={
        <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setDoing({ what: 'create' })}>
          {m.settings_user_new()}
        </Button>
      }
    >
      <Card flush>
        <FilterBar>
          <SearchField
            label={m.settings_user_search()}
            value={q ?? ''}
            onChange={(text) => change({ q: text || undefined })}
          />
          <FilterChip
            label={m.settings_role()}
            options={options(roleLabels())}
            value={role ?? []}
            onChange={(value) => change({ role: value.length > 0 ? value : undefined })}
          />
          <FilterChip
            label={m.settings_teams()}
            options={teams.map((team) => ({ value: String(team.id), label: team.name }))}
            value={team_id ?? []}
            onChange={(value) => change({ team_id: value.length > 0 ? value : undefined })}
          />
          <FilterChip
            label={m.settings_status()}
            options={[
              { value: 'active', label: m.settings_status_active() },
              { value: 'disabled', label: m.settings_status_disabled() },
            ]}
            value={status ?? []}
            onChange={(value) => change({ status: value.length > 0 ? value : undefined })}
          />
          {filtered && (
            <ClearFilters
              onClear={() => change({ q: undefined, role: undefined, status: undefined, team_id: undefined })}
            />
          )}
        </FilterBar>
        {list.pending && <SkeletonRows rows={8} />}
        {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
        {!list.pending && !list.error && list.rows.length === 0 && <EmptyState>{m.settings_users_none()}</EmptyState>}
        {list.rows.length > 0 &&
          (phone ? (
            <UserRows users={list.rows} menu={menu} />
          ) : (
            <UserTable users={list.rows} menu={menu} onOpen={(user) => setDoing({ what: 'edit', user })} />
          ))}
        <Pager list={list} />
      </Card>
      {doing?.what === 'create' && <UserForm onClose={close} onCreated={(user, password) => shown(user)(password)} />}
      {doing?.what === 'edit' && <UserForm user={doing.user} onClose={close} />}
      {doing?.what === 'password' && <OneTimePassword name={doing.name} password={doing.password} onClose={close} />}
      {doing?.what === 'reset' && (
        <ConfirmDialog
          title={m.settings_reset_title({ name: doing.user.name })}
          confirm={m.settings_reset()}
          danger
          loading={busy}
          onConfirm={() => void act('reset-password', doing.user)}
          onClose={close}
        >
          {m.settings_reset_text()}
        </ConfirmDialog>
      )}
      {doing?.what === 'disable' && (
        <ConfirmDialog
          title={m.settings_disable_title({ name: doing.user.name })}
          confirm={m.settings_disable()}
          danger
          loading={busy}
          onConfirm={() => void act('disable', doing.user)}
          onClose={close}
        >
          {m.settings_disable_text()}
        </ConfirmDialog>
      )}
    </Frame>
  );
}

type ListProps = { users: User[]; menu: (user: User) => React.ReactNode };

function Status({ user }: { user: User }) {
  return (
    <span className={css.inline}>
      <StatusDot tone={user.status === 'active' ? 'brand' : 'grey'}>
        {user.status === 'active' ? m.settings_status_active() : m.settings_status_disabled()}
      </StatusDot>
      {user.must_change_password && <Badge tone="amber">{m.settings_password_pending()}</Badge>}
    </span>
  );
}

function UserTable({ users, menu, onOpen }: ListProps & { onOpen: (user: User) => void }) {
  const roles = roleLabels();
  return (
    <Table
      label={m.settings_users()}
      onRow={(id) => {
        const user = users.find((one) => String(one.id) === id);
        if (user) onOpen(user);
      }}
    >
      <thead>
        <tr>
          <th scope="col">{m.settings_name()}</th>
          <th scope="col">{m.settings_employee_number()}</th>
          <th scope="col">{m.settings_role()}</th>
          <th scope="col">{m.settings_teams()}</th>
          <th scope="col">{m.settings_phone()}</th>
          <th scope="col">{m.settings_status()}</th>
          <th scope="col">{m.settings_last_login()}</th>
          <th scope="col">
            <span className="visually-hidden">{m.ui_actions()}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.id} data-id={user.id}>
            <td>
              <button type="button" className={css.nameButton} onClick={() => onOpen(user)}>
                <Person name={user.name} />
              </button>
            </td>
            <td>{user.employee_number}</td>
            <td>{roles[user.role]}</td>
            <td>{user.teams.map((team) => team.name).join('、') || '—'}</td>
            <td>{user.phone || '—'}</td>
            <td>
              <Status user={user} />
            </td>
            <td title={dateTime(user.last_login_at)}>
              {user.last_login_at ? relativeTime(user.last_login_at) : m.settings_never()}
            </td>
            <td className={cell.num}>{menu(user)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function UserRows({ users, menu }: ListProps) {
  const roles = roleLabels();
  return (
    <RowList label={m.settings_users()}>
      {users.map((user) => (
        <li key={user.id} className={css.phoneRow}>
          <div className={rowCss.link}>
            <span className={rowCss.title}>{user.name}</span>
            <span className={rowCss.side}>
              <Status user={user} />
            </span>
            <span className={rowCss.meta}>
              {[user.employee_number, roles[user.role], user.teams.map((team) => team.name).join('、')]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </div>
          {menu(user)}
        </li>
      ))}
    </RowList>
  );
}
