//! How subscriptions and their periods are kept.

use super::model::{KeptPeriod, KeptSend, KeptSubscription, SendState, SubscriptionLine};
use crate::error::{Error, Result};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::{List, Page, Scope, Turn, any_of};
use crate::platform::types::Instant;
use crate::platform::work::Work;

/// So long whoever puts a period together is waited for, ms.
const LEASE_MS: i64 = 60_000;

pub fn own(work: &mut Work) -> Result<Vec<KeptSubscription>> {
    let me = work.actor.user_id;
    sql("select {columns} from subscriptions s where s.user_id = $1 order by s.id limit 100").bind(me).all(work)
}

pub fn find_own(work: &mut Work, id: i64) -> Result<Option<KeptSubscription>> {
    let me = work.actor.user_id;
    sql("select {columns} from subscriptions s where s.id = $1 and s.user_id = $2").bind(id).bind(me).maybe(work)
}

pub fn find(work: &mut Work, id: i64) -> Result<Option<KeptSubscription>> {
    sql("select {columns} from subscriptions s where s.id = $1").bind(id).maybe(work)
}

pub fn count_own(work: &mut Work) -> Result<i64> {
    let me = work.actor.user_id;
    sql("select count(*) from subscriptions where user_id = $1").bind(me).one(work)
}

/// Everybody's, for whoever runs the product.
pub fn page(work: &mut Work, turn: &Turn) -> Result<Page<SubscriptionLine>> {
    let all = Predicate::new("true", Vec::new());
    List::of("subscriptions s", "s", "", Scope::same(all), Vec::new()).fetch(
        work,
        turn,
        "join subscriptions s on s.id = page.id join users u on u.id = s.user_id left join channels h on h.id = s.channel_id",
    )
}

