import { useRef, useState } from 'react';
import { api, OnceKey } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import { useSession } from '@/api/session';
import type { Customer } from '@/api/types';
import type { DrawerFormProps } from '@/app/drawers';
import * as m from '@/paraglide/messages';
import { type Parsed, PasteBox } from '@/stewardship';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { Drawer } from '@/ui/Drawer';
import { toast } from '@/ui/toast';
import { useKeepDraft, useStoredDraft } from '@/ui/use-draft';
import { FormAlert, FormNote, layout, useForm } from '@/ui/use-form';
import { CustomerFields } from './CustomerFields';
import { takenName } from './taken-name';
import { type CustomerValues, createBody, EMPTY } from './values';

/** What the rules did, where they were asked (S65): who has it now, and whether it can still be opened. */
function tellAssignment(assignment: Customer['assignment']) {
  if (!assignment) return;
  const { rule, owner, in_sight } = assignment;
  if (!rule) toast.warning(m.rules_stays());
  else if (in_sight) toast.success(m.rules_assigned({ rule: rule.name, name: owner.name }));
  else toast.warning(m.rules_out_of_sight({ rule: rule.name, name: owner.name }));
}

/** New customer (S14): by keyboard alone, 查重 while typing, a draft that survives a reload (S64). */
export default function CustomerForm({ onClose, onSaved }: DrawerFormProps) {
  const { user } = useSession();
  const draftKey = `draft:${user.id}:customer`;
  const { draft, drop } = useStoredDraft<CustomerValues>(draftKey);
  const once = useRef(new OnceKey());
  const another = useRef(false);
  const [assign, setAssign] = useState(false);
  const [pasted, setPasted] = useState(false);
  const form = useForm<CustomerValues>({
    initial: { ...EMPTY, ...draft },
    save: async (values) => {
      const body = assign ? { ...createBody({ ...values, owner_id: null }), assign: 'rules' } : createBody(values);
      const customer = await api.post<Customer>('/customers', { body, idempotencyKey: once.current.for(body) });
      once.current.reset();
      drop();
      refreshAfter('customer', 'tag');
      toast.success(m.customers_saved({ number: customer.number }));
      toast.warnings(customer.warnings);
      tellAssignment(customer.assignment);
      if (!another.current) {
        onSaved(customer.assignment?.in_sight === false ? undefined : `/customers/${customer.id}`);
        return;
      }
      // 保存并新建: the next one of the same fair has the same industry and source.
      const { industry, source_channels, source_detail } = values;
      form.reset({ ...EMPTY, industry, source_channels, source_detail });
      document.querySelector<HTMLInputElement>('[role="dialog"] input[name="name"]')?.focus();
    },
    handled: (problem): boolean => takenName(problem, form),
  });
  useKeepDraft(draftKey, form.values, form.dirty);

  function fill(found: Parsed) {
    const { name, contact_name, contact_title, phone, email, credit_code, address, region, industry } = found;
    const texts = { name, contact_name, contact_title, phone, email, credit_code, address };
    const known = Object.entries(texts).filter((entry): entry is [string, string] => Boolean(entry[1]));
    form.set({
      ...(Object.fromEntries(known) as Partial<CustomerValues>),
      ...(region && { region: String(region.id) }),
      ...(industry && { industry: String(industry.id) }),
    });
    // What was filled must be seen, also where it lies behind 「更多信息」.
    setPasted(Boolean(contact_title || email || credit_code || address || region));
    document.querySelector<HTMLInputElement>('[role="dialog"] input[name="name"]')?.focus();
  }

  function save(andNew: boolean) {
    another.current = andNew;
    void form.submit();
  }

  return (
    <Drawer
      title={m.customers_new()}
      onClose={onClose}
      width={560}
      footer={
        <>
          <Button disabled={form.submitting} onClick={() => save(true)}>
            {m.customers_save_and_new()}
          </Button>
          <Button variant="primary" loading={form.submitting} onClick={() => save(false)}>
            {m.ui_save()}
          </Button>
        </>
      }
    >
      <form
        className={layout.form}
        ref={form.ref}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save(false);
        }}
      >
        {draft && form.values.name === draft.name && draft.name !== '' && (
          <FormNote>
            {m.customers_draft_restored()}{' '}
            <Button
              variant="link"
              onClick={() => {
                drop();
                form.reset(EMPTY);
              }}
            >
              {m.customers_draft_drop()}
            </Button>
          </FormNote>
        )}
        <FormAlert form={form} />
        <PasteBox onParsed={fill} />
        <CustomerFields form={form} opened={pasted} />
        <Checkbox label={m.rules_ask()} value={assign} onChange={setAssign} />
        {/* Enter in a field saves; the visible buttons stand in the drawer's foot. */}
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
