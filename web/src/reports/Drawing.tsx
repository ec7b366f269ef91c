import { lazy, Suspense, useCallback } from 'react';
import type { Report } from '@/api/types';
import { SkeletonRows } from '@/ui/Skeleton';
import { optionsOf } from './chart-options';
import type { CardName } from './routes';

const Chart = lazy(() => import('./Chart'));

type Props = { name: CardName; report: Report; onReady: (picture: () => string) => void; lines?: boolean };

/** Draws what the table of the same report says; for eyes only. */
export function Drawing({ name, report, onReady, lines = false }: Props) {
  const options = useCallback(
    (token: (word: string) => string) => optionsOf(name, report, token, lines),
    [name, report, lines],
  );
  return (
    <Suspense fallback={<SkeletonRows rows={5} />}>
      <Chart options={options} onReady={onReady} />
    </Suspense>
  );
}
