//! Reminders while servers are killed (R8): in the message centre exactly one of each, none early; outside none missing, and what is
//! repeated has the same id.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant as Stopwatch, SystemTime, UNIX_EPOCH};

use chengdan::platform::types::Instant;
use serde_json::{Value, json};

use crate::Result;
use crate::client::Client;
use crate::kill_test::customer;
use crate::receiver::Receiver;
use crate::server::Server;

const WRITERS: usize = 8;
const DAY_MS: i64 = 86_400_000;
/// What a worker that was killed held is taken over after a minute; then everything must come to an end.
const PATIENCE: Duration = Duration::from_secs(300);

/// What is to be tried.
pub struct Plan {
    /// Plans, each with one reminder.
    pub plans: usize,
    /// How often a server is killed.
    pub kills: u32,
    /// Servers on one database.
    pub servers: usize,
    /// An empty PostgreSQL database; SQLite without.
    pub database_url: Option<String>,
}

/// Runs it and prints what came of it; an error when a reminder was lost, doubled or early.
pub fn run(binary: &Path, plan: &Plan) -> Result<()> {
    if plan.servers > 1 && plan.database_url.is_none() {
        return Err("several servers need --database-url".into());
    }
    let folder = tempfile::tempdir()?;
    let receiver = Receiver::start()?;
    let start = || start(binary, folder.path(), plan);
    let mut servers = vec![start()?];
    let mut client = servers[0].set_up()?;
    let hook = json!({ "kind": "webhook", "name": "计数", "url": format!("http://127.0.0.1:{}/", receiver.port), "secret": "count", "topics": ["plan_reminder"] });
    client.post("/channels", &hook)?.ok()?;
    let first_due = now_ms() + 5_000 + plan.plans as i64 * 6;
    let spread_ms = i64::from(plan.kills) * 800 + 2_000;
    let due = make_plans(&mut client, plan.plans, first_due, spread_ms)?;
    eprintln!("{} plans, the first reminder in {} s", due.len(), (first_due - now_ms()) / 1_000);
    for _ in 1..plan.servers {
        servers.push(start()?);
    }
    wait_until(first_due);

    for kill in 0..plan.kills {
        std::thread::sleep(Duration::from_millis(300 + u64::from(random_byte()?) * 3));
        let place = kill as usize % servers.len();
        let complaints = servers[place].complaints();
        if let Some(complaint) = complaints.first() {
            return Err(format!("kill {kill}: the server complained: {complaint}").into());
        }
        servers.remove(place).kill()?;
        servers.insert(place, start()?);
        eprint!("\rkill {} of {}  ", kill + 1, plan.kills);
    }
    eprintln!();
    wait_until(first_due + spread_ms);
    let settled = Stopwatch::now();
    let mut client = client.moved_to(&servers[0].url)?;
    while total(&mut client, "/reminders?state=planned&limit=1")? > 0 {
        if settled.elapsed() > PATIENCE {
            return Err(format!("{} reminders are still to come", total(&mut client, "/reminders?state=planned&limit=1")?).into());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    judge(&mut client, &due, &receiver, plan, settled.elapsed())
}

fn start(binary: &Path, data: &Path, plan: &Plan) -> Result<Server> {
    let mut arguments: Vec<PathBuf> =
        ["serve", "--listen", "127.0.0.1:0", "--rate-limit", "off", "--intranet-hosts", "127.0.0.1", "--time-zone", zone()]
            .map(PathBuf::from)
            .to_vec();
    arguments.extend(["--data-dir".into(), data.join("data")]);
    if let Some(url) = &plan.database_url {
        arguments.extend(["--database-url".into(), url.into()]);
    }
    Server::start_with(binary, arguments.into_iter())
}

/// A plan must end on the day it begins, so midnight is kept far away.
fn zone() -> &'static str {
    match now_ms() % DAY_MS / 3_600_000 {
        12..=19 => "UTC",
        _ => "Asia/Shanghai",
    }
}

fn make_plans(client: &mut Client, count: usize, first_due: i64, spread_ms: i64) -> Result<HashMap<usize, i64>> {
    let customer = client.post("/customers", &customer("提醒"))?.ok()?["id"].clone();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (mut client, customer) = (client.again(), customer.clone());
            std::thread::spawn(move || -> Result<Vec<(usize, i64)>> {
                let mut made = Vec::new();
                for number in (writer..count).step_by(WRITERS) {
                    let starts_at = Instant::from_ms(first_due + DAY_MS + number as i64 * spread_ms / count as i64);
                    let draft = json!({
                        "customer_id": customer, "method": "phone_call", "content": format!("#{number}"), "starts_at": starts_at, "ends_at": starts_at.plus_ms(60_000),
                    });
                    let plan = client.post("/follow-up-plans", &draft)?.ok()?;
                    made.push((number, instant(&plan["remind_at"])?));
                }
                Ok(made)
            })
        })
        .collect();
    let mut all = HashMap::new();
    for writer in writers {
        all.extend(writer.join().map_err(|_| "a writer panicked")??);
    }
    Ok(all)
}

