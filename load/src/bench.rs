//! The product beside what it is built on: the same bytes from memory on the same server loop, the same SQL and JSON without a
//! server, and a commit per request. Measured in turns within one run, so that a busy machine slows all of them alike.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Row, params};
use serde_json::Value;

use crate::Result;
use crate::client::Client;
use crate::kill_test::customer;
use crate::server::{self, Server};

/// What is measured and how long.
pub struct Plan {
    /// Customers in the database.
    pub customers: usize,
    /// Rounds; the median counts.
    pub rounds: usize,
    /// Length of one measurement.
    pub seconds: f64,
    /// Clients at once.
    pub clients: usize,
    /// What to measure: a piece of `row/column`; empty for everything.
    pub only: String,
}

/// Units of the writer's shared commit.
const GROUP: u64 = 64;

static NAMES: AtomicU64 = AtomicU64::new(0);

/// Measures everything and prints a Markdown table.
pub fn run(binary: &Path, plan: &Plan) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let server = Server::start(binary, &data)?;
    let signed_in = server.set_up()?;
    fill(&signed_in, plan)?;

    let bytes = folder.path().join("bytes");
    std::fs::create_dir(&bytes)?;
    let mut client = signed_in.again();
    let one = client.get("/customers/1")?;
    let list = client.get("/customers?limit=50")?;
    let created = client.post("/customers", &customer("样本"))?;
    for (name, answer) in [("get", &one), ("list", &list), ("create", &created)] {
        if answer.status >= 300 {
            return Err(format!("{name}: {}", String::from_utf8_lossy(&answer.body)).into());
        }
        std::fs::write(bytes.join(name), &answer.body)?;
    }
    let bare = Server::start_with(&std::env::current_exe()?, [PathBuf::from("bare"), bytes].into_iter())?;
    let copy = folder.path().join("copy");
    if !server::run(binary, &data, &["backup", &copy.to_string_lossy()])?.status.success() {
        return Err("the data could not be copied".into());
    }
    let copy = copy.join("chengdan.db");
    open(&copy)?.execute_batch("pragma journal_mode = wal")?;

    let from_memory = signed_in.moved_to(&bare.url)?;
    let highest = plan.customers as i64;
    let (memory, product, own) = (bare.pid(), server.pid(), std::process::id());
    let mut table = Table { only: plan.only.clone(), cells: Vec::new() };
    for round in 1..=plan.rounds {
        eprint!("\rround {round} of {}  ", plan.rounds);
        table.note("get by id", MEMORY, memory, || requests(&from_memory, plan, |_| get("/get")))?;
        table.note("get by id", SQL, own, || reads(plan, || Bare::get(&copy), move |turn| turn % highest + 1))?;
        let one = move |turn| get(&format!("/customers/{}", turn as i64 % highest + 1));
        table.note("get by id", PRODUCT, product, || requests(&signed_in, plan, one))?;
        table.note("list of 50", MEMORY, memory, || requests(&from_memory, plan, |_| get("/list")))?;
        table.note("list of 50", SQL, own, || reads(plan, || Bare::list(&copy), |_| 50))?;
        table.note("list of 50", PRODUCT, product, || requests(&signed_in, plan, |_| get("/customers?limit=50")))?;
        table.note("create", MEMORY, memory, || requests(&from_memory, plan, |_| post("/create")))?;
        table.note("create", SQL, own, || creates(&copy, plan, GROUP))?;
        table.note("create", EACH, own, || creates(&copy, plan, 1))?;
        table.note("create", PRODUCT, product, || requests(&signed_in, plan, |_| post("/customers")))?;
    }
    eprintln!();
    table.print(plan);
    Ok(())
}

const MEMORY: &str = "bytes from memory";
const SQL: &str = "SQL and JSON, no server";
const EACH: &str = "a commit per create, no server";
const PRODUCT: &str = "product";

/// Speeds and processor time of everything measured.
struct Table {
    only: String,
    cells: Vec<Cell>,
}

struct Cell {
    row: &'static str,
    column: &'static str,
    /// Done per second.
    speed: f64,
    /// µs of processor time for each, of the process that does the work; where the system tells.
    cost: Option<f64>,
}

