use super::model::{MOST, PlanEvent, PlanSlot, TaskDay, TaskEvent};
use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::any_of;
use crate::platform::types::{Day, Instant};
use crate::platform::work::{Reach, Work};

fn among(column: &str, people: &[i64]) -> Predicate {
    any_of(column, people.iter().copied().map(Value::Int).collect())
}

/// True when everybody named is oneself or within one's reach.
pub fn may_look_at(work: &mut Work, people: &[i64]) -> Result<bool> {
    let me = work.actor.user_id;
    let others: Vec<i64> = people.iter().copied().filter(|person| *person != me).collect();
    if others.is_empty() {
        return Ok(true);
    }
    let found: Vec<i64> = match work.actor.reach.clone() {
        Reach::Own => Vec::new(),
        Reach::All => sql("select id from users where {among}").part("among", &among("id", &others)).all(work)?,
        Reach::Teams(teams) => sql("select distinct m.user_id from team_members m where {among} and {teams}")
            .part("among", &among("m.user_id", &others))
            .part("teams", &among("m.team_id", &teams))
            .all(work)?,
    };
    Ok(others.iter().all(|person| found.contains(person)))
}

/// The plans of people that begin between two moments and that the reader may see, one more than shown at most.
pub fn plans(work: &mut Work, people: &[i64], from: Instant, to: Instant) -> Result<Vec<PlanSlot>> {
    let visible = scope::predicate(work, Owned::Plans, Right::Read);
    sql(format!(
        "select {{columns}} from follow_up_plans p join customers c on c.id = p.customer_id left join opportunities o on o.id = p.opportunity_id
         where {{people}} and p.starts_at >= $1 and p.starts_at <= $2 and p.status <> 'cancelled' and {{visible}}
         order by p.starts_at, p.id limit {}",
        MOST + 1
    ))
    .bind(from)
    .bind(to)
    .part("people", &among("p.owner_id", people))
    .part("visible", &visible)
    .all(work)
}

/// The tasks of people that are due between two days and that the reader may see, one more than shown at most.
pub fn tasks(work: &mut Work, people: &[i64], from: Day, to: Day) -> Result<Vec<TaskDay>> {
    let visible = scope::predicate(work, Owned::Tasks, Right::Read);
    sql(format!(
        "select {{columns}} from tasks t left join customers c on c.id = t.customer_id left join opportunities o on o.id = t.opportunity_id
         where {{people}} and t.due_on >= $1 and t.due_on <= $2 and t.status <> 'cancelled' and {{visible}}
         order by t.due_on, t.id limit {}",
        MOST + 1
    ))
    .bind(from)
    .bind(to)
    .part("people", &among("t.assignee_id", people))
    .part("visible", &visible)
    .all(work)
}

/// When people are busy between two moments, in the order of the start.
pub fn busy(work: &mut Work, people: &[i64], from: Instant, to: Instant) -> Result<Vec<(Instant, Instant)>> {
    sql("-- unscoped: says only when somebody's time is taken
         select starts_at, ends_at from follow_up_plans where {people} and status = 'planned' and starts_at >= $1 and starts_at <= $2
         order by starts_at, id limit 20000")
    .bind(from)
    .bind(to)
    .part("people", &among("owner_id", people))
    .all(work)
}

/// Keeps a new secret of the caller's calendar; what makes its events unique stays.
pub fn keep_feed(work: &mut Work, secret_hash: &str, domain: &str) -> Result<()> {
    let (now, me) = (work.now(), work.actor.user_id);
    sql("insert into calendar_feeds (user_id, secret_hash, domain, created_at) values ($1, $2, $3, $4)
         on conflict (user_id) do update set secret_hash = $2, created_at = $4, read_at = 0")
    .bind(me)
    .bind(secret_hash)
    .bind(domain)
    .bind(now)
    .run(work)?;
    Ok(())
}

pub fn end_feed(work: &mut Work) -> Result<()> {
    let me = work.actor.user_id;
    sql("update calendar_feeds set secret_hash = '' where user_id = $1").bind(me).run(work)?;
    Ok(())
}

/// Since when the caller's calendar has an address, and when it was last read.
pub fn own_feed(work: &mut Work) -> Result<Option<(Instant, Instant)>> {
    let me = work.actor.user_id;
    sql("select created_at, read_at from calendar_feeds where user_id = $1 and secret_hash <> ''").bind(me).maybe(work)
}

/// Whose calendar a secret opens.
pub fn feed_of(work: &mut Work, secret_hash: &str) -> Result<Option<(i64, String)>> {
    sql("select user_id, domain from calendar_feeds where secret_hash = $1 and secret_hash <> ''").bind(secret_hash).maybe(work)
}

pub fn note_read(work: &mut Work, user_id: i64) -> Result<()> {
    let now = work.now();
    sql("update calendar_feeds set read_at = $2 where user_id = $1").bind(user_id).bind(now).run(work)?;
    Ok(())
}

/// The plans of a feed: the caller's own that he sees, called-off ones only while they are fresh.
pub fn plan_events(work: &mut Work, from: Instant, to: Instant, kept: Instant) -> Result<Vec<PlanEvent>> {
    let (visible, me) = (scope::predicate(work, Owned::Plans, Right::Read), work.actor.user_id);
    sql(format!(
        "select {{columns}} from follow_up_plans p join customers c on c.id = p.customer_id left join opportunities o on o.id = p.opportunity_id
         where p.owner_id = $1 and p.starts_at >= $2 and p.starts_at <= $3 and (p.status <> 'cancelled' or p.updated_at >= $4) and {{visible}}
         order by p.starts_at desc, p.id desc limit {MOST}"
    ))
    .bind(me)
    .bind(from)
    .bind(to)
    .bind(kept)
    .part("visible", &visible)
    .all(work)
}

/// The tasks of a feed, likewise.
pub fn task_events(work: &mut Work, from: Day, to: Day, kept: Instant) -> Result<Vec<TaskEvent>> {
    let (visible, me) = (scope::predicate(work, Owned::Tasks, Right::Read), work.actor.user_id);
    sql(format!(
        "select {{columns}} from tasks t left join customers c on c.id = t.customer_id left join opportunities o on o.id = t.opportunity_id
         where t.assignee_id = $1 and t.due_on >= $2 and t.due_on <= $3 and (t.status <> 'cancelled' or t.updated_at >= $4) and {{visible}}
         order by t.due_on desc, t.id desc limit {MOST}"
    ))
    .bind(me)
    .bind(from)
    .bind(to)
    .bind(kept)
    .part("visible", &visible)
    .all(work)
}
