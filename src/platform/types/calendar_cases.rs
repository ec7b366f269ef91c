//! Golden cases for days and moments in time zones, worked out with another calendar library than ours (S40, S45).

use super::{BusinessZone, Day, Instant};

fn zone(name: &str) -> BusinessZone {
    BusinessZone::parse(name).unwrap()
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// Zone, moment, the same wall time one day before, why it is here.
#[rustfmt::skip]
const ONE_DAY_BEFORE: &[(&str, &str, &str, &str)] = &[
    ("Asia/Shanghai", "2024-03-20T14:00:00+08:00", "2024-03-19T06:00:00Z", "the guide's example"),
    ("Asia/Shanghai", "2024-03-20T00:00:00+08:00", "2024-03-18T16:00:00Z", "midnight"),
    ("Asia/Shanghai", "2024-03-20T23:59:59+08:00", "2024-03-19T15:59:59Z", "last second"),
    ("Asia/Shanghai", "2024-03-01T09:30:00+08:00", "2024-02-29T01:30:00Z", "29 February"),
    ("Asia/Shanghai", "2023-03-01T09:30:00+08:00", "2023-02-28T01:30:00Z", "28 February"),
    ("Asia/Shanghai", "2024-02-29T09:30:00+08:00", "2024-02-28T01:30:00Z", "leap day itself"),
    ("Asia/Shanghai", "2000-03-01T10:00:00+08:00", "2000-02-29T02:00:00Z", "leap century"),
    ("Asia/Shanghai", "2100-03-01T10:00:00+08:00", "2100-02-28T02:00:00Z", "no leap century"),
    ("Asia/Shanghai", "2024-01-01T08:00:00+08:00", "2023-12-31T00:00:00Z", "year end"),
    ("Asia/Shanghai", "2025-01-01T00:00:00+08:00", "2024-12-30T16:00:00Z", "year end at midnight"),
    ("Asia/Shanghai", "2024-05-01T18:00:00+08:00", "2024-04-30T10:00:00Z", "month of 30"),
    ("Asia/Shanghai", "2024-08-01T18:00:00+08:00", "2024-07-31T10:00:00Z", "month of 31"),
    ("Asia/Shanghai", "2024-03-20T06:00:00Z", "2024-03-19T06:00:00Z", "given in UTC"),
    ("Asia/Shanghai", "2024-03-20T02:00:00-04:00", "2024-03-19T06:00:00Z", "given from New York"),
    ("Asia/Shanghai", "1986-05-04T12:00:00+09:00", "1986-05-03T04:00:00Z", "first summer time began that night"),
    ("Asia/Shanghai", "1986-05-05T02:30:00+09:00", "1986-05-03T18:30:00Z", "the day before skipped 02:30"),
    ("Asia/Shanghai", "1986-09-14T12:00:00+08:00", "1986-09-13T03:00:00Z", "first summer time ended that night"),
    ("Asia/Shanghai", "1986-09-15T01:30:00+08:00", "1986-09-13T16:30:00Z", "the day before showed 01:30 twice"),
    ("Asia/Shanghai", "1991-04-14T12:00:00+09:00", "1991-04-13T04:00:00Z", "last summer time began"),
    ("Asia/Shanghai", "1991-04-15T02:30:00+09:00", "1991-04-13T18:30:00Z", "the day before skipped 02:30"),
    ("Asia/Shanghai", "1991-09-15T12:00:00+08:00", "1991-09-14T03:00:00Z", "last summer time ended"),
    ("Asia/Shanghai", "1991-09-16T01:30:00+08:00", "1991-09-14T16:30:00Z", "the day before showed 01:30 twice"),
    ("Asia/Shanghai", "1988-07-01T09:00:00+09:00", "1988-06-30T00:00:00Z", "within summer time"),
    ("Asia/Shanghai", "1992-04-13T02:30:00+08:00", "1992-04-11T18:30:00Z", "no summer time any more"),
    ("America/New_York", "2024-03-10T14:00:00-04:00", "2024-03-09T19:00:00Z", "23 hours: clocks went forward"),
    ("America/New_York", "2024-03-11T02:30:00-04:00", "2024-03-10T07:30:00Z", "gap: 02:30 read as 03:30"),
    ("America/New_York", "2024-03-11T02:00:00-04:00", "2024-03-10T07:00:00Z", "first moment of the gap"),
    ("America/New_York", "2024-03-11T02:59:59-04:00", "2024-03-10T07:59:59Z", "last second of the gap"),
    ("America/New_York", "2024-03-11T03:00:00-04:00", "2024-03-10T07:00:00Z", "just after the gap"),
    ("America/New_York", "2024-03-11T01:59:59-04:00", "2024-03-10T06:59:59Z", "just before the gap"),
    ("America/New_York", "2024-03-10T03:30:00-04:00", "2024-03-09T08:30:00Z", "hour after the gap"),
    ("America/New_York", "2024-11-03T14:00:00-05:00", "2024-11-02T18:00:00Z", "25 hours: clocks went back"),
    ("America/New_York", "2024-11-04T01:30:00-05:00", "2024-11-03T05:30:00Z", "overlap: the first 01:30"),
    ("America/New_York", "2024-11-04T01:00:00-05:00", "2024-11-03T05:00:00Z", "first moment of the overlap"),
    ("America/New_York", "2024-11-04T01:59:59-05:00", "2024-11-03T05:59:59Z", "last second of the overlap"),
    ("America/New_York", "2024-11-04T02:00:00-05:00", "2024-11-03T07:00:00Z", "just after the overlap"),
    ("America/New_York", "2024-11-03T01:30:00-04:00", "2024-11-02T05:30:00Z", "from the first 01:30"),
    ("America/New_York", "2024-11-03T01:30:00-05:00", "2024-11-02T05:30:00Z", "from the second 01:30"),
    ("America/New_York", "2024-12-31T23:30:00-05:00", "2024-12-31T04:30:00Z", "year end"),
    ("America/New_York", "2024-03-01T00:00:00-05:00", "2024-02-29T05:00:00Z", "leap day"),
    ("Europe/Berlin", "2024-03-31T14:00:00+02:00", "2024-03-30T13:00:00Z", "23 hours"),
    ("Europe/Berlin", "2024-04-01T02:30:00+02:00", "2024-03-31T01:30:00Z", "gap"),
    ("Europe/Berlin", "2024-04-01T02:00:00+02:00", "2024-03-31T01:00:00Z", "first moment of the gap"),
    ("Europe/Berlin", "2024-04-01T03:00:00+02:00", "2024-03-31T01:00:00Z", "just after the gap"),
    ("Europe/Berlin", "2024-04-01T01:59:59+02:00", "2024-03-31T00:59:59Z", "just before the gap"),
    ("Europe/Berlin", "2024-10-27T14:00:00+01:00", "2024-10-26T12:00:00Z", "25 hours"),
    ("Europe/Berlin", "2024-10-28T02:30:00+01:00", "2024-10-27T00:30:00Z", "overlap"),
    ("Europe/Berlin", "2024-10-28T03:00:00+01:00", "2024-10-27T02:00:00Z", "just after the overlap"),
    ("Europe/Berlin", "2024-10-27T02:30:00+02:00", "2024-10-26T00:30:00Z", "from the first 02:30"),
    ("Europe/Berlin", "2024-10-27T02:30:00+01:00", "2024-10-26T00:30:00Z", "from the second 02:30"),
    ("Europe/Berlin", "2025-01-01T00:00:00+01:00", "2024-12-30T23:00:00Z", "year end"),
    ("Australia/Lord_Howe", "2024-10-07T02:15:00+11:00", "2024-10-05T15:45:00Z", "half-hour gap"),
    ("Pacific/Apia", "2011-12-31T10:00:00+14:00", "2011-12-30T20:00:00Z", "a day that never was"),
    ("America/Sao_Paulo", "2018-11-05T00:30:00-02:00", "2018-11-04T03:30:00Z", "gap at midnight"),
    ("UTC", "2024-03-01T00:00:00Z", "2024-02-29T00:00:00Z", "no rules at all"),
    ("Asia/Kathmandu", "2024-03-20T14:00:00+05:45", "2024-03-19T08:15:00Z", "odd offset"),
    ("Asia/Shanghai", "2024-02-01T09:00:00+08:00", "2024-01-31T01:00:00Z", "first of month 2"),
    ("Asia/Shanghai", "2024-03-01T09:00:00+08:00", "2024-02-29T01:00:00Z", "first of month 3"),
    ("Asia/Shanghai", "2024-04-01T09:00:00+08:00", "2024-03-31T01:00:00Z", "first of month 4"),
    ("Asia/Shanghai", "2024-06-01T09:00:00+08:00", "2024-05-31T01:00:00Z", "first of month 6"),
    ("Asia/Shanghai", "2024-07-01T09:00:00+08:00", "2024-06-30T01:00:00Z", "first of month 7"),
    ("Asia/Shanghai", "2024-09-01T09:00:00+08:00", "2024-08-31T01:00:00Z", "first of month 9"),
    ("Asia/Shanghai", "2024-10-01T09:00:00+08:00", "2024-09-30T01:00:00Z", "first of month 10"),
    ("Asia/Shanghai", "2024-11-01T09:00:00+08:00", "2024-10-31T01:00:00Z", "first of month 11"),
    ("Asia/Shanghai", "2024-12-01T09:00:00+08:00", "2024-11-30T01:00:00Z", "first of month 12"),
    ("Asia/Shanghai", "2028-03-01T00:00:00+08:00", "2028-02-28T16:00:00Z", "29 February at midnight"),
    ("Asia/Shanghai", "2028-02-29T23:59:59+08:00", "2028-02-28T15:59:59Z", "last second of the leap day"),
    ("Asia/Shanghai", "2025-03-01T00:00:01+08:00", "2025-02-27T16:00:01Z", "28 February, common year"),
    ("Asia/Shanghai", "2026-01-01T00:00:00+08:00", "2025-12-30T16:00:00Z", "year end"),
    ("Asia/Shanghai", "2027-01-01T23:30:00+08:00", "2026-12-31T15:30:00Z", "year end, late evening"),
    ("Asia/Shanghai", "2024-03-22T10:00:00+08:00", "2024-03-21T02:00:00Z", "moved from the 20th"),
    ("Asia/Shanghai", "2024-03-18T15:00:00+08:00", "2024-03-17T07:00:00Z", "moved to an earlier day"),
    ("America/New_York", "2025-03-10T02:15:00-04:00", "2025-03-09T07:15:00Z", "gap of 2025"),
    ("America/New_York", "2025-11-03T01:15:00-05:00", "2025-11-02T05:15:00Z", "overlap of 2025"),
    ("America/New_York", "2025-03-09T09:00:00-04:00", "2025-03-08T14:00:00Z", "23 hours, 2025"),
    ("America/New_York", "2025-11-02T09:00:00-05:00", "2025-11-01T13:00:00Z", "25 hours, 2025"),
    ("America/Los_Angeles", "2024-03-11T02:30:00-07:00", "2024-03-10T10:30:00Z", "gap on the Pacific"),
    ("America/Los_Angeles", "2024-11-04T01:30:00-08:00", "2024-11-03T08:30:00Z", "overlap on the Pacific"),
    ("Europe/London", "2024-04-01T01:30:00+01:00", "2024-03-31T01:30:00Z", "gap at one"),
    ("Europe/London", "2024-10-28T01:30:00+00:00", "2024-10-27T00:30:00Z", "overlap at one"),
    ("Europe/London", "2024-03-01T12:00:00+00:00", "2024-02-29T12:00:00Z", "leap day in winter time"),
    ("Australia/Sydney", "2024-10-07T02:30:00+11:00", "2024-10-05T16:30:00Z", "spring in October"),
    ("Australia/Sydney", "2024-04-08T02:30:00+10:00", "2024-04-06T15:30:00Z", "autumn in April"),
    ("Australia/Lord_Howe", "2024-04-08T01:45:00+10:30", "2024-04-06T14:45:00Z", "half-hour overlap"),
    ("America/St_Johns", "2024-03-11T02:30:00-02:30", "2024-03-10T06:00:00Z", "half-hour zone, gap"),
    ("Africa/Cairo", "2024-04-27T00:30:00+03:00", "2024-04-25T22:30:00Z", "gap at midnight"),
    ("Asia/Kolkata", "2025-01-01T05:29:59+05:30", "2024-12-30T23:59:59Z", "half-hour zone, year end"),
    ("Pacific/Auckland", "2024-09-30T02:30:00+13:00", "2024-09-28T14:30:00Z", "gap in the south"),
    ("Pacific/Kiritimati", "2024-01-01T10:00:00+14:00", "2023-12-30T20:00:00Z", "first to see the year"),
    ("Asia/Hong_Kong", "2024-03-01T09:30:00+08:00", "2024-02-29T01:30:00Z", "next door, leap day"),
];

/// Zone, day, its first moment, its last millisecond.
#[rustfmt::skip]
const DAYS: &[(&str, &str, &str, &str)] = &[
    ("Asia/Shanghai", "2024-03-20", "2024-03-19T16:00:00Z", "2024-03-20T15:59:59.999Z"),
    ("Asia/Shanghai", "2024-02-29", "2024-02-28T16:00:00Z", "2024-02-29T15:59:59.999Z"),
    ("Asia/Shanghai", "2023-12-31", "2023-12-30T16:00:00Z", "2023-12-31T15:59:59.999Z"),
    ("Asia/Shanghai", "2024-01-01", "2023-12-31T16:00:00Z", "2024-01-01T15:59:59.999Z"),
    ("Asia/Shanghai", "1986-05-04", "1986-05-03T16:00:00Z", "1986-05-04T14:59:59.999Z"),
    ("Asia/Shanghai", "1986-09-14", "1986-09-13T15:00:00Z", "1986-09-14T15:59:59.999Z"),
    ("Asia/Shanghai", "1991-04-14", "1991-04-13T16:00:00Z", "1991-04-14T14:59:59.999Z"),
    ("Asia/Shanghai", "1991-09-15", "1991-09-14T15:00:00Z", "1991-09-15T15:59:59.999Z"),
    ("Asia/Shanghai", "1990-07-01", "1990-06-30T15:00:00Z", "1990-07-01T14:59:59.999Z"),
    ("America/New_York", "2024-03-09", "2024-03-09T05:00:00Z", "2024-03-10T04:59:59.999Z"),
    ("America/New_York", "2024-03-10", "2024-03-10T05:00:00Z", "2024-03-11T03:59:59.999Z"),
    ("America/New_York", "2024-03-11", "2024-03-11T04:00:00Z", "2024-03-12T03:59:59.999Z"),
    ("America/New_York", "2024-11-02", "2024-11-02T04:00:00Z", "2024-11-03T03:59:59.999Z"),
    ("America/New_York", "2024-11-03", "2024-11-03T04:00:00Z", "2024-11-04T04:59:59.999Z"),
    ("America/New_York", "2024-11-04", "2024-11-04T05:00:00Z", "2024-11-05T04:59:59.999Z"),
    ("America/New_York", "2024-02-29", "2024-02-29T05:00:00Z", "2024-03-01T04:59:59.999Z"),
    ("America/New_York", "2024-12-31", "2024-12-31T05:00:00Z", "2025-01-01T04:59:59.999Z"),
    ("Europe/Berlin", "2024-03-30", "2024-03-29T23:00:00Z", "2024-03-30T22:59:59.999Z"),
    ("Europe/Berlin", "2024-03-31", "2024-03-30T23:00:00Z", "2024-03-31T21:59:59.999Z"),
    ("Europe/Berlin", "2024-04-01", "2024-03-31T22:00:00Z", "2024-04-01T21:59:59.999Z"),
    ("Europe/Berlin", "2024-10-26", "2024-10-25T22:00:00Z", "2024-10-26T21:59:59.999Z"),
    ("Europe/Berlin", "2024-10-27", "2024-10-26T22:00:00Z", "2024-10-27T22:59:59.999Z"),
    ("Europe/Berlin", "2024-10-28", "2024-10-27T23:00:00Z", "2024-10-28T22:59:59.999Z"),
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T01:59:59.999Z"),
    ("America/Sao_Paulo", "2018-11-03", "2018-11-03T03:00:00Z", "2018-11-04T02:59:59.999Z"),
    ("America/Havana", "2024-11-03", "2024-11-03T04:00:00Z", "2024-11-04T04:59:59.999Z"),
    ("UTC", "2024-02-29", "2024-02-29T00:00:00Z", "2024-02-29T23:59:59.999Z"),
];

/// Zone, moment, the day it falls on there.
#[rustfmt::skip]
const FALLS_ON: &[(&str, &str, &str)] = &[
    ("Asia/Shanghai", "2024-03-19T15:59:59Z", "2024-03-19"),
    ("Asia/Shanghai", "2024-03-19T16:00:00Z", "2024-03-20"),
    ("Asia/Shanghai", "2024-03-15T15:59:59.999Z", "2024-03-15"),
    ("Asia/Shanghai", "2023-12-31T16:00:00Z", "2024-01-01"),
    ("Asia/Shanghai", "2024-02-28T16:00:00Z", "2024-02-29"),
    ("Asia/Shanghai", "2024-02-29T16:00:00Z", "2024-03-01"),
    ("Asia/Shanghai", "1986-05-04T14:59:59Z", "1986-05-04"),
    ("Asia/Shanghai", "1986-05-04T15:00:00Z", "1986-05-05"),
    ("Asia/Shanghai", "1991-09-14T14:59:59Z", "1991-09-14"),
    ("Asia/Shanghai", "1991-09-14T15:00:00Z", "1991-09-15"),
    ("Asia/Shanghai", "1991-09-15T15:59:59Z", "1991-09-15"),
    ("Asia/Shanghai", "1991-09-15T16:00:00Z", "1991-09-16"),
    ("Asia/Shanghai", "1992-05-04T15:00:00Z", "1992-05-04"),
    ("America/New_York", "2024-03-10T04:59:59Z", "2024-03-09"),
    ("America/New_York", "2024-03-10T05:00:00Z", "2024-03-10"),
    ("America/New_York", "2024-03-11T03:59:59Z", "2024-03-10"),
    ("America/New_York", "2024-03-11T04:00:00Z", "2024-03-11"),
    ("America/New_York", "2024-11-03T03:59:59Z", "2024-11-02"),
    ("America/New_York", "2024-11-03T04:00:00Z", "2024-11-03"),
    ("America/New_York", "2024-11-04T04:59:59Z", "2024-11-03"),
    ("America/New_York", "2024-11-04T05:00:00Z", "2024-11-04"),
    ("Europe/Berlin", "2024-03-30T22:59:59Z", "2024-03-30"),
    ("Europe/Berlin", "2024-03-30T23:00:00Z", "2024-03-31"),
    ("Europe/Berlin", "2024-03-31T21:59:59Z", "2024-03-31"),
    ("Europe/Berlin", "2024-03-31T22:00:00Z", "2024-04-01"),
    ("Europe/Berlin", "2024-10-26T21:59:59Z", "2024-10-26"),
    ("Europe/Berlin", "2024-10-26T22:00:00Z", "2024-10-27"),
    ("Europe/Berlin", "2024-10-27T22:59:59Z", "2024-10-27"),
    ("Europe/Berlin", "2024-10-27T23:00:00Z", "2024-10-28"),
];

// S45
#[test]
fn a_reminder_keeps_the_wall_time() {
    assert!(ONE_DAY_BEFORE.len() >= 80, "{}", ONE_DAY_BEFORE.len());
    for (name, at, expected, why) in ONE_DAY_BEFORE {
        assert_eq!(instant(at).one_day_before(&zone(name)).to_string(), *expected, "{name} {at}: {why}");
    }
}

#[test]
fn days_begin_and_end_where_the_clocks_say() {
    for (name, day, first, last) in DAYS {
        let (day, zone) = (Day::parse(day).unwrap(), zone(name));
        assert_eq!(Instant::start_of(day, &zone).to_string(), *first, "start of {day} in {name}");
        assert_eq!(Instant::end_of(day, &zone).to_string(), *last, "end of {day} in {name}");
        assert_eq!(Instant::start_of(day, &zone).day_in(&zone), day, "{name}");
        assert_eq!(Instant::end_of(day, &zone).day_in(&zone), day, "{name}");
    }
}

// S24
#[test]
fn moments_fall_on_the_right_day() {
    for (name, at, day) in FALLS_ON {
        assert_eq!(instant(at).day_in(&zone(name)).to_string(), *day, "{at} in {name}");
    }
}

// S45: the zone of the host does not matter.
#[test]
fn whatever_zone_the_host_is_in() {
    for host in ["UTC", "Asia/Shanghai", "America/New_York"] {
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "platform::types::calendar_cases::a_reminder_keeps_the_wall_time"])
            .env("TZ", host)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success() && said.contains("1 passed"), "TZ={host}: {said}");
    }
}
