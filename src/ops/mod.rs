//! The commands for whoever runs the product: back it up, prove a backup, restore it, look for damage, let the last administrator
//! in again. They work without a server, most of them also beside a running one.

mod archive;
mod backup;
mod doctor;
mod manifest;
mod restore;
mod secrets;
mod user;
mod verify;

use std::fmt;
use std::path::Path;

pub use archive::{export_company, import_company};
pub use backup::backup;
pub use doctor::doctor;
pub use manifest::{Listed, Manifest};
pub use restore::restore;
pub use secrets::forget_secrets;
pub use user::reset_password;
pub use verify::verify;

use crate::error::Error;

/// Why a command did not do its work, in both languages.
#[derive(Debug)]
pub struct Refusal {
    zh: String,
    en: String,
}

/// The result of a command.
pub type Result<T, E = Refusal> = std::result::Result<T, E>;

impl Refusal {
    /// A refusal in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal { zh: zh.into(), en: en.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.zh == self.en { out.write_str(&self.en) } else { write!(out, "{} / {}", self.zh, self.en) }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        match error {
            Error::StorageFull => Refusal::new("磁盘空间不足", "the disk is full"),
            Error::Unavailable => Refusal::new("数据库暂时不可用，请稍后再试", "the database is busy; try again shortly"),
            Error::Internal(text) => Refusal::new(text.clone(), text),
            other => Refusal::new(format!("出错了：{other}"), other.to_string()),
        }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Refusal {
        Error::from(error).into()
    }
}

/// True when there is nothing there, or an empty folder.
fn is_empty(folder: &Path) -> Result<bool> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => {
            Err(Refusal::new(format!("无法读取 {}：{error}", folder.display()), format!("cannot read {}: {error}", folder.display())))
        }
    }
}

/// Makes new names in a folder survive a power cut.
fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
