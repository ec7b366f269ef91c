import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { api } from '@/api/client';
import { queryClient, refreshAfter } from '@/api/query-client';
import type { Import } from '@/api/types';
import * as m from '@/paraglide/messages';
import { StatusDot } from '@/ui/Badge';
import { Button, buttonClass } from '@/ui/Button';
import { FailedState } from '@/ui/EmptyState';
import { count } from '@/ui/format';
import { ConfirmDialog } from '@/ui/Modal';
import { Card, Page, PageHeader } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import css from './exchange.module.css';
import { counts } from './ImportList';
import { ImportRowTable } from './ImportRowTable';
import { isBusy, kindLabel, stateLabel, stateTone } from './labels';
import { MappingForm } from './MappingForm';
import { importRoute } from './routes';

/** One import from its columns to its result: mapping, dry run, run, refused rows, undo (I46). */
export default function ImportPage() {
  const { id } = importRoute.useParams();
  const key = ['imports', 'one', id];
  const query = useQuery({
    queryKey: key,
    queryFn: () => api.get<Import>('/imports/{id}', { path: { id } }),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data.state) ? 700 : false),
  });
  const [mapping, setMapping] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const [sending, setSending] = useState(false);
  const data = query.data;
  const finished = data?.state === 'done' || data?.state === 'undone';
  useEffect(() => {
    if (finished) refreshAfter('customer', 'opportunity');
  }, [finished]);

  async function act(send: () => Promise<Import>) {
    setSending(true);
    try {
      queryClient.setQueryData(key, await send());
      setMapping(false);
      setUndoing(false);
    } catch (error) {
      toast.problem(error);
    } finally {
      setSending(false);
    }
  }

  if (query.isPending) return <SkeletonRows rows={8} />;
  if (!data) return <FailedState error={query.error} retry={() => void query.refetch()} />;
  const busy = isBusy(data.state);
  const choosing = data.state === 'uploaded' || (data.state === 'checked' && mapping);
  const good = data.created_rows + data.updated_rows;
  return (
    <Page>
      <PageHeader
        title={data.file_name}
        meta={
          <>
            {kindLabel(data.kind)} <StatusDot tone={stateTone(data.state)}>{stateLabel(data.state)}</StatusDot>
          </>
        }
        actions={
          <Link to="/exchange" className={buttonClass()}>
            {m.exchange_back()}
          </Link>
        }
      />
      {data.same_file_import_id && (data.state === 'uploaded' || data.state === 'checked') && (
        <p className={css.notice} role="status">
          {m.exchange_same_file({ id: data.same_file_import_id })}
        </p>
      )}
      {choosing && (
        <MappingForm
          key={data.version}
          data={data}
          onRun={(draft) =>
            api
              .post<Import>('/imports/{id}/run', { path: { id }, body: draft as never })
              .then((next) => act(() => Promise.resolve(next)))
          }
        />
      )}
      {!choosing && (
        <Card
          title={
            busy
              ? m.exchange_running_title()
              : data.state === 'checked'
                ? m.exchange_checked_title()
                : m.exchange_done_title()
          }
        >
          <div className={css.stack}>
            <p role="status">
              {counts(data)}
              {(data.state === 'undone' || data.state === 'undoing') &&
                ` · ${m.exchange_undone_counts({ undone: data.undone_rows, kept: data.kept_rows })}`}
            </p>
            {data.problem && (
              <p role="alert" className={css.error}>
                {data.problem}
              </p>
            )}
            {busy && (
              <div>
                <span className={css.hint}>
                  {m.exchange_progress({ done: count(data.done_rows), total: count(data.total_rows) })}
                </span>
                <progress
                  className={css.progress}
                  max={Math.max(data.total_rows, 1)}
                  value={data.done_rows}
                  aria-label={m.exchange_running_title()}
                />
              </div>
            )}
            <div className={css.line}>
              {data.state === 'checked' && (
                <>
                  <Button
                    variant="primary"
                    loading={sending}
                    disabled={good === 0}
                    onClick={() =>
                      void act(() => api.post<Import>('/imports/{id}/run', { path: { id }, body: {} as never }))
                    }
                  >
                    {m.exchange_run_good({ n: count(good) })}
                  </Button>
                  <Button onClick={() => setMapping(true)}>{m.exchange_change_mapping()}</Button>
                </>
              )}
              {!busy && data.bad_rows > 0 && (
                <a className={buttonClass()} href={`/api/v1/imports/${id}/errors.xlsx`}>
                  <Download size={15} aria-hidden />
                  {m.exchange_errors_file()}
                </a>
              )}
              {data.can_undo && (
                <Button icon={<Undo2 size={15} aria-hidden />} onClick={() => setUndoing(true)}>
                  {m.exchange_undo()}
                </Button>
              )}
            </div>
            {!busy && data.bad_rows > 0 && <p className={css.hint}>{m.exchange_errors_hint()}</p>}
          </div>
        </Card>
      )}
      {!choosing && !busy && <ImportRowTable data={data} />}
      {undoing && (
        <ConfirmDialog
          title={m.exchange_undo()}
          confirm={m.exchange_undo()}
          danger
          loading={sending}
          onConfirm={() => void act(() => api.post<Import>('/imports/{id}/undo', { path: { id } }))}
          onClose={() => setUndoing(false)}
        >
          {m.exchange_undo_question()}
        </ConfirmDialog>
      )}
    </Page>
  );
}
