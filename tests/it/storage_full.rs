//! The disk fills up in the middle of a save: nobody is told of success who has none, nothing is half saved, and work goes on as
//! soon as there is room. The writer's own limit of pages stands for the disk, so that it can be full after any number of pages.

use std::sync::Mutex;
use std::sync::mpsc::channel;

use chengdan::app::App;
use chengdan::error::{Error, Result};
use chengdan::platform::db::{Lane, sql};
use serde_json::json;

use crate::support::{Client, TestApp};

/// Lets the database grow by so many pages and no more.
async fn leave_room(app: &App, pages: i64) {
    let limit = app
        .db
        .write(
            move |tx| {
                let now: i64 = sql("pragma page_count").one(tx)?;
                sql(format!("pragma max_page_count = {}", now + pages)).one::<i64>(tx)
            },
            |_| (),
        )
        .await;
    limit.unwrap();
}

/// Everything the database holds, as text.
fn content(app: &App) -> String {
    let path = app.config.database_url.as_deref().unwrap().strip_prefix("sqlite:").unwrap();
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut tables =
        connection.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_stat%' order by name").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(std::result::Result::unwrap).collect();
    let mut all = String::new();
    for table in tables {
        let mut rows = connection.prepare(&format!("select * from \"{table}\"")).unwrap();
        let width = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            all.push_str(&table);
            for column in 0..width {
                all.push_str(&format!(" {:?}", row.get_ref(column).unwrap()));
            }
            all.push('\n');
        }
    }
    all
}

fn sound(app: &App) -> bool {
    let path = app.config.database_url.as_deref().unwrap().strip_prefix("sqlite:").unwrap();
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.query_row("pragma integrity_check", [], |row| row.get::<_, String>(0)).unwrap() == "ok"
}

// R4: a create that runs out of room at its first new page, its second, … saves nothing at all, until there is room for all of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_create_saves_all_or_nothing_wherever_the_room_ends() {
    let test = TestApp::on_small_pages().await;
    if !test.app.db.is_embedded() {
        return;
    }
    let ann = test.ann().await;
    let mut places = 0;
    // Which table or index needs the next page differs from one customer to the next, so several are made.
    for number in 0..12 {
        let mut customer = crate::support::a_customer(&format!("空间不足科技有限公司{number}"));
        customer["remark"] = json!("每一页都要写满。".repeat(20));
        customer["tags"] = json!([format!("标签{number}"), "重点"]);
        let before = content(&test.app);
        let mut pages = 0;
        loop {
            leave_room(&test.app, pages).await;
            let reply = ann.post("/customers", customer.clone()).await;
            if reply.status == 201 {
                break;
            }
            reply.refused(507, "STORAGE_FULL");
            assert_eq!(content(&test.app), before, "something was left behind with room for {pages} pages");
            ann.get("/customers").await.ok();
            pages += 1;
        }
        places += pages;
        assert_ne!(content(&test.app), before);
    }
    assert!(places >= 40, "only {places} places");
    assert_eq!(ann.get("/customers").await.ok()["total"], 12);
    assert!(sound(&test.app));
}

/// Holds the writer until all of `requests` wait for it, so that they share one commit; answers their statuses.
async fn together(
    app: &App,
    full: impl Fn(&mut chengdan::platform::db::Tx) -> Result<()> + Send + 'static,
    people: Vec<(Client, &'static str)>,
) -> (Result<()>, Vec<u16>) {
    let (release, held) = channel::<()>();
    let held = Mutex::new(held);
    let holding = tokio::spawn({
        let db = app.db.clone();
        async move { db.write(move |_| held.lock().map(|held| held.recv().is_ok()).map_err(|_| Error::Unavailable), |_| ()).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let mut waiting = Vec::new();
    let half = people.len() / 2;
    let mut outcome = None;
    let mut full = Some(full);
    for (index, (person, name)) in people.into_iter().enumerate() {
        if index == half
            && let Some(full) = full.take()
        {
            let db = app.db.clone();
            outcome = Some(tokio::spawn(async move { db.write(full, |_| ()).await }));
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        waiting.push(tokio::spawn(async move { person.post("/tags", json!({ "name": name })).await.status }));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    release.send(()).unwrap();
    holding.await.unwrap().unwrap();
    let mut statuses = Vec::new();
    for one in waiting {
        statuses.push(one.await.unwrap());
    }
    (outcome.unwrap().await.unwrap(), statuses)
}

/// Far more than there is room for.
fn a_flood(tx: &mut chengdan::platform::db::Tx) -> Result<()> {
    sql("insert into parameters (key, value) values ('flood', $1)").bind("x".repeat(1 << 20)).run(tx).map(|_| ())
}

// R4: the engine throws the shared transaction away; whoever shared it hears of it, and a unit that does not listen changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn neighbours_of_a_full_disk_are_not_told_of_success() {
    let test = TestApp::start().await;
    if !test.app.db.is_embedded() {
        return;
    }
    let adm = test.adm().await;
    let people = |names: [&'static str; 4]| names.map(|name| (adm.clone(), name)).to_vec();
    leave_room(&test.app, 8).await;
    let before = content(&test.app);
    let (outcome, statuses) = together(&test.app, a_flood, people(["甲", "乙", "丙", "丁"])).await;
    assert!(matches!(outcome, Err(Error::StorageFull)), "{outcome:?}");
    assert_eq!(statuses, [507; 4]);
    assert_eq!(content(&test.app), before);

    // Going on after the failure as if nothing had happened would commit by itself.
    let deaf = |tx: &mut chengdan::platform::db::Tx| {
        let _ = a_flood(tx);
        let after = sql("insert into parameters (key, value) values ('stray', '')").run(tx);
        assert!(matches!(after, Err(Error::StorageFull)), "{after:?}");
        Ok(())
    };
    let (outcome, statuses) = together(&test.app, deaf, people(["甲", "乙", "丙", "丁"])).await;
    assert!(matches!(outcome, Err(Error::StorageFull)), "{outcome:?}");
    assert_eq!(statuses, [507; 4]);
    assert_eq!(content(&test.app), before);

    // Room returns: the same requests succeed without a restart.
    leave_room(&test.app, 10_000).await;
    let (outcome, statuses) = together(&test.app, a_flood, people(["甲", "乙", "丙", "丁"])).await;
    outcome.unwrap();
    assert_eq!(statuses, [201; 4]);
    let flood: i64 = test.app.db.read(Lane::Lists, |tx| sql("select count(*) from parameters where key = 'flood'").one(tx)).await.unwrap();
    assert_eq!(flood, 1);
    assert!(sound(&test.app));
}