impl Table {
    fn note(&mut self, row: &'static str, column: &'static str, process: u32, measure: impl FnOnce() -> Result<f64>) -> Result<()> {
        if !format!("{row}/{column}").contains(&self.only) {
            return Ok(());
        }
        let (begun, before) = (Instant::now(), cpu_seconds(process));
        let speed = measure()?;
        let done = speed * begun.elapsed().as_secs_f64();
        let cost = before.zip(cpu_seconds(process)).map(|(before, after)| (after - before) * 1e6 / done);
        self.cells.push(Cell { row, column, speed, cost });
        Ok(())
    }

    fn median(&self, row: &str, column: &str, value: impl Fn(&Cell) -> Option<f64>) -> Option<f64> {
        let cells = self.cells.iter().filter(|cell| cell.row == row && cell.column == column);
        let mut all: Vec<f64> = cells.filter_map(value).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    }

    fn print(&self, plan: &Plan) {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        println!(
            "{} customers, {} clients, {} rounds of {} s, {cores} cores; per second, in brackets µs of processor time for each; medians\n",
            plan.customers, plan.clients, plan.rounds, plan.seconds
        );
        println!("| | {MEMORY} | {SQL} | {EACH} | {PRODUCT} | {PRODUCT} ÷ memory | {PRODUCT} ÷ SQL |");
        println!("|---|---|---|---|---|---|---|");
        for row in ["get by id", "list of 50", "create"] {
            let cell = |column| {
                let Some(speed) = self.median(row, column, |cell| Some(cell.speed)) else { return "–".to_owned() };
                self.median(row, column, |cell| cell.cost).map_or(format!("{speed:.0}"), |cost| format!("{speed:.0} ({cost:.0})"))
            };
            let share = |of| {
                let speed = |column| self.median(row, column, |cell| Some(cell.speed));
                speed(PRODUCT).zip(speed(of)).map_or("–".to_owned(), |(product, of)| format!("{:.2}", product / of))
            };
            println!(
                "| {row} | {} | {} | {} | {} | {} | {} |",
                cell(MEMORY),
                cell(SQL),
                cell(EACH),
                cell(PRODUCT),
                share(MEMORY),
                share(SQL)
            );
        }
    }
}

/// The processor time a process has used, in hundredths of a second as Linux counts them.
fn cpu_seconds(process: u32) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut fields = text.rsplit(')').next()?.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / 100.0)
}

fn fill(signed_in: &Client, plan: &Plan) -> Result<()> {
    let next = Arc::new(AtomicU64::new(0));
    let wanted = plan.customers as u64;
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let (mut client, next) = (signed_in.again(), Arc::clone(&next));
            std::thread::spawn(move || -> Result<()> {
                while next.fetch_add(1, Ordering::Relaxed) < wanted {
                    client.post("/customers", &a_customer())?.ok()?;
                }
                Ok(())
            })
        })
        .collect();
    threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a client panicked")?)
}

fn a_customer() -> Value {
    customer(&NAMES.fetch_add(1, Ordering::Relaxed).to_string())
}

/// Path and body of a request.
type Request = (String, Option<Value>);

fn get(path: &str) -> Request {
    (path.to_owned(), None)
}

fn post(path: &str) -> Request {
    (path.to_owned(), Some(a_customer()))
}

/// Answered requests per second over all clients.
fn requests(signed_in: &Client, plan: &Plan, request: impl Fn(u64) -> Request + Clone + Send + 'static) -> Result<f64> {
    in_threads(plan.clients, plan.seconds, |number| {
        let (mut client, request) = (signed_in.again(), request.clone());
        let mut turn = number as u64 * 7_919;
        Ok(move || {
            turn += 1;
            let (path, body) = request(turn);
            let answer = match &body {
                None => client.get(&path)?,
                Some(body) => client.post(&path, body)?,
            };
            if answer.status >= 300 {
                return Err(format!("{path}: {}", String::from_utf8_lossy(&answer.body)).into());
            }
            Ok(1)
        })
    })
}

const COLUMNS: &str = "c.id, c.number, c.name, c.contact_name, c.phone, c.phone_check, c.email, c.marketing_consent, i.id as industry_id, i.name as industry,
     r.id as region_id, r.name as region, c.source_detail, c.credit_code, c.status, c.follow_up_status, c.deal_date, c.contract_amount,
     c.total_won_amount, c.won_opportunity_id, c.owner_id, u.name as owner_name, c.team_id, t.name as team_name, c.last_followed_up_at, c.created_at,
     c.updated_at, c.version, c.completeness";
