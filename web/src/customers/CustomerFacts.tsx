import { Link } from '@tanstack/react-router';
import { Eye } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Customer } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge, TagList } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { aside, date, dateTime, listed } from '@/ui/format';
import { Card } from '@/ui/Page';
import css from './customers.module.css';
import { CustomerGroups } from './groups';
import { phoneCheckLabels } from './labels';

/** Whether the server sent the number shortened: then a reveal, which is logged, is the way to it. */
export const isShortened = (phone: string): boolean => phone.includes('*');

type Props = { customer: Customer; onReveal: () => void; onVersions: () => void };

export function CustomerFacts({ customer, onReveal, onVersions }: Props) {
  const check = phoneCheckLabels()[customer.phone_check];
  const facts: [string, ReactNode][] = [
    [m.customers_contact_name(), customer.contact_name],
    [
      m.customers_phone(),
      <span key="phone" className={css.titleRow}>
        {isShortened(customer.phone) ? (
          <>
            {customer.phone}
            <IconButton size="sm" label={m.customers_reveal()} onClick={onReveal}>
              <Eye size={15} aria-hidden />
            </IconButton>
          </>
        ) : (
          <a href={`tel:${customer.phone}`}>{customer.phone}</a>
        )}
        <Badge tone={check.tone}>{check.label}</Badge>
        {customer.phone_checked_at && (
          <small>
            {[customer.phone_checked_by_name, dateTime(customer.phone_checked_at)].filter(Boolean).join(' · ')}
          </small>
        )}
      </span>,
    ],
    [m.customers_email(), customer.email && <a href={`mailto:${customer.email}`}>{customer.email}</a>],
    [m.customers_consent_short(), customer.marketing_consent ? m.ui_yes() : m.ui_no()],
    [m.customers_industry(), customer.industry.name],
    [m.customers_region(), customer.region?.name],
    [
      m.customers_source_channels(),
      listed(
        customer.source_channels.map((channel, i) =>
          i === 0 && customer.source_channels.length > 1
            ? channel.name + aside(m.customers_primary_source())
            : channel.name,
        ),
      ),
    ],
    [m.customers_source_detail(), customer.source_detail],
    [
      m.customers_referrer(),
      customer.referrer_id && (
        <Link to="/customers/$id" params={{ id: String(customer.referrer_id) }}>
          #{customer.referrer_id}
        </Link>
      ),
    ],
    [m.customers_tags(), customer.tags.length > 0 && <TagList tags={customer.tags} max={20} />],
    [m.groups_of(), <CustomerGroups key="groups" id={customer.id} />],
    [m.customers_credit_code(), customer.credit_code],
    [m.customers_address(), customer.address],
    [m.customers_team(), customer.team_name],
    [m.customers_remark(), customer.remark],
    [
      m.customers_created(),
      m.customers_created_by({ name: customer.created_by_name ?? '—', at: date(customer.created_at) }),
    ],
    [m.customers_updated(), dateTime(customer.updated_at)],
  ];
  return (
    <div style={{ display: 'contents' }}>
      <Card title={m.customers_facts()}>
        {customer.requirement && (
          <div style={{ marginBottom: 14 }}>
            <p className={css.itemMeta}>
              {m.customers_requirement()}{' '}
              <Button variant="link" size="sm" onClick={onVersions}>
                {m.stewardship_changes()}
              </Button>
            </p>
            <p className={css.requirement}>{customer.requirement}</p>
          </div>
        )}
        <dl className={css.facts}>
          {facts
            .filter(([, value]) => Boolean(value))
            .map(([label, value]) => (
              <div key={label} style={{ display: 'contents' }}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </Card>
    </div>
  );
}
