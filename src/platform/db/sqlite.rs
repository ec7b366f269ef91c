//! The embedded engine: reader threads with connections of their own, and one writer that commits in groups.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::{Attempt, Engine, Lane, Reading, Tx, Unit, migrate};
use crate::error::{Error, Result};

/// Older engines corrupt a WAL that is reset while it is being checkpointed.
const OLDEST_ENGINE: i32 = 3_051_003;
const GROUP: usize = 64;
const TRIES: usize = 3;
/// Above this size of the log, long reads wait until the writer has emptied it: they are what keeps it growing.
const LOG_LIMIT: u64 = 32 * 1024 * 1024;

thread_local! {
    /// The reader that a thread prefers: what it has in its processor's cache.
    static OWN_READER: usize = NEXT_READER.fetch_add(1, Ordering::Relaxed);
}
static NEXT_READER: AtomicUsize = AtomicUsize::new(0);

/// So long may a read hold up the thread that serves a request.
const AT_ONCE: Duration = Duration::from_millis(5);

pub(super) struct Threads {
    path: PathBuf,
    /// Readers for whoever reads on his own thread.
    at_hand: Vec<Mutex<Reader>>,
    lists: flume::Sender<Reading>,
    reports: flume::Sender<Reading>,
    writer: flume::Sender<Order>,
    /// Held as long as the database is open: a second process on the same file is refused.
    _lock: File,
}

enum Order {
    Write(Box<dyn Unit>),
    EmptyLog(flume::Sender<()>),
}

impl Threads {
    pub(super) fn start(path: &Path) -> Result<Threads> {
        if rusqlite::version_number() < OLDEST_ENGINE {
            return Err(Error::internal(format!("SQLite {} is too old", rusqlite::version())));
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let lock = lock_file(path)?
            .ok_or_else(|| Error::internal(format!("{0} 正被另一个进程使用 / {0} is in use by another process", path.display())))?;
        let mut writer = connect(path, false)?;
        migrate::sqlite(&mut writer, path)?;
        writer.execute_batch("pragma optimize = 0x10002")?;

        let (lists, list_jobs) = flume::bounded::<Reading>(4096);
        let (reports, report_jobs) = flume::bounded::<Reading>(256);
        let (orders, writer_orders) = flume::bounded::<Order>(4096);
        let readers = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 16);
        for number in 0..readers {
            let reader = Reader::open(path)?;
            let jobs = list_jobs.clone();
            spawn(format!("read-{number}"), move || read_loop(&reader, &jobs, Duration::from_secs(2), || ()))?;
        }
        let at_hand = (0..readers).map(|_| Reader::at_hand(path).map(Mutex::new)).collect::<Result<Vec<_>>>()?;
        let reader = Reader::open(path)?;
        let (log, ask) = (path.with_extension("db-wal"), orders.clone());
        spawn("report".into(), move || {
            read_loop(&reader, &report_jobs, Duration::from_secs(15), || wait_for_short_log(&log, &ask));
        })?;
        spawn("write".into(), move || write_loop(&writer, &writer_orders))?;
        Ok(Threads { path: path.to_owned(), at_hand, lists, reports, writer: orders, _lock: lock })
    }

    /// Reads on the calling thread; `None` when every reader is busy or the read takes too long for that.
    pub(super) fn read_here<T>(&self, read: impl Fn(&mut Tx) -> Result<T>) -> Option<Result<T>> {
        let first = OWN_READER.with(|own| *own);
        let reader = (0..self.at_hand.len()).find_map(|next| self.at_hand[(first + next) % self.at_hand.len()].try_lock().ok())?;
        let outcome = reader.within(AT_ONCE, read);
        drop(reader);
        match outcome {
            Err(Error::Unavailable) => None,
            outcome => Some(outcome),
        }
    }

    pub(super) async fn read(&self, lane: Lane, job: Reading) {
        let jobs = match lane {
            Lane::Lists => &self.lists,
            Lane::Reports => &self.reports,
        };
        let _ = jobs.send_async(job).await;
    }

    pub(super) async fn write(&self, unit: Box<dyn Unit>) {
        let _ = self.writer.send_async(Order::Write(unit)).await;
    }

    pub(super) async fn copy_to(&self, target: PathBuf) -> Result<()> {
        let path = self.path.clone();
        let (done, answer) = flume::bounded(1);
        spawn("copy".into(), move || {
            let _ = done.send(super::offline::copy(&path, &target));
        })?;
        answer.recv_async().await.unwrap_or_else(|_| Err(Error::internal("the copy gave up")))
    }
}

/// The lock beside a file; `None` when another process holds it.
pub(super) fn lock_file(path: &Path) -> Result<Option<File>> {
    let lock = File::create(path.with_extension("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn spawn(name: String, run: impl FnOnce() + Send + 'static) -> Result<()> {
    std::thread::Builder::new().name(name).spawn(run)?;
    Ok(())
}

pub(super) fn connect(path: &Path, read_only: bool) -> Result<Connection> {
    let access =
        if read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE };
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.set_prepared_statement_cache_capacity(512);
    // Without this promise of one plan per text the engine prepares a statement anew for every other bound value: 150 µs each.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(
        "pragma busy_timeout = 5000; pragma trusted_schema = off; pragma foreign_keys = on; pragma cache_size = -8192; pragma temp_store = memory;
         pragma mmap_size = 2147418112;",
    )?;
    if !read_only {
        connection.execute_batch("pragma journal_mode = wal; pragma synchronous = full;")?;
    }
    Ok(connection)
}

/// A connection that reads, one snapshot after the other, each cut off at a time of its own.
struct Reader {
    connection: Connection,
    start: Instant,
    /// When the present read is cut off, in ms after `start`.
    deadline: Arc<AtomicU64>,
}

