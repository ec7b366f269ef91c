import type { ReactNode } from 'react';
import * as m from '@/paraglide/messages';
import css from './exchange.module.css';

/** A line of the head of a printed sheet. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A table of a printed sheet. */
export function Section({ title, heads, rows }: { title: string; heads: string[]; rows: string[][] }) {
  return (
    <section>
      <h2>{title}</h2>
      <table className={css.printed}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 && (
            <tr>
              <td colSpan={heads.length}>{m.exchange_nothing()}</td>
            </tr>
          )}
          {rows.map((cells, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: printed rows never move
            <tr key={i}>
              {cells.map((text, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: nor do their cells
                <td key={at}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
