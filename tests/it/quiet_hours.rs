use serde_json::{Value, json};

use crate::support::receivers::HttpReceiver;
use crate::support::{Client, TestApp};

async fn night(person: &Client) {
    person.put("/notification-preferences", json!({ "quiet_from": "22:00", "quiet_to": "08:00" })).await.ok();
}

async fn reminders(test: &TestApp) -> Vec<Value> {
    test.ann().await.messages_of("plan_reminder").await
}

// I13, S46: a reminder due at night comes in the morning, once, and is not late.
#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_waits_for_the_morning() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    night(&ann).await;
    let customer = ann.has_customer("甲公司").await;
    ann.plans(customer, "2024-03-20T22:00:00+08:00", json!({})).await;
    drop(ann);
    test.advance("2024-03-20T07:59:59+08:00").await;
    assert!(reminders(&test).await.is_empty());
    let line = test.ann().await.get("/reminders").await.ok()["items"][0].clone();
    assert_eq!((&line["state"], &line["due_at"]), (&json!("planned"), &json!("2024-03-20T00:00:00Z")));
    test.advance("2024-03-20T08:00:00+08:00").await;
    let told = reminders(&test).await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["late"], &told[0]["title"]), (&json!(false), &json!("跟进提醒：甲公司")));
    test.advance("2024-03-20T21:00:00+08:00").await;
    assert_eq!(reminders(&test).await.len(), 1);
}

// Never past the start: a plan at seven is reminded of at seven at the latest.
#[tokio::test(flavor = "multi_thread")]
async fn no_reminder_waits_past_the_start() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    night(&ann).await;
    drop(ann);
    test.advance("2024-03-19T23:00:00+08:00").await;
    let ann = test.ann().await;
    // Less than a day ahead, made in quiet hours: neither at once nor lost.
    ann.plans(customer, "2024-03-20T07:00:00+08:00", json!({ "own_reminders": [30] })).await;
    ann.plans(customer, "2024-03-20T10:00:00+08:00", json!({})).await;
    drop(ann);
    assert!(reminders(&test).await.is_empty());
    test.advance("2024-03-20T06:59:59+08:00").await;
    assert!(reminders(&test).await.is_empty());
    test.advance("2024-03-20T07:00:00+08:00").await;
    assert_eq!(reminders(&test).await.len(), 1);
    assert_eq!(test.ann().await.messages_of("plan_own_reminder").await.len(), 1);
    test.advance("2024-03-20T08:00:00+08:00").await;
    let told = reminders(&test).await;
    assert_eq!(told.len(), 2);
    assert!(told[0]["title"].as_str().unwrap().contains("不足1天"));
}

// What comes at night from others waits outside, not in the message centre.
#[tokio::test(flavor = "multi_thread")]
async fn other_messages_wait_outside_only() {
    let (test, receiver) = (TestApp::start().await, HttpReceiver::start());
    let ann = test.ann().await;
    let own = json!({
        "quiet_from": "22:00", "quiet_to": "08:00", "topics": { "tasks": ["wecom"] },
        "bots": [{ "kind": "wecom", "url": receiver.url("/send?key=k") }],
    });
    ann.put("/notification-preferences", own).await.ok();
    let id = ann.id();
    drop(ann);
    test.advance("2024-03-18T22:30:00+08:00").await;
    let lea = test.lea().await;
    lea.post("/tasks", json!({ "kind": "other", "content": "整理资料", "due_date": "2024-03-20", "assignee_id": id })).await.created();
    assert_eq!(test.ann().await.messages_of("task_assigned").await.len(), 1);
    assert_eq!(test.app.relay.run_due().await.unwrap(), 0);
    test.advance("2024-03-19T07:59:59+08:00").await;
    assert_eq!(test.app.relay.run_due().await.unwrap(), 0);
    test.advance("2024-03-19T08:00:00+08:00").await;
    assert_eq!(test.app.relay.run_due().await.unwrap(), 1);
    assert_eq!(receiver.calls()[0].json()["msgtype"], "markdown");
}

// Both ends or none, and no span of no length.
#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_have_two_ends() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    ann.put("/notification-preferences", json!({ "quiet_from": "22:00" })).await.invalid(&["quiet_to"]);
    ann.put("/notification-preferences", json!({ "quiet_from": "22:00", "quiet_to": "22:00" })).await.invalid(&["quiet_to"]);
    night(&ann).await;
    ann.put("/notification-preferences", json!({ "quiet_to": null })).await.invalid(&["quiet_to"]);
    let none = ann.put("/notification-preferences", json!({ "quiet_from": null, "quiet_to": null })).await.ok();
    assert_eq!((&none["quiet_from"], &none["quiet_to"]), (&Value::Null, &Value::Null));
}
