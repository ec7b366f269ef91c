//! How rules are kept, and what their people have in hand.

use super::model::{PersonRow, RuleRow, RuleTarget};
use crate::error::{Error, Result};
use crate::platform::db::{Predicate, Sql, Value, sql};
use crate::platform::page::any_of;
use crate::platform::work::Work;

fn among(column: &str, ids: &[i64]) -> Predicate {
    any_of(column, ids.iter().copied().map(Value::Int).collect())
}

/// The rules of a target, in order.
pub fn all_of(work: &mut Work, target: RuleTarget) -> Result<Vec<RuleRow>> {
    sql("select {columns} from assignment_rules r where r.target = $1 order by r.position, r.id limit 200").bind(target).all(work)
}

pub fn find(work: &mut Work, id: i64) -> Result<Option<RuleRow>> {
    sql("select {columns} from assignment_rules r where r.id = $1").bind(id).maybe(work)
}

/// How many rules a target has, and the last position among them.
pub fn extent(work: &mut Work, target: RuleTarget) -> Result<(i64, Option<i64>)> {
    sql("select count(*), max(position) from assignment_rules where target = $1").bind(target).one(work)
}

pub fn insert(work: &mut Work, rule: &RuleRow) -> Result<i64> {
    let now = work.now();
    sql("insert into assignment_rules (target, name, conditions, method, enabled, position, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7) returning id")
    .bind(rule.target)
    .bind(rule.name.as_str())
    .bind(serde_json::to_string(&rule.conditions)?)
    .bind(rule.method)
    .bind(rule.enabled)
    .bind(rule.position)
    .bind(now)
    .one(work)
}

pub fn update(work: &mut Work, rule: &RuleRow) -> Result<()> {
    let now = work.now();
    let touched = sql("update assignment_rules set name = $3, conditions = $4, method = $5, enabled = $6, position = $7, updated_at = $8, version = version + 1
         where id = $1 and version = $2")
    .bind(rule.id)
    .bind(rule.version)
    .bind(rule.name.as_str())
    .bind(serde_json::to_string(&rule.conditions)?)
    .bind(rule.method)
    .bind(rule.enabled)
    .bind(rule.position)
    .bind(now)
    .run(work)?;
    if touched == 0 { Err(Error::Changed(serde_json::Value::Null)) } else { Ok(()) }
}

pub fn delete(work: &mut Work, id: i64) -> Result<()> {
    sql("delete from assignment_people where rule_id = $1").bind(id).run(work)?;
    sql("delete from assignment_rules where id = $1").bind(id).run(work)?;
    Ok(())
}

/// The people of these rules, in turn.
pub fn people(work: &mut Work, rules: &[i64]) -> Result<Vec<PersonRow>> {
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    sql("select {columns} from assignment_people p join users u on u.id = p.user_id where {among} order by p.rule_id, p.position limit 10000")
        .part("among", &among("p.rule_id", rules))
        .all(work)
}

pub fn set_people(work: &mut Work, rule_id: i64, people: &[i64]) -> Result<()> {
    sql("delete from assignment_people where rule_id = $1").bind(rule_id).run(work)?;
    for (position, user_id) in people.iter().enumerate() {
        sql("insert into assignment_people (rule_id, position, user_id) values ($1, $2, $3)")
            .bind(rule_id)
            .bind(position as i64)
            .bind(*user_id)
            .run(work)?;
    }
    Ok(())
}

/// Whether somebody is active and not on leave today.
pub fn is_at_work(work: &mut Work, id: i64) -> Result<bool> {
    let today = work.today();
    let found: Option<i64> = sql("select u.id from users u where u.id = $1 and u.status = 'active'
           and not exists (select 1 from leaves l where l.user_id = u.id and l.starts_on <= $2 and l.ends_on >= $2)")
    .bind(id)
    .bind(today)
    .maybe(work)?;
    Ok(found.is_some())
}

/// How many of these people are active.
pub fn active(work: &mut Work, ids: &[i64]) -> Result<i64> {
    if ids.is_empty() {
        return Ok(0);
    }
    sql("select count(*) from users where status = 'active' and {among}").part("among", &among("id", ids)).one(work)
}

/// Locks the rules of a target for the save that is under way.
pub fn lock(work: &mut Work, target: RuleTarget) -> Result<()> {
    if work.has_concurrent_writers() {
        sql("select id from assignment_rules where target = $1 order by id for update").bind(target).all::<i64>(work)?;
    }
    Ok(())
}

pub fn note_turn(work: &mut Work, id: i64, user_id: i64) -> Result<()> {
    sql("update assignment_rules set last_user_id = $2 where id = $1").bind(id).bind(user_id).run(work)?;
    Ok(())
}

/// What dictionary values have become: themselves, or what they were merged into.
pub fn values(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, i64)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    sql("select d.id, coalesce(d.merged_into, d.id) from dictionary_entries d where {among}").part("among", &among("d.id", ids)).all(work)
}

/// How much each of these people has in hand, live customers or open tasks, each counted up to `bound` along an index: however much
/// somebody owns, no more of it is read.
pub fn loads(work: &mut Work, target: RuleTarget, people: &[i64], bound: i64) -> Result<Vec<(i64, i64)>> {
    loads_of(target, people, bound).all(work)
}

/// The statement behind it, for the engine's plan.
pub fn loads_of(target: RuleTarget, people: &[i64], bound: i64) -> Sql {
    let text = match target {
        RuleTarget::Customer => {
            "-- unscoped: the rules weigh what people have, whoever saves
             select u.id, (select count(*) from (select 1 from customers c where c.owner_id = u.id and c.deleted_at is null limit $1) x)
             from users u where {among}"
        }
        RuleTarget::Task => {
            "-- unscoped: the rules weigh what people have, whoever saves
             select u.id, (select count(*) from (select 1 from tasks t where t.assignee_id = u.id and t.is_open limit $1) x)
             from users u where {among}"
        }
    };
    sql(text).bind(bound).part("among", &among("u.id", people))
}
