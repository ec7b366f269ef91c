import { Ellipsis, ListChecks, Tag, UserRound, X } from 'lucide-react';
import { useCan } from '@/api/session';
import type { BatchAction } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button, IconButton } from '@/ui/Button';
import { total as totalText } from '@/ui/format';
import { Menu } from '@/ui/Menu';
import { usePhone } from '@/ui/use-phone';
import css from './groups.module.css';
import { actionLabels } from './labels';
import type { Selection } from './use-selection';

type Props = {
  selection: Selection;
  total: number;
  capped: boolean;
  onAction: (action: BatchAction) => void;
};

const MAIN = ['add_tag', 'change_owner', 'create_tasks'] as const satisfies readonly BatchAction[];
const REST = ['add_to_group', 'remove_from_group', 'remove_tag'] as const satisfies readonly BatchAction[];
const ICONS = { add_tag: Tag, change_owner: UserRound, create_tasks: ListChecks };

/** Floats over the list while customers are selected (S33). */
export default function BatchBar({ selection, total, capped, onAction }: Props) {
  const can = useCan();
  const phone = usePhone();
  const labels = actionLabels();
  const allowed = (action: BatchAction) => action !== 'create_tasks' || can('edit_tasks');
  const main = phone ? [] : MAIN.filter(allowed);
  const rest = phone ? [...MAIN.filter(allowed), ...REST] : REST;
  return (
    <section className={css.bar} aria-label={m.groups_bar()}>
      <span className={css.count} role="status">
        {m.groups_selected({ n: totalText(selection.count(total), selection.all && capped) })}
      </span>
      {!selection.all && selection.ids.size < total && (
        <Button variant="link" size="sm" onClick={selection.takeAll}>
          {m.groups_select_matching({ n: totalText(total, capped) })}
        </Button>
      )}
      {main.map((action) => {
        const Icon = ICONS[action];
        return (
          <Button key={action} size="sm" icon={<Icon size={15} aria-hidden />} onClick={() => onAction(action)}>
            {labels[action]}
          </Button>
        );
      })}
      <Menu
        trigger={
          <IconButton size="sm" label={m.groups_action_more()}>
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
        items={rest.map((action) => ({ label: labels[action], onSelect: () => onAction(action) }))}
      />
      <IconButton size="sm" label={m.groups_select_clear()} onClick={selection.clear}>
        <X size={16} aria-hidden />
      </IconButton>
    </section>
  );
}
