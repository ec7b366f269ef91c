//! Logging in and out, the team worked in, one's own password (S10–S13).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Named, SessionView};
use super::password_rule::Owner;
use super::sessions::{self, Token};
use super::store;
use super::throttle::{self, Buckets};
use super::{Anonymous, actions, password_rule};
use crate::app::App;
use crate::error::{Error, Fields, Result};
use crate::history::{self, Event, model::EventKind};
use crate::platform::db::sql;
use crate::platform::draft::Given;
use crate::platform::types::{FieldCode, Instant};
use crate::platform::work::Work;

/// What is typed to log in.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LogIn {
    /// 工号; spaces around it and its case do not count.
    pub employee_number: Given<String>,
    /// The password, byte for byte.
    pub password: Given<String>,
    /// The team to work in; may be left out by members of one team.
    pub team_id: Given<i64>,
}

/// A successful log-in.
pub struct LoggedIn {
    /// For the session cookie.
    pub token: Token,
    /// For the device's cookie.
    pub device: Token,
    /// What the page wants to know.
    pub view: SessionView,
}

/// What was found out before the transaction that logs in.
enum Verdict {
    Wrong,
    Right(i64),
}

/// Checks number, password and team, in this order, and begins a session. Who is unknown, disabled or mistyped the password hears
/// the same; only who knows the password hears about the team.
pub async fn log_in(caller: Anonymous, given: LogIn) -> Result<LoggedIn> {
    let mut fields = Fields::default();
    let number = given.employee_number.required("employee_number", &mut fields);
    let password = given.password.required("password", &mut fields);
    let team_id = given.team_id.optional("team_id", &mut fields);
    let (Some(number), Some(password)) = (number, password) else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;

    let app = caller.app.clone();
    let key = store::employee_key(&number);
    let device = caller.device.as_ref().map(Token::hash);
    let address = caller.address.clone();
    let (account, buckets) = caller
        .write(move |work| {
            let account = store::account(work, &key)?;
            let known = match (&device, &account) {
                (Some(device), Some(account)) => known_device(work, device, account.user_id)?.then_some(device.as_str()),
                _ => None,
            };
            let buckets = Buckets::new(&key, known, &address);
            throttle::check(work, &buckets)?;
            Ok((account, buckets))
        })
        .await?;
    // Whoever came with an archive has no password yet: that takes as long to find out as that somebody is unknown.
    let hash = account.as_ref().map(|account| account.password_hash.clone()).filter(|hash| !hash.is_empty());
    let right = app.passwords.verify(password, hash).await?;
    let verdict = match account {
        Some(account) if right && account.active => Verdict::Right(account.user_id),
        _ => Verdict::Wrong,
    };
    let (token, device) = (Token::generate()?, Token::generate()?);
    let (session_token, device_token, agent, demo) = (token.clone(), device.clone(), caller.agent.clone(), app.clone());
    let outcome = caller
        .write(move |work| match verdict {
            Verdict::Wrong => {
                throttle::failed(work, &buckets)?;
                history::record(work, &Event::new(EventKind::LogInFailed, "session", 0))?;
                Ok(Err(Error::BadCredentials))
            }
            Verdict::Right(user_id) => enter(work, user_id, team_id, &buckets, &session_token, &device_token, &agent, &demo),
        })
        .await?;
    outcome.map(|view| LoggedIn { token, device, view })
}

#[expect(clippy::too_many_arguments, reason = "one call, and each is a different thing")]
fn enter(
    work: &mut Work,
    user_id: i64,
    team_id: Option<i64>,
    buckets: &Buckets,
    token: &Token,
    device: &Token,
    agent: &str,
    app: &App,
) -> Result<Result<SessionView>> {
    let still_valid: Option<Instant> =
        sql("select password_expires_at from users where id = $1 and status = 'active'").bind(user_id).maybe(work)?;
    let now = work.now();
    if still_valid.is_none_or(|until| until.ms() > 0 && until < now) {
        throttle::failed(work, buckets)?;
        return Ok(Err(Error::BadCredentials));
    }
    throttle::succeeded(work, buckets)?;
    let teams = store::teams_of(work, user_id)?;
    let team = match (team_id, teams.as_slice()) {
        (_, []) => return Ok(Err(Error::NotATeamMember)),
        (Some(id), teams) => match teams.iter().find(|team| team.id == id) {
            Some(team) => team.id,
            None => return Ok(Err(Error::NotATeamMember)),
        },
        (None, [only]) => only.id,
        (None, _) => return Ok(Err(Error::field("team_id", FieldCode::Required))),
    };
    sessions::begin(work, token, user_id, team, agent)?;
    sql("insert into known_devices (token_hash, user_id, created_at) values ($1, $2, $3)")
        .bind(device.hash())
        .bind(user_id)
        .bind(now)
        .run(work)?;
    greet(work, user_id, team)?;
    view(work, app, user_id, team, None).map(Ok)
}

