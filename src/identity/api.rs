//! How people, teams and sessions are reached.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use super::actions::{self, Role, can};
use super::api_tokens::{self, ApiToken, ApiTokenDraft, NewApiToken};
use super::caller::{Anonymous, Caller, session_cookie, set_cookie};
use super::leave::Leave;
use super::log_in::{self, LogIn, PasswordChange};
use super::model::{Member, Named, Pickable, SessionView, Team, TeamDraft, User, UserDraft, UserStatus};
use super::setup::{self, SetupDraft};
use super::teams::{self, Members};
use super::{sessions, store, throttle, users};
use crate::app::App;
use crate::error::{Error, Fields, Result};
use crate::platform::db::{Predicate, Value};
use crate::platform::draft::Given;
use crate::platform::http::{Created, Done, Id, IfMatch, Json, Many, One, Query, Record, json_response};
use crate::platform::page::{Page, Sort, Turn, any_of};
use crate::platform::routes::routes;
use crate::platform::types::FieldCode;

/// The routes of this room that need a session.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read_session, log_out))
        .routes(routes!(switch_team))
        .routes(routes!(take_leave))
        .routes(routes!(change_password))
        .routes(routes!(list_api_tokens, create_api_token))
        .routes(routes!(revoke_api_token))
        .routes(routes!(list_users, create_user))
        .routes(routes!(pickable_users))
        .routes(routes!(read_user, edit_user))
        .routes(routes!(reset_password))
        .routes(routes!(disable_user))
        .routes(routes!(enable_user))
        .routes(routes!(list_teams, create_team))
        .routes(routes!(read_team, edit_team, delete_team))
        .routes(routes!(list_members, set_members))
        .routes(routes!(list_roles))
}

/// The routes for somebody without a session.
pub fn setup_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(log_in)).routes(routes!(login_teams)).routes(routes!(setup_state, set_up))
}

const DEVICE_AGE_S: i64 = 400 * 86_400;
const SESSION_AGE_S: i64 = 12 * 3_600;

fn with_cookies(mut response: Response, cookies: Vec<HeaderValue>) -> Response {
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Log in with 工号, password and team (S10–S13). Sets the session cookie.
#[utoipa::path(post, path = "/session", tag = "session", request_body = LogIn, responses((status = 200, body = SessionView)))]
async fn log_in(caller: Anonymous, Json(given): Json<LogIn>) -> Result<Response> {
    let app = caller.app.clone();
    let entered = log_in::log_in(caller, given).await?;
    let cookies = vec![
        set_cookie(&app.config, session_cookie(&app.config), &entered.token.0, SESSION_AGE_S)?,
        set_cookie(&app.config, "did", &entered.device.0, DEVICE_AGE_S)?,
    ];
    Ok(with_cookies(json_response(StatusCode::OK, &entered.view), cookies))
}

/// The signed-in person, the team, the rights, and the server's time.
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = SessionView)))]
async fn read_session(caller: Caller<can::ReadOwnSession>) -> Result<Json<SessionView>> {
    let app = caller.app().clone();
    caller
        .read(move |work| {
            let (user_id, team_id) = (work.actor.user_id, work.actor.team_id.unwrap_or(0));
            log_in::view(work, &app, user_id, team_id, None)
        })
        .await
        .map(Json)
}

/// Log out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204, description = "logged out")))]
async fn log_out(caller: Caller<can::UseOwnSession>) -> Result<Response> {
    let token_hash = caller.token_hash().to_owned();
    caller
        .write(move |work| {
            sessions::end(work, &token_hash)?;
            let user_id = work.actor.user_id;
            crate::history::record(work, &crate::history::Event::new(crate::history::model::EventKind::LoggedOut, "session", user_id))?;
            work.push(crate::platform::live::Push::Access { user_id });
            Ok(())
        })
        .await?;
    let config = &caller.app().config;
    let mut response = with_cookies(Done.into_response(), vec![set_cookie(config, session_cookie(config), "", 0)?]);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// The team to work in.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct TeamChoice {
    /// One of one's own teams.
    team_id: Given<i64>,
}

