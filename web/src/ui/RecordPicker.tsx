import './input-styles';
import '@mantine/core/styles/Combobox.layer.css';
import '@mantine/core/styles/CloseButton.layer.css';
import { Select as MantineSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '@/api/client';
import type { Customer, CustomerRow, Opportunity, Page, PickableUser } from '@/api/types';
import * as m from '@/paraglide/messages';
import { common, type FieldProps, oneLine } from './field';
import css from './fields.module.css';
import { useDebounced } from './use-debounced';

type Choice = { id: number; label: string; meta: string; number?: string };

type Source = {
  room: string;
  search: (q: string, signal: AbortSignal) => Promise<Choice[]>;
  one?: (id: number) => Promise<Choice>;
};

const customerChoice = (row: CustomerRow | Customer): Choice => ({
  id: row.id,
  label: row.name,
  meta: [row.number, row.owner_name].filter(Boolean).join(' · '),
  number: row.number,
});

const opportunityChoice = (row: Opportunity): Choice => ({
  id: row.id,
  label: row.name,
  meta: `${row.number} · ${row.customer_name}`,
  number: row.number,
});

const CREATE = 'create';

type PickerProps = FieldProps<number | null> & {
  /** The text of the chosen record when it is known already; otherwise it is fetched. */
  chosenLabel?: string | undefined;
  /** Offers 「新建」 with what was typed (S35). */
  onCreate?: (text: string) => void;
};

/** Customer by name, pinyin, phone or exact number (S35). */
export function CustomerPicker(props: PickerProps) {
  return (
    <RecordPicker
      {...props}
      source={{
        room: 'customers',
        search: async (q, signal) =>
          (await api.get<Page<CustomerRow>>('/customers', { query: { q, limit: 20 }, signal })).items.map(
            customerChoice,
          ),
        one: async (id) => customerChoice(await api.get<Customer>('/customers/{id}', { path: { id } })),
      }}
    />
  );
}

/** Opportunity by name or number (S56); `customerId` narrows to one customer's. */
export function OpportunityPicker({ customerId, ...props }: PickerProps & { customerId?: number | null }) {
  return (
    <RecordPicker
      {...props}
      source={{
        room: `opportunities of ${customerId ?? 'all'}`,
        search: async (q, signal) =>
          (
            await api.get<Page<Opportunity>>('/opportunities', {
              query: { q, customer_id: customerId, limit: 20 },
              signal,
            })
          ).items.map(opportunityChoice),
        one: async (id) => opportunityChoice(await api.get<Opportunity>('/opportunities/{id}', { path: { id } })),
      }}
    />
  );
}

/** An active colleague; `teamId` narrows to one team (S38). */
export function UserPicker({ teamId, ...props }: PickerProps & { teamId?: number | null }) {
  return (
    <RecordPicker
      {...props}
      source={{
        room: `users of ${teamId ?? 'all'}`,
        search: async (q, signal) =>
          (await api.get<PickableUser[]>('/users/pickable', { query: { q, team_id: teamId }, signal })).map((user) => ({
            id: user.id,
            label: user.name,
            meta: user.employee_number,
            number: user.employee_number,
          })),
      }}
    />
  );
}

/** CUST20240315001, OPP20240315001: in any case, spaces around it do no harm. */
const BUSINESS_NUMBER = /^[a-z]{3,4}\d{11,}$/i;

function RecordPicker({ source, chosenLabel, onCreate, ...props }: PickerProps & { source: Source }) {
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Choice>();
  const [unknown, setUnknown] = useState(false);
  // What the person typed, as opposed to the label that the field shows for the chosen record.
  const typed = useRef('');
  const q = useDebounced(open ? text.trim() : '', 200);
  const found = useQuery({
    queryKey: ['choices', source.room, q],
    queryFn: ({ signal }) => source.search(q, signal),
    enabled: open,
    staleTime: 10_000,
    placeholderData: (before) => before,
  });
  const needsLabel = props.value !== null && chosen?.id !== props.value && !chosenLabel;
  const label = useQuery({
    queryKey: ['choices', source.room, 'one', props.value],
    queryFn: () => (source.one ? source.one(props.value ?? 0) : null),
    enabled: needsLabel && source.one !== undefined,
  });

  const choices = new Map<string, Choice>();
  for (const choice of found.data ?? []) choices.set(String(choice.id), choice);
  const current = currentChoice(props.value, chosen, label.data ?? undefined, choices, chosenLabel);
  const searching = open && text.trim() !== '';
  // While something else is typed the chosen record is no hit; otherwise the field needs it for its text.
  if (current && !searching) choices.set(String(current.id), current);
  const data = [...choices.values()].map((choice) => ({ value: String(choice.id), label: choice.label }));
  if (onCreate && searching) data.push({ value: CREATE, label: m.ui_create_named({ name: text.trim() }) });

  function take(choice: Choice | undefined) {
    typed.current = '';
    setUnknown(false);
    setChosen(choice);
    props.onChange(choice?.id ?? null);
  }

  /** An exact number selects by itself (S35), even when the field is left before the hits came. */
  async function settle() {
    const number = typed.current.trim().toLowerCase();
    typed.current = '';
    if (!number) return;
    const exact = (list: Iterable<Choice>) => [...list].find((choice) => choice.number?.toLowerCase() === number);
    let choice = exact(choices.values());
    if (!choice && BUSINESS_NUMBER.test(number)) {
      choice = exact(await source.search(number.toUpperCase(), new AbortController().signal).catch(() => []));
      if (!choice) setUnknown(true);
    }
    if (choice) take(choice);
  }

  const field = common(props);
  return (
    <MantineSelect
      {...field}
      error={field.error || (unknown && m.ui_unknown_number())}
      placeholder={props.placeholder ?? m.ui_type_to_search()}
      classNames={oneLine}
      data={data}
      value={current ? String(current.id) : null}
      onChange={(value) => {
        if (value === CREATE) onCreate?.(text.trim());
        else take(value ? choices.get(value) : undefined);
      }}
      searchable
      clearable={!props.required}
      clearButtonProps={{ 'aria-label': m.ui_clear() }}
      // The server has searched already: pinyin and phone hits do not contain the typed text.
      filter={({ options }) => options}
      onInput={(event) => {
        typed.current = event.currentTarget.value;
        setUnknown(false);
        setText(event.currentTarget.value);
      }}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => {
        setOpen(false);
        setText('');
      }}
      onBlur={() => void settle()}
      nothingFoundMessage={found.isFetching ? m.ui_searching() : m.ui_nothing_found()}
      withScrollArea={false}
      renderOption={({ option }) => (
        <span className={css.optionRow}>
          <span>{option.label}</span>
          {choices.get(option.value)?.meta && <span className={css.optionMeta}>{choices.get(option.value)?.meta}</span>}
        </span>
      )}
    />
  );
}

/** The chosen record as a choice: as picked, as fetched, as found, or with the label the form already knew. */
function currentChoice(
  value: number | null,
  chosen: Choice | undefined,
  fetched: Choice | undefined,
  choices: Map<string, Choice>,
  chosenLabel: string | undefined,
): Choice | undefined {
  if (value === null) return undefined;
  if (chosen?.id === value) return chosen;
  return fetched ?? choices.get(String(value)) ?? { id: value, label: chosenLabel ?? '…', meta: '' };
}
