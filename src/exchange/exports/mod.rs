//! Exports: a list as it is seen, with its scope and its phones, as a file that is made in the background and logged (I47).

mod api;
pub mod model;
mod rows;
mod store;
mod whole_company;
mod worker;
mod write_down;

pub use api::routes;
pub use worker::{make_waiting, run};

use super::columns::Kind;
use crate::error::{Error, Fields, Refusal, Result};
use crate::platform::http::One;
use crate::platform::live::Push;
use crate::platform::page::{Page, Turn};
use crate::platform::types::{FieldCode, Lang};
use crate::platform::work::Work;
use model::{Export, ExportDraft, Format, Kept, State};

/// How long a file can be fetched, in ms.
const KEPT_MS: i64 = 7 * 24 * 3_600_000;
/// Rows of an export at most: what a sheet holds, rounded.
const MOST_ROWS: i64 = 1_000_000;

/// Asks for an export.
pub fn start(work: &mut Work, draft: &ExportDraft) -> Result<Export> {
    let mut fields = Fields::default();
    let kind = draft.kind.clone().required("kind", &mut fields);
    let format = draft.format.clone().optional("format", &mut fields).unwrap_or(match kind {
        Some(Kind::Company) => Format::Zip,
        _ => Format::Xlsx,
    });
    let columns = draft.columns.clone().optional("columns", &mut fields).unwrap_or_default();
    let Some(kind) = kind else { return Err(Error::Invalid(fields)) };
    if (kind == Kind::Company) != (format == Format::Zip) {
        fields.add("format", FieldCode::NotAllowed);
    }
    if kind == Kind::Company && !draft.filter.is_empty() {
        fields.add("filter", FieldCode::NotAllowed);
    }
    for (at, key) in columns.iter().enumerate() {
        if kind.column(key).is_none() {
            fields.add("columns", FieldCode::Unknown);
        } else if columns[..at].contains(key) {
            fields.add("columns", FieldCode::Duplicate);
        }
    }
    fields.into_result()?;
    if !work.actor.may(kind.right_to_view()) {
        return Err(Error::Forbidden);
    }
    let columns = if columns.is_empty() { kind.columns().iter().map(|column| column.key.to_owned()).collect() } else { columns };
    if kind != Kind::Company {
        judge_filter(work, kind, draft)?;
    }
    let (filter, columns) = (serde_json::to_string(&draft.filter)?, serde_json::to_string(&columns)?);
    let id = store::insert(work, kind, format, &filter, &columns)?;
    work.push(Push::changed("export", id, 1));
    get(work, id)
}

/// A filter that the list would refuse is refused now, not in the background.
fn judge_filter(work: &mut Work, kind: Kind, draft: &ExportDraft) -> Result<()> {
    if rows::ids(work, kind, &draft.filter, 1)?.is_none() {
        rows::try_page(work, kind, &draft.filter)?;
    }
    Ok(())
}

fn own(work: &mut Work, id: i64) -> Result<Kept> {
    store::own(work, id)?.ok_or(Error::NotFound)
}

/// One's own export.
pub fn get(work: &mut Work, id: i64) -> Result<Export> {
    let lang = work.actor.lang;
    own(work, id).map(|export| export.told(lang))
}

/// One's own exports, the newest first.
pub fn page(work: &mut Work, limit: One<i64>, cursor: One<String>, lang: Lang) -> Result<Page<Export>> {
    let turn = Turn::read(store::NEWEST, limit, cursor)?;
    Ok(store::page(work, &turn)?.map(|export| export.told(lang)))
}

/// The file of one's own export, while one still has the right and it is still there.
fn file(work: &mut Work, id: i64) -> Result<Kept> {
    let export = own(work, id)?;
    if !work.actor.may(export.kind.right_to_view()) {
        return Err(Error::Forbidden);
    }
    if export.state != State::Done || work.now() >= export.expires_at {
        return Err(Error::Refused(Refusal::ExportNotReady));
    }
    Ok(export)
}

/// At the start of a program that owns its database alone: what was being made is made anew.
pub fn resume(work: &mut Work) -> Result<()> {
    if work.has_concurrent_writers() { Ok(()) } else { store::release_all(work) }
}
