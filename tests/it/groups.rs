//! Customer groups (S32): static and dynamic, private and shared, and never a way around the scope.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer};

fn names(page: &Value) -> Vec<String> {
    let mut names: Vec<String> = page["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

async fn members(reader: &Client, group: &Value) -> Vec<String> {
    let list = names(&reader.get(&format!("/customers?group_id={}", group["id"])).await.ok());
    assert_eq!(list, names(&reader.get(&format!("/customer-groups/{}/members", group["id"])).await.ok()));
    list
}

// S32: filled by hand; a customer may be in several; removing a group removes no customer.
#[tokio::test(flavor = "multi_thread")]
async fn a_static_group_is_filled_by_hand() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let (huawei, zhongxing) = (ann.has_customer("华为技术").await, ann.has_customer("中兴通讯").await);
    let hidden = cat.has_customer("南方电网").await;
    let strategic = ann.post("/customer-groups", json!({ "name": "战略客户群", "kind": "static" })).await.created();
    assert_eq!((&strategic["visibility"], &strategic["member_count"]), (&json!("private"), &json!(0)));
    let path = format!("/customer-groups/{}/members", strategic["id"]);
    let filled = ann.post(&path, json!({ "ids": [huawei, zhongxing, huawei] })).await.ok();
    assert_eq!(filled["member_count"], 2);
    ann.post(&path, json!({ "ids": [huawei] })).await.ok();
    assert_eq!(members(&ann, &strategic).await, ["中兴通讯", "华为技术"]);
    // Hidden and absent are one, and nothing is put in.
    let mut answers = Vec::new();
    for id in [hidden, 999_999_999] {
        let mut problem = ann.post(&path, json!({ "ids": [id] })).await.invalid(&["ids"]);
        problem["request_id"].take();
        answers.push(problem);
    }
    assert_eq!(answers[0], answers[1]);

    let second = ann.post("/customer-groups", json!({ "name": "华东区域客户", "kind": "static", "visibility": "public" })).await.created();
    ann.post(&format!("/customer-groups/{}/members", second["id"]), json!({ "ids": [huawei] })).await.ok();
    let own = ann.get(&format!("/customers/{huawei}/groups")).await.ok();
    assert_eq!(own.as_array().unwrap().len(), 2);
    let both = ann.get(&format!("/customers?group_id={}&group_id={}", strategic["id"], second["id"])).await.ok();
    assert_eq!(both["total"], 2);
    // Of a public group everybody may read in the history, of a private one nobody.
    let timeline = ann.get(&format!("/customers/{huawei}/timeline")).await.ok();
    let kinds: Vec<&str> = timeline["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "customer_grouped").count(), 1, "{kinds:?}");

    let out = ann.send_json(Method::DELETE, &path, None, &[], json!({ "ids": [huawei] })).await.ok();
    assert_eq!(out["member_count"], 1);
    assert_eq!(ann.delete(&format!("/customer-groups/{}", strategic["id"]), &out["version"]).await.status, 204);
    assert_eq!(ann.get(&format!("/customer-groups/{}", strategic["id"])).await.status, 404);
    ann.get(&format!("/customers?group_id={}", strategic["id"])).await.invalid(&["group_id"]);
    assert_eq!(ann.get("/customers").await.ok()["total"], 2);
}

// S32: a kept condition, judged by the list's own parser; always current, in the reader's own scope.
#[tokio::test(flavor = "multi_thread")]
async fn a_dynamic_group_is_always_current_and_leaks_nothing() {
    let test = TestApp::start().await;
    let (ann, bob, lea, cat, dan) = (test.ann().await, test.bob().await, test.lea().await, test.cat().await, test.dan().await);
    let huawei = ann.has_customer("华为技术").await;
    bob.has_customer("中兴通讯").await;
    cat.has_customer("南方电网").await;
    let wrong =
        json!({ "name": "坏", "kind": "dynamic", "filter": { "status": ["bad"], "owner": 1, "tag": ["没有的标签"], "sort": "name" } });
    ann.post("/customer-groups", wrong).await.invalid(&["filter.sort"]);
    for (filter, field) in [
        (json!({ "status": ["bad"] }), "filter.status"),
        (json!({ "owner": 1 }), "filter.owner"),
        (json!({ "tag": ["没有的标签"] }), "filter.tag"),
        (json!({ "not_followed_up_days": 0 }), "filter.not_followed_up_days"),
        (json!({ "group_id": [1] }), "filter.group_id"),
        (json!({ "q": { "a": 1 } }), "filter.q"),
        (json!({}), "filter"),
    ] {
        ann.post("/customer-groups", json!({ "name": "坏", "kind": "dynamic", "filter": filter })).await.invalid(&[field]);
    }
    ann.post("/customer-groups", json!({})).await.invalid(&["name", "kind"]);
    ann.post("/customer-groups", json!({ "name": "静", "kind": "static", "filter": { "q": "x" } })).await.invalid(&["filter"]);

    let draft =
        json!({ "name": "华东制造", "kind": "dynamic", "visibility": "public", "filter": { "region": ["华东"], "industry": "制造业" } });
    let group = ann.post("/customer-groups", draft).await.created();
    assert_eq!(group["member_count"], 1);
    assert_eq!(members(&ann, &group).await, ["华为技术"]);
    assert_eq!(members(&bob, &group).await, ["中兴通讯"]);
    assert_eq!(members(&lea, &group).await, ["中兴通讯", "华为技术"]);
    assert_eq!(members(&dan, &group).await, ["中兴通讯", "华为技术", "南方电网"]);
    assert_eq!(cat.get(&format!("/customer-groups/{}", group["id"])).await.ok()["member_count"], 1);
    let customer = ann.get(&format!("/customers/{huawei}")).await.ok();
    ann.patch(&format!("/customers/{huawei}"), &customer["version"], json!({ "region": "华南" })).await.ok();
    assert!(members(&ann, &group).await.is_empty());
    // Its members follow from the condition alone.
    ann.post(&format!("/customer-groups/{}/members", group["id"]), json!({ "ids": [huawei] })).await.invalid(&["group_id"]);
}

// S32: private, team and public; only the owner edits; out of sight is absent.
#[tokio::test(flavor = "multi_thread")]
async fn groups_are_seen_by_those_they_are_for() {
    let test = TestApp::start().await;
    let (adm, ann, bob, lea, cat, dan) =
        (test.adm().await, test.ann().await, test.bob().await, test.lea().await, test.cat().await, test.dan().await);
    let mut groups = Vec::new();
    for visibility in ["private", "team", "public"] {
        groups
            .push(ann.post("/customer-groups", json!({ "name": visibility, "kind": "static", "visibility": visibility })).await.created());
    }
    for (person, seen) in [(&ann, 3), (&bob, 2), (&lea, 2), (&cat, 1), (&dan, 2), (&adm, 2)] {
        assert_eq!(person.get("/customer-groups").await.ok().as_array().unwrap().len(), seen);
    }
    let path = |index: usize| format!("/customer-groups/{}", groups[index]["id"]);
    let version = json!(1);
    assert_eq!(bob.patch(&path(0), &version, json!({ "name": "偷" })).await.status, 404);
    assert_eq!(cat.patch(&path(1), &version, json!({ "name": "偷" })).await.status, 404);
    assert_eq!(bob.patch(&path(1), &version, json!({ "name": "改" })).await.status, 403);
    assert_eq!(dan.delete(&path(2), &version).await.status, 403);
    assert_eq!(cat.get(&format!("/customers?group_id={}", groups[1]["id"])).await.status, 422);
    // Whoever keeps the settings may tidy up what others use.
    let renamed = adm.patch(&path(2), &version, json!({ "name": "公开" })).await.ok();
    assert_eq!(ann.patch(&path(2), &version, json!({ "name": "旧" })).await.status, 412);
    assert_eq!(
        ann.patch(&path(2), &renamed["version"], json!({ "visibility": "private", "kind": "static" })).await.ok()["visibility"],
        "private"
    );
    assert_eq!(adm.get(&path(2)).await.status, 404);
    ann.patch(&path(0), &version, json!({ "kind": "dynamic" })).await.invalid(&["kind"]);
}

// S32: a condition that names something removed tells so, and is never taken for "everybody".
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_condition_is_told() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    ann.post("/customers", a_customer("华为技术")).await.created();
    let tag = ann.post("/tags", json!({ "name": "展会客户" })).await.created();
    let draft = json!({ "name": "展会", "kind": "dynamic", "filter": { "tag": [tag["id"]], "status": ["potential"] } });
    let group = ann.post("/customer-groups", draft).await.created();
    assert_eq!(adm.delete(&format!("/tags/{}", tag["id"]), &tag["version"]).await.status, 204);
    let broken = ann.get(&format!("/customer-groups/{}", group["id"])).await.ok();
    assert_eq!((&broken["problems"][0]["field"], &broken["member_count"]), (&json!("tag"), &Value::Null));
    assert_eq!(ann.get("/customer-groups").await.ok()[0]["member_count"], Value::Null);
    let problem = ann.get(&format!("/customers?group_id={}", group["id"])).await.invalid(&["group_id"]);
    assert_eq!(problem["fields"][0]["code"], "BROKEN_FILTER");
    let mended = ann
        .patch(&format!("/customer-groups/{}", group["id"]), &group["version"], json!({ "filter": { "status": ["potential"] } }))
        .await
        .ok();
    assert_eq!((&mended["problems"], &mended["member_count"]), (&json!([]), &json!(1)));
}
