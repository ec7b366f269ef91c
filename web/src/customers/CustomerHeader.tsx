import { Link, useNavigate } from '@tanstack/react-router';
import {
  Briefcase,
  CalendarPlus,
  CheckSquare,
  ChevronDown,
  Merge,
  MoreHorizontal,
  Pencil,
  PhoneCall,
  Printer,
  Trash2,
  UserRoundCog,
} from 'lucide-react';
import { useCan } from '@/api/session';
import type { Customer, CustomerStatus, FollowUpStatus } from '@/api/types';
import { useOpenDrawer } from '@/app/drawer-search';
import * as m from '@/paraglide/messages';
import { Missing } from '@/stewardship';
import { Person } from '@/ui/Avatar';
import { StatusDot } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { inZone, today } from '@/ui/clock';
import { dateTime, money, relativeDay } from '@/ui/format';
import { Menu, type MenuItem } from '@/ui/Menu';
import { Card, PageHeader } from '@/ui/Page';
import { Ring } from '@/ui/Ring';
import { usePhone } from '@/ui/use-phone';
import css from './customers.module.css';
import { followUpLabels, statusLabels } from './labels';
import { patchCustomer } from './patch';

export type CustomerDialog =
  | { kind: 'reveal' | 'owner' | 'delete' | 'another' | 'merge' }
  | { kind: 'reopen'; status: CustomerStatus };

type Props = {
  customer: Customer;
  editable: boolean;
  onEdit: () => void;
  onWin: () => void;
  onDialog: (dialog: CustomerDialog) => void;
  onField: (field: string) => void;
};

/** Name, states to change in one click, the four one-click actions of S1, and the figures that matter. */
export function CustomerHeader({ customer, editable, onEdit, onWin, onDialog, onField }: Props) {
  const can = useCan();
  const openDrawer = useOpenDrawer();
  const phone = usePhone();
  const open = (kind: 'opportunity' | 'plan' | 'follow_up' | 'task') => openDrawer(kind, { customerId: customer.id });
  const navigate = useNavigate();
  const print: MenuItem = {
    label: m.exchange_print(),
    icon: <Printer size={15} aria-hidden />,
    onSelect: () => void navigate({ to: '/customers/$id/record-sheet', params: { id: String(customer.id) } }),
  };
  const more: MenuItem[] = [
    ...(phone ? [{ label: m.ui_edit(), icon: <Pencil size={15} aria-hidden />, onSelect: onEdit }] : []),
    ...(customer.status === 'won'
      ? [
          { label: m.customers_win_correct(), onSelect: onWin },
          {
            label: m.customers_win_another(),
            onSelect: () => {
              onDialog({ kind: 'another' });
              onWin();
            },
          },
        ]
      : [{ label: m.customers_win(), onSelect: onWin }]),
    {
      label: m.customers_change_owner(),
      icon: <UserRoundCog size={15} aria-hidden />,
      onSelect: () => onDialog({ kind: 'owner' }),
    },
    {
      label: m.stewardship_merge(),
      icon: <Merge size={15} aria-hidden />,
      onSelect: () => onDialog({ kind: 'merge' }),
    },
    print,
    'divider',
    {
      label: m.customers_delete(),
      icon: <Trash2 size={15} aria-hidden />,
      danger: true,
      onSelect: () => onDialog({ kind: 'delete' }),
    },
  ];

  return (
    <>
      <PageHeader
        title={customer.name}
        meta={
          <span className={css.titleRow}>
            {customer.number}
            <StatusMenu customer={customer} editable={editable} onWin={onWin} onDialog={onDialog} />
            <FollowUpMenu customer={customer} editable={editable} />
          </span>
        }
        actions={
          <>
            {can('edit_follow_ups') && !phone && (
              <Button variant="primary" icon={<PhoneCall size={15} aria-hidden />} onClick={() => open('follow_up')}>
                {m.customers_log_call()}
              </Button>
            )}
            {can('edit_opportunities') && (
              <Button icon={<Briefcase size={15} aria-hidden />} onClick={() => open('opportunity')}>
                {m.customers_new_opportunity()}
              </Button>
            )}
            {can('edit_follow_ups') && (
              <Button icon={<CalendarPlus size={15} aria-hidden />} onClick={() => open('plan')}>
                {m.customers_plan()}
              </Button>
            )}
            {can('edit_tasks') && (
              <Button icon={<CheckSquare size={15} aria-hidden />} onClick={() => open('task')}>
                {m.customers_task()}
              </Button>
            )}
            {editable && !phone && (
              <Button icon={<Pencil size={15} aria-hidden />} onClick={onEdit}>
                {m.ui_edit()}
              </Button>
            )}
            <Menu
              trigger={
                <Button aria-label={m.customers_more_actions()}>
                  <MoreHorizontal size={16} aria-hidden />
                </Button>
              }
              items={editable ? more : [print]}
            />
          </>
        }
      />
      <Card flush>
        <div className={css.head}>
          <div className={css.figure}>
            <span>{m.customers_owner()}</span>
            <Person name={customer.owner_name ?? m.customers_pool()} />
          </div>
          <div className={css.figure}>
            <span>{m.customers_last_follow_up()}</span>
            <span title={dateTime(customer.last_followed_up_at)}>
              {customer.last_followed_up_at ? relativeDay(customer.last_followed_up_at) : m.customers_never_followed()}
            </span>
          </div>
          <div className={css.figure}>
            <span>{m.customers_next_step()}</span>
            {customer.next_step ? (
              <span title={customer.next_step.text} className={isPast(customer.next_step.at) ? css.late : undefined}>
                {relativeDay(customer.next_step.at)}
              </span>
            ) : (
              <span className={css.silent}>—</span>
            )}
          </div>
          <div className={css.figure}>
            <span>{m.customers_total_won()}</span>
            <span>{money(customer.total_won_amount)}</span>
          </div>
          <div className={css.figure}>
            <span>{m.stewardship_completeness()}</span>
            <Ring percent={customer.completeness} />
          </div>
          {customer.status === 'won' && (
            <>
              <div className={css.figure}>
                <span>{m.customers_contract_amount()}</span>
                <span>{money(customer.contract_amount)}</span>
              </div>
              <div className={css.figure}>
                <span>{m.customers_deal_date()}</span>
                {customer.won_opportunity_id ? (
                  <Link
                    to="/opportunities/$id"
                    params={{ id: String(customer.won_opportunity_id) }}
                    title={m.customers_open_opportunity()}
                  >
                    {customer.deal_date}
                  </Link>
                ) : (
                  <span>{customer.deal_date}</span>
                )}
              </div>
            </>
          )}
        </div>
        {editable && <Missing customer={customer} onField={onField} />}
      </Card>
    </>
  );
}

