import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { Named } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { Modal } from '@/ui/Modal';
import { UserPicker } from '@/ui/RecordPicker';
import { Select } from '@/ui/Select';
import { FormAlert, layout, useForm } from '@/ui/use-form';

/** Share with a colleague or a team, read-only or editable, with or without an end (S3). */
export default function ShareDialog({ customerId, onClose }: { customerId: number; onClose: () => void }) {
  const once = useRef(new OnceKey());
  const teams = useQuery({ queryKey: ['login-teams'], queryFn: () => api.get<Named[]>('/login-teams') });
  const form = useForm({
    initial: { grantee_type: 'user', grantee_id: null as number | null, access: 'read', ends_on: '' },
    save: async (values) => {
      const body = { ...values, ends_on: values.ends_on || null };
      await api.post('/customers/{id}/shares', {
        path: { id: customerId },
        body,
        idempotencyKey: once.current.for(body),
      });
      refreshAfter('customer');
      onClose();
    },
  });
  const { grantee_type, grantee_id } = form.values;
  return (
    <Modal
      title={m.customers_share_add()}
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
        <RadioGroup
          label={m.customers_share_with()}
          options={[
            { value: 'user', label: m.customers_share_user() },
            { value: 'team', label: m.customers_share_team() },
          ]}
          {...form.field('grantee_type')}
          onChange={(type) => form.set({ grantee_type: type, grantee_id: null })}
        />
        {grantee_type === 'user' ? (
          <UserPicker label={m.customers_share_user()} required {...form.field('grantee_id')} />
        ) : (
          <Select
            label={m.customers_share_team()}
            required
            options={(teams.data ?? []).map((team) => ({ value: String(team.id), label: team.name }))}
            value={grantee_id === null ? '' : String(grantee_id)}
            onChange={(id) => form.set({ grantee_id: Number(id) })}
            error={form.errors.grantee_id}
          />
        )}
        <RadioGroup
          label={m.customers_share_access()}
          options={[
            { value: 'read', label: m.customers_share_read() },
            { value: 'edit', label: m.customers_share_edit() },
          ]}
          {...form.field('access')}
        />
        <DateField
          label={m.customers_share_ends()}
          description={m.ui_optional()}
          min={today()}
          {...form.field('ends_on')}
        />
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}
