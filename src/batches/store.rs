//! How batches are kept: one row for each, and one for every customer of it.

use super::model::{BatchCustomer, Deed, Kept, Reason, State};
use super::rows::Told;
use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::any_of;
use crate::platform::types::Instant;
use crate::platform::work::Work;

/// How many customers meet the condition, counting no further than `most` and one.
pub fn count(work: &mut Work, matching: &Predicate, most: i64) -> Result<i64> {
    sql("select count(*) from (select 1 from customers c where {visible} limit $1) as counted")
        .bind(most + 1)
        .part("visible", matching)
        .one(work)
}

pub fn insert(work: &mut Work, token_hash: &str, deed: &Deed) -> Result<i64> {
    let (now, me, team) = (work.now(), work.actor.user_id, work.actor.team_id);
    sql("insert into batches (token_hash, user_id, team_id, deed, state, total, created_at) values ($1, $2, $3, $4, 'previewed', 0, $5) returning id")
        .bind(token_hash)
        .bind(me)
        .bind(team)
        .bind(serde_json::to_string(deed)?)
        .bind(now)
        .one(work)
}

/// Freezes the customers that meet the condition and may be edited; answers how many.
pub fn freeze(work: &mut Work, batch_id: i64, matching: &Predicate) -> Result<i64> {
    let editable = scope::predicate(work, Owned::Customers, Right::Edit);
    let touched = sql("insert into batch_rows (batch_id, customer_id) select $1, c.id from customers c where {visible} and {editable}")
        .bind(batch_id)
        .part("visible", matching)
        .part("editable", &editable)
        .run(work)?;
    Ok(touched as i64)
}

