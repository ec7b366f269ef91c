import type { ReactNode } from 'react';
import { Problem } from '@/api/problem';
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
  const text =
    error instanceof Problem ? (error.status === 404 ? m.ui_not_found() : error.message) : m.problem_unexpected();
  return (
    <div role="alert">
      <EmptyState action={retry && <Button onClick={retry}>{m.ui_retry()}</Button>}>{text}</EmptyState>
    </div>
  );
}
