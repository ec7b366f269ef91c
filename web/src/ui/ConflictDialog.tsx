import { useState } from 'react';
import * as m from '@/paraglide/messages';
import { Button } from './Button';
import css from './ConflictDialog.module.css';
import { Modal } from './Modal';

export type ConflictField = { name: string; label: string; mine: string; theirs: string };

/** Fields on which two editors disagree: changed here, and standing differently on the server. */
export function conflicts<T extends object>(
  base: T,
  mine: T,
  theirs: T,
  labels: Partial<Record<keyof T & string, string>>,
  show: (name: keyof T & string, value: unknown) => string = (_, value) => String(value ?? ''),
): ConflictField[] {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return (Object.keys(labels) as (keyof T & string)[])
    .filter((name) => !same(base[name], mine[name]) && !same(mine[name], theirs[name]))
    .filter((name) => !same(base[name], theirs[name]))
    .map((name) => ({
      name,
      label: labels[name] ?? name,
      mine: show(name, mine[name]),
      theirs: show(name, theirs[name]),
    }));
}

type Props = {
  fields: ConflictField[];
  saving?: boolean;
  onClose: () => void;
  /** Names of the fields for which this editor's own value is kept. */
  onResolve: (keepMine: string[]) => void;
};

/** Somebody saved in between (412): both values per field, and a choice for each (S26, I58). */
export function ConflictDialog({ fields, saving, onClose, onResolve }: Props) {
  const [mine, setMine] = useState<string[]>([]);
  return (
    <Modal
      title={m.ui_conflict_title()}
      width={560}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_back_to_editing()}</Button>
          <Button variant="primary" loading={saving ?? false} onClick={() => onResolve(mine)}>
            {m.ui_save_choice()}
          </Button>
        </>
      }
    >
      <p className={css.intro}>{fields.length > 0 ? m.ui_conflict_choose() : m.ui_conflict_none()}</p>
      {fields.map((field) => (
        <fieldset key={field.name} className={css.row}>
          <legend className={css.label}>{field.label}</legend>
          <div className={css.choices}>
            <Choice
              name={field.name}
              who={m.ui_their_value()}
              value={field.theirs}
              checked={!mine.includes(field.name)}
              onChoose={() => setMine(mine.filter((name) => name !== field.name))}
            />
            <Choice
              name={field.name}
              who={m.ui_my_value()}
              value={field.mine}
              checked={mine.includes(field.name)}
              onChoose={() => setMine([...mine, field.name])}
            />
          </div>
        </fieldset>
      ))}
    </Modal>
  );
}

type ChoiceProps = { name: string; who: string; value: string; checked: boolean; onChoose: () => void };

function Choice({ name, who, value, checked, onChoose }: ChoiceProps) {
  return (
    <label className={css.choice}>
      <input type="radio" name={`conflict-${name}`} checked={checked} onChange={onChoose} />
      <span>
        <span className={css.who}>{who}</span>
        {value || m.ui_empty_value()}
      </span>
    </label>
  );
}
