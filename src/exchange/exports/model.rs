//! An export: a list on its way out.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::exchange::columns::{Column, Kind};
use crate::platform::draft::Given;
use crate::platform::types::{Instant, Lang};
use crate::{row, words};

words! {
    /// The kind of file.
    pub enum Format {
        /// A workbook.
        Xlsx = "xlsx",
        /// A comma-separated text in UTF-8.
        Csv = "csv",
        /// The whole company: every table as JSON Lines, and the attachments.
        Zip = "zip",
    }
}

words! {
    /// Where an export stands.
    pub enum State {
        /// Still to be made.
        Waiting = "waiting",
        /// Being made.
        Running = "running",
        /// There to be fetched.
        Done = "done",
        /// Given up, and why.
        Failed = "failed",
        /// Its file was removed.
        Expired = "expired",
    }
}

/// Exports are made in two lines, one after the other in each: no list waits for a whole company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// 完整导出
    Company,
    /// Everything else.
    Lists,
}

/// What is to be exported.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExportDraft {
    /// `customers`, `opportunities`, `follow_ups`, `tasks`, or `company` for everything (administrators). Required.
    #[schema(value_type = Option<String>)]
    pub kind: Given<Kind>,
    /// The list's query parameters: name → value, or several values. `sort` gives the order; `limit` and `cursor` mean nothing here.
    #[schema(value_type = Object)]
    pub filter: Map<String, Value>,
    /// Keys of columns in their order; all of them by default.
    #[schema(value_type = Option<Vec<String>>)]
    pub columns: Given<Vec<String>>,
    /// `xlsx` (default) or `csv`; `zip` for the whole company.
    #[schema(value_type = Option<String>)]
    pub format: Given<Format>,
}

row! {
    /// An export as it is kept.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: i64 = "x.id",
        pub kind: Kind = "x.kind",
        pub format: Format = "x.format",
        pub filter: String = "x.filter",
        pub columns: String = "x.columns",
        pub state: State = "x.state",
        pub file_name: String = "x.file_name",
        pub total_rows: i64 = "x.total_rows",
        pub done_rows: i64 = "x.done_rows",
        pub left_out: i64 = "x.left_out",
        pub size: i64 = "x.size",
        pub content_sha256: String = "x.content_sha256",
        pub problem: String = "x.problem",
        pub lang: String = "x.lang",
        pub fence: i64 = "x.fence",
        pub expires_at: Instant = "x.expires_at",
        pub team_id: Option<i64> = "x.team_id",
        pub created_by: i64 = "x.created_by",
        pub created_at: Instant = "x.created_at",
        pub finished_at: Instant = "x.finished_at",
        pub version: i64 = "x.version",
    }
}

impl Kept {
    /// Its columns.
    pub fn chosen(&self) -> Vec<&'static Column> {
        let keys: Vec<String> = serde_json::from_str(&self.columns).unwrap_or_default();
        keys.iter().filter_map(|key| self.kind.column(key)).collect()
    }

    /// The language of its headers and words.
    pub fn language(&self) -> Lang {
        if self.lang == "en" { Lang::En } else { Lang::Zh }
    }

    /// Where its file lies in the folder of exports.
    pub fn file(&self) -> String {
        format!("{}-{}.{}", self.id, self.fence, self.format.word())
    }

    /// The export as its maker sees it.
    pub fn told(self, lang: Lang) -> Export {
        let done = self.state == State::Done;
        Export {
            id: self.id,
            kind: self.kind,
            format: self.format,
            filter: serde_json::from_str(&self.filter).unwrap_or_default(),
            columns: serde_json::from_str(&self.columns).unwrap_or_default(),
            state: self.state,
            total_rows: self.total_rows,
            done_rows: self.done_rows,
            left_out: self.left_out,
            file_name: (!self.file_name.is_empty()).then_some(self.file_name),
            size: self.size,
            content_sha256: (!self.content_sha256.is_empty()).then_some(self.content_sha256),
            problem: (!self.problem.is_empty()).then(|| problem_text(&self.problem, lang)),
            expires_at: done.then_some(self.expires_at),
            created_at: self.created_at,
            finished_at: (self.finished_at.ms() > 0).then_some(self.finished_at),
            version: self.version,
        }
    }
}

fn problem_text(word: &str, lang: Lang) -> String {
    let (zh, en) = match word {
        "not_allowed" => ("已没有导出权限", "No longer allowed to export"),
        "too_many" => ("超过 1,000,000 行，请缩小范围", "More than 1,000,000 rows; please narrow the list"),
        _ => ("导出失败，请重试", "The export failed; please try again"),
    };
    if lang == Lang::Zh { zh } else { en }.to_owned()
}

/// An export.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Export {
    /// Id.
    pub id: i64,
    /// What it lists.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// `xlsx`, `csv` or `zip`.
    #[schema(value_type = String)]
    pub format: Format,
    /// The list's query parameters.
    #[schema(value_type = Object)]
    pub filter: Map<String, Value>,
    /// Keys of its columns.
    pub columns: Vec<String>,
    /// `waiting`, `running`, `done`, `failed`, `expired`.
    #[schema(value_type = String)]
    pub state: State,
    /// Rows of the list at its beginning.
    pub total_rows: i64,
    /// Rows written so far; at the end those in the file.
    pub done_rows: i64,
    /// Rows that were deleted or left the maker's sight while it was being made.
    pub left_out: i64,
    /// The file's name.
    pub file_name: Option<String>,
    /// Bytes of the file.
    pub size: i64,
    /// SHA-256 of header and rows as a comma-separated text in UTF-8 without mark, the same for both formats; that of the file for a whole company.
    pub content_sha256: Option<String>,
    /// Why it was given up.
    pub problem: Option<String>,
    /// Until when the file can be fetched.
    pub expires_at: Option<Instant>,
    /// When it was asked for.
    pub created_at: Instant,
    /// When it was done.
    pub finished_at: Option<Instant>,
    /// Grows with every step.
    pub version: i64,
}
