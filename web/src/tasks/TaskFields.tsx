import { keyOptions, useDictionary } from '@/api/dictionaries';
import * as m from '@/paraglide/messages';
import { Checkbox } from '@/ui/Choice';
import { DateField } from '@/ui/DateField';
import { count } from '@/ui/format';
import { CustomerPicker, OpportunityPicker, UserPicker } from '@/ui/RecordPicker';
import { Select } from '@/ui/Select';
import { Textarea } from '@/ui/TextField';
import { type Form, layout } from '@/ui/use-form';

export type TaskValues = {
  kind: string;
  content: string;
  customer_id: number | null;
  opportunity_id: number | null;
  assignee_id: number | null;
  due_date: string;
  needs_acceptance: boolean;
};

type Known = {
  assigneeName?: string | undefined;
  customerName?: string | undefined;
  opportunityName?: string | undefined;
};

const CONTENT_LIMIT = 1000;

/** The fields of a task (S54–S58). A chosen opportunity brings its customer, so the customer is asked only without one. */
export function TaskFields({ form, known, edit }: { form: Form<TaskValues>; known: Known; edit?: boolean }) {
  const kinds = keyOptions(useDictionary('task_kind'));
  const { content, customer_id, opportunity_id } = form.values;
  return (
    <>
      <div className={layout.two}>
        <Select label={m.tasks_kind()} required options={kinds} {...form.field('kind')} />
        <DateField label={m.tasks_due_date()} description={m.tasks_due_hint()} required {...form.field('due_date')} />
      </div>
      <Textarea
        label={m.tasks_content()}
        description={`${count([...content].length)} / ${count(CONTENT_LIMIT)}`}
        placeholder={m.tasks_content_hint()}
        required
        autoFocus
        rows={4}
        {...form.field('content')}
      />
      <OpportunityPicker
        label={m.tasks_opportunity()}
        customerId={customer_id}
        chosenLabel={known.opportunityName}
        {...form.field('opportunity_id')}
      />
      {opportunity_id === null && (
        <CustomerPicker label={m.tasks_customer()} chosenLabel={known.customerName} {...form.field('customer_id')} />
      )}
      {!edit && (
        <UserPicker
          label={m.tasks_assignee()}
          required
          chosenLabel={known.assigneeName}
          {...form.field('assignee_id')}
        />
      )}
      <Checkbox label={m.tasks_needs_acceptance()} {...form.field('needs_acceptance')} />
    </>
  );
}
