import type { Target } from '@/api/types';

/** The months of a year as the API names them: 2024-01 … 2024-12. */
export function months(year: number): string[] {
  return Array.from({ length: 12 }, (_, i) => `${year}-${String(i + 1).padStart(2, '0')}`);
}

export const cellKey = (owner: number, period: string): string => `${owner} ${period}`;

export function byCell(targets: Target[]): Map<string, Target> {
  return new Map(targets.map((target) => [cellKey(target.owner_id, target.period), target]));
}

/** The sum of money strings, exact to the 分. */
export function sum(amounts: string[]): string {
  const cents = amounts.reduce((total, amount) => total + BigInt(amount.replace('.', '')), 0n);
  const text = String(cents).padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}
