import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { useStages } from '@/api/dictionaries';
import { useCan } from '@/api/session';
import type { Board as BoardData, Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import { EmptyState, FailedState } from '@/ui/EmptyState';
import { SkeletonRows } from '@/ui/Skeleton';
import { BoardColumn } from './BoardColumn';
import { DragBoard } from './dnd';
import { CardFace } from './OpportunityCard';
import { isFiltered, OpportunityFilters } from './OpportunityFilters';
import css from './opportunities.module.css';
import type { OpportunitiesSearch } from './routes';
import { neighbour } from './stage-moves';
import { useMove } from './use-move';

type Props = { search: OpportunitiesSearch; onChange: (patch: Partial<OpportunitiesSearch>) => void };

/** The pipeline by stage. Cards move by mouse, long press, keyboard, `[` `]` and menu: all the same move (S52). */
export default function Board({ search, onChange }: Props) {
  const can = useCan();
  const stages = useStages();
  const { move, dialogs } = useMove();
  const [showLost, setShowLost] = useState(false);
  const filter = { q: search.q, owner_id: search.owner_id, team_id: search.team_id };
  const query = useQuery({
    queryKey: ['opportunities', 'board', filter],
    queryFn: ({ signal }) => api.get<BoardData>('/opportunities/board', { query: filter, signal }),
    placeholderData: keepPreviousData,
  });
  const columns = query.data?.columns ?? [];
  const cards = columns.flatMap((column) => column.cards);
  const card = (id: number) => cards.find((one) => one.id === id);

  function step(opportunity: Opportunity, by: -1 | 1) {
    const next = neighbour(opportunity.stage, by, stages);
    if (!next) return;
    move(opportunity, next.key);
    keepFocus(opportunity.id);
  }

  return (
    <div className={css.boardPage}>
      <div className={css.boardFilters}>
        <OpportunityFilters board search={search} onChange={onChange} />
      </div>
      {query.isPending && <SkeletonRows />}
      {query.error && !query.data && <FailedState error={query.error} retry={() => void query.refetch()} />}
      {query.data && cards.length === 0 && isFiltered(search, true) && (
        <EmptyState small>{m.opportunities_none_found()}</EmptyState>
      )}
      {query.data && (
        <DragBoard
          cardName={(id) => card(id)?.name ?? ''}
          columnName={(key) => columns.find((column) => column.stage === key)?.name ?? key}
          onDrop={(id, to) => {
            const dropped = card(id);
            if (dropped) move(dropped, to);
          }}
          overlay={(id) => {
            const dragged = card(id);
            return dragged && <CardFace opportunity={dragged} lifted />;
          }}
        >
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <section className={css.board} aria-label={m.opportunities_view_board()} tabIndex={0}>
            {columns.map((column) => (
              <BoardColumn
                key={column.stage}
                column={column}
                filter={filter}
                folded={column.kind === 'lost' && !showLost}
                onFold={column.kind === 'lost' ? () => setShowLost(!showLost) : undefined}
                movable={can('edit_opportunities')}
                onMove={move}
                onStep={step}
              />
            ))}
          </section>
        </DragBoard>
      )}
      {dialogs}
    </div>
  );
}

/** In its new column the card is another element; the keyboard stays with it. */
function keepFocus(id: number) {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${id}"] a`)?.focus()),
  );
}
