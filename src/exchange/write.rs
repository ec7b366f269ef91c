//! Writing tables: workbooks row by row with little memory, or comma-separated texts. One content, one hash, whatever the format.

use std::io::Write;
use std::path::Path;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use sha2::{Digest, Sha256};

use super::cell::neutralised;
use crate::error::{Error, Result};
use crate::platform::types::Lang;

/// A cell to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// An amount, as text with two decimals; a number in a workbook.
    Amount(String),
}

impl Cell {
    /// What it says.
    pub fn text(&self) -> &str {
        match self {
            Cell::Text(text) | Cell::Amount(text) => text,
        }
    }
}

impl From<XlsxError> for Error {
    fn from(error: XlsxError) -> Error {
        match error {
            XlsxError::IoError(error) => error.into(),
            error => Error::internal(format!("workbook: {error}")),
        }
    }
}

/// One line of a comma-separated text.
pub fn csv_line<'c>(cells: impl Iterator<Item = &'c str>) -> String {
    let mut line = String::new();
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            line.push(',');
        }
        let text = neutralised(cell);
        if text.contains([',', '"', '\n', '\r']) {
            line.push('"');
            line.push_str(&text.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&text);
        }
    }
    line.push_str("\r\n");
    line
}

/// The format of a header.
pub fn header_format() -> Format {
    Format::new().set_bold().set_background_color("D9E7FD").set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter)
}

enum Target {
    Workbook { book: Box<Workbook>, amount: Format },
    Text(std::io::BufWriter<std::fs::File>),
}

/// A table being written to a file.
pub struct TableWriter {
    target: Target,
    hash: Sha256,
    rows: u32,
    size: u64,
}

impl TableWriter {
    /// A workbook with one sheet; its rows lie in `folder` until it is saved.
    pub fn workbook(folder: &Path, sheet: &str, titles: &[&str]) -> Result<TableWriter> {
        let mut book = Workbook::new();
        book.set_tempdir(folder)?;
        let header = header_format();
        let first = book.add_worksheet_with_constant_memory()?;
        first.set_name(sheet)?;
        for (column, title) in titles.iter().enumerate() {
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            first.set_column_width(column, (title.chars().count() * 2 + 4).clamp(12, 30) as f64)?;
            first.write_string_with_format(0, column, *title, &header)?;
        }
        first.set_freeze_panes(1, 0)?;
        let amount = Format::new().set_num_format("#,##0.00");
        let mut writer = TableWriter { target: Target::Workbook { book: Box::new(book), amount }, hash: Sha256::new(), rows: 0, size: 0 };
        writer.count(titles.iter().copied());
        Ok(writer)
    }

    /// A text in UTF-8 with the mark by which Excel knows it.
    pub fn text(path: &Path, titles: &[&str]) -> Result<TableWriter> {
        let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
        file.write_all("\u{feff}".as_bytes())?;
        let mut writer = TableWriter { target: Target::Text(file), hash: Sha256::new(), rows: 0, size: 0 };
        let line = writer.count(titles.iter().copied());
        writer.write_text(&line)?;
        Ok(writer)
    }

    fn count<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> String {
        let line = csv_line(cells);
        self.hash.update(line.as_bytes());
        self.size += line.len() as u64;
        line
    }

    fn write_text(&mut self, line: &str) -> Result<()> {
        if let Target::Text(file) = &mut self.target {
            file.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        self.rows += 1;
        let line = self.count(cells.iter().map(Cell::text));
        self.write_text(&line)?;
        let Target::Workbook { book, amount } = &mut self.target else { return Ok(()) };
        let sheet = book.worksheet_from_index(0)?;
        for (column, cell) in cells.iter().enumerate() {
            let column = u16::try_from(column).unwrap_or(u16::MAX);
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    sheet.write_string(self.rows, column, neutralised(text))?;
                }
                Cell::Amount(text) => {
                    if let Ok(number) = text.parse::<f64>() {
                        sheet.write_number_with_format(self.rows, column, number, amount)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Rows so far, without the header.
    pub fn rows(&self) -> i64 {
        i64::from(self.rows)
    }

    /// The SHA-256 of header and rows as a comma-separated text without mark, hexadecimal.
    pub fn content_sha256(&self) -> String {
        self.hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Adds the sheet that tells where the content comes from (workbooks), and writes all to `path`.
    pub fn finish(self, path: &Path, about: &[(String, String)], lang: Lang) -> Result<u64> {
        match self.target {
            Target::Workbook { mut book, .. } => {
                let sheet = book.add_worksheet();
                sheet.set_name(if lang == Lang::Zh { "导出信息" } else { "About" })?;
                sheet.set_column_width(0, 18)?;
                sheet.set_column_width(1, 80)?;
                for (row, (name, value)) in about.iter().enumerate() {
                    let row = u32::try_from(row).unwrap_or(u32::MAX);
                    sheet.write_string(row, 0, name)?;
                    sheet.write_string(row, 1, neutralised(value))?;
                }
                book.save(path)?;
            }
            Target::Text(file) => {
                file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
            }
        }
        let file = std::fs::File::open(path)?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    }
}
