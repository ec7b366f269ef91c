//! How people, teams and their memberships are kept.

use super::model::{Me, Member, Named, NewUser, Pickable, Team, UserEdit, UserRow, UserStatus};
use super::scope::{self, Owned, Right};
use crate::error::{Error, Result};
use crate::platform::db::{Predicate, Sql, Value, sql};
use crate::platform::page::{List, Page, Scope, Turn, any_of};
use crate::platform::types::{FieldCode, Instant, NameKeys, name};
use crate::platform::work::Work;

/// What is kept for a log-in.
#[derive(Debug, Clone)]
pub struct Account {
    pub user_id: i64,
    pub password_hash: String,
    pub active: bool,
}

/// The number as it is compared: trimmed, case ignored (S10).
pub fn employee_key(number: &str) -> String {
    number.trim().to_lowercase()
}

pub fn account(work: &mut Work, employee_number: &str) -> Result<Option<Account>> {
    let row: Option<(i64, String, bool)> = sql("select id, password_hash, status = 'active' from users where employee_key = $1")
        .bind(employee_key(employee_number))
        .maybe(work)?;
    Ok(row.map(|(user_id, password_hash, active)| Account { user_id, password_hash, active }))
}

pub fn password_hash(work: &mut Work, user_id: i64) -> Result<String> {
    sql("select password_hash from users where id = $1").bind(user_id).one(work)
}

pub fn me(work: &mut Work, user_id: i64) -> Result<Me> {
    sql("select {columns} from users u where u.id = $1").bind(user_id).one(work)
}

pub fn insert_user(work: &mut Work, user: &NewUser, password_hash: &str, must_change: bool, expires_at: Instant) -> Result<i64> {
    let now = work.now();
    sql("insert into users (employee_number, employee_key, name, name_key, phone, email, role, password_hash, must_change_password, password_expires_at, created_at, updated_at, name_full)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12) returning id")
    .bind(user.employee_number.as_str())
    .bind(employee_key(&user.employee_number))
    .bind(user.name.as_str())
    .bind(NameKeys::of(&user.name).initials)
    .bind(user.phone.as_str())
    .bind(user.email.as_str())
    .bind(user.role)
    .bind(password_hash)
    .bind(must_change)
    .bind(expires_at)
    .bind(now)
    .bind(NameKeys::of(&user.name).full)
    .one(work)
    .map_err(|error: Error| error.when_not_unique("users.employee_key", || Error::field("employee_number", FieldCode::Duplicate)))
}

pub fn user(work: &mut Work, id: i64) -> Result<Option<UserRow>> {
    sql("select {columns} from users u where u.id = $1").bind(id).maybe(work)
}

/// Locks the row that guards "at least one administrator": of two parallel changes the second waits and then sees the first.
pub fn lock_administrators(work: &mut Work) -> Result<()> {
    if work.has_concurrent_writers() {
        let _: Vec<i64> = sql("select id from users where role = 'administrator' order by id for update").all(work)?;
    }
    Ok(())
}

pub fn other_active_administrator(work: &mut Work, than: i64) -> Result<bool> {
    let found: Option<i64> =
        sql("select id from users where role = 'administrator' and status = 'active' and id <> $1 limit 1").bind(than).maybe(work)?;
    Ok(found.is_some())
}

pub fn update_user(work: &mut Work, id: i64, version: i64, edit: &UserEdit, now_row: &UserRow) -> Result<()> {
    let now = work.now();
    let name = edit.name.as_ref().unwrap_or(&now_row.name);
    let touched = sql("update users set name = $3, name_key = $4, phone = $5, email = $6, role = $7, updated_at = $8, version = version + 1 where id = $1 and version = $2")
        .bind(id)
        .bind(version)
        .bind(name)
        .bind(NameKeys::of(name).initials)
        .bind(edit.phone.as_ref().unwrap_or(&now_row.phone))
        .bind(edit.email.as_ref().unwrap_or(&now_row.email))
        .bind(edit.role.unwrap_or(now_row.role))
        .bind(now)
        .run(work)?;
    if touched == 0 { Err(Error::Changed(serde_json::Value::Null)) } else { Ok(()) }
}

