//! Points in time (`*_at`): stored as milliseconds UTC, written as RFC 3339.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Time;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat};

use super::{BusinessZone, Day, FieldCode, StringShape, travels_as_string};

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The moment `ms` milliseconds after 1970 began in UTC, as stored.
    pub const fn from_ms(ms: i64) -> Instant {
        Instant(ms)
    }

    /// Milliseconds since 1970 began in UTC, for storing.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 with any offset (`2024-03-20T14:00:00+08:00`). Without an offset it is refused, because nobody could say
    /// which moment is meant; fractions below a millisecond are dropped. Years 1900–2999.
    pub fn parse(text: &str) -> Result<Instant, FieldCode> {
        if text.is_empty() {
            return Err(FieldCode::Required);
        }
        if !is_rfc_3339(text.as_bytes()) {
            return Err(FieldCode::InvalidTime);
        }
        let timestamp: Timestamp = text.parse().map_err(|_| FieldCode::InvalidTime)?;
        let instant = Instant::from(timestamp);
        // 1900-01-01T00:00:00Z and 3000-01-01T00:00:00Z
        if (-2_208_988_800_000..32_503_680_000_000).contains(&instant.0) {
            Ok(instant)
        } else {
            Err(FieldCode::OutOfRange { min: "1900-01-01".into(), max: "2999-12-31".into() })
        }
    }

    /// The day this moment falls on in `zone`.
    pub fn day_in(self, zone: &BusinessZone) -> Day {
        zone.wall(self).0
    }

    /// The moment the clocks of `zone` show `hour`:`minute` on `day`; hours and minutes beyond the dial stop at its end.
    pub fn at(day: Day, hour: i8, minute: i8, zone: &BusinessZone) -> Instant {
        zone.instant_at(day, jiff::civil::time(hour.clamp(0, 23), minute.clamp(0, 59), 0, 0))
    }

    /// The first moment of `day` in `zone`.
    pub fn start_of(day: Day, zone: &BusinessZone) -> Instant {
        zone.instant_at(day, Time::midnight())
    }

    /// The last millisecond of `day` in `zone`.
    pub fn end_of(day: Day, zone: &BusinessZone) -> Instant {
        Instant::start_of(day.add_days(1), zone).plus_ms(-1)
    }

    /// The same wall time on the day before (S45); see [`BusinessZone::instant_at`] for days when the clocks change.
    pub fn one_day_before(self, zone: &BusinessZone) -> Instant {
        let (day, wall) = zone.wall(self);
        zone.instant_at(day.add_days(-1), wall)
    }

    /// `ms` milliseconds later, or earlier when negative.
    pub const fn plus_ms(self, ms: i64) -> Instant {
        Instant(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to here; negative when it is later after all.
    pub const fn ms_since(self, earlier: Instant) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Refuses a moment later than `now`.
    pub fn not_after(self, now: Instant) -> Result<Instant, FieldCode> {
        if self <= now { Ok(self) } else { Err(FieldCode::InFuture) }
    }

    /// Refuses `now` and what lies before it.
    pub fn after(self, now: Instant) -> Result<Instant, FieldCode> {
        if self > now { Ok(self) } else { Err(FieldCode::NotInFuture) }
    }

    /// The same moment for the calendar library; held at its ends, some eight thousand years from here.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }
}

/// `YYYY-MM-DDTHH:MM:SS[.f…](Z|±HH:MM)`; whether the numbers exist is for the calendar to say.
fn is_rfc_3339(text: &[u8]) -> bool {
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T' | b't', h1, h2, b':', n1, n2, b':', s1, s2, rest @ ..] = text else {
        return false;
    };
    if !digits(&[*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2, *h1, *h2, *n1, *n2, *s1, *s2]) {
        return false;
    }
    let offset = match rest {
        [b'.', fraction @ ..] => {
            let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if !(1..=9).contains(&length) {
                return false;
            }
            &fraction[length..]
        }
        whole => whole,
    };
    match offset {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => digits(&[*h1, *h2, *m1, *m2]),
        _ => false,
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timestamp = self.timestamp();
        if self.0.rem_euclid(1000) == 0 { write!(f, "{timestamp:.0}") } else { write!(f, "{timestamp:.3}") }
    }
}

impl From<i64> for Instant {
    fn from(ms: i64) -> Instant {
        Instant(ms)
    }
}

