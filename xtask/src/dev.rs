//! `cargo xtask dev`: the page with hot reload, and a server that is built and started again when its sources change.

use crate::process::{Running, interrupted};
use crate::server::{Profile, build};
use crate::stamp::files_below;
use crate::{Result, page, run};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

/// How often the sources are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How long the old server may take to finish what it is doing.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn dev() -> Result<()> {
    page::install()?;
    let mut seen = newest();
    let mut server = Some(start()?);
    eprintln!("xtask: the page with hot reload is at the address Vite names below");
    let mut vite = Running::start(page::npm().args(["run", "--silent", "dev"]).stdin(Stdio::null()))?;
    loop {
        std::thread::sleep(LOOK);
        if interrupted() {
            break;
        }
        if let Some(status) = vite.ended()? {
            return Err(format!("Vite ended: {status}"));
        }
        if let Some(running) = &mut server
            && let Some(status) = running.ended()?
        {
            eprintln!("xtask: the server ended ({status}); it starts again with the next change");
            server = None;
        }
        let now = newest();
        if now == seen {
            continue;
        }
        seen = now;
        eprintln!("xtask: sources changed, building the server");
        // The old server goes on while the new one does not compile.
        if let Err(reason) = build(Profile::Dev) {
            eprintln!("xtask: {reason}");
            continue;
        }
        if let Some(mut old) = server.take() {
            old.stop(PATIENCE);
        }
        server = Some(start()?);
    }
    Ok(())
}

fn start() -> Result<Running> {
    let binary = build(Profile::Dev)?;
    let mut server = Running::start(run::serve(&binary, "data/dev", &[]).stdin(Stdio::null()).stdout(Stdio::piped()))?;
    if let Some(said) = server.child().stdout.take() {
        std::thread::spawn(move || run::relay(said));
    }
    Ok(server)
}

/// How many files the server is made of, and when the youngest was written.
fn newest() -> (usize, Option<SystemTime>) {
    let mut files = vec![PathBuf::from("Cargo.toml"), PathBuf::from("Cargo.lock")];
    for folder in ["src", "migrations"] {
        files.extend(files_below(Path::new(folder), &[]).unwrap_or_default());
    }
    let times = files.iter().filter_map(|file| file.metadata().ok()?.modified().ok());
    (files.len(), times.max())
}
