import { ChevronDown } from 'lucide-react';
import * as m from '@/paraglide/messages';
import { chipClass, SearchField } from '@/ui/FilterBar';
import { Popover } from '@/ui/Menu';

type Props = { value: string | undefined; onChange: (value: string | undefined) => void };

/** 来源详情: any part of it (S22). */
export function SourceDetail({ value, onChange }: Props) {
  return (
    <Popover
      label={m.customers_source_detail()}
      width={236}
      trigger={(open, isOpen) => (
        <button
          type="button"
          className={chipClass(value !== undefined)}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={open}
        >
          {m.customers_source_detail()}
          {value && <strong>{value}</strong>}
          <ChevronDown size={14} aria-hidden />
        </button>
      )}
    >
      {() => (
        <SearchField
          label={m.customers_source_detail()}
          value={value ?? ''}
          onChange={(text) => onChange(text || undefined)}
        />
      )}
    </Popover>
  );
}