impl Reader {
    fn open(path: &Path) -> Result<Reader> {
        let mut connection = connect(path, true)?;
        let (start, deadline) = (Instant::now(), Arc::new(AtomicU64::new(u64::MAX)));
        let seen = Arc::clone(&deadline);
        let late = move || start.elapsed().as_millis() as u64 > seen.load(Ordering::Relaxed);
        connection.progress_handler(1_000, Some(late))?;
        Ok(Reader { connection, start, deadline })
    }

    /// One that gives up instead of waiting.
    fn at_hand(path: &Path) -> Result<Reader> {
        let reader = Reader::open(path)?;
        reader.connection.execute_batch("pragma busy_timeout = 0")?;
        Ok(reader)
    }

    /// Runs `read` on one snapshot.
    fn within<T>(&self, limit: Duration, read: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.deadline.store((self.start.elapsed() + limit).as_millis() as u64, Ordering::Relaxed);
        if !self.connection.is_autocommit() {
            self.connection.execute_batch("rollback")?;
        }
        run(&self.connection, "begin")?;
        let mut tx = Tx::on(Engine::Sqlite(&self.connection));
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(&mut tx)))
            .unwrap_or_else(|_| Err(Error::internal("a read panicked")));
        self.deadline.store(u64::MAX, Ordering::Relaxed);
        // With a rollback the tables of a past moment go, too.
        if !self.connection.is_autocommit()
            && let Err(error) = run(&self.connection, "rollback")
        {
            tracing::error!(%error, "a snapshot could not be closed");
        }
        outcome
    }
}

fn read_loop(reader: &Reader, jobs: &flume::Receiver<Reading>, limit: Duration, before: impl Fn()) {
    while let Ok(job) = jobs.recv() {
        before();
        let read = |tx: &mut Tx| {
            job(tx);
            Ok(())
        };
        if let Err(error) = reader.within(limit, read) {
            tracing::error!(%error, "a read");
        }
    }
}

fn wait_for_short_log(log: &Path, writer: &flume::Sender<Order>) {
    for _ in 0..20 {
        if std::fs::metadata(log).map_or(0, |data| data.len()) <= LOG_LIMIT {
            return;
        }
        let (done, emptied) = flume::bounded(1);
        if writer.send(Order::EmptyLog(done)).is_err() || emptied.recv().is_err() {
            return;
        }
    }
}

fn write_loop(connection: &Connection, orders: &flume::Receiver<Order>) {
    let mut optimized = Instant::now();
    while let Ok(order) = orders.recv() {
        let mut group = Vec::with_capacity(GROUP);
        let mut waiting = Some(order);
        while let Some(order) = waiting.take() {
            match order {
                Order::Write(unit) => group.push(unit),
                Order::EmptyLog(done) => {
                    let _ = connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()));
                    let _ = done.send(());
                }
            }
            if group.len() < GROUP {
                waiting = orders.try_recv().ok();
            }
        }
        write_group(connection, group);
        if optimized.elapsed() > Duration::from_secs(86_400) {
            optimized = Instant::now();
            if let Err(error) = connection.execute_batch("pragma optimize") {
                tracing::warn!(%error, "pragma optimize");
            }
        }
    }
}

/// Runs the units in one transaction, each in a savepoint of its own, and answers them after the one commit.
fn write_group(connection: &Connection, mut group: Vec<Box<dyn Unit>>) {
    if group.is_empty() {
        return;
    }
    let outcome = attempt_group(connection, &mut group);
    match outcome {
        Ok(()) => answer(group, || Ok(())),
        Err(Failed::Begin(error)) => answer(group, move || Err(error.again())),
        Err(Failed::RolledBack) => answer(group, || Err(Error::StorageFull)),
        Err(Failed::Commit(error)) if group.len() == 1 => answer(group, move || Err(error.again())),
        Err(Failed::Commit(_)) => group.into_iter().for_each(|unit| write_group(connection, vec![unit])),
    }
}

enum Failed {
    Begin(Error),
    /// The engine threw the whole transaction away; nobody in the group may be told of success.
    RolledBack,
    Commit(Error),
}

fn attempt_group(connection: &Connection, group: &mut [Box<dyn Unit>]) -> std::result::Result<(), Failed> {
    run(connection, "begin immediate").map_err(Failed::Begin)?;
    for unit in group {
        for round in 1..=TRIES {
            run(connection, "savepoint unit").map_err(|_| give_up(connection))?;
            let mut tx = Tx::on(Engine::Sqlite(connection));
            let attempt = unit.attempt(&mut tx);
            if connection.is_autocommit() {
                return Err(Failed::RolledBack);
            }
            if !matches!(attempt, Attempt::Keep) {
                run(connection, "rollback to unit").map_err(|_| give_up(connection))?;
            }
            run(connection, "release unit").map_err(|_| give_up(connection))?;
            if !matches!(attempt, Attempt::Again) || round == TRIES {
                break;
            }
        }
    }
    run(connection, "commit").map_err(|error| {
        give_up(connection);
        Failed::Commit(error)
    })
}

fn run(connection: &Connection, text: &str) -> Result<()> {
    connection.prepare_cached(text)?.execute([])?;
    Ok(())
}

fn give_up(connection: &Connection) -> Failed {
    if !connection.is_autocommit() {
        let _ = connection.execute_batch("rollback");
    }
    Failed::RolledBack
}

fn answer(group: Vec<Box<dyn Unit>>, committed: impl Fn() -> Result<()>) {
    for unit in group {
        unit.answer(committed());
    }
}
