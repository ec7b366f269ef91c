import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import { date, dateTime, relativeTime } from '@/ui/format';
import { Card } from '@/ui/Page';
import { forecastLabels } from './labels';
import css from './opportunities.module.css';

function classOf(opportunity: Opportunity): string | undefined {
  const name = opportunity.forecast_class && forecastLabels()[opportunity.forecast_class];
  if (!name) return undefined;
  return opportunity.forecast_class_is_own ? name : m.opportunities_forecast_by_stage({ name });
}

/** Origin, customer and the rest of the record (S34). */
export function OpportunityFacts({ opportunity }: { opportunity: Opportunity }) {
  const facts: [string, ReactNode][] = [
    [
      m.opportunities_customer(),
      <Link key="customer" to="/customers/$id" params={{ id: String(opportunity.customer_id) }}>
        {opportunity.customer_name}
      </Link>,
    ],
    [m.opportunities_customer_number(), opportunity.customer_number],
    [m.opportunities_source(), opportunity.source],
    [m.opportunities_team(), opportunity.team_name],
    [
      m.opportunities_last_follow_up(),
      opportunity.last_followed_up_at ? (
        <span key="last" title={dateTime(opportunity.last_followed_up_at)}>
          {relativeTime(opportunity.last_followed_up_at)}
        </span>
      ) : (
        m.opportunities_never_followed()
      ),
    ],
    [m.opportunities_entered_stage(), dateTime(opportunity.entered_stage_at)],
    [m.opportunities_forecast_class(), classOf(opportunity)],
    [m.opportunities_remark(), opportunity.remark],
    [m.opportunities_created(), date(opportunity.created_at)],
    [m.opportunities_sort_updated(), dateTime(opportunity.updated_at)],
  ];
  return (
    <Card title={m.opportunities_facts()}>
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
  );
}