/// Work in another of one's teams (S13).
#[utoipa::path(put, path = "/session/team", tag = "session", request_body = TeamChoice, responses((status = 200, body = SessionView)))]
async fn switch_team(caller: Caller<can::ManageOwnAccess>, Json(choice): Json<TeamChoice>) -> Result<Json<SessionView>> {
    let mut fields = Fields::default();
    let team_id = choice.team_id.required("team_id", &mut fields).ok_or(Error::Invalid(fields))?;
    let (app, token_hash) = (caller.app().clone(), caller.token_hash().to_owned());
    caller
        .write(move |work| {
            log_in::switch_team(work, &token_hash, team_id)?;
            let user_id = work.actor.user_id;
            log_in::view(work, &app, user_id, team_id, None)
        })
        .await
        .map(Json)
}

/// Say from when until when one is on leave, or that one is back: on these days the rules assign nothing to one (S65).
#[utoipa::path(put, path = "/session/leave", tag = "session", request_body = Leave, responses((status = 200, body = SessionView)))]
async fn take_leave(caller: Caller<can::LookAround>, Json(leave): Json<Leave>) -> Result<Json<SessionView>> {
    let app = caller.app().clone();
    caller
        .write(move |work| {
            users::take_leave(work, &leave)?;
            let (user_id, team_id) = (work.actor.user_id, work.actor.team_id.unwrap_or(0));
            log_in::view(work, &app, user_id, team_id, None)
        })
        .await
        .map(Json)
}

/// Change one's own password (S12); other sessions end.
#[utoipa::path(put, path = "/session/password", tag = "session", request_body = PasswordChange, responses((status = 200, body = SessionView)))]
async fn change_password(caller: Caller<can::UseOwnSession>, Json(change): Json<PasswordChange>) -> Result<Json<SessionView>> {
    let app = caller.app().clone();
    let (me, hash, buckets) = caller
        .write(|work| {
            let user_id = work.actor.user_id;
            let me = store::me(work, user_id)?;
            let buckets = throttle::Buckets::of_account(&format!("{}#change", store::employee_key(&me.employee_number)));
            throttle::check(work, &buckets)?;
            Ok((me, store::password_hash(work, user_id)?, buckets))
        })
        .await?;
    let (current, new) = change.check(&me.employee_number, &me.name)?;
    if !app.passwords.verify(current, Some(hash)).await? {
        caller.write(move |work| throttle::failed(work, &buckets)).await?;
        return Err(Error::field("current_password", FieldCode::WrongPassword));
    }
    let hash = app.passwords.hash(new).await?;
    let token_hash = caller.token_hash().to_owned();
    caller
        .write(move |work| {
            log_in::change_password(work, &token_hash, &hash)?;
            let (user_id, team_id) = (work.actor.user_id, work.actor.team_id.unwrap_or(0));
            log_in::view(work, &app, user_id, team_id, Some(false))
        })
        .await
        .map(Json)
}

/// One's own API tokens, newest first, at most 20: `Authorization: Bearer <token>` stands for their owner in programs.
#[utoipa::path(get, path = "/me/api-tokens", tag = "session", responses((status = 200, body = Vec<ApiToken>)))]
async fn list_api_tokens(caller: Caller<can::ManageOwnAccess>) -> Result<Json<Vec<ApiToken>>> {
    caller.read(api_tokens::own).await.map(Json)
}

/// Make a token for a program; the answer shows it, once.
#[utoipa::path(post, path = "/me/api-tokens", tag = "session", request_body = ApiTokenDraft, responses((status = 201, body = NewApiToken)))]
async fn create_api_token(caller: Caller<can::ManageOwnAccess>, Json(draft): Json<ApiTokenDraft>) -> Result<Created> {
    caller
        .create_secret(draft, |work, draft| {
            let made = api_tokens::create(work, draft)?;
            Ok((format!("/api/v1/me/api-tokens/{}", made.record.id), made))
        })
        .await
}

/// End a token of one's own at once.
#[utoipa::path(delete, path = "/me/api-tokens/{id}", tag = "session", params(("id" = i64, Path)), responses((status = 204, description = "ended")))]
async fn revoke_api_token(caller: Caller<can::ManageOwnAccess>, Id(id): Id) -> Result<Done> {
    caller.write(move |work| api_tokens::revoke(work, id)).await.map(|()| Done)
}

