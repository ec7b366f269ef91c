//! How channels and preferences are kept.

use super::model::{ChannelKind, Kept, Reader, Smtp, Way};
use super::preferences;
use crate::error::Result;
use crate::platform::db::{Tx, Value, sql};
use crate::platform::page::any_of;
use crate::platform::work::Work;

/// The company's channels that are open and the person's own.
pub fn ways_to(work: &mut Work, user_id: i64) -> Result<Vec<Way>> {
    sql("select {columns} from channels where user_id in (0, $1) and not disabled order by id limit 200").bind(user_id).all(work)
}

/// Every channel a message to the person may wait for, closed ones too.
pub fn all_ways_to(work: &mut Work, user_id: i64) -> Result<Vec<i64>> {
    sql("select id from channels where user_id in (0, $1) order by id limit 200").bind(user_id).all(work)
}

/// True when a channel has something sealed.
pub fn keeps_secrets(tx: &mut Tx) -> Result<bool> {
    let found: Option<i64> = sql("select id from channels where secret <> '' or url <> '' limit 1").maybe(tx)?;
    Ok(found.is_some())
}

/// Empties what is sealed and closes the channels it belonged to; answers how many.
pub fn forget_secrets(work: &mut Work) -> Result<u64> {
    let closed =
        sql("update channels set secret = '', url = '', host = '', disabled = true, version = version + 1 where secret <> '' or url <> ''")
            .run(work)?;
    sql("delete from parameters where key = 'secret_key'").run(work)?;
    Ok(closed)
}

/// An active person with what messages need.
pub fn reader(work: &mut Work, user_id: i64) -> Result<Option<Reader>> {
    let found: Option<(String, String, Option<String>)> = sql(
        "select u.name, u.email, f.language from users u left join notification_preferences f on f.user_id = u.id where u.id = $1 and u.status = 'active'",
    )
    .bind(user_id)
    .maybe(work)?;
    let Some((name, email, language)) = found else { return Ok(None) };
    let team_ids = sql("select team_id from team_members where user_id = $1 order by team_id limit 200").bind(user_id).all(work)?;
    Ok(Some(Reader { name, email, language: language.unwrap_or_default(), team_ids }))
}

pub fn preferences(work: &mut Work, user_id: i64) -> Result<Option<preferences::Kept>> {
    sql("select {columns} from notification_preferences where user_id = $1").bind(user_id).maybe(work)
}

pub fn set_preferences(work: &mut Work, user_id: i64, kept: &preferences::Kept) -> Result<()> {
    let now = work.now();
    sql(
        "insert into notification_preferences (user_id, language, topics, quiet_from, quiet_to, updated_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (user_id) do update set language = $2, topics = $3, quiet_from = $4, quiet_to = $5, updated_at = $6",
    )
    .bind(user_id)
    .bind(kept.language.as_str())
    .bind(kept.topics.as_str())
    .bind(kept.quiet_from.as_str())
    .bind(kept.quiet_to.as_str())
    .bind(now)
    .run(work)?;
    Ok(())
}

pub fn own_bots(work: &mut Work, user_id: i64) -> Result<Vec<Kept>> {
    sql("select {columns} from channels h where h.user_id = $1 and h.user_id > 0 order by h.id limit 10").bind(user_id).all(work)
}

pub fn own_bot(work: &mut Work, user_id: i64, kind: ChannelKind) -> Result<Option<Kept>> {
    sql("select {columns} from channels h where h.user_id = $1 and h.user_id > 0 and h.kind = $2").bind(user_id).bind(kind).maybe(work)
}

/// The company's way to send e-mail.
pub fn mail(work: &mut Work) -> Result<Option<Kept>> {
    sql("select {columns} from channels h where h.kind = 'email'").maybe(work)
}

/// The company's channels.
pub fn company(work: &mut Work) -> Result<Vec<Kept>> {
    sql("select {columns} from channels h where h.user_id = 0 order by h.id limit 200").all(work)
}

pub fn find(tx: &mut Tx, id: i64) -> Result<Option<Kept>> {
    sql("select {columns} from channels h where h.id = $1").bind(id).maybe(tx)
}

/// Messages that wait and messages given up, by channel.
pub fn counts(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, i64, i64)>> {
    let among = any_of("channel_id", ids.iter().map(|id| Value::Int(*id)).collect());
    sql("select channel_id, count(*) filter (where state = 'waiting'), count(*) filter (where state = 'dead') from outbox where {among} group by channel_id")
        .part("among", &among)
        .all(work)
}

pub fn insert(work: &mut Work, channel: &Kept) -> Result<i64> {
    let now = work.now();
    sql("insert into channels (kind, user_id, team_id, name, url, secret, smtp, topics, disabled, created_at, host)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id")
    .bind(channel.kind)
    .bind(channel.user_id)
    .bind(channel.team_id)
    .bind(channel.name.as_str())
    .bind(channel.url.as_str())
    .bind(channel.secret.as_str())
    .bind(channel.smtp.as_str())
    .bind(channel.topics.as_str())
    .bind(channel.disabled)
    .bind(now)
    .bind(channel.host.as_str())
    .one(work)
}

/// Writes what people can change; what waits is tried again at once.
pub fn update(work: &mut Work, channel: &Kept) -> Result<()> {
    sql("update channels set team_id = $2, name = $3, url = $4, secret = $5, smtp = $6, topics = $7, disabled = $8, host = $9, next_at = 0, version = version + 1
         where id = $1")
    .bind(channel.id)
    .bind(channel.team_id)
    .bind(channel.name.as_str())
    .bind(channel.url.as_str())
    .bind(channel.secret.as_str())
    .bind(channel.smtp.as_str())
    .bind(channel.topics.as_str())
    .bind(channel.disabled)
    .bind(channel.host.as_str())
    .run(work)?;
    Ok(())
}

/// Removes a channel with what waits for it; the ledger says so.
pub fn delete(work: &mut Work, id: i64) -> Result<()> {
    let now = work.now();
    sql("update reminders set state = 'cancelled', reason = 'channel_removed', updated_at = $2 where state = 'planned'
           and id in (select reminder_id from outbox where channel_id = $1)")
    .bind(id)
    .bind(now)
    .run(work)?;
    sql("delete from outbox_files where message_id in (select message_id from outbox where channel_id = $1)").bind(id).run(work)?;
    sql("delete from outbox where channel_id = $1").bind(id).run(work)?;
    sql("delete from channels where id = $1").bind(id).run(work)?;
    Ok(())
}

pub fn team_exists(work: &mut Work, id: i64) -> Result<bool> {
    let found: Option<i64> = sql("select id from teams where id = $1").bind(id).maybe(work)?;
    Ok(found.is_some())
}

/// What came of a test: shown like any other failure.
pub fn note_test(work: &mut Work, id: i64, error: Option<&str>) -> Result<()> {
    let now = work.now();
    match error {
        None => sql("update channels set last_sent_at = $2, next_at = 0, failures = 0 where id = $1").bind(id).bind(now),
        Some(error) => sql("update channels set last_error_at = $2, last_error = $3 where id = $1").bind(id).bind(now).bind(error),
    }
    .run(work)?;
    Ok(())
}

/// The mail server as it is kept.
pub fn smtp_text(smtp: Option<&Smtp>) -> Result<String> {
    Ok(match smtp {
        None => String::new(),
        Some(smtp) => serde_json::to_string(smtp)?,
    })
}
