use serde_json::{Value, json};

use crate::support::{Client, TestApp, records};

/// A task due on 20 March 2024, two days after every test begins.
fn a_task(content: &str) -> Value {
    json!({ "kind": "customer_follow_up", "content": content, "due_date": "2024-03-20" })
}

fn a_task_for(person: &Client, content: &str) -> Value {
    let mut task = a_task(content);
    task["assignee_id"] = json!(person.id());
    task
}

async fn give(giver: &Client, body: Value) -> Value {
    giver.post("/tasks", body).await.created()
}

async fn contents(reader: &Client, query: &str) -> Vec<String> {
    let page = reader.get(&format!("/tasks{query}")).await.ok();
    let rows: Vec<String> = page["items"].as_array().unwrap().iter().map(|task| task["content"].as_str().unwrap().to_owned()).collect();
    assert_eq!(page["total"], rows.len(), "{page}");
    rows
}

async fn messages(reader: &Client) -> Vec<(String, String)> {
    let page = reader.get("/notifications").await.ok();
    let word = |message: &Value, name: &str| message[name].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(|message| (word(message, "kind"), word(message, "title"))).collect()
}

async fn kinds(reader: &Client) -> Vec<String> {
    messages(reader).await.into_iter().map(|(kind, _)| kind).collect()
}

// S54, S55, S57, S59: type, content and date are needed; the assignee is oneself unless somebody else is named.
#[tokio::test(flavor = "multi_thread")]
async fn give_a_task_to_oneself() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let task = give(&ann, a_task("准备报价单")).await;
    assert_eq!(task["assignee_name"], "安妮");
    assert_eq!(task["assigner_name"], "安妮");
    assert_eq!(task["assigned_at"], "2024-03-18T01:00:00Z");
    assert_eq!(task["status"], "todo");
    assert_eq!((&task["overdue"], &task["link_visible"], &task["customer_id"]), (&json!(false), &json!(true), &json!(null)));
    assert_eq!((&task["can_edit"], &task["can_complete"]), (&json!(true), &json!(true)));
    assert_eq!(ann.get(&format!("/tasks/{}", task["id"])).await.ok(), task);

    ann.post("/tasks", json!({})).await.invalid(&["kind", "content", "due_date"]);
    let bad = json!({ "kind": "golf", "content": "字".repeat(1001), "due_date": "2024-02-30", "assignee_id": 9999, "customer_id": 99, "opportunity_id": "OPP20240318999" });
    ann.post("/tasks", bad).await.invalid(&["kind", "content", "due_date", "assignee_id", "customer_id"]);
    give(&ann, a_task(&"字".repeat(1000))).await;
    test.fin().await.post("/tasks", a_task("看账")).await.refused(403, "FORBIDDEN");
    ann.post("/tasks", json!({ "colour": "red" })).await.refused(400, "UNKNOWN_FIELD");
}

// S54: a type that was put out of use stays on old tasks and cannot be newly chosen.
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_type_is_not_chosen_anew() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let old = give(&ann, a_task("回访")).await;
    let kinds = adm.get("/dictionaries/task_kind").await.ok();
    let entry = kinds.as_array().unwrap().iter().find(|entry| entry["key"] == "customer_follow_up").unwrap().clone();
    assert_eq!(entry["name"], "客户跟进");
    adm.patch(&format!("/dictionaries/task_kind/{}", entry["id"]), &entry["version"], json!({ "disabled": true })).await.ok();
    ann.post("/tasks", a_task("再回访")).await.invalid(&["kind"]);
    let kept = json!({ "kind": "customer_follow_up", "content": "电话回访" });
    ann.patch(&format!("/tasks/{}", old["id"]), &old["version"], kept).await.ok();
}

// S58: today is refused in the words of the guide, tomorrow will do, whatever second of the day it is.
#[tokio::test(flavor = "multi_thread")]
async fn the_due_date_lies_behind_today() {
    let test = TestApp::start_at("2024-03-18T23:59:59+08:00").await;
    let due = |day: &str| json!({ "kind": "other", "content": "签合同", "due_date": day });
    let mut ann = test.ann().await;
    let problem = ann.post("/tasks", due("2024-03-18")).await.invalid(&["due_date"]);
    assert_eq!(problem["fields"][0]["message"], "截止日期需晚于当前日期");
    ann.language = "en";
    let problem = ann.post("/tasks", due("2024-03-17")).await.invalid(&["due_date"]);
    assert_eq!(problem["fields"][0]["message"], "The due date must be later than today");
    ann.post("/tasks", due("2024-03-19")).await.created();

    test.set_now("2024-03-19T00:00:00+08:00");
    ann.post("/tasks", due("2024-03-19")).await.invalid(&["due_date"]);
    ann.post("/tasks", due("2024-03-20")).await.created();
}

