//! Who may do what: a row for every operation of the product and a column for every kind of person. An operation without a row
//! fails, so nothing can be reached that nobody thought about.
//!
//! Everything asked for is ann's: her customer, its opportunity, and what hangs on them. Edits are sent with a version that is long
//! gone and drafts are sent empty, so that whoever may act gets 412 or 422 and nothing changes on the way along the row.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::{Method, header};
use chengdan::platform::db::{Tx, sql};
use chengdan::router;
use serde_json::{Value, json};
use utoipa::openapi::path::HttpMethod;

use crate::support::{Client, Reply, TestApp, a_customer};

/// In the order of the columns: nobody; cat, of another team; bob, a colleague; ann, the owner; lea, who leads their team; dan, who
/// directs; fin, who reads figures; adm, who administers.
const PEOPLE: [&str; 8] = ["stranger", "cat", "bob", "ann", "lea", "dan", "fin", "adm"];

const TABLE: &str = include_str!("access.txt");

struct Row {
    method: Method,
    pattern: String,
    expected: Vec<u16>,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(words.len(), 2 + PEOPLE.len(), "{line}");
            Row {
                method: words[0].parse().unwrap(),
                pattern: words[1].to_owned(),
                expected: words[2..].iter().map(|word| word.parse().unwrap()).collect(),
            }
        })
        .collect()
}

fn word_of(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Patch => "PATCH",
        _ => "DELETE",
    }
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let mut operations: Vec<String> = router::operations()
        .iter()
        .map(|(method, path)| format!("{} {}", word_of(method), path.strip_prefix("/api/v1").unwrap()))
        .collect();
    let mut rows: Vec<String> = rows().iter().map(|row| format!("{} {}", row.method, row.pattern)).collect();
    operations.sort();
    rows.sort();
    let missing: Vec<&String> = operations.iter().filter(|one| !rows.contains(one)).collect();
    let idle: Vec<&String> = rows.iter().filter(|one| !operations.contains(one)).collect();
    assert!(missing.is_empty() && idle.is_empty(), "without a row: {missing:#?}\nwithout an operation: {idle:#?}");
    assert_eq!(rows.len(), operations.len(), "a row stands twice");
}

/// What is asked for, by the part of the path before the parameter.
struct Records {
    ids: HashMap<&'static str, String>,
    fin: i64,
}