/// The teams, for the drop-down of the log-in page (public).
#[utoipa::path(get, path = "/login-teams", tag = "session", responses((status = 200, body = Vec<Named>)))]
async fn login_teams(caller: Anonymous) -> Result<Json<Vec<Named>>> {
    caller.write(store::login_teams).await.map(Json)
}

/// Whether the first administrator is still to be made.
#[derive(Debug, Serialize, ToSchema)]
struct SetupState {
    /// True until an administrator exists.
    open: bool,
}

/// Whether the set-up is open (public).
#[utoipa::path(get, path = "/setup", tag = "session", responses((status = 200, body = SetupState)))]
async fn setup_state(caller: Anonymous) -> Result<Json<SetupState>> {
    caller.write(setup::is_open).await.map(|open| Json(SetupState { open }))
}

/// Make the first team and the first administrator, with the one-time token from the console; 404 ever after.
#[utoipa::path(post, path = "/setup", tag = "session", request_body = SetupDraft, responses((status = 201, body = SessionView)))]
async fn set_up(State(app): State<App>, caller: Anonymous, Json(draft): Json<SetupDraft>) -> Result<Response> {
    if !caller.write(setup::is_open).await? {
        return Err(Error::NotFound);
    }
    let company = draft.check(&app.setup)?;
    let hash = app.passwords.hash(company.password.clone()).await?;
    let token = sessions::Token::generate()?;
    let (session_token, product, agent) = (token.clone(), app.clone(), caller.agent.clone());
    let view = caller
        .write(move |work| {
            setup::set_up(work, &company, &hash, &session_token, &agent)?;
            let (user_id, teams) = (work.actor.user_id, store::login_teams(work)?);
            log_in::view(work, &product, user_id, teams.first().map_or(0, |team| team.id), None)
        })
        .await?;
    let cookie = set_cookie(&app.config, session_cookie(&app.config), &token.0, SESSION_AGE_S)?;
    Ok(with_cookies(json_response(StatusCode::CREATED, &view), vec![cookie]))
}

/// Which people to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct UserFilter {
    /// Beginning of name, number, pinyin or initials.
    #[param(value_type = Option<String>)]
    q: One<String>,
    /// `active`, `disabled`.
    #[param(value_type = Option<Vec<String>>)]
    status: Many<UserStatus>,
    /// Roles.
    #[param(value_type = Option<Vec<String>>)]
    role: Many<Role>,
    /// Members of these teams.
    #[param(value_type = Option<Vec<i64>>)]
    team_id: Many<i64>,
    /// Only `updated_at`, with `-` for newest first.
    #[param(value_type = Option<String>)]
    sort: One<String>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

impl UserFilter {
    fn read(self) -> Result<(Vec<Predicate>, Turn)> {
        let mut filters = Vec::new();
        if let Some(text) = self.q.get("q")? {
            // A company has hundreds of people, not millions: `instr` semantics by two prefix ranges would miss the middle.
            let key = store::employee_key(&text);
            filters.push(Predicate::new(
                "(u.employee_key = $1 or u.name = $2 or (u.name_key >= $1 and u.name_key < $3) or (u.name_full >= $1 and u.name_full < $3) or (u.employee_key >= $1 and u.employee_key < $3) or (u.name >= $2 and u.name < $4))",
                vec![key.clone().into(), text.trim().into(), format!("{key}\u{10ffff}").into(), format!("{}\u{10ffff}", text.trim()).into()],
            ));
        }
        let words = |values: Vec<&'static str>| values.into_iter().map(Value::from).collect::<Vec<_>>();
        let status = self.status.get("status")?;
        if !status.is_empty() {
            filters.push(any_of("u.status", words(status.into_iter().map(UserStatus::word).collect())));
        }
        let role = self.role.get("role")?;
        if !role.is_empty() {
            filters.push(any_of("u.role", words(role.into_iter().map(Role::word).collect())));
        }
        let teams = self.team_id.get("team_id")?;
        if !teams.is_empty() {
            let among = any_of("m.team_id", teams.into_iter().map(Value::Int).collect());
            filters.push(Predicate::new(format!("u.id in (select m.user_id from team_members m where {})", among.text), among.binds));
        }
        let sort = Sort::read(self.sort, &[("-updated_at", "u.updated_at")])?;
        Ok((filters, Turn::read(sort, self.limit, self.cursor)?))
    }
}

