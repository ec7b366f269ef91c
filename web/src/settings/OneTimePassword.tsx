import { Copy } from 'lucide-react';
import { useRef } from 'react';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Modal } from '@/ui/Modal';
import { toast } from '@/ui/toast';
import css from './settings.module.css';

type Props = { name: string; password: string; onClose: () => void };

/** Shown once; closing forgets it (S11). */
export function OneTimePassword({ name, password, onClose }: Props) {
  const field = useRef<HTMLInputElement>(null);

  async function copy() {
    try {
      // The clipboard exists only on https and localhost; elsewhere the text is selected for Ctrl+C.
      await navigator.clipboard.writeText(password);
      toast.success(m.settings_copied());
    } catch {
      field.current?.select();
      toast.warning(m.settings_copy_failed());
    }
  }

  return (
    <Modal
      title={m.settings_password_title({ name })}
      onClose={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          {m.settings_understood()}
        </Button>
      }
    >
      <p>{m.settings_password_text()}</p>
      <div className={css.password}>
        <input
          ref={field}
          readOnly
          value={password}
          aria-label={m.settings_password()}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button icon={<Copy size={15} aria-hidden />} onClick={() => void copy()}>
          {m.settings_copy()}
        </Button>
      </div>
    </Modal>
  );
}
