//! Calendar days: 成交日期, 截止日期 and every other date that never passes through a time zone (S28, S40).

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat};

use super::{FieldCode, StringShape, travels_as_string};

/// A day of the calendar, written and stored as `YYYY-MM-DD`.
///
/// What people enter lies in 1900–2999, so that a slipped digit (0204-03-20) is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The day with these numbers, unless there is none (30 February).
    pub fn new(year: i16, month: i8, day: i8) -> Option<Day> {
        Date::new(year, month, day).ok().map(Day)
    }

    /// Reads `2024-03-20` and nothing else.
    pub fn parse(text: &str) -> Result<Day, FieldCode> {
        if text.is_empty() {
            return Err(FieldCode::Required);
        }
        match text.as_bytes() {
            [_, _, _, _, b'-', _, _, b'-', _, _] => Day::from_parts(&text[..4], &text[5..7], &text[8..]),
            _ => Err(FieldCode::InvalidDate),
        }
    }

    /// Reads what stands in an imported cell: `2024-03-20`, `2024/3/20`, `2024.3.20` or `2024年3月20日`, the year always first.
    /// A midnight behind it, as spreadsheets write, is dropped.
    pub fn parse_lenient(text: &str) -> Result<Day, FieldCode> {
        let narrow: String = text.trim().chars().map(super::name::narrow).collect();
        if narrow.is_empty() {
            return Err(FieldCode::Required);
        }
        let date = ["T00:00:00", " 00:00:00", " 0:00:00", " 00:00", " 0:00"]
            .iter()
            .find_map(|midnight| narrow.strip_suffix(midnight))
            .unwrap_or(&narrow);
        let plain = match date.strip_suffix('日') {
            Some(chinese) => chinese.replacen('年', "-", 1).replacen('月', "-", 1),
            None => date.to_owned(),
        };
        for separator in ['-', '/', '.'] {
            if let [year, month, day] = plain.split(separator).collect::<Vec<_>>()[..] {
                return Day::from_parts(year, month, day);
            }
        }
        Err(FieldCode::InvalidDate)
    }

    fn from_parts(year: &str, month: &str, day: &str) -> Result<Day, FieldCode> {
        let number = |digits: &str, most: usize| {
            let plain = (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            if plain { digits.parse::<i16>().ok() } else { None }
        };
        let parts = (number(year, 4).filter(|_| year.len() == 4), number(month, 2), number(day, 2));
        let (Some(year), Some(month), Some(day)) = parts else {
            return Err(FieldCode::InvalidDate);
        };
        let found = Day::new(year, month as i8, day as i8).ok_or(FieldCode::InvalidDate)?;
        if (1900..=2999).contains(&year) {
            Ok(found)
        } else {
            Err(FieldCode::OutOfRange { min: "1900-01-01".into(), max: "2999-12-31".into() })
        }
    }

    /// Reads a stored day; refuses what this type never writes.
    pub fn from_stored(text: &str) -> Option<Day> {
        match text.len() {
            10 => text.parse().ok().map(Day),
            _ => None,
        }
    }

    /// Refuses a day after `today` (S28: 成交日期).
    pub fn not_after(self, today: Day) -> Result<Day, FieldCode> {
        if self <= today { Ok(self) } else { Err(FieldCode::InFuture) }
    }

    /// Refuses a day before `today`.
    pub fn not_before(self, today: Day) -> Result<Day, FieldCode> {
        if self >= today { Ok(self) } else { Err(FieldCode::InPast) }
    }

    /// 20240315 for 15 March 2024: how business numbers count days.
    pub fn as_number(self) -> i64 {
        i64::from(self.0.year()) * 10_000 + i64::from(self.0.month()) * 100 + i64::from(self.0.day())
    }

    /// `count` days later, or earlier when negative; stays at the end of the calendar.
    pub fn add_days(self, count: i64) -> Day {
        Day(self.0.saturating_add(count.clamp(-4_000_000, 4_000_000).days()))
    }

    /// The same day `count` months later, or the month's last day where there is no such day (31 January + 1 = 29 February).
    pub fn add_months(self, count: i64) -> Day {
        Day(self.0.saturating_add(count.clamp(-120_000, 120_000).months()))
    }

    /// Days from here to `other`; negative when `other` is earlier.
    pub fn days_until(self, other: Day) -> i64 {
        i64::from((other.0 - self.0).get_days())
    }

    pub fn first_of_month(self) -> Day {
        Day(self.0.first_of_month())
    }

    pub fn last_of_month(self) -> Day {
        Day(self.0.last_of_month())
    }

    /// 1 January, 1 April, 1 July or 1 October.
    pub fn first_of_quarter(self) -> Day {
        self.add_months(-i64::from((self.0.month() - 1) % 3)).first_of_month()
    }

    pub fn first_of_year(self) -> Day {
        Day(self.0.first_of_year())
    }

    /// The Monday of this day's week.
    pub fn monday(self) -> Day {
        self.add_days(-i64::from(self.0.weekday().to_monday_zero_offset()))
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// 1–12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// 1–31.
    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Day {
        Day(date)
    }
}

impl From<Day> for Date {
    fn from(day: Day) -> Date {
        day.0
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

travels_as_string!(
    Day,
    StringShape {
        description: "Calendar day, free of time zones.",
        example: "2024-03-20",
        format: Some(SchemaFormat::KnownFormat(KnownFormat::Date)),
        pattern: Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    }
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    // S40
    #[test]
    fn only_existing_days_in_the_one_format_pass() {
        for good in ["2024-03-20", "2024-02-29", "2000-02-29", "1900-01-01", "2999-12-31"] {
            assert_eq!(day(good).to_string(), good);
        }
        for bad in [
            "2024/3/20",
            "2024/03/20",
            "20-03-2024",
            "2024-02-30",
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "2024-3-20",
            "20240320",
            " 2024-03-20",
            "2024-03-20 ",
            "2024-03-20T00:00:00Z",
            "2024-+3-20",
            "2024-03- 2",
            "明天",
            "２０２４-03-20",
            "2024年3月20日",
            "二〇二四-0-0",
        ] {
            assert_eq!(Day::parse(bad), Err(FieldCode::InvalidDate), "{bad}");
        }
        assert_eq!(Day::parse(""), Err(FieldCode::Required));
        assert_eq!(Day::parse("0024-03-20").unwrap_err().code(), "OUT_OF_RANGE");
        assert_eq!(Day::parse("3000-01-01").unwrap_err().code(), "OUT_OF_RANGE");
    }

    // S40
    #[test]
    fn imports_read_the_usual_ways_of_writing() {
        for good in [
            "2024-03-20",
            "2024/3/20",
            "2024/03/20",
            "2024.3.20",
            "2024-3-20",
            "2024年3月20日",
            " ２０２４／３／２０ ",
            "2024/3/20 0:00:00",
            "2024-03-20T00:00:00",
        ] {
            assert_eq!(Day::parse_lenient(good), Ok(day("2024-03-20")), "{good}");
        }
        for bad in
            ["20-03-2024", "3/20/2024", "2024-02-30", "2024/3-20", "24/3/20", "2024/3", "2024/3/20/1", "2024/3/20 14:00", "45371", "日"]
        {
            assert_eq!(Day::parse_lenient(bad), Err(FieldCode::InvalidDate), "{bad}");
        }
        assert_eq!(Day::parse_lenient("  "), Err(FieldCode::Required));
    }

    #[test]
    fn json_and_storage_keep_the_day() {
        assert_eq!(serde_json::to_string(&day("2024-03-20")).unwrap(), "\"2024-03-20\"");
        assert_eq!(serde_json::from_str::<Day>("\"2024-03-20\"").unwrap(), day("2024-03-20"));
        assert!(serde_json::from_str::<Day>("20240320").is_err());
        assert_eq!(Day::from_stored("2024-03-20"), Some(day("2024-03-20")));
        assert_eq!(Day::from_stored("2024-3-20"), None);
        assert_eq!(day("2024-03-15").as_number(), 20_240_315);
    }

    #[test]
    fn months_end_where_they_end() {
        assert_eq!(day("2024-01-31").add_months(1), day("2024-02-29"));
        assert_eq!(day("2024-03-31").add_months(-1), day("2024-02-29"));
        assert_eq!(day("2024-12-31").add_days(1), day("2025-01-01"));
        assert_eq!(day("2024-03-01").add_days(-1), day("2024-02-29"));
        assert_eq!(day("2024-02-10").last_of_month(), day("2024-02-29"));
        assert_eq!(day("2024-12-10").first_of_quarter(), day("2024-10-01"));
        assert_eq!(day("2024-03-31").first_of_quarter(), day("2024-01-01"));
        assert_eq!(day("2024-03-17").monday(), day("2024-03-11"));
        assert_eq!(day("2024-03-11").monday(), day("2024-03-11"));
        assert_eq!(day("2024-02-28").days_until(day("2024-03-01")), 2);
        assert_eq!(day("2024-03-01").days_until(day("2023-03-01")), -366);
    }

    #[test]
    fn the_past_and_the_future_are_told_apart() {
        // S28
        let today = day("2024-03-20");
        assert_eq!(today.not_after(today), Ok(today));
        assert_eq!(today.add_days(1).not_after(today), Err(FieldCode::InFuture));
        assert_eq!(today.add_days(-1).not_before(today), Err(FieldCode::InPast));
    }

    proptest! {
        #[test]
        fn adding_and_counting_agree(start in 0..400_000i64, span in -400_000..400_000i64) {
            let first = day("1900-01-01").add_days(start);
            prop_assert_eq!(first.days_until(first.add_days(span)), span);
            prop_assert_eq!(Day::from_stored(&first.to_string()), Some(first));
        }

        #[test]
        fn no_text_upsets_the_reader(text in "\\PC{0,14}") {
            let _ = Day::parse(&text);
            let _ = Day::parse_lenient(&text);
        }
    }
}
