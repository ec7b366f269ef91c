//! Many tasks given at once by region and stage (S60), and taken back.

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

async fn opportunity(person: &Client, company: &str, stage: &str) -> Value {
    let customer = person.has_customer(company).await;
    person
        .post(
            "/opportunities",
            json!({ "name": format!("{company}的项目"), "customer_id": customer, "expected_amount": "1000.00", "stage": stage }),
        )
        .await
        .created()
}

fn draft(more: Value) -> Value {
    let mut draft = json!({ "kind": "customer_follow_up", "content": "发送新版报价", "due_date": "2024-03-22", "assignee": "owner" });
    for (name, value) in more.as_object().unwrap() {
        draft[name] = value.clone();
    }
    draft
}

async fn give(person: &Client, seen: &Value) -> Value {
    person.post("/tasks/batch", json!({ "preview_token": seen["preview_token"] })).await.ok()
}

// S60, S61: exactly what was shown is given, to each owner with one message; the same token again changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_gives_exactly_what_was_shown() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    for name in ["甲公司", "乙公司"] {
        opportunity(&ann, name, "proposal").await;
    }
    opportunity(&bob, "丙公司", "proposal").await;
    opportunity(&bob, "丁公司", "negotiation").await;
    let seen = lea.post("/tasks/batch/preview", draft(json!({ "stage": ["proposal"], "region": ["华东"] }))).await.ok();
    assert_eq!((&seen["count"], &seen["left_out"]), (&json!(3), &json!(0)));
    assert_eq!(seen["rows"].as_array().unwrap().len(), 3);
    assert_eq!((&seen["assignees"][0]["name"], &seen["assignees"][0]["count"]), (&ann.me["user"]["name"], &json!(2)));
    assert_eq!(lea.get("/tasks").await.ok()["total"], 0, "a preview gives nothing");
    let first = give(&lea, &seen).await;
    let second = give(&lea, &seen).await;
    assert_eq!(first, second, "a double submission is harmless");
    assert_eq!((&first["total"], &first["people"], &first["open"]), (&json!(3), &json!(2), &json!(3)));
    assert_eq!(lea.get("/tasks").await.ok()["total"], 3);
    let told = ann.messages_of("tasks_assigned").await;
    assert_eq!((told.len(), told[0]["title"].as_str().unwrap()), (1, "新任务：客户跟进，共 2 项"));
    assert!(ann.messages_of("task_assigned").await.is_empty());
    assert_eq!(bob.messages_of("tasks_assigned").await.len(), 1);
    assert_eq!(lea.get("/tasks/batch").await.ok()[0]["id"], first["id"]);
}

// S60: open tasks are taken back and their people told once; what is done stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_withdrawn() {
    let test = TestApp::start().await;
    let (ann, lea, dan) = (test.ann().await, test.lea().await, test.dan().await);
    for name in ["甲公司", "乙公司", "丙公司"] {
        opportunity(&ann, name, "proposal").await;
    }
    let seen = lea.post("/tasks/batch/preview", draft(json!({ "stage": ["proposal"] }))).await.ok();
    let batch = give(&lea, &seen).await;
    let mine = ann.get("/tasks?mine=true").await.ok();
    let one = &mine["items"][0];
    ann.act(&format!("/tasks/{}/complete", one["id"]), &one["version"], json!({ "feedback": "已发送" })).await.ok();
    let path = format!("/tasks/batch/{}/withdraw", batch["id"]);
    assert_eq!(dan.post(&path, json!({})).await.status, 404, "another's batch");
    let back = lea.post(&path, json!({})).await.ok();
    assert_eq!((&back["state"], &back["open"], &back["done"], &back["cancelled"]), (&json!("withdrawn"), &json!(0), &json!(1), &json!(2)));
    assert_eq!(lea.post(&path, json!({})).await.ok(), back, "twice is harmless");
    let told = ann.messages_of("tasks_withdrawn").await;
    assert_eq!((told.len(), told[0]["title"].as_str().unwrap()), (1, "李雅 撤回了任务：客户跟进，共 2 项"));
    assert!(ann.messages_of("task_cancelled").await.is_empty());
}

// S60: all or none: when one record has left what was shown, nothing is given.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_all_or_none() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let first = opportunity(&ann, "甲公司", "proposal").await;
    opportunity(&ann, "乙公司", "proposal").await;
    let seen = lea.post("/tasks/batch/preview", draft(json!({ "stage": ["proposal"] }))).await.ok();
    let lost = json!({ "stage": "lost", "lost_reason": "价格过高" });
    ann.act(&format!("/opportunities/{}/stage", first["id"]), &first["version"], lost).await.ok();
    lea.post("/tasks/batch", json!({ "preview_token": seen["preview_token"] })).await.refused(409, "COUNT_CHANGED");
    assert_eq!(lea.get("/tasks").await.ok()["total"], 0);
    assert!(ann.messages_of("tasks_assigned").await.is_empty());
    assert_eq!(lea.get("/tasks/batch").await.ok(), json!([]));
}

// S60, S58: the fields at fault are named; regions alone give a task per customer; another team's records are out of reach.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_names_what_is_wrong_and_stays_within_reach() {
    let test = TestApp::start().await;
    let (ann, cat, lea, bob) = (test.ann().await, test.cat().await, test.lea().await, test.bob().await);
    ann.has_customer("甲公司").await;
    opportunity(&cat, "外队公司", "proposal").await;
    lea.post("/tasks/batch/preview", json!({})).await.invalid(&["kind", "content", "due_date", "assignee"]);
    lea.post("/tasks/batch/preview", draft(json!({}))).await.invalid(&["stage"]);
    lea.post("/tasks/batch/preview", draft(json!({ "stage": ["won"], "region": ["火星"], "due_date": "2024-03-18" })))
        .await
        .invalid(&["due_date", "region", "stage"]);
    lea.post("/tasks/batch", json!({ "preview_token": "guessed" })).await.invalid(&["preview_token"]);
    let none = lea.post("/tasks/batch/preview", draft(json!({ "stage": ["proposal"] }))).await.ok();
    assert_eq!(none["count"], 0);
    lea.post("/tasks/batch", json!({ "preview_token": none["preview_token"] })).await.refused(409, "COUNT_CHANGED");
    let seen = lea.post("/tasks/batch/preview", draft(json!({ "region": ["华东"], "assignee": bob.id() }))).await.ok();
    assert_eq!((&seen["count"], &seen["rows"][0]["opportunity_id"]), (&json!(1), &Value::Null));
    assert_eq!(give(&lea, &seen).await["open"], 1);
    let task = bob.get("/tasks?mine=true").await.ok();
    assert_eq!(task["items"][0]["customer_name"], "甲公司");
    test.set_now("2024-03-18T12:00:00+08:00");
}
