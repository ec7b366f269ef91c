import { BarChart, FunnelChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Report } from '@/api/types';
import * as m from '@/paraglide/messages';
import css from './reports.module.css';
import type { CardName } from './routes';
import { drawn } from './values';

echarts.use([BarChart, FunnelChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

const MOST_BARS = 20;
const MOST_SERIES = 4;

type Props = { name: CardName; report: Report; onReady: (picture: () => string) => void };

/** Draws what the table beside it says; for eyes only. */
export default function Chart({ name, report, onReady }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const drawing = echarts.init(place.current);
    const token = (word: string) => getComputedStyle(document.documentElement).getPropertyValue(word).trim();
    drawing.setOption(optionsOf(name, report, token));
    onReady(() => drawing.getDataURL({ pixelRatio: 2, backgroundColor: token('--surface') }));
    const sized = new ResizeObserver(() => drawing.resize());
    sized.observe(place.current);
    return () => {
      sized.disconnect();
      drawing.dispose();
    };
  }, [name, report, onReady]);
  return <div ref={place} className={css.chart} aria-hidden />;
}

function optionsOf(name: CardName, report: Report, token: (word: string) => string) {
  const text = { color: token('--ink-2') };
  const line = { lineStyle: { color: token('--line') } };
  const common = {
    animation: false,
    color: ['--s4', '--s2', '--amber', '--blue'].map(token),
    textStyle: { ...text, fontFamily: token('--font') },
    // What is drawn into the page itself would need inline styles.
    tooltip: { renderMode: 'richText' as const, confine: true },
  };
  // A report that is not sliced says all in its last line.
  const rows = report.rows.length > 0 ? report.rows.slice(0, MOST_BARS) : [report.total];
  const names = rows.map((row) => row.name ?? m.reports_nobody());
  if (name === 'funnel' && !report.group_by) {
    return {
      ...common,
      series: [
        {
          type: 'funnel',
          sort: 'none',
          left: '8%',
          width: '84%',
          label: { position: 'inside', color: token('--on-brand') },
          data: rows.map((row, at) => ({
            name: names[at],
            value: row.cells[0]?.count ?? 0,
            itemStyle: { color: token(`--s${Math.min(5, at + 1)}`), borderColor: token('--surface') },
          })),
        },
      ],
    };
  }
  // One scale fits one kind of number: that of the first column.
  const shape = report.columns[0]?.shape === 'count_and_sum' ? 'count' : (report.columns[0]?.shape ?? 'count');
  const kind = (of: string) => (of === 'count_and_sum' ? 'count' : of);
  const fitting = report.columns
    .map((column, at) => ({ column, at }))
    .filter(({ column }) => kind(column.shape) === shape)
    .slice(0, MOST_SERIES);
  return {
    ...common,
    legend: { top: 0, textStyle: text },
    grid: { left: 8, right: 8, top: 36, bottom: 8, containLabel: true },
    xAxis: {
      type: 'category',
      data: names,
      axisLabel: { ...text, interval: 0, rotate: names.length > 6 ? 40 : 0 },
      axisLine: line,
    },
    yAxis: { type: 'value', axisLabel: text, splitLine: line },
    series: fitting.map(({ column, at }) => ({
      type: 'bar',
      name: column.label,
      barMaxWidth: 36,
      data: rows.map((row) => drawn(row.cells[at], kind(column.shape)) ?? '-'),
    })),
  };
}
