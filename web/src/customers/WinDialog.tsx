import { useRef, useState } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter, refreshIfStale } from '@/api/query-client';
import type { Customer, OpportunityCandidate } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { moneyShort, parseMoney, showMoney } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { MoneyField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import css from './customers.module.css';

type Mode = 'win' | 'correct' | 'another';
type Props = { customer: Customer; mode: Mode; onClose: () => void };

/** 成交: date and amount (S28); which of the open opportunities it was, or a new one (S29, S30). */
export default function WinDialog({ customer, mode, onClose }: Props) {
  const once = useRef(new OnceKey());
  const [candidates, setCandidates] = useState<OpportunityCandidate[]>([]);
  const correcting = mode === 'correct' && customer.won_opportunity_id !== null;
  const form = useForm({
    initial: {
      deal_date: correcting ? (customer.deal_date ?? '') : today(),
      contract_amount: correcting ? showMoney(customer.contract_amount ?? '') : '',
      opportunity: correcting ? String(customer.won_opportunity_id) : mode === 'another' ? 'new' : '',
    },
    save: async (values) => {
      const { opportunity } = values;
      const body = {
        deal_date: values.deal_date || null,
        contract_amount: parseMoney(values.contract_amount) || null,
        ...(opportunity && { opportunity: opportunity === 'new' ? 'new' : Number(opportunity) }),
      };
      await api.post<Customer>('/customers/{id}/win', {
        path: { id: customer.id },
        version: customer.version,
        body,
        idempotencyKey: once.current.for(body),
      });
      refreshAfter('customer', 'opportunity');
      toast.success(m.customers_win_saved());
      onClose();
    },
    handled: (problem) => {
      if (problem.code !== 'CHOOSE_OPPORTUNITY') return refreshIfStale(problem, 'customer');
      setCandidates(problem.candidates);
      form.set({ opportunity: String(problem.candidates[0]?.id ?? 'new') });
      return true;
    },
  });

  const title = {
    win: m.customers_win_title(),
    correct: m.customers_win_correct(),
    another: m.customers_win_another(),
  };
  return (
    <Modal
      title={title[mode]}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.ui_save()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <DateField label={m.customers_deal_date()} required max={today()} {...form.field('deal_date')} />
        <MoneyField label={m.customers_contract_amount()} required {...form.field('contract_amount')} />
        {candidates.length > 0 && (
          <fieldset className={css.candidates}>
            <legend>{m.customers_win_choose()}</legend>
            {candidates.map((candidate) => (
              <Candidate
                key={candidate.id}
                label={candidate.name}
                meta={`${candidate.number} · ${moneyShort(candidate.expected_amount)}`}
                checked={form.values.opportunity === String(candidate.id)}
                onChoose={() => form.set({ opportunity: String(candidate.id) })}
              />
            ))}
            <Candidate
              label={m.customers_win_new()}
              checked={form.values.opportunity === 'new'}
              onChoose={() => form.set({ opportunity: 'new' })}
            />
          </fieldset>
        )}
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}

type CandidateProps = { label: string; meta?: string; checked: boolean; onChoose: () => void };

function Candidate({ label, meta, checked, onChoose }: CandidateProps) {
  return (
    <label className={css.candidate}>
      <input type="radio" name="opportunity" checked={checked} onChange={onChoose} />
      <span>
        {label}
        {meta && <span className={css.itemMeta}> {meta}</span>}
      </span>
    </label>
  );
}
