//! I46: imports that meet a fault, and uploads that are sent twice.

use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use chengdan::error::Result;
use chengdan::platform::db::sql;
use serde_json::{Value, json};

use crate::support::sheets::{CUSTOMER, counts, csv, customers};
use crate::support::{Client, Reply, TestApp};

const NEW: [(&str, &str); 2] = [("kind", "customers"), ("mode", "create")];

/// A table goes away under the running product, and comes back.
async fn rename(test: &TestApp, text: &'static str) {
    test.app.db.write(move |tx| -> Result<u64> { sql(text).run(tx) }, |_| ()).await.unwrap();
}

/// The file of 150 customers; the last one alone has a requirement.
fn a_file() -> String {
    let mut header = CUSTOMER.to_vec();
    header.push("客户需求");
    let names: Vec<String> = (0..150).map(|at| format!("公司{at:03}")).collect();
    let rows = names.iter().map(|name| {
        let need = if name == "公司149" { "要一套系统" } else { "" };
        vec![name.as_str(), "张伟", "13800138000", "制造业", "官网注册", need]
    });
    csv(&std::iter::once(header).chain(rows).collect::<Vec<_>>())
}

/// Lets every retry of a day happen.
async fn let_it_fail(test: &TestApp, hours: std::ops::Range<u8>) {
    for hour in hours {
        test.advance(&format!("2024-03-18T{hour:02}:30:00+08:00")).await;
    }
}

// I46: rows that cannot be entered however often it is tried end the import with a reason and what stands; it can be taken back.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_keeps_failing_ends_and_can_be_taken_back() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    rename(&test, "alter table requirement_versions rename to set_aside").await;
    let import = test.import(&ann, &NEW, "客户.csv", a_file().as_bytes()).await;
    assert_eq!((import["state"].as_str(), counts(&import)), (Some("running"), [100, 0, 0, 0]));
    let path = format!("/imports/{}", import["id"]);
    ann.post(&format!("{path}/undo"), json!({})).await.refused(409, "IMPORT_BUSY");

    let_it_fail(&test, 9..21).await;
    let ann = test.ann().await;
    let failed = ann.get(&path).await.ok();
    assert_eq!((failed["state"].as_str(), failed["can_undo"].as_bool(), counts(&failed)), (Some("failed"), Some(true), [100, 0, 0, 0]));
    let told = failed["problem"].as_str().unwrap();
    assert!(told.contains("100/150") && told.contains("可以撤销"), "{told}");
    assert_eq!(ann.get("/customers?limit=1").await.ok()["total"], 100);

    // The fault is gone: what was entered goes back, and the file comes in whole.
    rename(&test, "alter table set_aside rename to requirement_versions").await;
    let undoing = ann.post(&format!("{path}/undo"), json!({})).await.ok();
    let undone = test.settled(&ann, &undoing).await;
    assert_eq!((undone["state"].as_str(), &undone["undone_rows"], &undone["problem"]), (Some("undone"), &json!(100), &Value::Null));
    let again = test.import(&ann, &NEW, "客户.csv", a_file().as_bytes()).await;
    assert_eq!((again["state"].as_str(), counts(&again)), (Some("done"), [150, 0, 0, 0]));
}

