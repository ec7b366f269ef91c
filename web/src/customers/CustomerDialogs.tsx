import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/api/client';
import { queryClient, refreshAfter, refreshIfStale } from '@/api/query-client';
import type { Customer } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { ConfirmDialog, Modal } from '@/ui/Modal';
import { UserPicker } from '@/ui/RecordPicker';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import type { CustomerDialog } from './CustomerHeader';
import { patchCustomer } from './patch';
import { ReopenDialog } from './ReopenDialog';

type Props = { customer: Customer; onClose: () => void };

/** The small dialogs of the customer page, in a chunk of their own. */
export default function CustomerDialogs({ customer, dialog, onClose }: Props & { dialog: CustomerDialog }) {
  const [saving, setSaving] = useState(false);
  switch (dialog.kind) {
    case 'reveal':
      return <RevealDialog customer={customer} onClose={onClose} />;
    case 'owner':
      return <OwnerDialog customer={customer} onClose={onClose} />;
    case 'delete':
      return <DeleteDialog customer={customer} onClose={onClose} />;
    case 'reopen':
      return (
        <ReopenDialog
          saving={saving}
          onClose={onClose}
          onChoose={(reopen) => {
            setSaving(true);
            void patchCustomer(customer, { status: dialog.status, reopen_opportunity: reopen }).then(onClose);
          }}
        />
      );
    case 'another':
    case 'merge':
      return null;
  }
}

/** The full number for a reader: with a reason, logged, limited per day (I41). */
function RevealDialog({ customer, onClose }: Props) {
  const [phone, setPhone] = useState('');
  const form = useForm({
    initial: { reason: '' },
    save: async ({ reason }) => {
      const shown = await api.post<{ phone: string }>('/customers/{id}/reveal-phone', {
        path: { id: customer.id },
        body: { reason },
      });
      setPhone(shown.phone);
    },
  });
  return (
    <Modal
      title={m.customers_reveal_title()}
      onClose={onClose}
      footer={
        phone ? (
          <Button onClick={onClose}>{m.ui_close()}</Button>
        ) : (
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.customers_reveal()}
          </Button>
        )
      }
    >
      {phone ? (
        <p role="status" style={{ fontSize: 19, fontWeight: 640 }}>
          <a href={`tel:${phone}`}>{phone}</a>
        </p>
      ) : (
        <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
          <p>{m.customers_reveal_text()}</p>
          <FormAlert form={form} />
          <TextField label={m.ui_reason()} required autoFocus {...form.field('reason')} />
        </form>
      )}
    </Modal>
  );
}

function OwnerDialog({ customer, onClose }: Props) {
  const form = useForm({
    initial: { owner_id: customer.owner_id },
    save: async ({ owner_id }) => {
      await api.patch<Customer>('/customers/{id}', {
        path: { id: customer.id },
        version: customer.version,
        body: { owner_id },
      });
      refreshAfter('customer');
      toast.success(m.customers_owner_changed());
      onClose();
    },
    handled: (problem) => refreshIfStale(problem, 'customer'),
  });
  return (
    <Modal
      title={m.customers_change_owner()}
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
        <UserPicker
          label={m.customers_owner()}
          required
          chosenLabel={customer.owner_name ?? undefined}
          {...form.field('owner_id')}
        />
      </form>
    </Modal>
  );
}

function DeleteDialog({ customer, onClose }: Props) {
  const navigate = useNavigate();
  const form = useForm({
    initial: { reason: '' },
    save: async ({ reason }) => {
      await api.delete('/customers/{id}', {
        path: { id: customer.id },
        version: customer.version,
        query: { reason },
      });
      toast.success(m.customers_deleted());
      await navigate({ to: '/customers' });
      queryClient.removeQueries({ queryKey: ['customers', 'one'] });
      refreshAfter('customer', 'opportunity', 'task');
    },
    handled: (problem) => refreshIfStale(problem, 'customer'),
  });
  const submit = () => {
    if (form.values.reason.trim() === '') form.setErrors({ reason: m.ui_required() });
    else void form.submit();
  };
  return (
    <ConfirmDialog
      title={m.customers_delete()}
      confirm={m.ui_delete()}
      danger
      loading={form.submitting}
      onConfirm={submit}
      onClose={onClose}
    >
      <form
        className={layout.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        ref={form.ref}
        noValidate
      >
        <p>{m.customers_delete_text({ name: customer.name })}</p>
        <FormAlert form={form} />
        <TextField label={m.ui_reason()} required autoFocus {...form.field('reason')} />
      </form>
    </ConfirmDialog>
  );
}
