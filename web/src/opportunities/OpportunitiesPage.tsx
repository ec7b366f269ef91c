import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useCallback } from 'react';
import { useCan } from '@/api/session';
import { useOpenDrawer } from '@/app/drawer-search';
import { compact } from '@/app/search';
import { ExportButton } from '@/exchange';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { Page, PageHeader } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { usePhone } from '@/ui/use-phone';
import { OpportunityList } from './OpportunityList';
import css from './opportunities.module.css';
import { type OpportunitiesSearch, opportunitiesRoute } from './routes';

const Board = lazy(() => import('./Board'));

/** Opportunities as a list or as a board; view, filters and sort live in the address. */
export default function OpportunitiesPage() {
  const { new: _, for_customer: _c, for_opportunity: _o, for_plan: _p, ...search } = opportunitiesRoute.useSearch();
  const navigate = useNavigate({ from: '/opportunities' });
  const can = useCan();
  const phone = usePhone();
  const openDrawer = useOpenDrawer();
  const { view, ...filter } = search;
  const board = view === 'board';

  const change = useCallback(
    (patch: Partial<OpportunitiesSearch>) =>
      void navigate({ search: (before) => compact({ ...before, ...patch }), replace: true }),
    [navigate],
  );
  const create = can('edit_opportunities') && (
    <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => openDrawer('opportunity')}>
      {m.opportunities_new()}
    </Button>
  );
  return (
    <Page>
      <PageHeader
        title={m.opportunities_title()}
        meta={
          <ViewSwitch
            board={board}
            onChange={(view) => void navigate({ search: (before) => compact({ ...before, view }) })}
          />
        }
        actions={
          <>
            <ExportButton kind="opportunities" filter={filter} />
            {!phone && create}
          </>
        }
      />
      {board ? (
        <Suspense fallback={<SkeletonRows />}>
          <Board search={search} onChange={change} />
        </Suspense>
      ) : (
        <OpportunityList search={search} onChange={change} create={create} />
      )}
    </Page>
  );
}

function ViewSwitch({ board, onChange }: { board: boolean; onChange: (view: 'board' | undefined) => void }) {
  return (
    <fieldset className={css.views} aria-label={m.opportunities_view()}>
      <button type="button" aria-pressed={board} onClick={() => onChange('board')}>
        {m.opportunities_view_board()}
      </button>
      <button type="button" aria-pressed={!board} onClick={() => onChange(undefined)}>
        {m.opportunities_view_list()}
      </button>
    </fieldset>
  );
}
