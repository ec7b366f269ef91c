//! The commands, run as a person would run them: by the real binary, beside a running product and without one.

use std::path::Path;
use std::process::{Command, Output};

use chengdan::app::App;
use chengdan::error::Result;
use chengdan::identity::passwords::Passwords;
use chengdan::platform::clock::Clock;
use chengdan::platform::config::Config;
use chengdan::platform::db::sql;
use serde_json::{Value, json};

use crate::support::{Client, PASSWORD, TestApp, a_config};

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
fn done(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// A refusal says why in Chinese and in English.
#[track_caller]
fn refused(output: &Output, zh: &str, en: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(said.contains(zh) && said.contains(en), "{said}");
}

/// Keeps a file as an attachment of a customer; answers its hash.
async fn attach(app: &App, content: &'static [u8]) -> String {
    let mut incoming = app.files.receive(1 << 20).unwrap();
    incoming.write(content).unwrap();
    let kept = incoming.keep().unwrap();
    let sha256 = kept.sha256.clone();
    run(app, "insert into attachments (record_kind, record_id, name, size, content_type, sha256, created_at, created_by) values ('customer', 1, 'a.pdf', $1, 'application/pdf', $2, 0, 1)", vec![
        (kept.size as i64).into(),
        kept.sha256.into(),
    ])
    .await;
    sha256
}

async fn run(app: &App, text: &'static str, binds: Vec<chengdan::platform::db::Value>) {
    app.db.write(move |tx| -> Result<u64> { sql(text).binds(binds.clone()).run(tx) }, |_| ()).await.unwrap();
}

fn elsewhere(folder: &Path) -> Config {
    a_config(&folder.join("restored"))
}

// I60: back up beside a running server, prove, restore elsewhere, let somebody in again, go on working.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_goes_all_the_way_round() {
    let test = TestApp::start().await;
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("backup");
    let folder_text = folder.to_str().unwrap();
    let blob = attach(&test.app, b"%PDF-1.4 an offer").await;
    let hook = json!({ "kind": "webhook", "name": "数据平台", "url": "http://127.0.0.1/hook", "secret": "whsec" });
    test.adm().await.post("/channels", hook).await.created();
    let config = &test.app.config;
    if !test.app.db.is_embedded() {
        refused(&chengdan(config, &["backup", folder_text]), "pg_dump", "attachments were copied");
        assert!(folder.join("files").join(&blob[..2]).join(&blob).is_file());
        done(&chengdan(config, &["verify-backup", folder_text]));
        done(&chengdan(config, &["doctor"]));
        return;
    }
    refused(&chengdan(config, &["user", "reset-password", "ann"]), "服务器正在运行", "the server is running");
    refused(&chengdan(config, &["forget-secrets"]), "服务器正在运行", "the server is running");
    let told = done(&chengdan(config, &["backup", folder_text]));
    assert!(told.contains("已备份") && told.contains("backed up"), "{told}");
    refused(&chengdan(config, &["backup", folder_text]), "不是空文件夹", "is not empty");
    done(&chengdan(config, &["verify-backup", folder_text]));

    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["rows"]["users"], 7);
    assert_eq!(manifest["rows"]["attachments"], 1);
    assert_eq!(manifest["files"].as_array().unwrap().len(), 2);
    assert!(manifest["schema_version"].as_i64().unwrap() >= 10);

    refused(&chengdan(config, &["restore", folder_text]), "不是空文件夹", "is not empty");
    let restored = elsewhere(out.path());
    done(&chengdan(&restored, &["restore", folder_text]));
    refused(&chengdan(&restored, &["restore", folder_text]), "不会覆盖", "overwritten");
    done(&chengdan(&restored, &["doctor"]));
    assert_eq!(std::fs::read(restored.data_dir.join("files").join(&blob[..2]).join(&blob)).unwrap(), b"%PDF-1.4 an offer");

    refused(&chengdan(&restored, &["user", "reset-password", "nobody"]), "没有工号", "nobody has");
    refused(&chengdan(&restored, &["serve", "--listen", "127.0.0.1:0"]), "密钥文件不存在", "the key file is missing");
    // I56: the key stays behind; what was sealed with it is emptied, and the rest goes on.
    assert!(done(&chengdan(&restored, &["forget-secrets"])).contains("1 channels emptied"));
    let one_time = done(&chengdan(&restored, &["user", "reset-password", " ANN "])).trim().to_owned();
    let app = App::open(restored, Clock::running(), Passwords::with(8, 1).unwrap()).await.unwrap();
    let sessions: i64 = app.db.read(chengdan::platform::db::Lane::Lists, |tx| sql("select count(*) from sessions").one(tx)).await.unwrap();
    assert_eq!(sessions, 0);
    let visitor = Client::new(chengdan::router::router(app));
    let team = test.ann().await.me["team"]["id"].clone();
    let log_in = |password: &str| json!({ "employee_number": "ann", "password": password, "team_id": team });
    visitor.post("/session", log_in(PASSWORD)).await.refused(401, "BAD_CREDENTIALS");
    assert_eq!(visitor.post("/session", log_in(&one_time)).await.ok()["must_change_password"], true);
}

