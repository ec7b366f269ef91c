import { Link } from '@tanstack/react-router';
import type { Task } from '@/api/types';
import css from './tasks.module.css';

/** The record a task is about: a link when the reader may open it, otherwise only its number and name (S4). */
export function TaskLink({ task }: { task: Task }) {
  const opportunity = task.opportunity_name ?? task.opportunity_number;
  const name = opportunity ?? task.customer_name ?? task.customer_number;
  if (!name) return <span>—</span>;
  const number = opportunity ? task.opportunity_number : task.customer_number;
  const id = opportunity ? task.opportunity_id : task.customer_id;
  if (!task.link_visible || id === null) {
    return (
      <span className={css.about}>
        {[number, name].filter((part, i, all) => part && all.indexOf(part) === i).join(' ')}
      </span>
    );
  }
  return opportunity ? (
    <Link to="/opportunities/$id" params={{ id: String(id) }} className={css.about} title={name}>
      {name}
    </Link>
  ) : (
    <Link to="/customers/$id" params={{ id: String(id) }} className={css.about} title={name}>
      {name}
    </Link>
  );
}
