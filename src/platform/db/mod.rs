//! One SQL text, two engines: the only door to SQLite and PostgreSQL.
//!
//! A statement is written once with `$n` placeholders (`sql("…").bind(…)`), run inside a transaction [`Tx`] that only
//! [`Db::read`] and [`Db::write`] hand out, and decoded strictly into a type made with `row!`.

mod heard;
mod migrate;
pub mod offline;
mod past;
mod postgresql;
mod query;
mod row;
mod sqlite;
mod stored;
pub mod tables;
mod value;

use std::sync::Arc;

pub use heard::heard;
pub use past::{Former, Past};
pub use query::{Predicate, Sql, sql, sql_for};
pub use row::{Cell, Cells, FromCell, FromRow, without_last_comma};
pub use value::Value;

use crate::error::{Error, Result};

/// Which readers a piece of work waits for: a long report must never hold up a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Single records and lists; cut off after 2 s.
    Lists,
    /// Reports and exports; cut off after 15 s.
    Reports,
}

/// An open transaction. Every statement runs through it; after the engine has rolled back by itself it refuses all further work.
pub struct Tx<'a> {
    engine: Engine<'a>,
    dead: bool,
    past: Option<past::Past>,
}

enum Engine<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut postgresql::Connection),
}

impl<'a> Tx<'a> {
    fn on(engine: Engine<'a>) -> Tx<'a> {
        Tx { engine, dead: false, past: None }
    }

    /// True on PostgreSQL, where concurrent writers exist and rows must be locked before they are judged.
    pub fn has_concurrent_writers(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }
}

/// What a unit of writing tells its runner.
pub(crate) enum Attempt {
    /// Commit it.
    Keep,
    /// Roll it back and answer with its error.
    Undo,
    /// Roll it back and run it again: it lost a race that a second run will not lose.
    Again,
}

/// A unit of writing: may be attempted several times, is answered once, after the commit.
pub(crate) trait Unit: Send {
    fn attempt(&mut self, tx: &mut Tx) -> Attempt;
    fn answer(self: Box<Self>, committed: Result<()>);
}

type Reading = Box<dyn FnOnce(&mut Tx) + Send>;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Threads>,
}

enum Threads {
    Sqlite(sqlite::Threads),
    Postgres(postgresql::Threads),
}

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    Sqlite(std::path::PathBuf),
    /// A PostgreSQL connection string (`postgres://…`).
    Postgres(String),
}

impl Location {
    /// Reads `sqlite:path` or `postgres://…`.
    pub fn parse(url: &str) -> Option<Location> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Some(Location::Postgres(url.to_owned()));
        }
        url.strip_prefix("sqlite:").map(|path| Location::Sqlite(path.into()))
    }
}

impl Db {
    /// Opens the database, brings its schema up to date and starts its threads.
    ///
    /// Fails when the data belongs to a newer version, when another process holds the SQLite file, or when a PostgreSQL
    /// database sorts by anything else than byte order.
    pub fn open(location: &Location) -> Result<Db> {
        let engine = match location {
            Location::Sqlite(path) => Threads::Sqlite(sqlite::Threads::start(path)?),
            Location::Postgres(url) => Threads::Postgres(postgresql::Threads::start(url)?),
        };
        Ok(Db { engine: Arc::new(engine) })
    }

    /// True for the embedded engine, which one process owns alone.
    pub fn is_embedded(&self) -> bool {
        matches!(*self.engine, Threads::Sqlite(_))
    }

