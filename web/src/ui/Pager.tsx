import type { List } from '@/api/use-list';
import * as m from '@/paraglide/messages';
import { Button } from './Button';
import { count, total } from './format';
import css from './Pager.module.css';

const WORTH_COUNTING = 20;

/** The foot of a keyset list: how many are shown, and the next fifty. */
export function Pager({ list }: { list: List<unknown> }) {
  if (!list.hasMore && list.rows.length < WORTH_COUNTING) return null;
  return (
    <div className={css.pager}>
      <span aria-live="polite">
        {m.ui_shown_of({ shown: count(list.rows.length), total: total(list.total, list.capped) })}
      </span>
      {list.hasMore && (
        <Button loading={list.loadingMore} onClick={list.loadMore}>
          {m.ui_load_more()}
        </Button>
      )}
    </div>
  );
}
