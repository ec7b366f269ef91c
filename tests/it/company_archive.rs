//! I48: the whole company as one file. Out of one installation, into an empty one, and out again: the same bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chengdan::archive::{self, LEFT_BEHIND, TABLES, Written};
use chengdan::error::Result;
use chengdan::platform::config::Config;
use chengdan::platform::db::{Lane, sql};
use serde_json::{Value, json};

use crate::support::{PASSWORD, START, TestApp, a_customer};

/// When the work of the company described here ends.
const LATER: &str = "2024-03-22T09:00:00+08:00";

/// A company in which everything happened that leaves a trace.
async fn a_company(test: &TestApp) {
    let (ann, bob, lea, adm, dan) = (test.ann().await, test.bob().await, test.lea().await, test.adm().await, test.dan().await);
    let mut draft = a_customer("华为技术有限公司");
    for (field, value) in [
        ("tags", json!(["意向客户", "重点 \"1\""])),
        ("source_channels", json!(["展会推广", "官网注册"])),
        ("source_detail", json!("工业展")),
        ("requirement", json!("第一行\n第二行\t\u{1F600}")),
        ("marketing_consent", json!(true)),
        ("email", json!("zhang@example.com")),
    ] {
        draft[field] = value;
    }
    let huawei = ann.post("/customers", draft).await.created();
    let id = huawei["id"].as_i64().unwrap();
    ann.patch(&format!("/customers/{id}"), &huawei["version"], json!({ "requirement": "要一套系统", "address": "上海" })).await.ok();
    ann.post(&format!("/customers/{id}/contacts"), json!({ "name": "李娜", "phone": "13900139000" })).await.created();
    let share = json!({ "grantee_type": "user", "grantee_id": bob.id(), "access": "edit" });
    ann.post(&format!("/customers/{id}/shares"), share).await.created();
    let twin = ann.has_customer("华为技术公司").await;
    ann.records(twin, "2024-03-16T10:00:00+08:00", "补录一次").await;
    let version = ann.get(&format!("/customers/{twin}")).await.ok()["version"].clone();
    ann.act(&format!("/customers/{twin}/merge"), &version, json!({ "into": id })).await.ok();
    let gone = ann.has_customer("关门公司").await;
    let version = ann.get(&format!("/customers/{gone}")).await.ok()["version"].clone();
    assert_eq!(ann.delete(&format!("/customers/{gone}?reason=closed"), &version).await.status, 204);
    ann.post(&format!("/customers/{id}/comments"), json!({ "text": "请看一下", "mentions": [bob.id()] })).await.created();
    let group = ann.post("/customer-groups", json!({ "name": "战略客户群", "kind": "static" })).await.created();
    ann.post(&format!("/customer-groups/{}/members", group["id"]), json!({ "ids": [id] })).await.ok();

    let deal = ann.has_opportunity(id, "ERP 采购").await;
    ann.has_opportunity(id, "二期").await;
    let plan = ann.plans(id, "2024-03-20T10:00:00+08:00", json!({ "opportunity_id": deal })).await;
    ann.plans(id, "2024-03-29T10:00:00+08:00", json!({})).await;
    let task = json!({ "kind": "customer_follow_up", "content": "联系张伟", "customer_id": id, "assignee_id": bob.id(), "due_date": "2024-03-21" });
    lea.post("/tasks", task).await.created();
    dan.post("/notices", json!({ "title": "公告", "text": "正文", "audience": "all" })).await.created();
    adm.put("/targets", json!({ "period": "2024-03", "owner_type": "user", "owner_id": ann.id(), "amount": "100000.00" })).await.ok();

    test.advance("2024-03-20T11:30:00+08:00").await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let plan = ann.get(&format!("/follow-up-plans/{}", plan["id"])).await.ok();
    let done = json!({ "result": "谈妥了", "next_action": "签合同", "next_action_due": "2024-03-25", "next_action_as": "task" });
    let record = ann.act(&format!("/follow-up-plans/{}/complete", plan["id"]), &plan["version"], done).await.created();
    ann.upload(&format!("/follow-ups/{}/attachments", record["id"]), "报价.pdf", b"%PDF-1.7 a quotation").await.created();
    let version = ann.get(&format!("/opportunities/{deal}")).await.ok()["version"].clone();
    let won = json!({ "stage": "won", "won_amount": "480000.00", "won_date": "2024-03-20" });
    ann.act(&format!("/opportunities/{deal}/stage"), &version, won).await.ok();
    let version = ann.get(&format!("/customers/{id}")).await.ok()["version"].clone();
    lea.patch(&format!("/customers/{id}"), &version, json!({ "owner_id": bob.id() })).await.ok();
    test.set_now(LATER);
}

