//! Proves a backup without trusting it: every hash, and a scratch copy of the database opened and read through.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::backup::{DATABASE, blobs, row_counts, schema_version};
use super::manifest::Manifest;
use super::{Refusal, Result};
use crate::platform::db::{Location, offline, sql};

/// Checks the backup in `folder` from end to end.
pub fn verify(folder: &Path) -> Result<Manifest> {
    let manifest = Manifest::read(folder)?;
    for listed in &manifest.files {
        listed.prove(folder)?;
    }
    if manifest.engine != "sqlite" {
        return Ok(manifest);
    }
    let Some(database) = manifest.files.iter().find(|listed| listed.path == DATABASE) else {
        return Err(Refusal::new("备份中没有数据库", "the backup holds no database"));
    };
    if manifest.schema_version > offline::newest_schema() {
        return Err(Refusal::new("备份来自更新的版本，请使用新版程序", "the backup was made by a newer version of the program"));
    }
    let scratch = Scratch::create()?;
    let copy = scratch.0.join(DATABASE);
    database.copy(folder, &copy)?;
    let (damage, version, rows, blobs) = offline::read(&Location::Sqlite(copy), |tx| {
        let mut damage: Vec<String> = sql("pragma integrity_check").all(tx)?;
        damage.retain(|line| line != "ok");
        let orphans: Vec<(String, Option<i64>, String, i64)> = sql("pragma foreign_key_check").all(tx)?;
        damage.extend(orphans.into_iter().map(|(table, row, parent, _)| format!("{table} {row:?} → {parent}")));
        Ok((damage, schema_version(tx)?, row_counts(tx)?, blobs(tx)?))
    })?;
    if let Some(first) = damage.first() {
        return Err(Refusal::new(format!("备份中的数据库已损坏：{first}"), format!("the database of the backup is damaged: {first}")));
    }
    if version != manifest.schema_version || rows != manifest.rows {
        return Err(Refusal::new("数据库内容与备份清单不符", "the database is not what the manifest says"));
    }
    let here: HashSet<&str> = manifest.files.iter().map(|listed| listed.sha256.as_str()).collect();
    if let Some(missing) = blobs.iter().find(|blob| blob.needed && !here.contains(blob.sha256.as_str())) {
        return Err(Refusal::new(
            format!("备份缺少附件文件 {}", missing.sha256),
            format!("the backup lacks the attachment file {}", missing.sha256),
        ));
    }
    Ok(manifest)
}

/// A folder that is gone when this is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn create() -> Result<Scratch> {
        let mut bytes = [0_u8; 12];
        getrandom::fill(&mut bytes).map_err(|error| crate::error::Error::internal(error.to_string()))?;
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = std::env::temp_dir().join(format!("chengdan-verify-{name}"));
        std::fs::create_dir(&path)?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
