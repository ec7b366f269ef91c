//! The whole company out of one installation and into another, of either engine (I48).

use std::path::Path;

use super::backup::no_database;
use super::{Refusal, Result};
use crate::archive;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{Db, Location, offline};
use crate::platform::files::Files;

/// Writes the archive; answers what to tell.
pub fn export_company(config: &Config, file: &Path) -> Result<String> {
    if file.exists() {
        return Err(Refusal::new(format!("{} 已存在", file.display()), format!("{} exists already", file.display())));
    }
    let location = config.location()?;
    if let Location::Sqlite(path) = &location
        && !path.is_file()
    {
        return Err(no_database(path));
    }
    let mut told = 0;
    let written = archive::write(&location, &config.files_root()?, file, Clock::running().now(), move |done, total| {
        if done * 10 / total.max(1) > told {
            told = done * 10 / total.max(1);
            eprintln!("{done} / {total}");
        }
        true
    })?;
    let (rows, size, sha256) = (written.rows, written.size, written.sha256);
    Ok(format!("已导出：{0}（{rows} 行，{size} 字节） / exported: {0} ({rows} rows, {size} bytes)\nSHA-256 {sha256}", file.display()))
}

/// Takes an archive into a new installation; answers what to tell. Whoever is interrupted finds it as empty as before.
pub async fn import_company(config: &Config, file: &Path) -> Result<String> {
    let location = config.location()?;
    if let Location::Sqlite(path) = &location
        && path.is_file()
        && offline::claim(path)?.is_none()
    {
        return Err(Refusal::new("服务器正在运行，请先停止", "the server is running; stop it first"));
    }
    archive::prove(file)?;
    let db = Db::open(&location)?;
    let files = Files::open(&config.files_root()?)?;
    let told = |table: &str, rows: i64| eprintln!("{table}: {rows}");
    let contents = archive::take_in(&db, &files, file, (Clock::running().now(), config.zone()?), told).await?;
    let (rows, attachments) = (contents.rows(), contents.entries.iter().filter(|entry| entry.path.starts_with("files/")).count());
    Ok(format!(
        "已导入 {rows} 行、{attachments} 个附件。密码没有一同导入：请用 user reset-password 为管理员设置一次性密码，由其在「设置 › 用户」中为其他人重置 / {rows} rows and {attachments} attachments are in. Passwords did not come along: run user reset-password for an administrator, who resets those of the others under Settings › Users"
    ))
}
