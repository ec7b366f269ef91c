import { Link, useNavigate } from '@tanstack/react-router';
import {
  CalendarPlus,
  CheckSquare,
  ChevronDown,
  MoreHorizontal,
  Pencil,
  PhoneCall,
  Printer,
  Trash2,
  UserRoundCog,
} from 'lucide-react';
import { useStages } from '@/api/dictionaries';
import { useCan } from '@/api/session';
import type { Opportunity } from '@/api/types';
import { useOpenDrawer } from '@/app/drawer-search';
import * as m from '@/paraglide/messages';
import { Person } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { money, percent } from '@/ui/format';
import { Menu, type MenuItem } from '@/ui/Menu';
import { PageHeader } from '@/ui/Page';
import { usePhone } from '@/ui/use-phone';
import { CloseDate, StageDot, StageMark, StayDays } from './marks';
import css from './opportunities.module.css';
import { inOrder } from './stage-moves';

type Props = {
  opportunity: Opportunity;
  editable: boolean;
  onMove: (to: string) => void;
  onEdit: () => void;
  onDialog: (dialog: 'owner' | 'delete') => void;
};

/** Name, customer, stage to change by drop-down (S52), and the one-click actions of S1. */
export function OpportunityHeader({ opportunity, editable, onMove, onEdit, onDialog }: Props) {
  const can = useCan();
  const phone = usePhone();
  const openDrawer = useOpenDrawer();
  const navigate = useNavigate();
  const about = { customerId: opportunity.customer_id, opportunityId: opportunity.id };
  const more: MenuItem[] = [
    ...(phone ? [{ label: m.ui_edit(), icon: <Pencil size={15} aria-hidden />, onSelect: onEdit }] : []),
    {
      label: m.opportunities_change_owner(),
      icon: <UserRoundCog size={15} aria-hidden />,
      onSelect: () => onDialog('owner'),
    },
    {
      label: m.exchange_print(),
      icon: <Printer size={15} aria-hidden />,
      onSelect: () => void navigate({ to: '/opportunities/$id/record-sheet', params: { id: String(opportunity.id) } }),
    },
    'divider',
    {
      label: m.opportunities_delete(),
      icon: <Trash2 size={15} aria-hidden />,
      danger: true,
      onSelect: () => onDialog('delete'),
    },
  ];
  return (
    <PageHeader
      title={opportunity.name}
      meta={
        <span className={css.titleRow}>
          {opportunity.number}
          <Link to="/customers/$id" params={{ id: String(opportunity.customer_id) }}>
            {opportunity.customer_name}
          </Link>
          <StageMenu opportunity={opportunity} editable={editable} onMove={onMove} />
        </span>
      }
      actions={
        <>
          {can('edit_follow_ups') && (
            <>
              <Button
                variant="primary"
                icon={<PhoneCall size={15} aria-hidden />}
                onClick={() => openDrawer('follow_up', about)}
              >
                {m.opportunities_log()}
              </Button>
              <Button icon={<CalendarPlus size={15} aria-hidden />} onClick={() => openDrawer('plan', about)}>
                {m.opportunities_plan()}
              </Button>
            </>
          )}
          {can('edit_tasks') && (
            <Button icon={<CheckSquare size={15} aria-hidden />} onClick={() => openDrawer('task', about)}>
              {m.opportunities_task()}
            </Button>
          )}
          {editable && !phone && (
            <Button icon={<Pencil size={15} aria-hidden />} onClick={onEdit}>
              {m.ui_edit()}
            </Button>
          )}
          {editable && (
            <Menu
              trigger={
                <Button aria-label={m.opportunities_more_actions()}>
                  <MoreHorizontal size={16} aria-hidden />
                </Button>
              }
              items={more}
            />
          )}
        </>
      }
    />
  );
}

function StageMenu({ opportunity, editable, onMove }: Pick<Props, 'opportunity' | 'editable' | 'onMove'>) {
  const stages = inOrder(useStages());
  if (!editable) return <StageMark opportunity={opportunity} />;
  const name = stages.find((stage) => stage.key === opportunity.stage)?.name ?? opportunity.stage;
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className={css.stageButton} aria-label={`${m.opportunities_stage()}: ${name}`}>
          <StageMark opportunity={opportunity} />
          <ChevronDown size={14} aria-hidden />
        </button>
      }
      items={stages.map((stage) => ({
        label: stage.name,
        icon: <StageDot stage={stage.key} kind={stage.kind} />,
        disabled: stage.key === opportunity.stage,
        onSelect: () => onMove(stage.key),
      }))}
    />
  );
}

/** The figures that matter, by how the opportunity stands. */
export function OpportunityFigures({ opportunity }: { opportunity: Opportunity }) {
  const open = opportunity.status === 'open';
  return (
    <dl className={css.figures}>
      {opportunity.status === 'won' && (
        <>
          <div className={css.figure}>
            <dt>{m.opportunities_won_amount()}</dt>
            <dd>{money(opportunity.won_amount)}</dd>
          </div>
          <div className={css.figure}>
            <dt>{m.opportunities_won_date()}</dt>
            <dd>{opportunity.won_date}</dd>
          </div>
        </>
      )}
      {opportunity.status === 'lost' && (
        <div className={css.figure}>
          <dt>{m.opportunities_lost_reason()}</dt>
          <dd className={css.red}>{opportunity.lost_reason}</dd>
        </div>
      )}
      {opportunity.competitor && (
        <div className={css.figure}>
          <dt>{m.opportunities_competitor()}</dt>
          <dd>{opportunity.competitor}</dd>
        </div>
      )}
      <div className={css.figure}>
        <dt>{m.opportunities_expected_amount()}</dt>
        <dd>{money(opportunity.expected_amount)}</dd>
      </div>
      {open && (
        <div className={css.figure}>
          <dt>{m.opportunities_probability()}</dt>
          <dd>{percent(opportunity.probability / 100)}</dd>
        </div>
      )}
      <div className={css.figure}>
        <dt>{m.opportunities_close_date()}</dt>
        <dd>
          <CloseDate opportunity={opportunity} full />
          {opportunity.close_overdue && (
            <span className={`${css.hint} ${css.red}`} aria-hidden>
              {' '}
              {m.opportunities_close_passed()}
            </span>
          )}
        </dd>
      </div>
      {open && (
        <div className={css.figure}>
          <dt>{m.opportunities_stay_in_stage()}</dt>
          <dd>
            <StayDays opportunity={opportunity} />
          </dd>
        </div>
      )}
      <div className={css.figure}>
        <dt>{m.opportunities_owner()}</dt>
        <dd>
          <Person name={opportunity.owner_name} />
        </dd>
      </div>
    </dl>
  );
}