// S58: the date is judged again when it changes; everything else of an overdue task can still be edited.
#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_task_can_be_edited() {
    let test = TestApp::start().await;
    let task = give(&test.ann().await, a_task("寄样品")).await;
    let path = format!("/tasks/{}", task["id"]);
    test.set_now("2024-03-25T09:00:00+08:00");
    let ann = test.ann().await;
    ann.patch(&path, &task["version"], json!({ "due_date": "2024-03-25" })).await.invalid(&["due_date"]);
    let edited = ann
        .patch(&path, &task["version"], json!({ "content": "寄三件样品", "due_date": "2024-03-20", "status": "in_progress" }))
        .await
        .ok();
    assert_eq!((&edited["content"], &edited["status"], &edited["overdue_days"]), (&json!("寄三件样品"), &json!("in_progress"), &json!(5)));
    assert_eq!(edited["version"].as_i64(), task["version"].as_i64().map(|version| version + 1));
    let same = ann.patch(&path, &edited["version"], json!({ "content": "寄三件样品" })).await.ok();
    assert_eq!(same["version"], edited["version"]);
    let moved = ann.patch(&path, &edited["version"], json!({ "due_date": "2024-03-26" })).await.ok();
    assert_eq!((&moved["overdue"], &moved["overdue_days"]), (&json!(false), &json!(0)));
    ann.patch(&path, &moved["version"], json!({ "status": "done" })).await.invalid(&["status"]);
    ann.patch(&path, &moved["version"], json!({ "content": " ", "kind": null })).await.invalid(&["content", "kind"]);
    ann.patch(&path, &json!(null), json!({ "content": "x" })).await.refused(428, "VERSION_REQUIRED");
}

// I2, I4, S62: overdue begins at midnight after the due date, in the business zone; due today is not overdue.
#[tokio::test(flavor = "multi_thread")]
async fn overdue_begins_at_midnight() {
    let test = TestApp::start().await;
    let task = give(&test.ann().await, a_task("寄样品")).await;
    let path = format!("/tasks/{}", task["id"]);
    test.set_now("2024-03-20T23:59:59+08:00");
    let ann = test.ann().await;
    assert_eq!(ann.get(&path).await.ok()["overdue"], false);
    assert_eq!(ann.get("/tasks/counts").await.ok(), json!({ "open": 1, "overdue": 0, "due_today": 1, "done": 0 }));
    assert_eq!(contents(&ann, "?overdue=true").await, Vec::<String>::new());
    assert_eq!(contents(&ann, "?overdue=false").await, ["寄样品"]);
    test.set_now("2024-03-21T00:00:00+08:00");
    let overdue = ann.get(&path).await.ok();
    assert_eq!((&overdue["overdue"], &overdue["overdue_days"]), (&json!(true), &json!(1)));
    assert_eq!(ann.get("/tasks/counts").await.ok(), json!({ "open": 1, "overdue": 1, "due_today": 0, "done": 0 }));
    assert_eq!(contents(&ann, "?overdue=true").await, ["寄样品"]);
    ann.act(&format!("{path}/complete"), &task["version"], json!({ "feedback": "已寄出" })).await.ok();
    assert_eq!(ann.get(&path).await.ok()["overdue"], false);
    assert_eq!(contents(&ann, "?overdue=true").await, Vec::<String>::new());
}

