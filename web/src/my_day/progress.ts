export type Progress = {
  /** Width of the won part, 0–100. */
  filled: number;
  /** Where today stands in the quarter, 0–100. */
  mark: number;
  /** Behind the time: what has been won is less than the time that has passed. */
  behind: boolean;
  reached: boolean;
};

const within = (share: number): number => Math.round(Math.min(Math.max(share, 0), 1) * 1000) / 10;

/** The target bar of shares won and time passed; without a target there is no bar. */
export function progress(rate: number | null, timeProgress: number): Progress | undefined {
  if (rate === null) return undefined;
  return { filled: within(rate), mark: within(timeProgress), behind: rate < timeProgress, reached: rate >= 1 };
}

/** "2024-Q1" → year and quarter; anything else stays as it is. */
export function quarter(period: string): { year: string; quarter: string } | undefined {
  const match = /^(\d{4})-Q([1-4])$/.exec(period);
  return match ? { year: match[1] ?? '', quarter: match[2] ?? '' } : undefined;
}
