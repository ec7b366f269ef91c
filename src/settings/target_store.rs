//! How targets and their changes are kept.

use super::model::{Target, TargetOwner};
use super::targets::TargetChange;
use crate::error::{Error, Result};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::{List, Page, Scope, Turn, any_of};
use crate::platform::types::Money;
use crate::platform::work::Work;
use crate::row;

const SOURCE: &str =
    "left join users u on g.owner_type = 'user' and u.id = g.owner_id left join teams t on g.owner_type = 'team' and t.id = g.owner_id";

pub fn target(work: &mut Work, period: &str, owner_type: TargetOwner, owner_id: i64) -> Result<Option<Target>> {
    sql(format!("select {{columns}} from targets g {SOURCE} where g.period = $1 and g.owner_type = $2 and g.owner_id = $3"))
        .bind(period)
        .bind(owner_type)
        .bind(owner_id)
        .maybe(work)
}

pub fn by_id(work: &mut Work, id: i64) -> Result<Option<Target>> {
    sql(format!("select {{columns}} from targets g {SOURCE} where g.id = $1")).bind(id).maybe(work)
}

/// Takes it away; when somebody was quicker the whole removal is run again.
pub fn remove(work: &mut Work, id: i64, version: i64) -> Result<()> {
    let touched = sql("delete from targets where id = $1 and version = $2").bind(id).bind(version).run(work)?;
    if touched == 0 { Err(Error::LostRace) } else { Ok(()) }
}

pub fn is_company(work: &mut Work, team_id: i64) -> Result<bool> {
    let found: Option<i64> = sql("select id from teams where id = $1 and kind = 'company'").bind(team_id).maybe(work)?;
    Ok(found.is_some())
}

/// Sets a target that stood at `old`; when somebody was quicker the whole save is run again.
pub fn set(work: &mut Work, (period, owner_type, owner_id): (&str, TargetOwner, i64), old: Option<Money>, amount: Money) -> Result<i64> {
    let now = work.now();
    sql("insert into targets (period, owner_type, owner_id, amount, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (period, owner_type, owner_id) do update set amount = $4, updated_at = $5, version = targets.version + 1
         where targets.amount = $6 returning id")
    .bind(period)
    .bind(owner_type)
    .bind(owner_id)
    .bind(amount)
    .bind(now)
    .bind(old.map_or(-1, Money::fen))
    .maybe(work)?
    .ok_or(Error::LostRace)
}

pub fn page(work: &mut Work, filters: Vec<Predicate>, turn: &Turn) -> Result<Page<Target>> {
    let all = Predicate::new("true", Vec::new());
    List::of("targets g", "g", "", Scope::same(all), filters).fetch(work, turn, &format!("join targets g on g.id = page.id {SOURCE}"))
}

/// What stands for these months: whose, which month, how much.
pub fn between(work: &mut Work, first: &str, last: &str) -> Result<Vec<(TargetOwner, i64, String, Money)>> {
    sql("select owner_type, owner_id, period, amount from targets where period >= $1 and period <= $2 order by id limit 200000")
        .bind(first)
        .bind(last)
        .all(work)
}

pub fn sum(work: &mut Work, owner_type: TargetOwner, owner_id: i64, months: &[String]) -> Result<Option<Money>> {
    let among = any_of("period", months.iter().map(Value::from).collect());
    sql("select cast(sum(amount) as bigint) from targets where owner_type = $1 and owner_id = $2 and {among}")
        .bind(owner_type)
        .bind(owner_id)
        .part("among", &among)
        .one(work)
}

pub fn owner_exists(work: &mut Work, owner_type: TargetOwner, owner_id: i64) -> Result<bool> {
    let found: Option<i64> = match owner_type {
        TargetOwner::Company => Some(0),
        TargetOwner::Team => sql("select id from teams where id = $1").bind(owner_id).maybe(work)?,
        TargetOwner::User => sql("select id from users where id = $1").bind(owner_id).maybe(work)?,
    };
    Ok(found.is_some())
}

/// Writes down that a target was set or changed, and why (I22).
pub fn log_change(
    work: &mut Work,
    (period, owner_type, owner_id): (&str, TargetOwner, i64),
    old: Option<Money>,
    new: Money,
    reason: &str,
) -> Result<()> {
    let (now, by) = (work.now(), work.actor.by_id());
    sql("insert into target_changes (period, owner_type, owner_id, old_amount, new_amount, reason, by_id, at) values ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(period)
        .bind(owner_type)
        .bind(owner_id)
        .bind(old)
        .bind(new)
        .bind(reason)
        .bind(by)
        .bind(now)
        .run(work)?;
    Ok(())
}

pub fn changes(work: &mut Work, filters: Vec<Predicate>, turn: &Turn) -> Result<Page<TargetChange>> {
    let all = Predicate::new("true", Vec::new());
    List::of("target_changes g", "g", "", Scope::same(all), filters).fetch(
        work,
        turn,
        &format!("join target_changes g on g.id = page.id {SOURCE} left join users b on b.id = g.by_id"),
    )
}

row! {
    /// Somebody who may have targets.
    pub struct Person {
        pub id: i64 = "u.id",
        pub number: String = "u.employee_number",
        pub name: String = "u.name",
        /// The oldest of the teams.
        pub team_id: Option<i64> = "(select min(tm.team_id) from team_members tm where tm.user_id = u.id)",
    }
}

/// Active people and those who have a target in these months.
pub fn people(work: &mut Work, first: &str, last: &str) -> Result<Vec<Person>> {
    sql("select {columns} from users u
         where u.status = 'active' or exists (select 1 from targets g where g.owner_type = 'user' and g.owner_id = u.id and g.period >= $1 and g.period <= $2)
         order by u.name_key, u.id limit 20000")
    .bind(first)
    .bind(last)
    .all(work)
}
