import { useState } from 'react';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Modal } from '@/ui/Modal';
import css from './customers.module.css';

type Props = { onClose: () => void; onChoose: (reopen: boolean) => void; saving?: boolean };

/** Leaving 成交客户 asks what becomes of the won opportunity and deletes nothing (S30). */
export function ReopenDialog({ onClose, onChoose, saving }: Props) {
  const [choice, setChoice] = useState<boolean>();
  const options: [boolean, string][] = [
    [true, m.customers_reopen_yes()],
    [false, m.customers_reopen_no()],
  ];
  return (
    <Modal
      title={m.customers_reopen_title()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button
            variant="primary"
            disabled={choice === undefined}
            loading={saving ?? false}
            onClick={() => choice !== undefined && onChoose(choice)}
          >
            {m.customers_confirm()}
          </Button>
        </>
      }
    >
      <fieldset className={css.candidates}>
        <legend>{m.customers_reopen_text()}</legend>
        {options.map(([value, label]) => (
          <label key={String(value)} className={css.candidate}>
            <input type="radio" name="reopen" checked={choice === value} onChange={() => setChoice(value)} />
            {label}
          </label>
        ))}
      </fieldset>
    </Modal>
  );
}
