//! A product of its own for every test, and people with names: `ann` owns, `bob` is her colleague, `lea` leads their team, `cat`
//! is in another team, `dan` directs, `fin` reads the figures, `adm` administers.

mod client;
mod database;
pub mod receivers;
pub mod records;
mod rows;
pub mod sheets;
pub mod source;

pub use client::{Client, Reply};
pub use rows::a_plan;

use std::sync::Arc;

use axum::Router;
use chengdan::app::{App, Parts};
use chengdan::identity::passwords::Passwords;
use chengdan::platform::clock::Clock;
use chengdan::platform::config::Config;
use chengdan::platform::types::Instant;
use serde_json::{Value, json};

/// The password of everybody in a test.
pub const PASSWORD: &str = "Kp7#rainy-day";

/// The time at which every test begins: a Monday morning in Shanghai.
pub const START: &str = "2024-03-18T09:00:00+08:00";

/// One running product on a database of its own, with a clock that only the test moves.
pub struct TestApp {
    pub app: App,
    router: Router,
    _database: database::Database,
    _folder: Arc<tempfile::TempDir>,
}

impl TestApp {
    /// A product with the people and teams described above.
    pub async fn start() -> TestApp {
        TestApp::start_at(START).await
    }

    /// The same, beginning at another time.
    pub async fn start_at(now: &str) -> TestApp {
        let test = TestApp::empty(now).await;
        test.settle().await;
        test
    }

    /// The same on the smallest pages SQLite has, so that nearly every statement needs a new one.
    pub async fn on_small_pages() -> TestApp {
        let test = TestApp::prepared(START, "off", |folder| {
            let file = rusqlite::Connection::open(folder.join("test.db")).unwrap();
            file.execute_batch("pragma page_size = 512; create table first (x); drop table first;").unwrap();
        });
        let test = test.await;
        test.settle().await;
        test
    }

    /// A product nobody has set up yet.
    pub async fn empty(now: &str) -> TestApp {
        TestApp::prepared(now, "off", |_| ()).await
    }

    /// The same where nobody may ask for too much in a second.
    pub async fn with_limits() -> TestApp {
        let test = TestApp::prepared(START, "on", |_| ()).await;
        test.settle().await;
        test
    }

    async fn prepared(now: &str, rate_limit: &str, prepare: impl FnOnce(&std::path::Path)) -> TestApp {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        prepare(folder.path());
        let database = database::Database::create(folder.path());
        let config = Config {
            database_url: Some(database.url.clone()),
            intranet_hosts: vec!["127.0.0.1".into()],
            demo: true,
            rate_limit: rate_limit.into(),
            sheet_reader: Some(env!("CARGO_BIN_EXE_chengdan").into()),
            ..a_config(folder.path())
        };
        let clock = Clock::stopped_at(Instant::parse(now).unwrap());
        let app = App::open(config, clock, Passwords::with(8, 1).unwrap()).await.unwrap();
        let router = chengdan::router::router(app.clone());
        TestApp { app, router, _database: database, _folder: folder }
    }

    /// The product stopped and started again on the same data, with the clock at `now`. Everybody must have let go of it before.
    pub async fn restarted(self, now: &str) -> TestApp {
        let TestApp { app, router, _database, _folder } = self;
        let config = app.config.clone();
        drop((app, router));
        let passwords = || Passwords::with(8, 1).unwrap();
        let clock = || Clock::stopped_at(Instant::parse(now).unwrap());
        let mut tries = 0;
        let app = loop {
            // The data folder stays locked until the last thread of the stopped product has ended.
            match App::open(config.clone(), clock(), passwords()).await {
                Ok(app) => break app,
                Err(error) if tries == 100 => panic!("{error}"),
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            }
            tries += 1;
        };
        let router = chengdan::router::router(app.clone());
        TestApp { app, router, _database, _folder }
    }

    /// A second worker of the same product, as another process would have.
    pub fn second_runner(&self) -> chengdan::platform::jobs::Runner {
        let Parts { db, clock, zone, live, .. } = &*self.app;
        chengdan::platform::jobs::Runner::new(db.clone(), clock.clone(), zone.clone(), live.clone(), chengdan::jobs::register()).unwrap()
    }

    /// A second relay of the same product, as another process would have.
    pub fn second_relay(&self) -> chengdan::channels::Relay {
        chengdan::channels::Relay::new(
            self.app.db.clone(),
            self.app.clock.clone(),
            &self.app.config,
            self.app.relay.outside().secrets.clone(),
        )
        .unwrap()
    }

    /// Moves the clock without running what falls due.
    pub fn set_now(&self, now: &str) {
        self.app.clock.move_to(Instant::parse(now).unwrap());
    }

