import { useNavigate, useParams } from '@tanstack/react-router';
import { ChevronDown, Copy, MailPlus, MoreHorizontal, Pencil, Plus, Settings2, Trash2 } from 'lucide-react';
import { Suspense, useRef, useState } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { useSession } from '@/api/session';
import { toldStale } from '@/api/stale';
import type { Dashboard, Dashboards } from '@/api/types';
import * as m from '@/paraglide/messages';
import { SubscribeDialog } from '@/subscriptions';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { Menu, type MenuItem } from '@/ui/Menu';
import { ConfirmDialog } from '@/ui/Modal';
import { Card, Page, PageHeader } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { BoardForm } from './BoardForm';
import { atItsFields, saveTiles, useBoard, useBoards } from './boards';
import css from './dashboards.module.css';
import { Tile } from './Tile';
import { TileForm } from './TileForm';
import { draftOf, keysOf, MOST_TILES, moved, pathOf, type TileDraft } from './values';

/** 仪表盘 (I29): the one made for the reader, the product's others, his own and what is shared with him. */
export default function DashboardsPage() {
  const { board: chosen } = useParams({ strict: false }) as { board?: string };
  const boards = useBoards();
  const found = useBoard(chosen ?? boards.data?.standard);
  const error = boards.error ?? found.error;
  if (found.data && boards.data) return <Board key={pathOf(found.data)} board={found.data} boards={boards.data} />;
  return (
    <Page>
      <PageHeader
        title={m.dashboards_title()}
        actions={boards.data && <Chooser label={m.dashboards_choose()} boards={boards.data} />}
      />
      <Card flush>
        {error ? (
          <FailedState error={error} retry={() => void (boards.error ? boards : found).refetch()} />
        ) : (
          <SkeletonRows rows={8} />
        )}
      </Card>
    </Page>
  );
}

function Chooser({ label, boards }: { label: string; boards: Dashboards }) {
  const navigate = useNavigate();
  const go = (board: string) => () => void navigate({ to: '/dashboards/$board', params: { board } });
  const me = useSession().user.id;
  const own = boards.items.filter((one) => one.owner_id === me);
  const others = boards.items.filter((one) => !own.includes(one));
  const items: MenuItem[] = [
    { heading: m.dashboards_standards() },
    ...boards.standards.map((one) => ({ key: one.key, label: one.name, onSelect: go(one.key) })),
    ...(own.length > 0 ? [{ heading: m.dashboards_own() }] : []),
    ...own.map((one) => ({ key: String(one.id), label: one.name, onSelect: go(String(one.id)) })),
    ...(others.length > 0 ? [{ heading: m.dashboards_shared() }] : []),
    ...others.map((one) => ({
      key: String(one.id),
      label: `${one.name} · ${one.owner_name}`,
      onSelect: go(String(one.id)),
    })),
    ...(boards.more ? [{ heading: m.dashboards_cut({ n: boards.items.length }) }] : []),
  ];
  return (
    <Menu
      align="start"
      width={240}
      trigger={
        <Button aria-label={m.dashboards_choose()}>
          {label}
          <ChevronDown size={15} aria-hidden />
        </Button>
      }
      items={items}
    />
  );
}

type Doing =
  | { what: 'create' | 'settings' | 'delete' | 'add' | 'subscribe' }
  | { what: 'tile'; at: number; of: Dashboard };

