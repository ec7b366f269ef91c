//! Stamps: a small file beside a result that holds the hash of what it was made from, so that a
//! step is done again exactly when its sources differ.

use crate::Result;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// The hash over the names and the bytes of files, in hexadecimal. The order given plays no part.
pub fn of_files(base: &Path, files: &[PathBuf]) -> Result<String> {
    let mut files: Vec<&PathBuf> = files.iter().collect();
    files.sort();
    let mut sum = Sha256::new();
    for file in files {
        let bytes = fs::read(file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
        let name = file.strip_prefix(base).unwrap_or(file);
        // Lengths first: no two different lists of files can give the same bytes.
        let name = name.to_string_lossy().replace('\\', "/");
        sum.update((name.len() as u64).to_le_bytes());
        sum.update(name.as_bytes());
        sum.update((bytes.len() as u64).to_le_bytes());
        sum.update(&bytes);
    }
    Ok(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Every file below `folder`, without the folders and files of these names (at any depth).
pub fn files_below(folder: &Path, without: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).map_err(|e| format!("cannot read {}: {e}", folder.display()))?;
        for entry in entries {
            let entry = entry.map_err(|e| format!("cannot read {}: {e}", folder.display()))?;
            if entry.file_name().to_str().is_some_and(|name| without.contains(&name)) {
                continue;
            }
            let kind = entry.file_type().map_err(|e| format!("cannot read {}: {e}", entry.path().display()))?;
            if kind.is_dir() {
                waiting.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The files of `folder` itself, not those of the folders in it; none if there is no such folder.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(|e| format!("cannot read {}: {e}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect())
}

/// Whether the stamp in `file` says `hash`.
pub fn says(file: &Path, hash: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text.trim() == hash)
}

pub fn write(file: &Path, hash: &str) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))?;
    fs::write(file, format!("{hash}\n")).map_err(|e| format!("cannot write {}: {e}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(folder: &Path) -> String {
        of_files(folder, &files_below(folder, &["node_modules"]).unwrap()).unwrap()
    }

    #[test]
    fn the_hash_follows_names_and_bytes_alone() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("src/node_modules")).unwrap();
        fs::write(root.join("src/a.ts"), "one").unwrap();
        let first = hash(root);
        fs::write(root.join("src/node_modules/x.js"), "left out").unwrap();
        fs::write(root.join("src/a.ts"), "one").unwrap();
        assert_eq!(hash(root), first);
        fs::write(root.join("src/a.ts"), "two").unwrap();
        assert_ne!(hash(root), first);
        fs::write(root.join("src/a.ts"), "one").unwrap();
        fs::rename(root.join("src/a.ts"), root.join("src/b.ts")).unwrap();
        assert_ne!(hash(root), first);
    }

    #[test]
    fn bytes_cannot_move_from_one_file_to_the_next_unseen() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        let files = [a.clone(), b.clone()];
        fs::write(&a, "xy").unwrap();
        fs::write(&b, "z").unwrap();
        let first = of_files(folder.path(), &files).unwrap();
        fs::write(&a, "x").unwrap();
        fs::write(&b, "yz").unwrap();
        assert_ne!(of_files(folder.path(), &files).unwrap(), first);
    }

    #[test]
    fn a_stamp_says_what_was_written_and_nothing_when_missing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".vite/sources");
        assert!(!says(&file, "abc"));
        write(&file, "abc").unwrap();
        assert!(says(&file, "abc"));
        assert!(!says(&file, "abd"));
    }
}
