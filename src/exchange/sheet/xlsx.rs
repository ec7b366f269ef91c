//! Workbooks: the first visible sheet, cell by cell. Only values are read; formulas are never computed, links never followed.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use zip::ZipArchive;
use zip::result::ZipError;

use super::table::Table;
use super::xml::{Budget, Piece};
use super::{MOST_COLUMNS, MOST_TEXT, MOST_UNPACKED, SheetError, xml};

const MOST_PARTS: usize = 5_000;

/// Reads the first visible sheet into the table.
pub fn read(path: &Path, table: &mut Table) -> Result<(), SheetError> {
    let file = File::open(path).map_err(|_| SheetError::Unreadable)?;
    let archive = ZipArchive::new(BufReader::new(file)).map_err(|_| SheetError::BrokenZip)?;
    if archive.len() > MOST_PARTS {
        return Err(SheetError::TooBig);
    }
    let mut book = Book { archive, budget: Budget::new(MOST_UNPACKED) };
    let (sheet, since_1904) = book.first_sheet()?;
    let shared = book.shared_texts()?;
    let dates = book.date_styles()?;
    let Book { mut archive, budget } = book;
    let part = part_of(&mut archive, &sheet)?.ok_or(SheetError::BrokenXml)?;
    let mut reader =
        Cells { table, shared: &shared, dates: &dates, since_1904, line: 0, row: Vec::new(), column: 0, cell: None, inside: None };
    xml::read(part, &budget, |piece| reader.take(piece))?;
    reader.finish()
}

struct Book<R> {
    archive: ZipArchive<R>,
    budget: Budget,
}

fn part_of<'a, R: Read + Seek>(archive: &'a mut ZipArchive<R>, name: &str) -> Result<Option<impl Read + use<'a, R>>, SheetError> {
    match archive.by_name(name) {
        Ok(part) => Ok(Some(part)),
        Err(ZipError::FileNotFound) => Ok(None),
        Err(_) => Err(SheetError::BrokenZip),
    }
}

impl<R: Read + Seek> Book<R> {
    fn each(&mut self, name: &str, take: impl FnMut(Piece) -> Result<bool, SheetError>) -> Result<bool, SheetError> {
        let budget = self.budget.clone();
        match part_of(&mut self.archive, name)? {
            None => Ok(false),
            Some(part) => xml::read(part, &budget, take).map(|()| true),
        }
    }

    /// The name of the part with the first visible sheet, and whether its days count from 1904.
    fn first_sheet(&mut self) -> Result<(String, bool), SheetError> {
        let (mut wanted, mut since_1904) = (None, false);
        let found = self.each("xl/workbook.xml", |piece| {
            if let Piece::Open(element) = piece {
                match element.name.as_str() {
                    "workbookPr" => since_1904 = matches!(element.attribute("date1904"), Some("1" | "true")),
                    "sheet" if wanted.is_none() && !matches!(element.attribute("state"), Some("hidden" | "veryHidden")) => {
                        wanted = element.attribute("id").map(str::to_owned);
                    }
                    _ => {}
                }
            }
            Ok(true)
        })?;
        if !found {
            return Err(SheetError::NotASheet);
        }
        let wanted = wanted.ok_or(SheetError::BrokenXml)?;
        let mut target = None;
        self.each("xl/_rels/workbook.xml.rels", |piece| {
            if let Piece::Open(element) = piece
                && element.name == "Relationship"
                && element.attribute("Id") == Some(&wanted)
                && element.attribute("TargetMode") != Some("External")
            {
                target = element.attribute("Target").map(str::to_owned);
            }
            Ok(true)
        })?;
        let target = target.ok_or(SheetError::BrokenXml)?;
        let place = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        Ok((place, since_1904))
    }

    fn shared_texts(&mut self) -> Result<Vec<String>, SheetError> {
        let (mut all, mut size) = (Vec::new(), 0);
        let (mut text, mut in_text, mut phonetic) = (String::new(), false, false);
        self.each("xl/sharedStrings.xml", |piece| {
            match piece {
                Piece::Open(element) => match element.name.as_str() {
                    "t" => in_text = !phonetic,
                    "rPh" => phonetic = true,
                    _ => {}
                },
                Piece::Text(more) if in_text => text.push_str(&more),
                Piece::Text(_) => {}
                Piece::Close(name) => match name.as_str() {
                    "t" => in_text = false,
                    "rPh" => phonetic = false,
                    "si" => {
                        size += text.len() + 32;
                        if size > MOST_TEXT {
                            return Err(SheetError::TooBig);
                        }
                        all.push(unescaped(&std::mem::take(&mut text)));
                    }
                    _ => {}
                },
            }
            Ok(true)
        })?;
        Ok(all)
    }

