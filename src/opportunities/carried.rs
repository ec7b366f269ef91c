//! What an opportunity brings along from elsewhere: an older system, or an export of this one (I46, I48).

use super::{brief, reached};
use crate::error::{Error, Result};
use crate::history;
use crate::platform::db::sql;
use crate::platform::draft::Choice;
use crate::platform::numbers;
use crate::platform::types::{BusinessNumber, FieldCode, Instant};
use crate::platform::work::Work;

/// Number, team and times that are not made now.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    /// Its number, kept.
    pub number: Option<BusinessNumber>,
    /// The owner's team it belongs to.
    pub team_id: Option<i64>,
    /// When it was entered first.
    pub created_at: Option<Instant>,
}

/// Refuses a number that was ever given here, and moves the counter past it (S36).
pub(super) fn keep_number(work: &mut Work, number: BusinessNumber) -> Result<BusinessNumber> {
    if brief::id_of(work, &Choice::Name(number.to_string()))?.is_some() {
        return Err(Error::field("number", FieldCode::Duplicate));
    }
    numbers::pass(work, "opportunity", number.day(), number.position())?;
    Ok(number)
}

/// Writes when it was entered; it stood at its first stage since then.
pub(super) fn keep_creation(work: &mut Work, id: i64, carried: &Carried) -> Result<()> {
    let Some(at) = carried.created_at else { return Ok(()) };
    history::keep_absence(work, history::Kept::Opportunities, id)?;
    sql("-- unscoped: the opportunity was entered a moment ago
         update opportunities set created_at = $2, entered_stage_at = $2 where id = $1")
    .bind(id)
    .bind(at)
    .run(work)?;
    sql("update stage_changes set at = $2 where opportunity_id = $1").bind(id).bind(at).run(work)?;
    reached::keep(work, id)
}

/// Since when it stands at the stage it was brought in at; the log says so, too.
pub fn keep_stage_entry(work: &mut Work, id: i64, at: Instant) -> Result<()> {
    sql("-- unscoped: the opportunity was entered a moment ago
         update opportunities set entered_stage_at = $2 where id = $1")
    .bind(id)
    .bind(at)
    .run(work)?;
    let log: Vec<(i64, Instant)> =
        sql("select id, at from stage_changes where opportunity_id = $1 order by id desc limit 2").bind(id).all(work)?;
    let Some((last, _)) = log.first() else { return Ok(()) };
    let stayed = log.get(1).map(|(_, before)| at.ms_since(*before).max(0) / 1_000);
    sql("update stage_changes set at = $2, seconds_in_previous = $3 where id = $1").bind(*last).bind(at).bind(stayed).run(work)?;
    reached::keep(work, id)
}
