//! The data without a server: for the commands that copy, check or mend it. SQLite is opened by a connection of its own, beside a
//! running server where only reading is done.

use std::fs::File;
use std::path::Path;

use super::sqlite::{connect, lock_file};
use super::{Engine, Location, Tx, migrate};
use crate::error::Result;

/// As long as this lives no server can open the SQLite file.
pub struct Claim {
    _lock: File,
}

/// Keeps servers away from a SQLite file; `None` when one holds it.
pub fn claim(path: &Path) -> Result<Option<Claim>> {
    Ok(lock_file(path)?.map(|lock| Claim { _lock: lock }))
}

/// Runs `read` on one snapshot of an existing database, whatever its schema, without a time limit.
pub fn read<T: Send + 'static>(location: &Location, read: impl FnOnce(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
    match location {
        Location::Sqlite(path) => {
            let connection = connect(path, true)?;
            connection.execute_batch("begin")?;
            let mut tx = Tx::on(Engine::Sqlite(&connection));
            let outcome = read(&mut tx);
            connection.execute_batch("commit")?;
            outcome
        }
        Location::Postgres(url) => super::postgresql::read_once(url, read),
    }
}

/// Changes a SQLite file nobody else has open; all or nothing.
pub fn amend<T>(path: &Path, amend: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
    let connection = connect(path, false)?;
    connection.execute_batch("begin immediate")?;
    let mut tx = Tx::on(Engine::Sqlite(&connection));
    let outcome = amend(&mut tx);
    if !connection.is_autocommit() {
        connection.execute_batch(if outcome.is_ok() { "commit" } else { "rollback" })?;
    }
    outcome
}

/// Copies a SQLite database as it is at this moment into the new file `target`, also while it is in use, and flushes it.
pub fn copy(path: &Path, target: &Path) -> Result<()> {
    let connection = connect(path, true)?;
    connection.execute("vacuum into ?1", [target.to_string_lossy()])?;
    File::open(target)?.sync_all()?;
    Ok(())
}

/// The schema this program works with, counted in migrations.
pub fn newest_schema() -> i64 {
    migrate::newest()
}
