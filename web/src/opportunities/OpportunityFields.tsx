import type { ReactNode } from 'react';
import { useStages } from '@/api/dictionaries';
import * as m from '@/paraglide/messages';
import { DateField } from '@/ui/DateField';
import { Select } from '@/ui/Select';
import { MoneyField, Textarea, TextField } from '@/ui/TextField';
import { type Form, layout } from '@/ui/use-form';
import { inOrder } from './stage-moves';
import type { EditValues, OpportunityValues } from './values';

type Common = Pick<Form<EditValues>, 'field'>;

/** Name, amount, day and remark: the same for a new opportunity and for an edit. */
export function EditFields({ form, autoFocus }: { form: Common; autoFocus?: boolean }) {
  return (
    <>
      <TextField
        label={m.opportunities_name()}
        placeholder={m.opportunities_name_example()}
        required
        autoFocus={autoFocus ?? false}
        {...form.field('name')}
      />
      <div className={layout.two}>
        <MoneyField label={m.opportunities_expected_amount()} required {...form.field('expected_amount')} />
        <DateField label={m.opportunities_close_date()} {...form.field('expected_close_date')} />
      </div>
    </>
  );
}

type Props = { form: Form<OpportunityValues>; autoFocus: boolean; owner: ReactNode };

export function OpportunityFields({ form, autoFocus, owner }: Props) {
  // 成交 and 输单 ask for more than a form's field; an opportunity reaches them by a move.
  const stages = inOrder(useStages()).filter((stage) => stage.kind === 'open');
  return (
    <>
      <EditFields form={form as unknown as Common} autoFocus={autoFocus} />
      <div className={layout.two}>
        <Select
          label={m.opportunities_stage()}
          required
          options={stages.map((stage) => ({ value: stage.key, label: stage.name }))}
          {...form.field('stage')}
        />
        {owner}
      </div>
      <Textarea label={m.opportunities_remark()} {...form.field('remark')} />
    </>
  );
}
