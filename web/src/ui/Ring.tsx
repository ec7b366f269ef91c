import css from './Ring.module.css';

const RADIUS = 9;
const AROUND = 2 * Math.PI * RADIUS;
/** Below this a customer counts as incomplete, as in the report. */
const LOW = 60;

/** 完整度 as a ring with its number (I49). */
export function Ring({ percent }: { percent: number }) {
  return (
    <span className={`${css.ring} ${percent < LOW ? css.low : ''}`}>
      <svg width={24} height={24} viewBox="0 0 24 24" aria-hidden>
        <circle cx={12} cy={12} r={RADIUS} />
        <circle cx={12} cy={12} r={RADIUS} strokeDasharray={`${(AROUND * percent) / 100} ${AROUND}`} />
      </svg>
      {percent}%
    </span>
  );
}
