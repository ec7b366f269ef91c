use serde_json::{Value, json};

use crate::support::{Client, TestApp};

const START: &str = "2024-03-20T14:00:00+08:00";

async fn reminders(person: &Client) -> Vec<Value> {
    person.messages_of("plan_reminder").await
}

/// ann with a customer, an opportunity and a plan on Wednesday at two.
async fn ann_with_plan(test: &TestApp) -> (Client, i64, Value) {
    let ann = test.ann().await;
    let customer = ann.has_customer("华为技术有限公司").await;
    let opportunity = ann.has_opportunity(customer, "ERP采购").await;
    let plan = ann.plans(customer, START, json!({ "opportunity_id": opportunity, "method": "on_site_visit" })).await;
    (ann, customer, plan)
}

fn path(plan: &Value) -> String {
    format!("/follow-up-plans/{}", plan["id"])
}

// S45: one reminder, at the same wall time on the day before, with customer, opportunity, method, content, link.
#[tokio::test(flavor = "multi_thread")]
async fn one_reminder_a_day_ahead() {
    let test = TestApp::start().await;
    let (_, _, plan) = ann_with_plan(&test).await;
    assert_eq!(plan["remind_at"], "2024-03-19T06:00:00Z");
    test.advance("2024-03-19T13:59:59+08:00").await;
    assert!(reminders(&test.ann().await).await.is_empty());
    test.advance("2024-03-19T14:00:00+08:00").await;
    let told = reminders(&test.ann().await).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["title"], "跟进提醒：华为技术有限公司");
    assert_eq!(told[0]["body"], "2024-03-20 14:00 上门拜访（ERP采购）：确认报价");
    assert_eq!(told[0]["link"], format!("/opportunities/{}", plan["opportunity_id"]));
    assert_eq!(told[0]["late"], false);
    assert_eq!(told[0]["created_at"], "2024-03-19T06:00:00Z");
    test.advance("2024-03-21T09:00:00+08:00").await;
    let mut ann = test.ann().await;
    assert_eq!(reminders(&ann).await.len(), 1);
    ann.language = "en";
    assert_eq!(reminders(&ann).await[0]["title"], "Follow-up reminder: 华为技术有限公司");
}

// S46: made less than 24 h ahead → reminded at once, marked; exactly 24 h is a whole day.
#[tokio::test(flavor = "multi_thread")]
async fn short_notice_is_told_at_once() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    ann.plans(customer, "2024-03-19T08:59:59+08:00", json!({})).await;
    let told = reminders(&ann).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["title"], "跟进提醒（不足1天）：甲公司");
    assert_eq!(told[0]["late"], false);
    ann.plans(customer, "2024-03-19T09:00:00+08:00", json!({})).await;
    test.app.runner.run_due().await.unwrap();
    let told = reminders(&ann).await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["title"], "跟进提醒：甲公司");
    test.advance("2024-03-19T12:00:00+08:00").await;
    assert_eq!(reminders(&test.ann().await).await.len(), 2);
}

// S46: a moved plan is reminded of 24 h before its new start, not before its old one.
#[tokio::test(flavor = "multi_thread")]
async fn a_moved_plan_is_reminded_of_at_its_new_time() {
    let test = TestApp::start().await;
    let (ann, _, plan) = ann_with_plan(&test).await;
    let moved = ann
        .patch(&path(&plan), &plan["version"], json!({ "starts_at": "2024-03-22T10:00:00+08:00", "ends_at": "2024-03-22T11:00:00+08:00" }))
        .await
        .ok();
    assert_eq!(moved["remind_at"], "2024-03-21T02:00:00Z");
    test.advance("2024-03-21T09:59:59+08:00").await;
    assert!(reminders(&test.ann().await).await.is_empty());
    test.advance("2024-03-21T10:00:00+08:00").await;
    let told = reminders(&test.ann().await).await;
    assert_eq!(told.len(), 1);
    assert!(told[0]["body"].as_str().unwrap().starts_with("2024-03-22 10:00"));
}

// S46: moved into the next 24 h → told at once; moved there and back → still one message per start.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_moved_near_is_told_at_once_and_once_per_start() {
    let test = TestApp::start().await;
    let (ann, _, plan) = ann_with_plan(&test).await;
    let near = json!({ "starts_at": "2024-03-18T15:00:00+08:00", "ends_at": "2024-03-18T16:00:00+08:00" });
    let far = json!({ "starts_at": START, "ends_at": "2024-03-20T15:00:00+08:00" });
    let plan = ann.patch(&path(&plan), &plan["version"], near.clone()).await.ok();
    let told = reminders(&ann).await;
    assert_eq!(told.len(), 1);
    assert!(told[0]["title"].as_str().unwrap().contains("不足1天"));
    let plan = ann.patch(&path(&plan), &plan["version"], far.clone()).await.ok();
    let plan = ann.patch(&path(&plan), &plan["version"], near).await.ok();
    ann.patch(&path(&plan), &plan["version"], far).await.ok();
    assert_eq!(reminders(&ann).await.len(), 1);
    test.advance("2024-03-20T09:00:00+08:00").await;
    assert_eq!(reminders(&test.ann().await).await.len(), 2);
}

// S46: a cancelled plan and a done one are not reminded of.
#[tokio::test(flavor = "multi_thread")]
async fn no_reminder_of_what_is_over() {
    let test = TestApp::start().await;
    let (ann, customer, plan) = ann_with_plan(&test).await;
    let other = ann.plans(customer, "2024-03-20T16:00:00+08:00", json!({})).await;
    ann.patch(&path(&plan), &plan["version"], json!({ "status": "cancelled" })).await.ok();
    ann.act(&format!("{}/complete", path(&other)), &other["version"], json!({ "result": "谈妥", "next_action": "签合同" })).await.created();
    test.advance("2024-03-21T09:00:00+08:00").await;
    assert!(reminders(&test.ann().await).await.is_empty());
}

