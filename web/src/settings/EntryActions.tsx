import { ArrowDown, ArrowUp, Ban, Check, Pencil, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import * as m from '@/paraglide/messages';
import { IconButton } from '@/ui/Button';
import css from './settings.module.css';

/** What can be done to one of a list in an order of its own. */
export type EntryDeeds = {
  busy: boolean;
  first: boolean;
  last: boolean;
  onMove: (by: -1 | 1) => Promise<void>;
  onEdit: () => void;
  onTurn: () => Promise<void>;
  onRemove: () => Promise<void> | void;
  /** What editing it is called, where it is more than a word for it; otherwise 编辑. */
  editLabel?: string;
};

type Props = {
  name: string;
  enabled: boolean;
  deeds: EntryDeeds;
  /** What else can be done to it, before 删除. */
  children?: ReactNode;
};

/** Up, down, edit, on or off, delete: the buttons behind a dictionary's value, an SOP template or an assignment rule. */
export function EntryActions({ name, enabled, deeds, children }: Props) {
  const { busy, first, last, onMove, onEdit, onTurn, onRemove, editLabel } = deeds;
  return (
    <div className={css.itemActions}>
      <IconButton
        size="sm"
        label={m.settings_entry_up({ name })}
        disabled={busy || first}
        onClick={() => void onMove(-1)}
      >
        <ArrowUp size={15} aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label={m.settings_entry_down({ name })}
        disabled={busy || last}
        onClick={() => void onMove(1)}
      >
        <ArrowDown size={15} aria-hidden />
      </IconButton>
      <IconButton size="sm" label={editLabel ?? `${m.ui_edit()} ${name}`} onClick={onEdit}>
        <Pencil size={15} aria-hidden />
      </IconButton>
      <IconButton
        size="sm"
        label={enabled ? m.settings_entry_disable({ name }) : m.settings_entry_enable({ name })}
        disabled={busy}
        onClick={() => void onTurn()}
      >
        {enabled ? <Ban size={15} aria-hidden /> : <Check size={15} aria-hidden />}
      </IconButton>
      {children}
      <IconButton size="sm" label={m.settings_entry_delete({ name })} disabled={busy} onClick={() => void onRemove()}>
        <Trash2 size={15} aria-hidden />
      </IconButton>
    </div>
  );
}