/// The people (administrator).
#[utoipa::path(get, path = "/users", tag = "people", params(UserFilter), responses((status = 200, body = Page<User>)))]
async fn list_users(caller: Caller<can::ManageUsers>, Query(filter): Query<UserFilter>) -> Result<Json<Page<User>>> {
    let (filters, turn) = filter.read()?;
    caller
        .read(move |work| {
            let today = work.today();
            let page = store::users_page(work, filters, &turn)?;
            let ids: Vec<i64> = page.items.iter().map(|user| user.id).collect();
            let teams = if ids.is_empty() { Vec::new() } else { store::teams_of_many(work, &ids)? };
            Ok(page.map(|user| {
                let own = teams.iter().filter(|(id, _)| *id == user.id).map(|(_, team)| team.clone()).collect();
                user.with_teams(own, today)
            }))
        })
        .await
        .map(Json)
}

/// Add a person; the answer shows the one-time password, once (S11).
#[utoipa::path(post, path = "/users", tag = "people", request_body = UserDraft, responses((status = 201, body = User)))]
async fn create_user(caller: Caller<can::ManageUsers>, Json(draft): Json<UserDraft>) -> Result<Created> {
    let password = users::one_time_password()?;
    let hash = caller.app().passwords.hash(password.clone()).await?;
    caller
        .create_secret(draft, move |work, draft| {
            let mut user = users::create(work, draft, &hash)?;
            user.one_time_password = Some(password.clone());
            Ok((format!("/api/v1/users/{}", user.id), user))
        })
        .await
}

/// Whom to look for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
struct PickFilter {
    /// Beginning of name, number, pinyin or initials.
    #[param(value_type = Option<String>)]
    q: One<String>,
    /// Members of this team.
    #[param(value_type = Option<i64>)]
    team_id: One<i64>,
}

/// Active people who can be chosen as owner or assignee; at most 50.
#[utoipa::path(get, path = "/users/pickable", tag = "people", params(PickFilter), responses((status = 200, body = Vec<Pickable>)))]
async fn pickable_users(caller: Caller<can::LookAround>, Query(filter): Query<PickFilter>) -> Result<Json<Vec<Pickable>>> {
    let (text, team_id) = (filter.q.get("q")?, filter.team_id.get("team_id")?);
    caller.read(move |work| store::pickable(work, text.as_deref(), team_id)).await.map(Json)
}

/// One person (administrator).
#[utoipa::path(get, path = "/users/{id}", tag = "people", params(("id" = i64, Path)), responses((status = 200, body = User)))]
async fn read_user(caller: Caller<can::ManageUsers>, Id(id): Id) -> Result<Record<User>> {
    caller.look(move |work| users::get(work, id)).await.map(Record)
}

/// Edit a person (administrator).
#[utoipa::path(patch, path = "/users/{id}", tag = "people", params(("id" = i64, Path)), request_body = UserDraft, responses((status = 200, body = User)))]
async fn edit_user(caller: Caller<can::ManageUsers>, Id(id): Id, version: IfMatch, Json(draft): Json<UserDraft>) -> Result<Record<User>> {
    caller.edit(version, move |work, version| users::edit(work, id, version, &draft)).await.map(Record)
}

/// A password shown once.
#[derive(Debug, Serialize, ToSchema)]
struct OneTimePassword {
    /// Good for one log-in within 72 h.
    one_time_password: String,
}

/// Give a person a new one-time password; the old one and all sessions end at once (S11).
#[utoipa::path(post, path = "/users/{id}/reset-password", tag = "people", params(("id" = i64, Path)), responses((status = 200, body = OneTimePassword)))]
async fn reset_password(caller: Caller<can::ManageUsers>, Id(id): Id) -> Result<Json<OneTimePassword>> {
    let one_time_password = users::one_time_password()?;
    let hash = caller.app().passwords.hash(one_time_password.clone()).await?;
    caller.write(move |work| users::reset_password(work, id, &hash)).await?;
    Ok(Json(OneTimePassword { one_time_password }))
}

/// Stop a person from logging in (administrator).
#[utoipa::path(post, path = "/users/{id}/disable", tag = "people", params(("id" = i64, Path)), responses((status = 200, body = User)))]
async fn disable_user(caller: Caller<can::ManageUsers>, Id(id): Id) -> Result<Record<User>> {
    caller.write(move |work| users::disable(work, id)).await.map(Record)
}

