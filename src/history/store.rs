use super::model::{Change, Entry, Event};
use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::{List, Page, Scope, Sort, Turn};
use crate::platform::work::Work;

/// Timelines run from the newest entry to the oldest.
pub const NEWEST_FIRST: Sort = Sort { name: "at", column: "e.at", descending: true };

pub fn insert_event(work: &mut Work, event: &Event) -> Result<()> {
    let (now, by, cause, door) = (work.now(), work.actor.by_id(), work.actor.cause, work.actor.door.word());
    sql("insert into events (at, kind, record_kind, record_id, customer_id, opportunity_id, by_id, cause, door, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
    .bind(now)
    .bind(event.kind)
    .bind(event.record_kind)
    .bind(event.record_id)
    .bind(event.customer_id)
    .bind(event.opportunity_id)
    .bind(by)
    .bind(cause)
    .bind(door)
    .bind(event.detail.to_string())
    .run(work)?;
    Ok(())
}

pub fn insert_change(work: &mut Work, kind: &str, record_id: i64, change: &Change) -> Result<()> {
    let (now, by, door) = (work.now(), work.actor.by_id(), work.actor.door.word());
    sql("insert into changes (kind, record_id, field, old, new, at, by_id, door) values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(kind)
        .bind(record_id)
        .bind(change.field.as_str())
        .bind(change.old.as_str())
        .bind(change.new.as_str())
        .bind(now)
        .bind(by)
        .bind(door)
        .run(work)?;
    Ok(())
}

/// The entries of one parent that the reader may see. The parent itself was found in the reader's scope before.
pub fn page(work: &mut Work, column: &'static str, parent: i64, turn: &Turn) -> Result<Page<Entry>> {
    let opportunity = scope::predicate(work, Owned::Opportunities, Right::Read);
    let task = scope::predicate(work, Owned::Tasks, Right::Read);
    let parent = Predicate::new(format!("{column} = $1"), vec![Value::Int(parent)]);
    let (text, binds) =
        sql("(e.opportunity_id is null or exists (select 1 from opportunities o where o.id = e.opportunity_id and {visible}))")
            .part("visible", &opportunity)
            .into_parts();
    let by_opportunity = Predicate { text, binds };
    let (text, binds) = sql("(e.record_kind <> 'task' or exists (select 1 from tasks t where t.id = e.record_id and {visible}))")
        .part("visible", &task)
        .into_parts();
    let by_task = Predicate { text, binds };
    let list = List::of("events e", "e", "", Scope::same(parent), vec![by_opportunity, by_task]);
    list.fetch(work, turn, "join events e on e.id = page.id left join users u on u.id = e.by_id")
}

/// Everything, for the administrator's log.
pub fn log(work: &mut Work, turn: &Turn) -> Result<Page<Entry>> {
    let all = Predicate::new("true", Vec::new());
    let list = List::of("events e", "e", "", Scope::same(all), Vec::new());
    list.fetch(work, turn, "join events e on e.id = page.id left join users u on u.id = e.by_id")
}
