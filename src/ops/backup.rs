//! A copy of database and attachments, made while the server runs.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use super::manifest::{Listed, Manifest, pour};
use super::{Refusal, Result, is_empty, sync_folder};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{Location, Tx, offline, sql};
use crate::platform::files::Files;

/// The database inside a backup.
pub(super) const DATABASE: &str = "chengdan.db";

/// A blob an attachment refers to.
pub(super) struct Blob {
    pub sha256: String,
    pub size: i64,
    /// False when every attachment with this content has been deleted: then the file may be gone.
    pub needed: bool,
}

/// Copies everything into `folder`, which must be empty. The database comes first, so whatever it mentions is there to be copied.
pub fn backup(config: &Config, folder: &Path) -> Result<Manifest> {
    if !is_empty(folder)? {
        return Err(Refusal::new(
            format!("{} 不是空文件夹，不会覆盖其中的内容", folder.display()),
            format!("{} is not empty; nothing is overwritten", folder.display()),
        ));
    }
    let location = config.location()?;
    if let Location::Sqlite(path) = &location
        && !path.is_file()
    {
        return Err(no_database(path));
    }
    std::fs::create_dir_all(folder)?;
    let outcome = copy(config, &location, folder);
    if outcome.is_err() {
        clear(folder);
    }
    let manifest = outcome?;
    if matches!(location, Location::Postgres(_)) {
        return Err(Refusal::new(
            format!("附件已复制到 {}，但其中没有数据库：PostgreSQL 数据库请用 pg_dump 备份（先 pg_dump，再运行本命令）", folder.display()),
            format!(
                "the attachments were copied to {}, the database was not: back up PostgreSQL with pg_dump (pg_dump first, then this command)",
                folder.display()
            ),
        ));
    }
    Ok(manifest)
}

pub(super) fn no_database(path: &Path) -> Refusal {
    Refusal::new(format!("没有找到数据库 {}", path.display()), format!("there is no database {}", path.display()))
}

fn copy(config: &Config, location: &Location, folder: &Path) -> Result<Manifest> {
    let made_at = Clock::running().now().to_string();
    let files = config.files_root()?;
    let (mut manifest, source) = match location {
        Location::Sqlite(path) => {
            let target = folder.join(DATABASE);
            offline::copy(path, &target)?;
            let copied = Location::Sqlite(target.clone());
            let (schema_version, rows) = offline::read(&copied, |tx| Ok((schema_version(tx)?, row_counts(tx)?)))?;
            let mut manifest = Manifest::new(made_at, "sqlite", schema_version);
            manifest.rows = rows;
            let (size, sha256) = pour(&mut File::open(&target)?, &mut std::io::sink())?;
            manifest.files.push(Listed { path: DATABASE.into(), size, sha256 });
            (manifest, copied)
        }
        Location::Postgres(_) => (Manifest::new(made_at, "postgresql", offline::read(location, schema_version)?), location.clone()),
    };
    for blob in offline::read(&source, blobs)? {
        copy_blob(&files, folder, &blob, &mut manifest)?;
    }
    manifest.write(folder)?;
    Ok(manifest)
}

fn copy_blob(root: &Path, folder: &Path, blob: &Blob, manifest: &mut Manifest) -> Result<()> {
    let place = Files::place_in(root, &blob.sha256);
    let mut from = match File::open(&place) {
        Ok(file) => file,
        Err(_) if !blob.needed => return Ok(()),
        Err(error) => {
            return Err(Refusal::new(
                format!("附件文件 {} 缺失（{error}），备份未完成", blob.sha256),
                format!("the attachment file {} is missing ({error}); no backup was made", blob.sha256),
            ));
        }
    };
    let target = Files::place_in(&folder.join("files"), &blob.sha256);
    let parent = target.parent().unwrap_or(folder);
    std::fs::create_dir_all(parent)?;
    let mut to = File::create(&target)?;
    let (size, sha256) = pour(&mut from, &mut to)?;
    to.sync_all()?;
    sync_folder(parent)?;
    if sha256 != blob.sha256 {
        return Err(Refusal::new(
            format!("附件文件 {} 已损坏，备份未完成", blob.sha256),
            format!("the attachment file {} is damaged; no backup was made", blob.sha256),
        ));
    }
    manifest.files.push(Listed { path: format!("files/{}/{sha256}", &sha256[..2]), size, sha256 });
    Ok(())
}

/// What a failed backup has written: the folder was empty before.
fn clear(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let _ = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
    }
}

/// How many migrations the database has gone through.
pub(super) fn schema_version(tx: &mut Tx) -> crate::error::Result<i64> {
    sql("select coalesce(max(version), 0) from schema_migrations").one(tx)
}

/// Every content that an attachment refers to.
pub(super) fn blobs(tx: &mut Tx) -> crate::error::Result<Vec<Blob>> {
    let rows: Vec<(String, i64, i64)> = sql("select sha256, max(size), count(*) filter (where deleted_at is null) from attachments
         group by sha256 order by sha256")
    .all(tx)?;
    Ok(rows.into_iter().map(|(sha256, size, live)| Blob { sha256, size, needed: live > 0 }).collect())
}

/// Rows of every table of a SQLite database, but for the engine's own and the search index, which follows from the rest.
pub(super) fn row_counts(tx: &mut Tx) -> crate::error::Result<BTreeMap<String, i64>> {
    let tables: Vec<String> = sql("select name from sqlite_master where type = 'table' order by name").all(tx)?;
    let mut rows = BTreeMap::new();
    for table in tables.into_iter().filter(|table| !table.starts_with("sqlite_") && !table.contains("_search")) {
        let count = sql(format!("select count(*) from \"{table}\"")).one(tx)?;
        rows.insert(table, count);
    }
    Ok(rows)
}
