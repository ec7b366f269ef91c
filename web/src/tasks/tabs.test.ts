import { expect, it } from 'vitest';
import { isOwn, TASK_TABS, tabQuery } from './tabs';

const ask = (tab: (typeof TASK_TABS)[number], filters = {}) => tabQuery(tab, filters, 7, '2024-03-18');

it('asks for open tasks of one’s own, earliest due first', () => {
  expect(ask('open')).toMatchObject({ mine: true, status: ['todo', 'in_progress'], sort: 'due_date' });
});

it('bounds today’s tab to today whatever the range filter says', () => {
  expect(ask('today', { due_from: '2024-01-01' })).toMatchObject({ due_from: '2024-03-18', due_to: '2024-03-18' });
});

it('looks beyond one’s own only where the tab says so', () => {
  expect(TASK_TABS.filter((tab) => ask(tab).mine)).toEqual(TASK_TABS.filter(isOwn));
  expect(ask('assigned')).toMatchObject({ assigner_id: 7 });
  expect(ask('assigned')).not.toHaveProperty('mine');
});

it('lets a person filter count only where several people’s tasks stand', () => {
  expect(ask('open', { assignee_id: ['3'] })).not.toHaveProperty('assignee_id');
  expect(ask('all', { assignee_id: ['3'] })).toMatchObject({ assignee_id: ['3'] });
});