const SOURCE: &str = "join dictionary_entries i on i.id = c.industry_id left join dictionary_entries r on r.id = c.region_id
     left join users u on u.id = c.owner_id left join teams t on t.id = c.team_id";
const GET: &str = "select * from customers where id = ?1 and deleted_at is null";
const LIST: &str = "select * from customers where deleted_at is null order by updated_at desc, id desc limit ?1";
const TOTAL: &str = "select count(*) as total from (select 1 from customers where deleted_at is null limit 10001)";
/// What an answer shows of the customers just read, from other tables.
const BESIDE: [&str; 3] = [
    "select ct.customer_id, g.id, g.name from customer_tags ct join tags g on g.id = ct.tag_id where ct.customer_id in ({ids})
     union all
     select cs.customer_id, d.id, d.name from customer_sources cs join dictionary_entries d on d.id = cs.entry_id where cs.customer_id in ({ids})",
    "select customer_id, id, min(starts_at), content from follow_up_plans where customer_id in ({ids}) and starts_at >= 0 and status = 'planned' group by 1",
    "select customer_id, id, min(due_on), content from tasks where customer_id in ({ids}) and is_open group by 1",
];

/// The statements that an answer needs at the least, their rows written as JSON.
pub struct Bare {
    connection: Connection,
    first: String,
    beside: [String; 3],
    rows: usize,
}

impl Bare {
    /// One customer.
    pub fn get(database: &Path) -> Result<Bare> {
        Bare::reading(database, GET, 1)
    }

    /// The fifty that were edited last, and how many there are.
    pub fn list(database: &Path) -> Result<Bare> {
        Bare::reading(database, LIST, 50)
    }

    fn reading(database: &Path, text: &str, rows: usize) -> Result<Bare> {
        let places: Vec<String> = (1..=rows).map(|number| format!("?{number}")).collect();
        Ok(Bare {
            connection: open(database)?,
            first: format!("select {COLUMNS} from ({text}) c {SOURCE}"),
            beside: BESIDE.map(|text| text.replace("{ids}", &places.join(", "))),
            rows,
        })
    }

    /// Reads once, on one snapshot; `bind` is the customer's id or how many there shall be.
    pub fn read(&self, bind: i64) -> Result<()> {
        let mut bytes = Vec::with_capacity(16 * 1024);
        self.connection.prepare_cached("begin")?.execute([])?;
        let ids = write_rows(&self.connection, &self.first, &[bind], &mut bytes)?;
        if ids.len() != self.rows {
            return Err(format!("{} of {} customers were read", ids.len(), self.rows).into());
        }
        for text in &self.beside {
            write_rows(&self.connection, text, &ids, &mut bytes)?;
        }
        if self.rows > 1 {
            write_rows(&self.connection, TOTAL, &[], &mut bytes)?;
        }
        self.connection.prepare_cached("commit")?.execute([])?;
        Ok(())
    }
}

/// Bare reads per second, on as many threads as there are cores.
fn reads(plan: &Plan, open: impl Fn() -> Result<Bare>, bind: impl Fn(i64) -> i64 + Clone + Send + 'static) -> Result<f64> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    in_threads(cores, plan.seconds, |number| {
        let (bare, bind) = (open()?, bind.clone());
        let mut turn = number as i64 * 7_919;
        Ok(move || {
            turn += 1;
            bare.read(bind(turn))?;
            Ok(1)
        })
    })
}

/// Writes the rows of a statement; answers their first column.
fn write_rows(connection: &Connection, text: &str, binds: &[i64], bytes: &mut Vec<u8>) -> Result<Vec<i64>> {
    let mut prepared = connection.prepare_cached(text)?;
    let names: Vec<String> = prepared.column_names().map(|name| format!("\"{name}\":")).collect();
    let mut rows = prepared.query(rusqlite::params_from_iter(binds))?;
    let mut first = Vec::new();
    while let Some(row) = rows.next()? {
        first.push(row.get(0)?);
        write_record(row, &names, bytes)?;
    }
    Ok(first)
}

