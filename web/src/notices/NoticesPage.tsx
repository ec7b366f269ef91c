import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '@/api/session';
import type { Notice } from '@/api/types';
import { useList } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime, relativeTime } from '@/ui/format';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Pager } from '@/ui/Pager';
import { SkeletonRows } from '@/ui/Skeleton';
import { NoticeDrawer } from './NoticeDrawer';
import { NoticeForm } from './NoticeForm';
import css from './notices.module.css';
import { noticesRoute } from './routes';

/** 公告 (I62): what was published to oneself or by oneself, newest first. */
export default function NoticesPage() {
  const { id } = noticesRoute.useSearch();
  const navigate = useNavigate({ from: '/notices' });
  const can = useCan();
  const [publishing, setPublishing] = useState(false);
  const list = useList<Notice>(['notices', 'list'], '/notices', {});
  return (
    <Page>
      <PageHeader
        title={m.notices_title()}
        actions={
          can('publish_notices') && (
            <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setPublishing(true)}>
              {m.notices_new()}
            </Button>
          )
        }
      />
      <Card flush>
        {list.pending && <SkeletonRows />}
        {Boolean(list.error) && <FailedState error={list.error} retry={list.retry} />}
        {!list.pending && !list.error && list.rows.length === 0 && <EmptyState>{m.notices_none()}</EmptyState>}
        <ul className={css.rows} aria-label={m.notices_title()}>
          {list.rows.map((notice) => (
            <li key={notice.id}>
              <button
                type="button"
                className={css.row}
                onClick={() => void navigate({ search: { id: notice.id }, replace: true })}
              >
                <span className={notice.is_for_me && !notice.read_at ? css.unread : undefined}>{notice.title}</span>
                <Marks notice={notice} />
                <span className={css.meta} title={dateTime(notice.published_at)}>
                  {notice.by_name} · {relativeTime(notice.published_at)}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <Pager list={list} />
      </Card>
      {publishing && <NoticeForm onClose={() => setPublishing(false)} />}
      {id !== undefined && <NoticeDrawer id={id} onClose={() => void navigate({ search: {}, replace: true })} />}
    </Page>
  );
}

/** For whom a notice is, and how far it has come. */
export function Marks({ notice }: { notice: Notice }) {
  return (
    <>
      <Badge>{notice.audience === 'all' ? m.notices_audience_all() : (notice.team_name ?? '')}</Badge>
      {notice.withdrawn_at && <Badge tone="red">{m.notices_withdrawn()}</Badge>}
      {notice.is_for_me && !notice.read_at && !notice.withdrawn_at && <Badge tone="amber">{m.notices_unread()}</Badge>}
      {notice.receipts && <Badge tone="blue">{m.notices_receipts(notice.receipts)}</Badge>}
    </>
  );
}
