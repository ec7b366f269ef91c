import { ChevronDown } from 'lucide-react';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { addDays, today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { chipClass } from '@/ui/FilterBar';
import { Popover } from '@/ui/Menu';
import css from './customers.module.css';
import type { CustomersSearch } from './routes';

type Props = { search: CustomersSearch; onChange: (patch: Partial<CustomersSearch>) => void };

/** 创建日期 from–to, with the spans people ask for. */
export function CreatedDays({ search, onChange }: Props) {
  const { created_from: from, created_to: to } = search;
  const on = from !== undefined || to !== undefined;
  const month = today().slice(0, 7);
  const lastMonth = addDays(`${month}-01`, -1);
  const spans = [
    { label: m.customers_created_today(), from: today(), to: today() },
    { label: m.customers_created_7_days(), from: addDays(today(), -6), to: today() },
    { label: m.customers_created_this_month(), from: `${month}-01`, to: today() },
    { label: m.customers_created_last_month(), from: `${lastMonth.slice(0, 7)}-01`, to: lastMonth },
  ];
  return (
    <Popover
      label={m.customers_created_on()}
      width={280}
      trigger={(open, isOpen) => (
        <button type="button" className={chipClass(on)} aria-haspopup="dialog" aria-expanded={isOpen} onClick={open}>
          {m.customers_created_on()}
          {on && <strong>{`${from ?? '…'} – ${to ?? '…'}`}</strong>}
          <ChevronDown size={14} aria-hidden />
        </button>
      )}
    >
      {(close) => (
        <div className={css.span}>
          <div className={css.spans}>
            {spans.map((span) => (
              <Button
                key={span.label}
                size="sm"
                onClick={() => {
                  onChange({ created_from: span.from, created_to: span.to });
                  close();
                }}
              >
                {span.label}
              </Button>
            ))}
          </div>
          <DateField
            label={m.customers_created_from()}
            clearable
            insidePopup
            value={from ?? ''}
            onChange={(value) => onChange({ created_from: value || undefined })}
          />
          <DateField
            label={m.customers_created_to()}
            clearable
            insidePopup
            value={to ?? ''}
            onChange={(value) => onChange({ created_to: value || undefined })}
          />
          <div className={css.spanFoot}>
            <Button
              variant="ghost"
              size="sm"
              disabled={!on}
              onClick={() => onChange({ created_from: undefined, created_to: undefined })}
            >
              {m.customers_created_clear()}
            </Button>
            <Button size="sm" onClick={close}>
              {m.ui_done()}
            </Button>
          </div>
        </div>
      )}
    </Popover>
  );
}