    /// Moves the clock from due job to due job; answers how many ran.
    pub async fn advance(&self, now: &str) -> u64 {
        self.app.runner.advance(Instant::parse(now).unwrap()).await.unwrap()
    }

    /// Somebody without a session.
    pub fn stranger(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// A signed-in person, in the first of his or her teams.
    pub async fn sign_in(&self, employee_number: &str) -> Client {
        let mut client = self.stranger();
        let teams = client.get("/login-teams").await.ok();
        for team in teams.as_array().unwrap() {
            let reply =
                client.post("/session", json!({ "employee_number": employee_number, "password": PASSWORD, "team_id": team["id"] })).await;
            if reply.status == 200 {
                client.remember(&reply);
                client.me = reply.json();
                return client;
            }
        }
        panic!("{employee_number} belongs to no team");
    }

    pub async fn adm(&self) -> Client {
        self.sign_in("adm").await
    }
    pub async fn ann(&self) -> Client {
        self.sign_in("ann").await
    }
    pub async fn bob(&self) -> Client {
        self.sign_in("bob").await
    }
    pub async fn lea(&self) -> Client {
        self.sign_in("lea").await
    }
    pub async fn cat(&self) -> Client {
        self.sign_in("cat").await
    }
    pub async fn dan(&self) -> Client {
        self.sign_in("dan").await
    }
    pub async fn fin(&self) -> Client {
        self.sign_in("fin").await
    }

    /// The company: head office; below it the regions 华东 (teams 华东一部 with ann, bob, lea; 华东二部) and 华南 (team 华南一部 with cat).
    async fn settle(&self) {
        let mut adm = self.stranger();
        let setup = adm
            .post(
                "/setup",
                json!({ "token": self.app.setup.text(), "team_name": "总部", "employee_number": "adm", "name": "管理员", "password": PASSWORD }),
            )
            .await;
        assert_eq!(setup.status, 201, "{}", setup.text());
        adm.remember(&setup);
        let head = setup.json()["team"]["id"].as_i64().unwrap();
        let mut teams = std::collections::HashMap::new();
        teams.insert("总部", head);
        for (name, above, kind) in [
            ("华东大区", "总部", "region"),
            ("华南大区", "总部", "region"),
            ("华东一部", "华东大区", "team"),
            ("华东二部", "华东大区", "team"),
            ("华南一部", "华南大区", "team"),
        ] {
            let team = adm.post("/teams", json!({ "name": name, "parent_id": teams[above], "kind": kind })).await.created();
            teams.insert(name, team["id"].as_i64().unwrap());
        }
        for (number, name, role, own) in [
            ("ann", "安妮", "sales", vec!["华东一部"]),
            ("bob", "白博", "sales", vec!["华东一部"]),
            ("lea", "李雅", "sales_manager", vec!["华东一部"]),
            ("cat", "陈凯", "sales", vec!["华南一部"]),
            ("dan", "丁丹", "sales_director", vec!["总部"]),
            ("fin", "方芬", "finance_readonly", vec!["总部"]),
        ] {
            let team_ids: Vec<i64> = own.iter().map(|team| teams[team]).collect();
            let user =
                adm.post("/users", json!({ "employee_number": number, "name": name, "role": role, "team_ids": team_ids })).await.created();
            self.adopt(number, user["one_time_password"].as_str().unwrap(), team_ids[0]).await;
        }
    }

    /// First log-in of a new person: the forced change to [`PASSWORD`].
    pub async fn adopt(&self, number: &str, one_time_password: &str, team_id: i64) {
        let mut person = self.stranger();
        let reply = person.post("/session", json!({ "employee_number": number, "password": one_time_password, "team_id": team_id })).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        person.remember(&reply);
        let reply = person.put("/session/password", json!({ "current_password": one_time_password, "new_password": PASSWORD })).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
}

/// How a server without wishes of its own runs on a data folder.
pub fn a_config(data_dir: &std::path::Path) -> Config {
    Config {
        data_dir: data_dir.to_owned(),
        database_url: None,
        blob_url: None,
        secret_key_file: None,
        listen: "127.0.0.1:0".into(),
        public_url: None,
        tls_cert: None,
        tls_key: None,
        metrics_listen: "off".into(),
        time_zone: "Asia/Shanghai".into(),
        rate_limit: "off".into(),
        intranet_hosts: Vec::new(),
        trusted_proxies: Vec::new(),
        demo: false,
        seed: 1,
        now: None,
        sheet_reader: None,
    }
}

/// A customer with every field that S14 demands.
pub fn a_customer(name: &str) -> Value {
    json!({ "name": name, "contact_name": "张伟", "phone": "13800138000", "industry": "制造业", "region": "华东", "source_channels": ["官网注册"] })
}
