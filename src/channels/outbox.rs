//! What waits to leave the house, and who is sending it.
//!
//! A channel is held by one sender at a time, by lease and fence, so that its provider's limit is kept whoever sends. What was
//! taken together stays together under one batch: a repetition after a crash is the same message with the same id.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::chosen::{self, Enclosed};
use super::model::ChannelKind;
use crate::error::{Error, Result};
use crate::platform::db::{Tx, Value, sql};
use crate::platform::jobs::Backlog;
use crate::platform::page::any_of;
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::row;

/// So long a sender holds a channel without a sign of life, ms.
const LEASE_MS: i64 = 45_000;
/// Figures are no line of a digest: they go by themselves.
pub const ALONE: &str = "report_subscription";
/// So many messages fit into one digest.
const DIGEST: i64 = 20;
/// The pauses after a failure, s: eight tries in about a day.
const PAUSES_S: [i64; 7] = [30, 60, 300, 900, 3_600, 21_600, 50_400];
/// The longest pause of a whole channel that fails, s: what waits goes out soon after it is back.
const LONGEST_PAUSE_S: i64 = 120;

/// A message to be put into the outbox.
pub struct NewLetter {
    pub message_id: String,
    pub channel_id: i64,
    pub reminder_id: i64,
    pub kind: &'static str,
    pub user_id: i64,
    pub address: String,
    pub title: String,
    pub body: String,
    pub link: String,
    pub run_at: Instant,
}

row! {
    /// A message that waits.
    #[derive(Debug, Clone)]
    pub struct Letter {
        pub id: i64,
        pub message_id: String,
        pub reminder_id: i64,
        pub kind: String,
        pub user_id: i64,
        pub address: String,
        pub title: String,
        pub body: String,
        pub link: String,
        pub batch: String,
        pub attempts: i64,
        pub created_at: Instant,
    }
}

pub fn insert(work: &mut Work, letter: &NewLetter) -> Result<()> {
    let now = work.now();
    sql("insert into outbox (message_id, channel_id, reminder_id, kind, user_id, address, title, body, link, run_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (message_id) do nothing")
    .bind(letter.message_id.as_str())
    .bind(letter.channel_id)
    .bind(letter.reminder_id)
    .bind(letter.kind)
    .bind(letter.user_id)
    .bind(letter.address.as_str())
    .bind(letter.title.as_str())
    .bind(letter.body.as_str())
    .bind(letter.link.as_str())
    .bind(letter.run_at)
    .bind(now)
    .run(work)?;
    Ok(())
}

/// Keeps a file beside its message until that has left.
pub fn enclose(work: &mut Work, message_id: &str, file: &Enclosed) -> Result<()> {
    sql("insert into outbox_files (message_id, name, content) values ($1, $2, $3)")
        .bind(message_id)
        .bind(file.name.as_str())
        .bind(STANDARD.encode(&file.content))
        .run(work)?;
    Ok(())
}

/// The files that go along with a message.
pub fn enclosed(tx: &mut Tx, message_id: &str) -> Result<Vec<Enclosed>> {
    let kept: Vec<(String, String)> =
        sql("select name, content from outbox_files where message_id = $1 order by id limit 50").bind(message_id).all(tx)?;
    let read = |(name, content): (String, String)| {
        let content = STANDARD.decode(content).map_err(|error| Error::internal(error.to_string()))?;
        Ok(Enclosed { name, content })
    };
    kept.into_iter().map(read).collect()
}

/// Other words for letters that have not gone out.
pub fn reword(work: &mut Work, message_ids: &[String], body: &str) -> Result<()> {
    let among = any_of("message_id", message_ids.iter().map(|id| id.as_str().into()).collect());
    sql("update outbox set body = $1 where {among}").bind(body).part("among", &among).run(work)?;
    Ok(())
}

