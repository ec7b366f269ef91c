//! Taking an archive in: proven first, then entered whole into an empty database, or not at all.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use serde_json::{Map, Value as Json};
use zip::ZipArchive;

use super::contents::{Contents, Entry, FORMAT, NAME, Watched, place, sheet};
use super::tables::{TABLES, Table};
use crate::customers;
use crate::error::{Error, Result};
use crate::history;
use crate::opportunities;
use crate::platform::db::tables::{TableColumn, columns, continue_numbering};
use crate::platform::db::{Db, Lane, Tx, Value, offline, sql};
use crate::platform::files::Files;
use crate::platform::types::{BusinessZone, Instant};
use crate::platform::work::{Actor, Work};

/// Rows entered by one statement.
const AT_ONCE: usize = 50;
/// Rows whose words are entered into the search index in one go.
const INDEXED: i64 = 1_000;
/// Bytes of the description.
const DESCRIPTION: u64 = 64 * 1024 * 1024;
/// Bytes of one row.
const LINE: u64 = 16 * 1024 * 1024;

type Zip = ZipArchive<BufReader<File>>;

fn open(path: &Path) -> Result<(Zip, Contents)> {
    let file = File::open(path).map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|_| no_archive())?;
    let mut text = String::new();
    zip.by_name(NAME).map_err(|_| no_archive())?.take(DESCRIPTION).read_to_string(&mut text)?;
    let contents: Contents = serde_json::from_str(&text).map_err(|_| no_archive())?;
    Ok((zip, contents))
}

fn no_archive() -> Error {
    Error::internal("这不是完整导出的文件，或已损坏 / this is no export of a whole company, or it is damaged")
}

fn damaged(path: &str) -> Error {
    Error::internal(format!("{path} 已损坏 / {path} is damaged"))
}

/// Reads an archive through: every entry is there, none is strange, and all are as they were written.
pub fn prove(path: &Path) -> Result<Contents> {
    let (mut zip, contents) = open(path)?;
    if contents.format != FORMAT || contents.schema_version != offline::newest_schema() {
        return Err(Error::internal(format!(
            "该文件由 {0} 版程序导出（结构 {1}，本程序为 {2}），请用同一版本导入后再升级 / it was written by version {0} (schema {1}, this program has {2}): take it in with the same version, then upgrade",
            contents.program,
            contents.schema_version,
            offline::newest_schema()
        )));
    }
    if zip.len() != contents.entries.len() + 1 {
        return Err(no_archive());
    }
    for table in TABLES {
        contents.table(table.name).ok_or_else(|| damaged(&sheet(table.name)))?;
    }
    for entry in &contents.entries {
        let known = TABLES.iter().any(|table| entry.path == sheet(table.name));
        if !known && entry.path != place(&entry.sha256) {
            return Err(damaged(&entry.path));
        }
        let mut content = Watched::new(zip.by_name(&entry.path).map_err(|_| damaged(&entry.path))?.take(entry.size + 1));
        io::copy(&mut content, &mut io::sink()).map_err(|_| damaged(&entry.path))?;
        if content.sum() != (entry.size, entry.sha256.clone()) {
            return Err(damaged(&entry.path));
        }
    }
    Ok(contents)
}

/// Enters a proven archive into a database nobody has set up yet. `on_table` hears every table as it begins, with its rows.
pub async fn take_in(
    db: &Db,
    files: &Files,
    path: &Path,
    (now, zone): (Instant, BusinessZone),
    on_table: impl Fn(&str, i64) + Send + 'static,
) -> Result<Contents> {
    let contents = prove(path)?;
    db.read(Lane::Lists, require_empty).await?;
    let (mut zip, _) = open(path)?;
    for entry in contents.entries.iter().filter(|entry| entry.path == place(&entry.sha256)) {
        keep_attachment(&mut zip, files, entry)?;
    }
    let (archive, from) = (contents.clone(), path.to_owned());
    db.write(
        move |tx| {
            let (mut zip, _) = open(&from)?;
            // Asked again where nobody comes in between: what was set up meanwhile must not give way.
            if tx.has_concurrent_writers() {
                sql("lock table users in exclusive mode").run(tx)?;
            }
            require_empty(tx)?;
            enter(tx, &mut zip, &archive, &on_table)?;
            remove_gone(tx, &archive, now)?;
            index(&mut Work::new(tx, Actor::system("archive"), now, zone.clone()), &on_table)
        },
        |()| (),
    )
    .await?;
    Ok(contents)
}

/// Only a database nobody has set up yet takes an archive in.
fn require_empty(tx: &mut Tx) -> Result<()> {
    let people: i64 = sql("select count(*) from users").one(tx)?;
    if people > 0 {
        return Err(Error::internal("这里已有数据，只能导入到全新的实例 / there is data here; only a new instance can take it in"));
    }
    Ok(())
}

fn keep_attachment(zip: &mut Zip, files: &Files, entry: &Entry) -> Result<()> {
    let mut incoming = files.receive(entry.size)?;
    let mut content = zip.by_name(&entry.path).map_err(|_| damaged(&entry.path))?;
    let mut piece = vec![0; 64 * 1024];
    loop {
        match content.read(&mut piece)? {
            0 => break,
            read => incoming.write(&piece[..read])?,
        }
    }
    if incoming.keep()?.sha256 == entry.sha256 { Ok(()) } else { Err(damaged(&entry.path)) }
}

