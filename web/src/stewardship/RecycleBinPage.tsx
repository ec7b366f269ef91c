import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { useCan } from '@/api/session';
import { type List, useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { date, dateTime } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { cell, Table } from '@/ui/Table';
import { Tabs } from '@/ui/Tabs';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { usePhone } from '@/ui/use-phone';
import { type BinKind, recycleBinRoute } from './routes';
import css from './stewardship.module.css';
import type { BinItem } from './types';

/** 回收站: what was deleted within thirty days, and its way back (I45). */
export default function RecycleBinPage() {
  const { kind = 'customers' } = recycleBinRoute.useSearch();
  const navigate = useNavigate({ from: '/recycle-bin' });
  const phone = usePhone();
  const list = useList<BinItem>(['customers', 'bin'], '/recycle-bin', { kind });
  const [purging, setPurging] = useState<BinItem>();
  return (
    <Page>
      <PageHeader title={m.stewardship_bin()} meta={m.stewardship_bin_text()} />
      <Tabs<BinKind>
        label={m.stewardship_bin()}
        value={kind}
        onChange={(next) => void navigate({ search: { kind: next === 'customers' ? undefined : next } as never })}
        tabs={[
          { value: 'customers', label: m.app_customers() },
          { value: 'opportunities', label: m.app_opportunities() },
        ]}
      />
      <Card flush>
        {list.pending && <SkeletonRows />}
        {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
        {!list.pending && !list.error && list.rows.length === 0 && <EmptyState>{m.stewardship_bin_empty()}</EmptyState>}
        {list.rows.length > 0 &&
          (phone ? <Cards list={list} onPurge={setPurging} /> : <Rows list={list} onPurge={setPurging} />)}
        <Pager list={list} />
      </Card>
      {purging && <PurgeDialog item={purging} onClose={() => setPurging(undefined)} />}
    </Page>
  );
}

type Shown = { list: List<BinItem>; onPurge: (item: BinItem) => void };

function Rows({ list, onPurge }: Shown) {
  return (
    <Table label={m.stewardship_bin()}>
      <thead>
        <tr>
          <th scope="col">{m.stewardship_bin_name()}</th>
          <th scope="col">{m.customers_owner()}</th>
          <th scope="col">{m.ui_reason()}</th>
          <th scope="col">{m.stewardship_bin_deleted()}</th>
          <th scope="col">{m.stewardship_bin_purge_at()}</th>
          <th scope="col">
            <span className="visually-hidden">{m.ui_actions()}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {list.rows.map((item) => (
          <tr key={item.id}>
            <td>
              <span className={cell.strong}>{item.name}</span>{' '}
              <span className={css.meta}>
                {item.number}
                {item.customer_name ? ` · ${item.customer_name}` : ''}
              </span>
            </td>
            <td>{item.owner_name ?? '—'}</td>
            <td>{item.reason}</td>
            <td>
              {dateTime(item.deleted_at)} <span className={css.meta}>{item.deleted_by_name}</span>
            </td>
            <td>{date(item.purge_at)}</td>
            <td>
              <Actions item={item} onPurge={onPurge} />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Cards({ list, onPurge }: Shown) {
  return (
    <ul className={css.log} aria-label={m.stewardship_bin()}>
      {list.rows.map((item) => (
        <li key={item.id}>
          <span className={cell.strong}>{item.name}</span>
          <span className={css.meta}>
            {item.number} · {dateTime(item.deleted_at)} {item.deleted_by_name}
          </span>
          <span>{item.reason}</span>
          <Actions item={item} onPurge={onPurge} />
        </li>
      ))}
    </ul>
  );
}

function Actions({ item, onPurge }: { item: BinItem; onPurge: (item: BinItem) => void }) {
  const can = useCan();
  const [restoring, setRestoring] = useState(false);
  async function restore() {
    setRestoring(true);
    try {
      const path = item.kind === 'customers' ? '/customers/{id}/restore' : '/opportunities/{id}/restore';
      await api.post(path, { path: { id: item.id } });
      toast.success(m.stewardship_restored({ name: item.name }));
      refreshAfter('customer', 'opportunity', 'follow_up', 'task');
    } catch (error) {
      toast.problem(error);
    } finally {
      setRestoring(false);
    }
  }
  return (
    <div className={css.end}>
      <Button
        size="sm"
        loading={restoring}
        aria-label={`${m.stewardship_restore()}: ${item.name}`}
        onClick={() => void restore()}
      >
        {m.stewardship_restore()}
      </Button>
      {can('purge_records') && (
        <Button
          size="sm"
          variant="danger"
          aria-label={`${m.stewardship_purge()}: ${item.name}`}
          onClick={() => onPurge(item)}
        >
          {m.stewardship_purge()}
        </Button>
      )}
    </div>
  );
}

/** For good: only by an administrator who types the number. */
function PurgeDialog({ item, onClose }: { item: BinItem; onClose: () => void }) {
  const form = useForm({
    initial: { number: '' },
    save: async ({ number }) => {
      const path = item.kind === 'customers' ? '/customers/{id}/purge' : '/opportunities/{id}/purge';
      await api.post(path, { path: { id: item.id }, body: { number } });
      toast.success(m.stewardship_purged({ name: item.name }));
      refreshAfter('customer', 'opportunity');
      onClose();
    },
  });
  return (
    <Modal
      title={m.stewardship_purge()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="danger" loading={form.submitting} onClick={() => void form.submit()}>
            {m.stewardship_purge()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <p>{m.stewardship_purge_text({ name: item.name })}</p>
        <FormAlert form={form} />
        <TextField
          label={m.stewardship_purge_number({ number: item.number })}
          required
          autoFocus
          {...form.field('number')}
        />
      </form>
    </Modal>
  );
}