// S62: open tasks of one's own, earliest due first; nobody else's ever; the tabs' numbers are the lists' rows.
#[tokio::test(flavor = "multi_thread")]
async fn my_tasks_are_mine_alone() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    for (content, day) in [("丙", "2024-03-22"), ("甲", "2024-03-19"), ("乙", "2024-03-20"), ("丁", "2024-03-22")] {
        give(&ann, json!({ "kind": "other", "content": content, "due_date": day })).await;
    }
    give(&ann, a_task_for(&bob, "给白博")).await;
    give(&lea, a_task_for(&lea, "自己的")).await;
    test.set_now("2024-03-20T09:00:00+08:00");
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    let done = ann.get("/tasks?mine=true&due_from=2024-03-22").await.ok();
    let fourth = &done["items"][1];
    ann.act(&format!("/tasks/{}/complete", fourth["id"]), &fourth["version"], json!({ "feedback": "好了" })).await.ok();

    assert_eq!(contents(&ann, "?mine=true&status=todo&status=in_progress").await, ["甲", "乙", "丙"]);
    assert_eq!(contents(&ann, "?mine=true&overdue=true").await, ["甲"]);
    assert_eq!(contents(&ann, "?mine=true&status=todo&due_from=2024-03-20&due_to=2024-03-20").await, ["乙"]);
    assert_eq!(contents(&ann, "?mine=true&status=done").await, ["丁"]);
    assert_eq!(ann.get("/tasks/counts").await.ok(), json!({ "open": 3, "overdue": 1, "due_today": 1, "done": 1 }));
    assert_eq!(contents(&bob, "").await, ["给白博"]);
    assert_eq!(contents(&bob, "?mine=true").await, ["给白博"]);
    assert_eq!(contents(&lea, "?mine=true").await, ["自己的"]);
    assert_eq!(contents(&lea, "").await.len(), 6);
    assert_eq!(contents(&lea, &format!("?assignee_id={}&sort=-due_date", bob.id())).await, ["给白博"]);
    assert_eq!(contents(&test.cat().await, "").await, Vec::<String>::new());
    assert_eq!(contents(&ann, "?kind=other&sort=created_at").await, ["丙", "甲", "乙", "丁"]);
    ann.get("/tasks?sort=content").await.invalid(&["sort"]);
    ann.get("/tasks?status=late").await.invalid(&["status"]);
}

// I40: a task out of sight is like one that does not exist, for every verb.
#[tokio::test(flavor = "multi_thread")]
async fn out_of_sight_is_absent() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let task = give(&ann, a_task("私事")).await;
    let version = &task["version"];
    let mut answers = Vec::new();
    for id in [task["id"].as_i64().unwrap(), 9999] {
        let path = format!("/tasks/{id}");
        for reply in [
            bob.get(&path).await,
            bob.patch(&path, version, json!({ "content": "x" })).await,
            bob.act(&format!("{path}/complete"), version, json!({ "feedback": "x" })).await,
            bob.act(&format!("{path}/reassign"), version, json!({ "assignee_id": bob.id(), "reason": "x" })).await,
            bob.act(&format!("{path}/postpone"), version, json!({ "due_date": "2024-03-29", "reason": "x" })).await,
        ] {
            let mut problem = reply.refused(404, "NOT_FOUND");
            problem["request_id"].take();
            answers.push(problem);
        }
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]));
}

// S61: the assignee hears at once, with type, content, date and link; whoever gives a task to himself hears nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_assignee_is_told() {
    let test = TestApp::start().await;
    let (lea, ann) = (test.lea().await, test.ann().await);
    give(&ann, a_task("自己的事")).await;
    assert_eq!(messages(&ann).await, []);
    let task = give(&lea, a_task_for(&ann, "拜访华为")).await;
    assert_eq!(ann.get("/notifications/count").await.ok()["unread"], 1);
    let message = ann.get("/notifications").await.ok()["items"][0].clone();
    assert_eq!(message["kind"], "task_assigned");
    let words = format!("{}{}", message["title"].as_str().unwrap(), message["body"].as_str().unwrap());
    for part in ["客户跟进", "拜访华为", "2024-03-20", "李雅"] {
        assert!(words.contains(part), "{words}");
    }
    assert_eq!(message["link"], format!("/tasks?task={}", task["id"]));
    assert_eq!(messages(&lea).await, []);
}

// S56: an opportunity brings its customer, and the task counts as its next step.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_of_an_opportunity() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let huawei = records::customer(&ann, "华为技术").await;
    let other = records::customer(&ann, "中兴通讯").await;
    let erp = records::opportunity(&ann, &huawei, "ERP系统采购").await;
    let mut body = a_task("准备方案");
    body["opportunity_number"] = erp["number"].clone();
    let task = give(&ann, body.clone()).await;
    assert_eq!((&task["opportunity_id"], &task["customer_id"]), (&erp["id"], &huawei["id"]));
    assert_eq!((&task["opportunity_name"], &task["customer_number"]), (&erp["name"], &huawei["number"]));
    assert_eq!(contents(&ann, &format!("?opportunity_id={}", erp["id"])).await, ["准备方案"]);
    assert_eq!(contents(&ann, &format!("?customer_id={}", huawei["id"])).await, ["准备方案"]);
    let opportunity = ann.get(&format!("/opportunities/{}", erp["id"])).await.ok();
    assert_eq!(opportunity["next_step"], json!({ "kind": "task", "id": task["id"], "at": "2024-03-20", "text": "准备方案" }));
    let timeline = ann.get(&format!("/customers/{}/timeline", huawei["id"])).await.ok();
    assert!(timeline["items"].as_array().unwrap().iter().any(|entry| entry["title"] == "新建任务：准备方案"), "{timeline}");

    cat.post("/tasks", body.clone()).await.invalid(&["opportunity_number"]);
    body["customer_id"] = other["id"].clone();
    ann.post("/tasks", body).await.invalid(&["opportunity_number"]);

    let path = format!("/tasks/{}", task["id"]);
    ann.patch(&path, &task["version"], json!({ "customer_id": other["id"] })).await.invalid(&["customer_id"]);
    let freed = ann.patch(&path, &task["version"], json!({ "opportunity_id": null, "customer_id": other["number"] })).await.ok();
    assert_eq!((&freed["opportunity_id"], &freed["customer_name"]), (&json!(null), &json!("中兴通讯")));
    assert_eq!(ann.get(&format!("/opportunities/{}", erp["id"])).await.ok()["next_step"], json!(null));
}

