//! Help when the file with the key of the channels' secrets is lost.

use super::{Refusal, Result};
use crate::channels;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::{Db, Location, offline};
use crate::platform::work::{Actor, Work};

/// Empties what was sealed with a lost key and closes the channels it belonged to; answers how many.
pub async fn forget_secrets(config: &Config) -> Result<u64> {
    let location = config.location()?;
    if let Location::Sqlite(path) = &location {
        if !path.is_file() {
            return Err(super::backup::no_database(path));
        }
        if offline::claim(path)?.is_none() {
            return Err(Refusal::new("服务器正在运行，请先停止服务器", "the server is running: stop it first"));
        }
    }
    let zone = config.zone()?;
    let closed = Db::open(&location)?
        .write(
            move |tx| {
                let mut work = Work::new(tx, Actor::system("forget-secrets"), Clock::running().now(), zone.clone());
                channels::forget_secrets(&mut work)
            },
            |_| (),
        )
        .await?;
    Ok(closed)
}
