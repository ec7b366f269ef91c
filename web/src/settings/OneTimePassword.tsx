import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { CopyField } from '@/ui/CopyField';
import { Modal } from '@/ui/Modal';

type Props = { name: string; password: string; onClose: () => void };

/** Shown once; closing forgets it (S11). */
export function OneTimePassword({ name, password, onClose }: Props) {
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
      <CopyField label={m.settings_password()} value={password} />
    </Modal>
  );
}
