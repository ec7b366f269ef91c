//! A report as a workbook: the numbers of the screen, and beside them what they mean (I29, I30).

use rust_xlsxwriter::{Format, Workbook, Worksheet};

use super::model::{Cell, Report, Row, Shape};
use crate::error::Result;
use crate::exchange::cell::{moment, neutralised};
use crate::exchange::write::header_format;
use crate::platform::types::{BusinessZone, Lang, Money};
use crate::platform::work::Work;

/// A report to be written down, with the words around it.
pub struct ReportBook {
    report: Report,
    title: String,
    lang: Lang,
    zone: BusinessZone,
    nobody: String,
}

struct Formats {
    header: Format,
    money: Format,
    rate: Format,
    number: Format,
}

fn yuan(amount: Money) -> f64 {
    amount.fen() as f64 / 100.0
}

impl ReportBook {
    /// A report with its title.
    pub fn new(work: &Work, title: (&str, &str), report: Report) -> ReportBook {
        let moment = moment(report.as_of, work.zone());
        let then = report.looks_back.then(|| work.said((&format!("（截至 {moment}）"), &format!(" (as of {moment})"))));
        let nobody = work.said(("（无）", "(none)"));
        ReportBook { report, title: work.said(title) + &then.unwrap_or_default(), lang: work.actor.lang, zone: work.zone().clone(), nobody }
    }

    /// The file's name.
    pub fn file_name(&self) -> String {
        // A colon in a name is not for every system.
        format!("{}-{}-{}.xlsx", self.title.replace(':', ""), self.report.from, self.report.to)
    }

    fn word<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    /// The workbook's bytes.
    pub fn write(&self) -> Result<Vec<u8>> {
        let mut book = Workbook::new();
        let formats = Formats {
            header: header_format(),
            money: Format::new().set_num_format("#,##0.00"),
            rate: Format::new().set_num_format("0.0%"),
            number: Format::new().set_num_format("0.0"),
        };
        let sheet = book.add_worksheet();
        sheet.set_name(self.word("报表", "Report"))?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        self.table(sheet, &formats)?;
        if !self.report.stuck.is_empty() {
            let sheet = book.add_worksheet();
            sheet.set_name(self.word("超时限商机", "Over the limit"))?;
            self.stuck(sheet, &formats)?;
        }
        if !self.report.heat.is_empty() {
            let sheet = book.add_worksheet();
            sheet.set_name(self.word("热力图", "Hours of the week"))?;
            self.heat(sheet, &formats)?;
        }
        let sheet = book.add_worksheet();
        sheet.set_name(self.word("指标口径", "Definition"))?;
        self.definition(sheet)?;
        Ok(book.save_to_buffer()?)
    }

    fn headings(&self) -> Vec<String> {
        let mut all = vec![self.title.clone()];
        for column in &self.report.columns {
            all.push(match column.shape {
                Shape::CountAndSum => format!("{}{}", column.label, self.word("（个）", " (number)")),
                Shape::Duration => format!("{}{}", column.label, self.word("（天）", " (days)")),
                _ => column.label.clone(),
            });
            if column.shape == Shape::CountAndSum {
                all.push(format!("{}{}", column.label, self.word("（元）", " (CNY)")));
            }
        }
        all
    }

    fn table(&self, sheet: &mut Worksheet, formats: &Formats) -> Result<()> {
        for (at, heading) in self.headings().iter().enumerate() {
            sheet.write_string_with_format(0, at as u16, neutralised(heading), &formats.header)?;
            sheet.set_column_width(at as u16, if at == 0 { 24 } else { 16 })?;
        }
        sheet.set_freeze_panes(1, 1)?;
        for (number, row) in self.report.rows.iter().chain([&self.report.total]).enumerate() {
            self.row(sheet, number as u32 + 1, row, formats)?;
        }
        Ok(())
    }

    fn row(&self, sheet: &mut Worksheet, line: u32, row: &Row, formats: &Formats) -> Result<()> {
        sheet.write_string(line, 0, neutralised(row.name.as_deref().unwrap_or(&self.nobody)))?;
        let mut at = 1;
        for (column, cell) in self.report.columns.iter().zip(&row.cells) {
            write(sheet, (line, at), column.shape, cell, formats)?;
            at += if column.shape == Shape::CountAndSum { 2 } else { 1 };
        }
        Ok(())
    }

