import { CalendarSearch } from 'lucide-react';
import { Suspense, useState } from 'react';
import { keyOptions, useDictionary } from '@/api/dictionaries';
import { FreeTimeDialog } from '@/calendar';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { RadioGroup } from '@/ui/Choice';
import { today } from '@/ui/clock';
import { DateField, TimeField } from '@/ui/DateField';
import { time } from '@/ui/format';
import { MultiSelect } from '@/ui/Select';
import { Textarea } from '@/ui/TextField';
import { type Form, FormNote } from '@/ui/use-form';
import css from './follow_ups.module.css';
import { type Slot, withStart } from './slot';
import { useOverlap } from './use-overlap';

export type PlanValues = Slot & {
  method: string;
  content: string;
  /** Minutes before the start, as `60,15`: one text, so that two versions can be compared. */
  own_reminders: string;
};

/** `60,15` as the API wants it. */
export const reminderMinutes = (text: string): number[] => (text ? text.split(',').map(Number) : []);

/** Minutes before the start that the form offers; others a program has set stay and show in minutes. */
const AHEAD = [15, 30, 60, 120, 180, 2880, 4320, 10080];

function aheadLabel(minutes: number): string {
  if (minutes % 1440 === 0) return m.follow_ups_ahead_days({ n: minutes / 1440 });
  return minutes % 60 === 0
    ? m.follow_ups_ahead_hours({ n: minutes / 60 })
    : m.follow_ups_ahead_minutes({ n: minutes });
}

/** The longest first, as the server keeps them. */
const ordered = (minutes: string[]): number[] => minutes.map(Number).sort((one, other) => other - one);

type Props = { form: Form<PlanValues>; ownerId: number; planId?: number; autoFocus?: boolean };

/** Day, slot, method and content (S41–S43), with a warning while the slot overlaps another plan. */
export function PlanFields({ form, ownerId, planId, autoFocus }: Props) {
  const methods = keyOptions(useDictionary('follow_up_method'));
  const { date, starts_at, ends_at } = form.values;
  const chosen = reminderMinutes(form.values.own_reminders);
  const offered = [...new Set([...AHEAD, ...chosen])].sort((one, other) => one - other);
  const [searching, setSearching] = useState(false);
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
      <div>
        <Button size="sm" icon={<CalendarSearch size={14} aria-hidden />} onClick={() => setSearching(true)}>
          {m.calendar_free()}
        </Button>
      </div>
      <Suspense fallback={null}>
        {searching && (
          <FreeTimeDialog ownerId={ownerId} onChoose={(slot) => form.set(slot)} onClose={() => setSearching(false)} />
        )}
      </Suspense>
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
      <MultiSelect
        label={m.follow_ups_own_reminders()}
        description={m.follow_ups_own_reminders_hint()}
        name="own_reminders"
        options={offered.map((minutes) => ({
          value: String(minutes),
          label: aheadLabel(minutes),
          disabled: chosen.length >= 3,
        }))}
        value={chosen.map(String)}
        onChange={(next) => form.set({ own_reminders: ordered(next).join(',') })}
        error={form.errors.own_reminders}
      />
    </>
  );
}
