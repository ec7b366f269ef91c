import { Link, useNavigate } from '@tanstack/react-router';
import { useStages } from '@/api/dictionaries';
import type { Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Person } from '@/ui/Avatar';
import { dayMonth, moneyShort, relativeDay } from '@/ui/format';
import { cell, RowList, row as rowCss, SortHead, Table } from '@/ui/Table';
import { CloseDate, NextStepText, StageMark, StayDays } from './marks';
import css from './opportunities.module.css';

type TableProps = { rows: Opportunity[]; sort: string; onSort: (sort: string) => void };

export function OpportunityTable({ rows, sort, onSort }: TableProps) {
  const navigate = useNavigate();
  return (
    <Table label={m.opportunities_title()} onRow={(id) => void navigate({ to: '/opportunities/$id', params: { id } })}>
      <thead>
        <tr>
          <SortHead field="name" sort={sort} onSort={onSort}>
            {m.opportunities_name()}
          </SortHead>
          <th scope="col">{m.opportunities_stage()}</th>
          <SortHead field="expected_amount" sort={sort} onSort={onSort} num>
            {m.opportunities_amount()}
          </SortHead>
          <th scope="col">{m.opportunities_next_step()}</th>
          <SortHead field="entered_stage_at" sort={sort} onSort={onSort} num>
            {m.opportunities_stay()}
          </SortHead>
          <SortHead field="expected_close_date" sort={sort} onSort={onSort}>
            {m.opportunities_close_date()}
          </SortHead>
          <th scope="col">{m.opportunities_owner()}</th>
          <SortHead field="updated_at" sort={sort} onSort={onSort}>
            {m.opportunities_sort_updated()}
          </SortHead>
          <SortHead field="number" sort={sort} onSort={onSort}>
            {m.opportunities_number()}
          </SortHead>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} data-id={row.id}>
            <td>
              <span className={css.name}>
                <Link to="/opportunities/$id" params={{ id: String(row.id) }} className={cell.strong} title={row.name}>
                  {row.name}
                </Link>
                <span className={css.sub} title={row.customer_name}>
                  {row.customer_name}
                </span>
              </span>
            </td>
            <td>
              <StageMark opportunity={row} />
            </td>
            <td className={cell.num}>{moneyShort(row.won_amount ?? row.expected_amount)}</td>
            <td>
              <span className={css.nextCell}>
                <NextStepText opportunity={row} />
              </span>
            </td>
            <td className={cell.num}>
              {row.status === 'open' ? <StayDays opportunity={row} /> : <span className={css.faint}>—</span>}
            </td>
            <td>
              <CloseDate opportunity={row} full={false} />
            </td>
            <td>
              <Person name={row.owner_name} />
            </td>
            <td>{relativeDay(row.updated_at)}</td>
            <td>{row.number}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

export function OpportunityRows({ rows }: { rows: Opportunity[] }) {
  const stages = useStages();
  return (
    <RowList label={m.opportunities_title()}>
      {rows.map((row) => (
        <li key={row.id}>
          <Link to="/opportunities/$id" params={{ id: String(row.id) }} className={rowCss.link}>
            <span className={rowCss.title}>{row.name}</span>
            <span className={css.rowAmount}>{moneyShort(row.won_amount ?? row.expected_amount)}</span>
            <span className={rowCss.meta}>
              {[stages.find((stage) => stage.key === row.stage)?.name ?? row.stage, row.customer_name].join(' · ')}
            </span>
            <span className={rowCss.side}>
              {row.status === 'open' ? <CloseDate opportunity={row} /> : dayMonth(row.won_date ?? row.entered_stage_at)}
            </span>
            {row.status === 'open' && (
              <span className={css.rowNext}>
                <NextStepText opportunity={row} />
              </span>
            )}
          </Link>
        </li>
      ))}
    </RowList>
  );
}
