import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Suspense, useRef, useState } from 'react';
import { api, OnceKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { refreshAfter, refreshIfStale } from '@/api/query-client';
import { useSession } from '@/api/session';
import type { WorkFigures, WorkReport, WorkReportStart } from '@/api/types';
import { Comments } from '@/comments';
import * as m from '@/paraglide/messages';
import { Badge } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { useDiscardGuard } from '@/ui/DiscardGuard';
import { Drawer } from '@/ui/Drawer';
import { FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { SkeletonRows } from '@/ui/Skeleton';
import { Textarea } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useKeepDraft, useStoredDraft } from '@/ui/use-draft';
import { FormAlert, FormNote, layout, useForm } from '@/ui/use-form';
import { Figures } from './Figures';
import { daysLabel, kindLabels } from './labels';
import { useOlderDraft } from './older-draft';
import type { ReportKind } from './routes';
import css from './work_reports.module.css';

const getStart = (kind: ReportKind, on: string) =>
  api.get<WorkReportStart>('/work-reports/draft', { query: { kind, on } });

const getReport = (id: number) => api.get<WorkReport>('/work-reports/{id}', { path: { id } });

/** What has been read since this stood open; an older answer must not be written on. */
const fresh = <T,>(found: UseQueryResult<T>) => (found.isSuccess && found.isFetchedAfterMount ? found.data : undefined);

/** The first value there was: what is read again later must not replace what is being typed. */
function useFirst<T>(value: T | undefined): T | undefined {
  const [first, setFirst] = useState(value);
  if (first === undefined && value !== undefined) setFirst(value);
  return first ?? value;
}

type WriteProps = {
  kind: ReportKind;
  /** Today by default. */
  on: string | undefined;
  onDays: (patch: { on: string }) => void;
  onClose: () => void;
};

/** Write the report about some days: a new one, or the one there is. Its key names kind and day. */
export function WriteDrawer({ kind, on, onDays, onClose }: WriteProps) {
  // Midnight makes no other report of it.
  const [day] = useState(() => on ?? today());
  const found = useQuery({
    queryKey: ['work_reports', 'start', kind, day],
    queryFn: () => getStart(kind, day),
    staleTime: 0,
  });
  const start = useFirst(fresh(found));
  if (start?.report_id) return <ReportDrawer key={start.report_id} id={start.report_id} onClose={onClose} />;
  if (start) {
    return (
      <Editor
        kind={start.kind}
        first={start.starts_on}
        last={start.ends_on}
        figures={found.data?.figures ?? start.figures}
        onDay={(next) => onDays({ on: next })}
        onClose={onClose}
      />
    );
  }
  return (
    <Drawer title={kindLabels()[kind]} width={640} onClose={onClose}>
      {found.error ? <FailedState error={found.error} retry={() => void found.refetch()} /> : <SkeletonRows rows={5} />}
    </Drawer>
  );
}

/** One report: a draft of one's own to write on, or a submitted one to read and talk about. */
export function ReportDrawer({ id, onClose }: { id: number; onClose: () => void }) {
  const found = useQuery({
    queryKey: ['work_reports', 'one', id],
    queryFn: () => getReport(id),
    staleTime: 0,
  });
  const read = fresh(found);
  const draft = useFirst(read?.can_edit ? read : undefined);
  if (draft) {
    return (
      <Editor
        kind={draft.kind}
        first={draft.starts_on}
        last={draft.ends_on}
        figures={found.data?.figures ?? draft.figures}
        report={draft}
        onClose={onClose}
      />
    );
  }
  const report = found.data?.can_edit ? undefined : found.data;
  return (
    <Drawer title={report ? kindLabels()[report.kind] : m.work_reports_title()} width={640} onClose={onClose}>
      {!report && !found.error && <SkeletonRows rows={5} />}
      {!report && found.error && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {report && <Read report={report} />}
    </Drawer>
  );
}

function Read({ report }: { report: WorkReport }) {
  const parts: [string, string][] = [
    [m.work_reports_done(), report.done],
    [m.work_reports_problems(), report.problems],
    [m.work_reports_plan(), report.plan],
  ];
  return (
    <>
      <p className={css.rowHead}>
        <strong>{report.author_name}</strong>
        <span>{daysLabel(report.kind, report.starts_on, report.ends_on)}</span>
        {report.team_name && <Badge>{report.team_name}</Badge>}
      </p>
      <p className={css.meta}>
        {report.submitted_at && dateTime(report.submitted_at)}
        {report.manager_name && ` · ${m.work_reports_to({ name: report.manager_name })}`}
      </p>
      <Figures figures={report.figures} frozen />
      {parts
        .filter(([, text]) => text !== '')
        .map(([label, text]) => (
          <section key={label}>
            <h3 className={css.partTitle}>{label}</h3>
            <p className={css.text}>{text}</p>
          </section>
        ))}
      <section className={css.comments} aria-label={m.comments_title()}>
        <h3 className={css.partTitle}>{m.comments_title()}</h3>
        <Suspense fallback={<SkeletonRows rows={2} />}>
          <Comments room="work_reports" id={report.id} writable />
        </Suspense>
      </section>
    </>
  );
}

type Parts = { done: string; problems: string; plan: string };

type EditorProps = {
  kind: ReportKind;
  first: string;
  last: string;
  figures: WorkFigures;
  report?: WorkReport;
  /** For a report not begun yet: about another day. */
  onDay?: (on: string) => void;
  onClose: () => void;
};

function Editor({ kind, first, last, figures, report, onDay, onClose }: EditorProps) {
  const { user } = useSession();
  // What is typed is kept by day and by the version it was typed on: another day picked, or a reload, loses nothing.
  const [version, setVersion] = useState(report?.version ?? 0);
  const draftsOfDay = `draft:${user.id}:work_report:${kind}:${first}:`;
  const draftKey = `${draftsOfDay}${version}`;
  const { draft, drop } = useStoredDraft<Parts>(draftKey);
  const { older, dropOlder } = useOlderDraft<Parts>(draftsOfDay, version);
  const begun: Parts = { done: report?.done ?? '', problems: report?.problems ?? '', plan: report?.plan ?? '' };
  const [restored, setRestored] = useState(draft !== undefined);
  const [done, setDone] = useState(false);
  const once = useRef(new OnceKey());
  const submitting = useRef(false);
  // A draft that was saved on the way to being submitted is not begun a second time.
  const saved = useRef(report);
  const form = useForm({
    initial: { ...begun, ...draft },
    save: async (parts) => {
      const kept = saved.current;
      if (kept) {
        const { id, version } = kept;
        saved.current = await api.patch<WorkReport>('/work-reports/{id}', { path: { id }, version, body: parts });
      } else {
        const body = { ...parts, kind, on: first };
        try {
          saved.current = await api.post<WorkReport>('/work-reports', { body, idempotencyKey: once.current.for(body) });
        } catch (problem) {
          // Begun in another window meanwhile: that is told, and the next attempt writes on at that one.
          if (problem instanceof Problem && problem.code === 'WORK_REPORT_EXISTS') {
            const { report_id } = await getStart(kind, first);
            if (report_id) saved.current = await getReport(report_id);
          }
          throw problem;
        }
      }
      try {
        if (submitting.current) {
          const { id, version } = saved.current;
          await api.post<WorkReport>('/work-reports/{id}/submit', { path: { id }, version });
        }
      } finally {
        // Even what could not be submitted was kept as a draft.
        drop();
        setVersion(saved.current.version);
        refreshAfter('work_report');
      }
      setDone(true);
      toast.success(submitting.current ? m.work_reports_submitted() : m.work_reports_saved());
      onClose();
    },
    handled: (problem) => {
      // What is typed stays; the next attempt goes on from the newer version.
      if (problem.status === 412 && problem.current) saved.current = problem.current as WorkReport;
      return refreshIfStale(problem, 'work_report');
    },
  });
  const typed = restored || form.dirty;
  useKeepDraft(draftKey, form.values, form.dirty && !done);
  const { close, guard } = useDiscardGuard(typed, () => {
    drop();
    onClose();
  });
  const send = (submit: boolean) => {
    submitting.current = submit;
    void form.submit();
  };
  return (
    <Drawer
      title={m.work_reports_editing({ kind: kindLabels()[kind], days: daysLabel(kind, first, last) })}
      width={640}
      onClose={close}
      footer={
        <>
          <Button loading={form.submitting} onClick={() => send(false)}>
            {m.work_reports_save_draft()}
          </Button>
          <Button variant="primary" loading={form.submitting} onClick={() => send(true)}>
            {m.work_reports_submit()}
          </Button>
        </>
      }
    >
      <form
        className={layout.form}
        ref={form.ref}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send(false);
        }}
      >
        <FormAlert form={form} />
        {restored && (
          <FormNote>
            {m.work_reports_draft_restored()}{' '}
            <Button
              variant="link"
              onClick={() => {
                drop();
                setRestored(false);
                form.reset(begun);
              }}
            >
              {m.work_reports_draft_drop()}
            </Button>
          </FormNote>
        )}
        {older && (
          <FormNote>
            {m.work_reports_older_draft()}{' '}
            <Button
              variant="link"
              onClick={() => {
                form.set(older);
                dropOlder();
              }}
            >
              {m.work_reports_older_draft_take()}
            </Button>{' '}
            <Button variant="link" onClick={dropOlder}>
              {m.work_reports_draft_drop()}
            </Button>
          </FormNote>
        )}
        {onDay && (
          <DateField
            label={m.work_reports_on()}
            value={first > today() ? today() : first}
            max={today()}
            clearable={false}
            onChange={(next) => next && onDay(next)}
          />
        )}
        <Figures figures={figures} frozen={false} />
        <Textarea label={m.work_reports_done()} required rows={5} limit={5000} {...form.field('done')} />
        <Textarea label={m.work_reports_problems()} rows={3} limit={5000} {...form.field('problems')} />
        <Textarea label={m.work_reports_plan()} rows={3} limit={5000} {...form.field('plan')} />
      </form>
      {guard}
    </Drawer>
  );
}