// S63: an opportunity stands without next step as soon as its last task is done or called off.
#[tokio::test(flavor = "multi_thread")]
async fn open_tasks_are_counted() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let huawei = records::customer(&ann, "华为技术").await;
    let erp = records::opportunity(&ann, &huawei, "ERP系统采购").await;
    let without = || async { ann.get("/opportunities?without_next_step=true").await.ok()["total"].as_i64().unwrap() };
    assert_eq!(without().await, 1);
    let mut body = a_task("准备方案");
    body["opportunity_id"] = erp["id"].clone();
    let (first, second) = (give(&ann, body.clone()).await, give(&ann, body).await);
    assert_eq!(without().await, 0);
    ann.act(&format!("/tasks/{}/complete", first["id"]), &first["version"], json!({ "feedback": "好" })).await.ok();
    assert_eq!(without().await, 0);
    ann.patch(&format!("/tasks/{}", second["id"]), &second["version"], json!({ "status": "cancelled" })).await.ok();
    assert_eq!(without().await, 1);
}

// S4: a task can go to another team; its assignee sees number and name of what it is about, and the rest once it is shared.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_for_another_team() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let huawei = records::customer(&ann, "华为技术").await;
    let erp = records::opportunity(&ann, &huawei, "ERP系统采购").await;
    let mut body = a_task_for(&cat, "到深圳现场勘查");
    body["opportunity_id"] = erp["id"].clone();
    let task = give(&ann, body).await;
    assert_eq!(task["link_visible"], true);
    let path = format!("/tasks/{}", task["id"]);
    let seen = cat.get(&path).await.ok();
    assert_eq!(seen["link_visible"], false);
    assert_eq!((&seen["customer_id"], &seen["opportunity_id"]), (&json!(null), &json!(null)));
    assert_eq!((&seen["customer_name"], &seen["customer_number"]), (&json!("华为技术"), &huawei["number"]));
    assert_eq!((&seen["opportunity_name"], &seen["opportunity_number"]), (&json!("ERP系统采购"), &erp["number"]));
    for secret in ["500000", "13800138000", "138****8000"] {
        assert!(!seen.to_string().contains(secret), "{seen}");
    }
    assert_eq!(cat.get("/tasks?mine=true").await.ok()["items"][0], seen);
    cat.get(&format!("/customers/{}", huawei["id"])).await.refused(404, "NOT_FOUND");
    cat.get(&format!("/opportunities/{}", erp["id"])).await.refused(404, "NOT_FOUND");

    let share = json!({ "grantee_type": "user", "grantee_id": cat.id(), "access": "read" });
    ann.post(&format!("/customers/{}/shares", huawei["id"]), share).await.created();
    let seen = cat.get(&path).await.ok();
    assert_eq!((&seen["link_visible"], &seen["customer_id"], &seen["opportunity_id"]), (&json!(true), &huawei["id"], &erp["id"]));
    cat.act(&format!("{path}/complete"), &seen["version"], json!({ "feedback": "已勘查" })).await.ok();
}

// S57: with the company's rule on, a task stays within one's own teams.
#[tokio::test(flavor = "multi_thread")]
async fn tasks_within_teams_only() {
    let test = TestApp::start().await;
    let (adm, ann, bob, lea, cat, dan) =
        (test.adm().await, test.ann().await, test.bob().await, test.lea().await, test.cat().await, test.dan().await);
    let settings = adm.get("/settings").await.ok();
    adm.patch("/settings", &settings["version"], json!({ "assign_tasks_within_teams_only": true })).await.ok();
    for giver in [&ann, &lea] {
        give(giver, a_task_for(&bob, "同团队")).await;
        giver.post("/tasks", a_task_for(&cat, "外团队")).await.invalid(&["assignee_id"]);
    }
    give(&dan, a_task_for(&cat, "总部指派")).await;
    let own = give(&ann, a_task("自己的")).await;
    let wish = json!({ "assignee_id": cat.id(), "reason": "帮忙" });
    ann.act(&format!("/tasks/{}/reassign", own["id"]), &own["version"], wish).await.invalid(&["assignee_id"]);
}

