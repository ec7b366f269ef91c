import { useNavigate } from '@tanstack/react-router';
import { CalendarClock, CheckSquare, ExternalLink, NotebookPen, X } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactElement } from 'react';
import { api } from '@/api/client';
import { entryName, useDictionary } from '@/api/dictionaries';
import { useCan } from '@/api/session';
import type { CalendarEntry, Plan } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { date, time, weekday } from '@/ui/format';
import { Popover } from '@/ui/Menu';
import { toast } from '@/ui/toast';
import css from './calendar.module.css';
import type { Whose } from './Marks';

export type EntryActions = {
  write: (entry: CalendarEntry) => void;
  move: (entry: CalendarEntry) => void;
  cancel: (entry: CalendarEntry) => void;
  /** Says whose an entry is where several calendars lie over each other. */
  whose?: Whose | undefined;
};

const TONES: Record<string, string | undefined> = {
  phone_call: css.blue,
  on_site_visit: css.brand,
  online_meeting: css.violet,
};

export function tone(entry: CalendarEntry): string {
  if (entry.kind === 'task') return (entry.overdue ? css.red : css.grey) ?? '';
  return TONES[entry.method ?? ''] ?? css.amber ?? '';
}

export const isOver = (entry: CalendarEntry): boolean => entry.status === 'done' || entry.status === 'cancelled';

/** A plan is known by whom one meets, a task by what is to be done. */
export const title = (entry: CalendarEntry): string =>
  entry.kind === 'task' ? entry.title : (entry.customer_name ?? entry.opportunity_name ?? entry.title);

type Props = {
  entry: CalendarEntry;
  actions: EntryActions;
  className: string;
  /** Beyond the look: dragging in the week. */
  buttonProps?: ButtonHTMLAttributes<HTMLButtonElement> & { 'data-slot'?: string };
  children: ReactElement | ReactElement[];
};

/** An entry as a button; its popover says everything and offers what may be done. */
export function Entry({ entry, actions, className, buttonProps, children }: Props) {
  const methods = useDictionary('follow_up_method');
  const kind = entry.kind === 'task' ? m.calendar_task() : entryName(methods, entry.method ?? '');
  const at = entry.starts_at ? `${time(entry.starts_at)}–${time(entry.ends_at)}` : '';
  const state = entry.overdue
    ? m.calendar_overdue()
    : entry.status === 'done'
      ? m.calendar_done()
      : entry.status === 'cancelled'
        ? m.calendar_cancelled()
        : entry.overlaps
          ? m.calendar_overlaps()
          : '';
  const person = actions.whose?.(entry);
  const label = [at, kind, title(entry), person?.name, state].filter(Boolean).join(' ');
  return (
    <Popover
      label={label}
      width={300}
      trigger={(toggle, open) => (
        <button
          type="button"
          {...buttonProps}
          className={`${className} ${person?.tone ?? tone(entry)} ${isOver(entry) ? css.over : ''} ${entry.overlaps ? css.clash : ''}`}
          aria-label={label}
          aria-haspopup="dialog"
          aria-expanded={open}
          onClick={toggle}
        >
          {children}
        </button>
      )}
    >
      {(close) => <Details entry={entry} kind={kind} at={at} state={state} actions={actions} close={close} />}
    </Popover>
  );
}

type DetailsProps = {
  entry: CalendarEntry;
  kind: string;
  at: string;
  state: string;
  actions: EntryActions;
  close: () => void;
};

function Details({ entry, kind, at, state, actions, close }: DetailsProps) {
  const navigate = useNavigate();
  const can = useCan();
  const after = (act: (entry: CalendarEntry) => void) => () => {
    close();
    act(entry);
  };
  const open = entry.kind === 'plan' && entry.status === 'planned' && can('edit_follow_ups');
  return (
    <div className={css.details}>
      <p className={css.detailsTitle}>{title(entry)}</p>
      <p className={css.detailsMeta}>
        {[`${date(entry.date)} ${weekday(entry.date)}`, at, kind, state].filter(Boolean).join(' · ')}
      </p>
      {entry.kind === 'task' && entry.customer_name && <p className={css.detailsMeta}>{entry.customer_name}</p>}
      {entry.opportunity_name && entry.opportunity_name !== title(entry) && (
        <p className={css.detailsMeta}>{entry.opportunity_name}</p>
      )}
      {entry.title !== title(entry) && <p className={css.detailsText}>{entry.title}</p>}
      {actions.whose && <p className={css.detailsMeta}>{actions.whose(entry)?.name}</p>}
      {entry.overlaps && <p className={css.detailsClash}>{m.calendar_overlaps_text()}</p>}
      <div className={css.detailsActions}>
        {entry.kind === 'task' && (
          <Button
            size="sm"
            variant="primary"
            icon={<CheckSquare size={14} aria-hidden />}
            onClick={() => void navigate({ to: '/tasks', search: { task: entry.id } })}
          >
            {m.calendar_open_task()}
          </Button>
        )}
        {open && (
          <>
            <Button
              size="sm"
              variant="primary"
              icon={<NotebookPen size={14} aria-hidden />}
              onClick={after(actions.write)}
            >
              {m.calendar_write()}
            </Button>
            <Button size="sm" icon={<CalendarClock size={14} aria-hidden />} onClick={after(actions.move)}>
              {m.calendar_move()}
            </Button>
            <Button size="sm" variant="ghost" icon={<X size={14} aria-hidden />} onClick={after(actions.cancel)}>
              {m.calendar_cancel_plan()}
            </Button>
          </>
        )}
        {entry.kind === 'plan' && <OpenRecord entry={entry} />}
      </div>
    </div>
  );
}

/** The calendar names a plan's record but not its id; the plan itself knows where it leads. */
function OpenRecord({ entry }: { entry: CalendarEntry }) {
  const navigate = useNavigate();
  async function go() {
    try {
      const plan = await api.get<Plan>('/follow-up-plans/{id}', { path: { id: entry.id } });
      if (plan.opportunity_id) {
        await navigate({ to: '/opportunities/$id', params: { id: String(plan.opportunity_id) } });
      } else {
        await navigate({ to: '/customers/$id', params: { id: String(plan.customer_id) } });
      }
    } catch (error) {
      toast.problem(error);
    }
  }
  return (
    <Button size="sm" icon={<ExternalLink size={14} aria-hidden />} onClick={() => void go()}>
      {m.calendar_open_record()}
    </Button>
  );
}
