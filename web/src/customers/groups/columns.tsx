import { Columns3 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CustomerRow } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Person } from '@/ui/Avatar';
import { StatusDot, TagList } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { chipClass } from '@/ui/FilterBar';
import { date, dateTime, listed, moneyShort } from '@/ui/format';
import { Popover } from '@/ui/Menu';
import { Ring } from '@/ui/Ring';
import { followUpLabels, statusLabels } from '../labels';
import css from './groups.module.css';

export type Column = {
  label: string;
  /** The API's name when the list can be sorted by it. */
  sort?: string;
  num?: boolean;
  cell: (row: CustomerRow) => ReactNode;
};

/** The columns shown when nobody has chosen any. */
export const USUAL = [
  'status',
  'contact_name',
  'phone',
  'industry',
  'tags',
  'total_won_amount',
  'owner',
  'last_followed_up_at',
  'next_step',
  'number',
];

const amount = (value: string | null) => (!value || value === '0.00' ? '—' : moneyShort(value));

/** Every column that can be chosen, by its name in saved views; the customer's name always stands first. */
export function allColumns(
  special: Record<'last_followed_up_at' | 'next_step', Column['cell']>,
): Record<string, Column> {
  const status = statusLabels();
  const follow = followUpLabels();
  return {
    status: {
      label: m.customers_status(),
      cell: (row) => <StatusDot tone={status[row.status].tone}>{status[row.status].label}</StatusDot>,
    },
    follow_up_status: {
      label: m.groups_col_follow_up_status(),
      cell: (row) => (
        <StatusDot tone={follow[row.follow_up_status].tone}>{follow[row.follow_up_status].label}</StatusDot>
      ),
    },
    contact_name: { label: m.customers_contact(), cell: (row) => row.contact_name },
    phone: { label: m.customers_phone(), cell: (row) => row.phone },
    email: { label: m.customers_email(), cell: (row) => row.email ?? '—' },
    industry: { label: m.customers_industry(), cell: (row) => row.industry.name },
    region: { label: m.customers_region(), cell: (row) => row.region?.name ?? '—' },
    source_channels: {
      label: m.customers_source_channels(),
      cell: (row) => listed(row.source_channels.map((one) => one.name)),
    },
    tags: { label: m.customers_tags(), cell: (row) => <TagList tags={row.tags} max={2} /> },
    total_won_amount: { label: m.customers_total_won(), num: true, cell: (row) => amount(row.total_won_amount) },
    contract_amount: { label: m.groups_col_contract_amount(), num: true, cell: (row) => amount(row.contract_amount) },
    deal_date: { label: m.groups_col_deal_date(), cell: (row) => row.deal_date ?? '—' },
    owner: { label: m.customers_owner(), cell: (row) => <Person name={row.owner_name} /> },
    team: { label: m.groups_col_team(), cell: (row) => row.team_name ?? '—' },
    last_followed_up_at: {
      label: m.customers_last_follow_up(),
      sort: 'last_followed_up_at',
      cell: special.last_followed_up_at,
    },
    next_step: { label: m.customers_next_step(), cell: special.next_step },
    number: { label: m.customers_number(), sort: 'number', cell: (row) => row.number },
    credit_code: { label: m.customers_credit_code(), cell: (row) => row.credit_code ?? '—' },
    completeness: {
      label: m.stewardship_completeness(),
      sort: 'completeness',
      cell: (row) => <Ring percent={row.completeness} />,
    },
    created_at: { label: m.groups_col_created_at(), sort: 'created_at', cell: (row) => date(row.created_at) },
    updated_at: { label: m.groups_col_updated_at(), sort: 'updated_at', cell: (row) => dateTime(row.updated_at) },
  };
}

type Props = { all: Record<string, Column>; chosen: string[]; onChange: (columns: string[] | undefined) => void };

/** Chooses the columns of the list; a newly chosen one stands last. */
export function ColumnChooser({ all, chosen, onChange }: Props) {
  return (
    <Popover
      label={m.groups_columns()}
      align="end"
      trigger={(toggle, open) => (
        <button type="button" className={chipClass(false)} onClick={toggle} aria-expanded={open} aria-haspopup="dialog">
          <Columns3 size={14} aria-hidden />
          {m.groups_columns()}
        </button>
      )}
    >
      {(close) => (
        <>
          <div className={css.columnList}>
            {Object.entries(all).map(([name, column]) => (
              <label key={name} className={css.columnItem}>
                <input
                  type="checkbox"
                  checked={chosen.includes(name)}
                  disabled={chosen.length === 1 && chosen.includes(name)}
                  onChange={(event) =>
                    onChange(event.target.checked ? [...chosen, name] : chosen.filter((other) => other !== name))
                  }
                />
                {column.label}
              </label>
            ))}
          </div>
          <div className={css.columnFoot}>
            <Button variant="ghost" size="sm" onClick={() => onChange(undefined)}>
              {m.groups_columns_usual()}
            </Button>
            <Button size="sm" onClick={close}>
              {m.ui_done()}
            </Button>
          </div>
        </>
      )}
    </Popover>
  );
}