impl Records {
    async fn make(test: &TestApp, ann: &Client, adm: &Client) -> Records {
        let text = |record: &Value| record["id"].to_string();
        let mut ids = HashMap::new();
        let customer = ann.post("/customers", a_customer("权限矩阵有限公司")).await.created();
        let opportunity = ann
            .post("/opportunities", json!({ "name": "权限矩阵项目", "customer_id": customer["id"], "expected_amount": "1000.00" }))
            .await
            .created();
        let contact = ann.post(&format!("/customers/{}/contacts", customer["id"]), json!({ "name": "李娜", "phone": "13900139000" })).await;
        ids.insert("contacts", text(&contact.created()));
        ids.insert("customers", text(&customer));
        ids.insert("opportunities", text(&opportunity));
        ids.insert("teams", ann.me["team"]["id"].to_string());
        let eve = json!({ "employee_number": "eve", "name": "艾薇", "role": "sales", "team_ids": [ann.me["team"]["id"]] });
        ids.insert("users", text(&adm.post("/users", eve).await.created()));
        let industries = adm.get("/dictionaries/industry").await.ok();
        let industry = industries.as_array().unwrap().iter().find(|entry| entry["name"] == "制造业").unwrap().clone();
        ids.insert("dictionaries/industry", text(&industry));
        ids.insert("stages", "proposal".into());
        ids.insert("dictionaries", "industry".into());
        let about = json!({
            "customer_id": customer["id"], "method": "phone_call", "contacted_at": "2024-03-18T00:30:00Z", "result": "已沟通需求", "next_action": "发送报价"
        });
        ids.insert("follow-ups", text(&ann.post("/follow-ups", about).await.created()));
        let plan = json!({
            "opportunity_id": opportunity["id"], "method": "on_site_visit", "content": "拜访", "starts_at": "2024-03-20T02:00:00Z", "ends_at": "2024-03-20T03:00:00Z"
        });
        let task = json!({ "kind": "other", "content": "整理资料", "customer_id": customer["id"], "due_date": "2024-03-20" });
        ids.insert("tasks", text(&ann.post("/tasks", task).await.created()));
        ids.insert("follow-up-plans", text(&ann.post("/follow-up-plans", plan).await.created()));
        let group = json!({ "name": "矩阵分组", "kind": "static", "visibility": "team" });
        ids.insert("customer-groups", text(&ann.post("/customer-groups", group).await.created()));
        let view = json!({ "kind": "customers", "name": "矩阵视图", "visibility": "team" });
        ids.insert("saved-views", text(&ann.post("/saved-views", view).await.created()));
        let board = json!({ "name": "矩阵仪表盘", "visibility": "team" });
        ids.insert("dashboards", text(&ann.post("/dashboards", board).await.created()));
        ann.put("/notification-preferences", json!({ "bots": [{ "kind": "wecom", "url": "http://127.0.0.1:9/" }] })).await.ok();
        let way = ann.get("/subscriptions/channels").await.ok()[0]["id"].clone();
        let wanted = json!({ "question": { "report": "funnel" }, "rhythm": "weekly", "on_day": 1, "at": "08:30", "channel_id": way });
        ids.insert("subscriptions", text(&ann.post("/subscriptions", wanted).await.created()));
        let target = json!({ "period": "2024-03", "owner_type": "user", "owner_id": ann.id(), "amount": "1.00" });
        ids.insert("targets", text(&adm.put("/targets", target).await.ok()));
        let hook = json!({ "kind": "webhook", "name": "矩阵", "url": "http://127.0.0.1:9/", "secret": "s" });
        ids.insert("channels", text(&adm.post("/channels", hook).await.created()));
        let said = json!({ "text": "矩阵评论" });
        ids.insert("comments", text(&ann.post(&format!("/customers/{}/comments", customer["id"]), said).await.created()));
        let report = json!({ "kind": "daily", "on": "2024-03-18", "done": "拜访客户" });
        ids.insert("work-reports", text(&ann.post("/work-reports", report).await.created()));
        let sop = json!({ "stage": "won", "name": "矩阵", "kind": "other", "content": "交付", "due_workdays": 1 });
        ids.insert("sop-templates", text(&adm.post("/sop-templates", sop).await.created()));
        let rule = json!({ "target": "task", "name": "矩阵", "method": "person", "people": [ann.id()] });
        ids.insert("assignment-rules", text(&adm.post("/assignment-rules", rule).await.created()));
        let notice = json!({ "title": "矩阵公告", "text": "全公司", "audience": "all" });
        ids.insert("notices", text(&adm.post("/notices", notice).await.created()));
        let mut records = Records { ids, fin: test.fin().await.id() };
        records.renew(test, adm).await;
        records
    }

    /// Makes anew what a successful request takes away.
    async fn renew(&mut self, test: &TestApp, adm: &Client) {
        let customer: i64 = self.ids["customers"].parse().unwrap();
        let shares = adm.get(&format!("/customers/{customer}/shares")).await.ok();
        let shares = shares.as_array().or_else(|| shares["items"].as_array()).unwrap().clone();
        let share = match shares.first() {
            Some(share) => share.clone(),
            None => {
                let to_fin = json!({ "grantee_type": "user", "grantee_id": self.fin, "access": "read" });
                adm.post(&format!("/customers/{customer}/shares"), to_fin).await.created()
            }
        };
        self.ids.insert("shares", share["id"].to_string());
        let tags = adm.get("/tags").await.ok();
        let tag = match tags.as_array().unwrap().first() {
            Some(tag) => tag.clone(),
            None => adm.post("/tags", json!({ "name": "矩阵" })).await.created(),
        };
        self.ids.insert("tags", tag["id"].to_string());
        let follow_up: i64 = self.ids["follow-ups"].parse().unwrap();
        self.ids.insert("attachments", attach(test, follow_up).await.to_string());
    }