/// What an archive holds, entry by entry; when it was written is another matter.
fn entries(file: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut all = BTreeMap::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        all.insert(entry.name().unwrap().into_owned(), content);
    }
    let mut about: Value = serde_json::from_slice(&all["archive.json"]).unwrap();
    about["made_at"].take();
    all.insert("archive.json".into(), about.to_string().into_bytes());
    all
}

fn written(test: &TestApp, path: &Path) -> Written {
    let config = &test.app.config;
    let now = test.app.clock.now();
    archive::write(&config.location().unwrap(), &config.files_root().unwrap(), path, now, |_, _| true).unwrap()
}

async fn taken_in(test: &TestApp, path: &Path) -> Result<archive::Contents> {
    let at = (test.app.clock.now(), test.app.zone.clone());
    archive::take_in(&test.app.db, &test.app.files, path, at, |_, _| ()).await
}

/// Passwords do not travel: everybody gets the one of the tests again.
async fn give_passwords(from: &TestApp, to: &TestApp) {
    let read = |tx: &mut chengdan::platform::db::Tx| sql("select id, password_hash from users order by id").all(tx);
    let hashes: Vec<(i64, String)> = from.app.db.read(Lane::Lists, read).await.unwrap();
    let blank: Vec<(i64, String)> = to.app.db.read(Lane::Lists, read).await.unwrap();
    assert!(!blank.is_empty() && blank.iter().all(|(_, hash)| hash.is_empty()));
    for (id, hash) in hashes {
        let give = move |tx: &mut chengdan::platform::db::Tx| -> Result<u64> {
            sql("update users set password_hash = $2 where id = $1").bind(id).bind(hash.as_str()).run(tx)
        };
        to.app.db.write(give, |_| ()).await.unwrap();
    }
}

