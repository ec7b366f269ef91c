import { useDictionary } from '@/api/dictionaries';
import type { Problem } from '@/api/problem';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { parseMoney, showMoney } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { MoneyField, TextField } from '@/ui/TextField';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import css from './opportunities.module.css';
import type { Asking, Deal } from './use-move';

type Props = {
  asking: Asking;
  onClose: () => void;
  onMove: (deal: Deal) => Promise<void>;
  /** Somebody changed the opportunity meanwhile (412). */
  onConflict: (problem: Problem) => void;
};

export default function MoveDialogs(props: Props) {
  if (props.asking.kind === 'won') return <WonDialog {...props} />;
  if (props.asking.kind === 'lost') return <LostDialog {...props} />;
  return <ReopenDialog {...props} />;
}

function useMoveForm<T extends object>({ onClose, onMove, onConflict }: Props, initial: T, deal: (values: T) => Deal) {
  return useForm<T>({
    initial,
    save: async (values) => {
      await onMove(deal(values));
      onClose();
    },
    handled: (problem) => {
      if (problem.status !== 412) return false;
      onConflict(problem);
      return true;
    },
  });
}

type Sending = { submitting: boolean; submit: () => Promise<void> };

function Footer({ form, confirm, onClose }: { form: Sending; confirm: string; onClose: () => void }) {
  return (
    <>
      <Button onClick={onClose}>{m.ui_cancel()}</Button>
      <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
        {confirm}
      </Button>
    </>
  );
}

/** 成交: the real amount and the day (S28, S52). */
function WonDialog(props: Props) {
  const { opportunity } = props.asking;
  const expected = opportunity.expected_amount;
  const form = useMoveForm(
    props,
    { won_amount: Number(expected) > 0 ? showMoney(expected) : '', won_date: today() },
    (values) => ({ won_amount: parseMoney(values.won_amount) || null, won_date: values.won_date || null }),
  );
  return (
    <Modal
      title={m.opportunities_won_title()}
      onClose={props.onClose}
      footer={<Footer form={form} confirm={m.opportunities_won_confirm()} onClose={props.onClose} />}
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <p className={css.about}>{`${opportunity.name} · ${opportunity.customer_name}`}</p>
        <FormAlert form={form} />
        <MoneyField label={m.opportunities_won_amount()} required autoFocus {...form.field('won_amount')} />
        <DateField label={m.opportunities_won_date()} required max={today()} {...form.field('won_date')} />
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}

/** 输单: why; the usual reasons by one click, any other by words. */
function LostDialog(props: Props) {
  const { opportunity } = props.asking;
  const reasons = useDictionary('lost_reason').filter((reason) => !reason.disabled);
  const form = useMoveForm(props, { lost_reason: '', competitor: '' }, (values) => ({
    lost_reason: values.lost_reason.trim() || null,
    competitor: values.competitor.trim() || null,
  }));
  return (
    <Modal
      title={m.opportunities_lost_title()}
      onClose={props.onClose}
      footer={<Footer form={form} confirm={m.opportunities_lost_confirm()} onClose={props.onClose} />}
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <p className={css.about}>{`${opportunity.name} · ${opportunity.customer_name}`}</p>
        <FormAlert form={form} />
        <div>
          <TextField
            label={m.opportunities_lost_reason()}
            placeholder={m.opportunities_lost_hint()}
            required
            autoFocus
            {...form.field('lost_reason')}
          />
          <div className={css.reasons}>
            {reasons.map((reason) => (
              <button
                key={reason.id}
                type="button"
                className={css.reason}
                aria-pressed={form.values.lost_reason === reason.name}
                onClick={() => form.set({ lost_reason: reason.name })}
              >
                {reason.name}
              </button>
            ))}
          </div>
        </div>
        <TextField label={m.opportunities_competitor()} maxLength={50} {...form.field('competitor')} />
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}

/** Out of 成交 or 输单: allowed and logged (S53), but never by a slip of the hand. */
function ReopenDialog(props: Props) {
  const { opportunity, to } = props.asking;
  const form = useMoveForm(props, {}, () => ({}));
  const text = opportunity.status === 'won' ? m.opportunities_reopen_won : m.opportunities_reopen_lost;
  return (
    <Modal
      title={m.opportunities_reopen_title()}
      onClose={props.onClose}
      footer={<Footer form={form} confirm={m.opportunities_reopen_confirm()} onClose={props.onClose} />}
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <p>{text({ name: opportunity.name, stage: to.name })}</p>
      </form>
    </Modal>
  );
}