    /// The path of a pattern; `absent` puts a number nobody has in the place of every id.
    fn path(&self, pattern: &str, absent: bool) -> String {
        let mut path = String::new();
        let mut above = Vec::new();
        for part in pattern.split('/').skip(1) {
            path.push('/');
            if !part.starts_with('{') {
                above.push(part);
                path.push_str(part);
                continue;
            }
            let known = if part == "{share_id}" {
                self.ids.get("shares")
            } else if pattern.starts_with("/dictionaries/") && part == "{id}" {
                self.ids.get("dictionaries/industry")
            } else {
                above.last().and_then(|kind| self.ids.get(kind))
            };
            match known {
                Some(id) if !absent || id.parse::<i64>().is_err() => path.push_str(id),
                _ => path.push_str("999999999"),
            }
        }
        path
    }
}

/// The one file of a follow-up: the one there is, or a new one.
async fn attach(test: &TestApp, follow_up: i64) -> i64 {
    let mut incoming = test.app.files.receive(100).unwrap();
    incoming.write(b"an offer").unwrap();
    let kept = incoming.keep().unwrap();
    let insert = move |tx: &mut Tx| {
        let there = sql("select id from attachments where record_id = $1 and deleted_at is null").bind(follow_up).maybe(tx)?;
        if let Some(id) = there {
            return Ok(id);
        }
        sql("insert into attachments (record_kind, record_id, name, size, content_type, sha256, created_at, created_by)
             values ('follow_up', $1, 'a.txt', $2, 'text/plain', $3, 1710720000000, 1) returning id")
        .bind(follow_up)
        .bind(kept.size as i64)
        .bind(kept.sha256.as_str())
        .one(tx)
    };
    test.app.db.write(insert, |_| ()).await.unwrap()
}

async fn ask(person: &Client, method: &Method, path: &str) -> Reply {
    let mut request = person.request(method.clone(), path).header(header::IF_MATCH, "\"999\"");
    let takes_away_with_a_body = *method == Method::DELETE && path.ends_with("/members");
    let body = if takes_away_with_a_body || matches!(*method, Method::POST | Method::PUT | Method::PATCH) {
        request = request.header(header::CONTENT_TYPE, "application/json");
        Body::from("{}")
    } else {
        Body::empty()
    };
    let request = request.body(body).unwrap();
    // The stream of events has no end to wait for.
    if path == "/events" { person.send_for_head(request).await } else { person.send(request).await }
}

async fn everybody(test: &TestApp) -> Vec<Client> {
    let mut people = vec![test.stranger()];
    for number in &PEOPLE[1..] {
        people.push(test.sign_in(number).await);
    }
    people
}

// I40, S1: every operation for every kind of person.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_may_do_exactly_what_the_table_says() {
    let test = TestApp::start().await;
    let people = everybody(&test).await;
    let (ann, adm) = (people[3].clone(), people[7].clone());
    let mut records = Records::make(&test, &ann, &adm).await;
    let mut wrong = Vec::new();
    for row in rows() {
        let mut answers = Vec::new();
        for (person, number) in people.iter().zip(PEOPLE) {
            // Who logs out here is needed again.
            let own = row.method == Method::DELETE && row.pattern == "/session" && number != "stranger";
            let person = if own { test.sign_in(number).await } else { person.clone() };
            let reply = ask(&person, &row.method, &records.path(&row.pattern, false)).await;
            answers.push(reply.status);
            if reply.status < 300 && row.method != Method::GET {
                records.renew(&test, &adm).await;
            }
        }
        if answers != row.expected {
            wrong.push(format!("{:6} {:42} {}", row.method, row.pattern, answers.iter().map(|one| format!(" {one}")).collect::<String>()));
        }
    }
    assert!(wrong.is_empty(), "other answers than in the table, for {PEOPLE:?}:\n{}", wrong.join("\n"));
}