    /// For every cell style whether it shows a day.
    fn date_styles(&mut self) -> Result<Vec<bool>, SheetError> {
        let (mut own, mut styles, mut in_cells) = (HashMap::new(), Vec::new(), false);
        self.each("xl/styles.xml", |piece| {
            match piece {
                Piece::Open(element) => match element.name.as_str() {
                    "numFmt" => {
                        if let (Some(id), Some(code)) = (element.attribute("numFmtId"), element.attribute("formatCode")) {
                            own.insert(id.to_owned(), shows_a_day(code));
                        }
                    }
                    "cellXfs" => in_cells = true,
                    "xf" if in_cells && styles.len() < 100_000 => {
                        let id = element.attribute("numFmtId").unwrap_or("0");
                        let number: u32 = id.parse().unwrap_or(0);
                        let built_in = matches!(number, 14..=22 | 27..=36 | 45..=47 | 50..=58);
                        styles.push(own.get(id).copied().unwrap_or(built_in));
                    }
                    _ => {}
                },
                Piece::Close(name) if name == "cellXfs" => in_cells = false,
                _ => {}
            }
            Ok(true)
        })?;
        Ok(styles)
    }
}

/// True for formats such as `yyyy-mm-dd` or `yyyy"年"m"月"`: a letter of a date outside quotes and brackets.
fn shows_a_day(code: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    code.chars().any(|letter| {
        if std::mem::take(&mut escaped) {
            return false;
        }
        match letter {
            '"' => quoted = !quoted,
            '\\' | '_' | '*' => escaped = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return !quoted && !bracketed,
            _ => {}
        }
        false
    })
}

/// `_x000D_` stands for a character that XML cannot hold; a carriage return is dropped.
fn unescaped(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest
            .get(at + 2..at + 6)
            .filter(|_| rest[at + 6..].starts_with('_'))
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        out.push_str(&rest[..at]);
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
            Some(letter) => {
                if letter != '\r' {
                    out.push(letter);
                }
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

struct Cell {
    column: usize,
    kind: String,
    style: usize,
    text: String,
}

struct Cells<'r, 't> {
    table: &'r mut Table<'t>,
    shared: &'r [String],
    dates: &'r [bool],
    since_1904: bool,
    line: i64,
    row: Vec<String>,
    column: usize,
    cell: Option<Cell>,
    inside: Option<Inside>,
}

#[derive(PartialEq)]
enum Inside {
    /// A value or a text: what follows belongs to the cell.
    Value,
    /// How a word is spoken, which does not.
    Phonetic,
}

impl Cells<'_, '_> {
    fn take(&mut self, piece: Piece) -> Result<bool, SheetError> {
        match piece {
            Piece::Open(element) => match element.name.as_str() {
                "row" => {
                    self.flush()?;
                    self.line =
                        element.attribute("r").and_then(|text| text.parse().ok()).filter(|line| *line > self.line).unwrap_or(self.line + 1);
                    self.column = 0;
                }
                "c" => {
                    let column = match element.attribute("r") {
                        Some(place) => column_of(place).ok_or(SheetError::BrokenXml)?,
                        None => self.column,
                    };
                    self.column = column + 1;
                    self.cell = Some(Cell {
                        column,
                        kind: element.attribute("t").unwrap_or("n").to_owned(),
                        style: element.attribute("s").and_then(|text| text.parse().ok()).unwrap_or(0),
                        text: String::new(),
                    });
                }
                "v" | "t" if self.inside.is_none() => self.inside = Some(Inside::Value),
                "rPh" => self.inside = Some(Inside::Phonetic),
                _ => {}
            },
            Piece::Text(text) => {
                if let (Some(cell), Some(Inside::Value)) = (&mut self.cell, &self.inside) {
                    cell.text.push_str(&text);
                }
            }
            Piece::Close(name) => match name.as_str() {
                "v" | "t" if self.inside == Some(Inside::Value) => self.inside = None,
                "rPh" => self.inside = None,
                "c" => {
                    self.inside = None;
                    if let Some(cell) = self.cell.take() {
                        self.keep(cell)?;
                    }
                }
                "sheetData" => return Ok(false),
                _ => {}
            },
        }
        Ok(true)
    }

    fn keep(&mut self, cell: Cell) -> Result<(), SheetError> {
        let text = self.value(&cell)?;
        if text.is_empty() {
            return Ok(());
        }
        Table::admit(cell.column, &text)?;
        if self.row.len() <= cell.column {
            self.row.resize(cell.column + 1, String::new());
        }
        self.row[cell.column] = text;
        Ok(())
    }

    fn value(&self, cell: &Cell) -> Result<String, SheetError> {
        Ok(match cell.kind.as_str() {
            "s" if cell.text.is_empty() => String::new(),
            "s" => {
                let index: usize = cell.text.trim().parse().map_err(|_| SheetError::BrokenXml)?;
                self.shared.get(index).cloned().ok_or(SheetError::BrokenXml)?
            }
            "inlineStr" | "str" => unescaped(&cell.text),
            "b" => if cell.text.trim() == "1" { "是" } else { "否" }.to_owned(),
            "e" => cell.text.clone(),
            "d" => cell.text.replace('T', " "),
            _ if cell.text.trim().is_empty() => String::new(),
            _ => {
                let number: f64 = cell.text.trim().parse().map_err(|_| SheetError::BrokenXml)?;
                let dated = self.dates.get(cell.style).copied().unwrap_or(false);
                dated.then(|| day(number, self.since_1904)).flatten().unwrap_or_else(|| plain(number))
            }
        })
    }

    fn flush(&mut self) -> Result<(), SheetError> {
        if self.row.is_empty() { Ok(()) } else { self.table.row(self.line, std::mem::take(&mut self.row)) }
    }

    fn finish(mut self) -> Result<(), SheetError> {
        self.flush()
    }
}

/// The column of `XFD1048576`, from 0; beyond what is read it is simply too far.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let mut column = 0_usize;
    for letter in letters {
        column = column.saturating_mul(26).saturating_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1).min(MOST_COLUMNS * 1_000);
    }
    column.checked_sub(1)
}

