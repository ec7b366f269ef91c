//! A database per test: a file, or a database of the PostgreSQL server named by `CHENGDAN_TEST_DATABASE`.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

static COUNT: AtomicU64 = AtomicU64::new(0);

pub struct Database {
    pub url: String,
    /// Server and name, for PostgreSQL.
    drop: Option<(String, String)>,
}

impl Database {
    pub fn create(folder: &Path) -> Database {
        let Ok(server) = std::env::var("CHENGDAN_TEST_DATABASE") else {
            return Database { url: format!("sqlite:{}", folder.join("test.db").display()), drop: None };
        };
        let name = format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        on_server(&server, format!("create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"));
        let mut url = server.clone();
        let start = url.find("://").map_or(0, |at| at + 3);
        let path = url[start..].find('/').map_or(url.len(), |at| start + at);
        let query = url[path..].find('?').map_or(String::new(), |at| url[path + at..].to_owned());
        url.truncate(path);
        Database { url: format!("{url}/{name}{query}"), drop: Some((server, name)) }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((server, name)) = self.drop.take() {
            on_server(&server, format!("drop database if exists {name} with (force)"));
        }
    }
}

fn on_server(server: &str, statement: String) {
    let server = server.to_owned();
    let done = std::thread::spawn(move || {
        let mut client = postgres::Client::connect(&server, postgres::NoTls).unwrap();
        client.batch_execute(&statement).unwrap();
    });
    done.join().unwrap();
}