fn judge(client: &mut Client, due: &HashMap<usize, i64>, receiver: &Receiver, plan: &Plan, settled: Duration) -> Result<()> {
    let mut wrong = Vec::new();
    let mut told: HashMap<usize, u32> = HashMap::new();
    let mut late = Vec::new();
    each(client, "/notifications", |message| {
        let Some(number) = message["body"].as_str().and_then(|body| body.rsplit('#').next()?.parse().ok()) else { return Ok(()) };
        *told.entry(number).or_default() += 1;
        let after = instant(&message["created_at"])? - due.get(&number).copied().ok_or("a reminder of nothing")?;
        if after < 0 {
            wrong.push(format!("early: #{number} by {} ms", -after));
        }
        late.push(after);
        Ok(())
    })?;
    for number in due.keys() {
        match told.get(number) {
            Some(1) => {}
            Some(count) => wrong.push(format!("doubled: #{number} told {count} times")),
            None => wrong.push(format!("missing: #{number}")),
        }
    }
    let arrived = receiver.ids();
    let mut promised = HashSet::new();
    each(client, "/reminders?channel=webhook", |line| {
        let id = line["message_id"].as_str().unwrap_or_default();
        promised.insert(id.to_owned());
        if line["state"] != "sent" || !arrived.contains_key(id) {
            wrong.push(format!("not outside: {line}"));
        }
        Ok(())
    })?;
    if promised.len() != due.len() {
        wrong.push(format!("{} plans, {} lines of the ledger", due.len(), promised.len()));
    }
    wrong.extend(arrived.keys().filter(|id| !promised.contains(*id)).map(|id| format!("nobody sent {id:?}")));
    let repeats: u32 = arrived.values().map(|count| count - 1).sum();
    if repeats > plan.kills {
        wrong.push(format!("{repeats} repeats outside, more than {} kills", plan.kills));
    }
    if !wrong.is_empty() {
        wrong.truncate(20);
        return Err(wrong.join("\n").into());
    }
    late.sort_unstable();
    let at = |share: f64| late.get(((late.len() as f64 - 1.0) * share) as usize).copied().unwrap_or_default();
    println!("plans                   {}", due.len());
    println!("servers                 {}", plan.servers);
    println!("kills                   {}", plan.kills);
    println!("in the message centre   {} once, 0 missing, 0 doubled, 0 early", told.len());
    println!("lateness                median {} ms, p99 {} ms, longest {} ms", at(0.5), at(0.99), at(1.0));
    println!("outside                 {} ids, 0 missing, {repeats} repeats, all with the same id", arrived.len());
    println!("settled after the end   {} ms", settled.as_millis());
    Ok(())
}

fn each(client: &mut Client, path: &str, mut on_row: impl FnMut(&Value) -> Result<()>) -> Result<()> {
    let sign = if path.contains('?') { '&' } else { '?' };
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{path}{sign}limit=100{cursor}"))?.ok()?;
        for row in page["items"].as_array().ok_or("no items")? {
            on_row(row)?;
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(()),
        }
    }
}

fn total(client: &mut Client, path: &str) -> Result<i64> {
    client.get(path)?.ok()?["total"].as_i64().ok_or_else(|| "no total".into())
}

fn instant(value: &Value) -> Result<i64> {
    let text = value.as_str().ok_or("no time")?;
    Ok(Instant::parse(text).map_err(|code| code.to_string())?.ms())
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

fn wait_until(ms: i64) {
    if let Ok(left) = u64::try_from(ms - now_ms()) {
        std::thread::sleep(Duration::from_millis(left));
    }
}

fn random_byte() -> Result<u8> {
    let mut byte = [0];
    getrandom::fill(&mut byte).map_err(|error| error.to_string())?;
    Ok(byte[0])
}
