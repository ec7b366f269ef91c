import { Link, useNavigate } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import type { CustomerRow, NextStep } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Person } from '@/ui/Avatar';
import { StatusDot, TagList } from '@/ui/Badge';
import { daysBetween, inZone, today } from '@/ui/clock';
import { dateTime, moneyShort, relativeDay } from '@/ui/format';
import { cell, RowList, row as rowCss, SortHead, Table } from '@/ui/Table';
import css from './customers.module.css';
import { statusLabels } from './labels';

const SILENT_DAYS = 30;

type TableProps = { rows: CustomerRow[]; sort: string; onSort: (sort: string) => void };

export function CustomerTable({ rows, sort, onSort }: TableProps) {
  const navigate = useNavigate();
  const labels = statusLabels();
  return (
    <Table label={m.customers_title()} onRow={(id) => void navigate({ to: '/customers/$id', params: { id } })}>
      <thead>
        <tr>
          <SortHead field="name" sort={sort} onSort={onSort}>
            {m.customers_name()}
          </SortHead>
          <th scope="col">{m.customers_status()}</th>
          <th scope="col">{m.customers_contact()}</th>
          <th scope="col">{m.customers_phone()}</th>
          <th scope="col">{m.customers_industry()}</th>
          <th scope="col">{m.customers_tags()}</th>
          <th scope="col" className={cell.num}>
            {m.customers_total_won()}
          </th>
          <th scope="col">{m.customers_owner()}</th>
          <SortHead field="last_followed_up_at" sort={sort} onSort={onSort}>
            {m.customers_last_follow_up()}
          </SortHead>
          <th scope="col">{m.customers_next_step()}</th>
          <SortHead field="number" sort={sort} onSort={onSort}>
            {m.customers_number()}
          </SortHead>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} data-id={row.id}>
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
            <td>
              <StatusDot tone={labels[row.status].tone}>{labels[row.status].label}</StatusDot>
            </td>
            <td>{row.contact_name}</td>
            <td>{row.phone}</td>
            <td>{row.industry.name}</td>
            <td>
              <TagList tags={row.tags} max={2} />
            </td>
            <td className={cell.num}>{row.total_won_amount === '0.00' ? '—' : moneyShort(row.total_won_amount)}</td>
            <td>
              <Person name={row.owner_name} />
            </td>
            <td>
              <LastFollowUp row={row} />
            </td>
            <td>
              <Next step={row.next_step} />
            </td>
            <td>{row.number}</td>
          </tr>
        ))}
      </tbody>
    </Table>
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

export function CustomerRows({ rows }: { rows: CustomerRow[] }) {
  const labels = statusLabels();
  return (
    <RowList label={m.customers_title()}>
      {rows.map((row) => (
        <li key={row.id}>
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
