//! Imports: a file is read, its columns are understood, its rows are tried and then entered, some hundred at a time, and the whole
//! can be taken back (I46).

mod api;
mod customers;
mod errors_file;
mod mapping;
pub mod model;
mod opportunities;
mod run;
mod store;
mod undo;
pub(super) mod upload;
pub(super) mod values;

pub use api::routes;
pub use run::ImportRows;
pub use undo::UndoRows;

use serde_json::Value;

use super::columns::Kind;
use super::sheet::SheetRow;
use crate::error::{Error, Fields, Refusal, Result};
use crate::platform::http::{Many, One};
use crate::platform::jobs;
use crate::platform::page::{Page, Turn};
use crate::platform::types::{FieldCode, Lang};
use crate::platform::work::Work;
use model::{FileColumn, Import, ImportSummary, ImportedRows, Kept, Mapping, Mode, NewImport, Reason, RowState, RunDraft, State};

/// How long the rows of a file are kept, in ms: so long it can be taken back.
const KEPT_MS: i64 = 30 * 24 * 3_600_000;
/// A file that is not read after so long never will be, in ms.
const READING_MS: i64 = 3_600_000;
/// Rows that are shown of every column before it is decided.
const SAMPLES: i64 = 3;

const THERE_ALREADY: FieldCode = FieldCode::Rule { code: "THERE_ALREADY", zh: "已存在，已跳过", en: "Exists already; skipped" };
const NOT_THERE: FieldCode =
    FieldCode::Rule { code: "NOT_THERE", zh: "不存在或无权访问", en: "Does not exist, or you have no access to it" };
const NO_CHANGE: FieldCode = FieldCode::Rule { code: "NO_CHANGE", zh: "内容没有变化", en: "Nothing changed" };

/// What a row did.
struct Applied {
    state: RowState,
    record: Option<(i64, String)>,
    version: Option<i64>,
    /// What it needs to be taken back.
    before: Value,
    reasons: Vec<Reason>,
}

impl Applied {
    fn created(id: i64, number: &str, version: i64, before: Value) -> Applied {
        Applied { state: RowState::Created, record: Some((id, number.to_owned())), version: Some(version), before, reasons: Vec::new() }
    }

    fn updated(id: i64, number: &str, version: i64, before: Value) -> Applied {
        Applied { state: RowState::Updated, ..Applied::created(id, number, version, before) }
    }

    fn skipped(reason: Reason) -> Applied {
        Applied { state: RowState::Skipped, record: None, version: None, before: Value::Null, reasons: vec![reason] }
    }

    fn bad(reasons: Vec<Reason>) -> Applied {
        Applied { state: RowState::Bad, record: None, version: None, before: Value::Null, reasons }
    }

    fn about(mut self, id: i64, number: &str) -> Applied {
        self.record = Some((id, number.to_owned()));
        self
    }
}

/// Begins an import whose file is about to be read.
fn begin(work: &mut Work, new: &NewImport) -> Result<i64> {
    require_right(work, new.kind)?;
    store::insert(work, new)
}

/// Where an import is reached.
fn location(id: i64) -> String {
    format!("/api/v1/imports/{id}")
}

/// What is imported must be something the caller may enter.
fn require_right(work: &Work, kind: Kind) -> Result<()> {
    if kind.is_imported() && work.actor.may(kind.right_to_edit()) { Ok(()) } else { Err(Error::Forbidden) }
}

fn set_header(work: &mut Work, id: i64, header: &[String]) -> Result<()> {
    store::set_header(work, id, header)
}

fn add_rows(work: &mut Work, id: i64, rows: &[SheetRow]) -> Result<()> {
    store::add_rows(work, id, rows)
}

/// The file is read to its end; unless it only waits, its rows are tried or entered.
fn read_whole(work: &mut Work, id: i64, total: i64, start: Option<&RunDraft>) -> Result<Import> {
    store::set_read(work, id, total)?;
    if let Some(draft) = start {
        return start_run(work, id, draft);
    }
    get(work, id)
}

fn own(work: &mut Work, id: i64) -> Result<Kept> {
    store::own(work, id)?.ok_or(Error::NotFound)
}

/// One's own import with its columns.
pub fn get(work: &mut Work, id: i64) -> Result<Import> {
    let import = own(work, id)?;
    let lang = work.actor.lang;
    let header = import.headers();
    let fields = if import.mapping.is_empty() {
        let remembered = store::remembered(work, import.kind, &mapping::header_hash(&header))?;
        let remembered: Option<Vec<Option<String>>> = remembered.and_then(|text| serde_json::from_str(&text).ok());
        mapping::suggest(import.kind, &header, remembered.as_deref())
    } else {
        serde_json::from_str(&import.mapping).unwrap_or_default()
    };
    let first = store::rows_after(work, id, 0, SAMPLES)?;
    let texts: Vec<Vec<String>> = first.iter().map(model::KeptRow::texts).collect();
    let columns = header
        .into_iter()
        .enumerate()
        .map(|(at, header)| FileColumn {
            field: fields.get(at).cloned().flatten(),
            samples: texts.iter().filter_map(|cells| cells.get(at)).filter(|text| !text.is_empty()).cloned().collect(),
            header,
        })
        .collect();
    Ok(Import {
        same_file_import_id: store::earlier_with_content(work, &import)?,
        fields: import.kind.columns().iter().map(|column| column.told(lang)).collect(),
        summary: import.summary(lang),
        columns,
    })
}