/// Let a person log in again (administrator).
#[utoipa::path(post, path = "/users/{id}/enable", tag = "people", params(("id" = i64, Path)), responses((status = 200, body = User)))]
async fn enable_user(caller: Caller<can::ManageUsers>, Id(id): Id) -> Result<Record<User>> {
    caller.write(move |work| users::enable(work, id)).await.map(Record)
}

/// The tree of teams.
#[utoipa::path(get, path = "/teams", tag = "people", responses((status = 200, body = Vec<Team>)))]
async fn list_teams(caller: Caller<can::LookAround>) -> Result<Json<Vec<Team>>> {
    caller.read(teams::all).await.map(Json)
}

/// Add a team (administrator).
#[utoipa::path(post, path = "/teams", tag = "people", request_body = TeamDraft, responses((status = 201, body = Team)))]
async fn create_team(caller: Caller<can::ManageTeams>, Json(draft): Json<TeamDraft>) -> Result<Created> {
    caller
        .create(draft, |work, draft| {
            let team = teams::create(work, draft)?;
            Ok((format!("/api/v1/teams/{}", team.id), team))
        })
        .await
}

/// One team.
#[utoipa::path(get, path = "/teams/{id}", tag = "people", params(("id" = i64, Path)), responses((status = 200, body = Team)))]
async fn read_team(caller: Caller<can::LookAround>, Id(id): Id) -> Result<Record<Team>> {
    caller.look(move |work| teams::get(work, id)).await.map(Record)
}

/// Edit a team (administrator).
#[utoipa::path(patch, path = "/teams/{id}", tag = "people", params(("id" = i64, Path)), request_body = TeamDraft, responses((status = 200, body = Team)))]
async fn edit_team(caller: Caller<can::ManageTeams>, Id(id): Id, version: IfMatch, Json(draft): Json<TeamDraft>) -> Result<Record<Team>> {
    caller.edit(version, move |work, version| teams::edit(work, id, version, &draft)).await.map(Record)
}

/// Remove a team nothing hangs on (administrator).
#[utoipa::path(delete, path = "/teams/{id}", tag = "people", params(("id" = i64, Path)), responses((status = 204, description = "removed")))]
async fn delete_team(caller: Caller<can::ManageTeams>, Id(id): Id, version: IfMatch) -> Result<Done> {
    caller.edit(version, move |work, version| teams::delete(work, id, version)).await.map(|()| Done)
}

/// Who belongs to a team.
#[utoipa::path(get, path = "/teams/{id}/members", tag = "people", params(("id" = i64, Path)), responses((status = 200, body = Vec<Member>)))]
async fn list_members(caller: Caller<can::LookAround>, Id(id): Id) -> Result<Json<Vec<Member>>> {
    caller.read(move |work| teams::members(work, id)).await.map(Json)
}

/// Set who belongs to a team (administrator).
#[utoipa::path(put, path = "/teams/{id}/members", tag = "people", params(("id" = i64, Path)), request_body = Members, responses((status = 200, body = Vec<Member>)))]
async fn set_members(caller: Caller<can::ManageTeams>, Id(id): Id, Json(wanted): Json<Members>) -> Result<Json<Vec<Member>>> {
    caller.write(move |work| teams::set_members(work, id, &wanted)).await.map(Json)
}

/// A role and what it may do.
#[derive(Debug, Serialize, ToSchema)]
struct RoleView {
    /// Its word.
    key: &'static str,
    /// Its name in the caller's language.
    name: &'static str,
    /// `own`, `team`, `all`.
    scope: &'static str,
    /// The actions it allows.
    permissions: &'static [&'static str],
}

/// The roles.
#[utoipa::path(get, path = "/roles", tag = "people", responses((status = 200, body = Vec<RoleView>)))]
async fn list_roles(caller: Caller<can::LookAround>) -> Result<Json<Vec<RoleView>>> {
    let lang = caller.lang();
    caller.read(|_| Ok(())).await?;
    let roles = actions::Role::ALL.iter().map(|role| RoleView {
        key: role.word(),
        name: role.title(lang),
        scope: role.scope_word(),
        permissions: role.permissions(),
    });
    Ok(Json(roles.collect()))
}
