//! Values and tags that are merged (I61, S20), and who may make new tags.

use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer};

async fn entry(person: &Client, kind: &str, name: &str) -> Value {
    let all = person.get(&format!("/dictionaries/{kind}")).await.ok();
    all.as_array().unwrap().iter().find(|entry| entry["name"] == name).cloned().unwrap_or(Value::Null)
}

fn with(mut customer: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        customer[name] = value.clone();
    }
    customer
}

async fn merge(person: &Client, path: &str, from: &Value, into: &Value) -> crate::support::Reply {
    person.act(&format!("{path}/{}/merge", from["id"]), &from["version"], json!({ "into": into["id"] })).await
}

// I61: every reference moves, with history; old ids and names find the one that stays; the name can be used anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_used_value_is_merged_into_another() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let old = adm.post("/dictionaries/industry", json!({ "name": "机械制造" })).await.created();
    let stays = entry(&adm, "industry", "制造业").await;
    let huawei = ann.post("/customers", with(a_customer("华为技术"), json!({ "industry": "机械制造" }))).await.created();
    ann.post("/customers", a_customer("中兴通讯")).await.created();
    let group =
        ann.post("/customer-groups", json!({ "name": "机械", "kind": "dynamic", "filter": { "industry": [old["id"]] } })).await.created();
    adm.delete(&format!("/dictionaries/industry/{}", old["id"]), &old["version"]).await.refused(409, "VALUE_IN_USE");

    let counts = adm.get(&format!("/dictionaries/industry/{}/merge", old["id"])).await.ok();
    assert_eq!((&counts["customers"], &counts["total"]), (&json!(1), &json!(1)));
    merge(&adm, "/dictionaries/industry", &old, &old).await.invalid(&["into"]);
    merge(&adm, "/dictionaries/industry", &old, &json!({ "id": 999_999 })).await.invalid(&["into"]);
    let wrong_kind = entry(&adm, "region", "华东").await;
    merge(&adm, "/dictionaries/industry", &old, &wrong_kind).await.invalid(&["into"]);
    assert_eq!(merge(&ann, "/dictionaries/industry", &old, &stays).await.status, 403);
    let kept = merge(&adm, "/dictionaries/industry", &old, &stays).await.ok();
    assert_eq!(kept["name"], "制造业");

    assert_eq!(entry(&adm, "industry", "机械制造").await, Value::Null);
    let now = ann.get(&format!("/customers/{}", huawei["id"])).await.ok();
    assert_eq!((&now["industry"]["name"], &now["version"]), (&json!("制造业"), &huawei["version"]));
    let timeline = ann.get(&format!("/customers/{}/timeline", huawei["id"])).await.ok();
    let change = &timeline["items"][0]["changes"][0];
    assert_eq!((&change["field"], &change["old"], &change["new"]), (&json!("industry"), &json!("机械制造"), &json!("制造业")));
    // A kept filter and a program that still says the old name mean the one that stays.
    assert_eq!(ann.get(&format!("/customers?group_id={}", group["id"])).await.ok()["total"], 2);
    let third = ann.post("/customers", with(a_customer("烽火通信"), json!({ "industry": "机械制造" }))).await.created();
    assert_eq!(third["industry"]["name"], "制造业");
    assert_eq!(adm.get(&format!("/dictionaries/industry/{}/merge", old["id"])).await.status, 404);
    // A chain of merges ends at the last one.
    let last = adm.post("/dictionaries/industry", json!({ "name": "先进制造" })).await.created();
    merge(&adm, "/dictionaries/industry", &kept, &last).await.ok();
    assert_eq!(ann.get(&format!("/customers?industry={}", old["id"])).await.ok()["total"], 3);
    // The freed name belongs to nobody any more.
    let anew = adm.post("/dictionaries/industry", json!({ "name": "机械制造" })).await.created();
    assert_ne!(anew["id"], old["id"]);
    assert_eq!(ann.get(&format!("/customers?industry={}", anew["id"])).await.ok()["total"], 0);
}

