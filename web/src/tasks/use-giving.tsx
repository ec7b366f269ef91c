import { type ReactNode, useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { TaskBatch } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { count } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { TaskBatchFacts } from './TaskBatches';

type Previewed = { preview_token: string | null; count: number };

/** Giving many tasks at once (S60), whatever they were made from: exactly those of the preview; `done` then says how it went. */
export function useGiving(title: string, onClose: () => void) {
  const [batch, setBatch] = useState<TaskBatch>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();

  async function attempt(work: () => Promise<void>) {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  }

  const give = (preview_token: string) =>
    attempt(async () => {
      setBatch(await api.post<TaskBatch>('/tasks/batch', { body: { preview_token } }));
      refreshAfter('task');
    });

  const giveButton = ({ preview_token: token, count: all }: Previewed): ReactNode => (
    <Button
      variant="primary"
      loading={busy}
      disabled={!token || all === 0}
      onClick={() => {
        if (token) void give(token);
      }}
    >
      {m.tasks_batch_run({ n: count(all) })}
    </Button>
  );

  const done = batch && (
    <Modal
      title={title}
      width={560}
      onClose={onClose}
      footer={
        <Button variant="primary" onClick={onClose}>
          {m.ui_close()}
        </Button>
      }
    >
      <TaskBatchFacts batch={batch} onChanged={setBatch} />
    </Modal>
  );
  return { busy, problem, setProblem, attempt, giveButton, done };
}
