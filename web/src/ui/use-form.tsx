import { type FormEvent, useCallback, useRef, useState } from 'react';
import { messageOf, Problem } from '@/api/problem';

import css from './overlays.module.css';

type Errors = Record<string, string>;

export type Form<T> = {
  values: T;
  set: (patch: Partial<T>) => void;
  reset: (values: T) => void;
  /** Props for a field of ui/: `{...form.field('name')}`. */
  field: <K extends keyof T & string>(
    name: K,
  ) => { name: K; value: T[K]; onChange: (value: T[K]) => void; error: string | undefined };
  errors: Errors;
  setErrors: (errors: Errors) => void;
  dirty: boolean;
  submitting: boolean;
  /** The last failure that belongs to no field. */
  problem: unknown;
  setProblem: (problem: unknown) => void;
  submit: () => Promise<void>;
  onSubmit: (event: FormEvent) => void;
  /** Put on the `<form>`: the first wrong field gets the focus. */
  ref: (element: HTMLFormElement | null) => void;
};

/**
 * State of one form. The server judges: the `fields` of a 422 become errors at the fields of the same name; anything
 * else shows in `<FormAlert form={form}/>`. `handled` may take a problem that asks a question (409, 412).
 */
export function useForm<T extends object>(options: {
  initial: T;
  save: (values: T) => Promise<void>;
  handled?: (problem: Problem) => boolean;
}): Form<T> {
  const [values, setValues] = useState(options.initial);
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState<unknown>();
  const [dirty, setDirty] = useState(false);
  const [submitting, setSubmitting] = useState(false);
  const element = useRef<HTMLFormElement | null>(null);
  const busy = useRef(false);

  const set = useCallback((patch: Partial<T>) => {
    setDirty(true);
    setValues((before) => ({ ...before, ...patch }));
    setErrors((before) => {
      const left = Object.entries(before).filter(([name]) => !(name in patch));
      return left.length === Object.keys(before).length ? before : Object.fromEntries(left);
    });
  }, []);

  const submit = async () => {
    if (busy.current) return;
    busy.current = true;
    setSubmitting(true);
    setProblem(undefined);
    try {
      await options.save(values);
    } catch (error) {
      if (error instanceof Problem && options.handled?.(error)) return;
      const found = fieldErrors(error, values);
      const known = Object.fromEntries(Object.entries(found).filter(([name]) => name in values));
      setErrors(known);
      // A field this form does not show must not vanish silently.
      const unknown = Object.keys(found).length > Object.keys(known).length;
      if (Object.keys(known).length === 0 || unknown) setProblem(error);
      requestAnimationFrame(() => focusFirst(element.current, known));
    } finally {
      busy.current = false;
      setSubmitting(false);
    }
  };

  return {
    values,
    set,
    reset: (next) => {
      setValues(next);
      setErrors({});
      setProblem(undefined);
      setDirty(false);
    },
    field: (name) => ({
      name,
      value: values[name],
      onChange: (value) => set({ [name]: value } as unknown as Partial<T>),
      error: errors[name],
    }),
    errors,
    setErrors,
    dirty,
    submitting,
    problem,
    setProblem,
    submit,
    onSubmit: (event) => {
      event.preventDefault();
      event.stopPropagation();
      void submit();
    },
    ref: (form) => {
      element.current = form;
    },
  };
}

/**
 * 422 `fields` → one message per field of the form: `tags[2]` and `tags/2` belong to `tags`, and `follow_up.result` to
 * `result` where the form has that without a `follow_up`.
 */
export function fieldErrors(error: unknown, values: object): Errors {
  if (!(error instanceof Problem)) return {};
  const errors: Errors = {};
  for (const { field, message } of error.fields) {
    const parts = field.replace(/^\//, '').split(/[[./]/);
    const name = parts.slice(0, 2).find((part) => part in values) ?? parts[0] ?? field;
    errors[name] ??= message;
  }
  return errors;
}

function focusFirst(form: HTMLFormElement | null, errors: Errors) {
  for (const control of form?.elements ?? []) {
    const name = control.getAttribute('name');
    if (name && name in errors && control instanceof HTMLElement) {
      control.focus();
      return;
    }
  }
}

/** The failure that belongs to no field, announced at once. */
export function FormAlert({ form }: { form: { problem: unknown } }) {
  if (!form.problem) return null;
  const problem = form.problem;
  const hidden = problem instanceof Problem ? problem.fields.map((field) => field.message).join('；') : '';
  return (
    <p role="alert" className={css.alert}>
      {hidden || messageOf(problem)}
    </p>
  );
}

/** An amber note inside a form: a possible duplicate, a restored draft … */
export function FormNote({ children }: { children: React.ReactNode }) {
  return (
    <div role="status" className={`${css.alert} ${css.amber}`}>
      {children}
    </div>
  );
}

/** Class names for a form's layout: one column, or two that become one on a phone. */
export const layout = { form: css.form, two: css.two };
