//! Figures in words: columns where letters stand below each other, lines where they do not.

use crate::platform::types::{Lang, Money};
use crate::reports::model::{Cell, Report, Row, Shape};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// For e-mail.
    Columns,
    /// For bots.
    Lines,
}

/// Rows of one table; the rest stands in the workbook and on the page.
const MOST_ROWS: usize = 30;
/// What a bot takes less what is put around it, bytes.
const BOT_BYTES: usize = 3_200;

fn money(sum: Option<Money>) -> String {
    sum.map_or_else(none, |sum| format!("¥{}", sum.grouped()))
}

fn none() -> String {
    "—".to_owned()
}

fn figure(cell: &Cell, shape: Shape, lang: Lang) -> String {
    match shape {
        Shape::Count => cell.count.map_or_else(none, |count| count.to_string()),
        Shape::CountAndSum => cell.count.map_or_else(none, |count| format!("{count} · {}", money(cell.sum))),
        Shape::Money => money(cell.sum),
        Shape::Rate => cell.rate.map_or_else(none, |rate| format!("{:.1}%", rate.percent)),
        Shape::Score => cell.rate.map_or_else(none, |rate| format!("{:.1}", rate.percent)),
        Shape::Duration => cell.seconds.map_or_else(none, |seconds| {
            let days = seconds as f64 / 86_400.0;
            if lang == Lang::En { format!("{days:.1} d") } else { format!("{days:.1} 天") }
        }),
    }
}

/// How many letters of a typewriter a text is wide: Chinese ones take two.
fn width(text: &str) -> usize {
    text.chars().map(|letter| if u32::from(letter) >= 0x1100 && !('\u{2010}'..='\u{2027}').contains(&letter) { 2 } else { 1 }).sum()
}

fn padded(text: &str, to: usize, left: bool) -> String {
    let blanks = " ".repeat(to.saturating_sub(width(text)));
    if left { format!("{text}{blanks}") } else { format!("{blanks}{text}") }
}

fn name_of(row: &Row, lang: Lang) -> String {
    row.name.clone().unwrap_or_else(|| if lang == Lang::En { "(none)".into() } else { "（无）".into() })
}

/// One table under its name; of a number the last line alone.
pub fn part(name: &str, report: &Report, total_alone: bool, style: Style, lang: Lang) -> String {
    let head = format!("【{name}】{} – {}", report.from, report.to);
    let shown: Vec<&Row> = if total_alone { Vec::new() } else { report.rows.iter().take(MOST_ROWS).collect() };
    let left_out = if total_alone { 0 } else { report.rows.len() - shown.len() };
    let mut lines = vec![head];
    let cells = |row: &Row| -> Vec<String> {
        report.columns.iter().zip(&row.cells).map(|(column, cell)| figure(cell, column.shape, lang)).collect()
    };
    let rows: Vec<(String, Vec<String>)> = shown.into_iter().chain([&report.total]).map(|row| (name_of(row, lang), cells(row))).collect();
    match style {
        Style::Columns => lines.extend(columns(report, &rows)),
        Style::Lines => lines.extend(rows.iter().map(|(name, cells)| {
            let told: Vec<String> = report.columns.iter().zip(cells).map(|(column, cell)| format!("{} {cell}", column.label)).collect();
            format!("{name}：{}", told.join("，"))
        })),
    }
    if left_out > 0 {
        lines.push(if lang == Lang::En { format!("… {left_out} more") } else { format!("… 另有 {left_out} 行") });
    }
    lines.join("\n")
}

fn columns(report: &Report, rows: &[(String, Vec<String>)]) -> Vec<String> {
    let first = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let widths: Vec<usize> = report
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            rows.iter().filter_map(|(_, cells)| cells.get(at)).map(|text| width(text)).max().unwrap_or(0).max(width(&column.label))
        })
        .collect();
    let line = |name: &str, cells: &mut dyn Iterator<Item = &str>| {
        let rest: Vec<String> = cells.zip(&widths).map(|(text, to)| padded(text, *to, false)).collect();
        format!("{}  {}", padded(name, first, true), rest.join("  "))
    };
    let mut lines = vec![line("", &mut report.columns.iter().map(|column| column.label.as_str()))];
    lines.extend(rows.iter().map(|(name, cells)| line(name, &mut cells.iter().map(String::as_str))));
    lines
}

/// As much as a bot takes, whole lines.
pub fn within_a_bot(parts: &[String]) -> String {
    let whole = parts.join("\n\n");
    if whole.len() <= BOT_BYTES {
        return whole;
    }
    let mut text = String::new();
    for line in whole.lines() {
        if text.len() + line.len() + 1 > BOT_BYTES {
            break;
        }
        text.push_str(line);
        text.push('\n');
    }
    format!("{}\n…", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_letters_take_two_places() {
        assert_eq!(width("华东 a—¥"), 8);
        assert_eq!(padded("华东", 6, true), "华东  ");
        assert_eq!(padded("12", 4, false), "  12");
    }

    #[test]
    fn a_bot_gets_whole_lines() {
        let long = vec!["长".repeat(300); 10];
        let text = within_a_bot(&long);
        assert!(text.len() <= BOT_BYTES + 5 && text.ends_with("\n…"), "{}", text.len());
        assert_eq!(within_a_bot(&["短".to_owned()]), "短");
    }
}
