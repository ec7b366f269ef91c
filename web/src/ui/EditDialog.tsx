import type { ReactNode } from 'react';
import * as m from '@/paraglide/messages';
import { Button } from './Button';
import { Modal } from './Modal';
import { type Form, FormAlert, layout } from './use-form';

type Props<T> = {
  title: string;
  form: Form<T>;
  /** What the form needs is not read yet: it cannot be saved. */
  disabled?: boolean;
  onClose: () => void;
  children: ReactNode;
};

/** A small form in a dialog, with 取消 and 保存. */
export function EditDialog<T>({ title, form, disabled = false, onClose, children }: Props<T>) {
  return (
    <Modal
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} disabled={disabled} onClick={() => void form.submit()}>
            {m.ui_save()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        {children}
        <button type="submit" hidden disabled={disabled} />
      </form>
    </Modal>
  );
}
