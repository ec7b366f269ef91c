//! What the log of how records stood keeps when values are merged and records are deleted for good.

use chengdan::platform::db::{Lane, sql};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer};

async fn losses(who: &Client, more: &str) -> Vec<(Value, Value)> {
    let path = format!("/reports/losses?group_by=lost_reason&from=2024-03-01&to=2024-03-31{more}");
    let report = who.get(&path).await.ok();
    report["rows"].as_array().unwrap().iter().map(|row| (row["key"].clone(), row["cells"][0]["count"].clone())).collect()
}

async fn reason(adm: &Client, name: &str) -> Value {
    adm.post("/dictionaries/lost_reason", json!({ "name": name })).await.created()
}

async fn merge(adm: &Client, from: &Value, into: &Value) {
    adm.act(&format!("/dictionaries/lost_reason/{}/merge", from["id"]), &from["version"], json!({ "into": into["id"] })).await.ok();
}

// I27, I61: a reason is what it was merged into; one of the same name that came later is another, however often that happens.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reason_is_not_another_of_its_name() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let (first, dear, late) = (reason(&adm, "太贵").await, reason(&adm, "预算不足").await, reason(&adm, "来晚了").await);
    let customer = ann.has_customer("华为技术").await;
    let lose = async |who: &Client, name: &str| {
        let deal = who.has_opportunity(customer, "ERP").await;
        let path = format!("/opportunities/{deal}");
        let version = who.get(&path).await.ok()["version"].clone();
        who.act(&format!("{path}/stage"), &version, json!({ "stage": "lost", "lost_reason": name })).await.ok();
        path
    };
    let deal = lose(&ann, "太贵").await;
    test.set_now("2024-03-19T09:00:00+08:00");
    let (adm, ann, dan) = (test.adm().await, test.ann().await, test.dan().await);
    // It is open again, so that only the log knows it was lost.
    let version = dan.get(&deal).await.ok()["version"].clone();
    dan.act(&format!("{deal}/stage"), &version, json!({ "stage": "proposal" })).await.ok();
    merge(&adm, &first, &dear).await;
    let then = "&as_of=2024-03-18";
    assert_eq!(losses(&ann, then).await, [(json!("预算不足"), json!(1))]);

    // Another one gets the free name.
    let again = reason(&adm, "太贵").await;
    let other = lose(&ann, "太贵").await;
    test.set_now("2024-03-20T09:00:00+08:00");
    let (adm, ann, dan) = (test.adm().await, test.ann().await, test.dan().await);
    let version = dan.get(&other).await.ok()["version"].clone();
    dan.act(&format!("{other}/stage"), &version, json!({ "stage": "proposal" })).await.ok();
    assert_eq!(losses(&ann, "&as_of=2024-03-19").await, [(json!("太贵"), json!(1))]);
    // It is merged, too: of two values of one name the log asks neither.
    merge(&adm, &again, &late).await;
    assert_eq!(losses(&ann, "&as_of=2024-03-19").await, [(json!("来晚了"), json!(1))]);
    assert_eq!(losses(&ann, then).await, [(json!("预算不足"), json!(1))]);
    assert!(losses(&ann, "").await.is_empty());
}

/// Deletes a customer and what it has for good.
async fn purge(test: &TestApp, customer: &Value, deals: &[i64]) {
    let (ann, adm) = (test.ann().await, test.adm().await);
    let own = format!("/customers/{}", customer["id"]);
    for path in deals.iter().map(|id| format!("/opportunities/{id}")).chain([own.clone()]) {
        let version = ann.get(&path).await.ok()["version"].clone();
        assert_eq!(ann.delete(&format!("{path}?reason=重复录入"), &version).await.status, 204);
    }
    assert_eq!(adm.post(&format!("{own}/purge"), json!({ "number": customer["number"] })).await.status, 204);
}

// I45: tasks stay without what they were about; the log knows what that was, and until when.
#[tokio::test(flavor = "multi_thread")]
async fn tasks_are_kept_before_they_lose_their_link() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.post("/customers", a_customer("华为技术")).await.created();
    let id = customer["id"].as_i64().unwrap();
    let deal = ann.has_opportunity(id, "ERP").await;
    let draft = |about: &str, of: i64| json!({ "kind": "other", "content": "资料", "due_date": "2024-03-20", about: of });
    let first = ann.post("/tasks", draft("customer_id", id)).await.created();
    let second = ann.post("/tasks", draft("opportunity_id", deal)).await.created();
    test.set_now("2024-03-19T09:00:00+08:00");
    purge(&test, &customer, &[deal]).await;
    let read = |tx: &mut chengdan::platform::db::Tx| {
        sql("select record_id, customer_id, opportunity_id from past_tasks order by record_id, until").all(tx)
    };
    let kept: Vec<(i64, Option<i64>, Option<i64>)> = test.app.db.read(Lane::Lists, read).await.unwrap();
    let number = |task: &Value| task["id"].as_i64().unwrap();
    assert_eq!(kept, [(number(&first), Some(id), None), (number(&second), Some(id), Some(deal))]);
}

// I45: what is deleted for good keeps its id to itself: a look back would take a new record of that id for the old one.
#[tokio::test(flavor = "multi_thread")]
async fn the_id_of_what_is_gone_is_not_used_again() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.post("/customers", a_customer("华为技术")).await.created();
    let id = customer["id"].as_i64().unwrap();
    let record = ann.records(id, "2024-03-17T10:00:00+08:00", "谈").await;
    let deal = ann.has_opportunity(id, "ERP").await;
    test.set_now("2024-03-19T09:00:00+08:00");
    purge(&test, &customer, &[deal]).await;
    let ann = test.ann().await;
    let new = ann.has_customer("中兴通讯").await;
    assert!(new > id);
    assert!(ann.has_opportunity(new, "ERP").await > deal);
    assert!(ann.records(new, "2024-03-17T10:00:00+08:00", "谈").await["id"].as_i64() > record["id"].as_i64());
    let then = ann.get("/reports/follow-up-workload?from=2024-03-01&to=2024-03-31&as_of=2024-03-18").await.ok();
    assert_eq!(then["total"]["cells"][0]["count"], 1, "{then}");
}
