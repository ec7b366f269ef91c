import { useQuery } from '@tanstack/react-query';
import type { MergeCounts } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { count } from '@/ui/format';
import { Modal } from '@/ui/Modal';
import { Select } from '@/ui/Select';
import { toast } from '@/ui/toast';
import { FormAlert, FormNote, layout, useForm } from '@/ui/use-form';

type Value = { id: number; name: string };

type Props = {
  from: Value;
  /** What it can be merged into. */
  others: Value[];
  /** How many records carry it. */
  look: () => Promise<MergeCounts>;
  merge: (into: number) => Promise<unknown>;
  onClose: () => void;
};

/** Merges a value or tag into another, after saying how many records change (I61). */
export function MergeDialog({ from, others, look, merge, onClose }: Props) {
  const counts = useQuery({ queryKey: ['merge', from.id, from.name], queryFn: look, staleTime: 0 });
  const form = useForm({
    initial: { into: '' },
    save: async ({ into }) => {
      await merge(Number(into) || 0);
      toast.success(m.settings_merge_done());
      onClose();
    },
  });
  const options = others
    .filter((other) => other.id !== from.id)
    .map((other) => ({ value: String(other.id), label: other.name }));
  return (
    <Modal
      title={m.settings_merge_named({ name: from.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button
            variant="danger"
            loading={form.submitting}
            disabled={!counts.data || !form.values.into}
            onClick={() => void form.submit()}
          >
            {m.settings_merge()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={counts.error ? { problem: counts.error } : form} />
        {counts.data && <FormNote>{m.settings_merge_text({ name: from.name, n: count(counts.data.total) })}</FormNote>}
        <Select label={m.settings_merge_into()} required options={options} {...form.field('into')} />
      </form>
    </Modal>
  );
}
