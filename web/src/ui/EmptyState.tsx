import type { ReactNode } from 'react';
import { messageOf, Problem } from '@/api/problem';
import * as m from '@/paraglide/messages';
import { Button } from './Button';
import css from './EmptyState.module.css';

/** One sentence and at most one action. */
export function EmptyState({ children, action, small }: { children: ReactNode; action?: ReactNode; small?: boolean }) {
  return (
    <div className={`${css.empty} ${small ? css.small : ''}`}>
      <p>{children}</p>
      {action}
    </div>
  );
}

/** A query that failed: the reason and a second try. */
export function FailedState({ error, retry }: { error: unknown; retry?: () => void }) {
  const absent = error instanceof Problem && error.status === 404;
  const text = absent ? m.ui_not_found() : messageOf(error);
  return (
    <div role="alert">
      <EmptyState action={retry && !absent && <Button onClick={retry}>{m.ui_retry()}</Button>}>{text}</EmptyState>
    </div>
  );
}
