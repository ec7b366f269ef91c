//! What is going to happen next: the earliest plan that has not begun, else the open task that is due first.

use super::model::NextStep;
use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Value, sql};
use crate::platform::page::any_of;
use crate::platform::types::Instant;
use crate::platform::work::Work;

/// Whose next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Customers, over all their opportunities.
    Customers,
    /// Opportunities.
    Opportunities,
}

/// The next steps of several records that the reader may see, two queries in all.
pub fn of(work: &mut Work, of: Of, ids: &[i64]) -> Result<Vec<(i64, NextStep)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (plan_column, task_column) = match of {
        Of::Customers => ("p.customer_id", "t.customer_id"),
        Of::Opportunities => ("p.opportunity_id", "t.opportunity_id"),
    };
    let values: Vec<Value> = ids.iter().copied().map(Value::Int).collect();
    let now = work.now();
    let visible = scope::predicate(work, Owned::Plans, Right::Read);
    let plans: Vec<(i64, i64, Instant, String)> = sql(format!(
        "select parent, id, starts_at, content from (
           select {plan_column} as parent, p.id as id, p.starts_at as starts_at, p.content as content,
             row_number() over (partition by {plan_column} order by p.starts_at, p.id) as place
           from follow_up_plans p where {{among}} and p.starts_at >= $1 and p.status = 'planned' and {{visible}}) as ranked where place = 1"
    ))
    .bind(now)
    .part("among", &any_of(plan_column, values.clone()))
    .part("visible", &visible)
    .all(work)?;
    let mut steps: Vec<(i64, NextStep)> =
        plans.into_iter().map(|(parent, id, at, text)| (parent, NextStep { kind: "plan", id, at: at.to_string(), text })).collect();

    let visible = scope::predicate(work, Owned::Tasks, Right::Read);
    let tasks: Vec<(i64, i64, String, String)> = sql(format!(
        "select parent, id, due_on, content from (
           select {task_column} as parent, t.id as id, t.due_on as due_on, t.content as content,
             row_number() over (partition by {task_column} order by t.due_on, t.id) as place
           from tasks t where {{among}} and t.is_open and {{visible}}) as ranked where place = 1"
    ))
    .part("among", &any_of(task_column, values))
    .part("visible", &visible)
    .all(work)?;
    for (parent, id, at, text) in tasks {
        if steps.iter().all(|(known, _)| *known != parent) {
            steps.push((parent, NextStep { kind: "task", id, at, text }));
        }
    }
    Ok(steps)
}
