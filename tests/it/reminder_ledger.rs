use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const START: &str = "2024-03-20T14:00:00+08:00";

async fn lines(person: &Client, query: &str) -> Vec<Value> {
    person.get(&format!("/reminders?limit=100{query}")).await.ok()["items"].as_array().unwrap().clone()
}

fn states(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["state"].as_str().unwrap()).collect()
}

async fn ann_with_plan(test: &TestApp, more: Value) -> (Client, Value) {
    let ann = test.ann().await;
    let customer = ann.has_customer("华为技术有限公司").await;
    let plan = ann.plans(customer, START, more).await;
    (ann, plan)
}

fn path(plan: &Value) -> String {
    format!("/follow-up-plans/{}", plan["id"])
}

// S45, S46: planned with the plan, sent with the message, seen when it is opened.
#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_is_planned_sent_and_seen() {
    let test = TestApp::start().await;
    let (ann, plan) = ann_with_plan(&test, json!({})).await;
    let line = lines(&ann, "").await;
    assert_eq!(line.len(), 1);
    assert_eq!((&line[0]["state"], &line[0]["due_at"]), (&json!("planned"), &json!("2024-03-19T06:00:00Z")));
    assert_eq!((&line[0]["record_kind"], &line[0]["record_id"]), (&json!("plan"), &plan["id"]));
    assert_eq!((&line[0]["channel"], &line[0]["recipient"]["name"]), (&json!("in_app"), &json!("安妮")));
    drop(ann);
    test.advance("2024-03-19T14:00:00+08:00").await;
    let ann = test.ann().await;
    let line = lines(&ann, "").await;
    assert_eq!((&line[0]["state"], &line[0]["sent_at"]), (&json!("sent"), &json!("2024-03-19T06:00:00Z")));
    let message = ann.messages_of("plan_reminder").await[0].clone();
    ann.post(&format!("/notifications/{}/read", message["id"]), json!({})).await;
    let line = lines(&ann, "").await;
    assert_eq!(states(&line), ["seen"]);
    assert!(line[0]["seen_at"].is_string());
}

// S46: moved, there and back, handed over, called off, done: the ledger tells each.
#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_follows_the_plan() {
    let test = TestApp::start().await;
    let (ann, plan) = ann_with_plan(&test, json!({})).await;
    let far = json!({ "starts_at": "2024-03-22T10:00:00+08:00", "ends_at": "2024-03-22T11:00:00+08:00" });
    let back = json!({ "starts_at": START, "ends_at": "2024-03-20T15:00:00+08:00" });
    let plan = ann.patch(&path(&plan), &plan["version"], far).await.ok();
    assert_eq!(states(&lines(&ann, "").await), ["planned", "cancelled"]);
    let plan = ann.patch(&path(&plan), &plan["version"], back).await.ok();
    assert_eq!(states(&lines(&ann, "").await), ["cancelled", "planned"]);
    let (lea, bob) = (test.lea().await, test.bob().await);
    let plan = lea.patch(&path(&plan), &plan["version"], json!({ "owner_id": bob.id() })).await.ok();
    assert_eq!(states(&lines(&ann, "").await), ["cancelled", "cancelled"]);
    assert_eq!(states(&lines(&bob, "").await), ["planned"]);
    bob.patch(&path(&plan), &plan["version"], json!({ "status": "cancelled" })).await.ok();
    assert_eq!(lines(&bob, "").await[0]["reason"], "cancelled");
    let customer = ann.has_customer("乙公司").await;
    let other = ann.plans(customer, START, json!({})).await;
    ann.act(&format!("{}/complete", path(&other)), &other["version"], json!({ "result": "谈妥", "next_action": "签合同" })).await.created();
    assert_eq!(lines(&ann, "&state=cancelled").await.iter().filter(|line| line["reason"] == "done").count(), 1);
    assert!(lines(&ann, "&state=planned").await.is_empty());
}

