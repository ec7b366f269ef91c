import { Link } from '@tanstack/react-router';
import { entryName, useDictionary } from '@/api/dictionaries';
import type { Task } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Person } from '@/ui/Avatar';
import { StatusDot } from '@/ui/Badge';
import { Button } from '@/ui/Button';
import { date } from '@/ui/format';
import { cell, RowList, row as rowCss, Table } from '@/ui/Table';
import { dueLabel, isOpen, taskStatusLabels } from './labels';
import { TaskLink } from './TaskLink';
import css from './tasks.module.css';

type Props = { rows: Task[]; onOpen: (id: number) => void; onComplete: (task: Task) => void };

const dueLook = { late: css.late, soon: css.soon, plain: undefined };

export function TaskTable({ rows, onOpen, onComplete }: Props) {
  const kinds = useDictionary('task_kind');
  const labels = taskStatusLabels();
  return (
    <Table label={m.tasks_title()} onRow={(id) => onOpen(Number(id))}>
      <thead>
        <tr>
          <th scope="col">{m.tasks_content()}</th>
          <th scope="col">{m.tasks_due_date()}</th>
          <th scope="col">{m.tasks_kind()}</th>
          <th scope="col">{m.tasks_link()}</th>
          <th scope="col">{m.tasks_status()}</th>
          <th scope="col">{m.tasks_assignee()}</th>
          <th scope="col">{m.tasks_assigner()}</th>
          <th scope="col">
            <span className="visually-hidden">{m.ui_actions()}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((task) => {
          const due = dueLabel(task);
          return (
            <tr key={task.id} data-id={task.id}>
              <td>
                <Link
                  from="/tasks"
                  to="/tasks"
                  search={(before) => ({ ...before, task: task.id })}
                  className={`${cell.strong} ${css.content}`}
                  title={task.content}
                >
                  {task.content}
                </Link>
              </td>
              <td>
                <span className={dueLook[due.tone]} title={date(task.due_date)}>
                  {due.text}
                </span>
              </td>
              <td>{entryName(kinds, task.kind)}</td>
              <td>
                <TaskLink task={task} />
              </td>
              <td>
                <StatusDot tone={labels[task.status].tone}>{labels[task.status].label}</StatusDot>
              </td>
              <td>
                <Person name={task.assignee_name} />
              </td>
              <td>{task.assigner_name}</td>
              <td className={cell.num}>
                {isOpen(task) && task.can_complete && (
                  <Button size="sm" onClick={() => onComplete(task)}>
                    {m.tasks_complete()}
                  </Button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

export function TaskRows({ rows }: { rows: Task[] }) {
  const kinds = useDictionary('task_kind');
  const labels = taskStatusLabels();
  return (
    <RowList label={m.tasks_title()}>
      {rows.map((task) => {
        const due = dueLabel(task);
        return (
          <li key={task.id}>
            <Link from="/tasks" to="/tasks" search={(before) => ({ ...before, task: task.id })} className={rowCss.link}>
              <span className={rowCss.title}>{task.content}</span>
              <span className={`${rowCss.side} ${dueLook[due.tone] ?? ''}`}>{due.text}</span>
              <span className={rowCss.meta}>
                {[entryName(kinds, task.kind), task.opportunity_name ?? task.customer_name, task.assignee_name]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              <span className={rowCss.side}>{labels[task.status].label}</span>
            </Link>
          </li>
        );
      })}
    </RowList>
  );
}
