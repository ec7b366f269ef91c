import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '@/api/client';
import type { Notice, Page } from '@/api/types';
import * as m from '@/paraglide/messages';
import { relativeTime } from '@/ui/format';
import { Card } from '@/ui/Page';
import css from './notices.module.css';

const SHOWN = 3;

/** What one has yet to read, on my day (I62); nothing when there is nothing. */
export function UnreadNotices() {
  const found = useQuery({
    queryKey: ['notices', 'unread'],
    queryFn: () => api.get<Page<Notice>>('/notices', { query: { unread: true, limit: SHOWN } }),
  });
  const notices = found.data?.items ?? [];
  if (notices.length === 0) return null;
  return (
    <Card title={m.notices_title()} actions={<Link to="/notices">{m.notices_all()}</Link>}>
      <ul className={css.short}>
        {notices.map((notice) => (
          <li key={notice.id}>
            <Link to="/notices" search={{ id: notice.id }}>
              {notice.title}
            </Link>
            <span className={css.meta}>
              {notice.by_name} · {relativeTime(notice.published_at)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