// S57: somebody who has left is not given a task.
#[tokio::test(flavor = "multi_thread")]
async fn only_active_people_are_given_tasks() {
    let test = TestApp::start().await;
    let (adm, ann, bob) = (test.adm().await, test.ann().await, test.bob().await);
    adm.post(&format!("/users/{}/disable", bob.id()), json!({})).await.ok();
    ann.post("/tasks", a_task_for(&bob, "晚了")).await.invalid(&["assignee_id"]);
}

// I1: done needs words; who and when are kept; the giver hears of it.
#[tokio::test(flavor = "multi_thread")]
async fn complete_a_task() {
    let test = TestApp::start().await;
    let (lea, ann) = (test.lea().await, test.ann().await);
    let task = give(&lea, a_task_for(&ann, "拜访华为")).await;
    let path = format!("/tasks/{}/complete", task["id"]);
    ann.act(&path, &task["version"], json!({ "feedback": "  " })).await.invalid(&["feedback"]);
    ann.act(&path, &json!(null), json!({ "feedback": "见" })).await.refused(428, "VERSION_REQUIRED");
    let done = ann.act(&path, &task["version"], json!({ "feedback": "见" })).await.ok();
    assert_eq!((&done["status"], &done["feedback"]), (&json!("done"), &json!("见")));
    assert_eq!((&done["completed_at"], &done["completed_by_name"]), (&json!("2024-03-18T01:00:00Z"), &json!("安妮")));
    assert_eq!((&done["can_edit"], &done["can_complete"]), (&json!(false), &json!(false)));
    assert_eq!(kinds(&lea).await, ["task_completed"]);
    assert_eq!(kinds(&ann).await, ["task_assigned"]);
    let version = &done["version"];
    ann.act(&path, version, json!({ "feedback": "又" })).await.refused(409, "TASK_CLOSED");
    let path = format!("/tasks/{}", task["id"]);
    ann.patch(&path, version, json!({ "content": "x" })).await.refused(409, "TASK_CLOSED");
    ann.act(&format!("{path}/postpone"), version, json!({ "due_date": "2024-03-29", "reason": "x" })).await.refused(409, "TASK_CLOSED");
    ann.act(&format!("{path}/reassign"), version, json!({ "assignee_id": lea.id(), "reason": "x" })).await.refused(409, "TASK_CLOSED");
}

// I1: only the assignee or a manager of the assignee says that it is done; who gave it from another team does not.
#[tokio::test(flavor = "multi_thread")]
async fn only_assignee_or_manager_completes() {
    let test = TestApp::start().await;
    let (ann, bob, lea, cat, dan) = (test.ann().await, test.bob().await, test.lea().await, test.cat().await, test.dan().await);
    let feedback = json!({ "feedback": "办妥" });
    let colleague = give(&ann, a_task_for(&bob, "一")).await;
    assert_eq!((&colleague["can_edit"], &colleague["can_complete"]), (&json!(true), &json!(false)));
    let path = format!("/tasks/{}/complete", colleague["id"]);
    ann.act(&path, &colleague["version"], feedback.clone()).await.refused(403, "FORBIDDEN");
    let done = lea.act(&path, &colleague["version"], feedback.clone()).await.ok();
    assert_eq!(done["completed_by_name"], "李雅");
    assert_eq!(kinds(&ann).await, ["task_completed"]);
    assert_eq!(kinds(&bob).await, ["task_completed", "task_assigned"]);

    let abroad = give(&lea, a_task_for(&cat, "二")).await;
    assert_eq!(abroad["can_complete"], false);
    let path = format!("/tasks/{}/complete", abroad["id"]);
    lea.act(&path, &abroad["version"], feedback.clone()).await.refused(403, "FORBIDDEN");
    dan.act(&path, &abroad["version"], feedback.clone()).await.ok();
    let read_only = give(&ann, a_task("三")).await;
    let fin = test.fin().await;
    let seen = fin.get(&format!("/tasks/{}", read_only["id"])).await.ok();
    assert_eq!((&seen["can_edit"], &seen["can_complete"]), (&json!(false), &json!(false)));
    fin.act(&format!("/tasks/{}/complete", read_only["id"]), &seen["version"], feedback).await.refused(403, "FORBIDDEN");
}

