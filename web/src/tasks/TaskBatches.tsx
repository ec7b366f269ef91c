import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { TaskBatch } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { count, date, dateTime } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import css from './tasks.module.css';

/** One's own batches of tasks, the latest first; the open tasks of each can be taken back (S60). */
export default function TaskBatches({ onClose }: { onClose: () => void }) {
  const found = useQuery({
    queryKey: ['tasks', 'batches'],
    queryFn: () => api.get<TaskBatch[]>('/tasks/batch'),
  });
  return (
    <Modal
      title={m.tasks_batches()}
      width={560}
      onClose={onClose}
      footer={<Button onClick={onClose}>{m.ui_close()}</Button>}
    >
      {found.isPending && <SkeletonRows rows={3} />}
      {found.error && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {found.data?.length === 0 && <EmptyState>{m.tasks_batches_none()}</EmptyState>}
      <ul className={css.batches}>
        {found.data?.map((batch) => (
          <li key={batch.id}>
            <TaskBatchFacts batch={batch} onChanged={() => undefined} />
          </li>
        ))}
      </ul>
    </Modal>
  );
}

/** What became of a batch, and the way to take it back. */
export function TaskBatchFacts({ batch, onChanged }: { batch: TaskBatch; onChanged: (batch: TaskBatch) => void }) {
  const [busy, setBusy] = useState(false);

  async function withdraw() {
    setBusy(true);
    try {
      onChanged(await api.post<TaskBatch>('/tasks/batch/{id}/withdraw', { path: { id: batch.id } }));
      toast.success(m.tasks_batch_withdrawn());
    } catch (error) {
      toast.problem(error);
    }
    refreshAfter('task');
    setBusy(false);
  }

  return (
    <>
      <p className={css.text} role="status">
        {m.tasks_batch_given({ n: count(batch.total), people: count(batch.people) })}
      </p>
      <p>{batch.content}</p>
      <p className={css.batchFacts}>
        {dateTime(batch.given_at)} · {m.tasks_due_date()} {date(batch.due_date)} ·{' '}
        {m.tasks_batch_progress({
          open: count(batch.open),
          done: count(batch.done),
          cancelled: count(batch.cancelled),
        })}
      </p>
      {batch.withdrawn_at ? (
        <p>{m.tasks_batch_withdrawn_at({ at: dateTime(batch.withdrawn_at) })}</p>
      ) : (
        batch.open > 0 && (
          <Button variant="danger" size="sm" loading={busy} onClick={() => void withdraw()}>
            {m.tasks_batch_withdraw()}
          </Button>
        )
      )}
    </>
  );
}
