import './input-styles';
import '@mantine/core/styles/Combobox.layer.css';
import '@mantine/core/styles/ScrollArea.layer.css';
import '@mantine/core/styles/CloseButton.layer.css';
import { Select as MantineSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { Problem } from '@/api/problem';
import type { Customer, CustomerRow, Opportunity, Page, PickableUser } from '@/api/types';
import * as m from '@/paraglide/messages';
import { common, type FieldProps, oneLine } from './field';
import css from './fields.module.css';
import { useDebounced } from './use-debounced';

type Choice = { id: number; label: string; meta: string; number?: string };

type Source = {
  room: string;
  search: (q: string, signal: AbortSignal) => Promise<Choice[]>;
  one?: (id: number | string) => Promise<Choice>;
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
  /** A number was typed that is nobody's, or nobody's this user may see. */
  onUnknown?: (number: string) => void;
};

/** CUST20240315001, OPP20240315001: letters, then digits. */
const LOOKS_LIKE_NUMBER = /^[a-z]{2,5}\d{4,}$/i;

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

function RecordPicker({ source, chosenLabel, onCreate, onUnknown, ...props }: PickerProps & { source: Source }) {
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Choice>();
  const q = useDebounced(open ? text.trim() : '', 200);
  const found = useQuery({
    queryKey: ['picker', source.room, q],
    queryFn: ({ signal }) => source.search(q, signal),
    enabled: open,
    staleTime: 10_000,
    placeholderData: (before) => before,
  });
  const needsLabel = props.value !== null && chosen?.id !== props.value && !chosenLabel;
  const label = useQuery({
    queryKey: ['picker', source.room, 'one', props.value],
    queryFn: () => (source.one ? source.one(props.value ?? 0) : null),
    enabled: needsLabel && source.one !== undefined,
  });

  const choices = new Map<string, Choice>();
  for (const choice of found.data ?? []) choices.set(String(choice.id), choice);
  const current =
    props.value === null
      ? undefined
      : chosen?.id === props.value
        ? chosen
        : (label.data ?? choices.get(String(props.value)) ?? { id: props.value, label: chosenLabel ?? '…', meta: '' });
  if (current) choices.set(String(current.id), current);
  const data = [...choices.values()].map((choice) => ({ value: String(choice.id), label: choice.label }));
  const typed = text.trim();
  if (onCreate && typed && !current) data.push({ value: CREATE, label: m.ui_create_named({ name: typed }) });

  function pick(value: string | null) {
    if (value === CREATE) {
      onCreate?.(typed);
      return;
    }
    const choice = value ? choices.get(value) : undefined;
    setChosen(choice);
    props.onChange(choice?.id ?? null);
  }

  /** An exact number selects by itself, in any case and with spaces around it, even before the search has answered. */
  async function pickExact() {
    if (!typed || typed === current?.label) return;
    const here = [...choices.values()].find((choice) => choice.number?.toLowerCase() === typed.toLowerCase());
    if (here) {
      pick(String(here.id));
      return;
    }
    if (!source.one || !LOOKS_LIKE_NUMBER.test(typed)) return;
    try {
      const exact = await source.one(typed.toUpperCase());
      setChosen(exact);
      props.onChange(exact.id);
    } catch (error) {
      if (error instanceof Problem && error.status === 404) onUnknown?.(typed);
    }
  }

  return (
    <MantineSelect
      {...common(props)}
      placeholder={props.placeholder ?? m.ui_type_to_search()}
      classNames={oneLine}
      data={data}
      value={current ? String(current.id) : null}
      onChange={pick}
      searchable
      clearable={!props.required}
      clearButtonProps={{ 'aria-label': m.ui_clear() }}
      // The server has searched already: pinyin and phone hits do not contain the typed text.
      filter={({ options }) => options}
      onSearchChange={setText}
      onDropdownOpen={() => {
        setText('');
        setOpen(true);
      }}
      onDropdownClose={() => setOpen(false)}
      onBlur={() => void pickExact()}
      nothingFoundMessage={found.isFetching ? m.ui_searching() : m.ui_nothing_found()}
      maxDropdownHeight={300}
      renderOption={({ option }) => (
        <span className={css.optionRow}>
          <span>{option.label}</span>
          {choices.get(option.value)?.meta && <span className={css.optionMeta}>{choices.get(option.value)?.meta}</span>}
        </span>
      )}
    />
  );
}