// A trial that breaks leaves nothing to take back; an undo that breaks can be gone on with.
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_trial_and_a_broken_undo_say_so() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    rename(&test, "alter table requirement_versions rename to set_aside").await;
    let tried = [("kind", "customers"), ("mode", "create"), ("dry_run", "true")];
    let trial = test.import(&ann, &tried, "客户.csv", a_file().as_bytes()).await;
    let_it_fail(&test, 9..21).await;
    let ann = test.ann().await;
    let trial = ann.get(&format!("/imports/{}", trial["id"])).await.ok();
    assert_eq!((trial["state"].as_str(), trial["can_undo"].as_bool()), (Some("failed"), Some(false)));
    assert!(trial["problem"].as_str().unwrap().contains("没有写入"), "{trial}");
    ann.post(&format!("/imports/{}/undo", trial["id"]), json!({})).await.refused(409, "IMPORT_BUSY");
    rename(&test, "alter table set_aside rename to requirement_versions").await;

    test.set_now("2024-03-19T00:10:00+08:00");
    let ann = test.ann().await;
    let import = test.import(&ann, &NEW, "客户.csv", a_file().as_bytes()).await;
    assert_eq!(counts(&import), [150, 0, 0, 0]);
    let path = format!("/imports/{}", import["id"]);
    rename(&test, "alter table tasks rename to set_aside").await;
    let undoing = ann.post(&format!("{path}/undo"), json!({})).await.ok();
    assert_eq!(test.settled(&ann, &undoing).await["state"], "undoing");
    for hour in 1..13 {
        test.advance(&format!("2024-03-19T{hour:02}:00:00+08:00")).await;
    }
    let ann = test.ann().await;
    let broken = ann.get(&path).await.ok();
    assert_eq!((broken["state"].as_str(), broken["can_undo"].as_bool()), (Some("failed"), Some(true)), "{broken}");
    rename(&test, "alter table set_aside rename to tasks").await;
    let undoing = ann.post(&format!("{path}/undo"), json!({})).await.ok();
    let undone = test.settled(&ann, &undoing).await;
    assert_eq!((undone["state"].as_str(), &undone["undone_rows"]), (Some("undone"), &json!(150)));
    assert_eq!(ann.get("/customers?limit=1").await.ok()["total"], 0);
}

/// Sends a file with a key.
async fn keyed(person: &Client, key: &str, mode: &str, content: &str) -> Reply {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\ncustomers\r\n--b\r\nContent-Disposition: form-data; name=\"mode\"\r\n\r\n{mode}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{content}\r\n--b--\r\n"
    );
    let request = person.request(Method::POST, "/imports").header(CONTENT_TYPE, "multipart/form-data; boundary=b");
    person.send(request.header("idempotency-key", key).body(body.into()).unwrap()).await
}

// A file that is sent twice with the same key is one import; another file with that key is refused, and a refused file frees the key.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_upload_is_one_import() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (one, other) = (csv(&customers(&[("华为技术", "13800138000")])), csv(&customers(&[("小米科技", "13800138000")])));
    let first = keyed(&ann, "k-1", "create", &one).await.created();
    let repeated = keyed(&ann, "k-1", "create", &one).await.created();
    assert_eq!(first["id"], repeated["id"]);
    assert_eq!(counts(&test.settled(&ann, &first).await), [1, 0, 0, 0]);
    // Later the answer tells how it went.
    assert_eq!(keyed(&ann, "k-1", "create", &one).await.created()["state"], "done");
    assert_eq!(ann.get("/imports").await.ok()["total"], 1);
    keyed(&ann, "k-1", "create", &other).await.invalid(&["Idempotency-Key"]);
    keyed(&ann, "k-1", "upsert", &one).await.invalid(&["Idempotency-Key"]);
    keyed(&ann, "a b", "create", &one).await.invalid(&["Idempotency-Key"]);
    assert_ne!(keyed(&test.bob().await, "k-1", "skip", &one).await.created()["id"], first["id"]);

    for _ in 0..2 {
        keyed(&ann, "k-2", "create", "公司,电话\r\nx,y\r\n").await.invalid(&["mapping"]);
    }
    keyed(&ann, "k-2", "create", &other).await.created();
}

// A file whose reading was cut off by a crash is forgotten at the next start, and its key with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_cut_off_while_it_was_read_can_be_sent_again() {
    let test = TestApp::start().await;
    if !test.app.db.is_embedded() {
        return;
    }
    let ann = test.ann().await;
    let file = csv(&customers(&[("华为技术", "13800138000")]));
    let first = keyed(&ann, "k", "create", &file).await.created();
    rename(&test, "update imports set state = 'reading'").await;
    rename(&test, "delete from jobs where kind = 'import_rows'").await;
    drop(ann);
    let test = test.restarted("2024-03-18T09:05:00+08:00").await;
    chengdan::jobs::schedule(&test.app).await.unwrap();
    let ann = test.ann().await;
    let again = keyed(&ann, "k", "create", &file).await.created();
    assert_eq!(counts(&test.settled(&ann, &again).await), [1, 0, 0, 0], "{first}");
    assert_eq!(ann.get("/imports").await.ok()["total"], 1);
}
