//! How tasks are kept.

use super::model::{Counts, Link, Status, TaskRow};
use crate::assignment::Case;
use crate::error::{Error, Result};
use crate::history;
use crate::identity::model::Named;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::{List, Page, Turn, any_of};
use crate::platform::types::Day;
use crate::platform::work::Work;

pub const PEOPLE: &str =
    "join users a on a.id = t.assignee_id join users g on g.id = t.assigner_id left join users d on d.id = t.completed_by
    left join sop_templates w on w.id = t.sop_template_id";

/// The task, if the caller can see it.
pub fn find(work: &mut Work, id: i64) -> Result<Option<TaskRow>> {
    let visible = scope::predicate(work, Owned::Tasks, Right::Read);
    sql(format!("select {{columns}} from tasks t {PEOPLE} where t.id = $1 and {{visible}}")).bind(id).part("visible", &visible).maybe(work)
}

/// Locks the task and reads it: of two parallel changes the second sees the first.
pub fn lock(work: &mut Work, id: i64) -> Result<Option<TaskRow>> {
    if work.has_concurrent_writers() {
        let _: Option<i64> = sql("-- unscoped: only locks; what is read below is scoped\n select id from tasks where id = $1 for update")
            .bind(id)
            .maybe(work)?;
    }
    find(work, id)
}

/// What a new task is made of.
pub struct NewRow<'a> {
    pub kind: &'a str,
    pub content: &'a str,
    pub customer_id: Option<i64>,
    pub opportunity_id: Option<i64>,
    pub team_id: Option<i64>,
    pub assignee_id: i64,
    pub due_on: Day,
    pub needs_acceptance: bool,
    /// The batch it comes from; 0 for none.
    pub batch_id: i64,
    /// The template of a stage's SOP that made it; 0 for none.
    pub sop_template_id: i64,
    /// The rule that chose the assignee, by id and name.
    pub rule: Option<Named>,
}

pub fn insert(work: &mut Work, task: &NewRow) -> Result<i64> {
    let (now, by) = (work.now(), work.actor.user_id);
    sql("insert into tasks (kind, content, customer_id, opportunity_id, team_id, assignee_id, assigner_id, assigned_at, due_on, status, is_open, created_at, created_by, updated_at, needs_acceptance, batch_id, sop_template_id, rule_id, rule_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, true, $8, $7, $8, $11, $12, $13, $14, $15) returning id")
    .bind(task.kind)
    .bind(task.content)
    .bind(task.customer_id)
    .bind(task.opportunity_id)
    .bind(task.team_id)
    .bind(task.assignee_id)
    .bind(by)
    .bind(now)
    .bind(task.due_on)
    .bind(Status::Todo)
    .bind(task.needs_acceptance)
    .bind(task.batch_id)
    .bind(task.sop_template_id)
    .bind(task.rule.as_ref().map_or(0, |rule| rule.id))
    .bind(task.rule.as_ref().map_or("", |rule| rule.name.as_str()))
    .one(work)
}

/// What the rules may ask of a task about these (S65).
pub fn case_of(work: &mut Work, customer_id: Option<i64>, opportunity_id: Option<i64>) -> Result<Case> {
    let region: Option<Option<i64>> =
        sql("-- unscoped: the caller has chosen the customer in his or her scope\n select region_id from customers where id = $1")
            .bind(customer_id.unwrap_or(0))
            .maybe(work)?;
    let stage: Option<String> =
        sql("-- unscoped: the caller has chosen the opportunity in his or her scope\n select stage from opportunities where id = $1")
            .bind(opportunity_id.unwrap_or(0))
            .maybe(work)?;
    Ok(Case { region_id: region.flatten(), source_id: None, stage })
}

