//! The private feed of a calendar (I12), read with a parser that other programs use.

use icalendar::parser::{Component, read_calendar, unfold};
use serde_json::{Value, json};

use crate::support::{Client, Reply, TestApp};

async fn subscribe(owner: &Client) -> String {
    owner.post("/calendar/feed", json!({})).await.created()["path"].as_str().unwrap().to_owned()
}

fn value(component: &Component, name: &str) -> String {
    let property = component.properties.iter().find(|property| property.name.as_str() == name);
    property.map_or_else(String::new, |property| property.val.as_str().to_owned())
}

fn param(component: &Component, name: &str, param: &str) -> String {
    let property = component.properties.iter().find(|property| property.name.as_str() == name).unwrap();
    property
        .params
        .iter()
        .find(|one| one.key.as_str() == param)
        .and_then(|one| one.val.as_ref())
        .map_or_else(String::new, |val| val.as_str().to_owned())
}

/// (name, UID, SEQUENCE, STATUS, SUMMARY, DTSTART) of every component.
fn parsed(reply: &Reply) -> Vec<[String; 6]> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let text = unfold(&reply.text());
    let calendar = read_calendar(&text).unwrap();
    let of = |one: &Component| {
        [
            one.name.as_str().to_owned(),
            value(one, "UID"),
            value(one, "SEQUENCE"),
            value(one, "STATUS"),
            value(one, "SUMMARY"),
            value(one, "DTSTART"),
        ]
    };
    calendar.components.iter().map(of).collect()
}

async fn events(test: &TestApp, path: &str) -> Vec<[String; 6]> {
    let mut all = parsed(&test.stranger().get(path).await);
    all.retain(|component| component[0] == "VEVENT");
    all
}

// I12: plans at the clocks of the business zone, tasks on their days; every line folded, every text whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_program_reads_plans_and_tasks() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("上海，东方；制造有限公司").await;
    let content = format!("第一行,第二段;反斜杠\\\n{}", "确认采购预算与交付时间".repeat(12));
    ann.plans(customer, "2024-03-20T14:00:00+08:00", json!({ "content": content })).await;
    let task = json!({ "kind": "other", "content": "整理资料", "customer_id": customer, "due_date": "2024-03-21" });
    ann.post("/tasks", task).await.created();
    let path = subscribe(&ann).await;
    let reply = test.stranger().get(&path).await;
    assert_eq!(reply.headers["content-type"], "text/calendar; charset=utf-8");
    assert!(reply.text().split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{}", reply.text());
    let text = unfold(&reply.text());
    let calendar = read_calendar(&text).unwrap();
    let zone = calendar.components.iter().find(|one| one.name.as_str() == "VTIMEZONE").unwrap();
    assert_eq!(value(zone, "TZID"), "Asia/Shanghai");
    assert_eq!(value(&zone.components[0], "TZOFFSETTO"), "+0800");
    let events: Vec<&Component> = calendar.components.iter().filter(|one| one.name.as_str() == "VEVENT").collect();
    assert_eq!(events.len(), 2, "{text}");
    let plan = events[0];
    assert_eq!((value(plan, "DTSTART"), value(plan, "DTEND")), ("20240320T140000".into(), "20240320T150000".into()));
    assert_eq!(param(plan, "DTSTART", "TZID"), "Asia/Shanghai");
    assert_eq!(value(plan, "SUMMARY"), "电话拜访：上海，东方；制造有限公司");
    assert_eq!(value(plan, "DESCRIPTION"), content);
    assert_eq!((value(plan, "STATUS"), value(plan, "LAST-MODIFIED")), ("CONFIRMED".into(), "20240318T010000Z".into()));
    let task = events[1];
    assert_eq!(
        (value(task, "DTSTART"), value(task, "DTEND"), param(task, "DTSTART", "VALUE")),
        ("20240321".into(), "20240322".into(), "DATE".into())
    );
    assert!(value(task, "SUMMARY").ends_with("整理资料"));
}

