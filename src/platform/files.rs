//! Files on disk, kept under the hash of their content: written aside, flushed, moved into place, and only then mentioned in the
//! database.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// No upload takes so long.
const ABANDONED: Duration = Duration::from_secs(3_600);

/// Where the content of attachments lies.
#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
}

/// A file on its way in. Dropped without [`Incoming::keep`], it leaves nothing behind.
pub struct Incoming {
    file: File,
    path: PathBuf,
    root: PathBuf,
    hash: Sha256,
    size: u64,
    limit: u64,
    kept: bool,
}

/// A kept file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of the content, hexadecimal; also its name on disk.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
}

impl Files {
    /// Opens the folder, making it where needed, and clears away what a crash has left. What is young may just be arriving at another
    /// server that shares the folder.
    pub fn open(root: &Path) -> Result<Files> {
        std::fs::create_dir_all(root.join("incoming"))?;
        for left_over in std::fs::read_dir(root.join("incoming"))?.flatten() {
            if has_lain(&left_over.path(), ABANDONED).unwrap_or(false) {
                let _ = std::fs::remove_file(left_over.path());
            }
        }
        Ok(Files { root: root.to_owned() })
    }

    /// Begins a file of at most `limit` bytes.
    pub fn receive(&self, limit: u64) -> Result<Incoming> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
        let path = self.root.join("incoming").join(hex(&bytes));
        let file = File::options().create_new(true).read(true).write(true).open(&path)?;
        Ok(Incoming { file, path, root: self.root.clone(), hash: Sha256::new(), size: 0, limit, kept: false })
    }

    /// Where the content with this hash lies.
    pub fn path_of(&self, sha256: &str) -> PathBuf {
        Files::place_in(&self.root, sha256)
    }

    /// Removes a content that has lain there for `age`; false when it is younger and stays. Moved aside first: a file that is
    /// written anew at the same moment is found to be young and put back.
    pub fn forget(&self, sha256: &str, age: Duration) -> Result<bool> {
        let place = self.path_of(sha256);
        if !place.is_file() {
            return Ok(true);
        }
        if !has_lain(&place, age)? {
            return Ok(false);
        }
        let aside = self.root.join("incoming").join(format!("forsaken-{sha256}"));
        std::fs::rename(&place, &aside)?;
        if has_lain(&aside, age)? {
            std::fs::remove_file(&aside)?;
            return Ok(true);
        }
        std::fs::rename(&aside, &place)?;
        Ok(false)
    }

    /// Where it lies below another root, such as that of a backup.
    pub fn place_in(root: &Path, sha256: &str) -> PathBuf {
        root.join(sha256.get(..2).unwrap_or("00")).join(sha256)
    }
}

/// True when a file was last written `age` ago or before.
fn has_lain(path: &Path, age: Duration) -> Result<bool> {
    Ok(std::fs::metadata(path)?.modified()?.elapsed().is_ok_and(|lain| lain >= age))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Incoming {
    /// Adds a piece; past the limit nothing is kept.
    pub fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.size += piece.len() as u64;
        if self.size > self.limit {
            return Err(Error::TooLarge);
        }
        self.hash.update(piece);
        self.file.write_all(piece)?;
        Ok(())
    }

    /// The file as received so far, to look into.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes received so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Flushes it to disk and moves it to its place. After this a crash cannot lose it.
    pub fn keep(mut self) -> Result<Kept> {
        let sha256 = hex(&std::mem::take(&mut self.hash).finalize());
        let target = Files::place_in(&self.root, &sha256);
        let folder = target.parent().unwrap_or(&self.root).to_owned();
        if !folder.is_dir() {
            std::fs::create_dir_all(&folder)?;
            sync_folder(&self.root)?;
        }
        self.file.sync_all()?;
        std::fs::rename(&self.path, &target)?;
        self.kept = true;
        sync_folder(&folder)?;
        Ok(Kept { sha256, size: self.size })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Makes a new name in a folder survive a power cut (a no-op where folders cannot be opened).
fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_too_many_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let mut incoming = files.receive(3).unwrap();
        incoming.write(b"abc").unwrap();
        assert!(matches!(incoming.write(b"d"), Err(Error::TooLarge)));
        drop(incoming);
        assert_eq!(std::fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);
    }

    #[test]
    fn a_start_clears_away_what_is_abandoned_and_nothing_that_arrives() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let (abandoned, arriving) = (files.receive(3).unwrap(), files.receive(3).unwrap());
        abandoned.file.set_modified(std::time::SystemTime::now() - ABANDONED).unwrap();
        Files::open(folder.path()).unwrap();
        assert!(!abandoned.path().exists());
        assert!(arriving.path().exists());
    }

    #[test]
    fn the_same_content_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let keep = |content: &[u8]| {
            let mut incoming = files.receive(100).unwrap();
            incoming.write(content).unwrap();
            incoming.keep().unwrap()
        };
        let (first, second) = (keep(b"abc"), keep(b"abc"));
        assert_eq!(first, second);
        assert_eq!(std::fs::read(files.path_of(&first.sha256)).unwrap(), b"abc");
    }
}