// I58: of two who complete at the same moment one is told that it was done already, with the task as it is now.
#[tokio::test(flavor = "multi_thread")]
async fn parallel_completions() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let task = give(&ann, a_task("寄样品")).await;
    let path = format!("/tasks/{}/complete", task["id"]);
    let (first, second) = tokio::join!(
        ann.act(&path, &task["version"], json!({ "feedback": "安妮" })),
        lea.act(&path, &task["version"], json!({ "feedback": "李雅" }))
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412], "{} {}", first.text(), second.text());
    let stale = if first.status == 412 { first } else { second };
    assert_eq!(stale.refused(412, "VERSION_CHANGED")["current"]["status"], "done");
}

// I6: both hear of a task that is passed on; its history stays; the team goes with the assignee.
#[tokio::test(flavor = "multi_thread")]
async fn pass_a_task_on() {
    let test = TestApp::start().await;
    let (ann, bob, lea, cat) = (test.ann().await, test.bob().await, test.lea().await, test.cat().await);
    let huawei = records::customer(&ann, "华为技术").await;
    let mut body = a_task("寄样品");
    body["customer_id"] = huawei["id"].clone();
    let task = give(&ann, body).await;
    let path = format!("/tasks/{}/reassign", task["id"]);
    lea.act(&path, &task["version"], json!({})).await.invalid(&["assignee_id", "reason"]);
    lea.act(&path, &task["version"], json!({ "assignee_id": ann.id(), "reason": "x" })).await.invalid(&["assignee_id"]);
    test.set_now("2024-03-18T10:00:00+08:00");
    let (ann, bob, lea) = (test.ann().await, test.bob().await, {
        drop((bob, lea));
        test.lea().await
    });
    let passed = lea.act(&path, &task["version"], json!({ "assignee_id": bob.id(), "reason": "安妮出差" })).await.ok();
    assert_eq!((&passed["assignee_name"], &passed["assigner_name"]), (&json!("白博"), &json!("李雅")));
    assert_eq!(passed["assigned_at"], "2024-03-18T02:00:00Z");
    assert_eq!(kinds(&ann).await, ["task_handed_over"]);
    assert_eq!(kinds(&bob).await, ["task_received"]);
    assert_eq!(messages(&lea).await, []);
    // Whoever made a task keeps it in sight.
    ann.get(&format!("/tasks/{}", task["id"])).await.ok();
    assert_eq!(contents(&ann, "").await, ["寄样品"]);
    assert_eq!(contents(&ann, "?mine=true").await, Vec::<String>::new());
    let away = bob.act(&path, &passed["version"], json!({ "assignee_id": cat.id(), "reason": "华南更近" })).await.ok();
    assert_eq!(away["assignee_name"], "陈凯");
    lea.get(&format!("/tasks/{}", task["id"])).await.refused(404, "NOT_FOUND");
    let timeline = ann.get(&format!("/customers/{}/timeline", huawei["id"])).await.ok();
    let titles: Vec<&str> = timeline["items"].as_array().unwrap().iter().map(|entry| entry["title"].as_str().unwrap()).collect();
    assert_eq!(titles[..3], ["任务转派给 陈凯：寄样品", "任务转派给 白博：寄样品", "新建任务：寄样品"]);
    assert_eq!(timeline["items"][1]["detail"]["reason"], "安妮出差");
    assert_eq!(timeline["items"][1]["changes"][0]["old"], "安妮");
}

// I5: a later date needs a reason and is counted; S58 holds here, too.
#[tokio::test(flavor = "multi_thread")]
async fn postpone_a_task() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let task = give(&lea, a_task_for(&ann, "寄样品")).await;
    let path = format!("/tasks/{}/postpone", task["id"]);
    ann.act(&path, &task["version"], json!({})).await.invalid(&["due_date", "reason"]);
    ann.act(&path, &task["version"], json!({ "due_date": "2024-03-18", "reason": "缺货" })).await.invalid(&["due_date"]);
    ann.act(&path, &task["version"], json!({ "due_date": "2024-03-20", "reason": "缺货" })).await.invalid(&["due_date"]);
    let later = ann.act(&path, &task["version"], json!({ "due_date": "2024-03-27", "reason": "缺货" })).await.ok();
    assert_eq!((&later["due_date"], &later["postponed_count"]), (&json!("2024-03-27"), &json!(1)));
    ann.act(&path, &task["version"], json!({ "due_date": "2024-03-28", "reason": "缺货" })).await.refused(412, "VERSION_CHANGED");
    let again = ann.act(&path, &later["version"], json!({ "due_date": "2024-03-28", "reason": "仍缺货" })).await.ok();
    assert_eq!(again["postponed_count"], 2);
    assert_eq!(kinds(&lea).await, ["task_postponed", "task_postponed"]);
}

