//! 任务完成 (I9): what was due, and what became of it; every number opens a list of as many rows.

use serde_json::{Value, json};

use crate::support::records::opportunity;
use crate::support::{Client, TestApp, a_customer};

/// The cell of a row (`*` for the total) and column.
fn cell<'r>(report: &'r Value, row: &str, column: &str) -> &'r Value {
    let place = report["columns"].as_array().unwrap().iter().position(|one| one["key"] == column).unwrap();
    let row = if row == "*" { &report["total"] } else { report["rows"].as_array().unwrap().iter().find(|one| one["key"] == row).unwrap() };
    &row["cells"][place]
}

fn counts(report: &Value, row: &str) -> [i64; 4] {
    ["due", "on_time", "late", "overdue"].map(|column| cell(report, row, column)["count"].as_i64().unwrap())
}

async fn task(giver: &Client, assignee: &Client, kind: &str, due: &str) -> Value {
    giver.post("/tasks", json!({ "kind": kind, "content": "整理资料", "assignee_id": assignee.id(), "due_date": due })).await.created()
}

async fn done(person: &Client, task: &Value) {
    let now = person.get(&format!("/tasks/{}", task["id"])).await.ok();
    person.act(&format!("/tasks/{}/complete", task["id"]), &now["version"], json!({ "feedback": "完成" })).await.ok();
}

// I9: done on the due date is in time, done the day after is late; what was called off does not count; nothing due has no rate.
#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_what_was_due() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    let none = lea.get("/reports/task-completion").await.ok();
    assert_eq!((counts(&none, "*"), &cell(&none, "*", "rate")["rate"]), ([0; 4], &Value::Null));
    let mut made = Vec::new();
    for (person, kind, due) in [
        (&ann, "other", "2024-03-19"),
        (&ann, "other", "2024-03-19"),
        (&ann, "contract_signing", "2024-03-19"),
        (&bob, "other", "2024-03-20"),
        (&bob, "other", "2024-03-31"),
        (&bob, "other", "2024-04-01"),
    ] {
        made.push(task(&lea, person, kind, due).await);
    }
    let off = task(&lea, &ann, "other", "2024-03-19").await;
    lea.patch(&format!("/tasks/{}", off["id"]), &off["version"], json!({ "status": "cancelled" })).await.ok();
    test.set_now("2024-03-19T23:59:59+08:00");
    done(&test.ann().await, &made[0]).await;
    test.set_now("2024-03-20T00:00:00+08:00");
    done(&test.ann().await, &made[1]).await;
    let lea = test.lea().await;
    let report = lea.get("/reports/task-completion").await.ok();
    assert_eq!(counts(&report, "*"), [5, 1, 1, 1]);
    assert_eq!(cell(&report, "*", "rate")["rate"], json!({ "numerator": 1, "denominator": 5, "percent": 20.0 }));
    assert_eq!(counts(&report, &ann.id().to_string()), [3, 1, 1, 1]);
    assert_eq!(counts(&report, &bob.id().to_string()), [2, 0, 0, 0], "due today is not overdue");
    let by_kind = lea.get("/reports/task-completion?group_by=kind&to=2024-04-30").await.ok();
    assert_eq!(counts(&by_kind, "other"), [5, 1, 1, 0]);
    assert_eq!((counts(&by_kind, "contract_signing"), &by_kind["rows"][1]["name"]), ([1, 0, 0, 1], &json!("合同签订")));
    let own = test.bob().await.get("/reports/task-completion").await.ok();
    assert_eq!(counts(&own, "*"), [2, 0, 0, 0], "only what one can see");
    lea.get("/reports/task-completion?kind=dance").await.invalid(&["kind"]);
    lea.get("/reports/task-completion?group_by=tag").await.invalid(&["group_by"]);
}

