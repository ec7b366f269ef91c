//! The way back: a proven backup into an empty data folder.

use std::path::Path;

use super::backup::DATABASE;
use super::manifest::Manifest;
use super::{Refusal, Result, is_empty, sync_folder, verify};
use crate::platform::config::Config;
use crate::platform::db::{Location, offline, sql};
use crate::platform::files::Files;

/// Restores the backup in `folder`. Everybody has to log in again: the sessions are those of another time.
pub fn restore(config: &Config, folder: &Path) -> Result<Manifest> {
    let Location::Sqlite(path) = config.location()? else {
        return Err(Refusal::new(
            "PostgreSQL 数据库请用 pg_restore 恢复，再把备份中的 files 文件夹复制到附件位置",
            "restore PostgreSQL with pg_restore, then copy the backup's files folder to where attachments lie",
        ));
    };
    let files = config.files_root()?;
    for place in [&config.data_dir, &files] {
        if !is_empty(place)? {
            return Err(Refusal::new(
                format!("{} 不是空文件夹，不会覆盖其中的数据", place.display()),
                format!("{} is not empty; no data is overwritten", place.display()),
            ));
        }
    }
    if path.exists() {
        return Err(Refusal::new(format!("{} 已存在", path.display()), format!("{} exists already", path.display())));
    }
    let manifest = verify(folder)?;
    if manifest.engine != "sqlite" {
        return Err(Refusal::new("该备份只含附件，不含数据库", "this backup holds attachments only, no database"));
    }
    let parent = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let Some(_claim) = offline::claim(&path)? else {
        return Err(Refusal::new(format!("{} 正被使用", path.display()), format!("{} is in use", path.display())));
    };
    let aside = path.with_extension("restoring");
    for listed in &manifest.files {
        if listed.path == DATABASE {
            listed.copy(folder, &aside)?;
            continue;
        }
        let target = Files::place_in(&files, &listed.sha256);
        let below = target.parent().unwrap_or(&files);
        std::fs::create_dir_all(below)?;
        listed.copy(folder, &target)?;
        sync_folder(below)?;
    }
    offline::amend(&aside, |tx| sql("delete from sessions").run(tx))?;
    std::fs::rename(&aside, &path)?;
    sync_folder(parent)?;
    Ok(manifest)
}
