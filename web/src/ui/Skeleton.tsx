import * as m from '@/paraglide/messages';
import css from './Skeleton.module.css';

export function Skeleton({ width = '100%', height }: { width?: number | string; height?: number }) {
  return <span className={css.bone} style={{ width, ...(height ? { height } : {}) }} aria-hidden />;
}

const WIDTHS = ['28%', '22%', '34%', '25%', '30%', '20%'];

/** Stands where rows will be, at the rows' own height. */
export function SkeletonRows({ rows = 8 }: { rows?: number }) {
  return (
    <div role="status" aria-label={m.ui_loading()}>
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no identity and never move
        <div className={css.row} key={i}>
          <Skeleton width={WIDTHS[i % WIDTHS.length] ?? '25%'} />
          <Skeleton width="12%" />
          <Skeleton width="16%" />
        </div>
      ))}
    </div>
  );
}
