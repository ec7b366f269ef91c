//! Writing an archive: every row from one snapshot, so that it holds together however busy the product is; then the attachments.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::contents::{Contents, Entry, FORMAT, NAME, Watched, place, sheet};
use super::tables::{TABLES, Table};
use crate::error::{Error, Result};
use crate::platform::db::tables::{AnyRow, TableColumn, columns};
use crate::platform::db::{Location, Predicate, Tx, Value, offline, sql};
use crate::platform::files::Files;
use crate::platform::types::Instant;

/// Rows read by one statement.
const PAGE: usize = 1_000;

/// A finished archive.
#[derive(Debug)]
pub struct Written {
    /// Rows of all tables.
    pub rows: i64,
    /// Bytes of the file.
    pub size: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// What it holds.
    pub contents: Contents,
}

/// Writes the company kept at `location`, with the attachments below `files`, to `path`. `on_rows` hears how many rows of how many are
/// written, and stops it by answering false. A file that is not finished is removed.
pub fn write(
    location: &Location,
    files: &Path,
    path: &Path,
    made_at: Instant,
    on_rows: impl FnMut(i64, i64) -> bool + Send + 'static,
) -> Result<Written> {
    let target = path.to_owned();
    let snapshot = offline::read(location, move |tx| {
        let file = BufWriter::new(File::options().write(true).create_new(true).open(&target)?);
        let (zip, total) = (ZipWriter::new(file), total(tx)?);
        let mut archive = Archive { zip, entries: Vec::new(), gone: Vec::new(), on_rows, done: 0, total };
        for table in TABLES {
            archive.table(tx, table)?;
        }
        let schema_version: i64 = sql("select coalesce(max(version), 0) from schema_migrations").one(tx)?;
        Ok((archive, blobs(tx)?, schema_version))
    });
    // The snapshot has ended: while gigabytes are copied the database need not keep what changes.
    let outcome = snapshot.and_then(|(mut archive, blobs, schema_version)| {
        for (sha256, needed) in blobs {
            archive.attachment(location, files, &sha256, needed)?;
        }
        archive.finish(made_at, schema_version)
    });
    let summed = outcome.and_then(|contents| {
        let mut file = Watched::new(File::open(path)?);
        io::copy(&mut file, &mut io::sink())?;
        let (size, sha256) = file.sum();
        Ok(Written { rows: contents.rows(), size, sha256, contents })
    });
    if summed.is_err() {
        let _ = std::fs::remove_file(path);
    }
    summed
}

/// An archive being written.
struct Archive<F> {
    zip: ZipWriter<BufWriter<File>>,
    entries: Vec<Entry>,
    gone: Vec<String>,
    on_rows: F,
    done: i64,
    total: i64,
}

fn total(tx: &mut Tx) -> Result<i64> {
    TABLES.iter().try_fold(0, |sum, table| {
        let text = format!("-- unscoped: the whole company travels\n select count(*) from {} where {}", table.name, table.condition());
        Ok(sum + sql(text).one::<i64>(tx)?)
    })
}

/// Every content an attachment refers to, and whether it must be there.
fn blobs(tx: &mut Tx) -> Result<Vec<(String, bool)>> {
    let found: Vec<(String, i64)> =
        sql("select sha256, count(*) filter (where deleted_at is null) from attachments group by sha256 order by sha256").all(tx)?;
    Ok(found.into_iter().map(|(sha256, live)| (sha256, live > 0)).collect())
}

/// Whether an attachment refers to a content at this moment.
fn is_live(location: &Location, sha256: &str) -> Result<bool> {
    let wanted = sha256.to_owned();
    offline::read(location, move |tx| {
        let live: i64 = sql("select count(*) from attachments where sha256 = $1 and deleted_at is null").bind(wanted.as_str()).one(tx)?;
        Ok(live > 0)
    })
}

impl<F: FnMut(i64, i64) -> bool> Archive<F> {
    fn begin(&mut self, path: &str, method: CompressionMethod) -> Result<()> {
        // No time of writing: the same content is the same bytes.
        let options = SimpleFileOptions::default().large_file(true).compression_method(method);
        self.zip.start_file(path, options).map_err(io::Error::from)?;
        Ok(())
    }

