import './input-styles';
import '@mantine/core/styles/Combobox.layer.css';
import '@mantine/core/styles/CloseButton.layer.css';
import '@mantine/core/styles/Pill.layer.css';
import '@mantine/core/styles/PillsInput.layer.css';
import { MultiSelect as MantineMultiSelect, Select as MantineSelect, TagsInput } from '@mantine/core';
import * as m from '@/paraglide/messages';
import { common, type FieldProps, manyLines, oneLine } from './field';

export type Option = { value: string; label: string; disabled?: boolean };

type SelectProps = FieldProps<string> & { options: Option[]; clearable?: boolean; searchable?: boolean };

/** One of a fixed list; '' when nothing is chosen. Long lists are searchable by themselves. */
export function Select(props: SelectProps) {
  return (
    <MantineSelect
      {...common(props)}
      classNames={oneLine}
      data={props.options}
      value={props.value || null}
      onChange={(value) => props.onChange(value ?? '')}
      searchable={props.searchable ?? props.options.length > 8}
      clearable={props.clearable ?? false}
      allowDeselect={false}
      clearButtonProps={{ 'aria-label': m.ui_clear() }}
      nothingFoundMessage={m.ui_nothing_found()}
      comboboxProps={{ shadow: undefined }}
      withScrollArea={false}
    />
  );
}

type MultiSelectProps = FieldProps<string[]> & {
  options: Option[];
  /** Given, the typed text is looked for elsewhere: the options are its hits, and the chosen ones for their names. */
  onSearch?: (text: string) => void;
  searching?: boolean;
};

export function MultiSelect({ onSearch, searching = false, ...props }: MultiSelectProps) {
  return (
    <MantineMultiSelect
      {...common(props)}
      classNames={manyLines}
      data={props.options}
      value={props.value}
      onChange={props.onChange}
      searchable
      hidePickedOptions
      // Hits by pinyin or number do not contain the typed text.
      {...(onSearch && { onSearchChange: onSearch, filter: ({ options }) => options })}
      nothingFoundMessage={searching ? m.ui_searching() : m.ui_nothing_found()}
      withScrollArea={false}
    />
  );
}

/** Free names with suggestions: Enter adds what is typed, known or new (S20). */
export function TagPicker(props: FieldProps<string[]> & { suggestions: string[]; max?: number }) {
  return (
    <TagsInput
      {...common(props)}
      classNames={manyLines}
      data={props.suggestions}
      value={props.value}
      onChange={props.onChange}
      maxTags={props.max}
      splitChars={[',', '，', '、', ';', '；']}
      isDuplicate={(value, tags) => tags.some((tag) => tag.toLowerCase() === value.toLowerCase())}
      acceptValueOnBlur
      withScrollArea={false}
    />
  );
}