/// Locks a person's row for the change that is under way.
pub fn lock(work: &mut Work, id: i64) -> Result<()> {
    if work.has_concurrent_writers() {
        let _: Option<i64> = sql("select id from users where id = $1 for update").bind(id).maybe(work)?;
    }
    Ok(())
}

/// Something about a person has changed that is kept beside the row.
pub fn touch(work: &mut Work, id: i64) -> Result<()> {
    let now = work.now();
    sql("update users set updated_at = $2, version = version + 1 where id = $1").bind(id).bind(now).run(work)?;
    Ok(())
}

pub fn set_status(work: &mut Work, id: i64, status: UserStatus) -> Result<()> {
    let now = work.now();
    sql("update users set status = $2, updated_at = $3, version = version + 1 where id = $1").bind(id).bind(status).bind(now).run(work)?;
    Ok(())
}

pub fn set_password(work: &mut Work, id: i64, hash: &str, must_change: bool, expires_at: Instant) -> Result<()> {
    let now = work.now();
    sql("update users set password_hash = $2, must_change_password = $3, password_expires_at = $4, updated_at = $5, version = version + 1 where id = $1")
        .bind(id)
        .bind(hash)
        .bind(must_change)
        .bind(expires_at)
        .bind(now)
        .run(work)?;
    Ok(())
}

pub fn note_login(work: &mut Work, user_id: i64, team_id: i64) -> Result<()> {
    let now = work.now();
    sql("update users set last_login_at = $2, last_team_id = $3 where id = $1").bind(user_id).bind(now).bind(team_id).run(work)?;
    Ok(())
}

pub fn set_session_team(work: &mut Work, token_hash: &str, user_id: i64, team_id: i64) -> Result<()> {
    sql("update sessions set team_id = $2 where token_hash = $1").bind(token_hash).bind(team_id).run(work)?;
    sql("update users set last_team_id = $2 where id = $1").bind(user_id).bind(team_id).run(work)?;
    Ok(())
}

pub fn teams_of(work: &mut Work, user_id: i64) -> Result<Vec<Named>> {
    sql("select t.id, t.name from team_members m join teams t on t.id = m.team_id where m.user_id = $1 order by t.id")
        .bind(user_id)
        .all(work)
}

/// The teams of several people, as (user, team).
pub fn teams_of_many(work: &mut Work, user_ids: &[i64]) -> Result<Vec<(i64, Named)>> {
    let among = any_of("m.user_id", user_ids.iter().copied().map(Value::Int).collect());
    sql("select m.user_id, t.id, t.name from team_members m join teams t on t.id = m.team_id where {among} order by m.user_id, t.id")
        .part("among", &among)
        .all(work)
}

pub fn set_teams(work: &mut Work, user_id: i64, team_ids: &[i64]) -> Result<()> {
    sql("delete from team_members where user_id = $1").bind(user_id).run(work)?;
    team_ids.iter().try_for_each(|team| add_member(work, *team, user_id))
}

pub fn add_member(work: &mut Work, team_id: i64, user_id: i64) -> Result<()> {
    sql("insert into team_members (team_id, user_id) values ($1, $2) on conflict (team_id, user_id) do nothing")
        .bind(team_id)
        .bind(user_id)
        .run(work)?;
    Ok(())
}

pub fn remove_member(work: &mut Work, team_id: i64, user_id: i64) -> Result<()> {
    sql("delete from team_members where team_id = $1 and user_id = $2").bind(team_id).bind(user_id).run(work)?;
    Ok(())
}

pub fn all_teams_exist(work: &mut Work, ids: &[i64]) -> Result<bool> {
    let among = any_of("id", ids.iter().copied().map(Value::Int).collect());
    let count: i64 = sql("select count(*) from teams where {among}").part("among", &among).one(work)?;
    Ok(count == ids.len() as i64)
}

pub fn users_page(work: &mut Work, filters: Vec<Predicate>, turn: &Turn) -> Result<Page<UserRow>> {
    let all = Predicate::new("true", Vec::new());
    List::of("users u", "u", "", Scope::same(all), filters).fetch(work, turn, "join users u on u.id = page.id")
}

