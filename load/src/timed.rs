//! Requests one at a time to a company made by `fill`, and the table of how long they took.

use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::Result;
use crate::client::Client;
use crate::server::{PASSWORD, Server};

/// One measured request.
pub struct Timed {
    /// Its path.
    pub what: String,
    /// Milliseconds until the answer was read.
    pub ms: f64,
    /// The list's total, -1 for what is no list.
    pub total: i64,
}

/// Starts the server on the company and prints the head of the table.
pub fn serve(binary: &Path, data: &Path, url: Option<&str>) -> Result<Server> {
    let arguments =
        ["serve", "--listen", "127.0.0.1:0", "--rate-limit", "off", "--data-dir"].map(Into::into).into_iter().chain([data.to_owned()]);
    let chosen = url.map(|url| ["--database-url".into(), url.into()]).into_iter().flatten();
    let server = Server::start_with(binary, arguments.chain(chosen))?;
    println!("| who | what | requests | p50 ms | p99 ms | longest ms | which |\n|---|---|---|---|---|---|---|");
    Ok(server)
}

/// A client of somebody's own.
pub fn log_in(server: &Server, employee_number: &str) -> Result<Client> {
    let mut client = Client::new(&server.url)?;
    client.post("/session", &json!({ "employee_number": employee_number, "password": PASSWORD }))?.ok()?;
    Ok(client)
}

/// One request, its time and its answer.
pub fn timed(client: &mut Client, path: &str) -> Result<(Timed, Value)> {
    let begun = Instant::now();
    let answer = client.get(path)?;
    let ms = begun.elapsed().as_secs_f64() * 1000.0;
    let status = answer.status;
    let answer = if status < 300 { answer.json()? } else { Value::Null };
    // A request that was given up on counts as taking for ever.
    let (ms, total) = if status < 300 { (ms, answer["total"].as_i64().unwrap_or(-1)) } else { (f64::from(status) * 1000.0, -1) };
    Ok((Timed { what: path.to_owned(), ms, total }, answer))
}

/// One line of the table, and on the side what took longer than 50 ms.
pub fn print(who: &str, what: &str, mut all: Vec<Timed>) {
    all.sort_by(|one, other| one.ms.total_cmp(&other.ms));
    let Some(longest) = all.last() else { return };
    let at = |share: f64| all[((all.len() - 1) as f64 * share).round() as usize].ms;
    println!(
        "| {who} | {what} | {} | {:.1} | {:.1} | {:.1} | `{}` ({}) |",
        all.len(),
        at(0.5),
        at(0.99),
        longest.ms,
        longest.what,
        longest.total
    );
    for slow in all.iter().rev().take(12).filter(|slow| slow.ms > 50.0) {
        eprintln!("{who}, {what}: {:.1} ms {} ({})", slow.ms, slow.what, slow.total);
    }
}
