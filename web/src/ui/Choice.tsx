import { type ReactNode, useId } from 'react';
import type { FieldProps } from './field';
import css from './fields.module.css';
import type { Option } from './Select';

function Group({ props, children }: { props: FieldProps<unknown>; children: ReactNode }) {
  const id = useId();
  return (
    <fieldset className={css.fieldset} aria-describedby={props.error ? id : undefined} disabled={props.disabled}>
      <legend className={css.label}>
        {props.label}
        {props.required && (
          <span className={css.required} aria-hidden>
            {' *'}
          </span>
        )}
      </legend>
      {props.description && <div className={css.description}>{props.description}</div>}
      <div className={css.choices}>{children}</div>
      {props.error && (
        <p className={css.error} id={id}>
          {props.error}
        </p>
      )}
    </fieldset>
  );
}

export function RadioGroup(props: FieldProps<string> & { options: Option[] }) {
  const id = useId();
  return (
    <Group props={props as FieldProps<unknown>}>
      {props.options.map((option) => (
        <label key={option.value} className={css.choice}>
          <input
            type="radio"
            name={props.name ?? id}
            value={option.value}
            checked={props.value === option.value}
            disabled={option.disabled}
            onChange={() => props.onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </Group>
  );
}

/** The ticked values in the order of ticking: the first one leads (S21). */
export function CheckboxGroup(
  props: FieldProps<string[]> & { options: Option[]; mark?: (option: Option) => ReactNode },
) {
  return (
    <Group props={props as FieldProps<unknown>}>
      {props.options.map((option) => {
        const on = props.value.includes(option.value);
        return (
          <span key={option.value} className={css.choice}>
            <label className={css.choice}>
              <input
                type="checkbox"
                name={props.name}
                checked={on}
                disabled={option.disabled}
                onChange={() =>
                  props.onChange(
                    on ? props.value.filter((value) => value !== option.value) : [...props.value, option.value],
                  )
                }
              />
              {option.label}
            </label>
            {props.mark?.(option)}
          </span>
        );
      })}
    </Group>
  );
}

export function Checkbox(props: Omit<FieldProps<boolean>, 'placeholder'>) {
  const id = useId();
  return (
    <div>
      <label className={css.choice}>
        <input
          type="checkbox"
          name={props.name}
          checked={props.value}
          disabled={props.disabled}
          aria-describedby={props.error ? id : undefined}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
        {props.label}
      </label>
      {props.description && <div className={css.description}>{props.description}</div>}
      {props.error && (
        <p className={css.error} id={id}>
          {props.error}
        </p>
      )}
    </div>
  );
}
