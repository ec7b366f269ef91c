import { Link } from '@tanstack/react-router';
import * as m from '@/paraglide/messages';
import { buttonClass } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';

export function NotFound() {
  return (
    <EmptyState
      action={
        <Link to="/" className={buttonClass()}>
          {m.app_back_home()}
        </Link>
      }
    >
      {m.app_no_such_page()}
    </EmptyState>
  );
}
