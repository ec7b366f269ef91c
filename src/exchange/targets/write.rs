//! The year as a workbook, to be changed and sent back.

use rust_xlsxwriter::{Format, Workbook};

use super::columns::{Column, level};
use crate::error::Result;
use crate::exchange::cell::neutralised;
use crate::exchange::write::header_format;
use crate::platform::types::{Lang, Money};
use crate::settings::targets::TargetTree;

/// The amount as a spreadsheet takes it.
fn number(amount: Money) -> f64 {
    amount.fen() as f64 / 100.0
}

/// The workbook's bytes.
pub fn workbook(tree: &TargetTree, lang: Lang) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let (header, money) = (header_format(), Format::new().set_num_format("#,##0.00"));
    let months = (1..=12).map(|month| Column::Month(format!("{:04}-{month:02}", tree.year)));
    let columns: Vec<Column> = [Column::Level, Column::Number, Column::Name].into_iter().chain(months).chain([Column::Total]).collect();
    let sheet = book.add_worksheet();
    sheet.set_name(if lang == Lang::Zh { "业绩目标" } else { "Targets" })?;
    for (at, column) in columns.iter().enumerate() {
        let at = at as u16;
        sheet.write_string_with_format(0, at, column.title(lang), &header)?;
        sheet.set_column_width(at, if at == 2 { 28 } else { 15 })?;
    }
    sheet.set_freeze_panes(1, 3)?;
    for (row, node) in tree.nodes.iter().enumerate() {
        let row = u32::try_from(row + 1).unwrap_or(u32::MAX);
        sheet.write_string(row, 0, level(node.owner_type, lang))?;
        sheet.write_string(row, 1, neutralised(node.employee_number.as_deref().unwrap_or_default()))?;
        sheet.write_string(row, 2, neutralised(&node.name))?;
        for (at, month) in node.months.iter().enumerate() {
            if let Some(amount) = month.amount {
                sheet.write_number_with_format(row, at as u16 + 3, number(amount), &money)?;
            }
        }
        if let Some(amount) = node.year.amount {
            sheet.write_number_with_format(row, 15, number(amount), &money)?;
        }
    }
    Ok(book.save_to_buffer()?)
}
