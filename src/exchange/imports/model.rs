//! An import: a file on its way into the database.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Error;
use crate::exchange::columns::{Column, Kind, REASON, ToldColumn};
use crate::platform::draft::Given;
use crate::platform::types::{FieldCode, Instant, Lang};
use crate::{row, words};

words! {
    /// What happens to rows whose record is known already.
    pub enum Mode {
        /// 新增: a known one is refused.
        Create = "create",
        /// 更新: an unknown one is refused.
        Update = "update",
        /// 新增或更新
        Upsert = "upsert",
        /// 跳过重复: a known one is left alone.
        Skip = "skip",
    }
}

words! {
    /// Where an import stands.
    pub enum State {
        /// The file is being read.
        Reading = "reading",
        /// Read; nothing was tried yet.
        Uploaded = "uploaded",
        /// Being tried, without any effect.
        Checking = "checking",
        /// Tried.
        Checked = "checked",
        /// Being entered.
        Running = "running",
        /// Entered.
        Done = "done",
        /// Given up, and why.
        Failed = "failed",
        /// Being taken back.
        Undoing = "undoing",
        /// Taken back.
        Undone = "undone",
    }
}

words! {
    /// What became of a row.
    pub enum RowState {
        /// Not yet looked at.
        Waiting = "waiting",
        /// A new record.
        Created = "created",
        /// A changed record.
        Updated = "updated",
        /// Left alone.
        Skipped = "skipped",
        /// Refused.
        Bad = "bad",
        /// Taken back.
        Undone = "undone",
        /// Not taken back, and why.
        Kept = "kept",
    }
}

row! {
    /// An import as it is kept.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: i64 = "m.id",
        pub kind: Kind = "m.kind",
        pub mode: Mode = "m.mode",
        pub state: State = "m.state",
        pub file_name: String = "m.file_name",
        pub sha256: String = "m.sha256",
        pub header: String = "m.header",
        pub mapping: String = "m.mapping",
        pub total_rows: i64 = "m.total_rows",
        pub next_line: i64 = "m.next_line",
        pub done_rows: i64 = "m.done_rows",
        pub created_rows: i64 = "m.created_rows",
        pub updated_rows: i64 = "m.updated_rows",
        pub skipped_rows: i64 = "m.skipped_rows",
        pub bad_rows: i64 = "m.bad_rows",
        pub undone_rows: i64 = "m.undone_rows",
        pub kept_rows: i64 = "m.kept_rows",
        pub round: i64 = "m.round",
        pub problem: String = "m.problem",
        pub assign: String = "m.assign",
        pub team_id: Option<i64> = "m.team_id",
        pub created_by: i64 = "m.created_by",
        pub created_at: Instant = "m.created_at",
        pub finished_at: Instant = "m.finished_at",
        pub version: i64 = "m.version",
    }
}

impl Kept {
    /// The names of the columns.
    pub fn headers(&self) -> Vec<String> {
        serde_json::from_str(&self.header).unwrap_or_default()
    }

    /// What the columns bring, as it was decided.
    pub fn chosen(&self) -> Vec<Option<&'static Column>> {
        let keys: Vec<Option<String>> = serde_json::from_str(&self.mapping).unwrap_or_default();
        keys.into_iter().map(|key| key.and_then(|key| self.kind.column(&key))).collect()
    }

    /// True when its rows were entered and are not being taken back; also when it ended early, but not when it was only tried.
    pub fn can_undo(&self) -> bool {
        self.state == State::Done
            || (self.state == State::Failed && matches!(self.problem.as_str(), "not_allowed" | "broke" | "undo_broke"))
    }

    /// The import in a list.
    pub fn summary(&self, lang: Lang) -> ImportSummary {
        ImportSummary {
            id: self.id,
            kind: self.kind,
            mode: self.mode,
            state: self.state,
            file_name: self.file_name.clone(),
            total_rows: self.total_rows,
            done_rows: self.done_rows,
            created_rows: self.created_rows,
            updated_rows: self.updated_rows,
            skipped_rows: self.skipped_rows,
            bad_rows: self.bad_rows,
            undone_rows: self.undone_rows,
            kept_rows: self.kept_rows,
            can_undo: self.can_undo() && self.created_rows + self.updated_rows > self.undone_rows + self.kept_rows,
            problem: (!self.problem.is_empty()).then(|| problem_text(self, lang)),
            created_at: self.created_at,
            finished_at: (self.finished_at.ms() > 0).then_some(self.finished_at),
            version: self.version,
        }
    }
}

