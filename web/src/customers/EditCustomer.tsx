import { useEffect, useRef, useState } from 'react';
import { api } from '@/api/client';
import { useDictionary } from '@/api/dictionaries';
import { refreshAfter } from '@/api/query-client';
import type { Customer } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { ConflictDialog, type ConflictField, conflicts } from '@/ui/ConflictDialog';
import { useDiscardGuard } from '@/ui/DiscardGuard';
import { Drawer } from '@/ui/Drawer';
import { listed } from '@/ui/format';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import { CustomerFields } from './CustomerFields';
import { followUpLabels, phoneCheckLabels, statusLabels } from './labels';
import { ReopenDialog } from './ReopenDialog';
import { takenName } from './taken-name';
import { type CustomerValues, changes, fieldLabels, merged, patchBody, valuesOf } from './values';

type Props = { customer: Customer; field?: string | undefined; onClose: () => void; onWin: () => void };

const FOCUS_AFTER_MS = 250;

/** Edit (S26): sends what changed; when somebody saved in between, both values per field and a choice (I58). */
export default function EditCustomer({ customer, field, onClose, onWin }: Props) {
  // The record as it was when the edit began; news from the server must not shift it under the editor.
  const [base, setBase] = useState(() => ({ values: valuesOf(customer), version: customer.version }));
  const [clash, setClash] = useState<{ theirs: Customer; fields: ConflictField[] }>();
  const [reopening, setReopening] = useState(false);
  const reopen = useRef<boolean | undefined>(undefined);
  const show = useShow();

  const form = useForm<CustomerValues>({
    initial: base.values,
    save: async (values) => save(base, values),
    handled: (problem) => {
      if (takenName(problem, form)) return true;
      if (problem.status !== 412 || !problem.current) return false;
      const theirs = problem.current as Customer;
      setClash({ theirs, fields: conflicts(base.values, form.values, valuesOf(theirs), fieldLabels(), show) });
      return true;
    },
  });

  async function save(from: typeof base, values: CustomerValues) {
    // 成交客户 needs date and amount: the rest is saved here, then their dialog opens (S28).
    const winning = values.status === 'won' && from.values.status !== 'won';
    const leaving = from.values.status === 'won' && values.status !== 'won';
    if (leaving && reopen.current === undefined) {
      setReopening(true);
      return;
    }
    const wanted = winning ? { ...values, status: from.values.status } : values;
    if (Object.keys(changes(from.values, wanted)).length > 0) {
      const body = { ...patchBody(from.values, wanted), ...(leaving && { reopen_opportunity: reopen.current }) };
      const saved = await api.patch<Customer>('/customers/{id}', {
        path: { id: customer.id },
        version: from.version,
        body,
      });
      refreshAfter('customer', 'tag', ...(leaving ? (['opportunity'] as const) : []));
      toast.success(m.customers_updated_toast());
      toast.warnings(saved.warnings);
    }
    if (winning) onWin();
    else onClose();
  }

  function resolve(keepMine: string[]) {
    if (!clash) return;
    const theirs = valuesOf(clash.theirs);
    const names = clash.fields.map((field) => field.name);
    const next = merged(base.values, form.values, theirs, names, keepMine);
    const from = { values: theirs, version: clash.theirs.version };
    setBase(from);
    setClash(undefined);
    form.set(next);
    save(from, next).catch((error: unknown) => form.setProblem(error));
  }

  useEffect(() => {
    if (!field) return;
    // The drawer takes the focus when it has opened; the field asked for gets it after that.
    const timer = setTimeout(() => {
      document.querySelector<HTMLElement>(`[role="dialog"] [name="${CSS.escape(field)}"]`)?.focus();
    }, FOCUS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [field]);

  const { close, guard } = useDiscardGuard(form.dirty, onClose);
  return (
    <Drawer
      title={m.customers_edit()}
      onClose={close}
      width={560}
      footer={
        <>
          <Button onClick={close}>{m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.ui_save()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <CustomerFields form={form} customer={customer} />
        <button type="submit" hidden />
      </form>
      {guard}
      {clash && <ConflictDialog fields={clash.fields} onClose={() => setClash(undefined)} onResolve={resolve} />}
      {reopening && (
        <ReopenDialog
          onClose={() => setReopening(false)}
          onChoose={(choice) => {
            reopen.current = choice;
            setReopening(false);
            void form.submit();
          }}
        />
      )}
    </Drawer>
  );
}

/** Values of the form as people read them, for the conflict dialog. */
function useShow(): (name: keyof CustomerValues, value: unknown) => string {
  const industries = useDictionary('industry');
  const regions = useDictionary('region');
  const channels = useDictionary('source_channel');
  const nameOf = (list: { id: number; name: string }[], id: unknown) =>
    list.find((entry) => String(entry.id) === String(id))?.name ?? String(id ?? '');
  return (name, value) => {
    switch (name) {
      case 'industry':
        return nameOf(industries, value);
      case 'region':
        return value ? nameOf(regions, value) : '';
      case 'source_channels':
        return listed((value as string[]).map((id) => nameOf(channels, id)));
      case 'tags':
        return listed(value as string[]);
      case 'marketing_consent':
        return value ? m.ui_yes() : m.ui_no();
      case 'status':
        return statusLabels()[value as Customer['status']].label;
      case 'follow_up_status':
        return followUpLabels()[value as Customer['follow_up_status']].label;
      case 'phone_check':
        return phoneCheckLabels()[value as Customer['phone_check']].label;
      default:
        return String(value ?? '');
    }
  };
}
