//! Days off and days made up for (法定节假日与调休), kept year by year, and the working days that follow from them (I8).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Fields, Result};
use crate::history::{self, Event, model::EventKind};
use crate::platform::db::sql;
use crate::platform::draft::Given;
use crate::platform::types::{Day, FieldCode, name};
use crate::platform::work::Work;
use crate::{row, words};

/// Days of one year that can be marked.
const MOST_DAYS: usize = 200;
/// Working days counted ahead at most.
const MOST_WORKDAYS: i64 = 250;

words! {
    /// What an official day is.
    pub enum HolidayKind {
        /// 休: nobody works, whatever day of the week it is.
        Holiday = "holiday",
        /// 班: a Saturday or Sunday on which people work.
        Workday = "workday",
    }
}

row! {
    /// A day on which the week does not say whether people work.
    #[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
    pub struct Holiday {
        /// The day.
        pub day: Day,
        /// `holiday` (休) or `workday` (班).
        #[schema(value_type = String)]
        pub kind: HolidayKind,
        /// The feast it belongs to.
        pub name: String,
    }
}

/// A day to be marked.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HolidayDraft {
    /// The day, within the year.
    pub day: Given<Day>,
    /// `holiday` or `workday`.
    #[schema(value_type = Option<String>)]
    pub kind: Given<HolidayKind>,
    /// The feast, 1–20 characters.
    pub name: Given<String>,
}

/// All the marked days of a year, in place of those there were.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HolidayYear {
    /// The days, at most 200.
    pub days: Option<Vec<HolidayDraft>>,
}

/// The marked days of a year, in order.
pub fn of_year(work: &mut Work, year: i64) -> Result<Vec<Holiday>> {
    let (first, last) = bounds(year)?;
    between(work, first, last)
}

/// The marked days from one day to another, both included; of two years at most.
pub fn between(work: &mut Work, from: Day, to: Day) -> Result<Vec<Holiday>> {
    sql("select {columns} from holidays where day >= $1 and day <= $2 order by day limit 800").bind(from).bind(to).all(work)
}

/// Puts other days in the place of those of a year.
pub fn set_year(work: &mut Work, year: i64, draft: &HolidayYear) -> Result<Vec<Holiday>> {
    let (first, last) = bounds(year)?;
    let mut fields = Fields::default();
    let Some(wanted_days) = &draft.days else { return Err(Error::field("days", FieldCode::Required)) };
    if wanted_days.len() > MOST_DAYS {
        return Err(Error::field("days", FieldCode::TooMany { max: MOST_DAYS }));
    }
    let mut days: Vec<Holiday> = Vec::new();
    for (index, wanted) in wanted_days.iter().enumerate() {
        let within = |day: Day| {
            if (first..=last).contains(&day) {
                Ok(day)
            } else {
                Err(FieldCode::OutOfRange { min: first.to_string(), max: last.to_string() })
            }
        };
        let place = format!("days[{index}].day");
        let day = wanted.day.clone().and_then(within).required(&place, &mut fields);
        let kind = wanted.kind.clone().required(&format!("days[{index}].kind"), &mut fields);
        let name = wanted.name.clone().and_then(|text| name::text(&text, 20)).required(&format!("days[{index}].name"), &mut fields);
        if let (Some(day), Some(kind), Some(name)) = (day, kind, name) {
            if days.iter().any(|other| other.day == day) {
                fields.add(&place, FieldCode::Duplicate);
            }
            days.push(Holiday { day, kind, name });
        }
    }
    fields.into_result()?;
    sql("delete from holidays where day >= $1 and day <= $2").bind(first).bind(last).run(work)?;
    for day in &days {
        sql("insert into holidays (day, kind, name) values ($1, $2, $3)").bind(day.day).bind(day.kind).bind(day.name.as_str()).run(work)?;
    }
    history::record(work, &Event::new(EventKind::SettingChanged, "holidays", year).with("name", year))?;
    of_year(work, year)
}

fn bounds(year: i64) -> Result<(Day, Day)> {
    let day = |month, day| i16::try_from(year).ok().filter(|year| (1900..=2999).contains(year)).and_then(|year| Day::new(year, month, day));
    match (day(1, 1), day(12, 31)) {
        (Some(first), Some(last)) => Ok((first, last)),
        _ => Err(Error::field("year", FieldCode::OutOfRange { min: "1900".into(), max: "2999".into() })),
    }
}

/// True when people work on this day: what is marked wins over the day of the week.
pub fn is_workday(day: Day, marked: &[Holiday]) -> bool {
    match marked.iter().find(|one| one.day == day) {
        Some(one) => one.kind == HolidayKind::Workday,
        None => day.monday().days_until(day) < 5,
    }
}

/// Whether people work on this day.
pub fn is_working_day(work: &mut Work, day: Day) -> Result<bool> {
    Ok(is_workday(day, &between(work, day, day)?))
}

/// The day that is so many working days after `from`; the next working day for 1, and for 0 `from` itself, or the next working day
/// when it is none.
pub fn workdays_after(work: &mut Work, from: Day, count: i64) -> Result<Day> {
    let marked = between(work, from, from.add_days(730))?;
    Ok(counted(from, count, &marked))
}

fn counted(from: Day, count: i64, marked: &[Holiday]) -> Day {
    let (mut day, mut left) = (from, count.clamp(0, MOST_WORKDAYS));
    while left > 0 || !is_workday(day, marked) {
        day = day.add_days(1);
        if left > 0 && is_workday(day, marked) {
            left -= 1;
        }
        // A year without a single working day cannot be meant; the calendar's end is far.
        if from.days_until(day) > 730 {
            break;
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn marked(all: &[(&str, HolidayKind)]) -> Vec<Holiday> {
        all.iter().map(|(text, kind)| Holiday { day: day(text), kind: *kind, name: "清明节".into() }).collect()
    }

    // I8: 清明 2024: 4–6 April off, Sunday 7 April worked.
    #[test]
    fn working_days_leap_over_feasts_and_count_days_made_up_for() {
        use HolidayKind::{Holiday, Workday};
        let feast = marked(&[("2024-04-04", Holiday), ("2024-04-05", Holiday), ("2024-04-06", Holiday), ("2024-04-07", Workday)]);
        assert_eq!(counted(day("2024-04-03"), 1, &feast), day("2024-04-07"));
        assert_eq!(counted(day("2024-04-03"), 2, &feast), day("2024-04-08"));
        assert_eq!(counted(day("2024-04-04"), 0, &feast), day("2024-04-07"));
        assert_eq!(counted(day("2024-03-15"), 1, &[]), day("2024-03-18"));
        assert_eq!(counted(day("2024-03-18"), 0, &[]), day("2024-03-18"));
        assert_eq!(counted(day("2024-03-18"), 5, &[]), day("2024-03-25"));
    }
}
