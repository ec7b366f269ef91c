import { Link } from '@tanstack/react-router';
import type { Report, ReportCell, ReportRow } from '@/api/types';
import * as m from '@/paraglide/messages';
import { EmptyState } from '@/ui/EmptyState';
import { cell as look, Table } from '@/ui/Table';
import { usePhone } from '@/ui/use-phone';
import css from './reports.module.css';
import { listOf, said } from './values';

/** A number; with records behind it, it leads to them. */
export function Figure({ cell, shape, label }: { cell: ReportCell; shape: string; label: string }) {
  const text = said(cell, shape);
  if (!cell.drill || !cell.count) return <>{text}</>;
  return (
    <Link {...(listOf(cell.drill) as { to: string })} className={css.figure} aria-label={`${label} ${text}`}>
      {text}
    </Link>
  );
}

const nameOf = (row: ReportRow) => row.name ?? m.reports_nobody();

/** The figures of a report; on a phone a card for each row. */
export function ReportTable({ label, report }: { label: string; report: Report }) {
  const phone = usePhone();
  const rows = [...report.rows, report.total];
  if (report.rows.length === 0 && report.total.cells.every((cell) => !cell.count))
    return <EmptyState small>{m.reports_none()}</EmptyState>;
  if (phone) {
    return (
      <ul className={css.cards} aria-label={label}>
        {rows.map((row) => (
          <li key={row === report.total ? 'total' : row.key} className={css.rowCard}>
            <strong>{nameOf(row)}</strong>
            <dl>
              {report.columns.map((column, at) => (
                <div key={column.key}>
                  <dt>{column.label}</dt>
                  <dd>
                    <Figure cell={row.cells[at] as ReportCell} shape={column.shape} label={column.label} />
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    );
  }
  const line = (row: ReportRow) =>
    report.columns.map((column, at) => (
      <td key={column.key} className={look.num}>
        <Figure cell={row.cells[at] as ReportCell} shape={column.shape} label={`${nameOf(row)} ${column.label}`} />
      </td>
    ));
  return (
    <Table label={label}>
      <thead>
        <tr>
          <th scope="col">{m.reports_name()}</th>
          {report.columns.map((column) => (
            <th key={column.key} scope="col" className={look.num}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {report.rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{nameOf(row)}</th>
            {line(row)}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className={css.total}>
          <th scope="row">{nameOf(report.total)}</th>
          {line(report.total)}
        </tr>
      </tfoot>
    </Table>
  );
}