/// Why an import ended early, and what of it stands.
fn problem_text(import: &Kept, lang: Lang) -> String {
    let (entered, seen, all) = (import.created_rows + import.updated_rows, import.done_rows, import.total_rows);
    let (zh, en) = match import.problem.as_str() {
        "check_not_allowed" => ("导入人已没有相应权限".to_owned(), "The importer no longer has the right to do this".to_owned()),
        "not_allowed" => (
            format!("导入人已没有相应权限；已处理 {seen}/{all} 行，其中 {entered} 行已写入"),
            format!("The importer no longer has the right to do this; {seen} of {all} rows were gone through, {entered} of them entered"),
        ),
        "check_broke" => (
            format!("系统故障，检查在第 {seen}/{all} 行后中断；没有写入任何数据，请联系管理员"),
            format!("Something broke after {seen} of {all} rows were checked; nothing was entered. Please tell your administrator"),
        ),
        "broke" => (
            format!("系统故障，多次重试后仍未成功；已处理 {seen}/{all} 行，其中 {entered} 行已写入，可以撤销，其余未导入，请联系管理员"),
            format!(
                "Something broke and trying again did not help; {seen} of {all} rows were gone through, {entered} of them entered, which can be undone; the rest was not imported. Please tell your administrator"
            ),
        ),
        "undo_broke" => (
            format!("系统故障，撤销中断；{} 行已撤销，可以继续撤销", import.undone_rows),
            format!("Something broke while undoing; {} rows were taken back, and you can go on", import.undone_rows),
        ),
        _ => ("导入中断".to_owned(), "The import was interrupted".to_owned()),
    };
    if lang == Lang::Zh { zh } else { en }
}

/// An import in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportSummary {
    /// Id.
    pub id: i64,
    /// `customers` or `opportunities`.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// `create`, `update`, `upsert`, `skip`.
    #[schema(value_type = String)]
    pub mode: Mode,
    /// `reading`, `uploaded`, `checking`, `checked`, `running`, `done`, `failed`, `undoing`, `undone`.
    #[schema(value_type = String)]
    pub state: State,
    /// The file's name.
    pub file_name: String,
    /// Rows in the file.
    pub total_rows: i64,
    /// Rows looked at so far.
    pub done_rows: i64,
    /// New records; in a dry run those there would be.
    pub created_rows: i64,
    /// Changed records.
    pub updated_rows: i64,
    /// Rows left alone.
    pub skipped_rows: i64,
    /// Refused rows.
    pub bad_rows: i64,
    /// Rows taken back.
    pub undone_rows: i64,
    /// Rows that could not be taken back, because somebody has worked with the record since.
    pub kept_rows: i64,
    /// True when the whole import can be taken back.
    pub can_undo: bool,
    /// Why it ended early.
    pub problem: Option<String>,
    /// When the file was sent.
    pub created_at: Instant,
    /// When it was done.
    pub finished_at: Option<Instant>,
    /// Grows with every step.
    pub version: i64,
}

/// An import with its columns.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Import {
    /// What lists show, too.
    #[serde(flatten)]
    pub summary: ImportSummary,
    /// The file's columns and what they mean.
    pub columns: Vec<FileColumn>,
    /// What a column can mean.
    pub fields: Vec<ToldColumn>,
    /// An earlier import of the very same file by the same person.
    pub same_file_import_id: Option<i64>,
}

/// A column of the file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileColumn {
    /// Its header.
    pub header: String,
    /// What it means: as decided, else as suggested; null for nothing.
    pub field: Option<String>,
    /// What stands in its first rows.
    pub samples: Vec<String>,
}

/// Header → what it means; null leaves the column out.
pub type Mapping = BTreeMap<String, Option<String>>;

/// How an import goes on.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunDraft {
    /// `create` (default), `update`, `upsert`, `skip`.
    #[schema(value_type = Option<String>)]
    pub mode: Given<Mode>,
    /// True to try it without any effect.
    pub dry_run: Given<bool>,
    /// What the columns mean. Without it the headers must be the template's.
    pub mapping: Option<Mapping>,
}

/// What came with a file.
#[derive(Debug, Clone, Serialize)]
pub struct NewImport {
    pub kind: Kind,
    pub mode: Mode,
    pub file_name: String,
    pub sha256: String,
    /// The rules say who gets new customers that nobody is named for (S65).
    pub by_rules: bool,
}

