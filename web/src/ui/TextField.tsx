import './input-styles';
import '@mantine/core/styles/ActionIcon.layer.css';
import '@mantine/core/styles/PasswordInput.layer.css';
import { Textarea as MantineTextarea, PasswordInput, TextInput } from '@mantine/core';
import type { HTMLInputAutoCompleteAttribute } from 'react';
import * as m from '@/paraglide/messages';
import { common, type FieldProps, manyLines, oneLine } from './field';
import css from './fields.module.css';
import { count, showMoney } from './format';

type TextProps = FieldProps<string> & {
  type?: 'text' | 'tel' | 'email' | 'search' | 'url';
  inputMode?: 'text' | 'tel' | 'email' | 'decimal' | 'numeric' | 'search';
  autoComplete?: HTMLInputAutoCompleteAttribute;
  maxLength?: number;
  onBlur?: () => void;
};

export function TextField(props: TextProps) {
  return (
    <TextInput
      {...common(props)}
      classNames={oneLine}
      type={props.type ?? 'text'}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      onBlur={props.onBlur}
      inputMode={props.inputMode}
      autoComplete={props.autoComplete ?? 'off'}
      maxLength={props.maxLength}
    />
  );
}

export function PasswordField(props: FieldProps<string> & { autoComplete: 'current-password' | 'new-password' }) {
  return (
    <PasswordInput
      {...common(props)}
      classNames={{ ...oneLine, innerInput: css.one }}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      autoComplete={props.autoComplete}
      visibilityToggleButtonProps={{ 'aria-label': m.ui_show_password() }}
      // The library marks its other inputs by itself.
      aria-invalid={Boolean(props.error)}
    />
  );
}

/** `limit` counts the characters below the field; typing past it is shown, not cut off: the server judges. */
export function Textarea(props: FieldProps<string> & { rows?: number; maxLength?: number; limit?: number }) {
  const length = [...props.value].length;
  return (
    <MantineTextarea
      {...common(props)}
      {...(props.limit && {
        description: (
          <span className={length > props.limit ? css.tooLong : undefined}>
            {count(length)} / {count(props.limit)}
          </span>
        ),
        inputWrapperOrder: ['label', 'input', 'error', 'description'],
        classNames: { ...manyLines, description: `${css.description} ${css.counter}` },
      })}
      {...(!props.limit && { classNames: manyLines })}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      rows={props.rows ?? 3}
      maxLength={props.maxLength}
      resize="vertical"
    />
  );
}

/** Amount in 元 as a string; grouped with two decimals when the field is left. The server judges it (S37). */
export function MoneyField(props: FieldProps<string>) {
  return (
    <TextInput
      {...common(props)}
      classNames={{ ...oneLine, wrapper: css.money }}
      leftSection="¥"
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      onBlur={() => props.onChange(showMoney(props.value))}
      inputMode="decimal"
      autoComplete="off"
    />
  );
}

/** A whole number as a string, so that an empty field stays empty. */
export function NumberField(props: FieldProps<string>) {
  return (
    <TextInput
      {...common(props)}
      classNames={oneLine}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value.replace(/[^\d-]/g, ''))}
      inputMode="numeric"
      autoComplete="off"
    />
  );
}
