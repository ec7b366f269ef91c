//! How groups are kept.

use super::groups::{GroupKind, GroupName, KeptGroup, scope_of_reader};
use super::saved_filter::SavedFilter;
use crate::error::{Error, Result};
use crate::identity::audience::{self, Visibility};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::any_of;
use crate::platform::work::Work;

const SOURCE: &str = "from customer_groups g join users u on u.id = g.owner_id left join teams t on t.id = g.team_id";

pub fn all(work: &mut Work) -> Result<Vec<KeptGroup>> {
    let usable = audience::usable(work, "g");
    sql(format!("select {{columns}} {SOURCE} where {{usable}} order by g.name, g.id limit 500")).part("usable", &usable).all(work)
}

pub fn find(work: &mut Work, id: i64) -> Result<Option<KeptGroup>> {
    let only = Predicate::new("g.id = $1", vec![Value::Int(id)]);
    Ok(among(work, &only)?.pop())
}

/// Those of the chosen groups that are in the reader's sight.
pub fn among(work: &mut Work, chosen: &Predicate) -> Result<Vec<KeptGroup>> {
    let usable = audience::usable(work, "g");
    sql(format!("select {{columns}} {SOURCE} where {{chosen}} and {{usable}} order by g.id limit 500"))
        .part("chosen", chosen)
        .part("usable", &usable)
        .all(work)
}

/// How many customers in the reader's scope belong to each of the static groups.
pub fn counts(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, i64)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let visible = scope_of_reader(work);
    sql("select gm.group_id, count(*) from customer_group_members gm join customers c on c.id = gm.customer_id
         where {among} and c.deleted_at is null and {visible} group by gm.group_id")
    .part("among", &any_of("gm.group_id", ids.iter().copied().map(Value::Int).collect()))
    .part("visible", &visible)
    .all(work)
}

/// What a new group is made of.
pub struct NewGroup<'a> {
    pub name: &'a str,
    pub kind: GroupKind,
    pub visibility: Visibility,
    pub team_id: Option<i64>,
    pub filter: &'a SavedFilter,
}

pub fn insert(work: &mut Work, group: &NewGroup) -> Result<i64> {
    let (now, me) = (work.now(), work.actor.user_id);
    sql("insert into customer_groups (name, kind, visibility, filter, owner_id, team_id, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7) returning id")
        .bind(group.name)
        .bind(group.kind)
        .bind(group.visibility)
        .bind(group.filter.to_stored()?)
        .bind(me)
        .bind(group.team_id)
        .bind(now)
        .one(work)
}

pub fn update(work: &mut Work, group: &KeptGroup) -> Result<()> {
    let now = work.now();
    let touched =
        sql("update customer_groups set name = $3, visibility = $4, filter = $5, team_id = $6, updated_at = $7, version = version + 1
         where id = $1 and version = $2")
        .bind(group.id)
        .bind(group.version)
        .bind(group.name.as_str())
        .bind(group.visibility)
        .bind(group.filter.as_str())
        .bind(group.team_id)
        .bind(now)
        .run(work)?;
    if touched == 0 { Err(Error::LostRace) } else { Ok(()) }
}

pub fn delete(work: &mut Work, id: i64) -> Result<()> {
    sql("delete from customer_group_members where group_id = $1").bind(id).run(work)?;
    sql("delete from customer_groups where id = $1").bind(id).run(work)?;
    Ok(())
}

/// False when it was in already.
pub fn add_member(work: &mut Work, group_id: i64, customer_id: i64) -> Result<bool> {
    let (now, by) = (work.now(), work.actor.by_id());
    let touched = sql("insert into customer_group_members (group_id, customer_id, added_at, added_by) values ($1, $2, $3, $4)
         on conflict (group_id, customer_id) do nothing")
    .bind(group_id)
    .bind(customer_id)
    .bind(now)
    .bind(by)
    .run(work)?;
    Ok(touched > 0)
}

/// False when it was not in.
pub fn remove_member(work: &mut Work, group_id: i64, customer_id: i64) -> Result<bool> {
    let touched =
        sql("delete from customer_group_members where group_id = $1 and customer_id = $2").bind(group_id).bind(customer_id).run(work)?;
    Ok(touched > 0)
}

pub fn of_customer(work: &mut Work, customer_id: i64) -> Result<Vec<GroupName>> {
    let usable = audience::usable(work, "g");
    sql("select {columns} from customer_group_members gm join customer_groups g on g.id = gm.group_id
         where gm.customer_id = $1 and {usable} order by g.name, g.id limit 200")
    .bind(customer_id)
    .part("usable", &usable)
    .all(work)
}