row! {
    /// A row as it is kept.
    #[derive(Debug, Clone)]
    pub struct KeptRow {
        pub line: i64 = "r.line",
        pub cells: String = "r.cells",
        pub state: RowState = "r.state",
        pub reasons: String = "r.reasons",
        pub record_id: Option<i64> = "r.record_id",
        pub record_number: String = "r.record_number",
        pub record_version: Option<i64> = "r.record_version",
        pub before: String = "r.before",
    }
}

impl KeptRow {
    /// Its cells as they stand in the file.
    pub fn texts(&self) -> Vec<String> {
        serde_json::from_str(&self.cells).unwrap_or_default()
    }

    /// Why it was refused, left alone or kept.
    pub fn why(&self) -> Vec<Reason> {
        serde_json::from_str(&self.reasons).unwrap_or_default()
    }

    /// The row as its reader gets it.
    pub fn told(&self, kind: Kind, lang: Lang) -> ImportedRow {
        ImportedRow {
            line: self.line,
            state: self.state,
            cells: self.texts(),
            reasons: self.why().iter().map(|reason| reason.told(kind, lang)).collect(),
            record_id: self.record_id,
            record_number: (!self.record_number.is_empty()).then(|| self.record_number.clone()),
        }
    }
}

/// What became of a row of the file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportedRow {
    /// The line, as the spreadsheet program counts.
    pub line: i64,
    /// `created`, `updated`, `skipped`, `bad`, `undone`, `kept`, `waiting`.
    #[schema(value_type = String)]
    pub state: RowState,
    /// Its cells.
    pub cells: Vec<String>,
    /// Why it was refused or left alone.
    pub reasons: Vec<ToldReason>,
    /// The record it became.
    pub record_id: Option<i64>,
    /// The record's number.
    pub record_number: Option<String>,
}

/// A page of rows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportedRows {
    /// The rows, by line.
    pub items: Vec<ImportedRow>,
    /// Pass it as `after` for the next page; null on the last.
    pub next_after: Option<i64>,
}

/// One reason, in both languages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub field: String,
    pub code: String,
    pub zh: String,
    pub en: String,
}

/// One reason, in the reader's language.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ToldReason {
    /// The column's key; empty when it is about the whole row.
    pub field: String,
    /// The column's name.
    pub label: String,
    /// A stable word, such as `REQUIRED`.
    pub code: String,
    /// What is wrong.
    pub message: String,
}

impl Reason {
    /// A reason of one's own.
    pub fn of(field: &str, code: &FieldCode) -> Reason {
        Reason { field: field.to_owned(), code: code.code().to_owned(), zh: code.message(Lang::Zh), en: code.message(Lang::En) }
    }

    /// Everything an error says about a row.
    pub fn all_of(error: &Error) -> Vec<Reason> {
        let (zh, en) = (error.problem(Lang::Zh, ""), error.problem(Lang::En, ""));
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        match (zh["fields"].as_array(), en["fields"].as_array()) {
            (Some(zh), Some(en)) => zh
                .iter()
                .zip(en)
                .map(|(zh, en)| Reason {
                    field: column_key(zh["field"].as_str().unwrap_or_default()).to_owned(),
                    code: text(&zh["code"]),
                    zh: text(&zh["message"]),
                    en: text(&en["message"]),
                })
                .collect(),
            _ => vec![Reason { field: String::new(), code: text(&zh["code"]), zh: text(&zh["detail"]), en: text(&en["detail"]) }],
        }
    }

    /// In the reader's language.
    pub fn told(&self, kind: Kind, lang: Lang) -> ToldReason {
        let label = kind.column(&self.field).map_or_else(String::new, |column| column.title(lang).to_owned());
        let message = if lang == Lang::Zh { &self.zh } else { &self.en };
        ToldReason { field: self.field.clone(), label, code: self.code.clone(), message: message.clone() }
    }

    /// As one sentence of the reason column.
    pub fn sentence(&self, kind: Kind, lang: Lang) -> String {
        let told = self.told(kind, lang);
        match (told.label.is_empty(), lang) {
            (true, _) => told.message,
            (false, Lang::Zh) => format!("{}：{}", told.label, told.message),
            (false, Lang::En) => format!("{}: {}", told.label, told.message),
        }
    }
}

/// The column behind a field of a draft.
fn column_key(field: &str) -> &str {
    match field {
        "owner_id" => "owner",
        "customer_id" => "customer_name",
        other => other,
    }
}

/// The header of the reason column.
pub fn reason_header(lang: Lang) -> &'static str {
    if lang == Lang::Zh { REASON.0 } else { REASON.1 }
}