/// A number without exponent: a phone or an amount as it was typed.
fn plain(number: f64) -> String {
    // Fifteen digits are what a cell holds; beyond them stands the noise of binary fractions.
    let rounded = (number * 1e6).round() / 1e6;
    if number.abs() < 1e9 && (number - rounded).abs() < 1e-9 { rounded.to_string() } else { number.to_string() }
}

/// The day a serial number means, with the time when it has one.
fn day(serial: f64, since_1904: bool) -> Option<String> {
    if !(0.0..3_000_000.0).contains(&serial) {
        return None;
    }
    let (days, seconds) = {
        let whole = serial.floor();
        let seconds = ((serial - whole) * 86_400.0).round() as i64;
        (whole as i64 + seconds / 86_400, seconds % 86_400)
    };
    let time = format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let first: Date = match (since_1904, days) {
        (false, 0) => return Some(time),
        (true, _) => date(1904, 1, 1),
        // Lotus counted a 29 February 1900, and so does Excel.
        (false, 1..=59) => date(1899, 12, 31),
        (false, _) => date(1899, 12, 30),
    };
    let day = first.checked_add(days.days()).ok()?;
    Some(if seconds == 0 { day.to_string() } else { format!("{day} {time}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_days_in_both_calendars() {
        assert_eq!(day(45_371.0, false).as_deref(), Some("2024-03-20"));
        assert_eq!(day(43_909.0, true).as_deref(), Some("2024-03-20"));
        assert_eq!(day(45_371.5, false).as_deref(), Some("2024-03-20 12:00:00"));
        assert_eq!(day(1.0, false).as_deref(), Some("1900-01-01"));
        assert_eq!(day(61.0, false).as_deref(), Some("1900-03-01"));
        assert_eq!(day(0.5, false).as_deref(), Some("12:00:00"));
        assert_eq!(day(-1.0, false), None);
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        assert_eq!(plain(13_800_138_000.0), "13800138000");
        assert_eq!(plain(500_000.1), "500000.1");
        assert_eq!(plain(0.1 + 0.2), "0.3");
        assert_eq!(plain(1e21), "1000000000000000000000");
    }

    #[test]
    fn formats_of_days_are_known() {
        assert!(shows_a_day("yyyy\"年\"m\"月\"d\"日\""));
        assert!(shows_a_day("[$-804]yyyy/m/d;@"));
        assert!(!shows_a_day("#,##0.00\"days\""));
        assert!(!shows_a_day("[Red]0.00"));
    }

    #[test]
    fn places_and_escapes() {
        assert_eq!(column_of("A1"), Some(0));
        assert_eq!(column_of("XFD1048576"), Some(16_383));
        assert_eq!(column_of("17"), None);
        assert_eq!(unescaped("a_x000D_\nb_x005F_x0041_ _xyz"), "a\nb_x0041_ _xyz");
    }
}
