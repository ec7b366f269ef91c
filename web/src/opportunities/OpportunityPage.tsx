import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '@/api/client';
import { useCan } from '@/api/session';
import type { Opportunity, TimelineEntry } from '@/api/types';
import { useList } from '@/api/use-list';
import { compact } from '@/app/search';
import { Comments } from '@/comments';
import { FollowUpList, PlanList } from '@/follow_ups';
import * as m from '@/paraglide/messages';
import { Changes } from '@/stewardship';
import { FailedState } from '@/ui/EmptyState';
import { Card, Page } from '@/ui/Page';
import { SkeletonRows } from '@/ui/Skeleton';
import { Tabs } from '@/ui/Tabs';
import { Timeline } from '@/ui/Timeline';
import { NextStepCard } from './NextStepCard';
import { OpportunityFacts } from './OpportunityFacts';
import { OpportunityFigures, OpportunityHeader } from './OpportunityHeader';
import { OpportunityTasks } from './OpportunityTasks';
import css from './opportunities.module.css';
import { opportunityRoute } from './routes';
import { StageBar } from './StageBar';
import { StageLog } from './StageLog';
import { useMove } from './use-move';

const EditOpportunity = lazy(() => import('./EditOpportunity'));
const Dialogs = lazy(() => import('./OpportunityDialogs'));

/** One opportunity: where it stands, what comes next, and everything that led here, in one place (S34). */
export default function OpportunityPage() {
  const { id } = opportunityRoute.useParams();
  const search = opportunityRoute.useSearch();
  const navigate = useNavigate({ from: '/opportunities/$id' });
  const can = useCan();
  const { move, dialogs } = useMove();
  const [dialog, setDialog] = useState<'owner' | 'delete'>();
  const query = useQuery({
    queryKey: ['opportunities', 'one', id],
    queryFn: () => api.get<Opportunity>('/opportunities/{id}', { path: { id } }),
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

  const opportunity = query.data;
  const editable = opportunity.can_edit && can('edit_opportunities');
  const change = (patch: Partial<typeof search>, replace = false) =>
    void navigate({ search: (before) => compact({ ...before, ...patch }), replace });
  const tab = search.tab ?? 'timeline';
  const about = { customerId: opportunity.customer_id, opportunityId: opportunity.id };

  return (
    <Page>
      <OpportunityHeader
        opportunity={opportunity}
        editable={editable}
        onMove={(to) => move(opportunity, to)}
        onEdit={() => change({ edit: true })}
        onDialog={setDialog}
      />
      <Card flush>
        <StageBar opportunity={opportunity} editable={editable} onMove={(to) => move(opportunity, to)} />
        <OpportunityFigures opportunity={opportunity} />
      </Card>
      <div className={css.grid}>
        <Card flush>
          <div className={css.tabs}>
            <Tabs
              label={opportunity.name}
              value={tab}
              onChange={(next) => change({ tab: next === 'timeline' ? undefined : next }, true)}
              tabs={[
                { value: 'timeline', label: m.opportunities_timeline() },
                { value: 'plans', label: m.opportunities_plans() },
                { value: 'follow_ups', label: m.opportunities_follow_ups() },
                { value: 'tasks', label: m.opportunities_tasks() },
                { value: 'comments', label: m.comments_title() },
                { value: 'stages', label: m.opportunities_stage_log() },
                { value: 'changes', label: m.stewardship_changes() },
              ]}
            />
          </div>
          {tab === 'timeline' && <OpportunityTimeline id={opportunity.id} />}
          {tab === 'plans' && <PlanList {...about} />}
          {tab === 'follow_ups' && <FollowUpList {...about} />}
          {tab === 'tasks' && <OpportunityTasks opportunity={opportunity} />}
          {tab === 'comments' && (
            <Suspense fallback={<SkeletonRows rows={4} />}>
              <Comments room="opportunities" id={opportunity.id} writable={can('edit_opportunities')} />
            </Suspense>
          )}
          {tab === 'stages' && <StageLog opportunity={opportunity} />}
          {tab === 'changes' && (
            <Suspense fallback={<SkeletonRows rows={4} />}>
              <Changes kind="opportunities" id={opportunity.id} />
            </Suspense>
          )}
        </Card>
        <div className={css.side}>
          <div className={css.nextFirst}>
            <NextStepCard opportunity={opportunity} />
          </div>
          <OpportunityFacts opportunity={opportunity} />
        </div>
      </div>
      {dialogs}
      <Suspense fallback={null}>
        {search.edit && editable && (
          <EditOpportunity opportunity={opportunity} onClose={() => change({ edit: undefined }, true)} />
        )}
        {dialog && <Dialogs opportunity={opportunity} dialog={dialog} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </Page>
  );
}

function OpportunityTimeline({ id }: { id: number }) {
  const list = useList<TimelineEntry>(
    ['opportunities', 'timeline', id],
    '/opportunities/{id}/timeline',
    {},
    { path: { id } },
  );
  return <Timeline list={list} empty={m.opportunities_no_timeline()} />;
}