// I60: any changed byte, any missing file is found; nothing of a bad backup is restored.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused() {
    let test = TestApp::empty(crate::support::START).await;
    if !test.app.db.is_embedded() {
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("backup");
    let folder_text = folder.to_str().unwrap();
    let blob = attach(&test.app, b"a contract").await;
    done(&chengdan(&test.app.config, &["backup", folder_text]));
    let restored = elsewhere(out.path());
    let places = [folder.join("chengdan.db"), folder.join("files").join(&blob[..2]).join(&blob)];
    for place in &places {
        let good = std::fs::read(place).unwrap();
        for at in [0, good.len() / 3, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            std::fs::write(place, &bad).unwrap();
            refused(&chengdan(&restored, &["verify-backup", folder_text]), "与备份清单不符", "not what the manifest says");
        }
        std::fs::write(place, &good[..good.len() - 1]).unwrap();
        refused(&chengdan(&restored, &["restore", folder_text]), "与备份清单不符", "not what the manifest says");
        std::fs::remove_file(place).unwrap();
        refused(&chengdan(&restored, &["restore", folder_text]), "备份缺少文件", "the backup lacks");
        std::fs::write(place, &good).unwrap();
    }
    assert!(!restored.data_dir.exists());
    std::fs::remove_file(folder.join("manifest.json")).unwrap();
    refused(&chengdan(&restored, &["restore", folder_text]), "不是一个完整的备份", "no complete backup");
}

// A backup that cannot be complete is none: what it had written is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_attachment_fails_the_backup_and_the_doctor_names_it() {
    let test = TestApp::empty(crate::support::START).await;
    let out = tempfile::tempdir().unwrap();
    let blob = attach(&test.app, b"lost soon").await;
    std::fs::remove_file(test.app.files.path_of(&blob)).unwrap();
    let output = chengdan(&test.app.config, &["doctor"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains(&blob));
    refused(&chengdan(&test.app.config, &["backup", out.path().to_str().unwrap()]), "备份未完成", "no backup was made");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
    run(&test.app, "update attachments set deleted_at = 1", vec![]).await;
    done(&chengdan(&test.app.config, &["doctor"]));
}

// What is kept for speed is compared with what it is kept from.
#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_columns_that_have_drifted() {
    let test = TestApp::start().await;
    run(
        &test.app,
        "insert into customers (number, number_key, name, name_fold, name_variant, name_key, contact_name, phone, email, industry_id, primary_source_id, status, last_contact_on, created_at, created_on, updated_at, total_won_amount)
         values ('CUST20240318901', 20240318000901, '漂移公司', '漂移公司', '漂移公司', 'py', '张伟', '13800138000', '', 1, 18, 'potential', '2024-03-18', 0, '2024-03-18', 0, 500)",
        vec![],
    )
    .await;
    run(
        &test.app,
        "insert into opportunities (number, number_key, name, name_fold, name_key, pipeline_id, customer_id, expected_amount, stage, status, entered_stage_at, created_at, updated_at, open_tasks, last_plan_at)
         select 'OPP20240318901', 20240318000901, '漂移', '漂移', 'py', 1, c.id, 100, 'proposal', 'open', 0, 0, 0, 3, 77 from customers c where c.number = 'CUST20240318901'",
        vec![],
    )
    .await;
    let output = chengdan(&test.app.config, &["doctor"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success());
    for line in [
        "opportunities.open_tasks: OPP20240318901 keeps 3, computed 0",
        "opportunities.last_plan_at: OPP20240318901 keeps 77, computed 0",
        "opportunities.stage: OPP20240318901 keeps proposal, computed ",
        "customers.total_won_amount: CUST20240318901 keeps 500, computed 0",
        "customers.contact_name: CUST20240318901 keeps 张伟, computed ",
    ] {
        assert!(said.contains(line), "{line} not in {said}");
    }
}

// A command never makes a database where there was none.
#[test]
fn there_must_be_data() {
    let out = tempfile::tempdir().unwrap();
    let config = elsewhere(out.path());
    for arguments in [vec!["doctor"], vec!["backup", out.path().to_str().unwrap()], vec!["user", "reset-password", "ann"]] {
        refused(&chengdan(&config, &arguments), "没有找到数据库", "there is no database");
    }
    assert!(!config.data_dir.exists());
}

// A server that is set up wrongly says what is wrong and leaves nothing behind.
#[test]
fn a_wrong_setting_leaves_nothing_behind() {
    for (arguments, name) in [
        (["--now", "2024-13-01"], "CHENGDAN_NOW"),
        (["--time-zone", "Mars/Olympus"], "CHENGDAN_TIME_ZONE"),
        (["--metrics-listen", "0.0.0.0:9464"], "CHENGDAN_METRICS_LISTEN"),
        (["--blob-url", "s3://bucket"], "CHENGDAN_BLOB_URL"),
        (["--database-url", "mysql://x"], "CHENGDAN_DATABASE_URL"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { database_url: None, ..a_config(&folder.path().join("data")) };
        let output = chengdan(&config, &[&["serve", "--demo", "--listen", "127.0.0.1:0"], arguments.as_slice()].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(name), "{name}: {said}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{name}");
    }
}
