import { expect, it } from 'vitest';
import type { Board, Opportunity, Stage } from '@/api/types';
import { boardAfterMove, cents, moveAsks, neighbour, yuan } from './stage-moves';

const stage = (key: string, position: number, probability: number, kind: Stage['kind'] = 'open'): Stage => ({
  key,
  name: key,
  position,
  probability,
  kind,
  limit_days: null,
  version: 1,
});

const STAGES = [
  stage('lost', 6, 0, 'lost'),
  stage('initial_contact', 1, 10),
  stage('proposal', 3, 50),
  stage('needs_analysis', 2, 30),
  stage('won', 5, 100, 'won'),
];

const card = (id: number, key: string, amount: string): Opportunity =>
  ({
    id,
    stage: key,
    status: 'open',
    expected_amount: amount,
    won_amount: null,
    stay_days: 9,
    stuck: true,
  }) as Opportunity;

it('asks amount and date for 成交, a reason for 输单, nothing between open stages (S52)', () => {
  const open = { stage: 'proposal', status: 'open' } as const;
  expect(moveAsks(open, 'won', STAGES)).toBe('won');
  expect(moveAsks(open, 'lost', STAGES)).toBe('lost');
  expect(moveAsks(open, 'initial_contact', STAGES)).toBe('nothing');
});

it('writes nothing for the same stage or an unknown one, and asks before a closed one is opened again (S53)', () => {
  expect(moveAsks({ stage: 'proposal', status: 'open' }, 'proposal', STAGES)).toBeUndefined();
  expect(moveAsks({ stage: 'proposal', status: 'open' }, 'nowhere', STAGES)).toBeUndefined();
  expect(moveAsks({ stage: 'won', status: 'won' }, 'proposal', STAGES)).toBe('reopen');
  expect(moveAsks({ stage: 'won', status: 'won' }, 'lost', STAGES)).toBe('lost');
});

it('steps through the stages in their order, and stops at the ends', () => {
  expect(neighbour('initial_contact', 1, STAGES)?.key).toBe('needs_analysis');
  expect(neighbour('proposal', -1, STAGES)?.key).toBe('needs_analysis');
  expect(neighbour('initial_contact', -1, STAGES)).toBeUndefined();
  expect(neighbour('lost', 1, STAGES)).toBeUndefined();
});

it('moves a card with its count, sum and weighted sum, to the 分', () => {
  const column = (key: string, kind: Stage['kind'], cards: Opportunity[], sum: string, weighted_sum: string) => ({
    stage: key,
    name: key,
    kind,
    count: cards.length,
    sum,
    weighted_sum,
    cards,
    next_cursor: null,
  });
  const board: Board = {
    as_of: '2024-03-18T01:00:00Z',
    columns: [
      column(
        'initial_contact',
        'open',
        [card(1, 'initial_contact', '0.10'), card(2, 'initial_contact', '0.20')],
        '0.30',
        '0.03',
      ),
      column('proposal', 'open', [], '0.00', '0.00'),
    ],
  };
  const after = boardAfterMove(board, 2, 'proposal', STAGES);
  expect(after.columns.map(({ count, sum, weighted_sum }) => [count, sum, weighted_sum])).toEqual([
    [1, '0.10', '0.01'],
    [1, '0.20', '0.10'],
  ]);
  expect(after.columns[1]?.cards[0]).toMatchObject({ id: 2, stage: 'proposal', stay_days: 0, stuck: false });
  expect(boardAfterMove(board, 2, 'initial_contact', STAGES)).toBe(board);
});

it('keeps money exact', () => {
  expect(yuan(cents('9999999999.99') + cents('0.01'))).toBe('10000000000.00');
  expect(yuan(cents('0.05') - cents('0.10'))).toBe('-0.05');
});
