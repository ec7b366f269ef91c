//! How long a stay is: in all its hours, or in those of working days alone (I26).

use std::collections::HashMap;

use super::model::Hours;
use crate::error::Result;
use crate::platform::types::{BusinessZone, Day, Instant};
use crate::platform::work::Work;
use crate::settings::holidays::{self, Holiday, is_workday};

/// A measure of stays that began on or after a day.
pub enum Measure {
    /// Every hour counts.
    Calendar,
    /// The hours of working days count, each day with all of its hours.
    Working(Workdays),
}

/// The working days of a stretch of time, added up.
pub struct Workdays {
    zone: BusinessZone,
    first: Day,
    /// Whether it is worked on, and the milliseconds of working days before it, day by day.
    days: Vec<(bool, i64)>,
}

impl Workdays {
    /// The days from `first` up to `last`.
    pub fn new(zone: BusinessZone, first: Day, last: Day, marked: &[Holiday]) -> Workdays {
        let mut by_year: HashMap<i16, Vec<Holiday>> = HashMap::new();
        for one in marked {
            by_year.entry(one.day.year()).or_default().push(one.clone());
        }
        let (mut days, mut before) = (Vec::new(), 0);
        let mut start = Instant::start_of(first, &zone);
        for number in 0..=first.days_until(last).max(0) {
            let day = first.add_days(number);
            let end = Instant::start_of(day.add_days(1), &zone);
            let worked = is_workday(day, by_year.get(&day.year()).map_or(&[], Vec::as_slice));
            days.push((worked, before));
            if worked {
                before += end.ms_since(start);
            }
            start = end;
        }
        Workdays { zone, first, days }
    }

    /// Working milliseconds from the first day up to a moment.
    fn until(&self, at: Instant) -> i64 {
        let day = at.day_in(&self.zone);
        let number = self.first.days_until(day);
        let Some((worked, before)) = usize::try_from(number).ok().and_then(|number| self.days.get(number)) else { return 0 };
        before + if *worked { at.ms_since(Instant::start_of(day, &self.zone)) } else { 0 }
    }
}

impl Measure {
    /// The measure asked for, for stays between two moments.
    pub fn of(work: &mut Work, hours: Hours, since: Instant, until: Instant) -> Result<Measure> {
        if hours == Hours::Calendar {
            return Ok(Measure::Calendar);
        }
        let zone = work.zone().clone();
        let (first, last) = (since.day_in(&zone), until.day_in(&zone));
        let mut marked = Vec::new();
        for year in first.year()..=last.year() {
            marked.extend(holidays::of_year(work, i64::from(year))?);
        }
        Ok(Measure::Working(Workdays::new(zone, first, last, &marked)))
    }

    /// The seconds of a stay that count.
    pub fn seconds(&self, from: Instant, to: Instant) -> i64 {
        match self {
            Measure::Calendar => to.ms_since(from).max(0) / 1_000,
            Measure::Working(days) => (days.until(to) - days.until(from)).max(0) / 1_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::holidays::HolidayKind;

    // I26: 清明 2024: 4–6 April off, Sunday 7 April worked.
    #[test]
    fn days_off_do_not_count_and_days_made_up_for_do() {
        let day = |text| Day::parse(text).unwrap();
        let at = |text| Instant::parse(text).unwrap();
        let off = |text, kind| Holiday { day: day(text), kind, name: "清明节".into() };
        let marked = [
            off("2024-04-04", HolidayKind::Holiday),
            off("2024-04-05", HolidayKind::Holiday),
            off("2024-04-06", HolidayKind::Holiday),
            off("2024-04-07", HolidayKind::Workday),
        ];
        let measure = Measure::Working(Workdays::new(BusinessZone::default(), day("2024-04-01"), day("2024-04-30"), &marked));
        let hours = |from, to| measure.seconds(at(from), at(to)) / 3_600;
        assert_eq!(hours("2024-04-03T18:00:00+08:00", "2024-04-08T06:00:00+08:00"), 6 + 24 + 6);
        assert_eq!(hours("2024-04-04T18:00:00+08:00", "2024-04-06T06:00:00+08:00"), 0);
        assert_eq!(hours("2024-04-12T12:00:00+08:00", "2024-04-15T12:00:00+08:00"), 24);
        assert_eq!(Measure::Calendar.seconds(at("2024-04-12T12:00:00+08:00"), at("2024-04-15T12:00:00+08:00")), 3 * 86_400);
    }
}
