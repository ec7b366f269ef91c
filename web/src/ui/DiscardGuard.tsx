import { type ReactNode, useState } from 'react';
import * as m from '@/paraglide/messages';
import { ConfirmDialog } from './Modal';

/** Closing a form with unsaved changes asks first: use `close` for the drawer, and render `guard` inside it. */
export function useDiscardGuard(dirty: boolean, onClose: () => void): { close: () => void; guard: ReactNode } {
  const [asking, setAsking] = useState(false);
  return {
    close: () => (dirty ? setAsking(true) : onClose()),
    guard: asking && (
      <ConfirmDialog
        title={m.ui_discard_title()}
        confirm={m.ui_discard()}
        danger
        onConfirm={onClose}
        onClose={() => setAsking(false)}
      >
        {m.ui_discard_text()}
      </ConfirmDialog>
    ),
  };
}
