import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { MissingReports } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Person } from '@/ui/Avatar';
import { today } from '@/ui/clock';
import { DateField } from '@/ui/DateField';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { Select } from '@/ui/Select';
import { SkeletonRows } from '@/ui/Skeleton';
import { daysLabel, kindLabels } from './labels';
import { REPORT_KINDS, type ReportKind } from './routes';
import css from './work_reports.module.css';

type Props = {
  kind: ReportKind;
  on: string;
  onChange: (patch: { kind?: ReportKind | undefined; on?: string | undefined }) => void;
};

/** Who has not submitted the report of some days; nobody on days off. */
export function Missing({ kind, on, onChange }: Props) {
  const found = useQuery({
    queryKey: ['work_reports', 'missing', kind, on],
    queryFn: () => api.get<MissingReports>('/work-reports/missing', { query: { kind, on } }),
  });
  const list = found.data;
  return (
    <>
      <div className={css.filters}>
        <Select
          label={m.work_reports_kind()}
          options={REPORT_KINDS.map((value) => ({ value, label: kindLabels()[value] }))}
          value={kind}
          onChange={(next) => onChange({ kind: REPORT_KINDS.find((one) => one === next) })}
        />
        <DateField
          label={m.work_reports_on()}
          value={on}
          max={today()}
          clearable={false}
          onChange={(next) => onChange({ on: next || undefined })}
        />
      </div>
      {found.isPending && <SkeletonRows rows={4} />}
      {found.error && !list && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {list && (
        <p className={css.tally} aria-live="polite">
          <strong>{daysLabel(kind, list.starts_on, list.ends_on)}</strong>{' '}
          {list.is_working
            ? m.work_reports_tally({ submitted: list.submitted, expected: list.expected })
            : m.work_reports_day_off()}
        </p>
      )}
      {list?.is_working && list.items.length === 0 && <EmptyState small>{m.work_reports_all_there()}</EmptyState>}
      <ul className={css.people} aria-label={m.work_reports_missing()}>
        {list?.items.map((person) => (
          <li key={person.user_id}>
            <Person name={person.name} />
            <span className={css.meta}>{person.team_name}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