    fn stuck(&self, sheet: &mut Worksheet, formats: &Formats) -> Result<()> {
        let headings = match self.lang {
            Lang::Zh => ["商机编号", "商机", "阶段", "负责人", "预计金额（元）", "停留（天）", "超出（天）"],
            Lang::En => ["Number", "Opportunity", "Stage", "Owner", "Expected (CNY)", "Stayed (days)", "Over by (days)"],
        };
        for (at, heading) in headings.iter().enumerate() {
            sheet.write_string_with_format(0, at as u16, *heading, &formats.header)?;
            sheet.set_column_width(at as u16, 20)?;
        }
        for (number, one) in self.report.stuck.iter().enumerate() {
            let line = number as u32 + 1;
            let texts = [&one.number, &one.name, &one.stage_name, one.owner_name.as_deref().unwrap_or(&self.nobody)];
            for (at, text) in texts.into_iter().enumerate() {
                sheet.write_string(line, at as u16, neutralised(text))?;
            }
            sheet.write_number_with_format(line, 4, yuan(one.expected_amount), &formats.money)?;
            sheet.write_number_with_format(line, 5, days(one.stayed_seconds), &formats.number)?;
            sheet.write_number_with_format(line, 6, days(one.excess_seconds), &formats.number)?;
        }
        Ok(())
    }

    fn heat(&self, sheet: &mut Worksheet, formats: &Formats) -> Result<()> {
        let weekdays = match self.lang {
            Lang::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
            Lang::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        };
        for hour in 0..24_u16 {
            sheet.write_number_with_format(0, hour + 1, f64::from(hour), &formats.header)?;
        }
        for (number, weekday) in weekdays.iter().enumerate() {
            sheet.write_string(number as u32 + 1, 0, *weekday)?;
        }
        for cell in &self.report.heat {
            sheet.write_number(cell.weekday as u32, cell.hour as u16 + 1, cell.count as f64)?;
        }
        Ok(())
    }

    fn definition(&self, sheet: &mut Worksheet) -> Result<()> {
        let (report, said) = (&self.report, &self.report.definition);
        let lines = [
            (self.word("报表", "Report"), self.title.clone()),
            (self.word("期间", "Period"), format!("{} – {}", report.from, report.to)),
            (self.word("统计时间", "As of"), moment(report.as_of, &self.zone)),
            (self.word("计算公式", "Formula"), said.formula.clone()),
            (self.word("日期口径", "Date"), said.date_field.clone()),
            (self.word("归属口径", "Owner"), said.owner_basis.clone()),
            (self.word("统计范围", "What counts"), said.includes.clone()),
        ];
        let wrapped = Format::new().set_text_wrap();
        sheet.set_column_width(0, 16)?;
        sheet.set_column_width(1, 100)?;
        for (line, (name, text)) in lines.iter().enumerate() {
            sheet.write_string(line as u32, 0, *name)?;
            sheet.write_string_with_format(line as u32, 1, neutralised(text), &wrapped)?;
        }
        if let Some(day) = report.snapshot {
            sheet.write_string(lines.len() as u32, 0, self.word("预测留存日", "Forecast of"))?;
            sheet.write_string(lines.len() as u32, 1, day.to_string())?;
        }
        Ok(())
    }
}

fn days(seconds: i64) -> f64 {
    (seconds as f64 / 8_640.0).round() / 10.0
}

fn write(sheet: &mut Worksheet, (line, at): (u32, u16), shape: Shape, cell: &Cell, formats: &Formats) -> Result<()> {
    let number = match shape {
        Shape::Count | Shape::CountAndSum => cell.count.map(|count| (count as f64, None)),
        Shape::Money => cell.sum.map(|sum| (yuan(sum), Some(&formats.money))),
        Shape::Rate => cell.rate.map(|rate| (rate.percent / 100.0, Some(&formats.rate))),
        Shape::Score => cell.rate.map(|rate| (rate.percent, Some(&formats.number))),
        Shape::Duration => cell.seconds.map(|seconds| (days(seconds), Some(&formats.number))),
    };
    match number {
        Some((number, Some(format))) => sheet.write_number_with_format(line, at, number, format)?,
        Some((number, None)) => sheet.write_number(line, at, number)?,
        None => sheet.write_string(line, at, "—")?,
    };
    if shape == Shape::CountAndSum
        && let Some(sum) = cell.sum
    {
        sheet.write_number_with_format(line, at + 1, yuan(sum), &formats.money)?;
    }
    Ok(())
}
