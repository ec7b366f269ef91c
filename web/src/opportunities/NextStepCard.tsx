import { CalendarPlus, CheckSquare, CircleAlert } from 'lucide-react';
import { useCan } from '@/api/session';
import type { Opportunity } from '@/api/types';
import { useOpenDrawer } from '@/app/drawer-search';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { inZone, today } from '@/ui/clock';
import { dateTime, relativeDay, relativeTime } from '@/ui/format';
import { Card } from '@/ui/Page';
import css from './opportunities.module.css';

/** The next step is what moves a deal; where there is none, the card asks for one (S63). */
export function NextStepCard({ opportunity }: { opportunity: Opportunity }) {
  const can = useCan();
  const openDrawer = useOpenDrawer();
  const step = opportunity.next_step;
  if (opportunity.status !== 'open') return null;
  const about = { customerId: opportunity.customer_id, opportunityId: opportunity.id };
  const timed = step ? step.at.length > 10 : false;
  const late = step ? (timed ? inZone(step.at).date : step.at) < today() : false;
  return (
    <Card title={m.opportunities_next_step()}>
      <div className={css.next}>
        {step ? (
          <>
            <p className={css.nextText}>{step.text}</p>
            <p className={css.nextWhen}>
              <Badge tone={step.kind === 'plan' ? 'violet' : 'blue'}>
                {step.kind === 'plan' ? m.opportunities_plan() : m.opportunities_task()}
              </Badge>{' '}
              <span className={late ? css.red : undefined} title={timed ? dateTime(step.at) : step.at}>
                {timed ? relativeTime(step.at) : relativeDay(step.at)}
              </span>
            </p>
          </>
        ) : (
          <p className={css.nextNone}>
            <CircleAlert size={15} aria-hidden />
            {m.opportunities_no_next_step()}
          </p>
        )}
        <div className={css.nextButtons}>
          {step?.kind === 'plan' && can('edit_follow_ups') && (
            <Button size="sm" onClick={() => openDrawer('follow_up', { ...about, planId: step.id })}>
              {m.opportunities_complete_plan()}
            </Button>
          )}
          {!step && can('edit_follow_ups') && (
            <Button size="sm" icon={<CalendarPlus size={14} aria-hidden />} onClick={() => openDrawer('plan', about)}>
              {m.opportunities_plan()}
            </Button>
          )}
          {!step && can('edit_tasks') && (
            <Button size="sm" icon={<CheckSquare size={14} aria-hidden />} onClick={() => openDrawer('task', about)}>
              {m.opportunities_task()}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}
