import { beforeEach, expect, it } from 'vitest';
import { setClock } from '@/ui/clock';
import { dueLabel } from './labels';

beforeEach(() => setClock('2024-03-18T02:00:00Z', 'Asia/Shanghai'));

const task = { status: 'todo', due_date: '2024-03-15', overdue: true, overdue_days: 3 } as const;

it('counts the days of an overdue task', () => {
  expect(dueLabel(task)).toEqual({ text: '逾期3天', tone: 'late' });
});

it('does not call a task overdue that is done', () => {
  expect(dueLabel({ ...task, status: 'done' }).tone).toBe('plain');
});

it('due today is not overdue', () => {
  expect(dueLabel({ ...task, due_date: '2024-03-18', overdue: false, overdue_days: 0 })).toEqual({
    text: '今天到期',
    tone: 'soon',
  });
});
