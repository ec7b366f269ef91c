import { Navigation, PhoneCall, PhoneOutgoing } from 'lucide-react';
import type { Customer } from '@/api/types';
import { useOpenDrawer } from '@/app/drawer-search';
import * as m from '@/paraglide/messages';
import { Button, buttonClass } from '@/ui/Button';
import { usePhone } from '@/ui/use-phone';
import { isShortened } from './CustomerFacts';
import css from './customers.module.css';

/** On a phone: call, write the follow-up, find the way; always under the thumb. */
export function StickyActions({ customer, onReveal }: { customer: Customer; onReveal: () => void }) {
  const phone = usePhone();
  const openDrawer = useOpenDrawer();
  if (!phone) return null;
  const call = (
    <>
      <PhoneOutgoing size={16} aria-hidden />
      {m.customers_call()}
    </>
  );
  return (
    <>
      <div className={css.stickySpace} />
      <div className={css.sticky}>
        {isShortened(customer.phone) ? (
          <Button onClick={onReveal}>{call}</Button>
        ) : (
          <a className={buttonClass()} href={`tel:${customer.phone}`}>
            {call}
          </a>
        )}
        <Button
          variant="primary"
          icon={<PhoneCall size={16} aria-hidden />}
          onClick={() => openDrawer('follow_up', { customerId: customer.id })}
        >
          {m.customers_log_call()}
        </Button>
        {customer.address ? (
          <a className={buttonClass()} href={`geo:0,0?q=${encodeURIComponent(customer.address)}`}>
            <Navigation size={16} aria-hidden />
            {m.customers_navigate()}
          </a>
        ) : (
          <Button icon={<Navigation size={16} aria-hidden />} disabled>
            {m.customers_navigate()}
          </Button>
        )}
      </div>
    </>
  );
}
