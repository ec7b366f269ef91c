import type { SubscriptionOverview } from '@/api/types';
import { useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { channelLabels } from '@/reminders';
import { every, lastSaid, SEND_TONES } from '@/subscriptions';
import { Badge, StatusDot } from '@/ui/Badge';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime, total } from '@/ui/format';
import { Card } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { Table } from '@/ui/Table';
import { Frame } from './Frame';
import css from './settings.module.css';

/** 报表订阅 for whoever runs the product: whose, when and whether it works, never what it says (I31). */
export default function SubscriptionsPage() {
  const list = useList<SubscriptionOverview>(['subscriptions', 'all'], '/subscriptions/all');
  return (
    <Frame title={m.subscriptions_all()} meta={!list.pending && !list.error && total(list.total, list.capped)}>
      <p className={css.hint}>{m.subscriptions_all_hint()}</p>
      <Card flush>
        {list.pending && <SkeletonRows rows={4} />}
        {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
        {!list.pending && !list.error && list.rows.length === 0 && (
          <EmptyState>{m.subscriptions_all_none()}</EmptyState>
        )}
        {list.rows.length > 0 && (
          <Table label={m.subscriptions_all()}>
            <thead>
              <tr>
                <th scope="col">{m.subscriptions_person()}</th>
                <th scope="col">{m.subscriptions_what()}</th>
                <th scope="col">{m.subscriptions_channel()}</th>
                <th scope="col">{m.subscriptions_when()}</th>
                <th scope="col">{m.subscriptions_state()}</th>
              </tr>
            </thead>
            <tbody>
              {list.rows.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    {one.user_name} {!one.is_active && <Badge tone="amber">{m.subscriptions_inactive()}</Badge>}
                  </th>
                  <td>{one.is_dashboard ? m.subscriptions_dashboard() : m.subscriptions_report()}</td>
                  <td>{one.channel ? channelLabels()[one.channel as 'email'] : m.subscriptions_channel_gone()}</td>
                  <td>{one.paused ? m.subscriptions_paused() : `${every(one)} · ${dateTime(one.next_at)}`}</td>
                  <td>
                    {one.last ? (
                      <StatusDot tone={SEND_TONES[one.last.state]}>{lastSaid(one.last)}</StatusDot>
                    ) : (
                      m.subscriptions_never()
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
        <Pager list={list} />
      </Card>
    </Frame>
  );
}
