//! Texts in cells: kept from being taken for formulas on the way out, and read back as they were (I47).

use crate::platform::types::{BusinessZone, Day, FieldCode, Instant};

const DANGEROUS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The text as it is written: a spreadsheet program takes nothing in it for a formula.
pub fn neutralised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if DANGEROUS.contains(&first) => format!("'{text}"),
        // What was written with a mark by its author gets one more, so that the way back finds it.
        Some('\'') if letters.next().is_some_and(|next| next == '\'' || DANGEROUS.contains(&next)) => format!("'{text}"),
        _ => text.to_owned(),
    }
}

/// The text as it was before [`neutralised`].
pub fn restored(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.chars().next().is_some_and(|next| next == '\'' || DANGEROUS.contains(&next)) => rest,
        _ => text,
    }
}

/// A moment as the clocks of the company showed it: `2024-03-18 09:00:00`, with milliseconds where there are any.
pub fn moment(at: Instant, zone: &BusinessZone) -> String {
    let (day, time) = zone.wall(at);
    let clock = format!("{day} {:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    if time.millisecond() == 0 { clock } else { format!("{clock}.{:03}", time.millisecond()) }
}

/// Reads a moment back: as [`moment`] writes it, a day alone (its beginning), or with an offset of its own.
pub fn read_moment(text: &str, zone: &BusinessZone) -> Result<Instant, FieldCode> {
    let text = text.trim();
    if let Ok(at) = Instant::parse(text) {
        return Ok(at);
    }
    let (day, clock) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let day = Day::parse_lenient(day)?;
    if clock.trim().is_empty() {
        return Ok(Instant::start_of(day, zone));
    }
    let clock = clock.trim();
    let padded = if clock.find(':') == Some(1) { format!("0{clock}") } else { clock.to_owned() };
    let time: jiff::civil::Time = padded.parse().map_err(|_| FieldCode::InvalidDate)?;
    Ok(zone.instant_at(day, time))
}

/// 是 or 否, in any usual spelling.
pub fn read_yes(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "是" | "y" | "yes" | "true" | "1" | "√" | "同意" => Some(true),
        "否" | "n" | "no" | "false" | "0" | "×" | "不同意" => Some(false),
        _ => None,
    }
}

/// The entries of a cell that holds several: 「展会推广、官网注册」.
pub fn several(text: &str) -> Vec<String> {
    text.split(['、', ',', '，', ';', '；', '\n', '|']).map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}

/// True for what a spreadsheet program shows when it could not compute a cell.
pub fn is_failed(text: &str) -> bool {
    matches!(text, "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NULL!" | "#NUM!" | "#SPILL!" | "#CALC!")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_looks_like_a_formula_and_everything_comes_back() {
        for text in ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "'=1", "''x", "'quoted'", "普通", "", "＝1", "'"] {
            let out = neutralised(text);
            assert!(!out.starts_with(DANGEROUS), "{out}");
            assert_eq!(restored(&out), text);
        }
        assert_eq!(neutralised("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
    }

    #[test]
    fn moments_come_back_to_the_millisecond() {
        let zone = BusinessZone::default();
        for text in ["2024-03-18T09:00:00+08:00", "2024-03-18T23:59:59.123+08:00"] {
            let at = Instant::parse(text).unwrap();
            assert_eq!(read_moment(&moment(at, &zone), &zone), Ok(at));
        }
        assert_eq!(moment(Instant::parse("2024-03-18T09:00:00+08:00").unwrap(), &zone), "2024-03-18 09:00:00");
        assert_eq!(read_moment("2024/3/18 9:30", &zone), Instant::parse("2024-03-18T09:30:00+08:00"));
        assert_eq!(read_moment("2024-02-30", &zone), Err(FieldCode::InvalidDate));
    }

    #[test]
    fn a_cell_can_hold_several() {
        assert_eq!(several("展会推广、官网注册, 其他"), ["展会推广", "官网注册", "其他"]);
    }
}
