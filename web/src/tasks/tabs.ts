import type { Query } from '@/api/client';

export const TASK_TABS = ['open', 'overdue', 'today', 'done', 'assigned', 'all'] as const;
export type TaskTab = (typeof TASK_TABS)[number];

type Filters = {
  kind?: string[] | undefined;
  assignee_id?: string[] | undefined;
  due_from?: string | undefined;
  due_to?: string | undefined;
  overdue?: true | undefined;
  outcome?: string | undefined;
  team_id?: string[] | undefined;
  region?: string[] | undefined;
  industry?: string[] | undefined;
  source_channel?: string[] | undefined;
  tag?: string[] | undefined;
};

const OPEN = ['todo', 'in_progress'] as const;

/** The tabs that hold one's own tasks have the counts of `/tasks/counts`; the others look further (S62). */
export function isOwn(tab: TaskTab): boolean {
  return tab !== 'assigned' && tab !== 'all';
}

/** What a tab asks the server for. The filters narrow it further, never widen it. */
export function tabQuery(tab: TaskTab, filters: Filters, me: number, today: string): Query {
  const { due_from, due_to } = filters;
  const narrow: Query = {
    kind: filters.kind,
    due_from,
    due_to,
    overdue: filters.overdue,
    sort: 'due_date',
  };
  switch (tab) {
    case 'open':
      return { ...narrow, mine: true, status: OPEN };
    case 'overdue':
      return { ...narrow, mine: true, overdue: true };
    case 'today':
      return { ...narrow, mine: true, status: OPEN, due_from: today, due_to: today };
    case 'done':
      return { ...narrow, mine: true, status: 'done', sort: '-due_date' };
    case 'assigned':
      return { ...narrow, assignee_id: filters.assignee_id, assigner_id: me };
    case 'all': {
      const { assignee_id, outcome, team_id, region, industry, source_channel, tag } = filters;
      return { ...narrow, assignee_id, outcome, team_id, region, industry, source_channel, tag };
    }
  }
}