// I48: export → empty instance → import → export: every number, link, time and log, byte by byte; and people see the same.
#[tokio::test(flavor = "multi_thread")]
async fn out_and_in_and_out_again_is_the_same() {
    let from = TestApp::start().await;
    a_company(&from).await;
    let adm = from.adm().await;
    let asked = adm.post("/exports", json!({ "kind": "company" })).await.created();
    assert_eq!((&asked["format"], &asked["state"]), (&json!("zip"), &json!("waiting")));
    let (export, file) = from.export(&adm, json!({ "kind": "company" })).await;
    assert_eq!(export["file_name"], "完整导出-20240322.zip");
    assert!(export["done_rows"].as_i64().unwrap() > 150, "{export}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("company.zip");
    std::fs::write(&path, &file).unwrap();
    let first = entries(&file);
    for table in [
        "stage_changes",
        "follow_ups",
        "follow_up_plans",
        "tasks",
        "contacts",
        "events",
        "changes",
        "merges",
        "jobs",
        "attachments",
        "shares",
    ] {
        assert!(!first[&format!("tables/{table}.jsonl")].is_empty(), "{table}");
    }
    assert!(!String::from_utf8_lossy(&first["tables/users.jsonl"]).contains("$argon2"));

    let to = TestApp::empty(LATER).await;
    let contents = taken_in(&to, &path).await.unwrap();
    assert_eq!(contents.rows(), export["done_rows"].as_i64().unwrap());
    let again = folder.path().join("again.zip");
    let second = written(&to, &again);
    assert_eq!(second.rows, contents.rows());
    let second = entries(&std::fs::read(&again).unwrap());
    for (name, content) in &first {
        assert!(second.get(name) == Some(content), "{name}");
    }
    assert_eq!(first.len(), second.len());

    // The new installation is set up and in use: people see what they saw.
    let nobody = to.stranger();
    assert_eq!(nobody.get("/setup").await.ok()["open"], false);
    let log_in = json!({ "employee_number": "ann", "password": PASSWORD, "team_id": from.ann().await.me["team"]["id"] });
    nobody.post("/session", log_in).await.refused(401, "BAD_CREDENTIALS");
    give_passwords(&from, &to).await;
    let (here, there) = (from.bob().await, to.bob().await);
    let customer = here.get("/customers/CUST20240318001").await.ok();
    let mut paths =
        vec!["/customers".to_owned(), "/opportunities".into(), "/tasks".into(), "/follow-ups".into(), "/follow-up-plans".into()];
    paths
        .extend(["/customers/CUST20240318002", "/customers?q=hwjs", "/customers?q=9000", "/search?q=%E4%BA%8C%E6%9C%9F"].map(String::from));
    for part in ["", "/timeline", "/changes", "/contacts", "/shares"] {
        paths.push(format!("/customers/{}{part}", customer["id"]));
    }
    let deal = here.get("/opportunities?status=won").await.ok()["items"][0]["id"].clone();
    for part in ["", "/timeline", "/stage-changes", "/changes"] {
        paths.push(format!("/opportunities/{deal}{part}"));
    }
    for path in paths {
        assert_eq!(here.get(&path).await.ok(), there.get(&path).await.ok(), "{path}");
    }
    let record = here.get("/follow-ups").await.ok()["items"].as_array().unwrap().clone();
    let file = record.iter().find_map(|one| one["attachments"][0]["id"].as_i64()).unwrap();
    assert_eq!(there.get(&format!("/attachments/{file}")).await.body, b"%PDF-1.7 a quotation");

    // Ids and numbers go on where they stood, and what was still to be told is told.
    assert_eq!(there.post("/customers", a_customer("新公司")).await.created()["number"], "CUST20240322001");
    to.advance("2024-03-29T09:59:00+08:00").await;
    let told: usize = to.ann().await.messages_of("plan_reminder").await.len();
    from.advance("2024-03-29T09:59:00+08:00").await;
    assert_eq!(from.ann().await.messages_of("plan_reminder").await.len(), told);
    assert!(told >= 2, "{told}");
}

// I48: what is purged while the archive is being written comes in as removed; a file that is merely lost is told of.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_purged_meanwhile_comes_in_as_removed() {
    let from = TestApp::start().await;
    a_company(&from).await;
    let folder = tempfile::tempdir().unwrap();
    let (path, aside, again) = (folder.path().join("company.zip"), folder.path().join("aside"), folder.path().join("again.zip"));
    let (location, root) = (from.app.config.location().unwrap(), from.app.config.files_root().unwrap());
    let hash: String = from.app.db.read(Lane::Lists, |tx| sql("select sha256 from attachments").one(tx)).await.unwrap();
    let content = from.app.files.path_of(&hash);
    std::fs::copy(&content, &aside).unwrap();
    std::fs::remove_file(&content).unwrap();
    let lost = archive::write(&location, &root, &path, from.app.clock.now(), |_, _| true).unwrap_err();
    assert!(format!("{lost:?}").contains(&hash), "{lost:?}");
    assert!(!path.exists());
    std::fs::copy(&aside, &content).unwrap();

    let (db, runtime) = (from.app.db.clone(), tokio::runtime::Handle::current());
    let purge = move |done: i64, total: i64| {
        if done == total && content.exists() {
            std::fs::remove_file(&content).unwrap();
            let (db, runtime) = (db.clone(), runtime.clone());
            let purging = std::thread::spawn(move || runtime.block_on(db.write(|tx| sql("delete from attachments").run(tx), |_| ())));
            purging.join().unwrap().unwrap();
        }
        true
    };
    let first = archive::write(&location, &root, &path, from.app.clock.now(), purge).unwrap();
    assert_eq!(first.contents.gone, [hash]);

    let to = TestApp::empty(LATER).await;
    taken_in(&to, &path).await.unwrap();
    let live = |tx: &mut chengdan::platform::db::Tx| sql("select count(*) from attachments where deleted_at is null").one::<i64>(tx);
    assert_eq!(to.app.db.read(Lane::Lists, live).await.unwrap(), 0);
    let second = written(&to, &again);
    assert_eq!((second.rows, second.contents.gone), (first.rows, Vec::new()));
}

