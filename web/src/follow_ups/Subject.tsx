import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Customer, Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import { CustomerPicker, OpportunityPicker } from '@/ui/RecordPicker';
import type { Form } from '@/ui/use-form';
import css from './follow_ups.module.css';

export type SubjectValues = { customer_id: number | null; opportunity_id: number | null };

type Props = {
  /** Where the form was opened: what is known already is shown, not asked again (S1). */
  customerId: number | undefined;
  opportunityId: number | undefined;
  form: Pick<Form<SubjectValues>, 'field' | 'values' | 'set' | 'setErrors' | 'errors'>;
};

/** Whom and what it is about: an opportunity, or a customer and perhaps one of its opportunities. */
export function Subject({ customerId, opportunityId, form }: Props) {
  const opportunity = useQuery({
    queryKey: ['opportunities', 'one', String(opportunityId)],
    queryFn: () => api.get<Opportunity>('/opportunities/{id}', { path: { id: opportunityId ?? 0 } }),
    enabled: opportunityId !== undefined,
  });
  const customer = useQuery({
    queryKey: ['customers', 'one', String(customerId)],
    queryFn: () => api.get<Customer>('/customers/{id}', { path: { id: customerId ?? 0 } }),
    enabled: customerId !== undefined && opportunityId === undefined,
  });
  if (opportunityId !== undefined) {
    return <Given main={opportunity.data?.name} meta={opportunity.data?.customer_name} />;
  }
  return (
    <>
      {customerId === undefined ? (
        <CustomerPicker
          label={m.follow_ups_customer()}
          required
          autoFocus
          {...form.field('customer_id')}
          onChange={(id) => form.set({ customer_id: id, opportunity_id: null })}
        />
      ) : (
        <Given main={customer.data?.name} meta={customer.data?.number} />
      )}
      {form.values.customer_id !== null && (
        <OpportunityPicker
          label={m.follow_ups_opportunity()}
          description={m.ui_optional()}
          customerId={form.values.customer_id}
          {...form.field('opportunity_id')}
        />
      )}
    </>
  );
}

/** What the form is about, when that is settled. */
export function Given({ main, meta }: { main: string | null | undefined; meta: string | null | undefined }) {
  return (
    <p className={css.given}>
      <strong>{main ?? '…'}</strong>
      {meta && <span>{meta}</span>}
    </p>
  );
}

/** The one of both that is sent: the opportunity, which knows its customer, or the customer. */
export function subjectBody(values: SubjectValues, opportunityId: number | undefined) {
  const opportunity = opportunityId ?? values.opportunity_id;
  return opportunity ? { opportunity_id: opportunity } : { customer_id: values.customer_id };
}
