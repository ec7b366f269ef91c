//! `Idempotency-Key`: a create that is sent twice happens once, a deed that is sent twice corrects itself (per user, operation and key,
//! for 48 h).

use sha2::{Digest, Sha256};

use super::db::sql;
use super::http::Created;
use super::types::FieldCode;
use super::work::Work;
use crate::error::{Error, Refusal, Result};

/// How long an answer is kept, in ms.
pub const KEPT_MS: i64 = 48 * 3_600_000;

/// What makes a request the same one.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// The header's text, 1–200 visible characters.
    pub key: String,
    /// The operation: method and path pattern.
    pub operation: String,
    /// A hash of the body.
    pub hash: String,
}

impl Repeat {
    /// A key for an operation with these body bytes.
    pub fn new(key: &str, operation: &str, body: &[u8]) -> Result<Repeat> {
        if key.is_empty() || key.len() > 200 || !key.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
            return Err(Error::field("Idempotency-Key", FieldCode::Format));
        }
        Ok(Repeat { key: key.to_owned(), operation: operation.to_owned(), hash: hash(body) })
    }
}

/// The hash of a body; a JSON body counts by its content, not by its spacing or order.
fn hash(body: &[u8]) -> String {
    let digest = match serde_json::from_slice::<serde_json::Value>(body) {
        Ok(value) => Sha256::digest(value.to_string().as_bytes()),
        Err(_) => Sha256::digest(body),
    };
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was done under a key before.
struct Before {
    /// True when it was asked for with the same body.
    same: bool,
    location: String,
    body: String,
}

/// Claims the key, or tells what was done under it. A second request with the key of one that is still running waits for it, because
/// both want the same row.
fn claim(work: &mut Work, repeat: &Repeat) -> Result<Option<Before>> {
    let (user_id, now) = (work.actor.user_id, work.now());
    let claimed = sql("insert into idempotency_keys (user_id, operation, key, request_hash, created_at) values ($1, $2, $3, $4, $5)
                       on conflict (user_id, operation, key) do nothing")
    .bind(user_id)
    .bind(repeat.operation.as_str())
    .bind(repeat.key.as_str())
    .bind(repeat.hash.as_str())
    .bind(now)
    .run(work)?;
    if claimed == 1 {
        return Ok(None);
    }
    let (hash, location, body): (String, String, String) =
        sql("select request_hash, location, body from idempotency_keys where user_id = $1 and operation = $2 and key = $3")
            .bind(user_id)
            .bind(repeat.operation.as_str())
            .bind(repeat.key.as_str())
            .one(work)?;
    Ok(Some(Before { same: hash == repeat.hash, location, body }))
}

/// First statement of a create: claims the key, or answers what was answered before.
pub fn begin(work: &mut Work, repeat: &Repeat) -> Result<Option<Created>> {
    match claim(work, repeat)? {
        None => Ok(None),
        Some(Before { same: false, .. }) => Err(Error::field("Idempotency-Key", FieldCode::Duplicate)),
        Some(Before { body, .. }) if body.is_empty() => Err(Error::Refused(Refusal::AlreadyDone)),
        Some(Before { location, body, .. }) => Ok(Some(Created { location, body })),
    }
}

/// What a deed that can be corrected has to do (S30).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It comes for the first time.
    New,
    /// It was done with this very body, on this record.
    Done(i64),
    /// It was done with another body, on this record, which is to be corrected.
    Correct(i64),
}

/// First statement of a deed that is corrected when it comes again with another body.
pub fn begin_deed(work: &mut Work, repeat: &Repeat) -> Result<Deed> {
    let Some(before) = claim(work, repeat)? else { return Ok(Deed::New) };
    let id = before.body.parse().map_err(|_| Error::internal("a key without its record"))?;
    Ok(if before.same { Deed::Done(id) } else { Deed::Correct(id) })
}

/// Last statement of such a deed: keeps the record it was done on, and that it was last done with this body.
pub fn finish_deed(work: &mut Work, repeat: &Repeat, id: i64) -> Result<()> {
    let user_id = work.actor.user_id;
    sql("update idempotency_keys set status = 200, request_hash = $4, body = $5 where user_id = $1 and operation = $2 and key = $3")
        .bind(user_id)
        .bind(repeat.operation.as_str())
        .bind(repeat.key.as_str())
        .bind(repeat.hash.as_str())
        .bind(id.to_string())
        .run(work)?;
    Ok(())
}

/// Last statement of a create: keeps the answer, or only the fact when the answer holds a secret.
pub fn finish(work: &mut Work, repeat: &Repeat, created: &Created, secret: bool) -> Result<()> {
    let user_id = work.actor.user_id;
    sql("update idempotency_keys set status = 201, location = $4, body = $5 where user_id = $1 and operation = $2 and key = $3")
        .bind(user_id)
        .bind(repeat.operation.as_str())
        .bind(repeat.key.as_str())
        .bind(created.location.as_str())
        .bind(if secret { "" } else { created.body.as_str() })
        .run(work)?;
    Ok(())
}

/// What was answered with this location came to nothing: the keys are free again.
pub fn release(work: &mut Work, user_id: i64, location: &str) -> Result<()> {
    sql("delete from idempotency_keys where user_id = $1 and location = $2").bind(user_id).bind(location).run(work)?;
    Ok(())
}

/// Forgets what is older than 48 h.
pub fn forget_old(work: &mut Work) -> Result<()> {
    let before = work.now().plus_ms(-KEPT_MS);
    sql("delete from idempotency_keys where created_at < $1").bind(before).run(work)?;
    Ok(())
}
