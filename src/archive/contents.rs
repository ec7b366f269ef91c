//! `archive.json`: what the archive holds, and how to see that it is whole.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The layout, should it ever change.
pub const FORMAT: u32 = 1;
/// The name of the entry that describes the others. It is written last: without it there is no archive.
pub const NAME: &str = "archive.json";

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// Layout of the archive.
    pub format: u32,
    /// The program that wrote it.
    pub program: String,
    /// When, RFC 3339 in UTC.
    pub made_at: String,
    /// Migrations the database had gone through.
    pub schema_version: i64,
    /// Every other entry, in order.
    pub entries: Vec<Entry>,
    /// Hashes of content that was purged with its records while this was written: those attachments come in as removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<String>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// `tables/customers.jsonl`, `files/ab/ab…`.
    pub path: String,
    /// Rows of a table; 0 for an attachment.
    pub rows: i64,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
}

impl Contents {
    /// Rows of all tables.
    pub fn rows(&self) -> i64 {
        self.entries.iter().map(|entry| entry.rows).sum()
    }

    /// The sheet of a table.
    pub fn table(&self, name: &str) -> Option<&Entry> {
        let path = sheet(name);
        self.entries.iter().find(|entry| entry.path == path)
    }
}

/// Where the rows of a table stand.
pub fn sheet(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

/// Where an attachment lies.
pub fn place(sha256: &str) -> String {
    format!("files/{}/{sha256}", sha256.get(..2).unwrap_or("00"))
}

/// Counts and hashes what goes through it.
pub struct Watched<T> {
    inner: T,
    hash: Sha256,
    size: u64,
}

impl<T> Watched<T> {
    /// Watches `inner`.
    pub fn new(inner: T) -> Watched<T> {
        Watched { inner, hash: Sha256::new(), size: 0 }
    }

    /// What went through: bytes and their SHA-256.
    pub fn sum(self) -> (u64, String) {
        (self.size, self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl<T: Read> Read for Watched<T> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.hash.update(&into[..read]);
        self.size += read as u64;
        Ok(read)
    }
}

impl<T: Write> Write for Watched<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
