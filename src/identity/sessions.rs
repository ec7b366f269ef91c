//! Sessions: a random token in a cookie, its hash in the database, everything about its owner read anew at each request. The
//! tokens that people give to programs ([`super::api_tokens`]) are sessions without the end for idleness.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::actions::Role;
use super::scope;
use crate::error::{Error, Result};
use crate::platform::db::{Cells, FromRow, Tx, sql};
use crate::platform::types::{Instant, Lang};
use crate::platform::work::{Actor, Door, Reach, Work};
use crate::row;

/// A session ends after so long without a request, in ms.
const IDLE_MS: i64 = 30 * 60_000;
/// A session ends so long after log-in whatever happens, in ms.
const LIFE_MS: i64 = 12 * 3_600_000;
/// The last use is written down at most this often, in ms.
const TOUCH_MS: i64 = 60_000;
/// Older sessions of a person end when there are more.
const PER_PERSON: i64 = 5;

/// A secret that travels in a cookie or in an address; 256 random bits.
#[derive(Debug, Clone)]
pub struct Token(pub String);

impl Token {
    /// A new one.
    pub fn generate() -> Result<Token> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
        Ok(Token(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// What the database keeps of it.
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

row! {
    /// A live session as the database has it.
    #[derive(Debug, Clone)]
    pub struct Session {
        /// Its id.
        pub id: i64 = "s.id",
        /// The person.
        pub user_id: i64 = "s.user_id",
        /// The team chosen at log-in; none when it has been removed.
        pub team_id: Option<i64> = "s.team_id",
        /// True for a program's token.
        pub is_program: bool = "s.program <> ''",
        last_seen_at: Instant = "s.last_seen_at",
        expires_at: Instant = "s.expires_at",
        role: Role = "u.role",
        active: bool = "u.status = 'active'",
        /// True until a new password has been set (S12).
        pub must_change_password: bool = "u.must_change_password",
        memberships: Memberships = "m.team_id",
    }
}

/// The teams of a person, read as one row each beside whatever else the row says.
#[derive(Debug, Clone)]
struct Memberships(Vec<i64>);

impl FromRow for Memberships {
    fn from_row(cells: &mut Cells<'_>) -> Result<Memberships> {
        Ok(Memberships(Option::<i64>::from_row(cells)?.into_iter().collect()))
    }
}

impl Session {
    /// True when the use of the session should be written down.
    pub fn needs_touch(&self, now: Instant) -> bool {
        now.ms_since(self.last_seen_at) >= TOUCH_MS
    }

    /// Who acts in this session, with rights and reach as they are now.
    pub fn actor(&self, tx: &mut Tx) -> Result<Actor> {
        let mut actor = actor_of(tx, self.user_id, self.role, self.memberships.0.clone())?;
        actor.team_id = self.team_id.filter(|id| actor.team_ids.contains(id));
        Ok(actor)
    }
}

fn actor_of(tx: &mut Tx, user_id: i64, role: Role, team_ids: Vec<i64>) -> Result<Actor> {
    let reach = match role.scope_word() {
        "all" => Reach::All,
        "team" => Reach::Teams(scope::teams_below(tx, user_id)?),
        _ => Reach::Own,
    };
    Ok(Actor {
        user_id,
        cause: "",
        team_id: team_ids.first().copied(),
        team_ids,
        reach,
        permissions: role.permissions(),
        door: Door::Api,
        lang: Lang::Zh,
    })
}

/// Looks at something with another person's eyes; `None` when there is no such active person.
pub fn as_person<T>(work: &mut Work, user_id: i64, look: impl FnOnce(&mut Work) -> Result<T>) -> Result<Option<T>> {
    let role: Option<Role> = sql("select role from users where id = $1 and status = 'active'").bind(user_id).maybe(work)?;
    let Some(role) = role else { return Ok(None) };
    let team_ids: Vec<i64> = sql("select team_id from team_members where user_id = $1 order by team_id").bind(user_id).all(work)?;
    let other = actor_of(work, user_id, role, team_ids)?;
    let me = std::mem::replace(&mut work.actor, other);
    let seen = look(work);
    work.actor = me;
    seen.map(Some)
}

/// Finds the live session of a token.
pub fn find(tx: &mut Tx, token_hash: &str, now: Instant) -> Result<Session> {
    let rows: Vec<Session> = sql("select {columns} from sessions s join users u on u.id = s.user_id
         left join team_members m on m.user_id = s.user_id where s.token_hash = $1 order by m.team_id")
    .bind(token_hash)
    .all(tx)?;
    rows.into_iter()
        .reduce(|mut session, row| {
            session.memberships.0.extend(row.memberships.0);
            session
        })
        .filter(|session| {
            session.active && now < session.expires_at && (session.is_program || now.ms_since(session.last_seen_at) < IDLE_MS)
        })
        .ok_or(Error::Unauthenticated)
}

/// Begins a session; the oldest ones of the person make room for it.
pub fn begin(work: &mut Work, token: &Token, user_id: i64, team_id: i64, device: &str) -> Result<()> {
    let now = work.now();
    sql("delete from sessions where user_id = $1 and program = '' and id not in
         (select id from sessions where user_id = $1 and program = '' order by created_at desc, id desc limit $2)")
    .bind(user_id)
    .bind(PER_PERSON - 1)
    .run(work)?;
    sql("insert into sessions (token_hash, user_id, team_id, device, created_at, last_seen_at, expires_at) values ($1, $2, $3, $4, $5, $5, $6)")
        .bind(token.hash())
        .bind(user_id)
        .bind(team_id)
        .bind(device.chars().take(200).collect::<String>())
        .bind(now)
        .bind(now.plus_ms(LIFE_MS))
        .run(work)?;
    Ok(())
}

/// Lets a program act for the caller for so long, in ms; answers the session's id.
pub fn begin_program(work: &mut Work, token_hash: &str, program: &str, life_ms: i64) -> Result<i64> {
    let (now, user_id, team_id) = (work.now(), work.actor.user_id, work.actor.team_id);
    sql("insert into sessions (token_hash, user_id, team_id, program, created_at, last_seen_at, expires_at) values ($1, $2, $3, $4, $5, $5, $6)
         returning id")
    .bind(token_hash)
    .bind(user_id)
    .bind(team_id)
    .bind(program)
    .bind(now)
    .bind(now.plus_ms(life_ms))
    .one(work)
}

/// Writes down that the session was used.
pub fn touch(work: &mut Work, session_id: i64) -> Result<()> {
    let now = work.now();
    sql("update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2").bind(session_id).bind(now).run(work)?;
    Ok(())
}

/// Ends one session.
pub fn end(work: &mut Work, token_hash: &str) -> Result<()> {
    sql("delete from sessions where token_hash = $1").bind(token_hash).run(work)?;
    Ok(())
}

/// Ends all sessions of a person, those of programs too, but for one that stays.
pub fn end_all(work: &mut Work, user_id: i64, stays: Option<i64>) -> Result<()> {
    sql("delete from sessions where user_id = $1 and id <> $2").bind(user_id).bind(stays.unwrap_or(0)).run(work)?;
    work.push(crate::platform::live::Push::Access { user_id });
    Ok(())
}

/// Ends what has expired.
pub fn forget_old(work: &mut Work) -> Result<()> {
    let now = work.now();
    sql("delete from sessions where expires_at < $1 or (program = '' and last_seen_at < $2)")
        .bind(now)
        .bind(now.plus_ms(-IDLE_MS))
        .run(work)?;
    Ok(())
}

/// Carries live sessions over a jump of the demonstration's clock.
pub fn carry_over(work: &mut Work, by_ms: i64) -> Result<()> {
    sql("update sessions set last_seen_at = last_seen_at + $1, expires_at = expires_at + $1 where program = ''").bind(by_ms).run(work)?;
    Ok(())
}
