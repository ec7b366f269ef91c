use std::time::Duration;

use chengdan::stewardship::sweep_files;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer};

fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{words}\n%%EOF\n").into_bytes()
}

async fn bin(who: &Client, kind: &str) -> Vec<Value> {
    who.get(&format!("/recycle-bin?kind={kind}")).await.ok()["items"].as_array().unwrap().clone()
}

async fn delete(who: &Client, path: &str) {
    let version = who.get(path).await.ok()["version"].clone();
    assert_eq!(who.delete(&format!("{path}?reason=重复录入"), &version).await.status, 204);
}

// I45: deletion asks why; the deleter, whose scope it is, and administrators find it in the bin; it comes back as it was.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_comes_back() {
    let test = TestApp::start().await;
    let (ann, bob, lea, cat, adm, fin) =
        (test.ann().await, test.bob().await, test.lea().await, test.cat().await, test.adm().await, test.fin().await);
    let customer = ann.post("/customers", a_customer("回收有限公司")).await.created();
    let path = format!("/customers/{}", customer["id"]);
    ann.records(customer["id"].as_i64().unwrap(), "2024-03-18T08:00:00+08:00", "已沟通").await;
    let too_long = format!("{path}?reason={}", "x".repeat(201));
    let version = ann.get(&path).await.ok()["version"].clone();
    ann.delete(&too_long, &version).await.invalid(&["reason"]);
    delete(&ann, &path).await;
    ann.get(&path).await.refused(404, "NOT_FOUND");
    assert_eq!(ann.get("/customers").await.ok()["total"], 0);
    for who in [&ann, &lea, &adm] {
        let items = bin(who, "customers").await;
        assert_eq!((items.len(), items[0]["reason"].as_str()), (1, Some("重复录入")));
        assert_eq!((items[0]["deleted_by_name"].as_str(), items[0]["number"].as_str()), (Some("安妮"), customer["number"].as_str()));
        assert_eq!(items[0]["purge_at"], "2024-04-17T01:00:00Z");
    }
    for who in [&bob, &cat] {
        assert!(bin(who, "customers").await.is_empty());
        who.post(&format!("{path}/restore"), json!({})).await.refused(404, "NOT_FOUND");
    }
    fin.get("/recycle-bin").await.refused(403, "FORBIDDEN");
    // Its number finds it, too; its records are there again.
    let restored = lea.post(&format!("/customers/{}/restore", customer["number"].as_str().unwrap()), json!({})).await.ok();
    assert_eq!(restored["number"], customer["number"]);
    assert_eq!(ann.get(&path).await.ok()["name"], "回收有限公司");
    assert_eq!(ann.get(&format!("/follow-ups?customer_id={}", customer["id"])).await.ok()["total"], 1);
    assert_eq!(ann.get("/search?q=hsyxgs").await.ok()["customers"].as_array().unwrap().len(), 1);
    assert!(bin(&ann, "customers").await.is_empty());
    ann.post(&format!("{path}/restore"), json!({})).await.refused(404, "NOT_FOUND");
    let kinds = ann.get(&format!("{path}/timeline")).await.ok();
    assert_eq!(kinds["items"][0]["kind"], "customer_restored");
}

// S15: a name taken meanwhile refuses with the hit.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_taken_meanwhile_refuses() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let id = ann.has_customer("回收（上海）有限公司").await;
    delete(&ann, &format!("/customers/{id}")).await;
    let taken = cat.post("/customers", a_customer("回收(上海)有限公司")).await.created();
    let problem = ann.post(&format!("/customers/{id}/restore"), json!({})).await.refused(409, "DUPLICATE_NAME");
    assert_eq!(problem["hit"], json!({ "number": taken["number"], "owner_name": "陈凯", "team_name": "华南一部" }));
    cat.patch(&format!("/customers/{}", taken["id"]), &taken["version"], json!({ "name": "改名" })).await.ok();
    ann.post(&format!("/customers/{id}/restore"), json!({})).await.ok();
}

// I45: an opportunity comes back to its stage with its next step; not before its customer.
#[tokio::test(flavor = "multi_thread")]
async fn an_opportunity_comes_back_with_its_links() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲").await;
    let id = ann.has_opportunity(customer, "ERP").await;
    let path = format!("/opportunities/{id}");
    ann.plans(customer, "2024-03-20T10:00:00+08:00", json!({ "opportunity_id": id })).await;
    let before = ann.get(&path).await.ok();
    delete(&ann, &path).await;
    delete(&ann, &format!("/customers/{customer}")).await;
    assert_eq!(bin(&ann, "opportunities").await[0]["customer_name"], "甲");
    ann.post(&format!("{path}/restore"), json!({})).await.refused(409, "CUSTOMER_DELETED");
    ann.post(&format!("/customers/{customer}/restore"), json!({})).await.ok();
    ann.post(&format!("/opportunities/{}/restore", before["number"].as_str().unwrap()), json!({})).await.ok();
    let after = ann.get(&path).await.ok();
    for field in ["number", "name", "stage", "next_step", "entered_stage_at", "customer_id"] {
        assert_eq!(after[field], before[field], "{field}");
    }
}

