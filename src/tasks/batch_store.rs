//! How batches of tasks are kept.

use super::batch_model::{Candidate, Deed, Kept, OwnDeed, Planned};
use super::model::TaskRow;
use super::store::PEOPLE;
use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::any_of;
use crate::platform::types::Instant;
use crate::platform::work::Work;

fn in_regions(regions: &[i64]) -> Predicate {
    if regions.is_empty() {
        return Predicate::new("true", Vec::new());
    }
    any_of("c.region_id", regions.iter().copied().map(Value::Int).collect())
}

/// Open opportunities at these stages that the caller may edit, of customers in these regions, in the order in which they are locked.
pub fn opportunities(work: &mut Work, regions: &[i64], stages: &[String], most: i64) -> Result<Vec<Candidate>> {
    let editable = scope::predicate(work, Owned::Opportunities, Right::Edit);
    let at_stages = any_of("o.stage", stages.iter().map(|stage| stage.as_str().into()).collect());
    sql("select {columns} from (
           select c.id as customer_id, c.number as customer_number, c.name as customer_name, o.id as opportunity_id, o.number as opportunity_number,
             o.name as opportunity_name, c.region_id as region_id, o.stage as stage, coalesce(o.owner_id, 0) as owner_id, coalesce(u.name, '') as owner_name
           from opportunities o join customers c on c.id = o.customer_id left join users u on u.id = o.owner_id
           where o.deleted_at is null and o.status = 'open' and {stages} and {regions} and {visible} order by o.customer_id, o.id limit $1) x")
        .bind(most)
        .part("stages", &at_stages)
        .part("regions", &in_regions(regions))
        .part("visible", &editable)
        .all(work)
}

/// Customers in these regions that the caller may edit.
pub fn customers(work: &mut Work, regions: &[i64], most: i64) -> Result<Vec<Candidate>> {
    let editable = scope::predicate(work, Owned::Customers, Right::Edit);
    let nothing =
        "cast(null as bigint) as opportunity_id, cast(null as text) as opportunity_number, cast(null as text) as opportunity_name";
    sql(format!(
        "select {{columns}} from (
           select c.id as customer_id, c.number as customer_number, c.name as customer_name, {nothing}, c.region_id as region_id, cast(null as text) as stage,
             coalesce(c.owner_id, 0) as owner_id, coalesce(u.name, '') as owner_name
           from customers c left join users u on u.id = c.owner_id
           where c.deleted_at is null and {{regions}} and {{visible}} order by c.id limit $1) x"
    ))
    .bind(most)
    .part("regions", &in_regions(regions))
    .part("visible", &editable)
    .all(work)
}

