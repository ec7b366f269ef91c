//! A calendar as other programs read it: RFC 5545, written line by line.

use crate::platform::types::{BusinessZone, Day, Instant};

/// Bytes a line may have before it is folded.
const LINE: usize = 75;

/// When an event is.
#[derive(Debug, Clone, Copy)]
pub enum Span {
    /// From one moment to another, at the clocks of the business zone.
    Hours(Instant, Instant),
    /// The whole of a day.
    Day(Day),
}

/// One event of a calendar.
#[derive(Debug, Clone)]
pub struct Event {
    /// The same as long as the record lives.
    pub uid: String,
    /// Grows with every change.
    pub sequence: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed.
    pub changed_at: Instant,
    /// When it is.
    pub span: Span,
    /// One line.
    pub summary: String,
    /// The rest.
    pub description: String,
    /// Where it is shown in full.
    pub url: Option<String>,
    /// Called off.
    pub cancelled: bool,
}

/// The whole calendar: its zone between two moments, then its events.
pub fn written(name: &str, zone: &BusinessZone, between: (Instant, Instant), events: &[Event]) -> String {
    let mut out = String::new();
    for (name, value) in [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", "-//Chengdan//Calendar//ZH"), ("CALSCALE", "GREGORIAN")] {
        line(&mut out, name, value);
    }
    line(&mut out, "METHOD", "PUBLISH");
    line(&mut out, "X-WR-CALNAME", &escaped(name));
    line(&mut out, "X-WR-TIMEZONE", zone.name());
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION", "PT15M");
    line(&mut out, "X-PUBLISHED-TTL", "PT15M");
    write_zone(&mut out, zone, between);
    for event in events {
        write_event(&mut out, zone, event);
    }
    line(&mut out, "END", "VCALENDAR");
    out
}

fn write_zone(out: &mut String, zone: &BusinessZone, (from, to): (Instant, Instant)) {
    line(out, "BEGIN", "VTIMEZONE");
    line(out, "TZID", zone.name());
    for (index, offset) in zone.offsets(from, to).iter().enumerate() {
        let kind = if offset.is_summer { "DAYLIGHT" } else { "STANDARD" };
        line(out, "BEGIN", kind);
        // What holds at the beginning of the calendar holds for all that lies before it.
        let since = if index == 0 { "19700101T000000".to_owned() } else { utc(offset.since.plus_ms(offset.before_s * 1000), "") };
        line(out, "DTSTART", &since);
        line(out, "TZOFFSETFROM", &offset_text(offset.before_s));
        line(out, "TZOFFSETTO", &offset_text(offset.seconds));
        line(out, "END", kind);
    }
    line(out, "END", "VTIMEZONE");
}

fn write_event(out: &mut String, zone: &BusinessZone, event: &Event) {
    line(out, "BEGIN", "VEVENT");
    line(out, "UID", &event.uid);
    line(out, "DTSTAMP", &utc(event.changed_at, "Z"));
    line(out, "CREATED", &utc(event.created_at, "Z"));
    line(out, "LAST-MODIFIED", &utc(event.changed_at, "Z"));
    line(out, "SEQUENCE", &event.sequence.to_string());
    match event.span {
        Span::Hours(from, to) => {
            line(out, &format!("DTSTART;TZID={}", zone.name()), &wall(from, zone));
            line(out, &format!("DTEND;TZID={}", zone.name()), &wall(to, zone));
        }
        Span::Day(day) => {
            line(out, "DTSTART;VALUE=DATE", &date(day));
            line(out, "DTEND;VALUE=DATE", &date(day.add_days(1)));
            line(out, "TRANSP", "TRANSPARENT");
        }
    }
    line(out, "SUMMARY", &escaped(&event.summary));
    if !event.description.is_empty() {
        line(out, "DESCRIPTION", &escaped(&event.description));
    }
    if let Some(url) = &event.url {
        line(out, "URL", url);
    }
    line(out, "STATUS", if event.cancelled { "CANCELLED" } else { "CONFIRMED" });
    line(out, "END", "VEVENT");
}

fn date(day: Day) -> String {
    day.to_string().replace('-', "")
}

fn wall(instant: Instant, zone: &BusinessZone) -> String {
    let (day, time) = zone.wall(instant);
    format!("{}T{}", date(day), time.strftime("%H%M%S"))
}

fn utc(instant: Instant, mark: &str) -> String {
    format!("{}{mark}", instant.timestamp().strftime("%Y%m%dT%H%M%S"))
}

fn offset_text(seconds: i64) -> String {
    let (sign, size) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
    let rest = if size % 60 == 0 { String::new() } else { format!("{:02}", size % 60) };
    format!("{sign}{:02}{:02}{rest}", size / 3600, size / 60 % 60)
}

/// A text as a value: separators behind a backslash, line ends spelt out, nothing that cannot be shown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(letter),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A content line, folded so that no piece has more than 75 bytes and no letter is cut.
fn line(out: &mut String, name: &str, value: &str) {
    let mut used = 0;
    for letter in name.chars().chain([':']).chain(value.chars()) {
        if used + letter.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(letter);
        used += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_letters() {
        let mut out = String::new();
        line(&mut out, "SUMMARY", &"华为".repeat(40));
        assert!(out.split("\r\n").all(|piece| piece.len() <= LINE));
        assert_eq!(out.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "华为".repeat(40)));
    }

    #[test]
    fn separators_and_line_ends_do_not_end_a_value() {
        assert_eq!(escaped("a;b,c\\d\r\ne\nf\u{7}"), "a\\;b\\,c\\\\d\\ne\\nf");
    }

    #[test]
    fn a_zone_with_summer_time_says_when_it_changes() {
        let zone = BusinessZone::parse("Europe/Berlin").unwrap();
        let (from, to) = (Instant::parse("2024-01-10T00:00:00Z").unwrap(), Instant::parse("2024-06-10T00:00:00Z").unwrap());
        let text = written("x", &zone, (from, to), &[]);
        assert!(text.contains("BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\n"), "{text}");
        assert!(text.contains("BEGIN:DAYLIGHT\r\nDTSTART:20240331T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"), "{text}");
    }

    #[test]
    fn offsets_are_written_with_their_sign() {
        assert_eq!((offset_text(28_800), offset_text(-12_600), offset_text(0)), ("+0800".into(), "-0330".into(), "+0000".into()));
    }
}
