import { Link } from '@tanstack/react-router';
import type { Report } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Table } from '@/ui/Table';
import css from './reports.module.css';
import { listOf } from './values';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const LEVELS = [css.heat1, css.heat2, css.heat3, css.heat4];

/** Follow-ups by weekday and hour (I24); each number leads to its records. */
export function Heat({ report }: { report: Report }) {
  const cells = new Map(report.heat?.map((cell) => [`${cell.weekday}-${cell.hour}`, cell]));
  const most = Math.max(1, ...(report.heat ?? []).map((cell) => cell.count));
  return (
    <Table label={m.reports_heat()}>
      <thead>
        <tr>
          <th scope="col">{m.reports_heat()}</th>
          {HOURS.map((hour) => (
            <th key={hour} scope="col">
              {hour}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {m
          .reports_weekdays()
          .split(' ')
          .map((name, day) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {HOURS.map((hour) => {
                const cell = cells.get(`${day + 1}-${hour}`);
                return (
                  <td
                    key={hour}
                    className={cell && LEVELS[Math.min(3, Math.ceil((cell.count / most) * LEVELS.length) - 1)]}
                  >
                    {cell && !cell.drill && cell.count}
                    {cell?.drill && (
                      <Link
                        {...(listOf(cell.drill) as { to: string })}
                        className={css.figure}
                        aria-label={`${name} ${hour}:00 ${cell.count}`}
                      >
                        {cell.count}
                      </Link>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
      </tbody>
    </Table>
  );
}