/// One's own imports, the newest first.
pub fn page(work: &mut Work, limit: One<i64>, cursor: One<String>, lang: Lang) -> Result<Page<ImportSummary>> {
    let turn = Turn::read(store::NEWEST, limit, cursor)?;
    Ok(store::page(work, &turn)?.map(|import| import.summary(lang)))
}

/// Tries the rows, or enters them: from the beginning, in the background.
pub fn start_run(work: &mut Work, id: i64, draft: &RunDraft) -> Result<Import> {
    own(work, id)?;
    let import = store::lock(work, id)?.ok_or(Error::NotFound)?;
    require_right(work, import.kind)?;
    if !matches!(import.state, State::Uploaded | State::Checked) {
        return Err(Error::Refused(Refusal::ImportBusy));
    }
    let mut fields = Fields::default();
    let mode = draft.mode.clone().optional("mode", &mut fields).unwrap_or(import.mode);
    let dry = draft.dry_run.clone().optional("dry_run", &mut fields).unwrap_or(false);
    fields.into_result()?;
    let header = import.headers();
    let decided: Option<Mapping> = match (&draft.mapping, import.mapping.is_empty()) {
        (Some(mapping), _) => Some(mapping.clone()),
        (None, true) => None,
        // A second round means the same columns unless told otherwise.
        (None, false) => {
            let chosen = import.chosen().into_iter().map(|column| column.map(|column| column.key.to_owned()));
            Some(header.iter().filter(|name| !name.is_empty()).cloned().zip(named(&header, chosen)).collect())
        }
    };
    let columns = mapping::resolve(import.kind, &header, decided.as_ref(), mode)?;
    let keys: Vec<Option<&str>> = columns.iter().map(|column| column.map(|column| column.key)).collect();
    let keys = serde_json::to_string(&keys)?;
    if draft.mapping.is_some() {
        store::remember(work, import.kind, &mapping::header_hash(&header), &keys)?;
    }
    store::begin(work, &import, if dry { State::Checking } else { State::Running }, mode, &keys)?;
    let now = work.now();
    jobs::enqueue(work, now, &ImportRows { import_id: id, round: import.round + 1 })?;
    get(work, id)
}

/// What was chosen, for the columns that have a name.
fn named(header: &[String], chosen: impl Iterator<Item = Option<String>>) -> Vec<Option<String>> {
    header.iter().zip(chosen).filter(|(name, _)| !name.is_empty()).map(|(_, key)| key).collect()
}

/// Takes a whole import back, in the background.
pub fn start_undo(work: &mut Work, id: i64) -> Result<Import> {
    own(work, id)?;
    let mut import = store::lock(work, id)?.ok_or(Error::NotFound)?;
    require_right(work, import.kind)?;
    if !import.can_undo() {
        return Err(Error::Refused(Refusal::ImportBusy));
    }
    import.state = State::Undoing;
    import.problem = String::new();
    import.next_line = i64::MAX;
    store::advance(work, &import)?;
    let now = work.now();
    jobs::enqueue(work, now, &UndoRows { import_id: id, round: import.round })?;
    get(work, id)
}

/// The rows of one's own import, by line.
pub fn rows(work: &mut Work, id: i64, states: Many<RowState>, after: One<i64>, limit: One<i64>, lang: Lang) -> Result<ImportedRows> {
    let import = own(work, id)?;
    let states = states.get("state")?;
    let after = after.get("after")?.unwrap_or(0);
    let limit = limit.get("limit")?.unwrap_or(50);
    if !(1..=100).contains(&limit) {
        return Err(Error::field("limit", FieldCode::OutOfRange { min: "1".into(), max: "100".into() }));
    }
    let mut rows = if states.is_empty() {
        store::rows_after(work, id, after, limit + 1)?
    } else {
        store::rows_in(work, id, &states, after, limit + 1)?
    };
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next_after = if more { rows.last().map(|row| row.line) } else { None };
    Ok(ImportedRows { items: rows.iter().map(|row| row.told(import.kind, lang)).collect(), next_after })
}

/// At the start of a program that owns its database alone: a file whose reading was cut off has to be sent again.
pub fn resume(work: &mut Work) -> Result<()> {
    if work.has_concurrent_writers() { Ok(()) } else { store::forget_unread(work, work.now()) }
}

/// Forgets files that are no longer needed.
pub fn forget_old(work: &mut Work) -> Result<()> {
    store::forget_old(work, KEPT_MS, READING_MS)
}

/// The default when nothing is said.
const DEFAULT_MODE: Mode = Mode::Create;
