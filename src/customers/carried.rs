//! What a customer brings along from elsewhere: an older system, or an export of this one (I46, I48).

use super::brief;
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
    /// The latest contact.
    pub last_followed_up_at: Option<Instant>,
}

/// Refuses a number that was ever given here, and moves the counter past it (S23).
pub(super) fn keep_number(work: &mut Work, number: BusinessNumber) -> Result<BusinessNumber> {
    if brief::id_of(work, &Choice::Name(number.to_string()))?.is_some() {
        return Err(Error::field("number", FieldCode::Duplicate));
    }
    numbers::pass(work, "customer", number.day(), number.position())?;
    Ok(number)
}

/// Writes the times it brings.
pub(super) fn keep_times(work: &mut Work, id: i64, carried: &Carried) -> Result<()> {
    if let Some(at) = carried.created_at {
        history::keep_absence(work, history::Kept::Customers, id)?;
        let on = at.day_in(work.zone());
        sql("-- unscoped: the customer was entered a moment ago
             update customers set created_at = $2, created_on = $3, last_contact_on = $3 where id = $1")
        .bind(id)
        .bind(at)
        .bind(on)
        .run(work)?;
    }
    if let Some(at) = carried.last_followed_up_at {
        let on = at.day_in(work.zone());
        sql("-- unscoped: the customer was entered a moment ago
             update customers set last_followed_up_at = $2, last_contact_on = $3 where id = $1")
        .bind(id)
        .bind(at)
        .bind(on)
        .run(work)?;
    }
    Ok(())
}