// S46: what hangs on a deleted customer is not reminded of.
#[tokio::test(flavor = "multi_thread")]
async fn no_reminder_about_a_deleted_customer() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    ann.plans(customer, START, json!({})).await;
    let version = ann.get(&format!("/customers/{customer}")).await.ok()["version"].clone();
    assert_eq!(ann.delete(&format!("/customers/{customer}?reason=录错"), &version).await.status, 204);
    test.advance("2024-03-21T09:00:00+08:00").await;
    assert!(reminders(&test.ann().await).await.is_empty());
}

// S44, S46: the reminder goes to whoever has the plan; both hear of the change.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_changes_hands_reminds_its_new_owner() {
    let test = TestApp::start().await;
    let (ann, _, plan) = ann_with_plan(&test).await;
    let (bob, lea) = (test.bob().await, test.lea().await);
    let plan = lea.patch(&path(&plan), &plan["version"], json!({ "owner_id": bob.id() })).await.ok();
    assert_eq!(plan["owner_id"], bob.id());
    assert_eq!(bob.messages_of("plan_received").await.len(), 1);
    assert_eq!(ann.messages_of("plan_handed_over").await[0]["title"], "李雅 把您的跟进计划交给 白博：华为技术有限公司");
    assert!(lea.messages().await.is_empty());
    test.advance("2024-03-19T14:00:00+08:00").await;
    assert!(reminders(&test.ann().await).await.is_empty());
    assert_eq!(reminders(&test.bob().await).await.len(), 1);
    // Handed on after the reminder: the next one hears at once, nobody twice.
    let lea = test.lea().await;
    let plan = lea.patch(&path(&plan), &plan["version"], json!({ "owner_id": lea.id() })).await.ok();
    assert_eq!(reminders(&lea).await.len(), 1);
    lea.patch(&path(&plan), &plan["version"], json!({ "owner_id": bob.id() })).await.ok();
    test.advance("2024-03-20T13:00:00+08:00").await;
    assert_eq!(reminders(&test.bob().await).await.len(), 1);
}

// S46: the server was down when the reminder was due → once after the start, marked 补发.
#[tokio::test(flavor = "multi_thread")]
async fn a_missed_reminder_is_sent_once_after_the_start() {
    let test = TestApp::start().await;
    let (ann, _, _) = ann_with_plan(&test).await;
    drop(ann);
    let test = test.restarted("2024-03-20T14:30:00+08:00").await;
    test.app.runner.run_due().await.unwrap();
    let told = reminders(&test.ann().await).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["late"], true);
    assert_eq!(told[0]["title"], "【补发】跟进提醒：华为技术有限公司");
    let test = test.restarted("2024-03-20T14:31:00+08:00").await;
    test.app.runner.run_due().await.unwrap();
    assert_eq!(reminders(&test.ann().await).await.len(), 1);
}

// S46: nothing is made up for a plan that is over.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_is_over_is_not_reminded_of() {
    for (back_at, count) in [("2024-03-20T14:59:59+08:00", 1), ("2024-03-20T15:00:00+08:00", 0)] {
        let test = TestApp::start().await;
        let (ann, _, _) = ann_with_plan(&test).await;
        drop(ann);
        let test = test.restarted(back_at).await;
        test.app.runner.run_due().await.unwrap();
        assert_eq!(reminders(&test.ann().await).await.len(), count, "{back_at}");
    }
}

// S45, S46: within a minute of its time a reminder is punctual; later it is a late one.
#[tokio::test(flavor = "multi_thread")]
async fn a_minute_is_still_punctual() {
    for (run_at, late) in [("2024-03-19T14:01:00+08:00", false), ("2024-03-19T14:01:01+08:00", true)] {
        let test = TestApp::start().await;
        let _ = ann_with_plan(&test).await;
        test.set_now(run_at);
        test.app.runner.run_due().await.unwrap();
        assert_eq!(reminders(&test.ann().await).await[0]["late"], late, "{run_at}");
    }
}

// S46: two workers, started at the same moment, send one message each plan.
#[tokio::test(flavor = "multi_thread")]
async fn two_workers_send_one_message() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    for minute in 0..30 {
        ann.plans(customer, &format!("2024-03-20T14:{minute:02}:00+08:00"), json!({})).await;
    }
    test.set_now("2024-03-19T15:00:00+08:00");
    let (first, second) = (test.app.runner.clone(), test.second_runner());
    let (first, second) =
        tokio::join!(tokio::spawn(async move { first.run_due().await }), tokio::spawn(async move { second.run_due().await }));
    let _ = (first.unwrap().unwrap(), second.unwrap().unwrap());
    test.app.runner.run_due().await.unwrap();
    let told = reminders(&test.ann().await).await;
    assert_eq!(told.len(), 30);
    assert_eq!(test.ann().await.get("/notifications/count").await.ok()["unread"], 30);
}

// S46: the same product started twice after the due time: each plan is told once.
#[tokio::test(flavor = "multi_thread")]
async fn a_restart_between_two_reminders_repeats_none() {
    let test = TestApp::start().await;
    let (ann, customer, _) = ann_with_plan(&test).await;
    ann.plans(customer, "2024-03-20T16:00:00+08:00", json!({})).await;
    drop(ann);
    test.advance("2024-03-19T15:00:00+08:00").await;
    let test = test.restarted("2024-03-19T16:00:30+08:00").await;
    test.app.runner.run_due().await.unwrap();
    let told = reminders(&test.ann().await).await;
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|message| message["late"] == false));
}