/// Leaves out those nobody owns.
pub fn drop_unowned(work: &mut Work, batch_id: i64) -> Result<i64> {
    let touched = sql("-- unscoped: the rows were chosen in the caller's scope
         delete from batch_rows where batch_id = $1 and exists (select 1 from customers c where c.id = batch_rows.customer_id and c.owner_id is null)")
    .bind(batch_id)
    .run(work)?;
    Ok(touched as i64)
}

pub fn owners(work: &mut Work, batch_id: i64) -> Result<Vec<i64>> {
    sql("-- unscoped: the rows were chosen in the caller's scope
         select distinct c.owner_id from batch_rows r join customers c on c.id = r.customer_id where r.batch_id = $1 and c.owner_id is not null limit 5000")
    .bind(batch_id)
    .all(work)
}

/// Leaves out those of owners who cannot be given a task.
pub fn drop_owned_by(work: &mut Work, batch_id: i64, owners: &[i64]) -> Result<i64> {
    let among = any_of("c.owner_id", owners.iter().copied().map(Value::Int).collect());
    let touched = sql(
        "-- unscoped: the rows were chosen in the caller's scope
         delete from batch_rows where batch_id = $1 and exists (select 1 from customers c where c.id = batch_rows.customer_id and {among})",
    )
    .bind(batch_id)
    .part("among", &among)
    .run(work)?;
    Ok(touched as i64)
}

/// Leaves out those that have as many tags as there may be, and not this one.
pub fn drop_full_of_tags(work: &mut Work, batch_id: i64, tag_id: i64, most: i64) -> Result<i64> {
    let touched = sql("delete from batch_rows where batch_id = $1
           and (select count(*) from customer_tags ct where ct.customer_id = batch_rows.customer_id) >= $3
           and not exists (select 1 from customer_tags ct where ct.customer_id = batch_rows.customer_id and ct.tag_id = $2)")
    .bind(batch_id)
    .bind(tag_id)
    .bind(most)
    .run(work)?;
    Ok(touched as i64)
}

pub fn set_total(work: &mut Work, batch_id: i64) -> Result<i64> {
    sql("update batches set total = (select count(*) from batch_rows r where r.batch_id = batches.id) where id = $1 returning total")
        .bind(batch_id)
        .one(work)
}

pub fn first_customers(work: &mut Work, batch_id: i64) -> Result<Vec<BatchCustomer>> {
    let visible = scope::predicate(work, Owned::Customers, Right::Read);
    sql("select {columns} from batch_rows r join customers c on c.id = r.customer_id left join users u on u.id = c.owner_id
         where r.batch_id = $1 and {visible} order by r.customer_id limit 20")
    .bind(batch_id)
    .part("visible", &visible)
    .all(work)
}

/// A batch of the caller by its token.
pub fn by_token(work: &mut Work, token_hash: &str) -> Result<Option<Kept>> {
    let me = work.actor.user_id;
    sql("select {columns} from batches b where b.token_hash = $1 and b.user_id = $2").bind(token_hash).bind(me).maybe(work)
}

/// A batch of the caller.
pub fn find(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    let me = work.actor.user_id;
    sql("select {columns} from batches b where b.id = $1 and b.user_id = $2").bind(id).bind(me).maybe(work)
}

/// A batch that is under way, for its job.
pub fn under_way(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    sql("select {columns} from batches b where b.id = $1 and b.state = 'running'").bind(id).maybe(work)
}

/// True for the one who begins it.
pub fn begin(work: &mut Work, id: i64) -> Result<bool> {
    let now = work.now();
    let touched =
        sql("update batches set state = 'running', started_at = $2 where id = $1 and state = 'previewed'").bind(id).bind(now).run(work)?;
    Ok(touched == 1)
}

pub fn keep_deed(work: &mut Work, id: i64, deed: &Deed) -> Result<()> {
    sql("update batches set deed = $2 where id = $1").bind(id).bind(serde_json::to_string(deed)?).run(work)?;
    Ok(())
}

pub fn finish(work: &mut Work, id: i64) -> Result<()> {
    let now = work.now();
    sql("update batches set state = $2, finished_at = $3 where id = $1").bind(id).bind(State::Done).bind(now).run(work)?;
    Ok(())
}

/// The next customers in the order in which they are locked.
pub fn waiting(work: &mut Work, batch_id: i64, limit: i64) -> Result<Vec<i64>> {
    sql("select r.customer_id from batch_rows r where r.batch_id = $1 and r.state = 'waiting' order by r.customer_id limit $2")
        .bind(batch_id)
        .bind(limit)
        .all(work)
}

pub fn keep_done(work: &mut Work, batch_id: i64, customer_id: i64, told: Told) -> Result<()> {
    sql("update batch_rows set state = 'done', received_by = $3, taken_from = $4 where batch_id = $1 and customer_id = $2")
        .bind(batch_id)
        .bind(customer_id)
        .bind(told.received_by)
        .bind(told.taken_from)
        .run(work)?;
    Ok(())
}

pub fn keep_failed(work: &mut Work, batch_id: i64, customer_id: i64, reason: &Reason) -> Result<()> {
    sql("update batch_rows set state = 'failed', reason = $3 where batch_id = $1 and customer_id = $2")
        .bind(batch_id)
        .bind(customer_id)
        .bind(serde_json::to_string(reason)?)
        .run(work)?;
    Ok(())
}

/// Nobody is left who may act on the rest.
pub fn fail_rest(work: &mut Work, batch_id: i64, reason: &Reason) -> Result<()> {
    sql("update batch_rows set state = 'failed', reason = $2 where batch_id = $1 and state = 'waiting'")
        .bind(batch_id)
        .bind(serde_json::to_string(reason)?)
        .run(work)?;
    Ok(())
}

/// How many rows are done and how many failed.
pub fn progress(work: &mut Work, batch_id: i64) -> Result<(i64, i64)> {
    sql("select count(*) filter (where r.state = 'done'), count(*) filter (where r.state = 'failed') from batch_rows r where r.batch_id = $1")
        .bind(batch_id)
        .one(work)
}

pub fn reasons(work: &mut Work, batch_id: i64) -> Result<Vec<(String, i64)>> {
    sql("select r.reason, count(*) from batch_rows r where r.batch_id = $1 and r.state = 'failed' group by r.reason order by count(*) desc, r.reason limit 50")
        .bind(batch_id)
        .all(work)
}

/// Failed customers with their reason, as far as the caller sees them.
pub fn failed(work: &mut Work, batch_id: i64) -> Result<Vec<(String, BatchCustomer)>> {
    let visible = scope::predicate(work, Owned::Customers, Right::Read);
    sql(format!(
        "select r.reason, {} from batch_rows r join customers c on c.id = r.customer_id left join users u on u.id = c.owner_id
         where r.batch_id = $1 and r.state = 'failed' and c.deleted_at is null and {{visible}} order by r.customer_id limit 200",
        <BatchCustomer as crate::platform::db::FromRow>::COLUMNS
    ))
    .bind(batch_id)
    .part("visible", &visible)
    .all(work)
}

/// Who got something, and how many of it.
pub fn receivers(work: &mut Work, batch_id: i64) -> Result<Vec<(i64, i64)>> {
    sql("select r.received_by, count(*) from batch_rows r where r.batch_id = $1 and r.state = 'done' and r.received_by > 0
         group by r.received_by order by r.received_by limit 5000")
    .bind(batch_id)
    .all(work)
}

/// Who had something taken, and how many of it.
pub fn givers(work: &mut Work, batch_id: i64) -> Result<Vec<(i64, i64)>> {
    sql("select r.taken_from, count(*) from batch_rows r where r.batch_id = $1 and r.state = 'done' and r.taken_from > 0
         group by r.taken_from order by r.taken_from limit 5000")
    .bind(batch_id)
    .all(work)
}

/// A few names for the message to somebody who got or had the customers.
pub fn names(work: &mut Work, batch_id: i64, received_by: i64, taken_from: i64) -> Result<Vec<String>> {
    sql("-- unscoped: both owners hear the names of what changed hands, as for a single customer
         select c.name from batch_rows r join customers c on c.id = r.customer_id
         where r.batch_id = $1 and r.state = 'done' and (r.received_by = $2 or r.taken_from = $3) order by r.customer_id limit 4")
    .bind(batch_id)
    .bind(received_by)
    .bind(taken_from)
    .all(work)
}

/// Forgets previews nobody ran by `previewed` and finished batches by `done`.
pub fn forget(work: &mut Work, previewed: Instant, done: Instant) -> Result<()> {
    const OLD: &str = "(state = 'previewed' and created_at < $1) or (state = 'done' and created_at < $2)";
    sql(format!("delete from batch_rows where batch_id in (select id from batches where {OLD})")).bind(previewed).bind(done).run(work)?;
    sql(format!("delete from batches where {OLD}")).bind(previewed).bind(done).run(work)?;
    Ok(())
}
