//! The empty forms: headers with 「*」 at required columns, drop-downs from the dictionaries, one sample row that the import skips.

use rust_xlsxwriter::{Color, DataValidation, DataValidationErrorStyle, Format, FormatBorder, Formula, Workbook};

use crate::error::Result;
use crate::exchange::columns::Kind;
use crate::exchange::labels;
use crate::exchange::write::header_format;
use crate::identity;
use crate::platform::types::Lang;
use crate::platform::work::Work;
use crate::settings::{self, Kind as Dictionary, StageKind};

/// Rows a form has drop-downs for.
const ROWS: u32 = 2_000;

/// A column of a form with its sample.
type Sample = (&'static str, &'static str);

const CUSTOMERS: &[Sample] = &[
    ("name", "（示例）华为技术有限公司"),
    ("contact_name", "张伟"),
    ("phone", "13800138000"),
    ("industry", "制造业"),
    ("source_channels", "展会推广"),
    ("source_detail", "2024 年春季工业展"),
    ("email", "zhangwei@example.com"),
    ("tags", "意向客户"),
    ("region", "华东"),
    ("credit_code", ""),
    ("address", "上海市浦东新区张江路 1 号"),
    ("requirement", "ERP 系统升级"),
    ("remark", ""),
    ("status", "潜在客户"),
    ("owner", ""),
    ("deal_date", ""),
    ("contract_amount", ""),
];

const OPPORTUNITIES: &[Sample] = &[
    ("name", "（示例）公司ERP系统采购项目"),
    ("customer_number", ""),
    ("customer_name", "华为技术有限公司"),
    ("expected_amount", "500000.00"),
    ("expected_close_date", "2024-03-20"),
    ("stage", "初步接触"),
    ("owner", ""),
    ("remark", ""),
    ("won_amount", ""),
    ("won_date", ""),
    ("lost_reason", ""),
    ("competitor", ""),
];

const TASKS: &[Sample] = &[
    ("kind", "客户跟进"),
    ("content", "（示例）拜访客户，确认报价"),
    ("opportunity_number", ""),
    ("customer_number", ""),
    ("customer_name", "华为技术有限公司"),
    ("assignee", ""),
    ("due_date", "2024-03-22"),
];

/// What a drop-down offers.
struct Choices {
    key: &'static str,
    values: Vec<String>,
    /// Other values are wrong, not only unusual.
    strict: bool,
}

/// What a form needs of the database.
pub struct Form {
    kind: Kind,
    lang: Lang,
    choices: Vec<Choices>,
}

fn words(words: labels::Words, lang: Lang) -> Vec<String> {
    words.iter().map(|(word, _, _)| labels::title(words, word, lang)).collect()
}

/// Looks up what a form offers.
pub fn form(work: &mut Work, kind: Kind) -> Result<Form> {
    let lang = work.actor.lang;
    let mut entries = |kind: Dictionary| -> Result<Vec<String>> {
        Ok(settings::entries(work, kind)?.into_iter().filter(|entry| !entry.disabled).map(|entry| entry.name).collect())
    };
    let choices = match kind {
        Kind::Customers => vec![
            Choices { key: "industry", values: entries(Dictionary::Industry)?, strict: true },
            Choices { key: "region", values: entries(Dictionary::Region)?, strict: true },
            // Several sources stand in one cell, so the list only proposes.
            Choices { key: "source_channels", values: entries(Dictionary::SourceChannel)?, strict: false },
            Choices { key: "status", values: words(labels::STATUS, lang), strict: true },
        ],
        Kind::Tasks => {
            let kinds = entries(Dictionary::TaskKind)?;
            // Whom a task may be given to is judged when the sheet comes back, so the list only proposes.
            let people = identity::sheet_names(work)?;
            vec![Choices { key: "kind", values: kinds, strict: true }, Choices { key: "assignee", values: people, strict: false }]
        }
        _ => {
            let reasons = entries(Dictionary::LostReason)?;
            let mut stages = settings::stages(work)?;
            stages.sort_by_key(|stage| (stage.kind != StageKind::Open, stage.position));
            vec![
                Choices { key: "stage", values: stages.into_iter().map(|stage| stage.name).collect(), strict: true },
                Choices { key: "lost_reason", values: reasons, strict: false },
            ]
        }
    };
    Ok(Form { kind, lang, choices })
}