// I2: started, put back and called off by hand; a task called off is closed, and the assignee hears of it.
#[tokio::test(flavor = "multi_thread")]
async fn start_and_call_off() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let task = give(&lea, a_task_for(&ann, "寄样品")).await;
    let path = format!("/tasks/{}", task["id"]);
    let started = ann.patch(&path, &task["version"], json!({ "status": "in_progress" })).await.ok();
    assert_eq!(started["status"], "in_progress");
    let back = ann.patch(&path, &started["version"], json!({ "status": "todo" })).await.ok();
    let off = lea.patch(&path, &back["version"], json!({ "status": "cancelled" })).await.ok();
    assert_eq!((&off["status"], &off["can_complete"]), (&json!("cancelled"), &json!(false)));
    assert_eq!(kinds(&ann).await, ["task_cancelled", "task_assigned"]);
    ann.patch(&path, &off["version"], json!({ "status": "todo" })).await.refused(409, "TASK_CLOSED");
    assert_eq!(ann.get("/tasks/counts").await.ok(), json!({ "open": 0, "overdue": 0, "due_today": 0, "done": 0 }));
}

// I4: the assignee is reminded at 09:00 on the day after, the manager three days later, each once.
#[tokio::test(flavor = "multi_thread")]
async fn overdue_is_told_once() {
    let test = TestApp::start().await;
    give(&test.ann().await, a_task("寄样品")).await;
    test.advance("2024-03-21T08:59:59+08:00").await;
    assert_eq!(messages(&test.ann().await).await, []);
    test.advance("2024-03-21T09:00:00+08:00").await;
    let ann = test.ann().await;
    assert_eq!(messages(&ann).await, [("task_overdue".to_owned(), "任务逾期1天：客户跟进".to_owned())]);
    assert_eq!(ann.get("/notifications").await.ok()["items"][0]["late"], false);
    test.advance("2024-03-24T08:59:59+08:00").await;
    assert_eq!(messages(&test.lea().await).await, []);
    test.advance("2024-03-24T09:00:00+08:00").await;
    assert_eq!(messages(&test.lea().await).await, [("team_task_overdue".to_owned(), "安妮 的任务逾期4天：客户跟进".to_owned())]);
    test.advance("2024-03-30T12:00:00+08:00").await;
    assert_eq!(kinds(&test.ann().await).await, ["task_overdue"]);
    assert_eq!(kinds(&test.lea().await).await, ["team_task_overdue"]);
    assert_eq!(messages(&test.dan().await).await, []);
}

// I4: when the manager is told is for the company to say; 0 is the same morning.
#[tokio::test(flavor = "multi_thread")]
async fn the_company_says_when_the_manager_is_told() {
    let test = TestApp::start().await;
    let adm = test.adm().await;
    let settings = adm.get("/settings").await.ok();
    assert_eq!(settings["tell_manager_after_days"], 3);
    for wrong in [json!(-1), json!(31), json!(null)] {
        adm.patch("/settings", &settings["version"], json!({ "tell_manager_after_days": wrong }))
            .await
            .invalid(&["tell_manager_after_days"]);
    }
    adm.patch("/settings", &settings["version"], json!({ "tell_manager_after_days": 0 })).await.ok();
    give(&test.ann().await, a_task("寄样品")).await;
    test.advance("2024-03-21T09:00:00+08:00").await;
    assert_eq!(messages(&test.lea().await).await, [("team_task_overdue".to_owned(), "安妮 的任务逾期1天：客户跟进".to_owned())]);
}

// I4: what was done in time, put off or called off is not told; a new date is a new reminder.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_date_is_a_new_reminder() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (done, off, later) = (give(&ann, a_task("一")).await, give(&ann, a_task("二")).await, give(&ann, a_task("三")).await);
    ann.act(&format!("/tasks/{}/complete", done["id"]), &done["version"], json!({ "feedback": "好" })).await.ok();
    ann.patch(&format!("/tasks/{}", off["id"]), &off["version"], json!({ "status": "cancelled" })).await.ok();
    test.advance("2024-03-21T09:00:00+08:00").await;
    let ann = test.ann().await;
    assert_eq!(kinds(&ann).await, ["task_overdue"]);
    let wish = json!({ "due_date": "2024-03-25", "reason": "客户改期" });
    ann.act(&format!("/tasks/{}/postpone", later["id"]), &later["version"], wish).await.ok();
    test.advance("2024-03-26T08:59:00+08:00").await;
    assert_eq!(kinds(&test.ann().await).await.len(), 1);
    test.advance("2024-03-26T09:00:00+08:00").await;
    assert_eq!(kinds(&test.ann().await).await.len(), 2);
    assert_eq!(messages(&test.lea().await).await, []);
}

