import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { addDays, today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import css from './customers.module.css';
import type { CustomersSearch } from './routes';

export type CreatedProps = { search: CustomersSearch; onChange: (patch: Partial<CustomersSearch>) => void };

/** The days between which customers were entered; fetched when somebody asks for it. */
export default function CreatedDaysForm({ search, onChange, close }: CreatedProps & { close: () => void }) {
  const { created_from: from, created_to: to } = search;
  const month = today().slice(0, 7);
  const lastMonth = addDays(`${month}-01`, -1);
  const spans = [
    { label: m.customers_created_today(), from: today(), to: today() },
    { label: m.customers_created_7_days(), from: addDays(today(), -6), to: today() },
    { label: m.customers_created_this_month(), from: `${month}-01`, to: today() },
    { label: m.customers_created_last_month(), from: `${lastMonth.slice(0, 7)}-01`, to: lastMonth },
  ];
  return (
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
          disabled={from === undefined && to === undefined}
          onClick={() => onChange({ created_from: undefined, created_to: undefined })}
        >
          {m.customers_created_clear()}
        </Button>
        <Button size="sm" onClick={close}>
          {m.ui_done()}
        </Button>
      </div>
    </div>
  );
}