/// Gives people from before there were full pinyin keys theirs.
pub fn fill_name_keys(work: &mut Work) -> Result<()> {
    let without: Vec<(i64, String)> = sql("select id, name from users where name_full = '' order by id limit 5000").all(work)?;
    for (id, name) in without {
        sql("update users set name_full = $2 where id = $1").bind(id).bind(NameKeys::of(&name).full).run(work)?;
    }
    Ok(())
}

/// Active people whose name, pinyin, initials or number contain the text, by name; at most 50.
pub fn pickable(work: &mut Work, text: Option<&str>, team_id: Option<i64>) -> Result<Vec<Pickable>> {
    let all: Vec<(i64, String, String, String, String, String)> =
        sql("select id, name, employee_number, employee_key, name_key, name_full from users where status = 'active' order by name, id limit 2000")
            .all(work)?;
    let wanted = text.map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
    let mut found: Vec<Pickable> = all
        .into_iter()
        .filter(|(_, name, _, number_key, initials, full)| {
            wanted.as_ref().is_none_or(|wanted| {
                name.to_lowercase().contains(wanted)
                    || number_key.contains(wanted)
                    || initials.starts_with(wanted.as_str())
                    || full.starts_with(wanted.as_str())
            })
        })
        .map(|(id, name, employee_number, ..)| Pickable { id, name, employee_number, team_ids: Vec::new() })
        .collect();
    if team_id.is_none() {
        found.truncate(50);
    }
    let ids: Vec<i64> = found.iter().map(|person| person.id).collect();
    for chunk in ids.chunks(500) {
        for (user_id, team) in teams_of_many(work, chunk)? {
            if let Some(person) = found.iter_mut().find(|person| person.id == user_id) {
                person.team_ids.push(team.id);
            }
        }
    }
    if let Some(team_id) = team_id {
        found.retain(|person| person.team_ids.contains(&team_id));
        found.truncate(50);
    }
    Ok(found)
}

const TEAM_SOURCE: &str = "from teams t left join users m on m.id = t.manager_id left join dictionary_entries r on r.id = t.region_id";

fn teams_where(text: &str) -> Sql {
    sql(format!("select {{columns}} {TEAM_SOURCE} where {text}"))
}

/// The team of this name, whatever the case.
pub fn team_id_called(work: &mut Work, text: &str) -> Result<Option<i64>> {
    sql("select id from teams where name_fold = $1").bind(name::fold(text)).maybe(work)
}

pub fn teams(work: &mut Work) -> Result<Vec<Team>> {
    teams_where("true order by t.id limit 2000").all(work)
}

pub fn team(work: &mut Work, id: i64) -> Result<Option<Team>> {
    teams_where("t.id = $1").bind(id).maybe(work)
}

/// One node of the tree, about to be kept.
pub struct TeamRow<'a> {
    pub name: &'a str,
    pub parent_id: Option<i64>,
    pub manager_id: Option<i64>,
    pub kind: super::model::TeamKind,
    pub region_id: Option<i64>,
}

fn name_taken(error: Error) -> Error {
    error.when_not_unique("teams.name_fold", || Error::field("name", FieldCode::Duplicate))
}

pub fn insert_team(work: &mut Work, team: &TeamRow) -> Result<i64> {
    let now = work.now();
    sql("insert into teams (name, name_fold, parent_id, manager_id, kind, region_id, created_at) values ($1, $2, $3, $4, $5, $6, $7) returning id")
        .bind(team.name)
        .bind(name::fold(team.name))
        .bind(team.parent_id)
        .bind(team.manager_id)
        .bind(team.kind)
        .bind(team.region_id)
        .bind(now)
        .one(work)
        .map_err(name_taken)
}

