import { LayoutDashboard, MailPlus } from 'lucide-react';
import { Suspense, useRef, useState } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { useSession } from '@/api/session';
import { toldStale } from '@/api/stale';
import type { Dashboard, Report, TileShape } from '@/api/types';
import * as m from '@/paraglide/messages';
import type { CardName, ReportsSearch } from '@/reports';
import { SubscribeDialog } from '@/subscriptions';
import { Button } from '@/ui/Button';
import { EditDialog } from '@/ui/EditDialog';
import { FailedState } from '@/ui/EmptyState';
import { labelled } from '@/ui/format';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useForm } from '@/ui/use-form';
import { atItsFields, readBoard, saveTiles, useBoards } from './boards';
import css from './dashboards.module.css';
import { ShapeFields } from './ShapeFields';
import { draftOf, PAGE_SPANS, questionOf, spanLabels, type TileDraft, USUAL_WIDTH } from './values';

const NEW = 'new';

type Props = { name: CardName; title: string; search: ReportsSearch; report: Report };

/** What one keeps of a report as it stands: 加入仪表盘 (I29) and 订阅 (I31). */
export default function KeepReport({ name, title, search, report }: Props) {
  const [doing, setDoing] = useState<'add' | 'subscribe'>();
  const close = () => setDoing(undefined);
  const question = questionOf(name, search, PAGE_SPANS);
  // A question knows no moment: what is kept shows the present.
  if (report.looks_back) return null;
  return (
    <>
      <Button size="sm" icon={<LayoutDashboard size={14} aria-hidden />} onClick={() => setDoing('add')}>
        {m.dashboards_add_to()}
      </Button>
      <Button size="sm" icon={<MailPlus size={14} aria-hidden />} onClick={() => setDoing('subscribe')}>
        {m.subscriptions_subscribe()}
      </Button>
      {doing === 'add' && <AddTile title={title} question={question} report={report} onClose={close} />}
      {doing === 'subscribe' && (
        <Suspense fallback={null}>
          <SubscribeDialog subject={{ question }} name={title} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

type AddProps = { title: string; question: TileDraft['question']; report: Report; onClose: () => void };

function AddTile({ title, question, report, onClose }: AddProps) {
  const boards = useBoards();
  const me = useSession().user.id;
  const own = boards.data?.items.filter((one) => one.owner_id === me) ?? [];
  const once = useRef(new OnceKey());
  const fixed = question.period === 'fixed' ? [`${report.from} – ${report.to}`] : [];
  const form = useForm({
    initial: { board: '', name: title, shape: 'bar' as string, column: '', width: String(USUAL_WIDTH.bar) },
    save: async (values) => {
      const tile: TileDraft = {
        name: values.name,
        question,
        shape: values.shape as TileShape,
        column: values.shape === 'number' ? values.column || null : null,
        width: Number(values.width),
      };
      const wanted = values.board || String(own[0]?.id ?? NEW);
      const name = await keep(wanted, tile, once.current);
      refreshAfter('dashboard');
      toast.success(m.dashboards_added({ name }));
      onClose();
    },
    handled: (problem) => toldStale(problem, 'dashboard'),
  });
  return (
    <EditDialog title={m.dashboards_add_to()} form={form} disabled={!boards.data} onClose={onClose}>
      {boards.error && !boards.data && <FailedState error={boards.error} retry={() => void boards.refetch()} />}
      <Select
        label={m.dashboards_add_which()}
        options={[
          ...own.map((one) => ({ value: String(one.id), label: one.name })),
          { value: NEW, label: m.dashboards_add_new() },
        ]}
        {...form.field('board')}
        value={form.values.board || String(own[0]?.id ?? NEW)}
      />
      <TextField label={m.dashboards_tile_name()} required {...form.field('name')} />
      <ShapeFields form={form} />
      {form.values.shape === 'number' && (
        <Select
          label={m.dashboards_tile_column()}
          required
          options={report.columns.map((column) => ({ value: column.key, label: column.label }))}
          {...form.field('column')}
        />
      )}
      <p className={css.hint}>{labelled(m.dashboards_period(), [spanLabels()[question.period], ...fixed].join(' '))}</p>
    </EditDialog>
  );
}

/** Puts a tile behind those of a board, or begins one with it; answers the board's name. */
async function keep(board: string, tile: TileDraft, once: OnceKey): Promise<string> {
  if (board === NEW) {
    const body = { name: m.dashboards_my_board(), tiles: [tile] };
    return (await atItsFields(0, api.post<Dashboard>('/dashboards', { body, idempotencyKey: once.for(body) }))).name;
  }
  const before = await readBoard(board);
  const all = [...before.tiles.map(draftOf), tile];
  return (await atItsFields(before.tiles.length, saveTiles(before, all))).name;
}
