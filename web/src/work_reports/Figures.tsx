import type { WorkFigures } from '@/api/types';
import * as m from '@/paraglide/messages';
import { count, dateTime, money } from '@/ui/format';
import css from './work_reports.module.css';

/** The figures of a report, taken from the records, and the plans that come next. */
export function Figures({ figures, frozen }: { figures: WorkFigures; frozen: boolean }) {
  const facts: [string, string][] = [
    [m.work_reports_follow_ups(), count(figures.follow_ups)],
    [m.work_reports_customers_new(), count(figures.customers_new)],
    [m.work_reports_opportunities_new(), count(figures.opportunities_new)],
    [m.work_reports_opportunities_moved(), count(figures.opportunities_moved)],
    [m.work_reports_opportunities_won(), count(figures.opportunities_won)],
    [m.work_reports_won_amount(), money(figures.won_amount)],
    [m.work_reports_tasks_done(), count(figures.tasks_done)],
    [m.work_reports_tasks_overdue(), count(figures.tasks_overdue)],
  ];
  const at = dateTime(figures.as_of);
  return (
    <section aria-label={m.work_reports_figures()}>
      <dl className={css.figures}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={css.meta}>{frozen ? m.work_reports_as_submitted({ at }) : m.work_reports_as_of({ at })}</p>
      {figures.plans_ahead > 0 && (
        <>
          <h3 className={css.partTitle}>{m.work_reports_plans_ahead({ n: count(figures.plans_ahead) })}</h3>
          <ul className={css.plans}>
            {figures.next_plans.map((plan) => (
              <li key={`${plan.starts_at} ${plan.customer_name} ${plan.content}`}>
                <span className={css.meta}>{dateTime(plan.starts_at)}</span> {plan.customer_name} {plan.content}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