impl Form {
    /// The file's name.
    pub fn file_name(&self) -> &'static str {
        match (self.kind, self.lang) {
            (Kind::Customers, Lang::Zh) => "客户信息登记表.xlsx",
            (Kind::Customers, Lang::En) => "Customer form.xlsx",
            (Kind::Tasks, Lang::Zh) => "任务分配表.xlsx",
            (Kind::Tasks, Lang::En) => "Task form.xlsx",
            (_, Lang::Zh) => "商机导入表.xlsx",
            (_, Lang::En) => "Opportunity form.xlsx",
        }
    }

    /// The workbook's bytes.
    pub fn write(&self) -> Result<Vec<u8>> {
        let mut book = Workbook::new();
        let zh = self.lang == Lang::Zh;
        let (samples, notes_of) = match self.kind {
            Kind::Customers => (CUSTOMERS, NOTES),
            Kind::Tasks => (TASKS, TASK_NOTES),
            _ => (OPPORTUNITIES, NOTES),
        };
        let plain = header_format();
        let required = header_format().set_font_color(Color::Red);
        let sample = Format::new().set_font_color(Color::Gray).set_italic();
        let text = Format::new().set_num_format("@");
        let lists = if zh { "选项" } else { "Choices" };
        let sheet = book.add_worksheet();
        sheet.set_name(match (self.kind, zh) {
            (Kind::Customers, true) => "客户信息登记表",
            (Kind::Customers, false) => "Customers",
            (Kind::Tasks, true) => "任务分配表",
            (Kind::Tasks, false) => "Tasks",
            (_, true) => "商机导入表",
            (_, false) => "Opportunities",
        })?;
        for (at, (key, example)) in samples.iter().enumerate() {
            let at = at as u16;
            let Some(column) = self.kind.column(key) else { continue };
            let title = if column.required { format!("*{}", column.title(self.lang)) } else { column.title(self.lang).to_owned() };
            sheet.set_column_width(at, (title.chars().count() * 2 + 4).clamp(12, 30) as f64)?;
            // Phones, codes and days stay as they are typed.
            if !column.is_amount() {
                sheet.set_column_format(at, &text)?;
            }
            sheet.write_string_with_format(0, at, &title, if column.required { &required } else { &plain })?;
            sheet.write_string_with_format(1, at, *example, &sample)?;
            if let Some(place) = self.choices.iter().position(|choices| choices.key == *key) {
                let choices = &self.choices[place];
                let letter = char::from(b'A' + place as u8);
                let range = format!("='{lists}'!${letter}$1:${letter}${}", choices.values.len().max(1));
                let style = if choices.strict { DataValidationErrorStyle::Stop } else { DataValidationErrorStyle::Information };
                let rule = DataValidation::new().allow_list_formula(Formula::new(range)).set_error_style(style);
                sheet.add_data_validation(1, at, ROWS, at, &rule)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        let offered = book.add_worksheet();
        offered.set_name(lists)?;
        for (at, choices) in self.choices.iter().enumerate() {
            for (row, value) in choices.values.iter().enumerate() {
                offered.write_string(row as u32, at as u16, value)?;
            }
        }
        offered.set_hidden(true);
        let notes = book.add_worksheet();
        notes.set_name(if zh { "填写说明" } else { "Notes" })?;
        notes.set_column_width(0, 90)?;
        let border = Format::new().set_border(FormatBorder::Thin).set_text_wrap();
        for (row, (chinese, english)) in notes_of.iter().enumerate() {
            notes.write_string_with_format(row as u32, 0, if zh { *chinese } else { *english }, &border)?;
        }
        Ok(book.save_to_buffer()?)
    }
}

const TASK_NOTES: &[(&str, &str)] = &[
    (
        "带 * 的列必填；第 2 行是示例，读取时自动跳过，可以删除。",
        "Columns with * are required; row 2 is a sample, which is skipped and may be deleted.",
    ),
    (
        "填写商机编号时任务关联该商机及其客户；否则按客户编号或客户名称关联客户；都不填则不关联。",
        "With an opportunity number the task is about it and its customer; else about the customer of the number or name; else about none.",
    ),
    (
        "执行人填写工号或姓名；留空则为商机或客户的负责人，没有关联时为您自己。",
        "The assignee is an employee number or a name; empty means the record's owner, or yourself without a record.",
    ),
    ("截止日期须晚于当天，写作 2024-03-22 或 2024/3/22。", "The due date is later than today: 2024-03-22 or 2024/3/22."),
    ("任何一行有误则全部不创建；一次最多 1,000 行。", "With one wrong row none is given; at most 1,000 rows at a time."),
];

const NOTES: &[(&str, &str)] = &[
    (
        "带 * 的列必填；第 2 行是示例，导入时自动跳过，可以删除。",
        "Columns with * are required; row 2 is a sample, which the import skips and which may be deleted.",
    ),
    (
        "日期写作 2024-03-20 或 2024/3/20；金额以元为单位，最多两位小数。",
        "Dates as 2024-03-20 or 2024/3/20; amounts in CNY with at most two decimals.",
    ),
    ("多个来源渠道或标签用顿号「、」或逗号隔开；新标签会自动创建。", "Several sources or tags are separated by commas; new tags are made."),
    ("负责人填写工号或姓名，留空则为导入人自己。", "The owner is an employee number or a name; empty means whoever imports."),
    ("客户状态填「成交客户」时须同时填写成交日期与合同金额。", "A customer that is won needs deal date and contract amount."),
    ("一次最多 50,000 行、100 列、10 MB。", "At most 50,000 rows, 100 columns and 10 MB at a time."),
];
