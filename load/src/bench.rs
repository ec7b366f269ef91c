//! The product beside what it is built on: the same bytes from memory on the same server loop, the same SQL and JSON without a
//! server, and a commit per request. Measured in turns within one run, so that a busy machine slows all of them alike.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Row, params};
use serde_json::{Map, Value, json};

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

    let from_memory = signed_in.moved_to(&bare.url)?;
    let highest = plan.customers as i64;
    let mut speeds: Vec<(&str, &str, Vec<f64>)> = Vec::new();
    let mut note = |row: &'static str, column: &'static str, speed: f64| match speeds.iter_mut().find(|(r, c, _)| *r == row && *c == column)
    {
        Some((_, _, all)) => all.push(speed),
        None => speeds.push((row, column, vec![speed])),
    };
    for round in 1..=plan.rounds {
        eprint!("\rround {round} of {}  ", plan.rounds);
        note("get by id", "memory", requests(&from_memory, plan, |_| get("/get"))?);
        note("get by id", "sql", reads(&copy, plan, GET, move |turn| turn % highest + 1)?);
        note("get by id", "product", requests(&signed_in, plan, move |turn| get(&format!("/customers/{}", turn as i64 % highest + 1)))?);
        note("list of 50", "memory", requests(&from_memory, plan, |_| get("/list"))?);
        note("list of 50", "sql", reads(&copy, plan, LIST, |_| 50)?);
        note("list of 50", "product", requests(&signed_in, plan, |_| get("/customers?limit=50"))?);
        note("create", "memory", requests(&from_memory, plan, |_| post("/create"))?);
        note("create", "sql", creates(&copy, plan, GROUP)?);
        note("create", "each", creates(&copy, plan, 1)?);
        note("create", "product", requests(&signed_in, plan, |_| post("/customers"))?);
    }
    eprintln!();
    print(plan, &speeds);
    Ok(())
}

fn print(plan: &Plan, speeds: &[(&str, &str, Vec<f64>)]) {
    let median = |row: &str, column: &str| {
        let (_, _, all) = speeds.iter().find(|(r, c, _)| *r == row && *c == column)?;
        let mut all = all.clone();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    };
    let shown = |speed: Option<f64>| speed.map_or("–".to_owned(), |speed| format!("{speed:.0}"));
    let share = |part: Option<f64>, whole: Option<f64>| match (part, whole) {
        (Some(part), Some(whole)) if whole > 0.0 => format!("{:.2}", part / whole),
        _ => "–".to_owned(),
    };
    println!(
        "{} customers, {} clients, {} rounds of {} s, {} cores; per second, medians\n",
        plan.customers,
        plan.clients,
        plan.rounds,
        plan.seconds,
        std::thread::available_parallelism().map_or(0, usize::from)
    );
    println!(
        "| | bytes from memory | SQL and JSON, no server | a commit per create, no server | product | product ÷ memory | product ÷ SQL |"
    );
    println!("|---|---|---|---|---|---|---|");
    for row in ["get by id", "list of 50", "create"] {
        let [memory, sql, each, product] = ["memory", "sql", "each", "product"].map(|column| median(row, column));
        println!(
            "| {row} | {} | {} | {} | {} | {} | {} |",
            shown(memory),
            shown(sql),
            shown(each),
            shown(product),
            share(product, memory),
            share(product, sql)
        );
    }
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

const SOURCE: &str =
    "from customers c join dictionary_entries i on i.id = c.industry_id left join dictionary_entries r on r.id = c.region_id
     left join users u on u.id = c.owner_id left join teams t on t.id = c.team_id";
const GET: &str = "where c.id = ?1";
const LIST: &str = "where c.deleted_at is null order by c.updated_at desc, c.id desc limit ?1";

/// Answers per second of a statement whose rows are written as JSON, on as many threads as there are cores.
fn reads(database: &Path, plan: &Plan, text: &str, bind: impl Fn(i64) -> i64 + Clone + Send + 'static) -> Result<f64> {
    let statement = format!("select c.*, i.name as industry, r.name as region, u.name as owner_name, t.name as team_name {SOURCE} {text}");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    in_threads(cores, plan.seconds, |number| {
        let connection = open(database)?;
        let (statement, bind) = (statement.clone(), bind.clone());
        let mut turn = number as i64 * 7_919;
        Ok(move || {
            turn += 1;
            let mut prepared = connection.prepare_cached(&statement)?;
            let mut names = Vec::new();
            for name in prepared.column_names() {
                names.push(name.to_owned());
            }
            let mut rows = prepared.query([bind(turn)])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(record(row, &names)?);
            }
            let bytes = serde_json::to_vec(&all)?;
            if bytes.len() < 3 {
                return Err("nothing was read".into());
            }
            Ok(1)
        })
    })
}

fn record(row: &Row, names: &[String]) -> Result<Value> {
    use rusqlite::types::ValueRef;
    let mut record = Map::new();
    for (index, name) in names.iter().enumerate() {
        let value = match row.get_ref(index)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => json!(number),
            ValueRef::Real(number) => json!(number),
            ValueRef::Text(text) | ValueRef::Blob(text) => json!(String::from_utf8_lossy(text)),
        };
        record.insert(name.clone(), value);
    }
    Ok(Value::Object(record))
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