// I9, S4: sliced by what the customers are; every number opens as many tasks, and who may not see a customer learns nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn of_customers_of_a_kind() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    let mut customers = Vec::new();
    for (name, region, industry, tag, source) in
        [("甲", "华东", "制造业", "重点", "官网注册"), ("乙", "华东", "互联网", "普通", "其他"), ("丙", "华南", "互联网", "重点", "其他")]
    {
        let more = json!({ "region": region, "industry": industry, "tags": [tag], "source_channels": [source], "source_detail": "详情" });
        let mut draft = a_customer(name);
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        customers.push(ann.post("/customers", draft).await.created());
    }
    let deal = opportunity(&ann, &customers[2], "年度采购").await;
    let given = |link: Value, to: &Client| {
        let mut draft = json!({ "kind": "other", "content": "整理资料", "assignee_id": to.id(), "due_date": "2024-03-20" });
        draft.as_object_mut().unwrap().extend(link.as_object().unwrap().clone());
        draft
    };
    for (link, to) in [
        (json!({ "customer_id": customers[0]["id"] }), &ann),
        (json!({ "customer_id": customers[1]["id"] }), &bob),
        (json!({ "opportunity_id": deal["id"] }), &ann),
        (json!({}), &ann),
    ] {
        lea.post("/tasks", given(link, to)).await.created();
    }
    for (asked, due) in [
        ("", 4),
        ("region=华东", 2),
        ("region=华南", 1),
        ("region=华东&region=华南", 3),
        ("industry=互联网", 2),
        ("source_channel=其他", 2),
        ("tag=重点", 2),
        ("tag=重点&region=华东", 1),
        ("region=华北", 0),
    ] {
        let report = lea.get(&format!("/reports/task-completion?group_by=kind&{asked}")).await.ok();
        assert_eq!(counts(&report, "*")[0], due, "{asked}");
        for row in ["*", "other"].into_iter().take(if due > 0 { 2 } else { 1 }) {
            let behind = lea.get(cell(&report, row, "due")["drill"].as_str().unwrap()).await.ok();
            assert_eq!(behind["total"], due, "{asked} {row}");
        }
    }
    // Bob does his task without seeing the customer: no question tells him where it is.
    assert_eq!(bob.get("/tasks?mine=true").await.ok()["total"], 1);
    for asked in ["region=华东", "industry=互联网", "source_channel=其他", "tag=普通"] {
        assert_eq!(bob.get(&format!("/tasks?mine=true&{asked}")).await.ok()["total"], 0, "{asked}");
        assert_eq!(counts(&bob.get(&format!("/reports/task-completion?{asked}")).await.ok(), "*")[0], 0, "{asked}");
    }
    lea.get("/reports/task-completion?region=火星").await.invalid(&["region"]);
    lea.get("/tasks?tag=没有").await.invalid(&["tag"]);
}

/// A small stream of numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides) as usize
    }
}

// I9, I29: over generated tasks every number of every slice is the count of the list behind it, for everybody who reads.
#[tokio::test(flavor = "multi_thread")]
async fn every_number_opens_its_list() {
    let test = TestApp::start().await;
    let mut dice = Dice(20_240_318);
    let (ann, bob, cat, lea, dan) = (test.ann().await, test.bob().await, test.cat().await, test.lea().await, test.dan().await);
    let people = [&ann, &bob, &cat, &lea];
    let kinds = ["customer_follow_up", "material_preparation", "contract_signing", "other"];
    let mut made = Vec::new();
    for _ in 0..60 {
        let assignee = dice.roll(4);
        let due = format!("2024-03-{}", 19 + dice.roll(13));
        made.push((assignee, task(&dan, people[assignee], kinds[dice.roll(4)], &due).await));
    }
    for day in [18, 21, 25] {
        test.set_now(&format!("2024-03-{day}T20:00:00+08:00"));
        let people = [test.ann().await, test.bob().await, test.cat().await, test.lea().await];
        let dan = test.dan().await;
        for _ in 0..12 {
            let (assignee, task) = made.swap_remove(dice.roll(made.len() as u64));
            if dice.roll(5) == 0 {
                dan.patch(&format!("/tasks/{}", task["id"]), &task["version"], json!({ "status": "cancelled" })).await.ok();
            } else {
                done(&people[assignee], &task).await;
            }
        }
    }
    let mut looked = 0;
    for reader in [test.dan().await, test.lea().await, test.ann().await] {
        for question in
            ["", "?group_by=team", "?group_by=kind&from=2024-03-20&to=2024-03-27", "?group_by=team&kind=other&kind=contract_signing"]
        {
            let report = reader.get(&format!("/reports/task-completion{question}")).await.ok();
            let rows = report["rows"].as_array().unwrap().iter().chain([&report["total"]]);
            for cell in rows.flat_map(|row| row["cells"].as_array().unwrap()) {
                let Some(drill) = cell["drill"].as_str() else { continue };
                let list = reader.get(&format!("{drill}&limit=1")).await.ok();
                assert_eq!(list["total"], cell["count"], "{question} {drill}");
                looked += 1;
            }
            let of_rows: i64 = report["rows"].as_array().unwrap().iter().map(|row| row["cells"][0]["count"].as_i64().unwrap()).sum();
            assert_eq!(cell(&report, "*", "due")["count"], of_rows, "every task stands in one slice");
        }
    }
    assert!(looked > 100, "{looked}");
}
