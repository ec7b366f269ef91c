import type { Customer } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import css from './stewardship.module.css';

/** The name of a field that the server counts. */
const nameOf = (field: string): string =>
  ({
    credit_code: m.customers_credit_code(),
    requirement: m.customers_requirement(),
    email: m.customers_email(),
    region: m.customers_region(),
    address: m.customers_address(),
    phone_check: m.customers_phone_check(),
  })[field] ?? field;

/** What is missing; each leads to its field in the edit form. */
export function Missing({ customer, onField }: { customer: Customer; onField: (field: string) => void }) {
  if (customer.missing.length === 0) return null;
  return (
    <div className={css.missing}>
      {m.stewardship_missing()}
      {customer.missing.map(({ field, weight }) => (
        <Button key={field} size="sm" variant="ghost" onClick={() => onField(field)}>
          {nameOf(field)} +{weight}%
        </Button>
      ))}
    </div>
  );
}
