import type { Notification } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { dateTime, relativeTime } from '@/ui/format';
import css from './notifications.module.css';

type Props = { notification: Notification; onOpen: (notification: Notification) => void };

export function NotificationItem({ notification, onOpen }: Props) {
  const unread = !notification.read_at;
  return (
    <button type="button" className={`${css.item} ${unread ? css.unread : ''}`} onClick={() => onOpen(notification)}>
      <span className={css.title}>
        <span>
          {notification.title} {notification.late && <Badge tone="amber">{m.notifications_late()}</Badge>}
          {unread && <span className="visually-hidden">{m.notifications_unread()}</span>}
        </span>
        <time className={css.at} dateTime={notification.created_at} title={dateTime(notification.created_at)}>
          {relativeTime(notification.created_at)}
        </time>
      </span>
      {notification.body && <span className={css.body}>{notification.body}</span>}
    </button>
  );
}