function Board({ board, boards }: { board: Dashboard; boards: Dashboards }) {
  const navigate = useNavigate();
  const me = useSession().user.id;
  const once = useRef(new OnceKey());
  const [editing, setEditing] = useState(false);
  const [doing, setDoing] = useState<Doing>();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const close = () => setDoing(undefined);
  const open = (one: Dashboard) => void navigate({ to: '/dashboards/$board', params: { board: pathOf(one) } });
  const drafts = board.tiles.map(draftOf);
  const keys = keysOf(drafts);
  const own = board.id !== null && board.can_edit;

  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    try {
      await work();
      return true;
    } catch (error) {
      if (!toldStale(error, 'dashboard')) toast.problem(error);
      return false;
    } finally {
      setBusy(false);
    }
  }

  // Into the board as it was when the form opened: in one changed meanwhile another tile may stand there.
  const place = (of: Dashboard, at: number, tile: TileDraft) =>
    atItsFields(
      at,
      saveTiles(
        of,
        of.tiles.map((one, i) => (i === at ? tile : draftOf(one))),
      ),
    );
  const move = (at: number, by: -1 | 1) =>
    attempt(async () => {
      await saveTiles(board, moved(drafts, at, by));
      setSaid(m.dashboards_moved({ name: drafts[at]?.name ?? '', place: at + by + 1 }));
    });
  const copy = () =>
    attempt(async () => {
      const body = { name: board.name, tiles: drafts };
      open(await api.post<Dashboard>('/dashboards', { body, idempotencyKey: once.current.for(body) }));
      once.current.reset();
      refreshAfter('dashboard');
      toast.success(m.dashboards_copied());
    });
  const remove = async () => {
    const gone = await attempt(() =>
      api.delete('/dashboards/{id}', { path: { id: board.id ?? 0 }, version: board.version }),
    );
    close();
    if (!gone) return;
    void navigate({ to: '/dashboards' });
    refreshAfter('dashboard');
    toast.success(m.dashboards_deleted());
  };
  const more: MenuItem[] = [
    { label: m.dashboards_new(), icon: <Plus size={15} aria-hidden />, onSelect: () => setDoing({ what: 'create' }) },
    { label: m.dashboards_copy(), icon: <Copy size={15} aria-hidden />, onSelect: () => void copy() },
    ...(board.id
      ? [
          {
            label: m.subscriptions_subscribe(),
            icon: <MailPlus size={15} aria-hidden />,
            onSelect: () => setDoing({ what: 'subscribe' }),
          },
        ]
      : []),
    ...(own
      ? [
          {
            label: m.dashboards_settings(),
            icon: <Settings2 size={15} aria-hidden />,
            onSelect: () => setDoing({ what: 'settings' }),
          },
          {
            label: m.dashboards_delete(),
            icon: <Trash2 size={15} aria-hidden />,
            danger: true,
            onSelect: () => setDoing({ what: 'delete' }),
          },
        ]
      : []),
  ];
  return (
    <Page>
      <PageHeader
        title={board.name}
        meta={board.owner_name && board.owner_id !== me ? m.dashboards_by({ name: board.owner_name }) : undefined}
        actions={
          <>
            <Chooser label={m.dashboards_choose()} boards={boards} />
            {own && editing && board.tiles.length < MOST_TILES && (
              <Button icon={<Plus size={16} aria-hidden />} onClick={() => setDoing({ what: 'add' })}>
                {m.dashboards_add_tile()}
              </Button>
            )}
            {own && editing && board.tiles.length >= MOST_TILES && (
              <span className={css.hint}>{m.dashboards_full()}</span>
            )}
            {own && (
              <Button
                variant={editing ? 'primary' : 'default'}
                icon={editing ? undefined : <Pencil size={15} aria-hidden />}
                onClick={() => setEditing(!editing)}
              >
                {editing ? m.dashboards_done() : m.dashboards_edit()}
              </Button>
            )}
            <Menu
              trigger={
                <Button aria-label={m.dashboards_more()}>
                  <MoreHorizontal size={16} aria-hidden />
                </Button>
              }
              width={200}
              items={more}
            />
          </>
        }
      />
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
      {board.tiles.length === 0 && (
        <Card>
          <EmptyState
            action={own && <Button onClick={() => setDoing({ what: 'add' })}>{m.dashboards_add_tile()}</Button>}
          >
            {m.dashboards_empty()}
          </EmptyState>
        </Card>
      )}
      <div className={css.grid}>
        {board.tiles.map((tile, at) => (
          <Tile
            key={keys[at]}
            tile={tile}
            deeds={
              own && editing
                ? {
                    busy,
                    first: at === 0,
                    last: at === board.tiles.length - 1,
                    onMove: (by) => void move(at, by),
                    onEdit: () => setDoing({ what: 'tile', at, of: board }),
                    onRemove: () =>
                      void attempt(() =>
                        saveTiles(
                          board,
                          drafts.filter((_, i) => i !== at),
                        ),
                      ),
                  }
                : undefined
            }
          />
        ))}
      </div>
      {doing?.what === 'create' && <BoardForm onClose={close} onSaved={open} />}
      {doing?.what === 'settings' && <BoardForm board={board} onClose={close} />}
      {doing?.what === 'add' && (
        <TileForm
          title={m.dashboards_add_tile()}
          onClose={close}
          onSave={async (tile) => void (await atItsFields(drafts.length, saveTiles(board, [...drafts, tile])))}
        />
      )}
      {doing?.what === 'tile' && (
        <TileForm
          title={m.dashboards_edit_tile()}
          tile={doing.of.tiles[doing.at]}
          onClose={close}
          onSave={async (tile) => void (await place(doing.of, doing.at, tile))}
        />
      )}
      {doing?.what === 'delete' && (
        <ConfirmDialog
          title={m.dashboards_delete()}
          confirm={m.ui_delete()}
          danger
          loading={busy}
          onConfirm={() => void remove()}
          onClose={close}
        >
          {m.dashboards_delete_text({ name: board.name })}
        </ConfirmDialog>
      )}
      {doing?.what === 'subscribe' && board.id && (
        <Suspense fallback={null}>
          <SubscribeDialog subject={{ dashboard_id: board.id }} name={board.name} onClose={close} />
        </Suspense>
      )}
    </Page>
  );
}