fn write_record(row: &Row, names: &[String], bytes: &mut Vec<u8>) -> Result<()> {
    use rusqlite::types::ValueRef;
    for (index, name) in names.iter().enumerate() {
        bytes.push(if index == 0 { b'{' } else { b',' });
        bytes.extend_from_slice(name.as_bytes());
        match row.get_ref(index)? {
            ValueRef::Null => bytes.extend_from_slice(b"null"),
            ValueRef::Integer(number) => serde_json::to_writer(&mut *bytes, &number)?,
            ValueRef::Real(number) => serde_json::to_writer(&mut *bytes, &number)?,
            ValueRef::Text(text) | ValueRef::Blob(text) => serde_json::to_writer(&mut *bytes, std::str::from_utf8(text)?)?,
        }
    }
    bytes.push(b'}');
    Ok(())
}

/// Creates per second by one writer that commits `group` at a time: the rows of a customer, its contact, source and log.
fn creates(database: &Path, plan: &Plan, group: u64) -> Result<f64> {
    in_threads(1, plan.seconds, |_| {
        let connection = open(database)?;
        connection.execute_batch("pragma journal_mode = wal; pragma synchronous = full;")?;
        Ok(move || {
            connection.execute_batch("begin immediate")?;
            for _ in 0..group {
                insert(&connection, NAMES.fetch_add(1, Ordering::Relaxed))?;
            }
            connection.execute_batch("commit")?;
            Ok(group)
        })
    })
}

fn insert(connection: &Connection, number: u64) -> Result<()> {
    let name = format!("底层公司{number}");
    let number = number as i64 + 1;
    connection
        .prepare_cached(
            "insert into customers (number, number_key, name, name_fold, name_variant, name_key, contact_name, phone, email, industry_id,
               primary_source_id, status, owner_id, team_id, last_contact_on, created_at, created_on, created_by, updated_at)
             values (?1, ?2, ?3, ?3, ?3, ?3, '测试', '19900001234', '', 1, 19, 'potential', 1, 1, '2024-03-18', ?4, '2024-03-18', 1, ?4)",
        )?
        .execute(params![format!("CUST19990101{number}"), 19_990_101_000_000_000_i64 + number, name, number])?;
    let id = connection.last_insert_rowid();
    connection
        .prepare_cached(
            "insert into contacts (customer_id, name, phone, is_primary, created_at) values (?1, '测试', '19900001234', true, ?2)",
        )?
        .execute(params![id, number])?;
    connection.prepare_cached("insert into customer_sources (customer_id, entry_id, position) values (?1, 19, 0)")?.execute(params![id])?;
    connection
        .prepare_cached(
            "insert into events (at, kind, record_kind, record_id, customer_id, by_id, door, detail)
             values (?2, 'customer_created', 'customer', ?1, ?1, 1, 'api', '{}')",
        )?
        .execute(params![id, number])?;
    connection
        .prepare_cached("insert into customer_search (rowid, grams) values (?1, ?2)")?
        .execute(params![id, "底层 层公 公司 diceng gongsi dcgs"])?;
    Ok(())
}

fn open(database: &Path) -> Result<Connection> {
    let connection = Connection::open(database)?;
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch("pragma busy_timeout = 5000; pragma foreign_keys = on; pragma cache_size = -8192;")?;
    Ok(connection)
}

/// Runs a step on each thread until the time is over; answers how many were done in a second.
fn in_threads<S>(threads: usize, seconds: f64, make: impl Fn(usize) -> Result<S>) -> Result<f64>
where
    S: FnMut() -> Result<u64> + Send + 'static,
{
    let stop = Arc::new(AtomicBool::new(false));
    let begun = Instant::now();
    let mut running = Vec::new();
    for number in 0..threads {
        let (mut step, stop) = (make(number)?, Arc::clone(&stop));
        running.push(std::thread::spawn(move || -> Result<u64> {
            let mut done = 0;
            while !stop.load(Ordering::Relaxed) {
                done += step()?;
            }
            Ok(done)
        }));
    }
    std::thread::sleep(Duration::from_secs_f64(seconds));
    stop.store(true, Ordering::Relaxed);
    let mut done = 0;
    for thread in running {
        done += thread.join().map_err(|_| "a client panicked")??;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}
