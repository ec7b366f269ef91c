import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { Contact } from '@/api/types';
import * as m from '@/paraglide/messages';
import { ConfirmDialog } from '@/ui/Modal';
import { toast } from '@/ui/toast';

export default function DeleteContact({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  async function remove() {
    setBusy(true);
    try {
      await api.delete('/contacts/{id}', { path: { id: contact.id }, version: contact.version });
      refreshAfter('customer');
    } catch (error) {
      toast.problem(error);
    }
    onClose();
  }
  return (
    <ConfirmDialog
      title={m.customers_contact_delete()}
      confirm={m.ui_delete()}
      danger
      loading={busy}
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      {m.customers_contact_delete_text({ name: contact.name })}
    </ConfirmDialog>
  );
}
