import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/api/client';
import { queryClient } from '@/api/query-client';
import type { ApiToken, NewApiToken } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { CopyField } from '@/ui/CopyField';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { ConfirmDialog, Modal } from '@/ui/Modal';
import { Card, Page, PageHeader } from '@/ui/Page';
import { Select } from '@/ui/Select';
import { SkeletonRows } from '@/ui/Skeleton';
import { RowList, row } from '@/ui/Table';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { FormAlert, layout, useForm } from '@/ui/use-form';
import css from './api_tokens.module.css';

const KEY = ['api tokens'];
const DAYS = ['30', '90', '180', '365'];
const refresh = () => queryClient.invalidateQueries({ queryKey: KEY });

/** API 令牌: what one's own programs log in with. */
export default function ApiTokensPage() {
  const found = useQuery({ queryKey: KEY, queryFn: () => api.get<ApiToken[]>('/me/api-tokens'), staleTime: 0 });
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<ApiToken>();
  return (
    <Page>
      <PageHeader
        title={m.identity_tokens()}
        actions={
          <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
            {m.identity_token_new()}
          </Button>
        }
      />
      <Card flush>
        <p className={css.hint}>{m.identity_tokens_hint()}</p>
        {found.isPending && <SkeletonRows rows={3} />}
        {found.error && !found.data && <FailedState error={found.error} retry={() => void found.refetch()} />}
        {found.data?.length === 0 && <EmptyState>{m.identity_tokens_none()}</EmptyState>}
        {found.data && found.data.length > 0 && (
          <RowList label={m.identity_tokens()}>
            {found.data.map((one) => (
              <li key={one.id} className={css.row}>
                <div className={row.link}>
                  <span className={row.title}>{one.name}</span>
                  <span className={row.side}>
                    {one.last_used_at
                      ? m.identity_token_used({ at: dateTime(one.last_used_at) })
                      : m.identity_token_unused()}
                  </span>
                  <span className={`${row.meta} ${css.dates}`}>
                    {m.identity_token_dates({ made: dateTime(one.created_at), ends: dateTime(one.expires_at) })}
                  </span>
                </div>
                <Button
                  variant="ghost"
                  aria-label={`${m.identity_token_end()} ${one.name}`}
                  onClick={() => setEnding(one)}
                >
                  {m.identity_token_end()}
                </Button>
              </li>
            ))}
          </RowList>
        )}
      </Card>
      {making && <MakeDialog onClose={() => setMaking(false)} />}
      {ending && <EndDialog token={ending} onClose={() => setEnding(undefined)} />}
    </Page>
  );
}

function MakeDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<NewApiToken>();
  const form = useForm({
    initial: { name: '', days: '90' },
    save: async ({ name, days }) => {
      setMade(await api.post<NewApiToken>('/me/api-tokens', { body: { name, days: Number(days) } }));
      await refresh();
    },
  });
  if (made) {
    return (
      <Modal
        title={m.identity_token_made({ name: made.name })}
        onClose={onClose}
        footer={
          <Button variant="primary" onClick={onClose}>
            {m.identity_token_done()}
          </Button>
        }
      >
        <p>{m.identity_token_once()}</p>
        <CopyField label={m.identity_tokens()} value={made.token} />
      </Modal>
    );
  }
  return (
    <Modal
      title={m.identity_token_new()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button variant="primary" loading={form.submitting} onClick={() => void form.submit()}>
            {m.identity_token_new()}
          </Button>
        </>
      }
    >
      <form className={layout.form} onSubmit={form.onSubmit} ref={form.ref} noValidate>
        <FormAlert form={form} />
        <TextField
          label={m.identity_token_name()}
          placeholder={m.identity_token_name_example()}
          required
          {...form.field('name')}
        />
        <Select
          label={m.identity_token_days()}
          options={DAYS.map((days) => ({ value: days, label: days }))}
          {...form.field('days')}
        />
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}

function EndDialog({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  async function end() {
    setBusy(true);
    try {
      await api.delete('/me/api-tokens/{id}', { path: { id: token.id } });
      toast.success(m.identity_token_ended());
    } catch (error) {
      toast.problem(error);
    }
    await refresh();
    onClose();
  }
  return (
    <ConfirmDialog
      title={m.identity_token_end_title()}
      confirm={m.identity_token_end()}
      danger
      loading={busy}
      onConfirm={() => void end()}
      onClose={onClose}
    >
      {m.identity_token_end_text({ name: token.name })}
    </ConfirmDialog>
  );
}
