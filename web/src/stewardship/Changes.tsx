import { useState } from 'react';
import { useStages } from '@/api/dictionaries';
import { useList } from '@/api/use-list';
import { followUpLabels, phoneCheckLabels, statusLabels, words } from '@/customers';
import * as m from '@/paraglide/messages';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { Pager } from '@/ui/Pager';
import { Select } from '@/ui/Select';
import { SkeletonRows } from '@/ui/Skeleton';
import { readable, type Words } from '@/ui/Timeline';
import css from './stewardship.module.css';
import type { FieldChange } from './types';

type Kind = 'customers' | 'opportunities';

const CUSTOMER_FIELDS = () => [
  { value: 'owner', label: m.customers_owner() },
  { value: 'status', label: m.customers_status() },
  { value: 'name', label: m.customers_name() },
  { value: 'phone', label: m.customers_phone() },
  { value: 'contacts', label: m.customers_contacts() },
  { value: 'requirement', label: m.customers_requirement() },
  { value: 'industry', label: m.customers_industry() },
  { value: 'region', label: m.customers_region() },
  { value: 'tags', label: m.customers_tags() },
  { value: 'address', label: m.customers_address() },
];

const OPPORTUNITY_FIELDS = () => [
  { value: 'owner', label: m.opportunities_owner() },
  { value: 'stage', label: m.opportunities_stage() },
  { value: 'expected_amount', label: m.opportunities_expected_amount() },
  { value: 'expected_close_date', label: m.opportunities_close_date() },
  { value: 'name', label: m.opportunities_name() },
];

/** 变更记录: every field that changed, before and after, by whom and when (I50). */
export default function Changes({ kind, id }: { kind: Kind; id: number }) {
  const [field, setField] = useState('');
  const stages = useStages();
  const list = useList<FieldChange>(
    [kind, 'changes', id],
    `/${kind}/{id}/changes`,
    { field: field || undefined },
    { path: { id } },
  );
  const spoken: Words = {
    status: { ...words(statusLabels()), open: m.stewardship_status_open() },
    follow_up_status: words(followUpLabels()),
    phone_check: words(phoneCheckLabels()),
    stage: Object.fromEntries(stages.map((stage) => [stage.key, stage.name])),
  };
  return (
    <>
      <div className={css.filter}>
        <Select
          label={m.stewardship_changes_field()}
          clearable
          options={kind === 'customers' ? CUSTOMER_FIELDS() : OPPORTUNITY_FIELDS()}
          value={field}
          onChange={setField}
        />
      </div>
      {list.pending && <SkeletonRows rows={4} />}
      {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
      {!list.pending && !list.error && list.rows.length === 0 && (
        <EmptyState small>{m.stewardship_changes_none()}</EmptyState>
      )}
      <ul className={css.log} aria-label={m.stewardship_changes()}>
        {list.rows.map((change) => (
          <li key={change.id}>
            <span className={css.change}>
              {change.label}: <del>{readable(change.field, change.old, spoken)}</del> →{' '}
              <ins>{readable(change.field, change.new, spoken)}</ins>
            </span>
            <span className={css.meta}>
              <time dateTime={change.at}>{dateTime(change.at)}</time> · {change.by_name ?? m.app_by_system()}
              {' · '}
              {change.door === 'api' ? m.stewardship_door_api() : m.stewardship_door_system()}
            </span>
          </li>
        ))}
      </ul>
      <Pager list={list} />
    </>
  );
}
