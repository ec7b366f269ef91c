import type { ReactNode } from 'react';
import css from './fields.module.css';

/** What every field takes; `form.field('name')` fills in the last four. */
export type FieldProps<T> = {
  label: string;
  description?: ReactNode;
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
  autoFocus?: boolean;
  name?: string;
  value: T;
  onChange: (value: T) => void;
  error?: string | undefined;
};

const classNames = {
  label: css.label,
  required: css.required,
  description: css.description,
  error: css.error,
  dropdown: css.dropdown,
  options: css.options,
  option: css.option,
  pill: css.pill,
} as const;

/** Class names by which the library's inputs take our look. */
export const oneLine = { ...classNames, input: `${css.input} ${css.one}` };
export const manyLines = { ...classNames, input: `${css.input} ${css.many}` };

/** The parts every input of the library names alike. */
export function common<T>(props: FieldProps<T>) {
  return {
    label: props.label,
    ...(props.description !== undefined && { description: props.description }),
    ...(props.placeholder !== undefined && { placeholder: props.placeholder }),
    ...(props.name !== undefined && { name: props.name }),
    required: props.required ?? false,
    disabled: props.disabled ?? false,
    error: props.error ?? false,
    ...(props.autoFocus && { 'data-autofocus': true, autoFocus: true }),
  };
}
