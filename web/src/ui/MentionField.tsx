import './input-styles';
import { Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { api } from '@/api/client';
import type { PickableUser } from '@/api/types';
import * as m from '@/paraglide/messages';
import { common, type FieldProps, manyLines } from './field';
import css from './fields.module.css';
import { completed, type Mentioned, stillThere, type Typing, typingAt } from './mentions';
import { useDebounced } from './use-debounced';

type Value = { text: string; mentions: Mentioned[] };

type Props = FieldProps<Value> & { limit: number; rows?: number; onSend?: () => void };

const SHOWN = 6;

/** A text in which @ offers colleagues: arrow keys and Enter, or a tap. Ctrl + Enter sends. */
export function MentionField({ value, onChange, limit, rows = 3, onSend, ...props }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const [typing, setTyping] = useState<Typing>();
  const [at, setAt] = useState(0);
  const q = useDebounced(typing?.query ?? '', 150);
  const found = useQuery({
    queryKey: ['choices', 'mentions', q],
    queryFn: ({ signal }) => api.get<PickableUser[]>('/users/pickable', { query: { q }, signal }),
    enabled: typing !== undefined,
    staleTime: 10_000,
    placeholderData: (before) => before,
  });
  const people = typing ? (found.data ?? []).slice(0, SHOWN) : [];
  const open = people.length > 0;
  const length = [...value.text].length;

  // On a phone the list would lie behind the bars at the bottom.
  useEffect(() => {
    if (open) list.current?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  }, [open]);

  function look() {
    const input = field.current;
    const next = input ? typingAt(input.value, input.selectionStart) : undefined;
    if (next?.start !== typing?.start || next?.query !== typing?.query) {
      setTyping(next);
      setAt(0);
    }
  }

  function take(person: Mentioned) {
    const input = field.current;
    if (!input || !typing) return;
    const next = completed(value.text, input.selectionStart, typing, person.name);
    const chosen = value.mentions.some((one) => one.id === person.id)
      ? value.mentions
      : [...value.mentions, { id: person.id, name: person.name }];
    onChange({ text: next.text, mentions: stillThere(next.text, chosen) });
    setTyping(undefined);
    requestAnimationFrame(() => {
      input.focus();
      input.setSelectionRange(next.caret, next.caret);
    });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSend?.();
      return;
    }
    if (!open) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const person = people[at];
    if (step) setAt((at + step + people.length) % people.length);
    else if ((event.key === 'Enter' || event.key === 'Tab') && person) take(person);
    else if (event.key === 'Escape') setTyping(undefined);
    else return;
    event.preventDefault();
  }

  return (
    <div className={css.mentionField}>
      <Textarea
        {...common({ ...props, value: '', onChange: () => undefined })}
        ref={field}
        description={
          <span className={length > limit ? css.tooLong : undefined}>
            {length} / {limit}
          </span>
        }
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        classNames={{ ...manyLines, description: `${css.description} ${css.counter}` }}
        value={value.text}
        onChange={(event) => {
          const text = event.currentTarget.value;
          onChange({ text, mentions: stillThere(text, value.mentions) });
          look();
        }}
        onSelect={look}
        onKeyDown={onKeyDown}
        onBlur={() => setTyping(undefined)}
        rows={rows}
        resize="vertical"
        aria-autocomplete="list"
        aria-controls={open ? `${id}-people` : undefined}
        aria-activedescendant={open ? `${id}-${people[at]?.id}` : undefined}
        // Escape closes the list first, and only then the drawer around it.
        data-mantine-stop-propagation={open ? 'true' : undefined}
      />
      {open && (
        <div ref={list} className={css.people} id={`${id}-people`} role="listbox" aria-label={m.ui_mention_people()}>
          {people.map((person, place) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the text field, which keeps the focus
            <div
              key={person.id}
              id={`${id}-${person.id}`}
              role="option"
              aria-selected={place === at}
              tabIndex={-1}
              className={place === at ? css.chosen : undefined}
              // The text keeps its focus and its caret.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(person)}
            >
              <span>{person.name}</span>
              <span className={css.optionMeta}>{person.employee_number}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