/// The newest period of each of these.
pub fn latest(work: &mut Work, ids: &[i64]) -> Result<Vec<KeptSend>> {
    let among = any_of("subscription_id", ids.iter().copied().map(Value::Int).collect());
    sql("select {columns} from subscription_sends d left join reminders r on r.id = d.reminder_id
         where d.id in (select max(id) from subscription_sends where {among} group by subscription_id)")
    .part("among", &among)
    .all(work)
}

pub fn insert(work: &mut Work, new: &KeptSubscription) -> Result<i64> {
    let now = work.now();
    sql("insert into subscriptions
           (user_id, name, dashboard_id, question, channel_id, rhythm, on_day, at_minute, language, paused, next_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) returning id")
    .bind(new.user_id)
    .bind(new.name.as_str())
    .bind(new.dashboard_id)
    .bind(new.question.as_str())
    .bind(new.channel_id)
    .bind(new.rhythm)
    .bind(new.on_day)
    .bind(new.at_minute)
    .bind(new.language.as_str())
    .bind(new.paused)
    .bind(new.next_at)
    .bind(now)
    .one(work)
}

/// Writes it down unless its hour has come meanwhile: `was_next` is the one it had.
pub fn update(work: &mut Work, kept: &KeptSubscription, was_next: Instant) -> Result<()> {
    let now = work.now();
    let touched =
        sql("update subscriptions set name = $3, channel_id = $4, rhythm = $5, on_day = $6, at_minute = $7, language = $8, paused = $9,
           next_at = $10, updated_at = $11, version = version + 1 where id = $1 and version = $2 and next_at = $12")
        .bind(kept.id)
        .bind(kept.version)
        .bind(kept.name.as_str())
        .bind(kept.channel_id)
        .bind(kept.rhythm)
        .bind(kept.on_day)
        .bind(kept.at_minute)
        .bind(kept.language.as_str())
        .bind(kept.paused)
        .bind(kept.next_at)
        .bind(now)
        .bind(was_next)
        .run(work)?;
    if touched == 0 { Err(Error::LostRace) } else { Ok(()) }
}

/// Its next hour, unless somebody has moved it meanwhile.
pub fn set_next(work: &mut Work, id: i64, due: Instant, next_at: Instant) -> Result<()> {
    let touched = sql("update subscriptions set next_at = $3 where id = $1 and next_at = $2").bind(id).bind(due).bind(next_at).run(work)?;
    if touched == 0 { Err(Error::LostRace) } else { Ok(()) }
}

/// True when a period was begun before.
pub fn has_period(work: &mut Work, id: i64, period: &str) -> Result<bool> {
    let found: Option<i64> =
        sql("select id from subscription_sends where subscription_id = $1 and period = $2").bind(id).bind(period).maybe(work)?;
    Ok(found.is_some())
}

/// When it was last tried besides its hour, and whether that waits still; others who try it now come after.
pub fn last_test(work: &mut Work, id: i64) -> Result<Option<(Instant, SendState)>> {
    sql("update subscriptions set updated_at = updated_at where id = $1").bind(id).run(work)?;
    sql("select due_at, state from subscription_sends where subscription_id = $1 and period >= 'test ' and period < 'test!' order by id desc limit 1")
        .bind(id)
        .maybe(work)
}

pub fn delete(work: &mut Work, id: i64) -> Result<()> {
    sql("delete from subscription_sends where subscription_id = $1").bind(id).run(work)?;
    sql("delete from subscriptions where id = $1").bind(id).run(work)?;
    Ok(())
}

/// Puts a period in, once.
pub fn begin_period(work: &mut Work, id: i64, period: &str, due_at: Instant) -> Result<()> {
    sql("insert into subscription_sends (subscription_id, period, due_at) values ($1, $2, $3)
         on conflict (subscription_id, period) do nothing")
    .bind(id)
    .bind(period)
    .bind(due_at)
    .run(work)?;
    Ok(())
}

/// What fell due before and is not yet put together need not be any more: the figures would be the same.
pub fn overtake(work: &mut Work, id: i64, due_at: Instant) -> Result<()> {
    let now = work.now();
    sql("update subscription_sends set state = 'skipped', reason = 'overtaken', done_at = $3
         where subscription_id = $1 and state = 'waiting' and due_at < $2")
    .bind(id)
    .bind(due_at)
    .bind(now)
    .run(work)?;
    Ok(())
}

/// The next period to be put together that nobody holds and that does not rest after a failure.
pub fn next_waiting(work: &mut Work) -> Result<Option<KeptPeriod>> {
    let now = work.now();
    sql("select {columns} from subscription_sends d where d.state = 'waiting' and d.lease_until < $1 order by d.due_at, d.id limit 1")
        .bind(now)
        .maybe(work)
}

/// Takes it and counts the try, that one which ends the server counts, too; false when somebody else was quicker.
pub fn claim(work: &mut Work, period: &KeptPeriod) -> Result<bool> {
    let until = work.now().plus_ms(LEASE_MS);
    let touched =
        sql("update subscription_sends set fence = fence + 1, attempts = attempts + 1, lease_until = $3 where id = $1 and fence = $2 and state = 'waiting'")
            .bind(period.id)
            .bind(period.fence)
            .bind(until)
            .run(work)?;
    Ok(touched == 1)
}

/// Writes down what became of a period; false when it is no longer ours.
pub fn settle(work: &mut Work, period: &KeptPeriod, state: SendState, reason: &str) -> Result<bool> {
    let now = work.now();
    let touched =
        sql("update subscription_sends set state = $3, reason = $4, done_at = $5 where id = $1 and fence = $2 and state = 'waiting'")
            .bind(period.id)
            .bind(period.fence)
            .bind(state)
            .bind(reason)
            .bind(now)
            .run(work)?;
    Ok(touched == 1)
}

/// What was about to be posted is not.
pub fn unsettle(work: &mut Work, id: i64, reason: &str) -> Result<()> {
    sql("update subscription_sends set state = 'skipped', reason = $2 where id = $1").bind(id).bind(reason).run(work)?;
    Ok(())
}

pub fn note_reminder(work: &mut Work, id: i64, reminder_id: i64) -> Result<()> {
    sql("update subscription_sends set reminder_id = $2 where id = $1").bind(id).bind(reminder_id).run(work)?;
    Ok(())
}

/// Holds it for longer; false when it is no longer ours.
pub fn renew(work: &mut Work, period: &KeptPeriod) -> Result<bool> {
    rest(work, period, LEASE_MS)
}

/// Leaves it alone for so long, ms; false when it is no longer ours.
pub fn rest(work: &mut Work, period: &KeptPeriod, pause_ms: i64) -> Result<bool> {
    let until = work.now().plus_ms(pause_ms);
    let touched = sql("update subscription_sends set lease_until = $3 where id = $1 and fence = $2 and state = 'waiting'")
        .bind(period.id)
        .bind(period.fence)
        .bind(until)
        .run(work)?;
    Ok(touched == 1)
}

/// The embedded engine has one process: whoever held something before its start is gone.
pub fn release_all(work: &mut Work) -> Result<()> {
    sql("update subscription_sends set lease_until = 0 where state = 'waiting'").run(work)?;
    Ok(())
}

/// A thousand periods a night, the newest of each subscription excepted.
pub fn forget(work: &mut Work, before: Instant) -> Result<()> {
    sql("delete from subscription_sends where id in (
           select d.id from subscription_sends d where d.done_at > 0 and d.done_at < $1
             and exists (select 1 from subscription_sends e where e.subscription_id = d.subscription_id and e.id > d.id)
           order by d.done_at, d.id limit 1000)")
    .bind(before)
    .run(work)?;
    Ok(())
}
