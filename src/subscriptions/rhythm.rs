//! When a subscription is sent: weekly on a weekday or monthly on a day, at a time of the business day (I31).

use crate::platform::types::{BusinessZone, Day, FieldCode, Instant};
use crate::words;

words! {
    /// How often.
    pub enum Rhythm {
        /// 每周
        Weekly = "weekly",
        /// 每月
        Monthly = "monthly",
    }
}

/// A rhythm with its day and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    /// How often.
    pub rhythm: Rhythm,
    /// Weekly: 1 (Monday) to 7. Monthly: 1 to 31; shorter months take their last day.
    pub on_day: i64,
    /// Minutes since midnight of the business clock.
    pub at_minute: i64,
}

impl Hour {
    /// The moment within the week or month that a day lies in.
    fn within(self, day: Day, zone: &BusinessZone) -> Instant {
        let day = match self.rhythm {
            Rhythm::Weekly => day.monday().add_days(self.on_day - 1),
            Rhythm::Monthly => {
                let last = day.last_of_month();
                day.first_of_month().add_days(self.on_day.min(i64::from(last.day_of_month())) - 1)
            }
        };
        Instant::at(day, (self.at_minute / 60) as i8, (self.at_minute % 60) as i8, zone)
    }

    /// The next moment after another one.
    pub fn after(self, now: Instant, zone: &BusinessZone) -> Instant {
        let today = now.day_in(zone);
        let this = self.within(today, zone);
        if this > now {
            return this;
        }
        let next = match self.rhythm {
            Rhythm::Weekly => today.add_days(7),
            Rhythm::Monthly => today.first_of_month().add_months(1),
        };
        self.within(next, zone)
    }

    /// The week or month of a moment, for which one thing is sent, whenever in it that is.
    pub fn period(self, due: Instant, zone: &BusinessZone) -> String {
        let day = due.day_in(zone);
        match self.rhythm {
            Rhythm::Weekly => format!("week {}", day.monday()),
            Rhythm::Monthly => format!("month {}", day.first_of_month()),
        }
    }

    /// `08:30`.
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.at_minute / 60, self.at_minute % 60)
    }
}

/// Minutes since midnight of `08:30`.
pub fn minute(text: &str) -> Result<i64, FieldCode> {
    let number = |text: &str| text.parse::<i64>().ok().filter(|_| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()));
    match text.trim().split_once(':').map(|(hour, minute)| (number(hour), number(minute))) {
        Some((Some(hour @ 0..=23), Some(minute @ 0..=59))) => Ok(hour * 60 + minute),
        _ => Err(FieldCode::InvalidTime),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(hour: Hour, now: &str) -> String {
        let zone = BusinessZone::parse("Asia/Shanghai").unwrap();
        hour.after(Instant::parse(now).unwrap(), &zone).timestamp().to_string()
    }

    // I31: on its day at its minute, over the ends of weeks, months and years; not twice in the same minute.
    #[test]
    fn the_next_hour_is_found() {
        let monday = Hour { rhythm: Rhythm::Weekly, on_day: 1, at_minute: 510 };
        assert_eq!(next(monday, "2024-03-18T08:29:59+08:00"), "2024-03-18T00:30:00Z");
        assert_eq!(next(monday, "2024-03-18T08:30:00+08:00"), "2024-03-25T00:30:00Z");
        let sunday = Hour { on_day: 7, ..monday };
        assert_eq!(next(sunday, "2023-12-31T23:00:00+08:00"), "2024-01-07T00:30:00Z");
        let last = Hour { rhythm: Rhythm::Monthly, on_day: 31, at_minute: 0 };
        assert_eq!(next(last, "2024-01-31T00:00:00+08:00"), "2024-02-28T16:00:00Z");
        assert_eq!(next(last, "2024-02-29T00:00:01+08:00"), "2024-03-30T16:00:00Z");
        let first = Hour { on_day: 1, at_minute: 1_439, ..last };
        assert_eq!(next(first, "2024-12-01T23:59:00+08:00"), "2025-01-01T15:59:00Z");
    }

    #[test]
    fn a_time_is_hours_and_minutes() {
        assert_eq!(minute("08:30"), Ok(510));
        assert_eq!(minute("23:59"), Ok(1_439));
        for wrong in ["24:00", "08:60", "8:30", "0830", "", "-1:00", "+8:30"] {
            assert_eq!(minute(wrong), Err(FieldCode::InvalidTime), "{wrong}");
        }
    }
}
