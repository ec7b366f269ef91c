import { ChevronDown } from 'lucide-react';
import { lazy, Suspense } from 'react';
import * as m from '@/paraglide/messages';
import { chipClass } from '@/ui/FilterBar';
import { Popover } from '@/ui/Menu';
import type { CreatedProps } from './CreatedDaysForm';

const CreatedDaysForm = lazy(() => import('./CreatedDaysForm'));

/** 创建日期 from–to, with the spans people ask for. */
export function CreatedDays({ search, onChange }: CreatedProps) {
  const { created_from: from, created_to: to } = search;
  const on = from !== undefined || to !== undefined;
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
        <Suspense fallback={null}>
          <CreatedDaysForm search={search} onChange={onChange} close={close} />
        </Suspense>
      )}
    </Popover>
  );
}
