//! API tokens: what a program sends as `Authorization: Bearer` to act as the person who made it, with the rights and the sight that
//! person has at that moment. A token lives among the sessions, so that whatever ends a person's sessions (a new password, a
//! disabled account) ends it too.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sessions::{self, Token};
use crate::error::{Error, Fields, Result};
use crate::history::{self, Event, model::EventKind};
use crate::platform::db::sql;
use crate::platform::draft::Given;
use crate::platform::live::Push;
use crate::platform::types::{FieldCode, Instant, name};
use crate::platform::work::Work;
use crate::row;

const DAY_MS: i64 = 86_400_000;
/// A token begins so, wherever it is found: in a log, in a repository.
const PREFIX: &str = "cdt_";
/// How long a token is good, in days: when nothing is said, and at most.
const DAYS: i64 = 90;
const MOST_DAYS: i64 = 365;
/// Tokens of one person.
const MOST: usize = 20;

row! {
    /// A token of one's own, without the secret.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct ApiToken {
        /// Id.
        pub id: i64 = "s.id",
        /// What its owner calls the program.
        pub name: String = "s.program",
        /// When it was made.
        pub created_at: Instant = "s.created_at",
        /// When it was last used, to the minute; null before the first time.
        pub last_used_at: Option<Instant> = "nullif(s.last_seen_at, s.created_at)",
        /// When it ends by itself.
        pub expires_at: Instant = "s.expires_at",
    }
}

/// A token to be made.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApiTokenDraft {
    /// What the program is called, 1–50 characters.
    pub name: Given<String>,
    /// For how many days it is good, 1–365; 90 when left out.
    pub days: Given<i64>,
}

/// A token just made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NewApiToken {
    /// What is kept of it.
    #[serde(flatten)]
    pub record: ApiToken,
    /// The secret; it is shown this once.
    pub token: String,
}

/// What the database keeps of a bearer's token; nothing when it cannot be one. No cookie comes to the same, so neither can
/// stand for the other.
pub fn hash(bearer: &str) -> Option<String> {
    let secret = bearer.strip_prefix(PREFIX).filter(|secret| !secret.is_empty() && secret.len() <= 200)?;
    Some(format!("{PREFIX}{}", Token(secret.to_owned()).hash()))
}

/// The caller's tokens, newest first.
pub fn own(work: &mut Work) -> Result<Vec<ApiToken>> {
    let (user_id, now) = (work.actor.user_id, work.now());
    sql("select {columns} from sessions s where s.user_id = $1 and s.program <> '' and s.expires_at > $2
         order by s.created_at desc, s.id desc limit $3")
    .bind(user_id)
    .bind(now)
    .bind(MOST as i64)
    .all(work)
}

/// Makes a token for the caller, in the team he or she works in now.
pub fn create(work: &mut Work, draft: &ApiTokenDraft) -> Result<NewApiToken> {
    let draft = draft.clone();
    let mut fields = Fields::default();
    let program = draft.name.and_then(|text| name::text(&text, 50)).required("name", &mut fields);
    let days = draft.days.and_then(days).optional("days", &mut fields).unwrap_or(DAYS);
    let Some(program) = program else { return Err(Error::Invalid(fields)) };
    if own(work)?.len() == MOST {
        fields.add("name", FieldCode::TooMany { max: MOST });
    }
    fields.into_result()?;
    let token = format!("{PREFIX}{}", Token::generate()?.0);
    let hash = hash(&token).ok_or_else(|| Error::internal("a token without its prefix"))?;
    let id = sessions::begin_program(work, &hash, &program, days * DAY_MS)?;
    history::record(work, &Event::new(EventKind::ApiTokenCreated, "session", id).with("name", &program))?;
    Ok(NewApiToken { record: get(work, id)?, token })
}

/// Ends a token of the caller.
pub fn revoke(work: &mut Work, id: i64) -> Result<()> {
    let token = get(work, id)?;
    sql("delete from sessions where id = $1").bind(id).run(work)?;
    work.push(Push::Access { user_id: work.actor.user_id });
    history::record(work, &Event::new(EventKind::ApiTokenRevoked, "session", id).with("name", &token.name))
}

fn get(work: &mut Work, id: i64) -> Result<ApiToken> {
    let user_id = work.actor.user_id;
    sql("select {columns} from sessions s where s.id = $1 and s.user_id = $2 and s.program <> ''")
        .bind(id)
        .bind(user_id)
        .maybe(work)?
        .ok_or(Error::NotFound)
}

fn days(value: i64) -> Result<i64, FieldCode> {
    if (1..=MOST_DAYS).contains(&value) { Ok(value) } else { Err(FieldCode::OutOfRange { min: "1".into(), max: MOST_DAYS.to_string() }) }
}