impl From<Instant> for i64 {
    fn from(instant: Instant) -> i64 {
        instant.0
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Instant {
        Instant(timestamp.as_nanosecond().div_euclid(1_000_000) as i64)
    }
}

travels_as_string!(
    Instant,
    StringShape {
        description: "Moment in RFC 3339, always UTC on the way out; any offset is taken on the way in.",
        example: "2024-03-19T06:00:00Z",
        format: Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)),
        pattern: None,
    }
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn any_offset_is_read_and_utc_is_written() {
        for (text, written) in [
            ("2024-03-19T06:00:00Z", "2024-03-19T06:00:00Z"),
            ("2024-03-19T14:00:00+08:00", "2024-03-19T06:00:00Z"),
            ("2024-03-19T14:00:00.000+08:00", "2024-03-19T06:00:00Z"),
            ("2024-03-18T20:00:00-10:00", "2024-03-19T06:00:00Z"),
            ("2024-03-19t06:00:00z", "2024-03-19T06:00:00Z"),
            ("2024-03-19T06:00:00.1Z", "2024-03-19T06:00:00.100Z"),
            ("2024-03-19T06:00:00.123999Z", "2024-03-19T06:00:00.123Z"),
            ("2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z"),
            ("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Instant::parse(text).unwrap().to_string(), written, "{text}");
        }
    }

    #[test]
    fn what_names_no_moment_is_refused() {
        for bad in [
            "2024-03-19",
            "2024-03-19T06:00:00",
            "2024-03-19T06:00Z",
            "2024-03-19 06:00:00Z",
            "2024-03-19T06:00:00+0800",
            "2024-03-19T06:00:00+08",
            "2024-02-30T06:00:00Z",
            "2024-03-19T24:00:00Z",
            "2024-03-19T06:60:00Z",
            "2024-03-19T06:00:00+99:00",
            "2024-03-19T06:00:00.Z",
            "2024-03-19T06:00:00.1234567890Z",
            "2024-03-19T06:00:00Z[Asia/Shanghai]",
            "2024-03-19T06:00:00[Asia/Shanghai]",
            " 2024-03-19T06:00:00Z",
            "2024-03-19T06:00:00Z ",
            "1710828000",
            "明天下午两点",
            "-002024-03-19T06:00:00Z",
        ] {
            assert_eq!(Instant::parse(bad), Err(FieldCode::InvalidTime), "{bad}");
        }
        assert_eq!(Instant::parse(""), Err(FieldCode::Required));
        assert_eq!(Instant::parse("0024-03-19T06:00:00Z").unwrap_err().code(), "OUT_OF_RANGE");
        assert_eq!(Instant::parse("3000-01-01T00:00:00Z").unwrap_err().code(), "OUT_OF_RANGE");
    }

    #[test]
    fn wall_times_become_moments() {
        let shanghai = BusinessZone::default();
        let day = Day::parse("2024-03-19").unwrap();
        assert_eq!(Instant::at(day, 14, 0, &shanghai).to_string(), "2024-03-19T06:00:00Z");
        assert_eq!(Instant::at(day, 99, -1, &shanghai), Instant::at(day, 23, 0, &shanghai));
    }

    #[test]
    fn before_and_after_are_told_apart() {
        let now = Instant::from_ms(1_710_828_000_000);
        assert_eq!(now.not_after(now), Ok(now));
        assert_eq!(now.plus_ms(1).not_after(now), Err(FieldCode::InFuture));
        assert_eq!(now.after(now), Err(FieldCode::NotInFuture));
        assert_eq!(now.plus_ms(5).ms_since(now), 5);
    }

    #[test]
    fn the_ends_of_time_hold() {
        let zone = BusinessZone::default();
        for end in [Instant(i64::MIN), Instant(i64::MAX)] {
            let _ = (end.to_string(), end.day_in(&zone), end.one_day_before(&zone), Instant::end_of(end.day_in(&zone), &zone));
        }
    }

    proptest! {
        #[test]
        fn what_goes_out_comes_back(ms in -2_208_988_800_000..32_503_680_000_000i64) {
            let instant = Instant(ms);
            prop_assert_eq!(Instant::parse(&instant.to_string()), Ok(instant));
            prop_assert_eq!(serde_json::from_value::<Instant>(serde_json::to_value(instant).unwrap()).unwrap(), instant);
        }

        #[test]
        fn a_day_holds_its_moments(ms in 0..4_102_444_800_000i64, name in prop::sample::select(vec!["Asia/Shanghai", "America/New_York", "Europe/Berlin", "America/Sao_Paulo"])) {
            let zone = BusinessZone::parse(name).unwrap();
            let instant = Instant(ms);
            let day = instant.day_in(&zone);
            prop_assert!(Instant::start_of(day, &zone) <= instant && instant <= Instant::end_of(day, &zone));
            prop_assert_eq!(instant.one_day_before(&zone).day_in(&zone), day.add_days(-1));
        }

        #[test]
        fn no_text_upsets_the_reader(text in "[0-9TZtz:.+-]{0,32}") {
            let _ = Instant::parse(&text);
        }
    }
}
