import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { Share } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Avatar } from '@/ui/Avatar';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { date } from '@/ui/format';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import css from './customers.module.css';

const ShareDialog = lazy(() => import('./ShareDialog'));

/** Who else sees this customer, and until when (S3). */
export function Shares({ customerId, editable }: { customerId: number; editable: boolean }) {
  const [adding, setAdding] = useState(false);
  const query = useQuery({
    queryKey: ['customers', 'shares', customerId],
    queryFn: () => api.get<Share[]>('/customers/{id}/shares', { path: { id: customerId } }),
  });
  if (query.isPending) return <SkeletonRows rows={2} />;
  if (!query.data) return <FailedState error={query.error} retry={() => void query.refetch()} />;

  async function revoke(share: Share) {
    try {
      await api.delete('/customers/{id}/shares/{share_id}', { path: { id: customerId, share_id: share.id } });
      refreshAfter('customer');
    } catch (error) {
      toast.problem(error);
    }
  }

  return (
    <>
      {editable && (
        <div className={css.addRow}>
          <Button size="sm" icon={<Plus size={15} aria-hidden />} onClick={() => setAdding(true)}>
            {m.customers_share_add()}
          </Button>
        </div>
      )}
      {query.data.length === 0 && <EmptyState small>{m.customers_no_shares()}</EmptyState>}
      <ul>
        {query.data.map((share) => (
          <li key={share.id} className={css.item}>
            <Avatar name={share.grantee_name} size="lg" />
            <div className={css.itemMain}>
              <div className={css.itemTitle}>
                {share.grantee_name}
                <Badge tone={share.access === 'edit' ? 'amber' : 'grey'}>
                  {share.access === 'edit' ? m.customers_share_edit() : m.customers_share_read()}
                </Badge>
                <span className={css.itemMeta}>
                  {share.ends_on ? m.customers_share_until({ date: share.ends_on }) : m.customers_share_forever()}
                </span>
              </div>
              <p className={css.itemMeta}>
                {m.customers_share_by({ name: share.by_name ?? m.app_by_system(), at: date(share.created_at) })}
              </p>
            </div>
            {editable && (
              <IconButton
                size="sm"
                label={`${m.customers_share_revoke()}: ${share.grantee_name}`}
                onClick={() => void revoke(share)}
              >
                <X size={15} aria-hidden />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      {adding && (
        <Suspense fallback={null}>
          <ShareDialog customerId={customerId} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  );
}
