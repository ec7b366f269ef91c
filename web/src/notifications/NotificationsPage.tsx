import { Link, useNavigate } from '@tanstack/react-router';
import type { Notification } from '@/api/types';
import { useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { Button, buttonClass } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { Tabs } from '@/ui/Tabs';
import { NotificationItem } from './NotificationItem';
import css from './notifications.module.css';
import { notificationsRoute } from './routes';
import { readAll, useOpenNotification } from './use-notifications';

/** 消息中心: every message, newest first, unread ones apart (I17). */
export default function NotificationsPage() {
  const { unread } = notificationsRoute.useSearch();
  const navigate = useNavigate({ from: '/notifications' });
  const open = useOpenNotification();
  const list = useList<Notification>(['notifications', 'list'], '/notifications', { unread });
  return (
    <Page>
      <PageHeader
        title={m.notifications_title()}
        actions={
          <>
            <Link to="/notices" className={buttonClass({})}>
              {m.notices_title()}
            </Link>
            <Link to="/notifications/reminders" className={buttonClass({})}>
              {m.notifications_my_reminders()}
            </Link>
            <Link to="/subscriptions" className={buttonClass({})}>
              {m.subscriptions_title()}
            </Link>
            <Link to="/notifications/preferences" className={buttonClass({})}>
              {m.notifications_preferences()}
            </Link>
            <Button onClick={() => void readAll()}>{m.notifications_read_all()}</Button>
          </>
        }
      />
      <Tabs
        label={m.notifications_title()}
        value={unread ? 'unread' : 'all'}
        onChange={(tab) =>
          void navigate({ search: (before) => ({ ...before, unread: tab === 'unread' || undefined }) as never })
        }
        tabs={[
          { value: 'all', label: m.notifications_all() },
          { value: 'unread', label: m.notifications_unread() },
        ]}
      />
      <Card flush>
        {list.pending && <SkeletonRows />}
        {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
        {!list.pending && !list.error && list.rows.length === 0 && <EmptyState>{m.notifications_none()}</EmptyState>}
        <ul className={css.rows} aria-label={m.notifications_title()}>
          {list.rows.map((notification) => (
            <li key={notification.id}>
              <NotificationItem notification={notification} onOpen={open} />
            </li>
          ))}
        </ul>
        <Pager list={list} />
      </Card>
    </Page>
  );
}
