//! `kill -9` in the middle of the work (R1, R6).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Result;
use crate::client::Client;
use crate::ledger::Ledger;
use crate::server::{self, Server};

const WRITERS: usize = 8;
const STAGES: [&str; 3] = ["needs_analysis", "proposal", "negotiation"];

/// Runs the cycles and prints what came of them; an error when anything was lost, doubled or half done.
pub fn run(binary: &Path, cycles: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let mut server = Server::start(binary, &data)?;
    let signed_in = server.set_up()?;
    let mut all = Ledger::default();
    let (mut ready, mut writing, mut repeated) = (Vec::new(), Duration::ZERO, 0);
    for cycle in 1..=cycles {
        let begun = Instant::now();
        let run_for = Duration::from_millis(150 + u64::from(random_byte()?) * 3);
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                let (client, stop) = (signed_in.moved_to(&server.url), Arc::clone(&stop));
                std::thread::spawn(move || write(client?, &format!("{cycle}-{number}"), &stop))
            })
            .collect();
        std::thread::sleep(run_for);
        let complaints = server.complaints();
        server.kill()?;
        stop.store(true, Ordering::Relaxed);
        writing += begun.elapsed();
        for writer in writers {
            all.absorb(writer.join().map_err(|_| "a writer panicked")??);
        }
        if let Some(complaint) = complaints.first() {
            return Err(format!("cycle {cycle}: the server complained: {complaint}").into());
        }

        server = Server::start(binary, &data)?;
        ready.push(server.ready_after);
        let mut client = signed_in.moved_to(&server.url)?;
        for (path, key, body) in std::mem::take(&mut all.unheard) {
            // Done before the kill or done now: once, either way.
            let record = client.create(&path, &key, &body)?.ok()?;
            all.note(&path, &record)?;
            repeated += 1;
        }
        let mut wrong = all.compare(&data)?;
        let doctor = server::run(binary, &data, &["doctor"])?;
        if !doctor.status.success() {
            wrong.push(format!("doctor: {}{}", String::from_utf8_lossy(&doctor.stdout), String::from_utf8_lossy(&doctor.stderr)));
        }
        if !wrong.is_empty() {
            let kept = folder.keep();
            return Err(format!("cycle {cycle}, data kept in {}:\n{}", kept.display(), wrong.join("\n")).into());
        }
        eprint!("\rcycle {cycle} of {cycles}, {} writes acknowledged  ", all.len());
    }
    eprintln!();
    ready.sort();
    let median = ready.get(ready.len() / 2).copied().unwrap_or_default();
    println!("cycles                  {cycles}");
    println!("writers                 {WRITERS}");
    println!("acknowledged writes     {} ({:.0} a second)", all.len(), all.len() as f64 / writing.as_secs_f64());
    println!("  customers             {}", all.customers.len());
    println!("  opportunities         {}", all.opportunities.len());
    println!("  stage moves           {}", all.moves.len());
    println!("unheard and sent again  {repeated}");
    println!(
        "ready again             median {} ms, longest {} ms",
        median.as_millis(),
        ready.last().copied().unwrap_or_default().as_millis()
    );
    println!("lost 0, doubled 0, half done 0, doctor clean after every cycle");
    Ok(())
}

pub fn random_byte() -> Result<u8> {
    let mut byte = [0];
    getrandom::fill(&mut byte).map_err(|error| error.to_string())?;
    Ok(byte[0])
}

/// Creates and moves until the server is gone; every answer that came is in the ledger.
fn write(mut client: Client, name: &str, stop: &AtomicBool) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    for turn in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let name = format!("{name}-{turn}");
        let Some(customer) = create(&mut client, &mut ledger, "/customers", customer(&name))? else { break };
        let deal = json!({ "name": format!("项目{name}"), "customer_id": customer["id"], "expected_amount": "1000.00" });
        let Some(mut opportunity) = create(&mut client, &mut ledger, "/opportunities", deal)? else { break };
        for stage in STAGES {
            let (id, version) = (opportunity["id"].as_i64().ok_or("no id")?, opportunity["version"].as_i64().ok_or("no version")?);
            let Ok(answer) = client.act(&format!("/opportunities/{id}/stage"), version, &json!({ "stage": stage })) else {
                return Ok(ledger);
            };
            opportunity = answer.ok()?;
            ledger.moves.push((id, stage.to_owned()));
        }
    }
    Ok(ledger)
}

/// `None` when the server was gone before it answered.
fn create(client: &mut Client, ledger: &mut Ledger, path: &str, body: Value) -> Result<Option<Value>> {
    let key = format!("{path}{}", body["name"].as_str().unwrap_or_default()).replace(|letter: char| !letter.is_ascii_graphic(), "_");
    match client.create(path, &key, &body) {
        Ok(answer) => {
            let record = answer.ok()?;
            ledger.note(path, &record)?;
            Ok(Some(record))
        }
        Err(_) => {
            ledger.unheard.push((path.to_owned(), key, body));
            Ok(None)
        }
    }
}

/// A customer with what is required.
pub fn customer(name: &str) -> Value {
    json!({
        "name": format!("压测公司{name}"),
        "contact_name": "测试",
        "phone": "19900001234",
        "industry": "制造业",
        "region": "华东",
        "source_channels": ["官网注册"],
    })
}
