import { Link } from '@tanstack/react-router';
import { Paperclip } from 'lucide-react';
import { entryName, useDictionary } from '@/api/dictionaries';
import type { FollowUp, Plan } from '@/api/types';
import { useList } from '@/api/use-list';
import { useOpenDrawer } from '@/app/drawer-search';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { date, dateTime, fileSize, relativeTime, time } from '@/ui/format';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import css from './customers.module.css';

/** Plans to come, then the records of the customer and all its opportunities, newest contact first (S51). */
export function CustomerFollowUps({ customerId }: { customerId: number }) {
  const methods = useDictionary('follow_up_method');
  const openDrawer = useOpenDrawer();
  const plans = useList<Plan>(['follow_ups', 'plans', 'of customer'], '/follow-up-plans', {
    customer_id: customerId,
    status: 'planned',
  });
  const records = useList<FollowUp>(['follow_ups', 'records', 'of customer'], '/follow-ups', {
    customer_id: customerId,
  });
  if (records.pending) return <SkeletonRows rows={4} />;
  if (records.error) return <FailedState error={records.error} retry={records.retry} />;
  return (
    <>
      <ul>
        {plans.rows.map((plan) => (
          <li key={plan.id} className={css.item}>
            <div className={css.itemMain}>
              <div className={css.itemTitle}>
                <Badge tone="violet">{m.customers_planned()}</Badge>
                {relativeTime(plan.starts_at)}–{time(plan.ends_at)}
                <span className={css.itemMeta}>
                  {entryName(methods, plan.method)} · {plan.owner_name}
                </span>
              </div>
              <p className={css.itemText}>{plan.content}</p>
            </div>
            {plan.can_edit && (
              <Button
                size="sm"
                onClick={() =>
                  openDrawer('follow_up', {
                    customerId,
                    planId: plan.id,
                    ...(plan.opportunity_id && { opportunityId: plan.opportunity_id }),
                  })
                }
              >
                {m.customers_log_call()}
              </Button>
            )}
          </li>
        ))}
        {records.rows.map((record) => (
          <li key={record.id} className={css.item}>
            <div className={css.itemMain}>
              <div className={css.itemTitle}>
                {entryName(methods, record.method)}
                <span className={css.itemMeta} title={dateTime(record.contacted_at)}>
                  {relativeTime(record.contacted_at)} · {record.author_name}
                </span>
                {record.late_entry && <Badge tone="amber">{m.customers_late_entry()}</Badge>}
                {record.opportunity_id && (
                  <Link to="/opportunities/$id" params={{ id: String(record.opportunity_id) }} className={css.itemMeta}>
                    {record.opportunity_name}
                  </Link>
                )}
              </div>
              <p className={css.itemText}>{record.result}</p>
              <p className={css.itemMeta}>
                {m.customers_next_action({ text: record.next_action })}
                {record.next_action_due && ` · ${date(record.next_action_due)}`}
              </p>
              {record.attachments.length > 0 && (
                <ul className={css.attachments} aria-label={m.customers_attachments()}>
                  {record.attachments.map((file) => (
                    <li key={file.id}>
                      <a href={`/api/v1/attachments/${file.id}`}>
                        <Paperclip size={13} aria-hidden /> {file.name}
                      </a>{' '}
                      <span className={css.itemMeta}>{fileSize(file.size)}</span>
                    </li>
                  ))}
                </ul>
              )}
            </div>
          </li>
        ))}
      </ul>
      {plans.rows.length + records.rows.length === 0 && <EmptyState small>{m.customers_no_follow_ups()}</EmptyState>}
      <Pager list={records} />
    </>
  );
}