// I4, S46: a server that stood still makes up for it, once, and says so; the named manager of the team comes before all others.
#[tokio::test(flavor = "multi_thread")]
async fn a_missed_reminder_is_made_up() {
    let test = TestApp::start().await;
    let (adm, ann, bob) = (test.adm().await, test.ann().await, test.bob().await);
    let team = adm.get("/teams").await.ok().as_array().unwrap().iter().find(|team| team["name"] == "华东一部").unwrap().clone();
    adm.patch(&format!("/teams/{}", team["id"]), &team["version"], json!({ "manager_id": bob.id() })).await.ok();
    give(&ann, a_task("寄样品")).await;
    test.set_now("2024-03-26T15:00:00+08:00");
    test.app.runner.run_due().await.unwrap();
    test.app.runner.run_due().await.unwrap();
    let message = test.ann().await.get("/notifications").await.ok();
    assert_eq!((&message["total"], &message["items"][0]["late"]), (&json!(1), &json!(true)));
    assert_eq!(kinds(&test.bob().await).await, ["team_task_overdue"]);
    assert_eq!(messages(&test.lea().await).await, []);
}

// Idempotency: a repeated request with the same key makes one task and one message.
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gives_one_task() {
    let test = TestApp::start().await;
    let (lea, ann) = (test.lea().await, test.ann().await);
    let send = || {
        let body = a_task_for(&ann, "拜访华为");
        lea.send_json(axum::http::Method::POST, "/tasks", None, &[("idempotency-key", "k1")], body)
    };
    let (first, second) = (send().await.created(), send().await.created());
    assert_eq!(first["id"], second["id"]);
    assert_eq!(contents(&ann, "").await, ["拜访华为"]);
    assert_eq!(kinds(&ann).await, ["task_assigned"]);
}

// S48: with one tick the next action of a record is a task, in the same step, for oneself or somebody else; S58 holds there, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_next_action_becomes_a_task() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let huawei = records::customer(&ann, "华为技术").await;
    let erp = records::opportunity(&ann, &huawei, "ERP系统采购").await;
    let record = |due: Value, owner: Value| {
        json!({ "opportunity_id": erp["id"], "method": "phone_call", "result": "谈妥", "next_action": "3月25日前提供报价单",
            "next_action_as": "task", "next_action_due": due, "next_action_owner_id": owner })
    };
    ann.post("/follow-ups", record(json!(null), json!(9999))).await.invalid(&["next_action_due", "next_action_owner_id"]);
    let problem = ann.post("/follow-ups", record(json!("2024-03-18"), json!(null))).await.invalid(&["next_action_due"]);
    assert_eq!(problem["fields"][0]["message"], "截止日期需晚于当前日期");
    ann.post("/follow-ups", record(json!("2024-02-30"), json!(null))).await.invalid(&["next_action_due"]);
    assert_eq!(contents(&ann, "").await, Vec::<String>::new());

    let follow_up = ann.post("/follow-ups", record(json!("2024-03-25"), json!(bob.id()))).await.created();
    let task = bob.get(&format!("/tasks/{}", follow_up["task_id"])).await.ok();
    assert_eq!(
        (&task["content"], &task["due_date"], &task["kind"]),
        (&json!("3月25日前提供报价单"), &json!("2024-03-25"), &json!("customer_follow_up"))
    );
    assert_eq!(
        (&task["assigner_name"], &task["opportunity_name"], &task["customer_name"]),
        (&json!("安妮"), &json!("ERP系统采购"), &json!("华为技术"))
    );
    assert_eq!(kinds(&bob).await, ["task_assigned"]);
    let opportunity = ann.get(&format!("/opportunities/{}", erp["id"])).await.ok();
    assert_eq!(opportunity["next_step"]["id"], follow_up["task_id"]);
    let own = ann.post("/follow-ups", record(json!("2024-03-19"), json!(null))).await.created();
    assert_eq!(ann.get(&format!("/tasks/{}", own["task_id"])).await.ok()["assignee_name"], "安妮");
}
