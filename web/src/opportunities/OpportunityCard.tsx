import { Link } from '@tanstack/react-router';
import { ArrowRight, CircleAlert, GripVertical, MoreHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStages } from '@/api/dictionaries';
import type { Opportunity } from '@/api/types';
import { useOpenDrawer } from '@/app/drawer-search';
import * as m from '@/paraglide/messages';
import { Avatar } from '@/ui/Avatar';
import { IconButton } from '@/ui/Button';
import { inZone, today } from '@/ui/clock';
import { dayMonth, money, moneyShort, relativeDay } from '@/ui/format';
import { Menu, type MenuItem } from '@/ui/Menu';
import { useCard } from './dnd';
import { CloseDate, StageDot, StayDays } from './marks';
import css from './opportunities.module.css';
import { inOrder } from './stage-moves';

type Props = {
  opportunity: Opportunity;
  movable: boolean;
  onMove: (to: string) => void;
  onStep: (by: -1 | 1) => void;
};

/** A card on the board: it drags from anywhere, its menu and the keys `[` `]` do the same without dragging. */
export function OpportunityCard({ opportunity, movable, onMove, onStep }: Props) {
  const { ref, grip, handle, dragging } = useCard(opportunity.id, !movable);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys come up from the link and the buttons inside
    <div
      ref={ref}
      {...grip}
      data-card={opportunity.id}
      className={`${css.cardBox} ${dragging ? css.dragged : ''}`}
      onKeyDown={(event) => {
        if (!movable || event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key !== '[' && event.key !== ']') return;
        event.preventDefault();
        onStep(event.key === ']' ? 1 : -1);
      }}
    >
      <CardFace
        opportunity={opportunity}
        tools={
          movable && (
            <>
              <IconButton
                size="sm"
                label={m.opportunities_drag({ name: opportunity.name })}
                className={css.grip}
                {...handle}
              >
                <GripVertical size={14} aria-hidden />
              </IconButton>
              <CardMenu opportunity={opportunity} onMove={onMove} />
            </>
          )
        }
      />
    </div>
  );
}

function CardMenu({ opportunity, onMove }: { opportunity: Opportunity; onMove: (to: string) => void }) {
  const stages = inOrder(useStages());
  const openDrawer = useOpenDrawer();
  const about = { customerId: opportunity.customer_id, opportunityId: opportunity.id };
  const items: MenuItem[] = [
    { heading: m.opportunities_move_to() },
    ...stages.map((stage) => ({
      label: stage.name,
      icon: <StageDot stage={stage.key} kind={stage.kind} />,
      disabled: stage.key === opportunity.stage,
      onSelect: () => onMove(stage.key),
    })),
    'divider',
    { label: m.opportunities_log(), onSelect: () => openDrawer('follow_up', about) },
    { label: m.opportunities_plan(), onSelect: () => openDrawer('plan', about) },
    { label: m.opportunities_task(), onSelect: () => openDrawer('task', about) },
  ];
  return (
    <Menu
      trigger={
        <IconButton size="sm" label={m.opportunities_card_menu({ name: opportunity.name })} className={css.cardMenu}>
          <MoreHorizontal size={15} aria-hidden />
        </IconButton>
      }
      items={items}
    />
  );
}

/** What a card shows, also while it hangs under the pointer. */
export function CardFace({
  opportunity,
  tools,
  lifted,
}: {
  opportunity: Opportunity;
  tools?: ReactNode;
  lifted?: boolean;
}) {
  const open = opportunity.status === 'open';
  return (
    <article className={`${css.card} ${lifted ? css.lifted : ''}`} aria-label={opportunity.name}>
      <div className={css.cardTop}>
        <Link
          to="/opportunities/$id"
          params={{ id: String(opportunity.id) }}
          className={css.cardName}
          title={opportunity.name}
          draggable={false}
        >
          {opportunity.name}
        </Link>
        <span className={css.cardAmount} title={money(opportunity.won_amount ?? opportunity.expected_amount)}>
          {moneyShort(opportunity.won_amount ?? opportunity.expected_amount)}
        </span>
      </div>
      <p className={css.cardCustomer} title={opportunity.customer_name}>
        {opportunity.customer_name}
      </p>
      {open && <CardStep opportunity={opportunity} />}
      {opportunity.status === 'lost' && opportunity.lost_reason && (
        <p className={css.cardLost} title={opportunity.lost_reason}>
          {opportunity.lost_reason}
        </p>
      )}
      <div className={css.cardFoot}>
        {opportunity.owner_name && (
          <span title={opportunity.owner_name}>
            <Avatar name={opportunity.owner_name} />
            <span className="visually-hidden">{opportunity.owner_name}</span>
          </span>
        )}
        <span className={css.cardFacts}>
          {open && <StayDays opportunity={opportunity} long />}
          {open ? (
            <CloseDate opportunity={opportunity} />
          ) : (
            dayMonth(opportunity.won_date ?? opportunity.entered_stage_at)
          )}
        </span>
        {tools}
      </div>
    </article>
  );
}

function CardStep({ opportunity }: { opportunity: Opportunity }) {
  const step = opportunity.next_step;
  if (!step) {
    return (
      <p className={`${css.cardStep} ${css.cardStepNone}`}>
        <CircleAlert size={13} aria-hidden />
        {m.opportunities_no_next_step()}
      </p>
    );
  }
  const late = (step.at.length === 10 ? step.at : inZone(step.at).date) < today();
  return (
    <p className={`${css.cardStep} ${late ? css.cardStepLate : ''}`} title={step.text}>
      <ArrowRight size={13} aria-hidden />
      <span>{step.text}</span>
      <span className={css.cardStepDay}>{relativeDay(step.at)}</span>
    </p>
  );
}