/// Writes everything that can change, on top of the version that was read.
pub fn update(work: &mut Work, task: &TaskRow) -> Result<()> {
    history::keep(work, history::Kept::Tasks, task.id)?;
    let now = work.now();
    let touched = sql("-- unscoped: the verb has found and locked the task in the caller's scope
         update tasks set kind = $3, content = $4, customer_id = $5, opportunity_id = $6, team_id = $7, assignee_id = $8, assigner_id = $9,
           assigned_at = $10, due_on = $11, status = $12, is_open = $13, feedback = $14, completed_at = $15, completed_by = $16,
           postponed_count = $17, updated_at = $18, needs_acceptance = $19, accepted_at = $20, returned_count = $21, returned_reason = $22,
           done_on = $23, rule_id = $24, rule_name = $25, version = version + 1 where id = $1 and version = $2")
    .bind(task.id)
    .bind(task.version)
    .bind(task.kind.as_str())
    .bind(task.content.as_str())
    .bind(task.customer_id)
    .bind(task.opportunity_id)
    .bind(task.team_id)
    .bind(task.assignee_id)
    .bind(task.assigner_id)
    .bind(task.assigned_at)
    .bind(task.due_on)
    .bind(task.status)
    .bind(task.status.is_open())
    .bind(task.feedback.as_str())
    .bind(task.completed_at)
    .bind(task.completed_by)
    .bind(task.postponed_count)
    .bind(now)
    .bind(task.needs_acceptance)
    .bind(task.accepted_at)
    .bind(task.returned_count)
    .bind(task.returned_reason.as_str())
    .bind(task.done_on.as_str())
    .bind(task.rule_id)
    .bind(task.rule_name.as_str())
    .run(work)?;
    if touched == 0 { Err(Error::Changed(serde_json::Value::Null)) } else { Ok(()) }
}

/// One page of the tasks the caller can see.
pub fn page(work: &mut Work, filters: Vec<Predicate>, turn: &Turn) -> Result<Page<TaskRow>> {
    list(work, filters)?.fetch(work, turn, &format!("join tasks t on t.id = page.id {PEOPLE}"))
}

/// The tasks the caller can see.
pub fn list(work: &mut Work, filters: Vec<Predicate>) -> Result<List> {
    let scope = scope::of(work, Owned::Tasks)?;
    Ok(List::of("tasks t", "t", "", scope, filters))
}

/// The caller's own tasks, counted.
pub fn counts(work: &mut Work) -> Result<Counts> {
    let (me, today) = (work.actor.user_id, work.today());
    let visible = scope::predicate(work, Owned::Tasks, Right::Read);
    let (open, overdue, due_today, done): (i64, i64, i64, i64) =
        sql("select count(*) filter (where t.is_open), count(*) filter (where t.is_open and t.due_on < $2),
           count(*) filter (where t.is_open and t.due_on = $2), count(*) filter (where t.status = 'done')
         from tasks t where t.assignee_id = $1 and {visible}")
        .bind(me)
        .bind(today)
        .part("visible", &visible)
        .one(work)?;
    Ok(Counts { open, overdue, due_today, done })
}

/// Number and name of the customers that tasks are linked to, and whether the caller can open them.
pub fn customer_links(work: &mut Work, ids: Vec<i64>) -> Result<Vec<Link>> {
    let visible = scope::predicate(work, Owned::Customers, Right::Read);
    links(
        work,
        "-- unscoped: who has a task sees number and name of what it is about, nothing more (S4)
         select {columns} from (select c.id, c.number, c.name, (c.deleted_at is null and {visible}) as visible from customers c where {among}) x",
        &visible,
        &any_of("c.id", ids.into_iter().map(Value::Int).collect()),
    )
}

/// Number and name of the opportunities that tasks are linked to, and whether the caller can open them.
pub fn opportunity_links(work: &mut Work, ids: Vec<i64>) -> Result<Vec<Link>> {
    let visible = scope::predicate(work, Owned::Opportunities, Right::Read);
    links(
        work,
        "-- unscoped: who has a task sees number and name of what it is about, nothing more (S4)
         select {columns} from (select o.id, o.number, o.name, (o.deleted_at is null and {visible}) as visible from opportunities o where {among}) x",
        &visible,
        &any_of("o.id", ids.into_iter().map(Value::Int).collect()),
    )
}

fn links(work: &mut Work, text: &'static str, visible: &Predicate, among: &Predicate) -> Result<Vec<Link>> {
    if among.binds.is_empty() {
        return Ok(Vec::new());
    }
    sql(text).part("visible", visible).part("among", among).all(work)
}

/// Open tasks due on `from` or later and before `today`, in the order of their ids, some at a time.
pub fn overdue_between(work: &mut Work, from: Day, today: Day, after_id: i64) -> Result<Vec<TaskRow>> {
    sql(format!(
        "-- unscoped: reminders go to the assignees and their managers only
         select {{columns}} from tasks t {PEOPLE} where t.is_open and t.due_on >= $1 and t.due_on < $2 and t.id > $3 order by t.id limit 500"
    ))
    .bind(from)
    .bind(today)
    .bind(after_id)
    .all(work)
}
