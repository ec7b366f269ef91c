import { Link } from '@tanstack/react-router';
import type { Reminder } from '@/api/types';
import { type List, useList } from '@/api/use-list';
import type { LedgerSearch } from '@/app/ledger-search';
import { compact } from '@/app/search';
import * as m from '@/paraglide/messages';
import { StatusDot } from '@/ui/Badge';
import { DateField } from '@/ui/DateField';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { ClearFilters, FilterBar, FilterChip } from '@/ui/FilterBar';
import { dateTime } from '@/ui/format';
import { Card } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { RowList, row, Table } from '@/ui/Table';
import { usePhone } from '@/ui/use-phone';
import { channelLabels, kindLabel, STATE_TONES, stateLabels } from './labels';
import { whySaid } from './reasons';
import css from './reminders.module.css';

type Props = {
  label: string;
  search: LedgerSearch;
  onChange: (search: LedgerSearch) => void;
  /** Only the reader's own lines. */
  mine?: boolean;
  /** People one may narrow the ledger to. */
  people?: { value: string; label: string }[];
};

const options = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }));

/** 提醒台账: what was planned, sent, seen, given up, and why (S45, S46, I17). */
export function Ledger({ label, search, onChange, mine, people }: Props) {
  const phone = usePhone();
  const list = useList<Reminder>(['notifications', 'ledger'], '/reminders', { ...search, mine: mine || undefined });
  const change = (patch: LedgerSearch) => onChange(compact({ ...search, ...patch }));
  const some = (value: string[]) => (value.length > 0 ? value : undefined);
  const filtered = Object.values(search).some((value) => value !== undefined);
  return (
    <Card flush>
      <FilterBar>
        <FilterChip
          label={m.notifications_state()}
          options={options(stateLabels())}
          value={search.state ?? []}
          onChange={(value) => change({ state: some(value) })}
        />
        <FilterChip
          label={m.notifications_channel()}
          options={options(channelLabels())}
          value={search.channel ?? []}
          onChange={(value) => change({ channel: some(value) })}
        />
        {people && (
          <FilterChip
            label={m.notifications_recipient()}
            single
            options={people}
            value={search.recipient_id ? [search.recipient_id] : []}
            onChange={(value) => change({ recipient_id: value[0] })}
          />
        )}
        {filtered && <ClearFilters onClear={() => onChange({})} />}
      </FilterBar>
      <div className={css.span}>
        <DateField
          label={m.notifications_from()}
          clearable
          value={search.from ?? ''}
          onChange={(from) => change({ from: from || undefined })}
        />
        <DateField
          label={m.notifications_to()}
          clearable
          value={search.to ?? ''}
          onChange={(to) => change({ to: to || undefined })}
        />
      </div>
      {list.pending && <SkeletonRows rows={8} />}
      {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
      {!list.pending && !list.error && list.rows.length === 0 && (
        <EmptyState>{m.notifications_ledger_none()}</EmptyState>
      )}
      {list.rows.length > 0 &&
        (phone ? <Rows label={label} list={list} /> : <Lines label={label} list={list} mine={mine ?? false} />)}
      <Pager list={list} />
    </Card>
  );
}

function State({ line }: { line: Reminder }) {
  return <StatusDot tone={STATE_TONES[line.state]}>{stateLabels()[line.state]}</StatusDot>;
}

function Lines({ label, list, mine }: { label: string; list: List<Reminder>; mine: boolean }) {
  const channels = channelLabels();
  return (
    <Table label={label}>
      <thead>
        <tr>
          <th scope="col">{m.notifications_due()}</th>
          <th scope="col">{m.notifications_kind()}</th>
          {!mine && <th scope="col">{m.notifications_recipient()}</th>}
          <th scope="col">{m.notifications_channel()}</th>
          <th scope="col">{m.notifications_state()}</th>
          <th scope="col">{m.notifications_attempts()}</th>
          <th scope="col">{m.notifications_sent_at()}</th>
          <th scope="col">{m.notifications_reason()}</th>
        </tr>
      </thead>
      <tbody>
        {list.rows.map((line) => (
          <tr key={line.id} title={line.message_id || undefined}>
            <td>{dateTime(line.due_at)}</td>
            <td>
              <Link to={line.link}>{kindLabel(line.kind)}</Link>
            </td>
            {!mine && <td>{line.recipient.name}</td>}
            <td>{channels[line.channel]}</td>
            <td>
              <State line={line} />
            </td>
            <td>{line.attempts}</td>
            <td>{line.sent_at ? dateTime(line.sent_at) : '—'}</td>
            <td className={css.reason}>{line.reason ? whySaid(line.reason) : '—'}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Rows({ label, list }: { label: string; list: List<Reminder> }) {
  const channels = channelLabels();
  return (
    <RowList label={label}>
      {list.rows.map((line) => (
        <li key={line.id}>
          <Link to={line.link} className={row.link}>
            <span className={row.title}>{kindLabel(line.kind)}</span>
            <span className={row.side}>
              <State line={line} />
            </span>
            <span className={row.meta}>
              {dateTime(line.due_at)} · {line.recipient.name} · {channels[line.channel]}
              {line.reason && ` · ${whySaid(line.reason)}`}
            </span>
          </Link>
        </li>
      ))}
    </RowList>
  );
}