pub fn forget_dead(work: &mut Work, before: Instant) -> Result<()> {
    sql("delete from outbox_files where message_id in
           (select message_id from outbox where state = 'dead' and created_at < $1 order by id limit 1000)")
    .bind(before)
    .run(work)?;
    sql("delete from outbox where id in (select id from outbox where state = 'dead' and created_at < $1 order by id limit 1000)")
        .bind(before)
        .run(work)?;
    Ok(())
}

/// How far the messages to the outside are behind.
pub fn backlog(tx: &mut Tx, now: Instant) -> Result<Backlog> {
    let due = sql("select count(*) from (select id from outbox where state = 'waiting' and run_at <= $1 limit 10000) as due")
        .bind(now)
        .one(tx)?;
    let oldest: Option<Instant> = sql(
        "select min((select min(o.run_at) from outbox o where o.channel_id = c.id and o.state = 'waiting' and o.run_at <= $1)) from channels c",
    )
    .bind(now)
    .one(tx)?;
    let failed = sql("select count(*) from (select id from outbox where state = 'dead' limit 10000) as dead").one(tx)?;
    Ok(Backlog { due, oldest, failed })
}

/// The channels with something to send now.
pub fn due_channels(tx: &mut Tx, now: Instant) -> Result<Vec<i64>> {
    sql("select h.id from channels h where not h.disabled and h.next_at <= $1
           and exists (select 1 from outbox x where x.channel_id = h.id and x.state = 'waiting' and x.run_at <= $1) order by h.next_at, h.id limit 64")
    .bind(now)
    .all(tx)
}

/// A hold on a channel.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    pub channel_id: i64,
    pub kind: ChannelKind,
    fence: i64,
}

/// Takes hold of a channel; `None` when somebody else has it, or it pauses.
pub fn hold(tx: &mut Tx, channel_id: i64, sender: &str, now: Instant) -> Result<Option<Lease>> {
    // The embedded engine has one process: whoever held the channel before is gone.
    let alone = !tx.has_concurrent_writers();
    let held: Option<(ChannelKind, i64)> = sql("update channels set lease_owner = $2, lease_until = $3, fence = fence + 1
         where id = $1 and not disabled and next_at <= $4 and ($5 or lease_until < $4 or lease_owner = '') returning kind, fence")
    .bind(channel_id)
    .bind(sender)
    .bind(now.plus_ms(LEASE_MS))
    .bind(now)
    .bind(alone)
    .maybe(tx)?;
    Ok(held.map(|(kind, fence)| Lease { channel_id, kind, fence }))
}

/// What goes out next: one message, or several as a digest where a bot cannot keep up. Figures whose reader may no longer have them
/// end here.
pub fn next(work: &mut Work, lease: Lease) -> Result<Vec<Letter>> {
    let now = work.now();
    let first = loop {
        let first: Option<Letter> =
            sql("select {columns} from outbox where channel_id = $1 and state = 'waiting' and run_at <= $2 order by run_at, id limit 1")
                .bind(lease.channel_id)
                .bind(now)
                .maybe(work)?;
        let Some(first) = first else { return Ok(Vec::new()) };
        match chosen::obstacle(work, &first, lease.channel_id, lease.kind)? {
            None => break first,
            Some(reason) => cancel(work, &first, reason)?,
        }
    };
    let tx: &mut Tx = work;
    if !first.batch.is_empty() {
        return sql("select {columns} from outbox where batch = $1 and state = 'waiting' order by id limit 100")
            .bind(first.batch.as_str())
            .all(tx);
    }
    if !lease.kind.is_bot() {
        return Ok(vec![first]);
    }
    let mut together: Vec<Letter> = if first.kind == ALONE {
        vec![first.clone()]
    } else {
        sql("select {columns} from outbox where channel_id = $1 and state = 'waiting' and run_at <= $2 and batch = '' and kind <> $4
             order by run_at, id limit $3")
        .bind(lease.channel_id)
        .bind(now)
        .bind(DIGEST)
        .bind(ALONE)
        .all(tx)?
    };
    // Also a single one is marked: a repetition must not grow into a digest.
    let among = any_of("id", together.iter().map(|letter| Value::Int(letter.id)).collect());
    sql("update outbox set batch = $1 where {among}").bind(first.message_id.as_str()).part("among", &among).run(tx)?;
    for letter in &mut together {
        letter.batch.clone_from(&first.message_id);
    }
    Ok(together)
}

/// Ends a letter that must not leave, with its files.
fn cancel(tx: &mut Work, letter: &Letter, reason: &str) -> Result<()> {
    let now = tx.now();
    sql("delete from outbox where id = $1").bind(letter.id).run(tx)?;
    sql("delete from outbox_files where message_id = $1").bind(letter.message_id.as_str()).run(tx)?;
    sql("update reminders set state = 'cancelled', reason = $2, updated_at = $3 where id = $1")
        .bind(letter.reminder_id)
        .bind(reason)
        .bind(now)
        .run(tx)?;
    Ok(())
}

/// True when files go along with a message.
pub fn has_files(tx: &mut Tx, message_id: &str) -> Result<bool> {
    let found: Option<i64> = sql("select id from outbox_files where message_id = $1 limit 1").bind(message_id).maybe(tx)?;
    Ok(found.is_some())
}

/// Gives a hold up.
pub fn release(tx: &mut Tx, lease: Lease) -> Result<()> {
    sql("update channels set lease_until = 0, lease_owner = '' where id = $1 and fence = $2")
        .bind(lease.channel_id)
        .bind(lease.fence)
        .run(tx)?;
    Ok(())
}

/// Why a message did not get out.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What went wrong, for the ledger.
    pub reason: String,
    /// True when another try cannot help.
    pub for_good: bool,
}

impl Failure {
    /// A failure that may pass.
    pub fn passing(reason: impl Into<String>) -> Failure {
        Failure { reason: cut(reason.into()), for_good: false }
    }

    /// A failure that stays.
    pub fn for_good(reason: impl Into<String>) -> Failure {
        Failure { reason: cut(reason.into()), for_good: true }
    }
}

fn cut(text: String) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(300).collect()
}

/// Notes what became of the letters and goes on to the next ones; none when the hold is lost or given up.
pub fn settle(work: &mut Work, lease: Lease, letters: &[Letter], outcome: &Result<(), Failure>) -> Result<Vec<Letter>> {
    let now = work.now();
    let tx: &mut Tx = work;
    let pause_ms = lease.kind.pause_ms();
    let failures: i64 = sql("select failures from channels where id = $1").bind(lease.channel_id).maybe(tx)?.unwrap_or(0);
    let touched = match outcome {
        Ok(()) => sql("update channels set lease_until = $3, next_at = $4, failures = 0, last_sent_at = $5 where id = $1 and fence = $2")
            .bind(lease.channel_id)
            .bind(lease.fence)
            .bind(now.plus_ms(LEASE_MS))
            .bind(if pause_ms > 0 { now.plus_ms(pause_ms).ms() } else { 0 })
            .bind(now)
            .run(tx)?,
        Err(failure) => {
            // One bad address says nothing about the channel.
            let (failures, wait_s) = if failure.for_good { (failures, 0) } else { (failures + 1, channel_pause_s(failures + 1)) };
            sql("update channels set lease_until = $3, next_at = $4, failures = $5, last_error = $6, last_error_at = $7 where id = $1 and fence = $2")
                .bind(lease.channel_id)
                .bind(lease.fence)
                .bind(now.plus_ms(LEASE_MS))
                .bind(if wait_s > 0 { now.plus_ms(wait_s * 1_000).ms() } else { 0 })
                .bind(failures)
                .bind(failure.reason.as_str())
                .bind(now)
                .run(tx)?
        }
    };
    if touched == 0 {
        return Ok(Vec::new());
    }
    let pauses = match outcome {
        Ok(()) => {
            sent(tx, letters, now)?;
            if failures > 0 || letters.iter().any(|letter| letter.attempts > 0) {
                // The channel is back: what failed before need not wait out its pause.
                sql("update outbox set run_at = $2 where channel_id = $1 and state = 'waiting' and attempts > 0 and run_at > $2")
                    .bind(lease.channel_id)
                    .bind(now)
                    .run(tx)?;
            }
            pause_ms > 0
        }
        Err(failure) => {
            for letter in letters {
                failed(tx, letter, failure, now)?;
            }
            !failure.for_good
        }
    };
    let more = if pauses { Vec::new() } else { next(work, lease)? };
    if more.is_empty() {
        release(work, lease)?;
    }
    Ok(more)
}

fn channel_pause_s(failures: i64) -> i64 {
    (5 * 2_i64.pow(u32::try_from(failures.clamp(0, 10)).unwrap_or(0))).min(LONGEST_PAUSE_S)
}

fn sent(tx: &mut Tx, letters: &[Letter], now: Instant) -> Result<()> {
    let among = any_of("id", letters.iter().map(|letter| Value::Int(letter.id)).collect());
    sql("delete from outbox where {among}").part("among", &among).run(tx)?;
    let among = any_of("message_id", letters.iter().map(|letter| Value::from(letter.message_id.as_str())).collect());
    sql("delete from outbox_files where {among}").part("among", &among).run(tx)?;
    let among = any_of("id", letters.iter().map(|letter| Value::Int(letter.reminder_id)).collect());
    sql("update reminders set state = 'sent', reason = '', attempts = attempts + 1, sent_at = $1, updated_at = $1 where {among}")
        .bind(now)
        .part("among", &among)
        .run(tx)?;
    Ok(())
}

fn failed(tx: &mut Tx, letter: &Letter, failure: &Failure, now: Instant) -> Result<()> {
    let attempts = letter.attempts + 1;
    let pause = usize::try_from(letter.attempts).ok().and_then(|tried| PAUSES_S.get(tried).copied());
    let state = if failure.for_good || pause.is_none() { "dead" } else { "waiting" };
    sql("update outbox set attempts = $2, run_at = $3, state = $4, last_error = $5 where id = $1")
        .bind(letter.id)
        .bind(attempts)
        .bind(now.plus_ms(pause.unwrap_or(0) * 1_000))
        .bind(state)
        .bind(failure.reason.as_str())
        .run(tx)?;
    let state = if state == "dead" { "failed" } else { "planned" };
    sql("update reminders set state = $2, attempts = $3, reason = $4, updated_at = $5 where id = $1")
        .bind(letter.reminder_id)
        .bind(state)
        .bind(attempts)
        .bind(failure.reason.as_str())
        .bind(now)
        .run(tx)?;
    Ok(())
}
