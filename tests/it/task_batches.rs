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
    lea.post("/tasks/batch", json!({ "preview_token": seen["preview_token"] })).await.refused(409, "RECORDS_MOVED");
    assert_eq!(lea.get("/tasks").await.ok()["total"], 0);
    assert!(ann.messages_of("tasks_assigned").await.is_empty());
    assert_eq!(lea.get("/tasks/batch").await.ok(), json!([]));
}

// S60, S65: a record that is elsewhere or another's since the preview would go to the wrong person: all is refused, and it is named.
#[tokio::test(flavor = "multi_thread")]
async fn what_moved_since_the_preview_is_named() {
    let test = TestApp::start().await;
    let (ann, bob, lea, adm) = (test.ann().await, test.bob().await, test.lea().await, test.adm().await);
    task_rule(&adm, "报价组", &[&bob], json!({})).await;
    let first = opportunity(&ann, "甲公司", "proposal").await;
    opportunity(&ann, "乙公司", "proposal").await;
    let deal = format!("/opportunities/{}", first["id"]);
    let customer = format!("/customers/{}", first["customer_id"]);
    let preview = async |assignee: Value| {
        let wanted = json!({ "stage": ["proposal", "negotiation"], "assignee": assignee });
        lea.post("/tasks/batch/preview", draft(wanted)).await.ok()
    };
    let refused = async |seen: &Value| {
        let told = lea.post("/tasks/batch", json!({ "preview_token": seen["preview_token"] })).await.refused(409, "RECORDS_MOVED");
        let detail = told["detail"].as_str().unwrap();
        assert!(detail.contains("甲公司的项目") && !detail.contains("乙公司"), "{detail}");
        assert_eq!(lea.get("/tasks").await.ok()["total"], 0);
    };
    let version = async |path: &str| lea.get(path).await.ok()["version"].clone();
    // Its stage, even where that is among those asked for: the rules ask for it, too.
    let seen = preview(json!("rules")).await;
    lea.act(&format!("{deal}/stage"), &version(&deal).await, json!({ "stage": "negotiation" })).await.ok();
    refused(&seen).await;
    // Its customer's region.
    let seen = preview(json!("rules")).await;
    lea.patch(&customer, &version(&customer).await, json!({ "region": "华南" })).await.ok();
    refused(&seen).await;
    // Its owner, where the owner is to get it; where a person is named, whose it is does not matter.
    let (by_owner, by_name) = (preview(json!("owner")).await, preview(json!(ann.id())).await);
    lea.patch(&deal, &version(&deal).await, json!({ "owner_id": bob.id() })).await.ok();
    refused(&by_owner).await;
    assert_eq!(give(&lea, &by_name).await["total"], 2);
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

async fn task_rule(adm: &Client, name: &str, people: &[&Client], more: Value) -> Value {
    let people: Vec<i64> = people.iter().map(|person| person.id()).collect();
    let mut draft = json!({ "target": "task", "name": name, "method": "round_robin", "people": people });
    for (name, value) in more.as_object().unwrap() {
        draft[name] = value.clone();
    }
    adm.post("/assignment-rules", draft).await.created()
}

// S60, S65: by the rules: the preview says row by row who and by which rule; what no rule covers is shown and holds the batch back, or
// falls to whoever is named for it. Each assignee hears once.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_given_by_the_rules() {
    let test = TestApp::start().await;
    let (ann, bob, lea, cat, adm) = (test.ann().await, test.bob().await, test.lea().await, test.cat().await, test.adm().await);
    for name in ["甲公司", "乙公司", "丙公司"] {
        opportunity(&ann, name, "proposal").await;
    }
    opportunity(&ann, "丁公司", "negotiation").await;
    let made = task_rule(&adm, "报价组", &[&bob, &cat], json!({ "stages": ["proposal"] })).await;
    let wanted = json!({ "stage": ["proposal", "negotiation"], "assignee": "rules" });
    let seen = lea.post("/tasks/batch/preview", draft(wanted.clone())).await.ok();
    assert_eq!((&seen["preview_token"], &seen["count"], &seen["uncovered"]), (&Value::Null, &json!(4), &json!(1)));
    let rows: Vec<(&str, i64, &str)> = seen["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (row["customer_name"].as_str().unwrap(), row["assignee_id"].as_i64().unwrap(), row["rule"]["name"].as_str().unwrap_or(""))
        })
        .collect();
    assert_eq!(rows, [("甲公司", bob.id(), "报价组"), ("乙公司", cat.id(), "报价组"), ("丙公司", bob.id(), "报价组"), ("丁公司", 0, "")]);

    let with_bob = json!({ "stage": ["proposal", "negotiation"], "assignee": "rules", "otherwise": lea.id() });
    let seen = lea.post("/tasks/batch/preview", draft(with_bob)).await.ok();
    assert_eq!(
        (&seen["uncovered"], &seen["rows"][3]["assignee_id"], &seen["rows"][3]["rule"]),
        (&json!(0), &json!(lea.id()), &Value::Null)
    );
    assert_eq!(seen["rows"][0]["assignee_id"], bob.id(), "a preview takes nobody's turn");
    let batch = give(&lea, &seen).await;
    assert_eq!((&batch["total"], &batch["people"]), (&json!(4), &json!(3)));
    let tasks = bob.get("/tasks?mine=true").await.ok();
    assert_eq!(tasks["total"], 2);
    assert_eq!(tasks["items"][0]["assigned_by_rule"], json!({ "id": made["id"], "name": "报价组" }));
    assert_eq!(lea.get("/tasks?mine=true").await.ok()["items"][0]["assigned_by_rule"], Value::Null);
    assert_eq!((bob.messages_of("tasks_assigned").await.len(), cat.messages_of("tasks_assigned").await.len()), (1, 1));
    // The last turn was bob's: cat is next.
    let again = lea.post("/tasks/batch/preview", draft(json!({ "stage": ["proposal"], "assignee": "rules" }))).await.ok();
    assert_eq!(again["rows"][0]["assignee_id"], cat.id());

    lea.post("/tasks/batch/preview", draft(json!({ "stage": ["proposal"], "otherwise": lea.id() }))).await.invalid(&["otherwise"]);
    lea.post("/tasks/batch/preview", draft(json!({ "stage": ["proposal"], "assignee": "rules", "otherwise": 999_999 })))
        .await
        .invalid(&["otherwise"]);
    lea.post("/tasks/batch/preview", draft(json!({ "stage": ["proposal"], "assignee": "rule" }))).await.invalid(&["assignee"]);
}

