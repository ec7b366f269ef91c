import { ChevronDown, Search, X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import * as m from '@/paraglide/messages';
import { Button } from './Button';
import css from './FilterBar.module.css';
import { listed } from './format';
import { Popover } from './Menu';
import type { Option } from './Select';

/** The row above a list: a search field and chips; on a phone it scrolls sideways. */
export function FilterBar({ children }: { children: ReactNode }) {
  return (
    <search className={css.bar} aria-label={m.ui_filters()}>
      {children}
    </search>
  );
}

/** The look of a chip, for one whose popup a room draws itself (a span of dates). */
export const chipClass = (on: boolean): string => `${css.chip} ${on ? css.on : ''}`;

const REST_MS = 300;

type SearchProps = { label: string; value: string; onChange: (value: string) => void };

/** Reports what was typed once typing rests; never in the middle of an input method's composition. */
export function SearchField({ label, value, onChange }: SearchProps) {
  const [text, setText] = useState(value);
  const [composing, setComposing] = useState(false);
  const sent = useRef(value);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    if (composing || text.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text.trim();
      onChange(sent.current);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [text, composing, onChange]);
  return (
    <div className={css.search}>
      <Search size={15} aria-hidden />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        data-list-search
        onChange={(event) => setText(event.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
      />
    </div>
  );
}

type ChipProps = {
  label: string;
  options: Option[];
  value: string[];
  onChange: (value: string[]) => void;
  /** Takes one value only; choosing it closes the chip. */
  single?: boolean;
  /** Stands above the options: a switch between any and all, for instance. */
  extra?: ReactNode;
};

const SEARCHABLE_FROM = 9;

/** A dashed chip that opens its values; with values it turns solid and names them. */
export function FilterChip({ label, options, value, onChange, single, extra }: ChipProps) {
  const chosen = options.filter((option) => value.includes(option.value)).map((option) => option.label);
  return (
    <Popover
      label={label}
      trigger={(toggle, open) => (
        <button
          type="button"
          className={`${css.chip} ${value.length ? css.on : ''}`}
          onClick={toggle}
          aria-expanded={open}
          aria-haspopup="dialog"
        >
          {label}
          {value.length > 0 && <span className={css.values}>{listed(chosen) || value.length}</span>}
          <ChevronDown size={14} aria-hidden />
        </button>
      )}
    >
      {(close) => (
        <ChipValues
          {...{ label, options, value, extra }}
          single={single ?? false}
          onChange={(next) => {
            onChange(next);
            if (single) close();
          }}
          close={close}
        />
      )}
    </Popover>
  );
}

function ChipValues({ label, options, value, onChange, single, extra, close }: ChipProps & { close: () => void }) {
  const [find, setFind] = useState('');
  const group = useId();
  const shown = options.filter((option) => option.label.toLowerCase().includes(find.trim().toLowerCase()));
  return (
    <>
      {options.length >= SEARCHABLE_FROM && (
        <input
          className={css.find}
          type="search"
          aria-label={m.ui_search_in({ label })}
          placeholder={m.ui_search()}
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
      )}
      {extra}
      <div className={css.list}>
        {shown.length === 0 && <p className={css.none}>{m.ui_nothing_found()}</p>}
        {shown.map((option) => (
          <label key={option.value} className={css.item}>
            <input
              type={single ? 'radio' : 'checkbox'}
              name={group}
              checked={value.includes(option.value)}
              onChange={(event) => {
                if (single) onChange([option.value]);
                else if (event.target.checked) onChange([...value, option.value]);
                else onChange(value.filter((other) => other !== option.value));
              }}
            />
            {option.label}
          </label>
        ))}
      </div>
      <div className={css.foot}>
        <Button variant="ghost" size="sm" disabled={value.length === 0} onClick={() => onChange([])}>
          {m.ui_clear()}
        </Button>
        <Button size="sm" onClick={close}>
          {m.ui_done()}
        </Button>
      </div>
    </>
  );
}

/** A chip that is simply on or off. */
export function ToggleChip({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <button type="button" className={`${css.chip} ${on ? css.on : ''}`} aria-pressed={on} onClick={() => onChange(!on)}>
      {label}
    </button>
  );
}

/** Shown while any filter is set. */
export function ClearFilters({ onClear }: { onClear: () => void }) {
  return (
    <Button variant="ghost" icon={<X size={14} aria-hidden />} onClick={onClear}>
      {m.ui_clear_filters()}
    </Button>
  );
}
