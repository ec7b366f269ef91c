//! Business numbers: one row per kind and day counts them (S23, S24).

use super::db::sql;
use super::types::Day;
use super::work::Work;
use crate::error::Result;

/// Takes the next number of the day, from 1. Call it after every check and right before the insert: a refused save takes none,
/// because the count is rolled back with it.
pub fn take(work: &mut Work, kind: &'static str, day: Day) -> Result<i64> {
    take_for(work, kind, day)
}

/// Moves a day's counter past a number that was given elsewhere, so that it is never given again.
pub fn pass(work: &mut Work, kind: &'static str, day: Day, position: i64) -> Result<()> {
    sql("insert into numbers (kind, on_day, last) values ($1, $2, $3)
         on conflict (kind, on_day) do update set last = case when numbers.last < $3 then $3 else numbers.last end")
    .bind(kind)
    .bind(day)
    .bind(position)
    .run(work)?;
    Ok(())
}

/// The same as [`take`] for counters whose name is made at run time, such as one per person.
pub fn take_for(work: &mut Work, kind: &str, day: Day) -> Result<i64> {
    sql("insert into numbers (kind, on_day, last) values ($1, $2, 1)
         on conflict (kind, on_day) do update set last = numbers.last + 1 returning last")
    .bind(kind)
    .bind(day)
    .one(work)
}
