//! Taking a spreadsheet in: to disk with its size watched, then through the child, row by row into the database. The file itself is
//! not kept.

use axum::extract::Multipart;
use serde::{Deserialize, Serialize};

use super::model::{Import, Mapping, Mode, NewImport, RunDraft};
use super::{DEFAULT_MODE, mapping};
use crate::assignment::Assign;
use crate::error::{Error, Fields, Result};
use crate::exchange::columns::Kind;
use crate::exchange::incoming::{PATIENCE, broken, small, to_disk};
use crate::exchange::sheet::{Line, Reading, SheetRow};
use crate::identity::{Caller, can};
use crate::platform::draft::Given;
use crate::platform::files::{Files, Incoming};
use crate::platform::types::FieldCode;

/// Rows written in one transaction.
const AT_ONCE: usize = 1_000;

/// The parts besides the file.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Parts {
    kind: Given<Kind>,
    mode: Given<Mode>,
    dry_run: Given<bool>,
    prepare: Given<bool>,
    mapping: Option<Mapping>,
    assign: Given<Assign>,
}

struct Arrived {
    incoming: Incoming,
    new: NewImport,
    /// What to do with the rows; nothing when the file only waits.
    start: Option<RunDraft>,
}

/// Takes a file in and starts what was asked for.
pub async fn receive(caller: &Caller<can::ImportRecords>, body: Multipart) -> Result<Import> {
    let files = caller.app().files.clone();
    let arrived = tokio::time::timeout(PATIENCE, arrive(&files, body)).await.map_err(|_| Error::TooSlow)??;
    let asked = Asked { new: arrived.new.clone(), start: arrived.start.clone() };
    let (begun, is_first) = caller
        .create_and_tell(asked, |work, asked| {
            let id = super::begin(work, &asked.new)?;
            Ok((super::location(id), Begun { id }))
        })
        .await?;
    let Begun { id } = serde_json::from_str(&begun.body)?;
    if !is_first {
        return caller.read(move |work| super::get(work, id)).await;
    }
    let outcome = read(caller, id, &arrived).await;
    if outcome.is_err() {
        caller.write(move |work| super::store::discard(work, id)).await?;
    }
    outcome
}

/// What makes a request the same one: the file by its content, and what to do with it.
#[derive(Serialize)]
struct Asked {
    new: NewImport,
    start: Option<RunDraft>,
}

#[derive(Serialize, Deserialize)]
struct Begun {
    id: i64,
}

async fn read(caller: &Caller<can::ImportRecords>, id: i64, arrived: &Arrived) -> Result<Import> {
    let mut reading = Reading::start(caller.app().config.sheet_reader.as_ref(), arrived.incoming.path()).await?;
    let Some(Line::Header(header)) = reading.next().await? else { return Err(Error::internal("a file without header")) };
    if let Some(start) = &arrived.start {
        mapping::resolve(arrived.new.kind, &header, start.mapping.as_ref(), arrived.new.mode)?;
    }
    caller.write(move |work| super::set_header(work, id, &header)).await?;
    let (mut rows, mut total) = (Vec::with_capacity(AT_ONCE), 0_i64);
    while let Some(line) = reading.next().await? {
        let Line::Row(row) = line else { continue };
        total += 1;
        rows.push(row);
        if rows.len() == AT_ONCE {
            write(caller, id, std::mem::take(&mut rows)).await?;
        }
    }
    write(caller, id, rows).await?;
    let start = arrived.start.clone();
    caller.write(move |work| super::read_whole(work, id, total, start.as_ref())).await
}

async fn write(caller: &Caller<can::ImportRecords>, id: i64, rows: Vec<SheetRow>) -> Result<()> {
    if rows.is_empty() { Ok(()) } else { caller.write(move |work| super::add_rows(work, id, &rows)).await }
}

async fn arrive(files: &Files, mut body: Multipart) -> Result<Arrived> {
    let mut file: Option<(String, Incoming, String)> = None;
    let mut given = serde_json::Map::new();
    while let Some(part) = body.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" if file.is_some() => return Err(Error::field("file", FieldCode::TooMany { max: 1 })),
            "file" => file = Some(to_disk(files, part).await?),
            "kind" | "mode" | "assign" => {
                given.insert(name, serde_json::Value::String(small(part).await?));
            }
            "dry_run" | "prepare" => {
                let value = match small(part).await?.as_str() {
                    "" => serde_json::Value::Null,
                    "true" => true.into(),
                    "false" => false.into(),
                    other => other.into(),
                };
                given.insert(name, value);
            }
            "mapping" => {
                let text = small(part).await?;
                if !text.trim().is_empty() {
                    let mapping = serde_json::from_str(&text).map_err(|_| Error::field("mapping", FieldCode::Format))?;
                    given.insert(name, mapping);
                }
            }
            _ => return Err(Error::UnknownField(name)),
        }
    }
    let parts: Parts = serde_json::from_value(serde_json::Value::Object(given)).map_err(|_| Error::field("mapping", FieldCode::Format))?;
    let mut fields = Fields::default();
    let kind = parts.kind.required("kind", &mut fields);
    if kind.is_some_and(|kind| !kind.is_imported()) {
        fields.add("kind", FieldCode::NotAllowed);
    }
    let mode = parts.mode.clone().optional("mode", &mut fields).unwrap_or(DEFAULT_MODE);
    let by_rules = parts.assign.optional("assign", &mut fields).is_some();
    if by_rules && kind.is_some_and(|kind| kind != Kind::Customers) {
        fields.add("assign", FieldCode::NotAllowed);
    }
    let prepare = parts.prepare.optional("prepare", &mut fields).unwrap_or(false);
    let dry_run = parts.dry_run.clone().optional("dry_run", &mut fields);
    if file.is_none() {
        fields.add("file", FieldCode::Required);
    }
    match (file, kind) {
        (Some((file_name, incoming, sha256)), Some(kind)) if fields.is_empty() => {
            let start = RunDraft { mode: Given::Value(mode), dry_run: dry_run.map_or(Given::Absent, Given::Value), mapping: parts.mapping };
            Ok(Arrived { incoming, new: NewImport { kind, mode, file_name, sha256, by_rules }, start: (!prepare).then_some(start) })
        }
        _ => Err(Error::Invalid(fields)),
    }
}
