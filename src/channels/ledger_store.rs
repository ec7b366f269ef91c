//! How the ledger is kept.

use super::ledger::{Line, Planned};
use super::model::{ChannelKind, Message};
use crate::error::Result;
use crate::platform::db::{Predicate, sql};
use crate::platform::page::{List, Page, Scope, Turn};
use crate::platform::types::Instant;
use crate::platform::work::Work;

pub fn plan(work: &mut Work, planned: &Planned) -> Result<()> {
    let now = work.now();
    sql("insert into reminders (kind, record_kind, record_id, user_id, channel, link, dedupe_key, due_at, state, created_at, updated_at)
         values ($1, $2, $3, $4, 'in_app', $5, $6, $7, 'planned', $8, $8)
         on conflict (dedupe_key) do update set state = 'planned', reason = '', due_at = excluded.due_at, updated_at = excluded.updated_at
         where reminders.state in ('cancelled', 'skipped')")
    .bind(planned.kind)
    .bind(planned.about.0)
    .bind(planned.about.1)
    .bind(planned.user_id)
    .bind(planned.link)
    .bind(planned.key)
    .bind(planned.due_at)
    .bind(now)
    .run(work)?;
    Ok(())
}

pub fn cancel(work: &mut Work, about: (&str, i64), reason: &str) -> Result<()> {
    let now = work.now();
    sql("update reminders set state = 'cancelled', reason = $3, updated_at = $4 where record_kind = $1 and record_id = $2 and state = 'planned'")
        .bind(about.0)
        .bind(about.1)
        .bind(reason)
        .bind(now)
        .run(work)?;
    Ok(())
}

pub fn clear(work: &mut Work, about: (&str, i64), kind: &str) -> Result<()> {
    let now = work.now();
    sql("update reminders set state = 'cancelled', reason = '', updated_at = $4
         where record_kind = $1 and record_id = $2 and kind = $3 and state = 'planned' and channel = 'in_app'")
    .bind(about.0)
    .bind(about.1)
    .bind(kind)
    .bind(now)
    .run(work)?;
    Ok(())
}

pub fn cancel_letters(work: &mut Work, about: (&str, i64)) -> Result<()> {
    sql("delete from outbox_files where message_id in
           (select message_id from reminders where record_kind = $1 and record_id = $2 and state = 'planned' and channel = 'email')")
    .bind(about.0)
    .bind(about.1)
    .run(work)?;
    sql("delete from outbox where reminder_id in
           (select id from reminders where record_kind = $1 and record_id = $2 and state = 'planned' and channel <> 'in_app')")
    .bind(about.0)
    .bind(about.1)
    .run(work)?;
    Ok(())
}

pub fn skip(work: &mut Work, key: &str, reason: &str) -> Result<()> {
    let now = work.now();
    sql("update reminders set state = 'skipped', reason = $2, updated_at = $3 where dedupe_key = $1 and state = 'planned'")
        .bind(key)
        .bind(reason)
        .bind(now)
        .run(work)?;
    Ok(())
}

pub fn delay(work: &mut Work, key: &str, until: Instant) -> Result<()> {
    let now = work.now();
    sql("update reminders set due_at = $2, reason = 'quiet_hours', updated_at = $3 where dedupe_key = $1 and state = 'planned'")
        .bind(key)
        .bind(until)
        .bind(now)
        .run(work)?;
    Ok(())
}

pub fn told(work: &mut Work, key: &str, notification_id: i64) -> Result<()> {
    let now = work.now();
    sql("update reminders set state = 'sent', reason = '', attempts = 1, notification_id = $2, sent_at = $3, updated_at = $3
         where dedupe_key = $1 and state = 'planned'")
    .bind(key)
    .bind(notification_id)
    .bind(now)
    .run(work)?;
    Ok(())
}

pub fn seen(work: &mut Work, only: Option<i64>) -> Result<()> {
    let (me, now) = (work.actor.user_id, work.now());
    match only {
        Some(id) => sql("update reminders set state = 'seen', seen_at = $3, updated_at = $3
                         where notification_id = $2 and notification_id > 0 and user_id = $1 and channel = 'in_app' and state = 'sent'")
        .bind(me)
        .bind(id)
        .bind(now),
        None => sql(
            "update reminders set state = 'seen', seen_at = $2, updated_at = $2 where user_id = $1 and channel = 'in_app' and state = 'sent'",
        )
        .bind(me)
        .bind(now),
    }
    .run(work)?;
    Ok(())
}

/// The id of the line; a message that has one keeps it.
pub fn insert_external(work: &mut Work, message: &Message, channel: ChannelKind, message_id: &str, due_at: Instant) -> Result<i64> {
    let now = work.now();
    sql("insert into reminders (kind, record_kind, record_id, user_id, channel, link, dedupe_key, due_at, state, message_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'planned', $7, $9, $9)
         on conflict (dedupe_key) do update set message_id = excluded.message_id returning id")
    .bind(message.kind)
    .bind(message.about.0)
    .bind(message.about.1)
    .bind(message.user_id)
    .bind(channel)
    .bind(message.link.as_str())
    .bind(message_id)
    .bind(due_at)
    .bind(now)
    .one(work)
}

/// The lines of one person, or everybody's.
pub fn page(work: &mut Work, whose: Option<i64>, filters: Vec<Predicate>, turn: &Turn) -> Result<Page<Line>> {
    let scope = match whose {
        Some(user_id) => Predicate::new("r.user_id = $1", vec![user_id.into()]),
        None => Predicate::new("true", Vec::new()),
    };
    let scope = Scope::same(scope);
    let list = List::of("reminders r", "r", "", scope, filters);
    list.fetch(work, turn, "join reminders r on r.id = page.id left join users w on w.id = r.user_id")
}

/// A thousand lines a night, so that nobody waits.
pub fn forget(work: &mut Work, before: Instant) -> Result<()> {
    sql("delete from reminders where id in (select id from reminders where updated_at < $1 and state <> 'planned' order by updated_at, id limit 1000)")
        .bind(before)
        .run(work)?;
    Ok(())
}