// S60, S65: all or none: on leave since the preview, out of the rule since, or the rule switched off: nothing is given.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_by_rules_is_given_as_it_was_shown_or_not_at_all() {
    let test = TestApp::start().await;
    let (ann, bob, cat, lea, adm) = (test.ann().await, test.bob().await, test.cat().await, test.lea().await, test.adm().await);
    opportunity(&ann, "甲公司", "proposal").await;
    opportunity(&ann, "乙公司", "proposal").await;
    let made = task_rule(&adm, "报价组", &[&bob, &cat], json!({})).await;
    let path = format!("/assignment-rules/{}", made["id"]);
    let preview = async || lea.post("/tasks/batch/preview", draft(json!({ "stage": ["proposal"], "assignee": "rules" }))).await.ok();
    let refused = async |seen: &Value| {
        lea.post("/tasks/batch", json!({ "preview_token": seen["preview_token"] })).await.refused(409, "COUNT_CHANGED");
    };
    let seen = preview().await;
    cat.put("/session/leave", json!({ "on_leave_until": "2024-03-18" })).await.ok();
    refused(&seen).await;
    let alone = preview().await;
    assert_eq!(alone["assignees"], json!([{ "id": bob.id(), "name": "白博", "count": 2 }]));
    cat.put("/session/leave", json!({ "on_leave_until": null })).await.ok();
    let seen = preview().await;
    let edited = adm.patch(&path, &made["version"], json!({ "people": [bob.id()] })).await.ok();
    refused(&seen).await;
    let seen = preview().await;
    adm.patch(&path, &edited["version"], json!({ "enabled": false })).await.ok();
    refused(&seen).await;
    assert_eq!(lea.get("/tasks").await.ok()["total"], 0);
    assert_eq!(preview().await["uncovered"], 2);
}
