//! I47: a list as it is seen, as a file.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::sheets::read;
use crate::support::{TestApp, a_customer};

fn column(table: &[Vec<String>], name: &str) -> Vec<String> {
    let at = table[0].iter().position(|header| header == name).unwrap();
    table[1..].iter().map(|row| row.get(at).cloned().unwrap_or_default()).collect()
}

// I47: exactly the rows and columns of the view, in its order, with its scope; full phones only where the caller may edit.
#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_the_list() {
    let test = TestApp::start().await;
    let (ann, bob, lea, fin) = (test.ann().await, test.bob().await, test.lea().await, test.fin().await);
    for (owner, name) in [(&ann, "甲公司"), (&ann, "乙公司"), (&bob, "丙公司")] {
        owner.has_customer(name).await;
    }
    let draft = json!({ "kind": "customers", "columns": ["number", "name", "phone"], "filter": { "sort": "number" }, "format": "csv" });
    let (export, file) = test.export(&ann, draft.clone()).await;
    assert_eq!((&export["total_rows"], &export["done_rows"], &export["left_out"]), (&json!(2), &json!(2), &json!(0)));
    let text = String::from_utf8(file).unwrap();
    let content = text.strip_prefix('\u{feff}').unwrap();
    assert_eq!(content, "客户编号,客户名称,联系电话\r\nCUST20240318001,甲公司,13800138000\r\nCUST20240318002,乙公司,13800138000\r\n");
    let hash: String = Sha256::digest(content.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(export["content_sha256"], hash);

    let (_, by_lea) = test.export(&lea, json!({ "kind": "customers", "filter": { "q": "丙", "status": ["potential"] } })).await;
    let table = read(&by_lea);
    assert_eq!((column(&table, "客户名称"), column(&table, "联系电话")), (vec!["丙公司".to_owned()], vec!["13800138000".to_owned()]));
    let (_, by_fin) = test.export(&fin, draft).await;
    assert!(String::from_utf8(by_fin).unwrap().contains("丙公司,138****8000"));
    // Every export is logged.
    let log = test.adm().await.get("/audit-log").await.ok();
    assert_eq!(log["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "export_made").count(), 3, "{log}");
    // The second sheet tells what it is; both formats have one content.
    let (xlsx, _) =
        test.export(&ann, json!({ "kind": "customers", "columns": ["number", "name", "phone"], "filter": { "sort": "number" } })).await;
    assert_eq!(xlsx["content_sha256"], hash);
}

// I47: cells that look like formulas are kept from being one, and read back as they were.
#[tokio::test(flavor = "multi_thread")]
async fn formulas_stay_texts() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let mut draft = a_customer("=HYPERLINK(\"http://x\")");
    draft["contact_name"] = json!("@SUM(A1)");
    draft["remark"] = json!("-1+1\n第二行,\"引号\"");
    ann.post("/customers", draft).await.created();
    let wanted = json!({ "kind": "customers", "columns": ["name", "contact_name", "remark"], "format": "csv" });
    let (_, file) = test.export(&ann, wanted.clone()).await;
    let text = String::from_utf8(file).unwrap();
    assert!(text.contains("\"'=HYPERLINK(\"\"http://x\"\")\",'@SUM(A1),\"'-1+1\n第二行,\"\"引号\"\"\""), "{text}");
    let mut wanted = wanted;
    wanted["format"] = json!("xlsx");
    let (_, file) = test.export(&ann, wanted).await;
    assert_eq!(read(&file)[1], ["'=HYPERLINK(\"http://x\")", "'@SUM(A1)", "'-1+1\n第二行,\"引号\""]);
}

// I47: only its maker fetches it, only with the right, only for seven days.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_its_maker_and_for_a_week() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    ann.has_customer("甲公司").await;
    let waiting = ann.post("/exports", json!({ "kind": "customers" })).await.created();
    let path = format!("/exports/{}/file", waiting["id"]);
    ann.get(&path).await.refused(409, "EXPORT_NOT_READY");
    chengdan::exchange::exports::make_waiting(&test.app).await.unwrap();
    assert_eq!(ann.get(&path).await.status, 200);
    bob.get(&path).await.refused(404, "NOT_FOUND");
    test.adm().await.get(&path).await.refused(404, "NOT_FOUND");
    test.set_now("2024-03-25T09:00:01+08:00");
    chengdan::exchange::exports::make_waiting(&test.app).await.unwrap();
    let ann = test.ann().await;
    ann.get(&path).await.refused(409, "EXPORT_NOT_READY");
    assert_eq!(ann.get(&format!("/exports/{}", waiting["id"])).await.ok()["state"], "expired");
}

// What a list would refuse is refused at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_wish_is_refused() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    ann.post("/exports", json!({})).await.invalid(&["kind"]);
    ann.post("/exports", json!({ "kind": "customers", "columns": ["name", "name", "horoscope"] })).await.invalid(&["columns", "columns"]);
    ann.post("/exports", json!({ "kind": "customers", "filter": { "status": "asleep" } })).await.invalid(&["status"]);
    ann.post("/exports", json!({ "kind": "customers", "filter": { "horoscope": "leo" } })).await.refused(400, "UNKNOWN_FIELD");
    ann.post("/exports", json!({ "kind": "tasks", "filter": { "due_from": "yesterday" } })).await.invalid(&["due_from"]);
}

// I47: tasks and records go out, too; a program that was killed makes its exports anew.
#[tokio::test(flavor = "multi_thread")]
async fn other_lists_and_a_restart() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    for at in 0..120 {
        ann.records(customer, "2024-03-18T08:00:00+08:00", &format!("第{at}次")).await;
    }
    ann.post("/tasks", json!({ "kind": "customer_follow_up", "content": "打电话", "customer_id": customer, "due_date": "2024-03-20" }))
        .await
        .created();
    let (export, file) = test.export(&ann, json!({ "kind": "follow_ups" })).await;
    assert_eq!((&export["done_rows"], read(&file).len()), (&json!(120), 121));
    let (_, file) = test.export(&ann, json!({ "kind": "tasks", "filter": { "mine": true } })).await;
    assert_eq!(column(&read(&file), "任务内容"), ["打电话"]);

    let waiting = ann.post("/exports", json!({ "kind": "opportunities" })).await.created();
    drop(ann);
    let test = test.restarted("2024-03-18T10:00:00+08:00").await;
    chengdan::exchange::exports::make_waiting(&test.app).await.unwrap();
    let ann = test.ann().await;
    assert_eq!(ann.get(&format!("/exports/{}", waiting["id"])).await.ok()["state"], "done");
}
