import type { Task } from '@/api/types';
import * as m from '@/paraglide/messages';
import type { Tone } from '@/ui/Badge';
import { today } from '@/ui/clock';
import { relativeDay } from '@/ui/format';
import type { TaskOutcome } from './routes';

export const taskStatusLabels = (): Record<Task['status'], { label: string; tone: Tone }> => ({
  todo: { label: m.tasks_status_todo(), tone: 'grey' },
  in_progress: { label: m.tasks_status_in_progress(), tone: 'blue' },
  done: { label: m.tasks_status_done(), tone: 'brand' },
  cancelled: { label: m.tasks_status_cancelled(), tone: 'grey' },
});

export const isOpen = (task: Pick<Task, 'status'>): boolean => task.status === 'todo' || task.status === 'in_progress';

/** How the due date reads in a list: 「逾期3天」 in red, 今天 in amber, otherwise the day (I4). */
export function dueLabel(task: Pick<Task, 'status' | 'due_date' | 'overdue' | 'overdue_days'>): {
  text: string;
  tone: 'late' | 'soon' | 'plain';
} {
  if (isOpen(task) && task.overdue) return { text: m.tasks_overdue_days({ n: task.overdue_days }), tone: 'late' };
  if (isOpen(task) && task.due_date === today()) return { text: m.tasks_due_today(), tone: 'soon' };
  return { text: relativeDay(task.due_date), tone: 'plain' };
}

/** What became of tasks by their due date (I9). */
export const outcomeLabels = (): Record<TaskOutcome, string> => ({
  planned: m.tasks_outcome_planned(),
  on_time: m.tasks_outcome_on_time(),
  late: m.tasks_outcome_late(),
  overdue: m.tasks_outcome_overdue(),
});
