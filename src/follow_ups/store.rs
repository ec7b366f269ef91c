use super::model::{FollowUpRow, PlanRow, PlanStatus};
use super::next_step::Made;
use super::plans::NewPlan;
use super::records::NewFollowUp;
use crate::error::{Error, Refusal, Result};
use crate::history;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, sql};
use crate::platform::page::{List, Page, Turn};
use crate::platform::types::Instant;
use crate::platform::work::Work;

const PLAN_JOINS: &str =
    "join customers c on c.id = p.customer_id left join opportunities o on o.id = p.opportunity_id join users w on w.id = p.owner_id";
const RECORD_JOINS: &str =
    "join customers c on c.id = f.customer_id left join opportunities o on o.id = f.opportunity_id join users w on w.id = f.author_id";

pub fn plan(work: &mut Work, id: i64) -> Result<Option<PlanRow>> {
    let visible = scope::predicate(work, Owned::Plans, Right::Read);
    sql(format!("select {{columns}} from follow_up_plans p {PLAN_JOINS} where p.id = $1 and {{visible}}"))
        .bind(id)
        .part("visible", &visible)
        .maybe(work)
}

pub fn lock_plan(work: &mut Work, id: i64) -> Result<()> {
    if work.has_concurrent_writers() {
        let _: Option<i64> =
            sql("-- unscoped: only locks; what is read next is scoped\n select id from follow_up_plans where id = $1 for update")
                .bind(id)
                .maybe(work)?;
    }
    Ok(())
}

pub fn plans_page(work: &mut Work, filters: Vec<Predicate>, turn: &Turn) -> Result<Page<PlanRow>> {
    let scope = scope::of(work, Owned::Plans)?;
    List::of("follow_up_plans p", "p", "", scope, filters).fetch(
        work,
        turn,
        &format!("join follow_up_plans p on p.id = page.id {PLAN_JOINS}"),
    )
}

pub fn insert_plan(work: &mut Work, plan: &NewPlan, remind_at: Instant) -> Result<i64> {
    let (now, me) = (work.now(), work.actor.user_id);
    sql("insert into follow_up_plans (customer_id, opportunity_id, owner_id, starts_at, ends_at, method, content, status, remind_at, created_at, created_by, updated_at, own_reminders)
         values ($1, $2, $3, $4, $5, $6, $7, 'planned', $8, $9, $10, $9, $11) returning id")
    .bind(plan.parent.customer_id)
    .bind(plan.parent.opportunity_id)
    .bind(plan.owner_id)
    .bind(plan.starts_at)
    .bind(plan.ends_at)
    .bind(plan.method.as_str())
    .bind(plan.content.as_str())
    .bind(remind_at)
    .bind(now)
    .bind(me)
    .bind(&plan.own_reminders)
    .one(work)
}

pub fn update_plan(work: &mut Work, plan: &PlanRow) -> Result<()> {
    let now = work.now();
    sql("-- unscoped: found in scope before
         update follow_up_plans set owner_id = $2, starts_at = $3, ends_at = $4, method = $5, content = $6, status = $7, remind_at = $8, updated_at = $9, own_reminders = $10, version = version + 1 where id = $1")
    .bind(plan.id)
    .bind(plan.owner_id)
    .bind(plan.starts_at)
    .bind(plan.ends_at)
    .bind(plan.method.as_str())
    .bind(plan.content.as_str())
    .bind(plan.status)
    .bind(plan.remind_at)
    .bind(now)
    .bind(&plan.own_reminders)
    .run(work)?;
    Ok(())
}

/// False when the plan was closed meanwhile.
pub fn complete_plan(work: &mut Work, id: i64, follow_up_id: i64) -> Result<bool> {
    let now = work.now();
    let touched = sql("-- unscoped: found in scope before
         update follow_up_plans set status = $3, follow_up_id = $2, updated_at = $4, version = version + 1 where id = $1 and status = 'planned'")
    .bind(id)
    .bind(follow_up_id)
    .bind(PlanStatus::Done)
    .bind(now)
    .run(work)?;
    Ok(touched == 1)
}

pub fn overlaps(work: &mut Work, owner_id: i64, but: i64, starts_at: Instant, ends_at: Instant) -> Result<bool> {
    // Plans end on the day they start, so none that began a day before reaches into this one.
    let from = starts_at.plus_ms(-25 * 3_600_000);
    let found: Option<i64> = sql("-- unscoped: says only that somebody's slot is taken
         select id from follow_up_plans where owner_id = $1 and id <> $2 and status = 'planned'
           and starts_at >= $5 and starts_at < $4 and ends_at > $3 limit 1")
    .bind(owner_id)
    .bind(but)
    .bind(starts_at)
    .bind(ends_at)
    .bind(from)
    .maybe(work)?;
    Ok(found.is_some())
}

pub fn record(work: &mut Work, id: i64) -> Result<Option<FollowUpRow>> {
    let visible = scope::predicate(work, Owned::FollowUps, Right::Read);
    sql(format!("select {{columns}} from follow_ups f {RECORD_JOINS} where f.id = $1 and {{visible}}"))
        .bind(id)
        .part("visible", &visible)
        .maybe(work)
}

pub fn lock_record(work: &mut Work, id: i64) -> Result<()> {
    if work.has_concurrent_writers() {
        let _: Option<i64> =
            sql("-- unscoped: only locks; what is read next is scoped\n select id from follow_ups where id = $1 for update")
                .bind(id)
                .maybe(work)?;
    }
    Ok(())
}

pub fn records_page(work: &mut Work, list: &List, turn: &Turn) -> Result<Page<FollowUpRow>> {
    list.fetch(work, turn, &format!("join follow_ups f on f.id = page.id {RECORD_JOINS}"))
}

pub fn insert_record(work: &mut Work, new: &NewFollowUp, made: Made) -> Result<i64> {
    let (now, me) = (work.now(), work.actor.user_id);
    let contacted_on = new.contacted_at.day_in(work.zone());
    sql("insert into follow_ups (customer_id, opportunity_id, plan_id, author_id, method, contacted_at, contacted_on, result, next_action, next_action_due, late_entry, next_plan_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) returning id")
    .bind(new.parent.customer_id)
    .bind(new.parent.opportunity_id)
    .bind(new.plan_id)
    .bind(me)
    .bind(new.method.as_str())
    .bind(new.contacted_at)
    .bind(contacted_on)
    .bind(new.result.as_str())
    .bind(new.next_action.as_str())
    .bind(new.next_action_due)
    .bind(new.late_entry)
    .bind(made.plan_id)
    .bind(now)
    .one(work)
    .map_err(|error: Error| error.when_not_unique("follow_ups.plan_id", || Error::Refused(Refusal::PlanClosed)))
}

/// The task that a record's next action became.
pub fn set_task(work: &mut Work, id: i64, task_id: i64) -> Result<()> {
    sql("-- unscoped: the record was written a moment ago\n update follow_ups set task_id = $2 where id = $1")
        .bind(id)
        .bind(task_id)
        .run(work)?;
    Ok(())
}

pub fn update_record(work: &mut Work, record: &FollowUpRow) -> Result<()> {
    history::keep(work, history::Kept::FollowUps, record.id)?;
    let now = work.now();
    sql("-- unscoped: found in scope before
         update follow_ups set method = $2, result = $3, next_action = $4, next_action_due = $5, updated_at = $6, version = version + 1 where id = $1")
    .bind(record.id)
    .bind(record.method.as_str())
    .bind(record.result.as_str())
    .bind(record.next_action.as_str())
    .bind(record.next_action_due)
    .bind(now)
    .run(work)?;
    Ok(())
}
