import type { Board, BoardColumn, Opportunity, Stage } from '@/api/types';

/** What a move to another stage asks before it is sent. */
export type MoveAsks = 'nothing' | 'won' | 'lost' | 'reopen';

type Moved = Pick<Opportunity, 'stage' | 'status'>;

/**
 * 成交 asks amount and date, 输单 a reason (S52); leaving either asks whether the opportunity is to be opened again.
 * Undefined, when there is nothing to move: the same stage, or one that does not exist.
 */
export function moveAsks(opportunity: Moved, to: string, stages: readonly Stage[]): MoveAsks | undefined {
  const stage = stages.find((one) => one.key === to);
  if (!stage || opportunity.stage === to) return undefined;
  if (stage.kind !== 'open') return stage.kind;
  return opportunity.status === 'open' ? 'nothing' : 'reopen';
}

/** The stage before (`[`) or after (`]`) in the order of the settings; undefined at either end. */
export function neighbour(stage: string, step: -1 | 1, stages: readonly Stage[]): Stage | undefined {
  const ordered = inOrder(stages);
  const at = ordered.findIndex((one) => one.key === stage);
  return at < 0 ? undefined : ordered[at + step];
}

export function inOrder(stages: readonly Stage[]): Stage[] {
  return [...stages].sort((a, b) => a.position - b.position);
}

/** Position of an open stage on the ramp of five shades (s1…s5). */
export function shade(stage: string, stages: readonly { key: string; kind: string }[]): 1 | 2 | 3 | 4 | 5 {
  const before = stages.findIndex((one) => one.key === stage);
  return Math.min(Math.max(before, 0) + 1, 5) as 1 | 2 | 3 | 4 | 5;
}

/** The board as it will be once the server has agreed; sums stay exact, because they are added in 分. */
export function boardAfterMove(
  board: Board,
  id: number,
  to: string,
  stages: readonly Pick<Stage, 'key' | 'probability'>[],
): Board {
  const from = board.columns.find((column) => column.cards.some((card) => card.id === id));
  const card = from?.cards.find((one) => one.id === id);
  const target = board.columns.find((column) => column.stage === to);
  if (!from || !card || !target || from === target) return board;
  const chance = (key: string) => stages.find((stage) => stage.key === key)?.probability ?? 0;
  const moved: Opportunity = {
    ...card,
    stage: to,
    status: target.kind,
    probability: chance(to),
    stay_days: 0,
    stuck: false,
  };
  return {
    ...board,
    columns: board.columns.map((column) => {
      if (column === from) return counted(column, card, -1, chance(from.stage));
      if (column === target) return counted(column, moved, 1, chance(to));
      return column;
    }),
  };
}

function counted(column: BoardColumn, card: Opportunity, sign: 1 | -1, probability: number): BoardColumn {
  const amount = cents(card.won_amount ?? card.expected_amount);
  const weighted = (amount * BigInt(Math.round(probability)) + 50n) / 100n;
  const step = BigInt(sign);
  return {
    ...column,
    count: column.count + sign,
    sum: yuan(cents(column.sum) + step * amount),
    weighted_sum: yuan(cents(column.weighted_sum) + step * weighted),
    cards: sign === 1 ? joined(column, card) : column.cards.filter((one) => one.id !== card.id),
  };
}

/** An open column begins with the card that stands there longest, a closed one with the newest. */
const joined = (column: BoardColumn, card: Opportunity) =>
  column.kind === 'open' ? [...column.cards, card] : [card, ...column.cards];

/** "500000.00" → 50000000n. */
export function cents(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(2, '0').slice(0, 2));
}

export function yuan(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(3, '0');
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