pub fn update_team(work: &mut Work, id: i64, version: i64, team: &TeamRow) -> Result<()> {
    let touched = sql("update teams set name = $3, name_fold = $4, parent_id = $5, manager_id = $6, kind = $7, region_id = $8, version = version + 1 where id = $1 and version = $2")
        .bind(id)
        .bind(version)
        .bind(team.name)
        .bind(name::fold(team.name))
        .bind(team.parent_id)
        .bind(team.manager_id)
        .bind(team.kind)
        .bind(team.region_id)
        .run(work)
        .map_err(name_taken)?;
    if touched == 0 { Err(Error::Changed(serde_json::Value::Null)) } else { Ok(()) }
}

/// True when `below` is `team` or stands below it.
pub fn is_at_or_below(work: &mut Work, team: i64, below: i64) -> Result<bool> {
    let found: Option<i64> = sql("with recursive up (id, parent_id) as (
           select id, parent_id from teams where id = $1
           union select t.id, t.parent_id from teams t join up on t.id = up.parent_id)
         select id from up where id = $2")
    .bind(below)
    .bind(team)
    .maybe(work)?;
    Ok(found.is_some())
}

/// True when members, nodes below, records or figures still hang on the team.
pub fn team_in_use(work: &mut Work, id: i64) -> Result<bool> {
    let found: Option<i64> = sql("-- unscoped: only whether anything is left, for whoever runs the teams
         select 1 from (select team_id as id from team_members where team_id = $1
         union all select parent_id from teams where parent_id = $1
         union all select team_id from customers where team_id = $1
         union all select team_id from opportunities where team_id = $1
         union all select team_id from tasks where team_id = $1
         union all select team_id from customer_groups where team_id = $1
         union all select team_id from saved_views where team_id = $1
         union all select team_id from channels where team_id = $1) as used limit 1")
    .bind(id)
    .maybe(work)?;
    Ok(found.is_some())
}

pub fn delete_team(work: &mut Work, id: i64) -> Result<()> {
    sql("update sessions set team_id = null where team_id = $1").bind(id).run(work)?;
    sql("delete from teams where id = $1").bind(id).run(work)?;
    Ok(())
}

pub fn members(work: &mut Work, team_id: i64) -> Result<Vec<Member>> {
    sql("select {columns} from team_members m join users u on u.id = m.user_id where m.team_id = $1 order by u.name, u.id limit 2000")
        .bind(team_id)
        .all(work)
}

pub fn login_teams(work: &mut Work) -> Result<Vec<Named>> {
    sql("select id, name from teams order by id limit 2000").all(work)
}

/// The region with this id or name.
pub fn region(work: &mut Work, wanted: &crate::platform::draft::Choice) -> Result<Option<i64>> {
    use crate::platform::draft::Choice;
    match wanted {
        Choice::Id(id) => {
            sql("select coalesce(merged_into, id) from dictionary_entries where kind = 'region' and id = $1").bind(*id).maybe(work)
        }
        Choice::Name(text) => sql("select coalesce(merged_into, id) from dictionary_entries where kind = 'region' and name_fold = $1")
            .bind(name::fold(text))
            .maybe(work),
    }
}

/// An active person with the team records belong to then: the one worked in last, or else the first.
pub fn active_person(work: &mut Work, id: i64) -> Result<Option<(Named, Option<i64>)>> {
    Ok(active_people(work, &[id])?.pop())
}

/// The same for many.
pub fn active_people(work: &mut Work, ids: &[i64]) -> Result<Vec<(Named, Option<i64>)>> {
    let among = any_of("u.id", ids.iter().copied().map(Value::Int).collect());
    sql("select u.id, u.name, coalesce((select m.team_id from team_members m where m.user_id = u.id and m.team_id = u.last_team_id),
           (select min(m.team_id) from team_members m where m.user_id = u.id))
         from users u where u.status = 'active' and {among}")
    .part("among", &among)
    .all(work)
}

/// A team by its id, when the person belongs to it.
pub fn team_of(work: &mut Work, user_id: i64, team_id: i64) -> Result<Option<Named>> {
    sql("select t.id, t.name from team_members m join teams t on t.id = m.team_id where m.team_id = $1 and m.user_id = $2")
        .bind(team_id)
        .bind(user_id)
        .maybe(work)
}

/// An active person whom the caller may give records to: a member of one of the teams in reach, with that team (S38). Within one's
/// own reach these are one's own teams.
pub fn assignable_person(work: &mut Work, id: i64) -> Result<Option<(Named, Option<i64>)>> {
    Ok(assignable_people(work, &[id])?.pop())
}

/// The same for many.
pub fn assignable_people(work: &mut Work, ids: &[i64]) -> Result<Vec<(Named, Option<i64>)>> {
    let teams = match &work.actor.reach {
        crate::platform::work::Reach::All => return active_people(work, ids),
        crate::platform::work::Reach::Teams(teams) => teams.clone(),
        crate::platform::work::Reach::Own => work.actor.team_ids.clone(),
    };
    let people = any_of("u.id", ids.iter().copied().map(Value::Int).collect());
    let among = any_of("m.team_id", teams.into_iter().map(Value::Int).collect());
    sql("select u.id, u.name, min(m.team_id) from users u join team_members m on m.user_id = u.id
         where u.status = 'active' and {people} and {among} group by u.id, u.name")
    .part("people", &people)
    .part("among", &among)
    .all(work)
}

/// The name of a person, disabled or not.
pub fn display_name(work: &mut Work, id: i64) -> Result<String> {
    let name: Option<String> = sql("select name from users where id = $1").bind(id).maybe(work)?;
    Ok(name.unwrap_or_default())
}

/// The names of people, in the order asked for.
pub fn names_of(work: &mut Work, ids: &[i64]) -> Result<Vec<Named>> {
    let among = any_of("id", ids.iter().copied().map(Value::Int).collect());
    sql("select id, name from users where {among}").part("among", &among).all(work)
}

/// A repeated request only gets the old answer while its record is in sight (`/api/v1/customers/12`).
pub fn require_sight(work: &mut Work, location: &str) -> Result<()> {
    let mut parts = location.trim_start_matches("/api/v1/").split('/');
    let (Some(room), Some(id)) = (parts.next(), parts.next().and_then(|id| id.parse::<i64>().ok())) else {
        return Ok(());
    };
    let (table, owned) = match room {
        "customers" => ("customers c where c.deleted_at is null and c.id", Owned::Customers),
        "opportunities" => ("opportunities o where o.deleted_at is null and o.id", Owned::Opportunities),
        "follow-up-plans" => ("follow_up_plans p where p.id", Owned::Plans),
        "follow-ups" => ("follow_ups f where f.id", Owned::FollowUps),
        "contacts" => ("contacts k where k.id", Owned::Contacts),
        "tasks" => ("tasks t where t.id", Owned::Tasks),
        _ => return Ok(()),
    };
    let visible = scope::predicate(work, owned, Right::Read);
    let found: Option<i64> = sql(format!("select 1 from {table} = $1 and {{visible}}")).bind(id).part("visible", &visible).maybe(work)?;
    if found.is_none() { Err(Error::NotFound) } else { Ok(()) }
}

/// Who leads the people of a team, `but` excepted: its manager, else its sales managers, else whoever leads the node above.
pub fn leaders_of(work: &mut Work, team_id: i64, but: i64) -> Result<Vec<i64>> {
    let mut node = Some(team_id);
    let mut above: Vec<i64> = Vec::new();
    while let Some(id) = node.filter(|id| !above.contains(id)) {
        above.push(id);
        let found: Option<(Option<i64>, Option<i64>)> =
            sql("select t.parent_id, u.id from teams t left join users u on u.id = t.manager_id and u.status = 'active' where t.id = $1")
                .bind(id)
                .maybe(work)?;
        let Some((parent, manager)) = found else { break };
        if let Some(manager) = manager.filter(|manager| *manager != but) {
            return Ok(vec![manager]);
        }
        let leading: Vec<i64> = sql("select u.id from team_members m join users u on u.id = m.user_id
             where m.team_id = $1 and u.status = 'active' and u.role in ('sales_manager', 'sales_director') and u.id <> $2 order by u.id limit 20")
        .bind(id)
        .bind(but)
        .all(work)?;
        if !leading.is_empty() {
            return Ok(leading);
        }
        node = parent;
    }
    Ok(Vec::new())
}
