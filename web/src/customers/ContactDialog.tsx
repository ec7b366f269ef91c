import { useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter, refreshIfStale } from '@/api/query-client';
import type { Contact, SavedContact } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { Modal } from '@/ui/Modal';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';

type Props = { customerId: number; contact?: Contact; onClose: () => void };

export default function ContactDialog({ customerId, contact, onClose }: Props) {
  const once = useRef(new OnceKey());
  const form = useForm({
    initial: {
      name: contact?.name ?? '',
      title: contact?.title ?? '',
      phone: contact?.phone ?? '',
      email: contact?.email ?? '',
      primary: contact?.primary ?? false,
    },
    save: async (values) => {
      const body = {
        name: values.name,
        title: values.title || null,
        phone: values.phone,
        email: values.email || null,
        // The one 主联系人 stops being it only by another one becoming it.
        ...(!contact?.primary && { primary: values.primary }),
      };
      if (contact) {
        const saved = await api.patch<SavedContact>('/contacts/{id}', {
          path: { id: contact.id },
          version: contact.version,
          body,
        });
        toast.warnings(saved.warnings);
      } else {
        const saved = await api.post<SavedContact>('/customers/{id}/contacts', {
          path: { id: customerId },
          body,
          idempotencyKey: once.current.for(body),
        });
        toast.warnings(saved.warnings);
      }
      refreshAfter('customer');
      onClose();
    },
    handled: (problem) => refreshIfStale(problem, 'customer'),
  });
  return (
    <Modal
      title={contact ? m.customers_contact_edit() : m.customers_contact_add()}
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
        <div className={layout.two}>
          <TextField label={m.customers_contact_person()} required autoFocus {...form.field('name')} />
          <TextField label={m.customers_contact_title()} {...form.field('title')} />
        </div>
        <TextField label={m.customers_phone()} required type="tel" inputMode="tel" {...form.field('phone')} />
        <TextField label={m.customers_email()} type="email" inputMode="email" {...form.field('email')} />
        {!contact?.primary && <Checkbox label={m.customers_contact_make_primary()} {...form.field('primary')} />}
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}