const isPast = (at: string) => (at.length === 10 ? at : inZone(at).date) < today();

type StatusProps = Pick<Props, 'customer' | 'editable' | 'onWin' | 'onDialog'>;

function StatusMenu({ customer, editable, onWin, onDialog }: StatusProps) {
  const labels = statusLabels();
  const shown = <StatusDot tone={labels[customer.status].tone}>{labels[customer.status].label}</StatusDot>;
  if (!editable) return shown;
  function choose(status: CustomerStatus) {
    if (status === customer.status) return;
    if (status === 'won') onWin();
    else if (customer.status === 'won') onDialog({ kind: 'reopen', status });
    else void patchCustomer(customer, { status });
  }
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className={css.statusButton}
          aria-label={`${m.customers_status()}: ${labels[customer.status].label}`}
        >
          {shown}
          <ChevronDown size={14} aria-hidden />
        </button>
      }
      items={(Object.keys(labels) as CustomerStatus[]).map((status) => ({
        label: labels[status].label,
        disabled: status === customer.status,
        onSelect: () => choose(status),
      }))}
    />
  );
}

function FollowUpMenu({ customer, editable }: { customer: Customer; editable: boolean }) {
  const labels = followUpLabels();
  const now = labels[customer.follow_up_status];
  const shown = <StatusDot tone={now.tone}>{now.label}</StatusDot>;
  if (!editable) return shown;
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className={css.statusButton}
          aria-label={`${m.customers_follow_up_status()}: ${now.label}`}
        >
          {shown}
          <ChevronDown size={14} aria-hidden />
        </button>
      }
      items={(Object.keys(labels) as FollowUpStatus[]).map((status) => ({
        label: labels[status].label,
        disabled: status === customer.follow_up_status,
        onSelect: () => void patchCustomer(customer, { follow_up_status: status }),
      }))}
    />
  );
}
