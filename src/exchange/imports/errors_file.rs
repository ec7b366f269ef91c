//! The refused rows as a workbook with what is wrong beside them, to be corrected and sent again (I46).

use rust_xlsxwriter::{Color, Format, Workbook};

use super::model::{Kept, KeptRow, reason_header};
use crate::error::Result;
use crate::exchange::columns::is_reason;
use crate::exchange::write::header_format;
use crate::platform::types::Lang;

/// Puts refused rows together.
pub struct ErrorsFile {
    book: Workbook,
    import: Kept,
    /// The columns of the file but an older reason column.
    kept: Vec<usize>,
    row: u32,
    lang: Lang,
}

impl ErrorsFile {
    /// Begins with the header.
    pub fn begin(import: Kept, lang: Lang) -> Result<ErrorsFile> {
        let header = import.headers();
        let kept: Vec<usize> = (0..header.len()).filter(|at| !is_reason(&header[*at])).collect();
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let (plain, marked) = (header_format(), header_format().set_font_color(Color::Red));
        for (column, at) in kept.iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, &header[*at], &plain)?;
            sheet.set_column_width(column as u16, 16)?;
        }
        sheet.write_string_with_format(0, kept.len() as u16, reason_header(lang), &marked)?;
        sheet.set_column_width(kept.len() as u16, 60)?;
        sheet.set_freeze_panes(1, 0)?;
        Ok(ErrorsFile { book, import, kept, row: 0, lang })
    }

    /// Adds rows.
    pub fn add(&mut self, rows: &[KeptRow]) -> Result<()> {
        let red = Format::new().set_font_color(Color::Red);
        let sheet = self.book.worksheet_from_index(0)?;
        for row in rows {
            self.row += 1;
            let cells = row.texts();
            for (column, at) in self.kept.iter().enumerate() {
                if let Some(text) = cells.get(*at).filter(|text| !text.is_empty()) {
                    sheet.write_string(self.row, column as u16, text)?;
                }
            }
            let (kind, lang) = (self.import.kind, self.lang);
            let parts: Vec<String> = row.why().iter().map(|reason| reason.sentence(kind, lang)).collect();
            let why = parts.join(if lang == Lang::Zh { "；" } else { "; " });
            sheet.write_string_with_format(self.row, self.kept.len() as u16, why, &red)?;
        }
        Ok(())
    }

    /// The workbook's bytes.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        Ok(self.book.save_to_buffer()?)
    }
}
