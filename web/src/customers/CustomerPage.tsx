import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '@/api/client';
import { useStages } from '@/api/dictionaries';
import { useCan } from '@/api/session';
import type { Customer, TimelineEntry } from '@/api/types';
import { useList } from '@/api/use-list';
import { compact } from '@/app/search';
import { Comments } from '@/comments';
import * as m from '@/paraglide/messages';
import { Changes, MergeDialog, MergeNotice, RequirementVersions } from '@/stewardship';
import { FailedState } from '@/ui/EmptyState';
import { Card, Page } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { Tabs } from '@/ui/Tabs';
import { Timeline, type Words } from '@/ui/Timeline';
import { Contacts } from './Contacts';
import { CustomerFacts } from './CustomerFacts';
import { CustomerFollowUps } from './CustomerFollowUps';
import { type CustomerDialog, CustomerHeader } from './CustomerHeader';
import { CustomerOpportunities } from './CustomerOpportunities';
import css from './customers.module.css';
import { followUpLabels, phoneCheckLabels, statusLabels, words } from './labels';
import { customerRoute } from './routes';
import { Shares } from './Shares';
import { StickyActions } from './StickyActions';

const EditCustomer = lazy(() => import('./EditCustomer'));
const WinDialog = lazy(() => import('./WinDialog'));
const Dialogs = lazy(() => import('./CustomerDialogs'));

/** One customer: figures and actions on top, everything that happened on the left, facts on the right (S1, S5). */
export default function CustomerPage() {
  const { id } = customerRoute.useParams();
  const search = customerRoute.useSearch();
  const navigate = useNavigate({ from: '/customers/$id' });
  const can = useCan();
  const [dialog, setDialog] = useState<CustomerDialog>();
  const [versions, setVersions] = useState(false);
  const query = useQuery({
    queryKey: ['customers', 'one', id],
    queryFn: () => api.get<Customer>('/customers/{id}', { path: { id } }),
  });
  if (query.isPending) {
    return (
      <Page>
        <Card flush>
          <SkeletonRows />
        </Card>
      </Page>
    );
  }
  if (!query.data) return <FailedState error={query.error} retry={() => void query.refetch()} />;

  const customer = query.data;
  const editable = customer.can_edit && can('edit_customers');
  const change = (patch: Partial<typeof search>, replace = false) =>
    void navigate({ search: (before) => compact({ ...before, ...patch }), replace });
  const tab = search.tab ?? 'timeline';

  return (
    <Page>
      <CustomerHeader
        customer={customer}
        editable={editable}
        onEdit={() => change({ edit: true })}
        onWin={() => change({ win: true })}
        onDialog={setDialog}
        onField={(field) => change({ edit: true, field })}
      />
      {editable && <MergeNotice customerId={customer.id} />}
      <div className={css.grid}>
        <Card flush>
          <div className={css.tabs}>
            <Tabs
              label={customer.name}
              value={tab}
              onChange={(next) => change({ tab: next === 'timeline' ? undefined : next }, true)}
              tabs={[
                { value: 'timeline', label: m.customers_timeline() },
                { value: 'follow_ups', label: m.customers_follow_ups() },
                { value: 'opportunities', label: m.customers_opportunities() },
                { value: 'contacts', label: m.customers_contacts() },
                { value: 'comments', label: m.comments_title() },
                { value: 'shares', label: m.customers_shares() },
                { value: 'changes', label: m.stewardship_changes() },
              ]}
            />
          </div>
          {tab === 'timeline' && <CustomerTimeline id={customer.id} />}
          {tab === 'follow_ups' && <CustomerFollowUps customerId={customer.id} />}
          {tab === 'opportunities' && <CustomerOpportunities customerId={customer.id} />}
          {tab === 'contacts' && <Contacts customerId={customer.id} editable={editable} />}
          {tab === 'comments' && (
            <Suspense fallback={<SkeletonRows rows={4} />}>
              <Comments room="customers" id={customer.id} writable={can('edit_customers')} />
            </Suspense>
          )}
          {tab === 'shares' && <Shares customerId={customer.id} editable={editable} />}
          {tab === 'changes' && (
            <Suspense fallback={<SkeletonRows rows={4} />}>
              <Changes kind="customers" id={customer.id} />
            </Suspense>
          )}
        </Card>
        <CustomerFacts
          customer={customer}
          onReveal={() => setDialog({ kind: 'reveal' })}
          onVersions={() => setVersions(true)}
        />
      </div>
      <StickyActions customer={customer} onReveal={() => setDialog({ kind: 'reveal' })} />
      <Suspense fallback={null}>
        {search.edit && editable && (
          <EditCustomer
            customer={customer}
            field={search.field}
            onClose={() => change({ edit: undefined, field: undefined }, true)}
            onWin={() => change({ edit: undefined, field: undefined, win: true }, true)}
          />
        )}
        {search.win && editable && !search.edit && (
          <WinDialog
            customer={customer}
            mode={customer.status !== 'won' ? 'win' : dialog?.kind === 'another' ? 'another' : 'correct'}
            onClose={() => {
              setDialog(undefined);
              change({ win: undefined }, true);
            }}
          />
        )}
        {dialog?.kind === 'merge' && editable && (
          <MergeDialog customerId={customer.id} onClose={() => setDialog(undefined)} />
        )}
        {versions && <RequirementVersions customerId={customer.id} onClose={() => setVersions(false)} />}
        {dialog && dialog.kind !== 'another' && dialog.kind !== 'merge' && (
          <Dialogs customer={customer} dialog={dialog} onClose={() => setDialog(undefined)} />
        )}
      </Suspense>
    </Page>
  );
}

function CustomerTimeline({ id }: { id: number }) {
  const list = useList<TimelineEntry>(['customers', 'timeline', id], '/customers/{id}/timeline', {}, { path: { id } });
  return <Timeline list={list} empty={m.customers_no_timeline()} words={useWords()} />;
}

function useWords(): Words {
  const stages = useStages();
  return {
    status: words(statusLabels()),
    follow_up_status: words(followUpLabels()),
    phone_check: words(phoneCheckLabels()),
    stage: Object.fromEntries(stages.map((stage) => [stage.key, stage.name])),
  };
}
