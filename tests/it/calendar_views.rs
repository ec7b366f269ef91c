//! Calendars laid over each other, overlaps in them, and the search for free time (I11, S41).

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

fn slots(found: &Value) -> Vec<(String, String)> {
    let text = |slot: &Value, name: &str| slot[name].as_str().unwrap().to_owned();
    found["slots"].as_array().unwrap().iter().map(|slot| (text(slot, "starts_at"), text(slot, "ends_at"))).collect()
}

async fn plan(owner: &Client, customer: i64, from: &str, to: &str) -> Value {
    owner.plans(customer, &format!("2024-03-{from}:00+08:00"), json!({ "ends_at": format!("2024-03-{to}:00+08:00") })).await
}

// I11: several people in one answer; one out of reach, and none is shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_leader_lays_calendars_over_each_other() {
    let test = TestApp::start().await;
    let (ann, bob, cat, lea) = (test.ann().await, test.bob().await, test.cat().await, test.lea().await);
    let (of_ann, of_bob) = (ann.has_customer("甲公司").await, bob.has_customer("乙公司").await);
    plan(&ann, of_ann, "20T14:00", "20T15:00").await;
    plan(&bob, of_bob, "20T14:30", "20T15:30").await;
    let span = "from=2024-03-01&to=2024-03-31";
    let both = lea.get(&format!("/calendar?{span}&user_id={}&user_id={}", ann.id(), bob.id())).await.ok();
    let owners: Vec<&Value> = both["entries"].as_array().unwrap().iter().map(|entry| &entry["owner_id"]).collect();
    assert_eq!(owners, [&json!(ann.id()), &json!(bob.id())]);
    // At the same time, but not of the same person.
    assert!(both["entries"].as_array().unwrap().iter().all(|entry| entry["overlaps"] == false));
    let names: Vec<&str> = both["people"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"安妮") && names.contains(&"白博"));
    lea.get(&format!("/calendar?{span}&user_id={}&user_id={}", ann.id(), cat.id())).await.refused(404, "NOT_FOUND");
    ann.get(&format!("/calendar?{span}&user_id={}&user_id={}", ann.id(), bob.id())).await.refused(404, "NOT_FOUND");
    let many: String = (1..=11).map(|id| format!("&user_id={id}")).collect();
    lea.get(&format!("/calendar?{span}{many}")).await.invalid(&["user_id"]);
    // The same person twice is one person.
    assert_eq!(lea.get(&format!("/calendar?{span}&user_id={0}&user_id={0}", ann.id())).await.ok()["people"].as_array().unwrap().len(), 1);
}

// S41: open plans of one person at the same time are marked, also when one was moved there; the save says so, too.
#[tokio::test(flavor = "multi_thread")]
async fn overlapping_plans_are_marked() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    plan(&ann, customer, "20T09:00", "20T12:00").await;
    plan(&ann, customer, "20T10:00", "20T10:30").await;
    plan(&ann, customer, "20T11:30", "20T12:30").await;
    let last = plan(&ann, customer, "20T12:30", "20T13:00").await;
    let marks = async || -> Vec<Value> {
        let found = ann.get("/calendar?from=2024-03-20&to=2024-03-20").await.ok();
        found["entries"].as_array().unwrap().iter().map(|entry| entry["overlaps"].clone()).collect()
    };
    assert_eq!(marks().await, [json!(true), json!(true), json!(true), json!(false)]);
    let drag = json!({ "starts_at": "2024-03-20T12:15:00+08:00", "ends_at": "2024-03-20T12:45:00+08:00" });
    let moved = ann.patch(&format!("/follow-up-plans/{}", last["id"]), &json!(1), drag).await.ok();
    assert_eq!(moved["warnings"][0]["code"], "PLAN_OVERLAP");
    assert_eq!(marks().await, [json!(true), json!(true), json!(true), json!(true)]);
}

// I11: the gaps that all have, in the working hours of working days, from now on.
#[tokio::test(flavor = "multi_thread")]
async fn free_time_is_what_all_have() {
    let test = TestApp::start().await;
    let (ann, bob, cat, lea) = (test.ann().await, test.bob().await, test.cat().await, test.lea().await);
    let (of_ann, of_bob) = (ann.has_customer("甲公司").await, bob.has_customer("乙公司").await);
    plan(&ann, of_ann, "22T09:30", "22T12:00").await;
    plan(&bob, of_bob, "22T11:00", "22T16:00").await;
    // A plan on a customer whom lea cannot see keeps ann busy all the same.
    let hidden = cat.has_customer("丙公司").await;
    cat.plans(hidden, "2024-03-22T17:00:00+08:00", json!({ "owner_id": ann.id() })).await;
    let who = format!("user_id={}&user_id={}", ann.id(), bob.id());
    let friday = lea.get(&format!("/calendar/free?{who}&from=2024-03-22&to=2024-03-24&minutes=30")).await.ok();
    let wanted = [("2024-03-22T01:00:00Z", "2024-03-22T01:30:00Z"), ("2024-03-22T08:00:00Z", "2024-03-22T09:00:00Z")];
    assert_eq!(slots(&friday), wanted.map(|(from, to)| (from.to_owned(), to.to_owned())));
    let hour = lea.get(&format!("/calendar/free?{who}&from=2024-03-22&to=2024-03-22")).await.ok();
    assert_eq!(slots(&hour).len(), 1);
    // Monday, 09:20: what is left of the day, from the next quarter on.
    test.set_now("2024-03-18T09:20:00+08:00");
    let today = ann.get("/calendar/free?from=2024-03-17&to=2024-03-18").await.ok();
    assert_eq!(slots(&today), [("2024-03-18T01:30:00Z".to_owned(), "2024-03-18T10:00:00Z".to_owned())]);
    // 清明: Thursday to Saturday are off, the Sunday is worked.
    let feast = ann.get("/calendar/free?from=2024-04-04&to=2024-04-07").await.ok();
    assert_eq!(slots(&feast), [("2024-04-07T01:00:00Z".to_owned(), "2024-04-07T10:00:00Z".to_owned())]);
    lea.get(&format!("/calendar/free?user_id={}&from=2024-03-22&to=2024-03-22", cat.id())).await.refused(404, "NOT_FOUND");
    ann.get(&format!("/calendar/free?user_id={}&from=2024-03-22&to=2024-03-22", bob.id())).await.refused(404, "NOT_FOUND");
    ann.get("/calendar/free?from=2024-03-22&to=2024-03-22&minutes=10").await.invalid(&["minutes"]);
    ann.get("/calendar/free?minutes=541").await.invalid(&["from", "minutes", "to"]);
}