fn enter(tx: &mut Tx, zip: &mut Zip, contents: &Contents, on_table: &impl Fn(&str, i64)) -> Result<()> {
    // What a new database begins with gives way to what the company had.
    for table in TABLES.iter().rev() {
        sql(format!("-- unscoped: a database nobody has used yet\n delete from {} where {}", table.name, table.condition())).run(tx)?;
    }
    for table in TABLES {
        let entry = contents.table(table.name).ok_or_else(|| damaged(table.name))?;
        on_table(table.name, entry.rows);
        let known = columns(tx, table.name)?;
        let sheet = BufReader::new(zip.by_name(&entry.path).map_err(|_| damaged(&entry.path))?);
        let lines = Lines { sheet, path: &entry.path };
        let entered = match table.name {
            "teams" => enter_rows(tx, table, &known, above_first(lines, &entry.path)?.into_iter().map(Ok))?,
            _ => enter_rows(tx, table, &known, lines)?,
        };
        if entered != entry.rows {
            return Err(damaged(&entry.path));
        }
    }
    for table in TABLES.iter().filter(|table| table.has_ids()) {
        // What was deleted for good is still known by its id; nobody else may get it.
        let last = history::last_kept(tx, table.name)?;
        continue_numbering(tx, table.name, last)?;
    }
    sql("insert into parameters (key, value) values ('set_up', '1') on conflict (key) do nothing").run(tx)?;
    Ok(())
}

/// Attachments whose content did not come along are removed ones here, too.
fn remove_gone(tx: &mut Tx, contents: &Contents, now: Instant) -> Result<()> {
    for sha256 in &contents.gone {
        sql("update attachments set deleted_at = $2 where sha256 = $1 and deleted_at is null").bind(sha256.as_str()).bind(now).run(tx)?;
    }
    Ok(())
}

/// The rows of a sheet, one by one.
struct Lines<'a, R> {
    sheet: R,
    path: &'a str,
}

impl<R: BufRead> Iterator for Lines<'_, R> {
    type Item = Result<Map<String, Json>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        match (&mut self.sheet).take(LINE).read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) => Some(serde_json::from_slice(&line).map_err(|_| damaged(self.path))),
            Err(error) => Some(Err(error.into())),
        }
    }
}

/// The teams, each behind the one above it.
fn above_first(lines: impl Iterator<Item = Result<Map<String, Json>>>, path: &str) -> Result<Vec<Map<String, Json>>> {
    let mut waiting: Vec<Map<String, Json>> = lines.collect::<Result<_>>()?;
    let mut ordered: Vec<Map<String, Json>> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let there: std::collections::HashSet<i64> = ordered.iter().filter_map(|team| team["id"].as_i64()).collect();
        let is_ready = |team: &Map<String, Json>| team.get("parent_id").and_then(Json::as_i64).is_none_or(|above| there.contains(&above));
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
        if ready.is_empty() {
            return Err(damaged(path));
        }
        ordered.extend(ready);
        waiting = rest;
    }
    Ok(ordered)
}

fn enter_rows(tx: &mut Tx, table: &Table, known: &[TableColumn], mut rows: impl Iterator<Item = Result<Map<String, Json>>>) -> Result<i64> {
    let wanted: Vec<&str> = known.iter().map(|column| column.name.as_str()).filter(|name| !table.left_out.contains(name)).collect();
    let mut entered = 0;
    loop {
        let some: Vec<Map<String, Json>> = rows.by_ref().take(AT_ONCE).collect::<Result<_>>()?;
        if some.is_empty() {
            return Ok(entered);
        }
        let places: Vec<String> = (0..some.len())
            .map(|row| {
                let places: Vec<String> = (1..=wanted.len()).map(|at| format!("${}", row * wanted.len() + at)).collect();
                format!("({})", places.join(", "))
            })
            .collect();
        let text = format!("insert into {} ({}) values {}", table.name, wanted.join(", "), places.join(", "));
        let mut statement = sql(text);
        for row in &some {
            if row.len() != wanted.len() {
                return Err(damaged(&sheet(table.name)));
            }
            for name in &wanted {
                statement = statement.bind(bound(row.get(*name)).ok_or_else(|| damaged(&sheet(table.name)))?);
            }
        }
        statement.run(tx)?;
        entered += some.len() as i64;
    }
}

fn bound(value: Option<&Json>) -> Option<Value> {
    Some(match value? {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => number.as_i64().map(Value::Int).or_else(|| number.as_f64().map(Value::Real))?,
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(_) | Json::Object(_) => return None,
    })
}

/// Makes what was entered findable.
fn index(work: &mut Work, on_table: &impl Fn(&str, i64)) -> Result<()> {
    on_table("search", 0);
    let mut after = 0_i64;
    loop {
        let some: Vec<i64> = sql("-- unscoped: what is indexed is only found again within a scope
             select id from customers where id > $1 and deleted_at is null order by id limit $2")
        .bind(after)
        .bind(INDEXED)
        .all(work)?;
        let Some(last) = some.last() else { break };
        after = *last;
        some.iter().try_for_each(|id| customers::index(work, *id))?;
    }
    after = 0;
    loop {
        let some: Vec<i64> = sql("-- unscoped: what is indexed is only found again within a scope
             select id from opportunities where id > $1 and deleted_at is null order by id limit $2")
        .bind(after)
        .bind(INDEXED)
        .all(work)?;
        let Some(last) = some.last() else { return Ok(()) };
        after = *last;
        some.iter().try_for_each(|id| opportunities::index(work, *id))?;
    }
}
