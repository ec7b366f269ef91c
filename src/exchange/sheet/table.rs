//! The rows of a file on their way out: the first that is not empty names the columns, empty ones are dropped, and the limits are
//! kept, whatever the format.

use super::{LONGEST_CELL, Line, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, SheetError, SheetRow, Tell};

/// A table being read.
pub struct Table<'t> {
    tell: &'t mut Tell<'t>,
    header: Option<usize>,
    rows: i64,
    text: usize,
}

impl<'t> Table<'t> {
    /// A table that tells its lines to `tell`.
    pub fn new(tell: &'t mut Tell<'t>) -> Table<'t> {
        Table { tell, header: None, rows: 0, text: 0 }
    }

    /// Judges a cell before it is kept.
    pub fn admit(column: usize, text: &str) -> Result<(), SheetError> {
        if column >= MOST_COLUMNS {
            return Err(SheetError::TooManyColumns);
        }
        if text.len() > LONGEST_CELL && text.chars().count() > LONGEST_CELL {
            return Err(SheetError::CellTooLong);
        }
        Ok(())
    }

    /// Takes the next row.
    pub fn row(&mut self, line: i64, mut cells: Vec<String>) -> Result<(), SheetError> {
        while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        for (column, cell) in cells.iter().enumerate() {
            Table::admit(column, cell)?;
            self.text += cell.len();
        }
        if self.text > MOST_TEXT {
            return Err(SheetError::TooBig);
        }
        if self.header.is_none() {
            return self.begin(cells);
        }
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(SheetError::TooManyRows);
        }
        self.say(&Line::Row(SheetRow { line, cells }))
    }

    fn begin(&mut self, cells: Vec<String>) -> Result<(), SheetError> {
        let names: Vec<String> = cells.iter().map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        for (column, name) in names.iter().enumerate() {
            if !name.is_empty() && names[..column].contains(name) {
                return Err(SheetError::DuplicateHeader);
            }
        }
        self.header = Some(names.len());
        self.say(&Line::Header(names))
    }

    fn say(&mut self, line: &Line) -> Result<(), SheetError> {
        (self.tell)(line).map_err(|_| SheetError::Unreadable)
    }

    /// All was read.
    pub fn done(self) -> Result<i64, SheetError> {
        if self.rows == 0 { Err(SheetError::Empty) } else { Ok(self.rows) }
    }
}
