//! Quiet hours (免打扰): messages wait for their end, none is dropped (I13).

use jiff::civil::Time;

use crate::platform::types::{BusinessZone, FieldCode, Instant};

/// From one wall time to another; past midnight when the second is the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// Minutes after midnight.
    from: i16,
    to: i16,
}

impl Quiet {
    /// Reads `22:00` and `08:00`; two equal times are no quiet hours.
    pub fn new(from: &str, to: &str) -> Option<Quiet> {
        let (from, to) = (minutes(from)?, minutes(to)?);
        (from != to).then_some(Quiet { from, to })
    }

    /// When they end, if it is quiet at this moment.
    pub fn until(self, now: Instant, zone: &BusinessZone) -> Option<Instant> {
        let (day, time) = zone.wall(now);
        let shown = i16::from(time.hour()) * 60 + i16::from(time.minute());
        let over_midnight = self.from > self.to;
        let is_quiet = if over_midnight { shown >= self.from || shown < self.to } else { (self.from..self.to).contains(&shown) };
        if !is_quiet {
            return None;
        }
        let day = if over_midnight && shown >= self.from { day.add_days(1) } else { day };
        Some(zone.instant_at(day, wall(self.to)))
    }
}

fn wall(minutes: i16) -> Time {
    Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).unwrap_or(Time::midnight())
}

fn minutes(text: &str) -> Option<i16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (i16, i16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// A wall time such as `22:00`.
pub fn time_of_day(text: String) -> Result<String, FieldCode> {
    let text = text.trim();
    match minutes(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err(FieldCode::Rule { code: "TIME_OF_DAY", zh: "请填写时间，例如 22:00", en: "Enter a time such as 22:00" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(from: &str, to: &str, now: &str) -> Option<String> {
        let now = Instant::parse(now).unwrap();
        Quiet::new(from, to).unwrap().until(now, &BusinessZone::default()).map(|end| end.to_string())
    }

    // I13
    #[test]
    fn the_night_reaches_over_midnight() {
        assert_eq!(ends("22:00", "08:00", "2024-03-19T21:59:59+08:00"), None);
        assert_eq!(ends("22:00", "08:00", "2024-03-19T22:00:00+08:00").unwrap(), "2024-03-20T00:00:00Z");
        assert_eq!(ends("22:00", "08:00", "2024-03-20T00:00:00+08:00").unwrap(), "2024-03-20T00:00:00Z");
        assert_eq!(ends("22:00", "08:00", "2024-03-20T07:59:59+08:00").unwrap(), "2024-03-20T00:00:00Z");
        assert_eq!(ends("22:00", "08:00", "2024-03-20T08:00:00+08:00"), None);
    }

    #[test]
    fn the_lunch_hour_lies_within_a_day() {
        assert_eq!(ends("12:00", "13:30", "2024-03-20T12:10:00+08:00").unwrap(), "2024-03-20T05:30:00Z");
        assert_eq!(ends("12:00", "13:30", "2024-03-20T13:30:00+08:00"), None);
        assert_eq!(ends("12:00", "13:30", "2024-03-20T11:59:00+08:00"), None);
    }

    #[test]
    fn what_is_no_time_is_no_quiet() {
        for (from, to) in [("22:00", "22:00"), ("", ""), ("24:00", "08:00"), ("9:00", "10:00"), ("22:60", "08:00"), ("+2:00", "08:00")] {
            assert_eq!(Quiet::new(from, to), None, "{from} {to}");
        }
    }
}
