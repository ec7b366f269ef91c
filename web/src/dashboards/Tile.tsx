import { useNavigate } from '@tanstack/react-router';
import { ChartNoAxesColumn, MoreHorizontal, MoveLeft, MoveRight, Pencil, Table2, Trash2 } from 'lucide-react';
import { useCallback, useState } from 'react';
import { serialize } from '@/api/client';
import type { DashboardTile, Report, ReportCell } from '@/api/types';
import * as m from '@/paraglide/messages';
import { type CardName, Definition, Drawing, download, Figure, ReportTable, StuckList, useReport } from '@/reports';
import { IconButton } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { Menu } from '@/ui/Menu';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { usePhone } from '@/ui/use-phone';
import css from './dashboards.module.css';
import { searchOf } from './values';

const SMALL_FIGURES = 4;
const STUCK_SHOWN = 5;
const BESIDE: Partial<Record<CardName, CardName>> = { 'forecast-review': 'forecast', 'activity-trend': 'activity' };

type Deeds = { onMove: (by: -1 | 1) => void; onEdit: () => void; onRemove: () => void };

type Props = {
  tile: DashboardTile;
  /** Given while the board is being edited. */
  deeds?: (Deeds & { busy: boolean; first: boolean; last: boolean }) | undefined;
};

/** One tile: it asks by itself, so that one which fails leaves the others alone. */
export function Tile({ tile, deeds }: Props) {
  const name = tile.question.report as CardName;
  const search = searchOf(tile.asked);
  const found = useReport(name, search);
  const navigate = useNavigate();
  const phone = usePhone();
  const [table, setTable] = useState(tile.shape === 'table');
  const [picture, setPicture] = useState<() => string>();
  const ready = useCallback((take: () => string) => setPicture(() => take), []);
  const report = found.data;
  const drawn = (tile.shape === 'bar' || tile.shape === 'line') && !table;
  const file = `${tile.name}-${report?.from ?? ''}-${report?.to ?? ''}`;
  const tools = report && !deeds && (
    <div className={css.tools}>
      {(tile.shape === 'bar' || tile.shape === 'line') && (
        <IconButton
          size="sm"
          label={`${drawn ? m.dashboards_show_table() : m.dashboards_show_chart()} ${tile.name}`}
          onClick={() => setTable(!table)}
        >
          {drawn ? <Table2 size={15} aria-hidden /> : <ChartNoAxesColumn size={15} aria-hidden />}
        </IconButton>
      )}
      <Definition report={report} />
      <Menu
        trigger={
          <IconButton size="sm" label={m.dashboards_tile_more({ name: tile.name })}>
            <MoreHorizontal size={15} aria-hidden />
          </IconButton>
        }
        items={[
          {
            label: m.dashboards_open_report(),
            onSelect: () =>
              void navigate({ to: '/reports', search: { ...search, report: BESIDE[name] ?? name } as never }),
          },
          {
            label: 'Excel',
            onSelect: () => download(`${file}.xlsx`, `/api/v1/reports/files/${name}.xlsx?${serialize(search)}`),
          },
          ...(drawn
            ? [{ label: 'PNG', disabled: !picture, onSelect: () => picture && download(`${file}.png`, picture()) }]
            : []),
        ]}
      />
    </div>
  );
  return (
    <div className={`${css.tile} ${css[`w${tile.width}`]}`}>
      <Card
        flush
        title={tile.name}
        meta={report && tile.shape !== 'number' && spanOf(report, phone)}
        actions={deeds ? <Handles name={tile.name} {...deeds} /> : tools}
      >
        {found.isPending && <SkeletonRows rows={tile.shape === 'number' ? 2 : 5} />}
        {found.error && !report && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {report && tile.shape === 'number' && <Large tile={tile} report={report} />}
        {report && drawn && <Drawing name={name} report={report} onReady={ready} lines={tile.shape === 'line'} />}
        {report && table && (
          <div className={css.table}>
            <ReportTable label={tile.name} report={report} />
            {name === 'stage-duration' && <StuckList report={report} most={STUCK_SHOWN} />}
          </div>
        )}
      </Card>
    </div>
  );
}

/** The days of a report; on a phone without the year, for want of room. */
const spanOf = ({ from, to }: Report, phone: boolean) =>
  phone && from.slice(0, 4) === to.slice(0, 4) ? `${from.slice(5)} – ${to.slice(5)}` : `${from} – ${to}`;

/** The figure one looks for, large; what belongs to it below. */
function Large({ tile, report }: { tile: DashboardTile; report: Report }) {
  const at = report.columns.findIndex((column) => column.key === tile.column);
  const column = report.columns[at];
  if (!column) return <EmptyState small>{m.dashboards_gone()}</EmptyState>;
  const cell = (place: number) => report.total.cells[place] as ReportCell;
  const others = report.columns.map((one, place) => ({ one, place })).filter(({ place }) => place !== at);
  return (
    <div className={css.number}>
      <p className={css.large}>
        <Figure cell={cell(at)} shape={column.shape} label={column.label} />
        <span>{column.label}</span>
      </p>
      <p className={css.hint}>{spanOf(report, false)}</p>
      <dl>
        {others.slice(0, SMALL_FIGURES).map(({ one, place }) => (
          <div key={one.key}>
            <dt>{one.label}</dt>
            <dd>
              <Figure cell={cell(place)} shape={one.shape} label={one.label} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/**
 * What is done to a tile while the board is edited: buttons alone, so that keyboard, mouse and thumb do the same. Those
 * that move it are never `disabled`: that would take the focus from them.
 */
function Handles(props: Deeds & { name: string; busy: boolean; first: boolean; last: boolean }) {
  const { name, busy, first, last } = props;
  return (
    <div className={css.tools}>
      <IconButton
        size="sm"
        label={m.dashboards_move_before({ name })}
        aria-disabled={busy || first}
        onClick={() => !busy && !first && props.onMove(-1)}
      >
        <MoveLeft size={15} aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label={m.dashboards_move_after({ name })}
        aria-disabled={busy || last}
        onClick={() => !busy && !last && props.onMove(1)}
      >
        <MoveRight size={15} aria-hidden />
      </IconButton>
      <IconButton size="sm" label={m.dashboards_edit_named({ name })} disabled={busy} onClick={props.onEdit}>
        <Pencil size={15} aria-hidden />
      </IconButton>
      <IconButton size="sm" label={m.dashboards_remove_tile({ name })} disabled={busy} onClick={props.onRemove}>
        <Trash2 size={15} aria-hidden />
      </IconButton>
    </div>
  );
}
