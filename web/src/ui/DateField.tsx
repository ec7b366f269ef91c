import './input-styles';
import '@mantine/core/styles/Combobox.layer.css';
import { Autocomplete } from '@mantine/core';
import { lazy, Suspense } from 'react';
import * as m from '@/paraglide/messages';
import { instantOf, inZone } from './clock';
import { common, type FieldProps, oneLine } from './field';
import css from './fields.module.css';
import { TextField } from './TextField';

const DateInput = lazy(() => import('./date-input'));

/** A calendar day, "YYYY-MM-DD" or ''. `min` and `max` bound the picker; the server judges. */
export type DateFieldProps = FieldProps<string> & {
  min?: string;
  max?: string;
  clearable?: boolean;
  /** Stands in a popover, which a click into a calendar elsewhere on the page would close. */
  insidePopup?: boolean;
};

export function DateField(props: DateFieldProps) {
  return (
    <Suspense fallback={<TextField {...props} placeholder="YYYY-MM-DD" />}>
      <DateInput {...props} />
    </Suspense>
  );
}

const HALF_HOURS = Array.from({ length: 31 }, (_, i) => {
  const minutes = 7 * 60 + i * 30;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
});

/** 9 → 09:00, 930 → 09:30, 14：5 → 14:05; what is no time stays as typed. */
export function readTime(text: string): string {
  const match = /^\s*(\d{1,2})(?:[:：.]?(\d{2})|[:：.](\d))?\s*$/.exec(text);
  if (!match) return text;
  const hour = Number(match[1]);
  const minute = Number(match[2] ?? match[3] ?? 0);
  if (hour > 23 || minute > 59) return text;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** A wall time "HH:mm" in the business zone: typed freely, or picked by half hours. */
export function TimeField(props: FieldProps<string>) {
  return (
    <Autocomplete
      {...common(props)}
      placeholder={props.placeholder ?? '14:00'}
      classNames={oneLine}
      data={HALF_HOURS}
      filter={({ options }) => options}
      value={props.value}
      onChange={props.onChange}
      onBlur={() => props.onChange(readTime(props.value))}
      inputMode="numeric"
      withScrollArea={false}
    />
  );
}

/** Day and time of an instant, value as RFC 3339 UTC or '' while incomplete. */
export function DateTimeField(props: FieldProps<string> & { min?: string; max?: string; defaultTime?: string }) {
  const at = props.value ? inZone(props.value) : undefined;
  const set = (date: string, time: string) =>
    props.onChange(date && /^\d\d:\d\d$/.test(time) ? instantOf(date, time) : '');
  const { defaultTime = '09:00', ...rest } = props;
  return (
    <div className={css.pair}>
      <DateField {...rest} value={at?.date ?? ''} onChange={(date) => set(date, at?.time ?? defaultTime)} />
      <TimeOfInstant
        key={props.value}
        label={m.ui_time_of({ label: props.label })}
        initial={at?.time ?? ''}
        disabled={props.disabled || !at}
        onCommit={(time) => at && set(at.date, time)}
      />
    </div>
  );
}

type TimeOfInstantProps = { label: string; initial: string; disabled: boolean; onCommit: (time: string) => void };

function TimeOfInstant({ label, initial, disabled, onCommit }: TimeOfInstantProps) {
  return (
    <Autocomplete
      label={m.ui_time()}
      aria-label={label}
      classNames={oneLine}
      data={HALF_HOURS}
      filter={({ options }) => options}
      defaultValue={initial}
      disabled={disabled}
      onOptionSubmit={(time) => onCommit(time)}
      onBlur={(event) => {
        const time = readTime(event.currentTarget.value);
        if (time !== initial) onCommit(time);
      }}
      inputMode="numeric"
      withScrollArea={false}
    />
  );
}