// I45: for good by an administrator who types the number; logged, and the number is never used again.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_deletes_for_good() {
    let test = TestApp::start().await;
    let (ann, lea, adm) = (test.ann().await, test.lea().await, test.adm().await);
    let customer = ann.post("/customers", a_customer("彻底删除有限公司")).await.created();
    let path = format!("/customers/{}", customer["id"]);
    let id = customer["id"].as_i64().unwrap();
    let opportunity = ann.has_opportunity(id, "ERP").await;
    let record = ann.records(id, "2024-03-18T08:00:00+08:00", "已沟通").await;
    let file = ann.upload(&format!("/follow-ups/{}/attachments", record["id"]), "报价.pdf", &pdf("offer")).await.created();
    let task =
        ann.post("/tasks", json!({ "kind": "other", "content": "资料", "customer_id": id, "due_date": "2024-03-20" })).await.created();
    adm.post(&format!("{path}/purge"), json!({ "number": customer["number"] })).await.refused(404, "NOT_FOUND");
    delete(&ann, &format!("/opportunities/{opportunity}")).await;
    delete(&ann, &path).await;
    lea.post(&format!("{path}/purge"), json!({ "number": customer["number"] })).await.refused(403, "FORBIDDEN");
    adm.post(&format!("{path}/purge"), json!({})).await.invalid(&["number"]);
    adm.post(&format!("{path}/purge"), json!({ "number": "CUST20240318999" })).await.invalid(&["number"]);
    assert_eq!(adm.post(&format!("{path}/purge"), json!({ "number": customer["number"] })).await.status, 204);
    assert!(bin(&adm, "customers").await.is_empty() && bin(&adm, "opportunities").await.is_empty());
    adm.post(&format!("{path}/restore"), json!({})).await.refused(404, "NOT_FOUND");
    ann.get(&format!("/attachments/{}", file["id"])).await.refused(404, "NOT_FOUND");
    // Work stays with people, without its link; the log says who, and what number.
    assert_eq!(ann.get(&format!("/tasks/{}", task["id"])).await.ok()["customer_id"], Value::Null);
    let log = adm.get("/audit-log").await.ok();
    let purged = log["items"].as_array().unwrap().iter().find(|entry| entry["kind"] == "customer_purged").unwrap();
    assert_eq!((purged["by_name"].as_str(), purged["detail"]["number"].as_str()), (Some("管理员"), customer["number"].as_str()));
    assert!(!log.to_string().contains("已沟通"));
    assert_eq!(ann.post("/customers", a_customer("彻底删除有限公司")).await.created()["number"], "CUST20240318002");
    // The content goes from the disk, unless it is young or mentioned elsewhere.
    assert_eq!(sweep_files(&test.app, Duration::from_secs(3_600)).await.unwrap(), 0);
    assert_eq!(sweep_files(&test.app, Duration::ZERO).await.unwrap(), 1);
    assert_eq!(sweep_files(&test.app, Duration::ZERO).await.unwrap(), 0);
}

// I45: thirty days after the deletion the night takes it; content that another record has stays.
#[tokio::test(flavor = "multi_thread")]
async fn after_thirty_days_the_night_takes_it() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (gone, kept) = (ann.has_customer("甲").await, ann.has_customer("乙").await);
    for id in [gone, kept] {
        let record = ann.records(id, "2024-03-18T08:00:00+08:00", "已沟通").await;
        ann.upload(&format!("/follow-ups/{}/attachments", record["id"]), "同一份.pdf", &pdf("the same")).await.created();
    }
    for number in 0..25 {
        let id = ann.has_customer(&format!("第{number}家")).await;
        delete(&ann, &format!("/customers/{id}")).await;
    }
    delete(&ann, &format!("/customers/{gone}")).await;
    test.advance("2024-04-17T03:29:00+08:00").await;
    assert_eq!(bin(&test.ann().await, "customers").await.len(), 26);
    test.advance("2024-04-18T03:31:00+08:00").await;
    let ann = test.ann().await;
    assert!(bin(&ann, "customers").await.is_empty());
    assert_eq!(ann.get(&format!("/customers/{kept}")).await.ok()["name"], "乙");
    assert_eq!(sweep_files(&test.app, Duration::ZERO).await.unwrap(), 0);
    let record = ann.get(&format!("/follow-ups?customer_id={kept}")).await.ok()["items"][0].clone();
    let file = ann.get(&format!("/attachments/{}", record["attachments"][0]["id"])).await;
    assert_eq!(file.body, pdf("the same"));
}

// A customer purged with those that were merged into it.
#[tokio::test(flavor = "multi_thread")]
async fn merged_ones_go_with_the_kept_one() {
    let test = TestApp::start().await;
    let (ann, adm) = (test.ann().await, test.adm().await);
    let (loser, winner) = (ann.has_customer("甲").await, ann.post("/customers", a_customer("乙")).await.created());
    let version = ann.get(&format!("/customers/{loser}")).await.ok()["version"].clone();
    ann.act(&format!("/customers/{loser}/merge"), &version, json!({ "into": winner["id"] })).await.ok();
    let path = format!("/customers/{}", winner["id"]);
    delete(&ann, &path).await;
    assert_eq!(bin(&ann, "customers").await.len(), 1, "what was merged away is not in the bin");
    // The old number finds the record in the bin, too.
    assert_eq!(adm.post(&format!("/customers/{loser}/purge"), json!({ "number": winner["number"] })).await.status, 204);
    ann.get(&format!("/customers/{loser}")).await.refused(404, "NOT_FOUND");
}