// I12: an event keeps its UID through changes and a new secret; what was called off is told for 30 days.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_keeps_its_id_and_a_cancelled_one_is_told() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    let plan = ann.plans(customer, "2024-03-20T14:00:00+08:00", json!({})).await;
    let plan_path = format!("/follow-up-plans/{}", plan["id"]);
    let path = subscribe(&ann).await;
    let before = events(&test, &path).await.remove(0);
    assert_eq!((before[2].as_str(), before[3].as_str()), ("0", "CONFIRMED"));
    let moved = json!({ "starts_at": "2024-03-21T09:00:00+08:00", "ends_at": "2024-03-21T10:00:00+08:00" });
    ann.patch(&plan_path, &json!(1), moved).await.ok();
    let renewed = subscribe(&ann).await;
    assert_ne!(renewed, path);
    test.stranger().get(&path).await.refused(404, "NOT_FOUND");
    let after = events(&test, &renewed).await.remove(0);
    assert_eq!((after[1].as_str(), after[2].as_str(), after[5].as_str()), (before[1].as_str(), "1", "20240321T090000"));
    ann.patch(&plan_path, &json!(2), json!({ "status": "cancelled" })).await.ok();
    let cancelled = events(&test, &renewed).await.remove(0);
    assert_eq!((cancelled[1].as_str(), cancelled[2].as_str(), cancelled[3].as_str()), (before[1].as_str(), "2", "CANCELLED"));
    test.set_now("2024-04-16T09:00:00+08:00");
    assert_eq!(events(&test, &renewed).await.len(), 1);
    test.set_now("2024-04-18T09:00:00+08:00");
    assert_eq!(events(&test, &renewed).await.len(), 0);
}

// I12, I40: what the person sees now, and nobody else's; an ended secret and a disabled account are not found.
#[tokio::test(flavor = "multi_thread")]
async fn a_feed_shows_what_its_owner_sees_now() {
    let test = TestApp::start().await;
    let (ann, bob, adm) = (test.ann().await, test.bob().await, test.adm().await);
    let customer = ann.has_customer("甲公司").await;
    let plan = ann.plans(customer, "2024-03-20T14:00:00+08:00", json!({})).await;
    let (of_ann, of_bob) = (subscribe(&ann).await, subscribe(&bob).await);
    assert_eq!((events(&test, &of_ann).await.len(), events(&test, &of_bob).await.len()), (1, 0));
    ann.patch(&format!("/follow-up-plans/{}", plan["id"]), &json!(1), json!({ "owner_id": bob.id() })).await.ok();
    assert_eq!((events(&test, &of_ann).await.len(), events(&test, &of_bob).await.len()), (0, 1));

    adm.post(&format!("/users/{}/disable", bob.id()), json!({})).await.ok();
    let mut disabled = test.stranger().get(&of_bob).await.refused(404, "NOT_FOUND");
    let mut absent = test.stranger().get("/calendar/feed/nobody.ics").await.refused(404, "NOT_FOUND");
    disabled["request_id"].take();
    absent["request_id"].take();
    assert_eq!(disabled, absent);

    let state = ann.get("/calendar/feed").await.ok();
    assert_eq!((state["active"].clone(), state["read_at"].is_string()), (json!(true), true));
    assert!(!state.to_string().contains(&of_ann[22..60]), "{state}");
    assert_eq!(ann.delete("/calendar/feed", &Value::Null).await.status, 204);
    test.stranger().get(&of_ann).await.refused(404, "NOT_FOUND");
    assert_eq!(ann.get("/calendar/feed").await.ok()["active"], false);
}

// I12, I51: the database knows no secret, and neither guessing nor hammering goes on for long.
#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_hashed_and_requests_counted() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let path = subscribe(&ann).await;
    let secret = path.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned();
    let kept: String =
        test.app.db.write(|tx| chengdan::platform::db::sql("select secret_hash from calendar_feeds").one(tx), |_| ()).await.unwrap();
    assert!(kept.len() == 43 && !kept.contains(&secret));
    for _ in 0..60 {
        assert_eq!(test.stranger().get(&path).await.status, 200);
    }
    test.stranger().get(&path).await.refused(429, "TOO_MANY_ATTEMPTS");
    test.set_now("2024-03-18T09:06:00+08:00");
    assert_eq!(test.stranger().get(&path).await.status, 200);
    for _ in 0..30 {
        test.stranger().get("/calendar/feed/guess.ics").await.refused(404, "NOT_FOUND");
    }
    let refused = test.stranger().get("/calendar/feed/guess.ics").await;
    refused.refused(429, "TOO_MANY_ATTEMPTS");
    assert!(refused.headers.contains_key("retry-after"));
}