// I13: three reminders of one's own besides the one a day ahead, each once; one whose time has passed is skipped.
#[tokio::test(flavor = "multi_thread")]
async fn own_reminders_come_besides_the_fixed_one() {
    let test = TestApp::start().await;
    let (ann, plan) = ann_with_plan(&test, json!({ "own_reminders": [15, 60, 10_080] })).await;
    assert_eq!(plan["own_reminders"], json!([10_080, 60, 15]));
    assert_eq!(states(&lines(&ann, "").await), ["planned", "planned", "planned", "skipped"]);
    drop(ann);
    test.advance("2024-03-20T13:44:59+08:00").await;
    let ann = test.ann().await;
    assert_eq!(ann.messages_of("plan_reminder").await.len(), 1);
    let own = ann.messages_of("plan_own_reminder").await;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["title"], "1小时后跟进：华为技术有限公司");
    assert_eq!(own[0]["created_at"], "2024-03-20T05:00:00Z");
    drop(ann);
    test.advance("2024-03-20T20:00:00+08:00").await;
    assert_eq!(test.ann().await.messages_of("plan_own_reminder").await.len(), 2);
}

// I13: they can be changed later; what was taken away does not come.
#[tokio::test(flavor = "multi_thread")]
async fn own_reminders_can_be_changed() {
    let test = TestApp::start().await;
    let (ann, plan) = ann_with_plan(&test, json!({ "own_reminders": [30] })).await;
    let plan = ann.patch(&path(&plan), &plan["version"], json!({ "own_reminders": [120] })).await.ok();
    assert_eq!(plan["own_reminders"], json!([120]));
    assert_eq!(lines(&ann, "&state=planned").await.len(), 2);
    let plan = ann
        .patch(&path(&plan), &plan["version"], json!({ "starts_at": "2024-03-20T16:00:00+08:00", "ends_at": "2024-03-20T17:00:00+08:00" }))
        .await
        .ok();
    for (bad, _) in
        [(json!([15, 30, 45, 60]), 0), (json!([14]), 0), (json!([10_081]), 0), (json!([1_440]), 0), (json!(["x"]), 0), (json!([30, 30]), 0)]
    {
        ann.patch(&path(&plan), &plan["version"], json!({ "own_reminders": bad })).await.invalid(&["own_reminders"]);
    }
    drop(ann);
    test.advance("2024-03-21T09:00:00+08:00").await;
    let own = test.ann().await.messages_of("plan_own_reminder").await;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["created_at"], "2024-03-20T06:00:00Z");
    assert!(own[0]["title"].as_str().unwrap().starts_with("2小时后跟进"));
}

// One sees one's own lines; the administrator everybody's, by person, state, channel and day.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_his_own_lines_and_the_administrator_all() {
    let test = TestApp::start().await;
    let (ann, _) = ann_with_plan(&test, json!({})).await;
    let bob = test.bob().await;
    let customer = bob.has_customer("乙公司").await;
    bob.plans(customer, "2024-03-21T10:00:00+08:00", json!({})).await;
    assert_eq!(lines(&ann, "").await.len(), 1);
    assert!(lines(&ann, &format!("&recipient_id={}", bob.id())).await.is_empty());
    assert!(lines(&test.lea().await, "").await.is_empty());
    let adm = test.adm().await;
    assert_eq!(lines(&adm, "").await.len(), 2);
    assert!(lines(&adm, "&mine=true").await.is_empty());
    assert_eq!(lines(&adm, &format!("&recipient_id={}", bob.id())).await.len(), 1);
    assert_eq!(lines(&adm, "&from=2024-03-20&to=2024-03-20").await.len(), 1);
    assert_eq!(lines(&adm, "&to=2024-03-19").await.len(), 1);
    assert!(lines(&adm, "&state=sent&state=failed").await.is_empty());
    assert!(lines(&adm, "&channel=email").await.is_empty());
    adm.get("/reminders?state=lost").await.invalid(&["state"]);
    adm.get("/reminders?from=soon").await.invalid(&["from"]);
    let first = adm.get("/reminders?limit=1").await.ok();
    let second = adm.get(&format!("/reminders?limit=1&cursor={}", first["next_cursor"].as_str().unwrap())).await.ok();
    assert_eq!(first["total"], 2);
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    assert_eq!(second["next_cursor"], Value::Null);
}

// S46: nothing is told of a plan that was over when the server came back; the ledger says why.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_skipped() {
    let test = TestApp::start().await;
    let (ann, _) = ann_with_plan(&test, json!({})).await;
    drop(ann);
    let test = test.restarted("2024-03-20T15:00:00+08:00").await;
    test.app.runner.run_due().await.unwrap();
    let line = lines(&test.ann().await, "").await;
    assert_eq!((&line[0]["state"], &line[0]["reason"]), (&json!("skipped"), &json!("over")));
}
