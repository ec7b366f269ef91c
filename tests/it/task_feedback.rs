//! What becomes of a task once it is done: accepted, sent back, written down as a follow-up (I1, I3, I7), and working days (I8).

use serde_json::{Value, json};

use crate::support::TestApp;

// I3: the giver sends it back with a reason, it is open again and counted; then accepts it.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_sent_back_and_accepted() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let new = json!({ "kind": "material_preparation", "content": "准备投标文件", "due_date": "2024-03-22", "assignee_id": ann.id(), "needs_acceptance": true });
    let task = lea.post("/tasks", new).await.created();
    let path = format!("/tasks/{}", task["id"]);
    lea.act(&format!("{path}/accept"), &task["version"], json!({})).await.refused(409, "TASK_CLOSED");
    let done = ann.act(&format!("{path}/complete"), &task["version"], json!({ "feedback": "已完成" })).await.ok();
    assert_eq!((&done["awaits_acceptance"], &done["can_accept"]), (&json!(true), &json!(false)));
    assert_eq!(ann.act(&format!("{path}/accept"), &done["version"], json!({})).await.status, 403);
    assert_eq!(lea.get(&path).await.ok()["can_accept"], true);
    lea.act(&format!("{path}/return"), &done["version"], json!({})).await.invalid(&["reason"]);
    let back = lea.act(&format!("{path}/return"), &done["version"], json!({ "reason": "缺少报价附件" })).await.ok();
    assert_eq!(
        (&back["status"], &back["returned_count"], &back["returned_reason"]),
        (&json!("in_progress"), &json!(1), &json!("缺少报价附件"))
    );
    assert_eq!(back["completed_at"], Value::Null);
    assert_eq!(ann.messages_of("task_returned").await[0]["body"], "准备投标文件：缺少报价附件");
    let again = ann.act(&format!("{path}/complete"), &back["version"], json!({ "feedback": "已补充" })).await.ok();
    let accepted = lea.act(&format!("{path}/accept"), &again["version"], json!({})).await.ok();
    assert_eq!((&accepted["awaits_acceptance"], &accepted["can_accept"]), (&json!(false), &json!(false)));
    assert!(accepted["accepted_at"].is_string());
    assert_eq!(ann.messages_of("task_accepted").await.len(), 1);
    lea.act(&format!("{path}/return"), &accepted["version"], json!({ "reason": "再来" })).await.refused(409, "TASK_CLOSED");
}

// I7: one save closes the task and writes the record; when the record is wrong, neither happens.
#[tokio::test(flavor = "multi_thread")]
async fn one_save_closes_the_task_and_writes_the_record() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    let task = ann
        .post("/tasks", json!({ "kind": "customer_follow_up", "content": "回访", "customer_id": customer, "due_date": "2024-03-20" }))
        .await
        .created();
    let path = format!("/tasks/{}/complete", task["id"]);
    let wrong = json!({ "follow_up": { "method": "phone_call", "result": "客户满意" } });
    ann.act(&path, &task["version"], wrong).await.invalid(&["follow_up.next_action"]);
    assert_eq!(ann.get(&format!("/tasks/{}", task["id"])).await.ok()["status"], "todo");
    let right = json!({ "follow_up": { "method": "phone_call", "result": "客户满意", "next_action": "寄送合同" } });
    let done = ann.act(&path, &task["version"], right).await.ok();
    assert_eq!((&done["status"], &done["feedback"]), (&json!("done"), &json!("客户满意")));
    let records = ann.get(&format!("/follow-ups?customer_id={customer}")).await.ok();
    assert_eq!((&records["total"], &records["items"][0]["result"]), (&json!(1), &json!("客户满意")));
}

// I8: the official calendar is there and can be edited; days of another year and doubled ones are named.
#[tokio::test(flavor = "multi_thread")]
async fn days_off_are_kept_by_year() {
    let test = TestApp::start().await;
    let (ann, adm) = (test.ann().await, test.adm().await);
    let known = ann.get("/holidays?year=2024").await.ok();
    let kind = |day: &str| known.as_array().unwrap().iter().find(|one| one["day"] == day).map(|one| one["kind"].clone());
    assert_eq!(kind("2024-02-10"), Some(json!("holiday")));
    assert_eq!(kind("2024-02-18"), Some(json!("workday")));
    assert_eq!(kind("2024-03-18"), None);
    adm.put("/holidays?year=2031", json!({})).await.invalid(&["days"]);
    let twice = json!({ "days": [{ "day": "2031-01-01", "kind": "holiday", "name": "元旦" }, { "day": "2031-01-01", "kind": "workday", "name": "元旦" },
        { "day": "2030-12-31", "kind": "holiday", "name": "元旦" }] });
    adm.put("/holidays?year=2031", twice).await.invalid(&["days[1].day", "days[2].day"]);
    let kept = adm.put("/holidays?year=2031", json!({ "days": [{ "day": "2031-01-01", "kind": "holiday", "name": "元旦" }] })).await.ok();
    assert_eq!(kept.as_array().unwrap().len(), 1);
    assert_eq!(ann.get("/holidays?year=2024").await.ok(), known, "other years stay");
    assert_eq!(ann.get("/holidays?year=99999").await.status, 422);
}

// I1: files show what was done; whoever does not see the task sees neither them nor it.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_carries_files() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let task = ann.post("/tasks", json!({ "kind": "other", "content": "整理资料", "due_date": "2024-03-20" })).await.created();
    let path = format!("/tasks/{}", task["id"]);
    let file = ann.upload(&format!("{path}/attachments"), "投标文件.pdf", b"%PDF-1.7\nbid").await.created();
    assert_eq!(ann.get(&path).await.ok()["attachments"][0]["name"], "投标文件.pdf");
    assert_eq!(ann.get("/tasks?mine=true").await.ok()["items"][0]["attachments"][0]["id"], file["id"]);
    assert_eq!(ann.get(&format!("/attachments/{}", file["id"])).await.status, 200);
    assert_eq!(cat.get(&format!("/attachments/{}", file["id"])).await.status, 404);
    assert_eq!(cat.upload(&format!("{path}/attachments"), "a.pdf", b"%PDF-1.7\n").await.status, 404);
    assert_eq!(ann.upload(&format!("{path}/attachments"), "a.pdf", b"no pdf").await.status, 422);
}
