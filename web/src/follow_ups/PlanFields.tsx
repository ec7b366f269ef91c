import { keyOptions, useDictionary } from '@/api/dictionaries';
import * as m from '@/paraglide/messages';
import { RadioGroup } from '@/ui/Choice';
import { today } from '@/ui/clock';
import { DateField, TimeField } from '@/ui/DateField';
import { time } from '@/ui/format';
import { Textarea } from '@/ui/TextField';
import { type Form, FormNote } from '@/ui/use-form';
import css from './follow_ups.module.css';
import { type Slot, withStart } from './slot';
import { useOverlap } from './use-overlap';

export type PlanValues = Slot & { method: string; content: string };

type Props = { form: Form<PlanValues>; ownerId: number; planId?: number; autoFocus?: boolean };

/** Day, slot, method and content (S41–S43), with a warning while the slot overlaps another plan. */
export function PlanFields({ form, ownerId, planId, autoFocus }: Props) {
  const methods = keyOptions(useDictionary('follow_up_method'));
  const { date, starts_at, ends_at } = form.values;
  const clashes = useOverlap({ date, starts_at, ends_at }, ownerId, planId);
  return (
    <>
      <div className={css.slot}>
        <DateField label={m.follow_ups_date()} required min={today()} {...form.field('date')} />
        <TimeField
          label={m.follow_ups_start()}
          required
          {...form.field('starts_at')}
          onChange={(next) => form.set(withStart({ date, starts_at, ends_at }, next))}
        />
        <TimeField label={m.follow_ups_end()} required {...form.field('ends_at')} />
      </div>
      {clashes.length > 0 && (
        <FormNote>
          {clashes.map((plan) => (
            <div key={plan.id}>
              {m.follow_ups_overlap({
                slot: `${time(plan.starts_at)}–${time(plan.ends_at)}`,
                name: plan.opportunity_name ?? plan.customer_name,
              })}
            </div>
          ))}
        </FormNote>
      )}
      <RadioGroup label={m.follow_ups_method()} required options={methods} {...form.field('method')} />
      <Textarea
        label={m.follow_ups_content()}
        placeholder={m.follow_ups_content_hint()}
        required
        rows={4}
        limit={500}
        autoFocus={autoFocus ?? false}
        {...form.field('content')}
      />
    </>
  );
}
