import { refreshIfStale } from '@/api/query-client';
import { toldStale } from '@/api/stale';
import type { DashboardTile, Span, TileShape } from '@/api/types';
import * as m from '@/paraglide/messages';
import { type CardName, slicesOf, titles, useReport } from '@/reports';
import { Button } from '@/ui/Button';
import { DateField } from '@/ui/DateField';
import { EditDialog } from '@/ui/EditDialog';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { FormNote, layout, useForm } from '@/ui/use-form';
import css from './dashboards.module.css';
import { ShapeFields } from './ShapeFields';
import { SPANS, spanLabels, type TileDraft, USUAL_WIDTH } from './values';

type Props = {
  title: string;
  tile?: DashboardTile | undefined;
  onSave: (tile: TileDraft) => Promise<void>;
  onClose: () => void;
};

/** A tile of a board: which report, over which period, sliced by what, and how it is shown. */
export function TileForm({ title, tile, onSave, onClose }: Props) {
  const names = titles();
  const form = useForm({
    initial: {
      name: tile?.name ?? '',
      report: tile?.question.report ?? 'pipeline',
      period: (tile?.question.period ?? 'this_month') as string,
      from: tile?.question.from ?? '',
      to: tile?.question.to ?? '',
      group_by: tile?.question.group_by ?? '',
      shape: (tile?.shape ?? 'bar') as string,
      column: tile?.column ?? '',
      width: String(tile?.width ?? USUAL_WIDTH.bar),
      filters: tile?.question.filters ?? {},
    },
    save: async (values) => {
      const fixed = values.period === 'fixed';
      await onSave({
        name: values.name.trim() || names[values.report as CardName],
        shape: values.shape as TileShape,
        column: values.shape === 'number' ? values.column || null : null,
        width: Number(values.width),
        question: {
          report: values.report,
          period: values.period as Span,
          from: fixed ? values.from || null : null,
          to: fixed ? values.to || null : null,
          group_by: values.group_by || null,
          hours: values.report === 'stage-duration' ? (tile?.question.hours ?? null) : null,
          filters: values.filters,
        },
      });
      onClose();
    },
    handled: (problem) => {
      // A new tile goes behind the others, whatever became of them; a changed one may be gone.
      if (!tile) return refreshIfStale(problem, 'dashboard');
      if (!toldStale(problem, 'dashboard')) return false;
      onClose();
      return true;
    },
  });
  const { report, shape, period, filters } = form.values;
  const slices = slicesOf(report as CardName);
  const kept = Object.values(filters).flat().length;
  return (
    <EditDialog title={title} form={form} onClose={onClose}>
      <Select
        label={m.dashboards_tile_report()}
        required
        options={Object.entries(names).map(([value, label]) => ({ value, label }))}
        {...form.field('report')}
        onChange={(value) => form.set({ report: value, group_by: '', column: '', filters: {} })}
      />
      <TextField label={m.dashboards_tile_name()} placeholder={names[report as CardName]} {...form.field('name')} />
      <div className={layout.two}>
        <Select
          label={m.dashboards_period()}
          options={SPANS.map((value) => ({ value, label: spanLabels()[value] }))}
          searchable={false}
          {...form.field('period')}
        />
        {slices.length > 0 && (
          <Select
            label={m.reports_group_by()}
            options={slices}
            clearable
            placeholder={m.dashboards_no_slice()}
            {...form.field('group_by')}
          />
        )}
      </div>
      {period === 'fixed' && (
        <div className={layout.two}>
          <DateField label={m.reports_from()} required {...form.field('from')} />
          <DateField label={m.reports_to()} required {...form.field('to')} />
        </div>
      )}
      <ShapeFields form={form} />
      {shape === 'number' && (
        <Columns
          report={report as CardName}
          value={form.values.column}
          error={form.errors.column}
          onChange={(column) => form.set({ column })}
        />
      )}
      {form.errors.filters && <FormNote>{form.errors.filters}</FormNote>}
      {kept > 0 && (
        <p className={css.kept}>
          {m.dashboards_filters_kept({ count: kept })}
          <Button size="sm" onClick={() => form.set({ filters: {} })}>
            {m.dashboards_filters_clear()}
          </Button>
        </p>
      )}
    </EditDialog>
  );
}

type ColumnsProps = {
  report: CardName;
  value: string;
  error: string | undefined;
  onChange: (column: string) => void;
};

/** The figures a report has: it is asked, as their names are its own. */
export function Columns({ report, value, error, onChange }: ColumnsProps) {
  const found = useReport(report, {});
  const options = (found.data?.columns ?? []).map((column) => ({ value: column.key, label: column.label }));
  return (
    <Select
      label={m.dashboards_tile_column()}
      name="column"
      required
      options={options}
      value={value}
      error={error}
      onChange={onChange}
    />
  );
}
