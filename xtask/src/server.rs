//! The server's binary in its three builds.

use crate::Result;
use crate::process::{cargo, finish, printed_by};
use crate::{page, stamp};
use std::path::PathBuf;

/// How the server is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to compile; reads the page from `web/dist` as it runs.
    Dev,
    /// Fast and without long linking: the demo and the browser journeys.
    Local,
    /// What is shipped.
    Release,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Profile::Dev => "dev",
            Profile::Local => "local",
            Profile::Release => "release",
        }
    }

    fn folder(self) -> &'static str {
        if self == Profile::Dev { "debug" } else { self.name() }
    }
}

/// Builds the server and returns the absolute path of its binary.
pub fn build(profile: Profile) -> Result<PathBuf> {
    finish(cargo().args(["build", "--package", "chengdan", "--bin", "chengdan", "--profile", profile.name()]))?;
    Ok(folder(profile)?.join(format!("chengdan{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds the page if it changed, then a server with that page inside.
pub fn build_with_page(profile: Profile) -> Result<PathBuf> {
    let page = page::build()?;
    let embedded = folder(profile)?.join(".page");
    if !stamp::says(&embedded, &page) {
        // Cargo sees a changed file of the page, but not one that is new.
        finish(cargo().args(["clean", "--quiet", "--package", "chengdan", "--profile", profile.name()]))?;
    }
    let binary = build(profile)?;
    stamp::write(&embedded, &page)?;
    Ok(binary)
}

/// `cargo xtask build`.
pub fn release() -> Result<()> {
    let binary = build_with_page(Profile::Release)?;
    println!("{}", binary.display());
    Ok(())
}

fn folder(profile: Profile) -> Result<PathBuf> {
    let metadata = printed_by(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata).map_err(|e| format!("`cargo metadata`: {e}"))?;
    let target = metadata["target_directory"].as_str().ok_or("`cargo metadata` names no target folder")?;
    Ok(PathBuf::from(target).join(profile.folder()))
}
