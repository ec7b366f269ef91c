import { useStages } from '@/api/dictionaries';
import type { Opportunity } from '@/api/types';
import * as m from '@/paraglide/messages';
import { percent } from '@/ui/format';
import css from './opportunities.module.css';
import { inOrder } from './stage-moves';

type Props = { opportunity: Opportunity; editable: boolean; onMove: (to: string) => void };

/** The stages in their order; a click moves there. 输单 shows only when the opportunity is lost. */
export function StageBar({ opportunity, editable, onMove }: Props) {
  const all = inOrder(useStages());
  const lost = opportunity.status === 'lost';
  const stages = all.filter((stage) => (stage.kind === 'lost' ? lost : !(lost && stage.kind === 'won')));
  const at = stages.findIndex((stage) => stage.key === opportunity.stage);
  return (
    <ol className={css.bar} aria-label={m.opportunities_stages()}>
      {stages.map((stage, i) => {
        const here = stage.key === opportunity.stage;
        const look = here ? `${css.here} ${lost ? css.hereLost : ''}` : i < at && !lost ? css.past : '';
        return (
          <li key={stage.key}>
            <button
              type="button"
              className={look}
              aria-current={here ? 'step' : undefined}
              disabled={!editable || here}
              title={here ? undefined : m.opportunities_move_to_stage({ stage: stage.name })}
              onClick={() => onMove(stage.key)}
            >
              <span>
                {stage.name}
                {stage.kind === 'open' && <span className={css.chance}> {percent(stage.probability / 100)}</span>}
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
