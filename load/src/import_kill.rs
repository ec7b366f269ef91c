//! A server killed again and again in the middle of an import (R1, I46): every row is entered exactly once, and other writers do
//! not wait meanwhile.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::Result;
use crate::client::Client;
use crate::kill_test::{customer, random_byte};
use crate::server::Server;

/// An import that has not ended by then never will.
const PATIENCE: Duration = Duration::from_secs(600);
const BOUNDARY: &str = "a-file-of-customers";

/// Runs it and prints what came of it; an error when a row was lost or doubled.
pub fn run(binary: &Path, rows: usize, kills: u32) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let mut server = Server::start(binary, &data)?;
    let signed_in = server.set_up()?;
    let mut client = signed_in.again();
    let begun = Instant::now();
    let import = send(&mut client, &file_of(rows))?;
    let read = begun.elapsed();
    let path = format!("/imports/{}", import["id"]);
    let place = Arc::new(Mutex::new(server.url.clone()));
    let stop = Arc::new(AtomicBool::new(false));
    let writer = {
        let (signed_in, place, stop) = (signed_in.again(), Arc::clone(&place), Arc::clone(&stop));
        std::thread::spawn(move || write_beside(&signed_in, &place, &stop))
    };

    let (entering, mut down, mut killed) = (Instant::now(), Duration::ZERO, 0);
    let done = loop {
        if entering.elapsed() > PATIENCE {
            return Err("the import did not come to an end".into());
        }
        if killed < kills {
            std::thread::sleep(Duration::from_millis(150 + u64::from(random_byte()?) * 2));
            let complaints = server.complaints();
            server.kill()?;
            if let Some(complaint) = complaints.first() {
                return Err(format!("kill {killed}: the server complained: {complaint}").into());
            }
            killed += 1;
            let begun = Instant::now();
            server = Server::start(binary, &data)?;
            down += begun.elapsed();
            place.lock().map_err(|_| "a writer panicked")?.clone_from(&server.url);
            client = signed_in.moved_to(&server.url)?;
        } else {
            std::thread::sleep(Duration::from_millis(100));
        }
        let import = client.get(&path)?.ok()?;
        match import["state"].as_str() {
            Some("running") => eprint!("\r{} of {rows} rows, {killed} kills  ", import["done_rows"]),
            _ if killed < kills => return Err(format!("it ended before the last kill; give it more rows: {import}").into()),
            _ => break import,
        }
    };
    eprintln!();
    let entered = entering.elapsed();
    stop.store(true, Ordering::Relaxed);
    let beside = writer.join().map_err(|_| "a writer panicked")??;
    drop(server);
    judge(&data, &done, rows)?;

    let longest = beside.iter().max().copied().unwrap_or_default();
    println!("rows                    {rows}");
    println!("kills                   {killed}");
    println!("read                    {} ms", read.as_millis());
    println!("entered                 {} ms, of them {} ms of starting again", entered.as_millis(), down.as_millis());
    println!("each exactly once       {rows}, 0 missing, 0 doubled");
    println!("other writers meanwhile {} writes, the longest {} ms", beside.len(), longest.as_millis());
    Ok(())
}

fn file_of(rows: usize) -> String {
    let mut text = String::from("客户名称,联系人姓名,联系电话,所属行业,来源渠道\r\n");
    for row in 0..rows {
        text.push_str(&format!("导入公司{row:06},张伟,138{row:08},制造业,官网注册\r\n"));
    }
    text
}

fn send(client: &mut Client, file: &str) -> Result<Value> {
    let field = |name: &str, value: &str| format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body = format!(
        "{}{}--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"customers.csv\"\r\n\r\n{file}\r\n--{BOUNDARY}--\r\n",
        field("kind", "customers"),
        field("mode", "create")
    );
    client.post_form("/imports", BOUNDARY, body.as_bytes())?.ok()
}

/// Enters customers by hand while the import runs; answers how long each took. One cut off by a kill does not count.
fn write_beside(signed_in: &Client, place: &Mutex<String>, stop: &AtomicBool) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        let url = place.lock().map_err(|_| "no place")?.clone();
        let mut client = signed_in.moved_to(&url)?;
        loop {
            number += 1;
            let begun = Instant::now();
            match client.post("/customers", &customer(&format!("旁{number}"))) {
                Ok(answer) => {
                    answer.ok()?;
                    took.push(begun.elapsed());
                }
                Err(_) => break,
            }
            std::thread::sleep(Duration::from_millis(50));
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(took)
}

fn judge(data: &Path, import: &Value, rows: usize) -> Result<()> {
    let database = Connection::open_with_flags(data.join("chengdan.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let count = |text: &str| -> Result<i64> { Ok(database.query_row(text, [], |row| row.get(0))?) };
    let found = [
        ("customers", count("select count(*) from customers where name like '导入公司%'")?),
        ("names", count("select count(distinct name) from customers where name like '导入公司%'")?),
        ("numbers", count("select count(distinct number) from customers where name like '导入公司%'")?),
        ("rows of the file", count("select count(distinct record_id) from import_rows where state = 'created'")?),
        ("the import's own count", import["created_rows"].as_i64().unwrap_or_default()),
    ];
    for (what, found) in found {
        if found != rows as i64 || import["state"] != "done" {
            return Err(format!("{what}: {found} instead of {rows}; {import}").into());
        }
    }
    Ok(())
}
