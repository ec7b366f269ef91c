import { ArrowDown, ArrowUp, ArrowUpDown } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import css from './Table.module.css';

/**
 * Tables are native rows: `<Table label="…"><thead>…</thead><tbody>…</tbody></Table>`. With `onRow` a click anywhere
 * on a row that carries `data-id` opens it; the keyboard uses the link in its first cell.
 */
export function Table({
  label,
  onRow,
  children,
}: {
  label: string;
  onRow?: (id: string) => void;
  children: ReactNode;
}) {
  function open(event: MouseEvent) {
    const target = event.target as HTMLElement;
    if (target.closest('a,button,input,label')) return;
    const id = target.closest('tr')?.dataset.id;
    // Selecting text inside a row is no click.
    if (id && !getSelection()?.toString()) onRow?.(id);
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={css.scroll} aria-label={label} tabIndex={0}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: each row's link is the keyboard's way; the click only widens it */}
      <table className={`${css.table} ${onRow ? css.clickable : ''}`} onClick={onRow ? open : undefined}>
        {children}
      </table>
    </section>
  );
}

/** Class names for cells: right-aligned numbers, the row's main link. */
export const cell = { num: css.num, strong: css.strong };

type SortProps = { field: string; sort: string; onSort: (sort: string) => void; num?: boolean; children: ReactNode };

/** A heading that sorts; `sort` is the API's value, a leading minus for descending. */
export function SortHead({ field, sort, onSort, num, children }: SortProps) {
  const active = sort === field || sort === `-${field}`;
  const descending = sort === `-${field}`;
  const Icon = active ? (descending ? ArrowDown : ArrowUp) : ArrowUpDown;
  return (
    <th
      scope="col"
      className={num ? css.num : undefined}
      aria-sort={active ? (descending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        className={`${css.sort} ${active ? css.sorted : ''}`}
        onClick={() => onSort(descending ? field : `-${field}`)}
      >
        {children}
        <Icon size={12} aria-hidden />
      </button>
    </th>
  );
}

/** On a phone a table becomes two-line rows: `<RowList><li><Link className={row.link}>…`. */
export function RowList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={css.rows} aria-label={label}>
      {children}
    </ul>
  );
}

/** Class names inside a two-line row: title and side on the first line, meta and side on the second. */
export const row = { link: css.row, title: css.rowTitle, meta: css.rowMeta, side: css.rowSide };