// S12: before a forced password change nothing answers but the session itself, whatever else is wrong with the request.
#[tokio::test(flavor = "multi_thread")]
async fn a_forced_password_change_comes_before_everything() {
    let test = TestApp::start().await;
    let (ann, adm) = (test.ann().await, test.adm().await);
    let records = Records::make(&test, &ann, &adm).await;
    let path = format!("/users/{}/reset-password", adm.id());
    let one_time = test.sign_in("adm").await.post(&path, json!({})).await.ok()["one_time_password"].clone();
    let mut adm = test.stranger();
    adm.remember(&adm.post("/session", json!({ "employee_number": "adm", "password": one_time })).await);
    assert_eq!(adm.get("/session").await.ok()["must_change_password"], true);
    let mut wrong = Vec::new();
    for row in rows().iter().filter(|row| row.expected[0] == 401 && row.pattern != "/session") {
        let reply = ask(&adm, &row.method, &records.path(&row.pattern, false)).await;
        // Of the stream of events only the head is read.
        let is_asked_first = reply.status == 403 && (row.pattern == "/events" || reply.text().contains("PASSWORD_CHANGE_REQUIRED"));
        if is_asked_first == (row.pattern == "/session/password") {
            wrong.push(format!("{} {} {}", row.method, row.pattern, reply.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

// S4, I40: what somebody may not see is answered like what is not there, byte for byte but the request's own number.
#[tokio::test(flavor = "multi_thread")]
async fn hidden_looks_like_absent() {
    let test = TestApp::start().await;
    let people = everybody(&test).await;
    let (ann, adm) = (people[3].clone(), people[7].clone());
    let records = Records::make(&test, &ann, &adm).await;
    let mut compared = 0;
    for row in rows() {
        for (column, person) in people.iter().enumerate().filter(|(column, _)| row.expected[*column] == 404) {
            let mut answers = Vec::new();
            for absent in [false, true] {
                let mut reply = ask(person, &row.method, &records.path(&row.pattern, absent)).await;
                let mut body = reply.json();
                body["request_id"].take();
                reply.headers.remove("x-request-id");
                answers.push((reply.status, reply.headers, body));
            }
            assert_eq!(answers[0], answers[1], "{} {} for {}", row.method, row.pattern, PEOPLE[column]);
            compared += 1;
        }
    }
    assert!(compared >= 20, "{compared}");
}

// I40: ids inside a body are treated like ids in a path: hidden and absent are one.
#[tokio::test(flavor = "multi_thread")]
async fn hidden_ids_in_a_body_look_like_absent_ones() {
    let test = TestApp::start().await;
    let people = everybody(&test).await;
    let (cat, ann, adm) = (people[1].clone(), people[3].clone(), people[7].clone());
    let records = Records::make(&test, &ann, &adm).await;
    let customer: i64 = records.ids["customers"].parse().unwrap();
    let mut answers = Vec::new();
    for id in [customer, 999_999_999] {
        let reply = cat.post("/opportunities", json!({ "name": "偷看", "customer_id": id, "expected_amount": "1.00" })).await;
        let mut problem = reply.invalid(&["customer_id"]);
        problem["request_id"].take();
        answers.push(problem);
    }
    assert_eq!(answers[0], answers[1]);
    // Nothing of ann's shows in anything cat can list.
    for path in ["/customers", "/opportunities", "/opportunities/board", "/notifications", "/customers?q=权限矩阵"] {
        let path = path.replace("权限矩阵", "%E6%9D%83%E9%99%90%E7%9F%A9%E9%98%B5");
        assert!(!cat.get(&path).await.text().contains("权限矩阵"), "{path}");
    }
}
