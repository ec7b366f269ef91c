//! People: added, edited, disabled and given new one-time passwords by an administrator.

use super::actions::Role;
use super::leave::{self, Leave};
use super::model::{NewUser, User, UserDraft, UserEdit, UserStatus};
use super::password_rule::Owner;
use super::{password_rule, sessions, store};
use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::platform::draft::Given;
use crate::platform::types::{FieldCode, Instant};
use crate::platform::work::Work;

/// A one-time password is good for 72 h.
const ONE_TIME_MS: i64 = 72 * 3_600_000;

/// One person.
pub fn get(work: &mut Work, id: i64) -> Result<User> {
    let row = store::user(work, id)?.ok_or(Error::NotFound)?;
    let teams = store::teams_of(work, id)?;
    Ok(row.with_teams(teams, work.today()))
}

/// Adds a person whose one-time password has this hash (S11).
pub fn create(work: &mut Work, draft: &UserDraft, one_time_hash: &str) -> Result<User> {
    let new = draft.clone().check()?;
    if !store::all_teams_exist(work, &new.team_ids)? {
        return Err(Error::field("team_ids", FieldCode::Unknown));
    }
    let expires_at = work.now().plus_ms(ONE_TIME_MS);
    let id = insert(work, &new, one_time_hash, true, expires_at)?;
    history::record(work, &Event::new(EventKind::UserCreated, "user", id).with("name", &new.name))?;
    get(work, id)
}

/// Adds somebody whose password is known already: the first administrator, the demonstration's people.
pub fn create_first(work: &mut Work, draft: &UserDraft, password_hash: &str, team_id: i64) -> Result<i64> {
    let new = UserDraft { team_ids: Given::Value(vec![team_id]), ..draft.clone() }.check()?;
    let id = insert(work, &new, password_hash, false, Instant::from_ms(0))?;
    history::record(work, &Event::new(EventKind::UserCreated, "user", id).with("name", &new.name))?;
    Ok(id)
}

fn insert(work: &mut Work, new: &NewUser, hash: &str, must_change: bool, expires_at: Instant) -> Result<i64> {
    let id = store::insert_user(work, new, hash, must_change, expires_at)?;
    store::set_teams(work, id, &new.team_ids)?;
    Ok(id)
}

