import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell as BellIcon } from 'lucide-react';
import { api } from '@/api/client';
import { useLive } from '@/api/live';
import { useUnread } from '@/api/session';
import type { Notification, Page } from '@/api/types';
import shell from '@/app/Shell.module.css';
import * as m from '@/paraglide/messages';
import { Button, buttonClass, IconButton } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { Popover } from '@/ui/Menu';
import { SkeletonRows } from '@/ui/Skeleton';
import { NotificationItem } from './NotificationItem';
import css from './notifications.module.css';
import { readAll, useOpenNotification } from './use-notifications';

/** The bell in the header: how many are unread, and the latest ones (S61, I17). */
export function Bell() {
  const unread = useUnread(useLive()).data?.unread ?? 0;
  return (
    <Popover
      label={m.notifications_title()}
      width={360}
      align="end"
      trigger={(toggle, open) => (
        <IconButton
          label={unread > 0 ? m.notifications_bell({ n: unread }) : m.notifications_title()}
          className={shell.bell}
          aria-expanded={open}
          onClick={toggle}
        >
          <BellIcon size={18} aria-hidden />
          {unread > 0 && (
            <span className={shell.unread} aria-hidden>
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </IconButton>
      )}
    >
      {(close) => <Latest unread={unread} close={close} />}
    </Popover>
  );
}

const LATEST = 10;

function Latest({ unread, close }: { unread: number; close: () => void }) {
  const open = useOpenNotification();
  const latest = useQuery({
    queryKey: ['notifications', 'list', 'latest'],
    queryFn: () => api.get<Page<Notification>>('/notifications', { query: { limit: LATEST } }),
  });
  return (
    <>
      <div className={css.head}>
        {m.notifications_title()}
        <Button variant="ghost" size="sm" disabled={unread === 0} onClick={() => void readAll()}>
          {m.notifications_read_all()}
        </Button>
      </div>
      <div className={css.list}>
        {latest.isPending && <SkeletonRows rows={3} />}
        {latest.isError && <FailedState error={latest.error} retry={() => void latest.refetch()} />}
        {latest.data?.items.length === 0 && <EmptyState small>{m.notifications_none()}</EmptyState>}
        {latest.data?.items.map((notification) => (
          <NotificationItem
            key={notification.id}
            notification={notification}
            onOpen={(one) => {
              close();
              open(one);
            }}
          />
        ))}
      </div>
      <div className={css.foot}>
        <Link to="/notifications" className={buttonClass({ variant: 'ghost', fullWidth: true })} onClick={close}>
          {m.notifications_all()}
        </Link>
      </div>
    </>
  );
}
