//! The API's description and the page's typed client, both made from the server's code.

use crate::Result;
use crate::page;
use crate::process::{command, finish, printed_by};
use crate::server::{Profile, build};
use std::fs;
use std::path::{Path, PathBuf};

const DESCRIPTION: &str = "openapi.json";
const CLIENT: &str = "web/src/api/schema.ts";
const REPAIR: &str = "run `cargo xtask gen-api` and commit the result";

/// `cargo xtask gen-api`: writes both files.
pub fn write() -> Result<()> {
    let description = described()?;
    fs::write(DESCRIPTION, description).map_err(|e| format!("cannot write {DESCRIPTION}: {e}"))?;
    page::install()?;
    write_client()?;
    eprintln!("xtask: wrote {DESCRIPTION} and {CLIENT}");
    Ok(())
}

/// Fails if the committed description differs from what the code says.
pub fn check_description() -> Result<()> {
    same(DESCRIPTION, &committed(DESCRIPTION)?, &described()?)
}

/// Fails if the committed client differs from what the committed description gives.
pub fn check_client() -> Result<()> {
    let before = Kept { file: PathBuf::from(CLIENT), text: committed(CLIENT)? };
    page::install()?;
    write_client()?;
    same(CLIENT, &before.text, &committed(CLIENT)?)
}

fn described() -> Result<String> {
    let binary = build(Profile::Dev)?;
    let mut description = printed_by(command(binary).arg("openapi"))?;
    if !description.ends_with('\n') {
        description.push('\n');
    }
    Ok(description)
}

fn write_client() -> Result<()> {
    finish(page::npm().args(["run", "--silent", "gen-api"]))
}

fn committed(file: &str) -> Result<String> {
    fs::read_to_string(file).map_err(|e| format!("cannot read {file} ({e}): {REPAIR}"))
}

fn same(file: &str, committed: &str, made: &str) -> Result<()> {
    let Some(line) = first_difference(committed, made) else {
        return Ok(());
    };
    Err(format!("{file} is stale from line {line} on: {REPAIR}"))
}

/// The first line, counted from 1, in which two texts differ. Line ends are no difference.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    let (mut one, mut other) = (one.lines(), other.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (one.next(), other.next()) {
            (None, None) => return None,
            (a, b) if a == b => {}
            _ => return Some(number),
        }
    }
}

/// A file that gets its old text back when this is dropped: a check changes nothing.
struct Kept {
    file: PathBuf,
    text: String,
}

impl Drop for Kept {
    fn drop(&mut self) {
        restore(&self.file, &self.text);
    }
}

fn restore(file: &Path, text: &str) {
    if let Err(reason) = fs::write(file, text) {
        eprintln!("xtask: {} could not be restored: {reason}", file.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_differing_line_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\r\nb"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        let refusal = same("openapi.json", "a", "b").unwrap_err();
        assert!(refusal.contains("cargo xtask gen-api"));
    }

    #[test]
    fn a_kept_file_gets_its_text_back() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("schema.ts");
        let kept = Kept { file: file.clone(), text: "old".into() };
        fs::write(&file, "new").unwrap();
        drop(kept);
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
    }
}
