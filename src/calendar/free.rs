//! When several people are free at once (I11): the gaps between their plans in the working hours of working days.

use serde::Serialize;
use utoipa::ToSchema;

use super::store;
use crate::error::{Error, Result};
use crate::platform::types::{Day, Instant};
use crate::platform::work::Work;
use crate::settings::holidays;

/// Working hours.
const OPENS: i8 = 9;
const CLOSES: i8 = 18;
/// Gaps begin on the quarter of an hour.
const STEP_MS: i64 = 15 * 60_000;
/// Gaps an answer holds.
const MOST: usize = 200;

/// A time at which everybody asked about is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FreeSlot {
    /// The business day.
    pub date: Day,
    /// Its first moment.
    pub starts_at: Instant,
    /// Its last.
    pub ends_at: Instant,
}

/// The times at which everybody asked about is free.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FreeSlots {
    /// In order; each is as long as it can be and at least as long as asked for.
    pub slots: Vec<FreeSlot>,
    /// True when there were more than 200.
    pub is_capped: bool,
}

/// Finds the times from now on at which all these people are free for so many minutes.
pub fn find(work: &mut Work, people: &[i64], from: Day, to: Day, minutes: i64) -> Result<FreeSlots> {
    if !store::may_look_at(work, people)? {
        return Err(Error::NotFound);
    }
    let from = from.max(work.today());
    let (begin, end) = (Instant::start_of(from, work.zone()), Instant::end_of(to, work.zone()));
    let busy: Vec<(i64, i64)> = store::busy(work, people, begin, end)?.into_iter().map(|(starts, ends)| (starts.ms(), ends.ms())).collect();
    let now = work.now().ms();
    let mut slots = Vec::new();
    let mut date = from;
    let marked = holidays::between(work, from, to)?;
    while date <= to && slots.len() <= MOST {
        if holidays::is_workday(date, &marked) {
            let open = (Instant::at(date, OPENS, 0, work.zone()).ms(), Instant::at(date, CLOSES, 0, work.zone()).ms());
            let open = (open.0.max(now), open.1);
            let gaps = gaps(&busy, open, minutes * 60_000);
            slots.extend(gaps.into_iter().map(|(starts, ends)| FreeSlot {
                date,
                starts_at: Instant::from_ms(starts),
                ends_at: Instant::from_ms(ends),
            }));
        }
        date = date.add_days(1);
    }
    let is_capped = slots.len() > MOST;
    slots.truncate(MOST);
    Ok(FreeSlots { slots, is_capped })
}

/// What is left of the open hours between busy times, which are in the order of their start; gaps of at least `least` ms, beginning on
/// the quarter of an hour.
fn gaps(busy: &[(i64, i64)], (opens, closes): (i64, i64), least: i64) -> Vec<(i64, i64)> {
    let mut found = Vec::new();
    let mut free = opens;
    let mut keep = |from: i64, to: i64| {
        let from = from.div_euclid(STEP_MS) * STEP_MS + if from.rem_euclid(STEP_MS) == 0 { 0 } else { STEP_MS };
        if to - from >= least {
            found.push((from, to));
        }
    };
    for (starts, ends) in busy.iter().filter(|(starts, ends)| *ends > opens && *starts < closes) {
        keep(free, *starts);
        free = free.max(*ends);
    }
    keep(free, closes);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUARTER: i64 = STEP_MS;

    #[test]
    fn gaps_lie_between_what_is_busy() {
        let busy = [(-4 * QUARTER, QUARTER), (4 * QUARTER, 6 * QUARTER), (5 * QUARTER, 8 * QUARTER), (8 * QUARTER, 9 * QUARTER)];
        assert_eq!(gaps(&busy, (0, 12 * QUARTER), 3 * QUARTER), [(QUARTER, 4 * QUARTER), (9 * QUARTER, 12 * QUARTER)]);
        assert_eq!(gaps(&busy, (0, 12 * QUARTER), 4 * QUARTER), []);
        assert_eq!(gaps(&[], (0, 12 * QUARTER), 12 * QUARTER), [(0, 12 * QUARTER)]);
    }

    #[test]
    fn a_gap_begins_on_the_quarter() {
        assert_eq!(gaps(&[(0, 1)], (0, 4 * QUARTER), QUARTER), [(QUARTER, 4 * QUARTER)]);
        assert_eq!(gaps(&[], (4 * QUARTER, QUARTER), QUARTER), []);
    }
}
