use serde_json::{Value, json};

use crate::support::{Client, TestApp};

async fn entries(reader: &Client, query: &str) -> Vec<Value> {
    reader.get(&format!("/calendar?{query}")).await.ok()["entries"].as_array().unwrap().clone()
}

fn titles(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["title"].as_str().unwrap()).collect()
}

const MARCH: &str = "from=2024-03-01&to=2024-03-31";

// S44: at save the slot stands in its owner's calendar; moved, handed over, done and called off show there.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_stands_in_its_owners_calendar() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let customer = ann.has_customer("甲公司").await;
    let opportunity = ann.has_opportunity(customer, "ERP采购").await;
    let plan = ann.plans(customer, "2024-03-20T14:00:00+08:00", json!({ "opportunity_id": opportunity })).await;
    let path = format!("/follow-up-plans/{}", plan["id"]);
    let slot = &entries(&ann, MARCH).await[0];
    assert_eq!((slot["kind"].as_str(), slot["id"].clone()), (Some("plan"), plan["id"].clone()));
    assert_eq!((slot["starts_at"].as_str(), slot["date"].as_str()), (Some("2024-03-20T06:00:00Z"), Some("2024-03-20")));
    assert_eq!((slot["customer_name"].as_str(), slot["opportunity_name"].as_str()), (Some("甲公司"), Some("ERP采购")));
    assert_eq!(
        (slot["status"].as_str(), slot["method"].as_str(), slot["version"].as_i64()),
        (Some("planned"), Some("phone_call"), Some(1))
    );

    let drag = json!({ "starts_at": "2024-03-21T00:30:00+08:00", "ends_at": "2024-03-21T01:00:00+08:00" });
    ann.patch(&path, &slot["version"], drag).await.ok();
    assert!(entries(&ann, "from=2024-03-20&to=2024-03-20").await.is_empty());
    assert_eq!(entries(&ann, "from=2024-03-21&to=2024-03-21").await[0]["date"], "2024-03-21");
    ann.patch(&path, &json!(2), json!({ "owner_id": lea.id() })).await.ok();
    assert!(entries(&ann, MARCH).await.is_empty());
    assert_eq!(entries(&lea, MARCH).await.len(), 1);
    let record = lea.act(&format!("{path}/complete"), &json!(3), json!({ "result": "谈妥", "next_action": "等" })).await.created();
    let done = &entries(&lea, MARCH).await[0];
    assert_eq!((done["status"].as_str(), done["follow_up_id"].clone()), (Some("done"), record["id"].clone()));
    let other = ann.plans(customer, "2024-03-22T14:00:00+08:00", json!({})).await;
    ann.patch(&format!("/follow-up-plans/{}", other["id"]), &json!(1), json!({ "status": "cancelled" })).await.ok();
    assert!(entries(&ann, MARCH).await.is_empty());
}

// I10: tasks stand on the day they are due, plans at their hours, in order.
#[tokio::test(flavor = "multi_thread")]
async fn tasks_stand_on_their_days() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (customer, me) = (ann.has_customer("甲公司").await, ann.id());
    ann.plans(customer, "2024-03-20T14:00:00+08:00", json!({ "content": "下午" })).await;
    ann.plans(customer, "2024-03-20T09:00:00+08:00", json!({ "content": "上午" })).await;
    for (content, due, status, is_open) in [
        ("任务", "2024-03-20", "todo", true),
        ("旧任务", "2024-03-15", "todo", true),
        ("做完", "2024-03-14", "done", false),
        ("取消", "2024-03-16", "cancelled", false),
    ] {
        test.app
            .db
            .write(
                move |tx| {
                    chengdan::platform::db::sql(
                        "insert into tasks (kind, content, customer_id, assignee_id, assigner_id, assigned_at, due_on, status, is_open, created_at, created_by, updated_at)
                         values ('other', $1, $2, $3, $3, 1, $4, $5, $6, 1, $3, 1)",
                    )
                    .bind(content)
                    .bind(customer)
                    .bind(me)
                    .bind(due)
                    .bind(status)
                    .bind(is_open)
                    .run(tx)
                },
                |_| (),
            )
            .await
            .unwrap();
    }
    let all = entries(&ann, MARCH).await;
    assert_eq!(titles(&all), ["做完", "旧任务", "任务", "上午", "下午"]);
    let overdue: Vec<&Value> = all.iter().map(|entry| &entry["overdue"]).collect();
    assert_eq!(overdue, [&json!(false), &json!(true), &json!(false), &Value::Null, &Value::Null]);
    assert_eq!((all[2]["date"].as_str(), all[2]["starts_at"].clone()), (Some("2024-03-20"), Value::Null));
    assert_eq!(titles(&entries(&ann, "from=2024-03-15&to=2024-03-15").await), ["旧任务"]);
}

// I10, I11: one's own and those of people one leads; entries only of what the reader may see.
#[tokio::test(flavor = "multi_thread")]
async fn calendars_of_others_follow_the_scope() {
    let test = TestApp::start().await;
    let (ann, bob, cat, lea, dan) = (test.ann().await, test.bob().await, test.cat().await, test.lea().await, test.dan().await);
    let (shown, hidden) = (ann.has_customer("甲公司").await, cat.has_customer("丙公司").await);
    ann.plans(shown, "2024-03-20T14:00:00+08:00", json!({ "content": "看得见" })).await;
    // A plan on another team's customer, in ann's calendar: ann sees it, her manager does not.
    cat.plans(hidden, "2024-03-20T16:00:00+08:00", json!({ "content": "别组的", "owner_id": ann.id() })).await;
    let of_ann = format!("{MARCH}&user_id={}", ann.id());
    assert_eq!(titles(&entries(&ann, MARCH).await), ["看得见", "别组的"]);
    assert_eq!(titles(&entries(&lea, &of_ann).await), ["看得见"]);
    assert_eq!(titles(&entries(&dan, &of_ann).await), ["看得见", "别组的"]);
    for outsider in [&bob, &cat] {
        let mut hidden = outsider.get(&format!("/calendar?{of_ann}")).await.refused(404, "NOT_FOUND");
        let mut absent = outsider.get(&format!("/calendar?{MARCH}&user_id=999999")).await.refused(404, "NOT_FOUND");
        hidden["request_id"].take();
        absent["request_id"].take();
        assert_eq!(hidden, absent);
    }
    lea.get(&format!("/calendar?{MARCH}&user_id={}", cat.id())).await.refused(404, "NOT_FOUND");
    dan.get(&format!("/calendar?{MARCH}&user_id=999999")).await.refused(404, "NOT_FOUND");
}

// I10: at most 62 days; both ends are needed.
#[tokio::test(flavor = "multi_thread")]
async fn a_view_spans_two_months_at_most() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    ann.get("/calendar?from=2024-03-01&to=2024-05-01").await.ok();
    ann.get("/calendar?from=2024-03-01&to=2024-05-02").await.invalid(&["to"]);
    ann.get("/calendar?from=2024-03-02&to=2024-03-01").await.invalid(&["to"]);
    ann.get("/calendar").await.invalid(&["from", "to"]);
    ann.get("/calendar?from=2024-02-30&to=x").await.invalid(&["from", "to"]);
}
