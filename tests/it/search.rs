use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer, records};

async fn find(reader: &Client, q: &str) -> Value {
    let q: String = q.bytes().map(|byte| format!("%{byte:02X}")).collect();
    reader.get(&format!("/search?q={q}")).await.ok()
}

fn titles(found: &Value, kind: &str) -> Vec<String> {
    found[kind].as_array().unwrap().iter().map(|hit| hit["title"].as_str().unwrap().to_owned()).collect()
}

// S25: by name, number, contact, phone (also its last four digits), pinyin and initials.
#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_found_in_many_ways() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let huawei = records::customer(&ann, "华为技术有限公司").await;
    let number = huawei["number"].as_str().unwrap();
    for q in ["华为", "华为技术", "hwjs", "HuaWei", number, &number[4..], "张伟", "13800138000", "138-0013-8000", "8000", " 华为 "]
    {
        let found = find(&ann, q).await;
        assert_eq!(titles(&found, "customers"), ["华为技术有限公司"], "{q}");
        assert_eq!(found["customers"][0]["id"], huawei["id"]);
        assert_eq!(found["customers"][0]["number"], huawei["number"]);
    }
    for q in ["", "  ", "？", "中兴", "8001"] {
        assert_eq!(find(&ann, q).await, json!({ "customers": [], "contacts": [], "opportunities": [], "tasks": [] }), "{q}");
    }
    ann.get(&format!("/search?q={}", "a".repeat(101))).await.invalid(&["q"]);
}

// S25: a phone is found by its digits and shown shortened.
#[tokio::test(flavor = "multi_thread")]
async fn phones_are_shortened() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    records::customer(&ann, "华为技术").await;
    let found = find(&ann, "13800138000").await;
    assert!(found["customers"][0]["subtitle"].as_str().unwrap().contains("138****8000"), "{found}");
    assert_eq!(found["contacts"][0]["subtitle"], "华为技术 · 138****8000");
    assert!(!found.to_string().contains("13800138000"), "{found}");
}

// S16, S25: contacts are found by themselves, not because their customer or a colleague fits; they lead to the customer.
#[tokio::test(flavor = "multi_thread")]
async fn contacts_are_found_by_themselves() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let huawei = records::customer(&ann, "华为技术").await;
    let path = format!("/customers/{}/contacts", huawei["id"]);
    ann.post(&path, json!({ "name": "欧阳雪", "phone": "13911112222" })).await.created();
    for q in ["欧阳", "ouyang", "oyx", "2222"] {
        let found = find(&ann, q).await;
        assert_eq!(titles(&found, "contacts"), ["欧阳雪"], "{q}");
        assert_eq!(found["contacts"][0]["number"], huawei["number"]);
    }
    assert_eq!(titles(&find(&ann, "华为").await, "contacts"), Vec::<String>::new());
}

// S25: opportunities by name, number and initials.
#[tokio::test(flavor = "multi_thread")]
async fn opportunities_are_found() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let huawei = records::customer(&ann, "华为技术").await;
    let erp = records::opportunity(&ann, &huawei, "ERP系统采购").await;
    for q in ["erp", "系统采购", "xtcg", erp["number"].as_str().unwrap()] {
        let found = find(&ann, q).await;
        assert_eq!(titles(&found, "opportunities"), ["ERP系统采购"], "{q}");
        assert_eq!(found["opportunities"][0]["number"], erp["number"]);
        assert!(!found.to_string().contains("500000"), "{found}");
    }
}

// S62: of tasks only the reader's own open ones.
#[tokio::test(flavor = "multi_thread")]
async fn own_open_tasks_are_found() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let task = |content: &str| json!({ "kind": "other", "content": content, "due_date": "2024-03-20" });
    let done = ann.post("/tasks", task("寄样品给张总")).await.created();
    ann.post("/tasks", task("再寄样品")).await.created();
    ann.act(&format!("/tasks/{}/complete", done["id"]), &done["version"], json!({ "feedback": "好" })).await.ok();
    assert_eq!(titles(&find(&ann, "样品").await, "tasks"), ["再寄样品"]);
    assert_eq!(titles(&find(&lea, "样品").await, "tasks"), Vec::<String>::new());
}

// I40: what is out of sight is not found by any word, before it is shared and after the share has ended (S3).
#[tokio::test(flavor = "multi_thread")]
async fn out_of_sight_is_not_found() {
    let test = TestApp::start().await;
    let (ann, bob, cat, dan) = (test.ann().await, test.bob().await, test.cat().await, test.dan().await);
    let huawei = records::customer(&ann, "华为技术").await;
    records::opportunity(&ann, &huawei, "华为ERP").await;
    let nothing = json!({ "customers": [], "contacts": [], "opportunities": [], "tasks": [] });
    for q in ["华为", "hw", "张伟", "13800138000", "8000", huawei["number"].as_str().unwrap()] {
        assert_eq!(find(&bob, q).await, nothing, "{q}");
        assert_eq!(find(&cat, q).await, nothing, "{q}");
    }
    assert_eq!(titles(&find(&dan, "华为").await, "opportunities"), ["华为ERP"]);
    let share = json!({ "grantee_type": "user", "grantee_id": cat.id(), "access": "read" });
    let share = ann.post(&format!("/customers/{}/shares", huawei["id"]), share).await.created();
    let found = find(&cat, "华为").await;
    assert_eq!((titles(&found, "customers").len(), titles(&found, "opportunities").len()), (1, 1));
    assert_eq!(titles(&find(&cat, "张伟").await, "contacts"), ["张伟"]);
    assert_eq!(ann.delete(&format!("/customers/{}/shares/{}", huawei["id"], share["id"]), &json!(null)).await.status, 204);
    assert_eq!(find(&cat, "华为").await, nothing);
}

// S25: eight of each kind at most, and nothing that was deleted.
#[tokio::test(flavor = "multi_thread")]
async fn eight_are_shown() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    for number in 0..9 {
        let mut customer = a_customer(&format!("华为第{number}"));
        customer["phone"] = json!(format!("1380013800{number}"));
        ann.post("/customers", customer).await.created();
    }
    let found = find(&ann, "华为").await;
    assert_eq!(titles(&found, "customers").len(), 8);
    assert_eq!(titles(&find(&ann, "张伟").await, "contacts").len(), 8);
    let only = find(&ann, "13800138003").await;
    let id = &only["customers"][0]["id"];
    let version = ann.get(&format!("/customers/{id}")).await.ok()["version"].clone();
    let reply = ann.delete(&format!("/customers/{id}?reason=重复"), &version).await;
    assert_eq!(reply.status, 204, "{}", reply.text());
    assert_eq!(titles(&find(&ann, "13800138003").await, "customers"), Vec::<String>::new());
    assert_eq!(titles(&find(&ann, "13800138003").await, "contacts"), Vec::<String>::new());
}