    fn table(&mut self, tx: &mut Tx, table: &Table) -> Result<()> {
        let path = sheet(table.name);
        self.begin(&path, CompressionMethod::Deflated)?;
        let known = columns(tx, table.name)?;
        let mut sheet = Watched::new(&mut self.zip);
        let (mut rows, mut last) = (0, None);
        loop {
            let page = page(tx, table, &known, last.as_deref())?;
            for row in &page {
                let line = line(table, &known, &row.0[table.keys.len()..])?;
                sheet.write_all(line.as_bytes())?;
                sheet.write_all(b"\n")?;
            }
            rows += page.len() as i64;
            if !(self.on_rows)(self.done + rows, self.total) {
                return Err(Error::LostRace);
            }
            match page.last() {
                Some(row) if page.len() == PAGE => last = Some(row.0[..table.keys.len()].to_vec()),
                _ => break,
            }
        }
        let (size, sha256) = sheet.sum();
        self.done += rows;
        self.entries.push(Entry { path, rows, size, sha256 });
        Ok(())
    }

    fn attachment(&mut self, location: &Location, root: &Path, name: &str, needed: bool) -> Result<()> {
        if !(self.on_rows)(self.done, self.total) {
            return Err(Error::LostRace);
        }
        let from: PathBuf = Files::place_in(root, name);
        let mut file = match File::open(&from) {
            Ok(file) => file,
            // Of an attachment that was removed the content may be gone, too.
            Err(_) if !needed => return Ok(()),
            // Purged since the snapshot.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_live(location, name)? => {
                self.gone.push(name.to_owned());
                return Ok(());
            }
            Err(error) => {
                return Err(Error::internal(format!("附件文件 {name} 缺失（{error}） / the attachment file {name} is missing ({error})")));
            }
        };
        let path = place(name);
        // What people attach is mostly compressed already.
        self.begin(&path, CompressionMethod::Stored)?;
        let mut content = Watched::new(&mut self.zip);
        io::copy(&mut file, &mut content)?;
        let (size, sha256) = content.sum();
        if sha256 != name {
            return Err(Error::internal(format!("附件文件 {name} 已损坏 / the attachment file {name} is damaged")));
        }
        self.entries.push(Entry { path, rows: 0, size, sha256 });
        Ok(())
    }

    fn finish(mut self, made_at: Instant, schema_version: i64) -> Result<Contents> {
        let contents = Contents {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: made_at.to_string(),
            schema_version,
            entries: std::mem::take(&mut self.entries),
            gone: std::mem::take(&mut self.gone),
        };
        self.begin(NAME, CompressionMethod::Deflated)?;
        self.zip.write_all(&serde_json::to_vec_pretty(&contents)?)?;
        let file = self.zip.finish().map_err(io::Error::from)?.into_inner().map_err(|error| Error::internal(error.to_string()))?;
        file.sync_all()?;
        Ok(contents)
    }
}

/// The next rows behind `last`: their keys, then their columns.
fn page(tx: &mut Tx, table: &Table, known: &[TableColumn], last: Option<&[Value]>) -> Result<Vec<AnyRow>> {
    let keys = table.keys.join(", ");
    let names: Vec<&str> = known.iter().map(|column| column.name.as_str()).collect();
    let behind = match last {
        None => Predicate::new("true", Vec::new()),
        Some(values) => {
            let places: Vec<String> = (1..=values.len()).map(|at| format!("${at}")).collect();
            Predicate::new(format!("({keys}) > ({})", places.join(", ")), values.to_vec())
        }
    };
    let text = format!(
        "-- unscoped: the whole company travels\n select {keys}, {} from {} where {} and {{behind}} order by {keys} limit {PAGE}",
        names.join(", "),
        table.name,
        table.condition()
    );
    sql(text).part("behind", &behind).all(tx)
}

/// A row as one line.
fn line(table: &Table, known: &[TableColumn], cells: &[Value]) -> Result<String> {
    let mut object = Map::new();
    for (column, cell) in known.iter().zip(cells) {
        let name = column.name.as_str();
        if table.left_out.contains(&name) {
            continue;
        }
        let value = match cell {
            _ if table.blank.contains(&name) => Json::String(String::new()),
            Value::Null => Json::Null,
            Value::Int(number) if column.is_flag => Json::Bool(*number != 0),
            Value::Int(number) => Json::from(*number),
            Value::Bool(flag) => Json::Bool(*flag),
            Value::Text(text) => Json::from(text.as_str()),
            Value::Real(number) => Json::from(*number),
        };
        object.insert(name.to_owned(), value);
    }
    Ok(serde_json::to_string(&object)?)
}