// I61, S21: who has both sources has one afterwards, at the better place.
#[tokio::test(flavor = "multi_thread")]
async fn sources_regions_reasons_and_kinds_are_merged_too() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let (web, old) = (
        entry(&adm, "source_channel", "官网注册").await,
        adm.post("/dictionaries/source_channel", json!({ "name": "官网" })).await.created(),
    );
    let both = ann.post("/customers", with(a_customer("甲公司"), json!({ "source_channels": ["官网", "电话咨询", "官网注册"] }))).await;
    let both = if both.status == 201 {
        both.created()
    } else {
        ann.post("/customers", with(a_customer("甲公司"), json!({ "source_channels": ["官网", "官网注册"] }))).await.created()
    };
    let only = ann.post("/customers", with(a_customer("乙公司"), json!({ "source_channels": ["官网"] }))).await.created();
    assert_eq!(merge(&adm, "/dictionaries/source_channel", &old, &web).await.ok()["id"], web["id"]);
    for customer in [&both, &only] {
        let now = ann.get(&format!("/customers/{}", customer["id"])).await.ok();
        assert_eq!(now["source_channels"][0]["name"], "官网注册");
        let names: Vec<&Value> = now["source_channels"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names.iter().filter(|name| **name == &json!("官网注册")).count(), 1, "{names:?}");
    }
    let (east, small) = (entry(&adm, "region", "华东").await, adm.post("/dictionaries/region", json!({ "name": "苏南" })).await.created());
    ann.post("/customers", with(a_customer("丙公司"), json!({ "region": "苏南" }))).await.created();
    let team = adm
        .post("/teams", json!({ "name": "苏南部", "kind": "team", "parent_id": adm.me["team"]["id"], "region": "苏南" }))
        .await
        .created();
    assert_eq!(adm.get(&format!("/dictionaries/region/{}/merge", small["id"])).await.ok()["teams"], 1);
    merge(&adm, "/dictionaries/region", &small, &east).await.ok();
    assert_eq!(adm.get(&format!("/teams/{}", team["id"])).await.ok()["region"]["name"], "华东");
    assert_eq!(ann.get("/customers?region=%E8%8B%8F%E5%8D%97").await.ok()["total"], 3);

    // Built-in kinds have words that programs know.
    let (fixed, other) = (entry(&adm, "task_kind", "客户跟进").await, entry(&adm, "task_kind", "其他").await);
    merge(&adm, "/dictionaries/task_kind", &fixed, &other).await.refused(409, "FIXED_VALUE");
    let own = adm.post("/dictionaries/task_kind", json!({ "name": "回访" })).await.created();
    let task = ann.post("/tasks", json!({ "kind": own["key"], "content": "电话", "due_date": "2024-03-20" })).await.created();
    merge(&adm, "/dictionaries/task_kind", &own, &fixed).await.ok();
    assert_eq!(ann.get(&format!("/tasks/{}", task["id"])).await.ok()["kind"], "customer_follow_up");
}

// S20: two tags become one; filters by any, all and none of them.
#[tokio::test(flavor = "multi_thread")]
async fn tags_are_renamed_merged_and_combined() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let mut ids = Vec::new();
    for (name, tags) in [("甲公司", json!(["VIP", "重要"])), ("乙公司", json!(["重要"])), ("丙公司", json!(["VIP"])), ("丁公司", json!([]))]
    {
        ids.push(ann.post("/customers", with(a_customer(name), json!({ "tags": tags }))).await.created()["id"].clone());
    }
    let tags = ann.get("/tags").await.ok();
    let tag = |name: &str| tags.as_array().unwrap().iter().find(|tag| tag["name"] == name).unwrap().clone();
    let (vip, important) = (tag("VIP"), tag("重要"));
    let total = |query: String| {
        let ann = ann.clone();
        async move { ann.get(&format!("/customers?{query}")).await.ok()["total"].clone() }
    };
    // S31: 任一, 全部, 排除.
    assert_eq!(total(format!("tag={}&tag={}", vip["id"], important["id"])).await, 3);
    assert_eq!(total(format!("tag={}&tag={}&tag_mode=all", vip["id"], important["id"])).await, 1);
    assert_eq!(total(format!("exclude_tag={}", vip["id"])).await, 2);
    assert_eq!(total(format!("tag={}&exclude_tag={}", important["id"], vip["id"])).await, 1);

    let renamed = adm.patch(&format!("/tags/{}", important["id"]), &important["version"], json!({ "name": "重点客户" })).await.ok();
    assert_eq!(ann.get(&format!("/customers/{}", ids[1])).await.ok()["tags"][0]["name"], "重点客户");
    assert_eq!(adm.get(&format!("/tags/{}/merge", vip["id"])).await.ok()["customers"], 2);
    assert_eq!(merge(&ann, "/tags", &vip, &renamed).await.status, 403);
    merge(&adm, "/tags", &vip, &renamed).await.ok();
    assert_eq!(total(format!("tag={}", renamed["id"])).await, 3);
    assert_eq!(total("tag=vip".into()).await, 3, "the old name finds the one that stays");
    assert_eq!(ann.get(&format!("/customers/{}", ids[0])).await.ok()["tags"].as_array().unwrap().len(), 1);
    let timeline = ann.get(&format!("/customers/{}/timeline", ids[2])).await.ok();
    assert_eq!(timeline["items"][0]["changes"][0]["old"], "VIP");
    assert!(ann.get("/tags").await.ok().as_array().unwrap().iter().all(|tag| tag["name"] != "VIP"));
}

// S20: the right to make tags can be kept to those who lead.
#[tokio::test(flavor = "multi_thread")]
async fn new_tags_can_be_left_to_leaders() {
    let test = TestApp::start().await;
    let (adm, ann, lea) = (test.adm().await, test.ann().await, test.lea().await);
    let customer = ann.has_customer("华为技术").await;
    ann.post("/tags", json!({ "name": "老标签" })).await.created();
    let settings = adm.get("/settings").await.ok();
    assert_eq!(settings["leaders_create_tags_only"], false);
    adm.patch("/settings", &settings["version"], json!({ "leaders_create_tags_only": true })).await.ok();
    let problem = ann.post("/tags", json!({ "name": "新标签" })).await.invalid(&["name"]);
    assert_eq!(problem["fields"][0]["code"], "ONLY_LEADERS_CREATE_TAGS");
    ann.patch(&format!("/customers/{customer}"), &json!(1), json!({ "tags": ["老标签", "新标签"] })).await.invalid(&["tags"]);
    ann.post("/customers/batch/preview", json!({ "filter": {}, "action": "add_tag", "tag": "新标签" })).await.invalid(&["tag"]);
    ann.patch(&format!("/customers/{customer}"), &json!(1), json!({ "tags": ["老标签"] })).await.ok();
    lea.post("/tags", json!({ "name": "新标签" })).await.created();
}
