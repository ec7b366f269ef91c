use serde_json::{Value, json};

use crate::support::TestApp;

fn fields(page: &Value) -> Vec<String> {
    let text = |change: &Value, name: &str| change[name].as_str().unwrap().to_owned();
    let line = |change: &Value| format!("{}:{}→{}", text(change, "field"), text(change, "old"), text(change, "new"));
    page["items"].as_array().unwrap().iter().map(line).collect()
}

// I50: every field, before and after, by whom, when, through which door; the newest first, in pages.
#[tokio::test(flavor = "multi_thread")]
async fn every_changed_field_is_told() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    let id = ann.has_customer("变更有限公司").await;
    let path = format!("/customers/{id}");
    test.set_now("2024-03-18T09:10:00+08:00");
    let customer = ann.patch(&path, &json!(1), json!({ "address": "张江路1号", "remark": "重点", "phone": "13900139000" })).await.ok();
    test.set_now("2024-03-18T09:20:00+08:00");
    lea.patch(&path, &customer["version"], json!({ "owner_id": bob.id() })).await.ok();
    let page = lea.get(&format!("{path}/changes")).await.ok();
    let all = fields(&page);
    assert_eq!(all[0], "owner:安妮→白博");
    assert!(all.contains(&"address:→张江路1号".to_owned()) && all.contains(&"phone:138****8000→139****9000".to_owned()), "{all:?}");
    let first = &page["items"][0];
    assert_eq!((first["label"].as_str(), first["by_name"].as_str(), first["door"].as_str()), (Some("负责人"), Some("李雅"), Some("api")));
    assert_eq!(first["at"], "2024-03-18T01:20:00Z");
    assert_eq!(fields(&lea.get(&format!("{path}/changes?field=remark")).await.ok()), ["remark:→重点"]);
    let one = lea.get(&format!("{path}/changes?limit=1")).await.ok();
    let next = lea.get(&format!("{path}/changes?limit=1&cursor={}", one["next_cursor"].as_str().unwrap())).await.ok();
    assert_ne!(one["items"][0]["id"], next["items"][0]["id"]);
    // Contacts are lines of their own.
    let contact = lea.post(&format!("{path}/contacts"), json!({ "name": "李娜", "phone": "13700137000", "title": "总监" })).await.created();
    lea.patch(&format!("/contacts/{}", contact["id"]), &contact["version"], json!({ "primary": true })).await.ok();
    let lines = fields(&lea.get(&format!("{path}/changes?field=contacts")).await.ok());
    assert_eq!(lines, ["contacts:李娜 总监 137****7000→★ 李娜 总监 137****7000", "contacts:→李娜 总监 137****7000"]);
}

// I50: the same for opportunities, with the names of people.
#[tokio::test(flavor = "multi_thread")]
async fn opportunities_have_the_same_history() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲").await;
    let id = ann.has_opportunity(customer, "ERP").await;
    let path = format!("/opportunities/{id}");
    test.set_now("2024-03-18T09:10:00+08:00");
    ann.patch(&path, &json!(1), json!({ "name": "ERP 二期", "remark": "加急", "expected_amount": "1.00" })).await.ok();
    let lines = fields(&ann.get(&format!("{path}/changes?limit=3")).await.ok());
    assert!(lines.contains(&"name:ERP→ERP 二期".to_owned()) && lines.contains(&"remark:→加急".to_owned()), "{lines:?}");
    assert!(fields(&ann.get(&format!("{path}/changes")).await.ok()).contains(&"owner:→安妮".to_owned()));
}

// S6: every version with person, time and source; the filter counts today and its boundary is exact.
#[tokio::test(flavor = "multi_thread")]
async fn requirement_versions_and_their_filter() {
    let test = TestApp::start_at("2024-03-01T09:00:00+08:00").await;
    let ann = test.ann().await;
    let id = ann.has_customer("需求有限公司").await;
    let other = ann.has_customer("别家").await;
    let path = format!("/customers/{id}");
    let record = ann.records(id, "2024-03-01T08:30:00+08:00", "想要 ERP").await;
    let foreign = ann.records(other, "2024-03-01T08:30:00+08:00", "别的").await;
    let version = ann.get(&path).await.ok()["version"].clone();
    ann.patch(&path, &version, json!({ "requirement": "ERP", "requirement_follow_up_id": foreign["id"] }))
        .await
        .invalid(&["requirement_follow_up_id"]);
    let customer = ann.patch(&path, &version, json!({ "requirement": "ERP", "requirement_follow_up_id": record["id"] })).await.ok();
    ann.patch(&path, &customer["version"], json!({ "requirement": "ERP 与 CRM" })).await.ok();
    let versions = ann.get(&format!("{path}/requirements")).await.ok();
    assert_eq!((versions["items"][0]["old"].as_str(), versions["items"][0]["new"].as_str()), (Some("ERP"), Some("ERP 与 CRM")));
    assert_eq!(
        (versions["items"][1]["follow_up_id"].as_i64(), versions["items"][1]["by_name"].as_str()),
        (record["id"].as_i64(), Some("安妮"))
    );
    // Changed on 1 March: within 29 days through 29 March, within 30 through 30 March, today included.
    for (now, days, hits) in [("29", 29, 1), ("30", 29, 0), ("30", 30, 1), ("31", 30, 0)] {
        test.advance(&format!("2024-03-{now}T09:00:00+08:00")).await;
        let ann = test.ann().await;
        assert_eq!(ann.get(&format!("/customers?requirement_changed_days={days}")).await.ok()["total"], hits, "{now} {days}");
    }
}

// People are found by full pinyin as well as by initials.
#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_pinyin() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    for (typed, hits) in [("baibo", 1), ("bb", 1), ("baib", 1), ("bob", 1), ("白", 1), ("aibo", 0)] {
        assert_eq!(adm.get(&format!("/users?q={}", typed.replace('白', "%E7%99%BD"))).await.ok()["total"], hits, "{typed}");
    }
    assert_eq!(ann.get("/users/pickable?q=baib").await.ok().as_array().unwrap().len(), 1);
}