/// Keeps what was counted, and for every row of a sheet what it asks for itself (I34).
pub fn insert(work: &mut Work, token_hash: &str, deed: &Deed, people: i64, rows: &[Candidate], deeds: &[OwnDeed]) -> Result<i64> {
    let (now, me, team) = (work.now(), work.actor.user_id, work.actor.team_id);
    let id: i64 = sql("insert into task_batches (token_hash, user_id, team_id, deed, state, total, people, created_at)
         values ($1, $2, $3, $4, 'previewed', $5, $6, $7) returning id")
    .bind(token_hash)
    .bind(me)
    .bind(team)
    .bind(serde_json::to_string(deed)?)
    .bind(rows.len() as i64)
    .bind(people)
    .bind(now)
    .one(work)?;
    for (position, row) in rows.iter().enumerate() {
        let deed = deeds.get(position);
        let own = |part: fn(&OwnDeed) -> &str| deed.map_or("", part);
        let due_on = deed.map(|deed| deed.due_on.to_string()).unwrap_or_default();
        sql("insert into task_batch_rows (batch_id, position, customer_id, opportunity_id, assignee_id, rule_id, rule_name, kind, content, due_on,
               region_id, stage, by_owner)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
            .bind(id)
            .bind(position as i64)
            .bind(row.customer_id)
            .bind(row.opportunity_id.unwrap_or(0))
            .bind(row.assignee_id)
            .bind(row.rule.0.as_ref().map_or(0, |rule| rule.id))
            .bind(row.rule.0.as_ref().map_or("", |rule| rule.name.as_str()))
            .bind(own(|own| own.kind.as_str()))
            .bind(own(|own| own.content.as_str()))
            .bind(due_on)
            .bind(row.region_id.unwrap_or(0))
            .bind(row.stage.as_deref().unwrap_or(""))
            .bind(row.by_owner)
            .run(work)?;
    }
    Ok(id)
}

/// A batch of the caller by its token.
pub fn by_token(work: &mut Work, token_hash: &str) -> Result<Option<Kept>> {
    let me = work.actor.user_id;
    sql("select {columns} from task_batches b where b.token_hash = $1 and b.user_id = $2").bind(token_hash).bind(me).maybe(work)
}

/// A batch the caller gave.
pub fn find(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    let me = work.actor.user_id;
    sql("select {columns} from task_batches b where b.id = $1 and b.user_id = $2 and b.state <> 'previewed'").bind(id).bind(me).maybe(work)
}

/// The caller's latest batches.
pub fn latest(work: &mut Work) -> Result<Vec<Kept>> {
    let me = work.actor.user_id;
    sql("select {columns} from task_batches b where b.user_id = $1 and b.state <> 'previewed' order by b.id desc limit 50")
        .bind(me)
        .all(work)
}

/// True for the one who begins it.
pub fn begin(work: &mut Work, id: i64) -> Result<bool> {
    let now = work.now();
    let touched =
        sql("update task_batches set state = 'given', given_at = $2 where id = $1 and state = 'previewed'").bind(id).bind(now).run(work)?;
    Ok(touched == 1)
}

/// True for the one who takes it back.
pub fn withdraw(work: &mut Work, id: i64) -> Result<bool> {
    let now = work.now();
    let touched = sql("update task_batches set state = 'withdrawn', withdrawn_at = $2 where id = $1 and state = 'given'")
        .bind(id)
        .bind(now)
        .run(work)?;
    Ok(touched == 1)
}

pub fn rows(work: &mut Work, batch_id: i64) -> Result<Vec<Planned>> {
    sql("select {columns} from task_batch_rows r where r.batch_id = $1 order by r.position limit 1000").bind(batch_id).all(work)
}

/// Names of records that are not what they were when they were shown: elsewhere in regions or stages, or another's where the owner was to
/// get the task. A row of a sheet names its record itself, wherever that is.
pub fn moved(work: &mut Work, batch_id: i64) -> Result<Vec<String>> {
    sql("-- unscoped: those of the batch, found to be the caller's to edit
         select coalesce(o.name, c.name) from task_batch_rows r join customers c on c.id = r.customer_id left join opportunities o on o.id = r.opportunity_id
         where r.batch_id = $1 and ((r.kind = '' and (coalesce(c.region_id, 0) <> r.region_id or coalesce(o.stage, '') <> r.stage))
           or (r.by_owner and coalesce(case when r.opportunity_id > 0 then o.owner_id else c.owner_id end, 0) <> r.assignee_id))
         order by r.position limit 1000")
        .bind(batch_id)
        .all(work)
}

pub fn keep_task(work: &mut Work, batch_id: i64, position: i64, task_id: i64) -> Result<()> {
    sql("update task_batch_rows set task_id = $3 where batch_id = $1 and position = $2")
        .bind(batch_id)
        .bind(position)
        .bind(task_id)
        .run(work)?;
    Ok(())
}

/// The batch's tasks that are still to be done, in the order in which they are locked.
pub fn open_tasks(work: &mut Work, batch_id: i64) -> Result<Vec<TaskRow>> {
    let visible = scope::predicate(work, Owned::Tasks, Right::Read);
    sql(format!(
        "select {{columns}} from tasks t {PEOPLE} where t.batch_id = $1 and t.is_open and {{visible}} order by t.customer_id, t.opportunity_id, t.id limit 1000"
    ))
    .bind(batch_id)
    .part("visible", &visible)
    .all(work)
}

/// Of these batches: open, done and cancelled tasks.
pub fn progress(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, i64, i64, i64)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let among = any_of("t.batch_id", ids.iter().copied().map(Value::Int).collect());
    sql("-- unscoped: the giver counts what he or she gave
         select t.batch_id, count(*) filter (where t.is_open), count(*) filter (where t.status = 'done'), count(*) filter (where t.status = 'cancelled')
         from tasks t where t.batch_id > 0 and {among} group by t.batch_id")
    .part("among", &among)
    .all(work)
}

/// Forgets previews nobody ran.
pub fn forget(work: &mut Work, before: Instant) -> Result<()> {
    const OLD: &str = "select id from task_batches where state = 'previewed' and created_at < $1";
    sql(format!("delete from task_batch_rows where batch_id in ({OLD})")).bind(before).run(work)?;
    sql("delete from task_batches where state = 'previewed' and created_at < $1").bind(before).run(work)?;
    Ok(())
}
