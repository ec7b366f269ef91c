import { Link } from '@tanstack/react-router';
import { ChevronsLeftRight } from 'lucide-react';
import { useId } from 'react';
import type { BoardColumn as Column, Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import { IconButton } from '@/ui/Button';
import { count, money, moneyShort } from '@/ui/format';
import { usePhone } from '@/ui/use-phone';
import { useColumn } from './dnd';
import { StageDot } from './marks';
import { OpportunityCard } from './OpportunityCard';
import css from './opportunities.module.css';
import type { OpportunitiesSearch } from './routes';

type Props = {
  column: Column;
  /** The board's filters, for the list of a long column's rest. */
  filter: OpportunitiesSearch;
  /** 输单 stands folded to a strip that still takes cards. */
  folded: boolean;
  onFold: (() => void) | undefined;
  movable: boolean;
  onMove: (opportunity: Opportunity, to: string) => void;
  onStep: (opportunity: Opportunity, by: -1 | 1) => void;
};

export function BoardColumn({ column, filter, folded, onFold, movable, onMove, onStep }: Props) {
  const id = useId();
  const phone = usePhone();
  const { ref, over } = useColumn(column.stage);
  const look = `${css.column} ${over ? css.columnOver : ''}`;
  if (folded && onFold && !phone) {
    return (
      <section ref={ref} className={`${look} ${css.folded}`} aria-label={column.name}>
        <button type="button" className={css.unfold} onClick={onFold} aria-expanded={false}>
          <StageDot stage={column.stage} kind={column.kind} />
          <span>{column.name}</span>
          <span className={css.columnCount}>{count(column.count)}</span>
        </button>
      </section>
    );
  }
  const hidden = column.count - column.cards.length;
  return (
    <section ref={ref} className={look} aria-labelledby={id}>
      <header className={css.columnHead}>
        <div className={css.columnTitle}>
          <StageDot stage={column.stage} kind={column.kind} />
          <h2 id={id}>{column.name}</h2>
          <span className={css.columnCount}>{count(column.count)}</span>
          {onFold && !phone && (
            <IconButton size="sm" label={m.opportunities_fold()} onClick={onFold} className={css.foldButton}>
              <ChevronsLeftRight size={14} aria-hidden />
            </IconButton>
          )}
        </div>
        <div className={css.columnSums}>
          <span title={money(column.sum)}>{moneyShort(column.sum)}</span>
          {column.kind !== 'lost' && (
            <span title={money(column.weighted_sum)}>
              {m.opportunities_weighted({ sum: moneyShort(column.weighted_sum) })}
            </span>
          )}
        </div>
      </header>
      <ul className={css.cards} aria-labelledby={id} tabIndex={column.cards.length > 0 ? 0 : undefined}>
        {column.cards.map((card) => (
          <li key={card.id}>
            <OpportunityCard
              opportunity={card}
              movable={movable && card.can_edit}
              onMove={(to) => onMove(card, to)}
              onStep={(by) => onStep(card, by)}
            />
          </li>
        ))}
        {hidden > 0 && (
          <li>
            <Link to="/opportunities" search={{ ...filter, stage: [column.stage] }} className={css.rest}>
              {m.opportunities_more_in_list({ n: count(hidden) })}
            </Link>
          </li>
        )}
        {column.cards.length === 0 && <li className={css.noCards}>{m.opportunities_column_empty()}</li>}
      </ul>
    </section>
  );
}