/// Edits a person; role and teams take effect with his or her next request.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &UserDraft) -> Result<User> {
    store::lock_administrators(work)?;
    let before = get(work, id)?;
    if before.version != version {
        return Err(Error::Changed(serde_json::to_value(&before)?));
    }
    let mut fields = Fields::default();
    let edit: UserEdit = draft.clone().check_edit(&mut fields);
    let wish = Leave { on_leave_from: draft.on_leave_from.clone(), on_leave_until: draft.on_leave_until.clone() };
    let days = leave::judge(work, id, &wish, &mut fields)?;
    fields.into_result()?;
    if let Some(teams) = &edit.team_ids
        && !store::all_teams_exist(work, teams)?
    {
        return Err(Error::field("team_ids", FieldCode::Unknown));
    }
    let loses_administration = before.role == Role::Administrator && edit.role.is_some_and(|role| role != Role::Administrator);
    if loses_administration && before.status == UserStatus::Active && !store::other_active_administrator(work, id)? {
        return Err(Error::Refused(Refusal::LastAdministrator));
    }
    let row = store::user(work, id)?.ok_or(Error::NotFound)?;
    store::update_user(work, id, version, &edit, &row)?;
    if let Some(days) = days {
        leave::set(work, id, days)?;
    }
    if let Some(teams) = &edit.team_ids {
        store::set_teams(work, id, teams)?;
    }
    let after = get(work, id)?;
    let changes: Vec<Change> = [
        Change::of("name", &before.name, &after.name),
        Change::of_optional("phone", before.phone.as_ref(), after.phone.as_ref()),
        Change::of_optional("email", before.email.as_ref(), after.email.as_ref()),
        Change::of("role", before.role.word(), after.role.word()),
        Change::of("team", names(&before), names(&after)),
        Change::of_optional("on_leave_from", before.on_leave_from.as_ref(), after.on_leave_from.as_ref()),
        Change::of_optional("on_leave_until", before.on_leave_until.as_ref(), after.on_leave_until.as_ref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    history::record(work, &Event::new(EventKind::UserEdited, "user", id).with("name", &after.name).with_changes(&changes))?;
    history::record_changes(work, "user", id, &changes)?;
    work.push(crate::platform::live::Push::Access { user_id: id });
    Ok(after)
}

fn names(user: &User) -> String {
    user.teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>().join("、")
}

/// Says from when until when the caller is on leave, or that he or she is back (S65).
pub fn take_leave(work: &mut Work, wish: &Leave) -> Result<()> {
    let id = work.actor.user_id;
    // Of two windows of one person the second waits here and then sees what the first has entered.
    store::lock(work, id)?;
    let mut fields = Fields::default();
    if !wish.on_leave_from.is_given() && !wish.on_leave_until.is_given() {
        fields.add("on_leave_until", FieldCode::Required);
    }
    let days = leave::judge(work, id, wish, &mut fields)?;
    fields.into_result()?;
    let Some(days) = days else { return Ok(()) };
    let before = get(work, id)?;
    store::touch(work, id)?;
    leave::set(work, id, days)?;
    let after = get(work, id)?;
    let changes: Vec<Change> = [
        Change::of_optional("on_leave_from", before.on_leave_from.as_ref(), after.on_leave_from.as_ref()),
        Change::of_optional("on_leave_until", before.on_leave_until.as_ref(), after.on_leave_until.as_ref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !changes.is_empty() {
        history::record(work, &Event::new(EventKind::UserEdited, "user", id).with("name", &before.name).with_changes(&changes))?;
        history::record_changes(work, "user", id, &changes)?;
    }
    Ok(())
}

/// A new one-time password; the old one and every session end at once (S11).
pub fn reset_password(work: &mut Work, id: i64, one_time_hash: &str) -> Result<()> {
    let user = get(work, id)?;
    let expires_at = work.now().plus_ms(ONE_TIME_MS);
    store::set_password(work, id, one_time_hash, true, expires_at)?;
    sessions::end_all(work, id, None)?;
    history::record(work, &Event::new(EventKind::PasswordReset, "user", id).with("name", &user.name))
}

/// The id behind an employee number, however it is spelled.
pub fn id_of(work: &mut Work, employee_number: &str) -> Result<Option<i64>> {
    Ok(store::account(work, employee_number)?.map(|account| account.user_id))
}

/// Stops a person from logging in and ends all sessions (I51).
pub fn disable(work: &mut Work, id: i64) -> Result<User> {
    store::lock_administrators(work)?;
    let user = get(work, id)?;
    if user.role == Role::Administrator && !store::other_active_administrator(work, id)? {
        return Err(Error::Refused(Refusal::LastAdministrator));
    }
    if user.status == UserStatus::Active {
        store::set_status(work, id, UserStatus::Disabled)?;
        sessions::end_all(work, id, None)?;
        history::record(work, &Event::new(EventKind::UserDisabled, "user", id).with("name", &user.name))?;
    }
    get(work, id)
}

/// Lets a person log in again.
pub fn enable(work: &mut Work, id: i64) -> Result<User> {
    let user = get(work, id)?;
    if user.status == UserStatus::Disabled {
        store::set_status(work, id, UserStatus::Active)?;
        history::record(work, &Event::new(EventKind::UserEnabled, "user", id).with("name", &user.name))?;
    }
    get(work, id)
}

/// A random one-time password that satisfies the rule.
pub fn one_time_password() -> Result<String> {
    password_rule::one_time_password(Owner { employee_number: "", name: "" }).map_err(|error| Error::internal(error.to_string()))
}
