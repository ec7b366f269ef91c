//! Comma-separated texts (RFC 4180) in UTF-8, with or without its mark, or in GBK, as Excel in China writes them.

use std::path::Path;

use super::SheetError;
use super::table::Table;

/// Reads a text into the table.
pub fn read(path: &Path, table: &mut Table) -> Result<(), SheetError> {
    let bytes = std::fs::read(path).map_err(|_| SheetError::Unreadable)?;
    let text = decoded(&bytes)?;
    let separator = separator(&text);
    rows(&text, separator, table)
}

fn decoded(bytes: &[u8]) -> Result<String, SheetError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(SheetError::Utf16);
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let nuls = bytes.iter().filter(|byte| **byte == 0).count();
    // Western letters in UTF-16 are every other byte a NUL.
    if nuls > 0 {
        return Err(if nuls * 4 >= bytes.len() { SheetError::Utf16 } else { SheetError::Binary });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, bad) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    if bad { Err(SheetError::Encoding) } else { Ok(text.into_owned()) }
}

/// What stands between the names of the columns: mostly a comma, a tab when the text was copied from a sheet.
fn separator(text: &str) -> char {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |wanted: char| {
        let mut quoted = false;
        first
            .chars()
            .filter(|letter| {
                quoted ^= *letter == '"';
                !quoted && *letter == wanted
            })
            .count()
    };
    [',', '\t', ';'].into_iter().rev().max_by_key(|wanted| count(*wanted)).unwrap_or(',')
}

fn rows(text: &str, separator: char, table: &mut Table) -> Result<(), SheetError> {
    let mut letters = text.chars().peekable();
    let (mut cells, mut cell) = (Vec::new(), String::new());
    // The line on which the row began, and the one being read.
    let (mut began, mut line) = (1_i64, 1_i64);
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        if quoted {
            match letter {
                '"' if letters.peek() == Some(&'"') => {
                    letters.next();
                    cell.push('"');
                }
                '"' => quoted = false,
                _ => {
                    line += i64::from(letter == '\n');
                    cell.push(letter);
                }
            }
        } else if letter == '"' && cell.is_empty() {
            quoted = true;
        } else if letter == separator {
            Table::admit(cells.len(), &cell)?;
            cells.push(std::mem::take(&mut cell));
        } else if letter == '\n' || letter == '\r' {
            if letter == '\r' && letters.peek() == Some(&'\n') {
                letters.next();
            }
            cells.push(std::mem::take(&mut cell));
            table.row(began, std::mem::take(&mut cells))?;
            line += 1;
            began = line;
        } else {
            cell.push(letter);
        }
    }
    if quoted {
        return Err(SheetError::OpenQuote);
    }
    cells.push(cell);
    table.row(began, cells)
}

#[cfg(test)]
mod tests {
    use super::super::{Line, SheetRow};
    use super::*;

    fn read_all(bytes: &[u8]) -> Result<Vec<Line>, SheetError> {
        let mut lines = Vec::new();
        let mut tell = |line: &Line| {
            lines.push(line.clone());
            Ok(())
        };
        let text = decoded(bytes)?;
        let mut table = Table::new(&mut tell);
        rows(&text, separator(&text), &mut table)?;
        table.done()?;
        Ok(lines)
    }

    fn row(line: i64, cells: &[&str]) -> Line {
        Line::Row(SheetRow { line, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() })
    }

    #[test]
    fn quotes_newlines_and_ragged_rows_are_read() {
        let lines = read_all("名称,备注\r\n\"华为,技术\",\"第一行\n\"\"第二行\"\"\"\r\n\r\n短\n长,1,2\n".as_bytes()).unwrap();
        let header = Line::Header(vec!["名称".into(), "备注".into()]);
        assert_eq!(lines, [header, row(2, &["华为,技术", "第一行\n\"第二行\""]), row(5, &["短"]), row(6, &["长", "1", "2"])]);
    }

    #[test]
    fn every_usual_encoding_is_understood_and_the_unusual_named() {
        let text = "名称\n华为技术";
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        let with_mark = [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &with_mark, &gbk] {
            assert_eq!(read_all(bytes).unwrap()[1], row(2, &["华为技术"]));
        }
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(read_all(&utf16), Err(SheetError::Utf16));
        let unmarked: Vec<u8> = "name,phone\nHuawei,1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read_all(&unmarked), Err(SheetError::Utf16));
        assert_eq!(read_all(b"name\na\0bcdefghi"), Err(SheetError::Binary));
        assert_eq!(read_all(b"name\n\xff\xff\xff"), Err(SheetError::Encoding));
        assert_eq!(read_all(b"name\n\"open"), Err(SheetError::OpenQuote));
    }

    #[test]
    fn a_tab_separates_what_was_copied_from_a_sheet() {
        assert_eq!(read_all("名称\t电话\n华为, 技术\t1".as_bytes()).unwrap()[1], row(2, &["华为, 技术", "1"]));
    }
}
