use super::model::{Attachment, Carrier, RecordKind, Stored};
use super::receive::Received;
use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Value, sql};
use crate::platform::page::any_of;
use crate::platform::work::Work;

const SOURCE: &str = "from attachments a join users u on u.id = a.created_by";

pub fn find(work: &mut Work, id: i64) -> Result<Option<Stored>> {
    sql(format!("select {{columns}} {SOURCE} where a.id = $1 and a.deleted_at is null")).bind(id).maybe(work)
}

/// The files of several records, oldest first, each with its record's id.
pub fn of_many(work: &mut Work, kind: RecordKind, ids: &[i64]) -> Result<Vec<(i64, Attachment)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let among = any_of("a.record_id", ids.iter().copied().map(Value::Int).collect());
    let columns = <Attachment as crate::platform::db::FromRow>::COLUMNS;
    sql(format!(
        "select a.record_id, {columns} {SOURCE} where a.record_kind = $1 and a.deleted_at is null and {{among}} order by a.record_id, a.id"
    ))
    .bind(kind)
    .part("among", &among)
    .all(work)
}

/// The record that carries a file, if the caller sees it.
pub fn carrier(work: &mut Work, kind: RecordKind, id: i64) -> Result<Option<Carrier>> {
    let (owned, text) = match kind {
        RecordKind::FollowUp => {
            (Owned::FollowUps, "select f.version, f.customer_id, f.opportunity_id from follow_ups f where f.id = $1 and {visible}")
        }
        RecordKind::Task => (Owned::Tasks, "select t.version, t.customer_id, t.opportunity_id from tasks t where t.id = $1 and {visible}"),
    };
    let visible = scope::predicate(work, owned, Right::Read);
    let row: Option<(i64, Option<i64>, Option<i64>)> = sql(text).bind(id).part("visible", &visible).maybe(work)?;
    Ok(row.map(|(version, customer_id, opportunity_id)| Carrier { kind, id, version, customer_id, opportunity_id }))
}

/// Locks the record whose files are about to be counted.
pub fn lock(work: &mut Work, carrier: &Carrier) -> Result<()> {
    if work.has_concurrent_writers() {
        let text = match carrier.kind {
            RecordKind::FollowUp => "-- unscoped: only locks; found in scope before\n select id from follow_ups where id = $1 for update",
            RecordKind::Task => "-- unscoped: only locks; found in scope before\n select id from tasks where id = $1 for update",
        };
        let _: Option<i64> = sql(text).bind(carrier.id).maybe(work)?;
    }
    Ok(())
}

pub fn count(work: &mut Work, carrier: &Carrier) -> Result<i64> {
    sql("select count(*) from attachments where record_kind = $1 and record_id = $2 and deleted_at is null")
        .bind(carrier.kind)
        .bind(carrier.id)
        .one(work)
}

pub fn insert(work: &mut Work, carrier: &Carrier, received: &Received) -> Result<i64> {
    let (now, me) = (work.now(), work.actor.user_id);
    sql("insert into attachments (record_kind, record_id, name, size, content_type, sha256, created_at, created_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning id")
    .bind(carrier.kind)
    .bind(carrier.id)
    .bind(received.name.as_str())
    .bind(received.size)
    .bind(received.content_type.as_str())
    .bind(received.sha256.as_str())
    .bind(now)
    .bind(me)
    .one(work)
}

pub fn delete(work: &mut Work, id: i64) -> Result<()> {
    let now = work.now();
    sql("update attachments set deleted_at = $2 where id = $1 and deleted_at is null").bind(id).bind(now).run(work)?;
    Ok(())
}