fn known_device(work: &mut Work, device: &str, user_id: i64) -> Result<bool> {
    let found: Option<i64> =
        sql("select user_id from known_devices where token_hash = $1 and user_id = $2").bind(device).bind(user_id).maybe(work)?;
    Ok(found.is_some())
}

/// Notes a log-in on the person and in the log.
pub fn greet(work: &mut Work, user_id: i64, team_id: i64) -> Result<()> {
    store::note_login(work, user_id, team_id)?;
    work.actor.user_id = user_id;
    history::record(work, &Event::new(EventKind::LoggedIn, "session", user_id))
}

/// What the page wants to know about a session.
pub fn view(work: &mut Work, app: &App, user_id: i64, team_id: i64, must_change: Option<bool>) -> Result<SessionView> {
    let user = store::me(work, user_id)?;
    let teams = store::teams_of(work, user_id)?;
    let team =
        teams.iter().find(|team| team.id == team_id).or(teams.first()).cloned().unwrap_or(Named { id: team_id, name: String::new() });
    let must_change_password = match must_change {
        Some(must) => must,
        None => sql("select must_change_password from users where id = $1").bind(user_id).one(work)?,
    };
    let role: actions::Role = user.role;
    Ok(SessionView {
        team,
        teams,
        must_change_password,
        permissions: role.permissions().iter().map(|name| (*name).to_owned()).collect(),
        now: work.now(),
        time_zone: work.zone().name().to_owned(),
        demo: app.config.demo,
        user,
    })
}

/// Works in another of one's teams from now on (S13).
pub fn switch_team(work: &mut Work, token_hash: &str, team_id: i64) -> Result<()> {
    let user_id = work.actor.user_id;
    if !work.actor.team_ids.contains(&team_id) {
        return Err(Error::NotATeamMember);
    }
    store::set_session_team(work, token_hash, user_id, team_id)
}

/// A new password for oneself.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordChange {
    /// The one in use.
    pub current_password: Given<String>,
    /// The new one: ≥ 8 characters, 3 of 4 classes, not containing 工号 (S12).
    pub new_password: Given<String>,
}

impl PasswordChange {
    /// Judges the new password for this person; answers (current, new).
    pub fn check(self, employee_number: &str, name: &str) -> Result<(String, String)> {
        let mut fields = Fields::default();
        let current = self.current_password.required("current_password", &mut fields);
        let new = self.new_password.required("new_password", &mut fields);
        if let Some(new) = &new {
            let verdict = password_rule::check(new, Owner { employee_number, name });
            fields.keep("new_password", verdict);
        }
        if current.is_some() && current == new {
            fields.add("new_password", FieldCode::PasswordUnchanged);
        }
        match (current, new) {
            (Some(current), Some(new)) if fields.is_empty() => Ok((current, new)),
            _ => Err(Error::Invalid(fields)),
        }
    }
}

/// Sets the new password; every other session of the person ends.
pub fn change_password(work: &mut Work, token_hash: &str, hash: &str) -> Result<()> {
    let user_id = work.actor.user_id;
    store::set_password(work, user_id, hash, false, Instant::from_ms(0))?;
    let own: i64 = sql("select id from sessions where token_hash = $1").bind(token_hash).one(work)?;
    sessions::end_all(work, user_id, Some(own))?;
    history::record(work, &Event::new(EventKind::PasswordChanged, "user", user_id))
}