// I45, I48: in the new place, too, the ids of what was deleted for good are not used again.
#[tokio::test(flavor = "multi_thread")]
async fn ids_of_what_is_gone_stay_taken() {
    let from = TestApp::start().await;
    let (ann, adm) = (from.ann().await, from.adm().await);
    let customer = ann.post("/customers", a_customer("华为技术")).await.created();
    let path = format!("/customers/{}", customer["id"]);
    assert_eq!(ann.delete(&format!("{path}?reason=重复录入"), &customer["version"]).await.status, 204);
    assert_eq!(adm.post(&format!("{path}/purge"), json!({ "number": customer["number"] })).await.status, 204);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("company.zip");
    written(&from, &path);
    let to = TestApp::empty(LATER).await;
    taken_in(&to, &path).await.unwrap();
    give_passwords(&from, &to).await;
    assert!(to.ann().await.has_customer("中兴通讯").await > customer["id"].as_i64().unwrap());
}

// The right to take everything out is the administrator's alone; the draft has no filter and no other format.
#[tokio::test(flavor = "multi_thread")]
async fn only_an_administrator_takes_everything_out() {
    let test = TestApp::start().await;
    for person in [test.ann().await, test.lea().await, test.dan().await, test.fin().await] {
        person.post("/exports", json!({ "kind": "company" })).await.refused(403, "FORBIDDEN");
    }
    let adm = test.adm().await;
    adm.post("/exports", json!({ "kind": "company", "format": "csv" })).await.invalid(&["format"]);
    adm.post("/exports", json!({ "kind": "customers", "format": "zip" })).await.invalid(&["format"]);
    adm.post("/exports", json!({ "kind": "company", "filter": { "q": "x" } })).await.invalid(&["filter"]);
    adm.post("/exports", json!({ "kind": "company", "columns": ["name"] })).await.invalid(&["columns"]);
    let (export, file) = test.export(&adm, json!({ "kind": "company" })).await;
    assert_eq!(export["size"].as_u64(), Some(file.len() as u64));
    let log = adm.get("/audit-log").await.ok().to_string();
    assert!(log.contains("完整导出"), "{log}");
    test.stranger().get(&format!("/exports/{}/file", export["id"])).await.refused(401, "UNAUTHENTICATED");
}

// Every table of the product either travels or is named with why it does not.
#[tokio::test(flavor = "multi_thread")]
async fn no_table_is_forgotten() {
    let test = TestApp::empty(START).await;
    let tables: Vec<String> = if test.app.db.is_embedded() {
        let read = |tx: &mut chengdan::platform::db::Tx| sql("select name from sqlite_master where type = 'table' order by name").all(tx);
        test.app.db.read(Lane::Lists, read).await.unwrap()
    } else {
        let read = |tx: &mut chengdan::platform::db::Tx| {
            sql("select cast(table_name as text) from information_schema.tables where table_schema = current_schema()").all(tx)
        };
        test.app.db.read(Lane::Lists, read).await.unwrap()
    };
    let own = |name: &&String| !name.starts_with("sqlite_") && !name.contains("_search_");
    for table in tables.iter().filter(own) {
        let travels = TABLES.iter().filter(|one| one.name == table).count();
        let stays = LEFT_BEHIND.iter().filter(|(name, _)| name == table).count();
        assert_eq!(travels + stays, 1, "{table}: say in src/archive/tables.rs whether it travels");
    }
    for (place, table) in TABLES.iter().enumerate() {
        assert!(tables.iter().any(|name| name == table.name), "{}", table.name);
        assert!(TABLES[..place].iter().all(|other| other.name != table.name), "{}", table.name);
    }
}

