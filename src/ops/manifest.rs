//! What a backup is made of: every file with its size and hash, every table with its number of rows.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Refusal, Result, sync_folder};

/// The layout of the folder, should it ever change.
const FORMAT: u32 = 1;
const NAME: &str = "manifest.json";

/// `manifest.json`. It is written last: a folder without it is no backup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Layout of the folder.
    pub format: u32,
    /// When the copy was made, RFC 3339 in UTC.
    pub made_at: String,
    /// `sqlite`, or `postgresql` when only the attachments are here.
    pub engine: String,
    /// Migrations the database has gone through.
    pub schema_version: i64,
    /// Every file of the backup but this one.
    pub files: Vec<Listed>,
    /// Rows of every table; empty without a database.
    pub rows: BTreeMap<String, i64>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its path inside the backup, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// An empty one.
    pub(super) fn new(made_at: String, engine: &str, schema_version: i64) -> Manifest {
        Manifest { format: FORMAT, made_at, engine: engine.to_owned(), schema_version, files: Vec::new(), rows: BTreeMap::new() }
    }

    /// Writes it aside, flushes it and moves it into place.
    pub(super) fn write(&self, folder: &Path) -> Result<()> {
        let aside = folder.join("manifest.part");
        let mut file = File::create(&aside)?;
        let text = serde_json::to_string_pretty(self).map_err(crate::error::Error::from)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        std::fs::rename(&aside, folder.join(NAME))?;
        sync_folder(folder)
    }

    /// Reads the manifest of a backup.
    pub(super) fn read(folder: &Path) -> Result<Manifest> {
        let path = folder.join(NAME);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Refusal::new(
                format!("{} 不是一个完整的备份：无法读取 {NAME}（{error}）", folder.display()),
                format!("{} is no complete backup: {NAME} cannot be read ({error})", folder.display()),
            )
        })?;
        let manifest: Manifest = serde_json::from_str(&text)
            .map_err(|error| Refusal::new(format!("{NAME} 已损坏：{error}"), format!("{NAME} is damaged: {error}")))?;
        if manifest.format != FORMAT {
            return Err(Refusal::new(
                format!("备份格式 {} 不受支持", manifest.format),
                format!("backup format {} is not supported", manifest.format),
            ));
        }
        Ok(manifest)
    }
}

impl Listed {
    /// Where the file lies below `folder`; refuses a path that leads out of it.
    pub(super) fn below(&self, folder: &Path) -> Result<PathBuf> {
        let path = Path::new(&self.path);
        if self.path.is_empty() || !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(Refusal::new(
                format!("备份清单中的路径无效：{}", self.path),
                format!("the manifest names an invalid path: {}", self.path),
            ));
        }
        Ok(folder.join(path))
    }

    /// Reads the file through; refuses one that is missing or not as listed.
    pub(super) fn prove(&self, folder: &Path) -> Result<()> {
        let path = self.below(folder)?;
        let mut file = File::open(&path).map_err(|error| {
            Refusal::new(format!("备份缺少文件 {}（{error}）", self.path), format!("the backup lacks {} ({error})", self.path))
        })?;
        let (size, sha256) = pour(&mut file, &mut std::io::sink())?;
        self.compare(size, &sha256)
    }

    /// Copies the file to `target`, flushed; refuses one that is not as listed.
    pub(super) fn copy(&self, folder: &Path, target: &Path) -> Result<()> {
        let mut from = File::open(self.below(folder)?)?;
        let mut to = File::options().write(true).create_new(true).open(target)?;
        let (size, sha256) = pour(&mut from, &mut to)?;
        to.sync_all()?;
        self.compare(size, &sha256)
    }

    fn compare(&self, size: u64, sha256: &str) -> Result<()> {
        if size == self.size && sha256 == self.sha256 {
            return Ok(());
        }
        Err(Refusal::new(
            format!("文件 {} 与备份清单不符（大小或校验值不同）", self.path),
            format!("{} is not what the manifest says (size or hash differ)", self.path),
        ))
    }
}

/// Copies everything; answers the number of bytes and their SHA-256.
pub(super) fn pour(from: &mut impl Read, to: &mut impl Write) -> Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0_u8; 256 * 1024];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        size += read as u64;
    }
    Ok((size, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leads_out_of_the_backup() {
        let listed = |path: &str| Listed { path: path.into(), size: 0, sha256: String::new() };
        for bad in ["", "../data", "/etc/passwd", "files/../../x", "./x"] {
            assert!(listed(bad).below(Path::new("/b")).is_err(), "{bad}");
        }
        assert_eq!(listed("files/ab/abc").below(Path::new("/b")).unwrap(), Path::new("/b/files/ab/abc"));
    }
}
