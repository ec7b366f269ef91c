import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { dateTime } from '@/ui/format';
import { ConfirmDialog } from '@/ui/Modal';
import { toast } from '@/ui/toast';
import { FormNote } from '@/ui/use-form';
import css from './stewardship.module.css';
import type { MergeRow } from './types';

/** While a merge can be taken back, the record says so and offers it. */
export function MergeNotice({ customerId }: { customerId: number }) {
  const [asked, setAsked] = useState<MergeRow>();
  const [saving, setSaving] = useState(false);
  const merges = useQuery({
    queryKey: ['customers', 'merges', customerId],
    queryFn: () => api.get<MergeRow[]>('/customers/{id}/merges', { path: { id: customerId } }),
  });
  const newest = merges.data?.find((merge) => merge.can_undo);

  async function undo(merge: MergeRow) {
    setSaving(true);
    try {
      await api.post('/customers/merges/{id}/undo', { path: { id: merge.id } });
      toast.success(m.stewardship_undone({ name: merge.name }));
    } catch (error) {
      toast.problem(error);
    } finally {
      setSaving(false);
      setAsked(undefined);
      refreshAfter('customer', 'opportunity', 'follow_up', 'task');
    }
  }

  if (!newest) return null;
  return (
    <FormNote>
      <span className={css.notice}>
        {m.stewardship_merge_stands({
          number: newest.number,
          name: newest.name,
          until: dateTime(newest.undo_until),
        })}
        <Button size="sm" onClick={() => setAsked(newest)}>
          {m.stewardship_undo()}
        </Button>
      </span>
      {asked && (
        <ConfirmDialog
          title={m.stewardship_undo()}
          confirm={m.stewardship_undo()}
          loading={saving}
          onConfirm={() => void undo(asked)}
          onClose={() => setAsked(undefined)}
        >
          <p>{m.stewardship_undo_text({ name: asked.name })}</p>
        </ConfirmDialog>
      )}
    </FormNote>
  );
}
