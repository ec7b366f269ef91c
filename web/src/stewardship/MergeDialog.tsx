import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { followUpLabels, statusLabels, words } from '@/customers';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { FailedState } from '@/ui/EmptyState';
import { Modal } from '@/ui/Modal';
import { CustomerPicker } from '@/ui/RecordPicker';
import { SkeletonRows } from '@/ui/Skeleton';
import { readable } from '@/ui/Timeline';
import { toast } from '@/ui/toast';
import { layout } from '@/ui/use-form';
import css from './stewardship.module.css';
import type { MergePreview } from './types';

type Side = 'this' | 'into';
type Props = { customerId: number; into?: number | undefined; onClose: () => void };

/** Two records of one customer side by side: which field is kept from which, and what moves (S23). */
export default function MergeDialog({ customerId, into: first, onClose }: Props) {
  const navigate = useNavigate();
  const [into, setInto] = useState<number | null>(first ?? null);
  const [keep, setKeep] = useState<Record<string, Side>>({});
  const [saving, setSaving] = useState(false);
  const preview = useQuery({
    queryKey: ['customers', 'merge-preview', customerId, into],
    queryFn: () =>
      api.get<MergePreview>('/customers/{id}/merge-preview', { path: { id: customerId }, query: { into } }),
    enabled: into !== null,
    staleTime: 0,
    retry: false,
  });
  const both = into === null ? undefined : preview.data;

  async function merge() {
    if (!both) return;
    setSaving(true);
    try {
      await api.post('/customers/{id}/merge', {
        path: { id: both.this.id },
        version: both.this.version,
        body: { into: both.into.id, into_version: both.into.version, keep },
      });
      toast.success(m.stewardship_merged({ name: both.into.name }));
      await navigate({ to: '/customers/$id', params: { id: String(both.into.id) } });
      refreshAfter('customer', 'opportunity', 'follow_up', 'task');
      onClose();
    } catch (error) {
      toast.problem(error);
      void preview.refetch();
    } finally {
      setSaving(false);
    }
  }

  return (
    <Modal
      title={m.stewardship_merge()}
      onClose={onClose}
      width={760}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="danger" disabled={!both} loading={saving} onClick={() => void merge()}>
            {m.stewardship_merge_confirm()}
          </Button>
        </>
      }
    >
      <div className={layout.form}>
        <p>{m.stewardship_merge_text()}</p>
        <CustomerPicker
          label={m.stewardship_merge_into()}
          required
          value={into}
          onChange={(id) => {
            setInto(id);
            setKeep({});
          }}
        />
      </div>
      {into !== null && preview.isPending && <SkeletonRows rows={6} />}
      {into !== null && !preview.data && preview.error && <FailedState error={preview.error} />}
      {both && <Pairs both={both} keep={keep} onKeep={(field, side) => setKeep({ ...keep, [field]: side })} />}
    </Modal>
  );
}

function Pairs({
  both,
  keep,
  onKeep,
}: {
  both: MergePreview;
  keep: Record<string, Side>;
  onKeep: (field: string, side: Side) => void;
}) {
  const different = both.fields.filter((pair) => pair.this !== pair.into);
  const { moves } = both;
  return (
    <>
      <div className={css.heads}>
        <span>{m.stewardship_merge_field()}</span>
        <span>
          {m.stewardship_merge_this()} · {both.this.number}
        </span>
        <span>
          {m.stewardship_merge_stays()} · {both.into.number}
        </span>
      </div>
      <div className={css.pairs}>
        {different.map((pair) => {
          const chosen = keep[pair.field] ?? (pair.default as Side);
          return (
            <fieldset key={pair.field} className={css.pair}>
              <legend>{labelOf(pair.field)}</legend>
              {(['this', 'into'] as const).map((side) => (
                <label key={side} className={css.side}>
                  <input
                    type="radio"
                    name={`keep-${pair.field}`}
                    checked={chosen === side}
                    onChange={() => onKeep(pair.field, side)}
                  />
                  {readable(pair.field, pair[side], fieldWords())}
                </label>
              ))}
            </fieldset>
          );
        })}
      </div>
      <p className={css.moves}>
        {m.stewardship_moves({
          contacts: moves.contacts,
          opportunities: moves.opportunities,
          plans: moves.plans,
          follow_ups: moves.follow_ups,
          tasks: moves.tasks,
          attachments: moves.attachments,
          shares: moves.shares,
          groups: moves.groups,
        })}
      </p>
    </>
  );
}

const fieldWords = () => ({ status: words(statusLabels()), follow_up_status: words(followUpLabels()) });

const labelOf = (field: string): string =>
  ({
    name: m.customers_name(),
    contact: m.customers_contact_primary(),
    industry: m.customers_industry(),
    region: m.customers_region(),
    source_detail: m.customers_source_detail(),
    credit_code: m.customers_credit_code(),
    address: m.customers_address(),
    remark: m.customers_remark(),
    requirement: m.customers_requirement(),
    status: m.customers_status(),
    follow_up_status: m.customers_follow_up_status(),
    marketing_consent: m.customers_consent_short(),
    owner: m.customers_owner(),
  })[field] ?? field;
