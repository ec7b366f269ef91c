//! PostgreSQL: the same units of work on threads that own a connection each (the synchronous client must not run inside
//! async code).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::tls;
use super::{Attempt, Engine, Lane, Reading, Tx, Unit, Value, migrate};
use crate::error::{Error, Result};

const WRITERS: usize = 6;
const READERS: usize = 4;
const REPORT_READERS: usize = 2;
const TRIES: usize = 5;
const REMEMBERED_STATEMENTS: usize = 512;

pub(super) struct Threads {
    url: String,
    lists: flume::Sender<Reading>,
    reports: flume::Sender<Reading>,
    writes: flume::Sender<Box<dyn Unit>>,
}

/// A connection with the statements it has prepared.
pub(super) struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Connection {
    fn open(url: &str, statement_limit: Duration) -> Result<Connection> {
        let mut config: postgres::Config = url.parse().map_err(|error| Error::internal(format!("the database URL: {error}")))?;
        config.connect_timeout(Duration::from_secs(5)).application_name("chengdan").options(&format!(
            "-c statement_timeout={} -c lock_timeout=3000 -c idle_in_transaction_session_timeout=30000",
            statement_limit.as_millis()
        ));
        // A certificate that is not proved is worth nothing, so only `sslmode=require` asks for one, and then it must hold.
        let client = match config.get_ssl_mode() {
            SslMode::Require => config.connect(MakeRustlsConnect::new(tls::client()?))?,
            _ => config.connect(NoTls)?,
        };
        Ok(Connection { client, statements: HashMap::new() })
    }

    fn prepared(&mut self, text: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(text) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= REMEMBERED_STATEMENTS {
            self.statements.clear();
        }
        let statement = self.client.prepare(text)?;
        self.statements.insert(text.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Hands the rows over as they come until `on_row` answers false.
    pub(super) fn each(&mut self, text: &str, binds: &[Value], mut on_row: impl FnMut(&postgres::Row) -> Result<bool>) -> Result<()> {
        use postgres::fallible_iterator::FallibleIterator as _;
        let statement = self.prepared(text)?;
        let mut rows = self.client.query_raw(&statement, as_params(binds))?;
        while let Some(row) = rows.next()? {
            if !on_row(&row)? {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn execute(&mut self, text: &str, binds: &[Value]) -> Result<u64> {
        let statement = self.prepared(text)?;
        Ok(self.client.execute(&statement, &as_params(binds))?)
    }
}

fn as_params(binds: &[Value]) -> Vec<&(dyn postgres::types::ToSql + Sync)> {
    binds.iter().map(|value| value as &(dyn postgres::types::ToSql + Sync)).collect()
}

/// A place for a connection that is opened when needed and after it was lost.
struct Seat {
    url: Arc<str>,
    limit: Duration,
    connection: Option<Connection>,
}

impl Seat {
    fn connection(&mut self) -> Result<&mut Connection> {
        if self.connection.as_ref().is_none_or(|connection| connection.client.is_closed()) {
            self.connection = Some(Connection::open(&self.url, self.limit)?);
        }
        self.connection.as_mut().ok_or(Error::Unavailable)
    }
}

impl Threads {
    pub(super) fn start(url: &str) -> Result<Threads> {
        let shared: Arc<str> = url.into();
        // The client has an event loop of its own, which must not be started from within another.
        let prepared = std::thread::spawn({
            let url = Arc::clone(&shared);
            move || prepare_database(&url)
        });
        prepared.join().map_err(|_| Error::internal("the database could not be prepared"))??;

        let (lists, list_jobs) = flume::bounded::<Reading>(4096);
        let (reports, report_jobs) = flume::bounded::<Reading>(256);
        let (writes, units) = flume::bounded::<Box<dyn Unit>>(4096);
        let seat = |limit| Seat { url: Arc::clone(&shared), limit, connection: None };
        for number in 0..READERS {
            let (seat, jobs) = (seat(Duration::from_secs(2)), list_jobs.clone());
            spawn(format!("pg-read-{number}"), move || read_loop(seat, &jobs))?;
        }
        for number in 0..REPORT_READERS {
            let (seat, jobs) = (seat(Duration::from_secs(15)), report_jobs.clone());
            spawn(format!("pg-report-{number}"), move || read_loop(seat, &jobs))?;
        }
        for number in 0..WRITERS {
            let (seat, units) = (seat(Duration::from_secs(15)), units.clone());
            spawn(format!("pg-write-{number}"), move || write_loop(seat, &units))?;
        }
        Ok(Threads { url: url.to_owned(), lists, reports, writes })
    }

    pub(super) async fn read(&self, lane: Lane, job: Reading) {
        let jobs = match lane {
            Lane::Lists => &self.lists,
            Lane::Reports => &self.reports,
        };
        let _ = jobs.send_async(job).await;
    }

    pub(super) async fn write(&self, unit: Box<dyn Unit>) {
        let _ = self.writes.send_async(unit).await;
    }

    /// Hands every pushed text to `on_message`, and `None` whenever pushes may have been missed.
    pub(super) fn listen(&self, on_message: impl Fn(Option<String>) + Send + 'static) {
        let url = self.url.clone();
        let outcome = spawn("pg-listen".into(), move || {
            loop {
                if let Err(error) = listen_once(&url, &on_message) {
                    tracing::warn!(%error, "listening for pushes stopped");
                }
                on_message(None);
                std::thread::sleep(Duration::from_secs(1));
            }
        });
        if let Err(error) = outcome {
            tracing::error!(%error, "no thread to listen for pushes");
        }
    }
}

fn listen_once(url: &str, on_message: &impl Fn(Option<String>)) -> Result<()> {
    let mut connection = Connection::open(url, Duration::ZERO)?;
    connection.client.batch_execute("listen chengdan")?;
    on_message(None);
    loop {
        listen_until_quiet(&mut connection.client, on_message)?;
        connection.client.simple_query("select 1")?;
    }
}

fn listen_until_quiet(client: &mut Client, on_message: &impl Fn(Option<String>)) -> Result<()> {
    use postgres::fallible_iterator::FallibleIterator as _;
    let mut notifications = client.notifications();
    let mut pushes = notifications.timeout_iter(Duration::from_secs(30));
    while let Some(push) = pushes.next()? {
        on_message(Some(push.payload().to_owned()));
    }
    Ok(())
}

/// Reads on one snapshot by a connection of its own, without touching the schema.
pub(super) fn read_once<T: Send + 'static>(url: &str, read: impl FnOnce(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
    let url = url.to_owned();
    let reading = std::thread::spawn(move || {
        let mut connection = Connection::open(&url, Duration::ZERO)?;
        connection.client.batch_execute("set idle_in_transaction_session_timeout = 0; begin isolation level repeatable read read only")?;
        let mut tx = Tx::on(Engine::Postgres(&mut connection));
        read(&mut tx)
    });
    reading.join().map_err(|_| Error::internal("a read panicked"))?
}

fn prepare_database(url: &str) -> Result<()> {
    let mut connection = Connection::open(url, Duration::ZERO)?;
    let version: i32 = connection.client.query_one("select current_setting('server_version_num')::int", &[])?.get(0);
    if version < 150_000 {
        return Err(Error::internal("PostgreSQL 15 or newer is needed"));
    }
    let row = connection
        .client
        .query_one("select datname, datcollate, pg_encoding_to_char(encoding) from pg_database where datname = current_database()", &[])?;
    let (name, collation, encoding): (String, String, String) = (row.get(0), row.get(1), row.get(2));
    if !matches!(collation.as_str(), "C" | "POSIX") || encoding != "UTF8" {
        return Err(Error::internal(format!(
            "the database must sort by bytes; create it with: create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"
        )));
    }
    migrate::postgres(&mut connection.client)
}

fn spawn(name: String, run: impl FnOnce() + Send + 'static) -> Result<()> {
    std::thread::Builder::new().name(name).spawn(run)?;
    Ok(())
}

fn read_loop(mut seat: Seat, jobs: &flume::Receiver<Reading>) {
    while let Ok(job) = jobs.recv() {
        let connection = match seat.connection() {
            Ok(connection) => connection,
            Err(error) => {
                tracing::warn!(%error, "no connection for a read");
                continue;
            }
        };
        if connection.client.batch_execute("begin isolation level repeatable read read only").is_err() {
            seat.connection = None;
            continue;
        }
        let mut tx = Tx::on(Engine::Postgres(connection));
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut tx))).is_err() {
            tracing::error!("a read panicked");
        }
        if connection.client.batch_execute("rollback").is_err() {
            seat.connection = None;
        }
    }
}

fn write_loop(mut seat: Seat, units: &flume::Receiver<Box<dyn Unit>>) {
    while let Ok(mut unit) = units.recv() {
        let committed = write_unit(&mut seat, unit.as_mut());
        unit.answer(committed);
    }
}

/// Runs the unit until it is committed, refused, or has lost too many races; a connection lost before the commit was sent is
/// replaced and the unit run again.
fn write_unit(seat: &mut Seat, unit: &mut dyn Unit) -> Result<()> {
    for round in 1..=TRIES {
        let connection = seat.connection()?;
        if connection.client.batch_execute("begin").is_err() {
            seat.connection = None;
            continue;
        }
        let mut tx = Tx::on(Engine::Postgres(connection));
        let attempt = unit.attempt(&mut tx);
        match attempt {
            Attempt::Keep => {
                if let Err(error) = connection.client.batch_execute("commit") {
                    let error = Error::from(error);
                    if error.is_worth_another_try() && !connection.client.is_closed() && round < TRIES {
                        let _ = connection.client.batch_execute("rollback");
                        continue;
                    }
                    seat.connection = None;
                    return Err(Error::Unavailable);
                }
                return Ok(());
            }
            Attempt::Undo | Attempt::Again => {
                if connection.client.batch_execute("rollback").is_err() {
                    seat.connection = None;
                }
                if matches!(attempt, Attempt::Undo) {
                    return Ok(());
                }
                std::thread::sleep(Duration::from_millis(5 * round as u64));
            }
        }
    }
    Err(Error::Unavailable)
}
