//! What no file of the repository may hold: the hosts packages came from, paths of somebody's machine,
//! and names that another system cannot store.

use crate::Result;
use crate::process::{command, printed_by, root};
use crate::stamp::files_below;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Written in two halves, so that this file passes its own scan.
const REGISTRIES: [&str; 6] = [
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "npmmirror.com"),
    concat!("registry.", "yarnpkg.com"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("/arti", "factory/"),
];

const MACHINE_PATHS: [&str; 2] = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];

/// The only place `Cargo.lock` may name as a source.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Scans every tracked file and names each finding with its line.
pub fn check() -> Result<()> {
    let files = tracked()?;
    let mut findings = names(&files);
    let machine_paths = machine_paths(&root()?);
    for file in &files {
        // A tracked file that was just deleted has nothing to say.
        let Ok(bytes) = fs::read(file) else { continue };
        if let Ok(text) = std::str::from_utf8(&bytes) {
            findings.extend(contents(file, text, &machine_paths));
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(format!("these do not belong in the repository:\n    {}", findings.join("\n    "))) }
}

/// The files git keeps; in a copy without git, every file but what is built.
fn tracked() -> Result<Vec<String>> {
    match printed_by(command("git").args(["-c", "safe.directory=*", "ls-files", "-z"])) {
        Ok(list) => Ok(list.split('\0').filter(|name| !name.is_empty()).map(String::from).collect()),
        Err(_) => {
            let built = [".git", "target", "data", "node_modules", "dist", "paraglide", "cache", "test-results", "playwright-report"];
            let files = files_below(Path::new("."), &built)?;
            Ok(files.iter().map(|file| file.to_string_lossy().trim_start_matches("./").to_owned()).collect())
        }
    }
}

/// The fixed paths, and the folder this checkout lies in unless its path is too short to mean anything.
fn machine_paths(root: &Path) -> Vec<String> {
    let own = (root.components().count() > 2).then(|| format!("{}/", root.display()));
    MACHINE_PATHS.iter().map(|path| (*path).to_owned()).chain(own).collect()
}

fn contents(file: &str, text: &str, machine_paths: &[String]) -> Vec<String> {
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut found = |what: String| findings.push(format!("{file}:{}: {what}", number + 1));
        for host in REGISTRIES.iter().filter(|host| line.contains(*host)) {
            found(format!("the registry {host}"));
        }
        for path in machine_paths.iter().filter(|path| holds_path(line, path)) {
            found(format!("a path of one machine ({path})"));
        }
        if file.ends_with("package-lock.json") && line.trim_start().starts_with("\"resolved\": \"http") {
            found("a download address (`npm install --omit-lockfile-registry-resolved` leaves it out)".into());
        }
        if file.ends_with("Cargo.lock") && line.starts_with("source = ") && !line.contains(CRATES_IO) {
            found("a crate that is not from crates.io".into());
        }
    }
    findings
}

/// Whether the path stands in the line as a beginning, not as a part of a longer one.
fn holds_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|letter| !(letter.is_alphanumeric() || "._-~*})]$".contains(letter)))
    })
}

fn names(files: &[String]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut folded: HashMap<String, &str> = HashMap::new();
    for file in files {
        if file.split('/').any(unstorable) {
            findings.push(format!("{file}: a name that Windows cannot store"));
        }
        if let Some(other) = folded.insert(file.to_lowercase(), file) {
            findings.push(format!("{file}: differs from {other} in case alone"));
        }
    }
    findings
}

fn unstorable(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    name.contains(['<', '>', ':', '"', '\\', '|', '?', '*'])
        || name.chars().any(char::is_control)
        || name.ends_with(['.', ' '])
        || matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "com1" | "lpt1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, text: &str) -> usize {
        contents(file, text, &machine_paths(Path::new("/"))).len()
    }

    #[test]
    fn hosts_and_download_addresses_are_found() {
        assert_eq!(found("docs/a.md", &format!("see https://{}/x", REGISTRIES[0])), 1);
        assert_eq!(found("web/package-lock.json", "      \"resolved\": \"https://mirror.example/x.tgz\","), 1);
        assert_eq!(found("web/package-lock.json", "      \"version\": \"1.0.0\","), 0);
    }

    #[test]
    fn crates_come_from_crates_io() {
        assert_eq!(found("Cargo.lock", &format!("source = \"{CRATES_IO}\"")), 0);
        assert_eq!(found("Cargo.lock", "source = \"git+https://example.com/x\""), 1);
    }

    #[test]
    fn paths_of_one_machine_are_found_where_they_begin() {
        let path = MACHINE_PATHS[0];
        assert_eq!(found("a.rs", &format!("include!(\"{path}x.rs\")")), 1);
        assert_eq!(found("a.rs", &format!("file://{path}x.rs")), 1);
        assert_eq!(found("a.rs", &format!("docs{path}x.md")), 0);
        assert_eq!(found("a.rs", &format!("${{base}}{path}x.md")), 0);
    }

    #[test]
    fn the_place_of_the_checkout_counts_when_it_is_telling() {
        assert_eq!(machine_paths(Path::new("/srv/build/x")).len(), MACHINE_PATHS.len() + 1);
        assert_eq!(machine_paths(Path::new("/app")).len(), MACHINE_PATHS.len());
    }

    #[test]
    fn names_every_system_can_store() {
        let files = |list: &[&str]| names(&list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).len();
        assert_eq!(files(&["docs/guide/客户.md", "src/lib.rs", "README.md"]), 0);
        assert_eq!(files(&["README.md", "Readme.md"]), 1);
        assert_eq!(files(&["docs/aux.md"]), 1);
        assert_eq!(files(&["docs/a:b.md", "docs/c."]), 2);
    }
}
