//! The page: Node, its packages and its build, each only when something changed.

use crate::Result;
use crate::process::{command, finish, printed_by};
use crate::stamp;
use std::path::Path;
use std::process::Command;

/// The oldest Node that Vite runs on: major and minor version.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// What the built page is made of, apart from the files of `web/` itself. Named one by one, because
/// tools leave caches of their own beside them.
const SOURCES: [&str; 4] = ["src", "messages", "public", "tools"];

/// Neither written by hand nor part of the page: packages, and what is compiled from the messages.
const NOT_SOURCES: &[&str] = &["node_modules", "paraglide"];

/// Refuses an absent or an old Node with a hint; otherwise returns its version.
fn require_node() -> Result<(u32, u32)> {
    let (major, minor) = OLDEST_NODE;
    let hint = format!(
        "the page is built with Node {major}.{minor} or newer; https://nodejs.org has it for every system.\n\
         Without Node, `cargo run` still starts the server, with its API alone."
    );
    let answer = printed_by(command("node").arg("--version")).map_err(|_| format!("Node was not found: {hint}"))?;
    let found = version(&answer).ok_or_else(|| format!("`node --version` answered {answer:?}: {hint}"))?;
    if found < OLDEST_NODE { Err(format!("Node {} is too old: {hint}", answer.trim())) } else { Ok(found) }
}

/// Major and minor version in an answer like `v20.20.2`.
fn version(answer: &str) -> Option<(u32, u32)> {
    let mut parts = answer.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// `npm` in `web/`.
pub fn npm() -> Command {
    npm_in(Path::new("web"))
}

fn npm_in(folder: &Path) -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    // The journeys use the system's browser; nothing else may be fetched while installing.
    npm.current_dir(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    npm
}

/// Installs the packages of the page, and of its tools that have a list of their own, where the
/// locked versions differ from those last installed. What npm says goes to standard error: standard
/// output is kept for what was asked for, such as the server's address.
pub fn install() -> Result<()> {
    let (node, _) = require_node()?;
    for folder in [Path::new("web"), Path::new("web/tools/openapi")] {
        let lock = folder.join("package-lock.json");
        if !lock.is_file() {
            if folder == Path::new("web") {
                return Err(format!("{} is missing; this is no complete checkout", lock.display()));
            }
            continue;
        }
        let hash = format!("{} node{node}", stamp::of_files(folder, &[lock])?);
        let installed = folder.join("node_modules/.installed");
        if !stamp::says(&installed, &hash) {
            eprintln!("xtask: installing the packages of {}/", folder.display());
            finish(npm_in(folder).args(["ci", "--no-audit", "--no-fund"]).stdout(std::io::stderr()))?;
            stamp::write(&installed, &hash)?;
        }
    }
    Ok(())
}

/// The hash over everything the built page is made of.
fn sources(web: &Path) -> Result<String> {
    let mut files = stamp::files_in(web)?;
    files.extend(stamp::files_in(&web.join("project.inlang"))?.into_iter().filter(|file| file.ends_with("settings.json")));
    for folder in SOURCES.map(|name| web.join(name)).iter().filter(|folder| folder.is_dir()) {
        files.extend(stamp::files_below(folder, NOT_SOURCES)?);
    }
    stamp::of_files(web, &files)
}

/// Builds the page into `web/dist` unless it stands there already, made of the same sources.
/// Returns the hash of these sources.
pub fn build() -> Result<String> {
    install()?;
    let hash = sources(Path::new("web"))?;
    // A build empties `web/dist`, this stamp included; the server leaves `.vite` out of its binary.
    let built = Path::new("web/dist/.vite/sources");
    if !(stamp::says(built, &hash) && Path::new("web/dist/index.html").is_file()) {
        eprintln!("xtask: building the page");
        finish(npm().args(["run", "--silent", "build"]).stdout(std::io::stderr()))?;
        stamp::write(built, &hash)?;
    }
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_leave_behind_is_no_change_of_the_page() {
        let web = tempfile::tempdir().unwrap();
        let web = web.path();
        for folder in ["src/paraglide", "project.inlang/cache", "node_modules/x", "dist", "messages"] {
            std::fs::create_dir_all(web.join(folder)).unwrap();
        }
        let write = |file: &str| std::fs::write(web.join(file), file).unwrap();
        write("project.inlang/settings.json");
        write("package.json");
        let first = sources(web).unwrap();
        for file in ["src/paraglide/a.js", "project.inlang/cache/c.json", "node_modules/x/i.js", "dist/index.html"] {
            write(file);
        }
        assert_eq!(sources(web).unwrap(), first);
        let mut seen = vec![first];
        for file in ["src/main.tsx", "messages/zh.json", "vite.config.ts", "index.html"] {
            write(file);
            seen.push(sources(web).unwrap());
        }
        seen.dedup();
        assert_eq!(seen.len(), 5);
    }

    #[test]
    fn the_version_is_read_from_what_node_answers() {
        assert_eq!(version("v20.20.2\n"), Some((20, 20)));
        assert_eq!(version("v8.1.0"), Some((8, 1)));
        assert_eq!(version("20.1.0"), None);
        assert_eq!(version(""), None);
        assert!((20, 9) < OLDEST_NODE && (22, 0) > OLDEST_NODE);
    }
}
