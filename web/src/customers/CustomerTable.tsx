import { Link, useNavigate } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import type { CustomerRow, NextStep } from '@/api/types';
import * as m from '@/paraglide/messages';
import { StatusDot } from '@/ui/Badge';
import { daysBetween, inZone, today } from '@/ui/clock';
import { dateTime, moneyShort, relativeDay } from '@/ui/format';
import { cell, RowList, row as rowCss, SortHead, Table } from '@/ui/Table';
import css from './customers.module.css';
import { allColumns, type Selection } from './groups';
import { statusLabels } from './labels';

const SILENT_DAYS = 30;

/** Every column the table can show. */
export const customerColumns = () =>
  allColumns({
    last_followed_up_at: (row) => <LastFollowUp row={row} />,
    next_step: (row) => <Next step={row.next_step} />,
  });

type TableProps = {
  rows: CustomerRow[];
  sort: string;
  onSort: (sort: string) => void;
  columns: string[];
  /** Left out for those who may edit nothing. */
  selection?: Selection | undefined;
};

export function CustomerTable({ rows, sort, onSort, columns, selection }: TableProps) {
  const navigate = useNavigate();
  const all = customerColumns();
  const shown = columns.flatMap((name) => (all[name] ? [{ name, ...all[name] }] : []));
  const loaded = rows.map((row) => row.id);
  return (
    <Table label={m.customers_title()} onRow={(id) => void navigate({ to: '/customers/$id', params: { id } })}>
      <thead>
        <tr>
          {selection && (
            <th scope="col">
              <input
                type="checkbox"
                className={css.tick}
                aria-label={m.groups_select_loaded()}
                checked={rows.length > 0 && rows.every((row) => selection.has(row.id))}
                onChange={(event) => selection.set(loaded, event.target.checked)}
              />
            </th>
          )}
          <SortHead field="name" sort={sort} onSort={onSort}>
            {m.customers_name()}
          </SortHead>
          {shown.map((column) =>
            column.sort ? (
              <SortHead key={column.name} field={column.sort} sort={sort} onSort={onSort}>
                {column.label}
              </SortHead>
            ) : (
              <th key={column.name} scope="col" className={column.num ? cell.num : undefined}>
                {column.label}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} data-id={row.id}>
            {selection && (
              <td>
                <Tick row={row} selection={selection} />
              </td>
            )}
            <td>
              <span className={css.name}>
                <Link to="/customers/$id" params={{ id: String(row.id) }} className={cell.strong} title={row.name}>
                  {row.name}
                </Link>
                {row.can_edit && (
                  <Link
                    to="/customers/$id"
                    params={{ id: String(row.id) }}
                    search={{ edit: true }}
                    className={css.rowEdit}
                    aria-label={`${m.ui_edit()}: ${row.name}`}
                  >
                    <Pencil size={14} aria-hidden />
                  </Link>
                )}
              </span>
            </td>
            {shown.map((column) => (
              <td key={column.name} className={column.num ? cell.num : undefined}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Tick({ row, selection }: { row: CustomerRow; selection: Selection }) {
  return (
    <input
      type="checkbox"
      className={css.tick}
      aria-label={m.groups_select_row({ name: row.name })}
      checked={selection.has(row.id)}
      onChange={() => selection.toggle(row.id)}
    />
  );
}

/** Amber once 30 calendar days have passed, today included; never followed counts from creation (S31). */
function LastFollowUp({ row }: { row: CustomerRow }) {
  const since = daysBetween(inZone(row.last_followed_up_at ?? row.created_at).date, today());
  const look = since >= SILENT_DAYS ? css.silent : undefined;
  if (!row.last_followed_up_at) return <span className={look}>{m.customers_never_followed()}</span>;
  return (
    <span className={look} title={dateTime(row.last_followed_up_at)}>
      {relativeDay(row.last_followed_up_at)}
    </span>
  );
}

function Next({ step }: { step: NextStep | null }) {
  if (!step) return <span>—</span>;
  const day = step.at.length === 10 ? step.at : inZone(step.at).date;
  return (
    <span className={day < today() ? css.late : undefined} title={step.text}>
      {relativeDay(step.at)}
    </span>
  );
}

export function CustomerRows({ rows, selection }: { rows: CustomerRow[]; selection?: Selection | undefined }) {
  const labels = statusLabels();
  return (
    <RowList label={m.customers_title()}>
      {rows.map((row) => (
        <li key={row.id} className={selection ? css.selectable : undefined}>
          {selection && (
            // biome-ignore lint/a11y/noLabelWithoutControl: the tick names itself; the label widens what a finger hits
            <label className={css.tickArea}>
              <Tick row={row} selection={selection} />
            </label>
          )}
          <Link to="/customers/$id" params={{ id: String(row.id) }} className={rowCss.link}>
            <span className={rowCss.title}>{row.name}</span>
            <span className={rowCss.side}>
              <StatusDot tone={labels[row.status].tone}>{labels[row.status].label}</StatusDot>
            </span>
            <span className={rowCss.meta}>
              {[
                row.contact_name,
                row.phone,
                row.last_followed_up_at ? relativeDay(row.last_followed_up_at) : m.customers_never_followed(),
              ].join(' · ')}
            </span>
            <span className={rowCss.side}>
              {row.total_won_amount === '0.00' ? row.owner_name : moneyShort(row.total_won_amount)}
            </span>
          </Link>
        </li>
      ))}
    </RowList>
  );
}
