import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { api } from '@/api/client';
import { useStages } from '@/api/dictionaries';
import { Problem } from '@/api/problem';
import { queryClient, refreshAfter } from '@/api/query-client';
import type { Board, Opportunity, Stage } from '@/api/types';
import * as m from '@/paraglide/messages';
import { toast } from '@/ui/toast';
import { boardAfterMove, moveAsks } from './stage-moves';

const MoveDialogs = lazy(() => import('./MoveDialogs'));

/** What 成交 and 输单 take along. */
export type Deal = {
  won_amount?: string | null;
  won_date?: string | null;
  lost_reason?: string | null;
  competitor?: string | null;
};

export type Asking = { kind: 'won' | 'lost' | 'reopen'; opportunity: Opportunity; to: Stage };

const BOARD = ['opportunities', 'board'];

/**
 * Moving to another stage, the same from board, menu, keys and record page: shown at once, taken back when the server
 * refuses, a dialog first where the stage asks for one (S52). `dialogs` belongs somewhere on the page.
 */
export function useMove(): { move: (opportunity: Opportunity, to: string) => void; dialogs: ReactNode } {
  const stages = useStages();
  const [asking, setAsking] = useState<Asking>();
  // Moves of one card follow each other: the second takes the version that the first one made.
  const running = useRef(new Map<number, Promise<number | undefined>>());

  async function send(opportunity: Opportunity, to: string, deal: Deal = {}): Promise<void> {
    await queryClient.cancelQueries({ queryKey: BOARD });
    const before = queryClient.getQueriesData<Board>({ queryKey: BOARD });
    queryClient.setQueriesData<Board>({ queryKey: BOARD }, (board) =>
      board ? boardAfterMove(board, opportunity.id, to, stages) : board,
    );
    const earlier = running.current.get(opportunity.id);
    const sending = (async () => {
      const version = (await earlier?.catch(() => undefined)) ?? opportunity.version;
      const saved = await api.post<Opportunity>('/opportunities/{id}/stage', {
        path: { id: opportunity.id },
        version,
        body: { stage: to, ...deal },
      });
      keep(saved);
      return saved.version;
    })();
    running.current.set(opportunity.id, sending);
    try {
      await sending;
      toast.success(m.opportunities_moved({ name: opportunity.name, stage: nameOf(to, stages) }));
    } catch (error) {
      for (const [key, board] of before) queryClient.setQueryData(key, board);
      throw error;
    } finally {
      if (running.current.get(opportunity.id) === sending) running.current.delete(opportunity.id);
      refreshAfter('opportunity');
    }
  }

  function move(opportunity: Opportunity, to: string) {
    const asks = moveAsks(opportunity, to, stages);
    const stage = stages.find((one) => one.key === to);
    if (!asks || !stage) return;
    if (asks === 'nothing') send(opportunity, to).catch((error: unknown) => tell(error, opportunity, stages));
    else setAsking({ kind: asks, opportunity, to: stage });
  }

  return {
    move,
    dialogs: asking && (
      <Suspense fallback={null}>
        <MoveDialogs
          asking={asking}
          onClose={() => setAsking(undefined)}
          onMove={(deal) => send(asking.opportunity, asking.to.key, deal)}
          onConflict={(problem) => {
            setAsking(undefined);
            tell(problem, asking.opportunity, stages);
          }}
        />
      </Suspense>
    ),
  };
}

const nameOf = (key: string, stages: readonly Stage[]) => stages.find((stage) => stage.key === key)?.name ?? key;

/** Somebody was faster: where the card stands now, instead of an overwrite. */
function tell(error: unknown, opportunity: Opportunity, stages: readonly Stage[]) {
  if (!(error instanceof Problem) || error.status !== 412) {
    toast.problem(error);
    return;
  }
  const current = error.current as Opportunity | undefined;
  toast.error(
    current
      ? m.opportunities_conflict_at({ name: opportunity.name, stage: nameOf(current.stage, stages) })
      : m.opportunities_conflict({ name: opportunity.name }),
  );
}

/** The answer is the record: board and page show it before they are read again. */
function keep(saved: Opportunity) {
  queryClient.setQueriesData<Board>({ queryKey: BOARD }, (board) =>
    board
      ? {
          ...board,
          columns: board.columns.map((column) => ({
            ...column,
            cards: column.cards.map((card) => (card.id === saved.id ? saved : card)),
          })),
        }
      : board,
  );
  queryClient.setQueryData(['opportunities', 'one', String(saved.id)], saved);
}
