import { useQuery } from '@tanstack/react-query';
import { Download, FileSpreadsheet, Image, Info, Printer } from 'lucide-react';
import { Suspense, useCallback, useState } from 'react';
import { api, type PathOf, serialize } from '@/api/client';
import type { Report } from '@/api/types';
import { KeepReport } from '@/dashboards';
import * as m from '@/paraglide/messages';
import { Button, buttonClass, IconButton } from '@/ui/Button';
import { FailedState } from '@/ui/EmptyState';
import { dateTime } from '@/ui/format';
import { Popover } from '@/ui/Menu';
import { Card } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { Drawing } from './Drawing';
import { Heat } from './Heat';
import { ReportTable } from './ReportTable';
import css from './reports.module.css';
import type { CardName, ReportsSearch } from './routes';
import { csvOf, download } from './values';

export function useReport(name: CardName, search: ReportsSearch) {
  const { report: _, ...query } = search;
  // 活跃趋势 is costly to reckon: only who asks for it has it reckoned, never a change of a record.
  const costly = name === 'activity-trend';
  return useQuery({
    queryKey: [costly ? 'activity_trend' : 'reports', name, query],
    ...(costly && { staleTime: 'static' as const }),
    queryFn: ({ signal }) => api.get<Report>(`/reports/${name}` as PathOf<'get', Report>, { query, signal }),
  });
}

/** What the figures mean: formula, date, owner, what counts, and when they were reckoned (I30); on paper below the figures. */
function DefinitionLines({ report, printed = false }: { report: Report; printed?: boolean }) {
  const { formula, date_field, owner_basis, includes } = report.definition;
  const lines: [string, string][] = [
    [m.reports_formula(), formula],
    [m.reports_date_field(), date_field],
    [m.reports_owner_basis(), owner_basis],
    [m.reports_includes(), includes],
    [m.reports_as_of(), dateTime(report.as_of)],
  ];
  if (report.snapshot) lines.unshift([m.reports_snapshot(), report.snapshot]);
  return (
    <dl className={printed ? `${css.definition} ${css.paperOnly}` : css.definition}>
      {lines.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Definition({ report }: { report: Report }) {
  return (
    <Popover
      label={m.reports_definition()}
      width={360}
      align="end"
      trigger={(toggle) => (
        <IconButton label={m.reports_definition()} onClick={toggle}>
          <Info size={16} aria-hidden />
        </IconButton>
      )}
    >
      {() => <DefinitionLines report={report} />}
    </Popover>
  );
}

/** A table of many figures has the whole width; its chart stands above it. */
const isWide = ({ columns }: Report) =>
  columns.reduce((width, column) => width + (column.shape === 'count_and_sum' ? 2 : 1), 0) > WIDEST_BESIDE;
const WIDEST_BESIDE = 6;

type Props = { name: CardName; title: string; search: ReportsSearch; chart?: boolean };

/** One report: what it means, a chart and the table that says the same in numbers, to be taken along. */
export function ReportCard({ name, title, search, chart = true }: Props) {
  const found = useReport(name, search);
  const [picture, setPicture] = useState<() => string>();
  const ready = useCallback((take: () => string) => setPicture(() => take), []);
  const report = found.data;
  const then = report?.looks_back ? `-${m.reports_moment()}${dateTime(report.as_of).replace(':', '')}` : '';
  const file = `${title}${then}-${report?.from ?? ''}-${report?.to ?? ''}`;
  const { report: _, ...query } = search;
  const workbook = `/api/v1/reports/files/${name}.xlsx?${serialize(query)}`;
  const table = (shown: Report) => {
    const address = URL.createObjectURL(new Blob([csvOf(shown)], { type: 'text/csv;charset=utf-8' }));
    download(`${file}.csv`, address);
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };
  return (
    <Card
      title={title}
      meta={report && `${report.from} – ${report.to}`}
      flush
      actions={
        report && (
          <div className={css.tools}>
            <Definition report={report} />
            <Button size="sm" icon={<Download size={14} aria-hidden />} onClick={() => table(report)}>
              CSV
            </Button>
            <a className={buttonClass({ size: 'sm' })} href={workbook} aria-label={`Excel ${title}`}>
              <FileSpreadsheet size={14} aria-hidden />
              Excel
            </a>
            {chart && (
              <Button
                size="sm"
                icon={<Image size={14} aria-hidden />}
                disabled={!picture}
                onClick={() => picture && download(`${file}.png`, picture())}
              >
                PNG
              </Button>
            )}
            <Suspense fallback={null}>
              <KeepReport name={name} title={title} search={search} report={report} />
            </Suspense>
            <Button size="sm" icon={<Printer size={14} aria-hidden />} onClick={() => print()}>
              {m.reports_print()}
            </Button>
          </div>
        )
      }
    >
      {found.isPending && <SkeletonRows rows={6} />}
      {found.error && !report && <FailedState error={found.error} retry={() => void found.refetch()} />}
      {name === 'forecast-review' && report && !report.snapshot && (
        <p className={css.note}>{m.reports_no_snapshot()}</p>
      )}
      {report && (
        <div className={chart && !isWide(report) ? css.beside : undefined}>
          {chart && <Drawing name={name} report={report} onReady={ready} />}
          <ReportTable label={title} report={report} />
        </div>
      )}
      {report && <DefinitionLines report={report} printed />}
      {report?.heat && report.heat.length > 0 && <Heat report={report} />}
    </Card>
  );
}
