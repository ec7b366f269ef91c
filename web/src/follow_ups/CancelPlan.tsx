import { useState } from 'react';
import { api } from '@/api/client';
import { refreshAfter } from '@/api/query-client';
import type { Plan } from '@/api/types';
import * as m from '@/paraglide/messages';
import { relativeTime } from '@/ui/format';
import { ConfirmDialog } from '@/ui/Modal';
import { toast } from '@/ui/toast';

type Props = { plan: Plan; onClose: () => void; onCancelled?: () => void };

/** Calls a plan off; its reminder goes with it (S46). */
export function CancelPlan({ plan, onClose, onCancelled }: Props) {
  const [saving, setSaving] = useState(false);
  async function cancel() {
    setSaving(true);
    try {
      await api.patch<Plan>('/follow-up-plans/{id}', {
        path: { id: plan.id },
        version: plan.version,
        body: { status: 'cancelled' },
      });
      toast.success(m.follow_ups_plan_cancelled());
      onClose();
      onCancelled?.();
    } catch (error) {
      toast.problem(error);
      onClose();
    }
    refreshAfter('plan');
  }
  return (
    <ConfirmDialog
      title={m.follow_ups_plan_cancel()}
      confirm={m.follow_ups_plan_cancel()}
      danger
      loading={saving}
      onConfirm={() => void cancel()}
      onClose={onClose}
    >
      {m.follow_ups_plan_cancel_text({ at: relativeTime(plan.starts_at), content: plan.content })}
    </ConfirmDialog>
  );
}
