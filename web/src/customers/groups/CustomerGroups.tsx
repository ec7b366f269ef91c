import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '@/api/client';
import type { GroupName } from '@/api/types';
import css from './groups.module.css';

/** The static groups of a customer, each leading to its list (S32). */
export function CustomerGroups({ id }: { id: number }) {
  const groups = useQuery({
    queryKey: ['groups', 'of customer', id],
    queryFn: () => api.get<GroupName[]>('/customers/{id}/groups', { path: { id } }),
  });
  if (!groups.data?.length) return <>—</>;
  return (
    <span className={css.meta}>
      {groups.data.map((group) => (
        <Link key={group.id} to="/customers" search={{ group_id: [String(group.id)] }}>
          {group.name}
        </Link>
      ))}
    </span>
  );
}
