//! Makes the files of exports: reads in short transactions with the maker's eyes, writes beside the database. Whoever is killed in
//! the middle has made nothing; the export is made anew.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value};

use super::model::{Format, Kept, Line, State};
use super::write_down::about;
use super::{KEPT_MS, MOST_ROWS, rows, store, whole_company};
use crate::app::App;
use crate::error::{Error, Result};
use crate::exchange::columns::Kind;
use crate::exchange::write::{Cell, TableWriter};
use crate::history::{self, Event, model::EventKind};
use crate::identity;
use crate::platform::db::Lane;
use crate::platform::live::Push;
use crate::platform::work::{Actor, Work};

/// Rows read in one transaction.
const LOT: usize = 500;
/// A maker that says nothing for so long is gone, in ms.
const LEASE_MS: i64 = 60_000;

/// Makes exports as they are asked for, for ever.
pub async fn run(app: App) {
    tokio::join!(make_for_ever(&app, Line::Lists), make_for_ever(&app, Line::Company));
}

async fn make_for_ever(app: &App, line: Line) {
    loop {
        if let Err(error) = make_line(app, line).await {
            tracing::warn!(%error, "exports");
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Makes every export that waits, and removes files that have expired; answers how many were made.
pub async fn make_waiting(app: &App) -> Result<u64> {
    Ok(make_line(app, Line::Lists).await? + make_line(app, Line::Company).await?)
}

async fn make_line(app: &App, line: Line) -> Result<u64> {
    let mut made = 0;
    let folder = folder(app)?;
    let looked = app.clock.now();
    let zone = app.zone.clone();
    let (next, expired) = app
        .db
        .read(Lane::Lists, move |tx| {
            let mut work = Work::new(tx, Actor::system("export"), looked, zone);
            Ok((store::next(&mut work, line)?.is_some(), store::expired(&mut work)?))
        })
        .await?;
    // Both lines may find the same files: removing one twice does no harm.
    for export in expired {
        let _ = std::fs::remove_file(folder.join(export.file()));
        app.system("export", move |work| store::set_expired(work, export.id)).await?;
    }
    if !next {
        return Ok(0);
    }
    while let Some(export) = app.system("export", move |work| claim(work, line)).await? {
        let path = folder.join(export.file());
        // What was begun before a crash is of no use.
        for fence in 1..export.fence {
            let _ = std::fs::remove_file(folder.join(Kept { fence, ..export.clone() }.file()));
        }
        let mut done = export.clone();
        if let Err(error) = make(app, &mut done, &path).await {
            let _ = std::fs::remove_file(&path);
            done.state = State::Failed;
            done.problem = match &error {
                Error::Forbidden => "not_allowed",
                Error::TooLarge => "too_many",
                Error::LostRace => continue,
                _ => "failed",
            }
            .to_owned();
            tracing::warn!(%error, id = export.id, "an export failed");
        }
        finish(app, done).await?;
        made += 1;
    }
    Ok(made)
}

/// Where the files lie: beside the attachments, never among them.
pub(super) fn folder(app: &App) -> Result<PathBuf> {
    let folder = app.config.files_root()?.join("exports");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn claim(work: &mut Work, line: Line) -> Result<Option<Kept>> {
    let Some(next) = store::next(work, line)? else { return Ok(None) };
    if !store::claim(work, next.id, next.fence, LEASE_MS)? {
        return Err(Error::LostRace);
    }
    Ok(Some(Kept { fence: next.fence + 1, state: State::Running, ..next }))
}

/// Reads as the maker of the export, who must still be allowed to.
pub(super) async fn as_maker<T: Send + 'static>(
    app: &App,
    export: &Kept,
    look: impl FnOnce(&mut Work) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (now, zone, export) = (app.clock.now(), app.zone.clone(), export.clone());
    app.db
        .read(Lane::Reports, move |tx| {
            let mut work = Work::new(tx, Actor::system("export"), now, zone);
            identity::as_person(&mut work, export.created_by, |work| {
                work.actor.lang = export.language();
                if !work.actor.may("export_records") || !work.actor.may(export.kind.right_to_view()) {
                    return Err(Error::Forbidden);
                }
                look(work)
            })?
            .ok_or(Error::Forbidden)
        })
        .await
}

async fn make(app: &App, export: &mut Kept, path: &std::path::Path) -> Result<()> {
    if export.kind == Kind::Company {
        return whole_company::make(app, export, path).await;
    }
    let lang = export.language();
    let titles: Vec<&str> = export.chosen().iter().map(|column| column.title(lang)).collect();
    let parent = path.parent().ok_or_else(|| Error::internal("a file without folder"))?;
    let mut writer = match export.format {
        Format::Xlsx => TableWriter::workbook(parent, export.kind.title(lang), &titles)?,
        Format::Csv | Format::Zip => TableWriter::text(path, &titles)?,
    };
    let (kind, given): (_, Map<String, Value>) = (export.kind, serde_json::from_str(&export.filter)?);
    // What the list is at this moment, in its order: everything after is only looked up.
    match as_maker(app, export, move |work| rows::ids(work, kind, &given, MOST_ROWS + 1)).await? {
        Some(ids) => by_ids(app, export, &mut writer, ids).await?,
        None => by_pages(app, export, &mut writer).await?,
    }
    export.done_rows = writer.rows();
    export.left_out = (export.total_rows - export.done_rows).max(0);
    export.content_sha256 = writer.content_sha256();
    export.finished_at = app.clock.now();
    export.expires_at = export.finished_at.plus_ms(KEPT_MS);
    export.file_name = file_name(app, export);
    let by_name = {
        as_maker(app, export, |work| {
            let me = work.actor.user_id;
            identity::display_name(work, me)
        })
        .await?
    };
    let told = about(export, &by_name, &app.zone);
    let (path, lang) = (path.to_owned(), lang);
    let size = tokio::task::spawn_blocking(move || writer.finish(&path, &told, lang)).await;
    export.size = size.map_err(|error| Error::internal(error.to_string()))?? as i64;
    export.state = State::Done;
    Ok(())
}

pub(super) fn file_name(app: &App, export: &Kept) -> String {
    let (title, day) = (export.kind.title(export.language()), export.created_at.day_in(&app.zone).as_number());
    format!("{title}-{day}.{}", export.format.word())
}

async fn by_ids(app: &App, export: &mut Kept, writer: &mut TableWriter, ids: Vec<i64>) -> Result<()> {
    if ids.len() as i64 > MOST_ROWS {
        return Err(Error::TooLarge);
    }
    export.total_rows = ids.len() as i64;
    for some in ids.chunks(LOT) {
        let (wanted, read) = (some.to_vec(), export.clone());
        let rows = as_maker(app, export, move |work| rows::of_ids(work, &read, &wanted)).await?;
        write(writer, &rows)?;
        note(app, export, writer.rows()).await?;
    }
    Ok(())
}

async fn by_pages(app: &App, export: &mut Kept, writer: &mut TableWriter) -> Result<()> {
    let mut cursor: Option<String> = None;
    loop {
        let (read, from) = (export.clone(), cursor.clone());
        let page = as_maker(app, export, move |work| rows::page(work, &read, from.as_deref())).await?;
        write(writer, &page.rows)?;
        if writer.rows() > MOST_ROWS {
            return Err(Error::TooLarge);
        }
        export.total_rows = page.total.max(writer.rows());
        note(app, export, writer.rows()).await?;
        match page.next {
            Some(next) if page.read > 0 => cursor = Some(next),
            _ => break,
        }
    }
    // What came in between is no row of this list.
    export.total_rows = writer.rows();
    Ok(())
}

fn write(writer: &mut TableWriter, rows: &[Vec<Cell>]) -> Result<()> {
    rows.iter().try_for_each(|row| writer.row(row))
}

/// Keeps how far it is; ends when another has taken over.
pub(super) async fn note(app: &App, export: &Kept, done: i64) -> Result<()> {
    let export = export.clone();
    let ours = app.system("export", move |work| store::progress(work, &export, done, LEASE_MS)).await?;
    if ours { Ok(()) } else { Err(Error::LostRace) }
}

/// Keeps the end, and logs who took what out.
async fn finish(app: &App, export: Kept) -> Result<()> {
    app.system("export", move |work| {
        if !store::finish(work, &export)? {
            return Ok(());
        }
        if export.state == State::Done {
            let lang = export.language();
            let event = Event::new(EventKind::ExportMade, "export", export.id)
                .with("kind", export.kind.title(lang))
                .with("rows", export.done_rows)
                .with("format", export.format)
                .with("filter", &export.filter)
                .with("content_sha256", &export.content_sha256);
            identity::as_person(work, export.created_by, |work| history::record(work, &event))?;
        }
        work.push(Push::changed("export", export.id, export.version + 1));
        Ok(())
    })
    .await
}