/// Runs the binary on a database and its folder.
fn chengdan(config: &Config, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chengdan"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CHENGDAN_")) {
        command.env_remove(name);
    }
    command.arg("--data-dir").arg(&config.data_dir);
    if let Some(url) = &config.database_url {
        command.arg("--database-url").arg(url);
    }
    command.args(arguments).output().unwrap()
}

#[track_caller]
fn refused(output: &Output, zh: &str, en: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(said.contains(zh) && said.contains(en), "{said}");
}

/// The archive with one entry changed.
fn changed(file: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        let name = entry.name().unwrap().into_owned();
        if let Some(content) = change(&name, content) {
            out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            out.write_all(&content).unwrap();
        }
    }
    out.finish().unwrap().into_inner()
}

// The commands: out beside a running server, in where nothing is; a damaged or strange file changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_commands_go_all_the_way_round() {
    let test = TestApp::start().await;
    test.ann().await.has_customer("华为技术").await;
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| -> (PathBuf, String) { (folder.path().join(name), folder.path().join(name).to_string_lossy().into_owned()) };
    let (good, good_text) = place("good.zip");
    let output = chengdan(&test.app.config, &["export-company", &good_text]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("SHA-256"));
    refused(&chengdan(&test.app.config, &["export-company", &good_text]), "已存在", "exists already");
    let file = std::fs::read(&good).unwrap();

    let mut config = Config { data_dir: folder.path().join("new"), blob_url: None, ..test.app.config.clone() };
    config.database_url = None;
    let customers = "tables/customers.jsonl";
    let bad = [
        ("text", b"PK no archive".to_vec(), ("这不是完整导出的文件", "no export of a whole company")),
        ("half", file[..file.len() / 2].to_vec(), ("这不是完整导出的文件", "no export of a whole company")),
        (
            "name",
            changed(&file, |name, content| {
                let text = String::from_utf8(content).unwrap();
                Some(if name == customers { text.replace("华为", "小米") } else { text }.into_bytes())
            }),
            ("customers.jsonl 已损坏", "customers.jsonl is damaged"),
        ),
        (
            "less",
            changed(&file, |name, content| (name != customers).then_some(content)),
            ("这不是完整导出的文件", "no export of a whole company"),
        ),
        (
            "schema",
            changed(&file, |name, content| {
                let text = String::from_utf8(content).unwrap();
                Some(if name == "archive.json" { text.replace("\"schema_version\": ", "\"schema_version\": 9") } else { text }.into_bytes())
            }),
            ("请用同一版本导入", "take it in with the same version"),
        ),
        (
            "path",
            changed(&file, |name, content| {
                let text = String::from_utf8(content).unwrap();
                Some(if name == "archive.json" { text.replace(customers, "../../customers.jsonl") } else { text }.into_bytes())
            }),
            ("已损坏", "is damaged"),
        ),
    ];
    for (name, content, (zh, en)) in bad {
        let (path, text) = place(&format!("{name}.zip"));
        std::fs::write(path, content).unwrap();
        refused(&chengdan(&config, &["import-company", &text]), zh, en);
    }
    assert!(!config.data_dir.exists());

    let output = chengdan(&config, &["import-company", &good_text]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("reset-password"));
    refused(&chengdan(&config, &["import-company", &good_text]), "只能导入到全新的实例", "only a new instance");
    let output = chengdan(&config, &["doctor"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(chengdan(&config, &["user", "reset-password", "adm"]).status.success());
    let (again, again_text) = place("again.zip");
    assert!(chengdan(&config, &["export-company", &again_text]).status.success());
    let (first, second) = (entries(&file), entries(&std::fs::read(again).unwrap()));
    for (name, content) in
        first.iter().filter(|(name, _)| !["archive.json", "tables/users.jsonl", "tables/events.jsonl"].contains(&name.as_str()))
    {
        assert!(second.get(name) == Some(content), "{name}");
    }
}