    /// Runs `read` on one snapshot.
    pub async fn read<T: Send + 'static>(&self, lane: Lane, read: impl FnOnce(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        let (reply, answer) = tokio::sync::oneshot::channel();
        let job: Reading = Box::new(move |tx| {
            let _ = reply.send(read(tx));
        });
        match &*self.engine {
            Threads::Sqlite(threads) => threads.read(lane, job).await,
            Threads::Postgres(threads) => threads.read(lane, job).await,
        }
        answer.await.unwrap_or_else(|_| Err(Error::internal("a reader gave up")))
    }

    /// Runs a short `read` on one snapshot, here and now where a connection is free; what takes longer than a few milliseconds starts
    /// over as [`Db::read`] of a list, so that it never holds up the thread that serves requests.
    pub async fn look<T: Send + 'static>(&self, read: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        if let Threads::Sqlite(threads) = &*self.engine
            && let Some(outcome) = threads.read_here(&read)
        {
            return outcome;
        }
        self.read(Lane::Lists, read).await
    }

    /// Runs `write` in a transaction and answers after the commit; `committed` is called between the two, on the writer.
    ///
    /// `write` may run more than once (a lost race, a failed group commit), so it must do nothing but database work.
    pub async fn write<T, W, C>(&self, write: W, committed: C) -> Result<T>
    where
        T: Send + 'static,
        W: Fn(&mut Tx) -> Result<T> + Send + 'static,
        C: FnOnce(&T) + Send + 'static,
    {
        let (reply, answer) = tokio::sync::oneshot::channel();
        let unit = Box::new(Pending { write, committed, outcome: None, reply });
        match &*self.engine {
            Threads::Sqlite(threads) => threads.write(unit).await,
            Threads::Postgres(threads) => threads.write(unit).await,
        }
        answer.await.unwrap_or_else(|_| Err(Error::internal("the writer gave up")))
    }

    /// Milliseconds by which the database's clock is ahead of this machine's; 0 for the embedded engine.
    pub async fn clock_skew_ms(&self) -> Result<i64> {
        if self.is_embedded() {
            return Ok(0);
        }
        let here = crate::platform::clock::machine_now_ms();
        let there: i64 =
            self.read(Lane::Lists, |tx| sql("select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)").one(tx)).await?;
        let back = crate::platform::clock::machine_now_ms();
        Ok(there - (here + back) / 2)
    }

    /// Listens for the pushes of every process on this database; `None` for the embedded engine.
    pub fn listen(&self, on_message: impl Fn(Option<String>) + Send + 'static) {
        if let Threads::Postgres(threads) = &*self.engine {
            threads.listen(on_message);
        }
    }

    /// Pushes a text to every process on this database (none but this one for the embedded engine).
    pub async fn notify(&self, text: String) -> Result<()> {
        if self.is_embedded() {
            return Ok(());
        }
        self.write(move |tx| sql("select pg_notify('chengdan', $1)").bind(text.as_str()).run(tx).map(|_| ()), |_| ()).await
    }

    /// Copies the whole embedded database into `target` while it is in use.
    pub async fn copy_to(&self, target: std::path::PathBuf) -> Result<()> {
        match &*self.engine {
            Threads::Sqlite(threads) => threads.copy_to(target).await,
            Threads::Postgres(_) => Err(Error::internal("PostgreSQL is backed up with pg_dump")),
        }
    }
}

struct Pending<T, W, C> {
    write: W,
    committed: C,
    outcome: Option<Result<T>>,
    reply: tokio::sync::oneshot::Sender<Result<T>>,
}

impl<T, W, C> Unit for Pending<T, W, C>
where
    T: Send,
    W: Fn(&mut Tx) -> Result<T> + Send,
    C: FnOnce(&T) + Send,
{
    fn attempt(&mut self, tx: &mut Tx) -> Attempt {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (self.write)(tx)))
            .unwrap_or_else(|_| Err(Error::internal("a unit of work panicked")));
        let attempt = match &outcome {
            Ok(_) => Attempt::Keep,
            Err(error) if error.is_worth_another_try() => Attempt::Again,
            Err(_) => Attempt::Undo,
        };
        self.outcome = Some(outcome);
        attempt
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let outcome = match (committed, self.outcome) {
            (_, Some(Err(error))) => Err(error),
            (Err(error), _) => Err(error),
            (Ok(()), Some(Ok(value))) => {
                (self.committed)(&value);
                Ok(value)
            }
            (Ok(()), None) => Err(Error::internal("a unit of work was never run")),
        };
        let _ = self.reply.send(outcome);
    }
}
