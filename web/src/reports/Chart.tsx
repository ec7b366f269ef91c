import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendPlainComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import css from './reports.module.css';

echarts.use([BarChart, LineChart, GridComponent, LegendPlainComponent, TooltipComponent, CanvasRenderer]);

type Props = {
  options: (token: (word: string) => string) => Record<string, unknown>;
  onReady: (picture: () => string) => void;
};

/** The canvas, and all that is heavy about it. */
export default function Chart({ options, onReady }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const drawing = echarts.init(place.current);
    const token = (word: string) => getComputedStyle(document.documentElement).getPropertyValue(word).trim();
    drawing.setOption(options(token));
    onReady(() => drawing.getDataURL({ pixelRatio: 2, backgroundColor: token('--surface') }));
    const sized = new ResizeObserver(() => drawing.resize());
    sized.observe(place.current);
    return () => {
      sized.disconnect();
      drawing.dispose();
    };
  }, [options, onReady]);
  return <div ref={place} className={css.chart} aria-hidden />;
}
