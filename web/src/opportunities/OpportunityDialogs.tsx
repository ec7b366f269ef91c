import { useNavigate } from '@tanstack/react-router';
import { api } from '@/api/client';
import { queryClient, refreshAfter } from '@/api/query-client';
import type { Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { ConfirmDialog, Modal } from '@/ui/Modal';
import { UserPicker } from '@/ui/RecordPicker';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';

type Props = { opportunity: Opportunity; onClose: () => void };

export default function OpportunityDialogs({ dialog, ...props }: Props & { dialog: 'owner' | 'delete' }) {
  return dialog === 'owner' ? <OwnerDialog {...props} /> : <DeleteDialog {...props} />;
}

/** Another owner: logged, and both are told (S38). */
function OwnerDialog({ opportunity, onClose }: Props) {
  const form = useForm({
    initial: { owner_id: opportunity.owner_id },
    save: async ({ owner_id }) => {
      await api.patch<Opportunity>('/opportunities/{id}', {
        path: { id: opportunity.id },
        version: opportunity.version,
        body: { owner_id },
      });
      refreshAfter('opportunity', 'plan', 'task');
      toast.success(m.opportunities_owner_changed());
      onClose();
    },
  });
  return (
    <Modal
      title={m.opportunities_change_owner()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.ui_save()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <UserPicker
          label={m.opportunities_owner()}
          required
          chosenLabel={
            form.values.owner_id === opportunity.owner_id ? (opportunity.owner_name ?? undefined) : undefined
          }
          {...form.field('owner_id')}
        />
      </form>
    </Modal>
  );
}

function DeleteDialog({ opportunity, onClose }: Props) {
  const navigate = useNavigate();
  const form = useForm({
    initial: { reason: '' },
    save: async ({ reason }) => {
      await api.delete('/opportunities/{id}', {
        path: { id: opportunity.id },
        version: opportunity.version,
        query: { reason },
      });
      toast.success(m.opportunities_deleted());
      await navigate({ to: '/opportunities' });
      queryClient.removeQueries({ queryKey: ['opportunities', 'one'] });
      refreshAfter('opportunity', 'task', 'plan');
    },
  });
  const submit = () => {
    if (form.values.reason.trim() === '') form.setErrors({ reason: m.ui_required() });
    else void form.submit();
  };
  return (
    <ConfirmDialog
      title={m.opportunities_delete()}
      confirm={m.ui_delete()}
      danger
      loading={form.submitting}
      onConfirm={submit}
      onClose={onClose}
    >
      <form
        className={layout.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        ref={form.ref}
        noValidate
      >
        <p>{m.opportunities_delete_text({ name: opportunity.name })}</p>
        <FormAlert form={form} />
        <TextField label={m.ui_reason()} required autoFocus {...form.field('reason')} />
      </form>
    </ConfirmDialog>
  );
}
