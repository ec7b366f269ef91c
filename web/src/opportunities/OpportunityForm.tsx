import { useRef, useState } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { useSession } from '@/api/session';
import type { Opportunity } from '@/api/types';
import { type DrawerFormProps, NestedForm } from '@/app/drawers';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Drawer } from '@/ui/Drawer';
import { CustomerPicker, UserPicker } from '@/ui/RecordPicker';
import { toast } from '@/ui/toast';
import { useKeepDraft, useStoredDraft } from '@/ui/use-draft';
import { FormAlert, FormNote, layout, useForm } from '@/ui/use-form';
import { OpportunityFields } from './OpportunityFields';
import { createBody, EMPTY, type OpportunityValues } from './values';

/** New opportunity (S35–S40): from a customer's page the customer stands there already (S1). */
export default function OpportunityForm({ customerId, onClose, onSaved }: DrawerFormProps) {
  const { user } = useSession();
  const draftKey = `draft:${user.id}:opportunity:${customerId ?? 'any'}`;
  const { draft, drop } = useStoredDraft<OpportunityValues>(draftKey);
  const [creating, setCreating] = useState<string>();
  const once = useRef(new OnceKey());
  const empty: OpportunityValues = { ...EMPTY, owner_id: user.id, customer_id: customerId ?? null };
  const form = useForm<OpportunityValues>({
    initial: { ...empty, ...draft, ...(customerId && { customer_id: customerId }) },
    save: async (values) => {
      const body = createBody(values);
      const saved = await api.post<Opportunity>('/opportunities', { body, idempotencyKey: once.current.for(body) });
      once.current.reset();
      drop();
      refreshAfter('opportunity');
      toast.success(m.opportunities_saved({ number: saved.number }));
      toast.warnings(saved.warnings);
      onSaved(`/opportunities/${saved.id}`);
    },
  });
  useKeepDraft(draftKey, form.values, form.dirty);

  return (
    <>
      <Drawer
        title={m.opportunities_new()}
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
          {draft && form.values.name === draft.name && draft.name !== '' && (
            <FormNote>
              {m.opportunities_draft_restored()}{' '}
              <Button
                variant="link"
                onClick={() => {
                  drop();
                  form.reset(empty);
                }}
              >
                {m.opportunities_draft_drop()}
              </Button>
            </FormNote>
          )}
          <FormAlert form={form} />
          <CustomerPicker
            label={m.opportunities_customer()}
            description={m.opportunities_customer_hint()}
            required
            autoFocus={!customerId}
            {...form.field('customer_id')}
            onCreate={setCreating}
          />
          <OpportunityFields
            form={form}
            autoFocus={Boolean(customerId)}
            owner={
              <UserPicker
                label={m.opportunities_owner()}
                required
                chosenLabel={form.values.owner_id === user.id ? user.name : undefined}
                {...form.field('owner_id')}
              />
            }
          />
          <button type="submit" hidden />
        </form>
      </Drawer>
      {creating !== undefined && (
        <NestedForm
          kind="customer"
          name={creating}
          onClose={() => setCreating(undefined)}
          onSaved={(link) => {
            setCreating(undefined);
            const id = Number(link?.split('/').at(-1));
            if (id) form.set({ customer_id: id });
          }}
        />
      )}
    </>
  );
}
