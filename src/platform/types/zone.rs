//! The business time zone (业务时区): where "today" and every wall time of the product live.

use std::fmt;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::{Day, FieldCode, Instant, StringShape, travels_as_string};

/// The tables travel inside the binary: two hosts with different system tables must not disagree about a reminder.
static TABLES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone by its IANA name; Asia/Shanghai unless configured otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessZone(TimeZone);

/// How far the clocks of a zone are from UTC, from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// Since when.
    pub since: Instant,
    /// Seconds east of UTC before.
    pub before_s: i64,
    /// Seconds east of UTC from then on.
    pub seconds: i64,
    /// True for summer time.
    pub is_summer: bool,
}

impl BusinessZone {
    /// Reads an IANA name such as `Asia/Shanghai` (letter case does not matter) or `UTC`.
    pub fn parse(name: &str) -> Result<BusinessZone, FieldCode> {
        if name.is_empty() {
            return Err(FieldCode::Required);
        }
        TABLES.get(name).map(BusinessZone).map_err(|_| FieldCode::Unknown)
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day and time the clocks on the wall show at `instant`, to the millisecond.
    pub fn wall(&self, instant: Instant) -> (Day, Time) {
        let shown = self.0.to_datetime(instant.timestamp());
        (shown.date().into(), shown.time())
    }

    /// When the clocks show this time on this day. A time skipped in spring is read as that much later,
    /// a time shown twice in autumn as its first showing.
    pub fn instant_at(&self, day: Day, wall: Time) -> Instant {
        self.resolve(jiff::civil::Date::from(day).to_datetime(wall))
    }

    /// How far the clocks are from UTC between two moments: what holds at the first one, then every change.
    pub fn offsets(&self, from: Instant, to: Instant) -> Vec<Offset> {
        let (begin, end) = (from.timestamp(), to.timestamp());
        let first = self.0.to_offset_info(begin);
        let mut seconds = i64::from(first.offset().seconds());
        let mut all = vec![Offset { since: from, before_s: seconds, seconds, is_summer: first.dst().is_dst() }];
        for change in self.0.following(begin).take_while(|change| change.timestamp() <= end) {
            let before_s = std::mem::replace(&mut seconds, i64::from(change.offset().seconds()));
            all.push(Offset { since: change.timestamp().into(), before_s, seconds, is_summer: change.dst().is_dst() });
        }
        all
    }

    fn resolve(&self, shown: DateTime) -> Instant {
        match self.0.to_ambiguous_timestamp(shown).compatible() {
            Ok(timestamp) => timestamp.into(),
            Err(_) if shown.year() > 0 => Timestamp::MAX.into(),
            Err(_) => Timestamp::MIN.into(),
        }
    }
}

impl Default for BusinessZone {
    fn default() -> BusinessZone {
        BusinessZone(TABLES.get("Asia/Shanghai").unwrap_or(TimeZone::UTC))
    }
}

impl fmt::Display for BusinessZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

travels_as_string!(
    BusinessZone,
    StringShape { description: "Time zone by its IANA name.", example: "Asia/Shanghai", format: None, pattern: None }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_go_by_their_iana_names() {
        assert_eq!(BusinessZone::default().name(), "Asia/Shanghai");
        assert_eq!(BusinessZone::parse("europe/berlin").unwrap().name(), "Europe/Berlin");
        assert_eq!(BusinessZone::parse("UTC").unwrap().name(), "UTC");
        for unknown in ["Asia/Beijing", "北京", "+08:00", "../etc/passwd"] {
            assert_eq!(BusinessZone::parse(unknown), Err(FieldCode::Unknown), "{unknown}");
        }
        assert_eq!(BusinessZone::parse(""), Err(FieldCode::Required));
    }
}
