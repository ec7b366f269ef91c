use chengdan::platform::db::sql;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer};

async fn read(who: &Client, id: i64) -> Value {
    who.get(&format!("/customers/{id}")).await.ok()
}

async fn merge(who: &Client, loser: i64, winner: i64, keep: Value) -> Value {
    let version = read(who, loser).await["version"].clone();
    who.act(&format!("/customers/{loser}/merge"), &version, json!({ "into": winner, "keep": keep })).await.ok()
}

/// Everything that carries a customer's id, as the tables have it: which rows belong to whom.
async fn belongings(test: &TestApp) -> Vec<(String, i64, Option<i64>)> {
    let read = |tx: &mut chengdan::platform::db::Tx| {
        sql("select 'contact ' || cast(is_primary as text), id, customer_id from contacts
             union all select 'opportunity', id, customer_id from opportunities
             union all select 'plan', id, customer_id from follow_up_plans
             union all select 'record', id, customer_id from follow_ups
             union all select 'task', id, customer_id from tasks
             union all select 'share ' || access || ends_on, id, customer_id from shares
             union all select 'version', id, customer_id from requirement_versions
             union all select 'tag', tag_id, customer_id from customer_tags
             union all select 'source', entry_id, customer_id from customer_sources
             union all select 'day ' || last_contact_on || status || name, last_followed_up_at, id from customers
             union all select 'deal ' || coalesce(deal_date, ''), total_won_amount, id from customers order by 1, 2, 3")
        .all(tx)
    };
    test.app.db.read(chengdan::platform::db::Lane::Lists, read).await.unwrap()
}

/// Two records of one customer: what hangs on the first is ann's, bob's and cat's.
struct Two {
    loser: i64,
    winner: i64,
    opportunity: i64,
    number: String,
}

async fn two(test: &TestApp) -> Two {
    let (ann, bob, cat, lea) = (test.ann().await, test.bob().await, test.cat().await, test.lea().await);
    let mut draft = a_customer("恒信机械");
    draft["tags"] = json!(["意向客户", "高价值客户"]);
    draft["address"] = json!("张江路1号");
    draft["requirement"] = json!("ERP");
    draft["owner_id"] = json!(bob.id());
    let loser = lea.post("/customers", draft).await.created();
    let mut draft = a_customer("上海恒信机械有限公司");
    draft["tags"] = json!(["意向客户", "渠道客户"]);
    draft["phone"] = json!("13900139000");
    draft["contact_name"] = json!("李娜");
    draft["source_channels"] = json!(["电话营销"]);
    let winner = ann.post("/customers", draft).await.created()["id"].as_i64().unwrap();
    let (id, number) = (loser["id"].as_i64().unwrap(), loser["number"].as_str().unwrap().to_owned());
    bob.post(&format!("/customers/{id}/contacts"), json!({ "name": "李娜", "phone": "13900139000" })).await.created();
    let share = |who: &Client, access: &str| json!({ "grantee_type": "user", "grantee_id": who.id(), "access": access });
    bob.post(&format!("/customers/{id}/shares"), share(&cat, "edit")).await.created();
    let opportunity = bob.has_opportunity(id, "ERP").await;
    bob.plans(id, "2024-03-20T10:00:00+08:00", json!({ "opportunity_id": opportunity })).await;
    bob.records(id, "2024-03-18T08:00:00+08:00", "想要 ERP").await;
    bob.post("/tasks", json!({ "kind": "other", "content": "资料", "customer_id": id, "due_date": "2024-03-20" })).await.created();
    Two { loser: id, winner, opportunity, number }
}

// S23: everything moves in one go; the old number and id find the merged record, and so does the search.
#[tokio::test(flavor = "multi_thread")]
async fn two_become_one() {
    let test = TestApp::start().await;
    let (lea, ann, bob, cat) = (test.lea().await, test.ann().await, test.bob().await, test.cat().await);
    let two = two(&test).await;
    // Of two groups the record that stays is in one already.
    for (name, ids) in [("战略客户群", json!([two.loser])), ("老客户", json!([two.loser, two.winner]))] {
        let group = lea.post("/customer-groups", json!({ "name": name, "kind": "static" })).await.created();
        lea.post(&format!("/customer-groups/{}/members", group["id"]), json!({ "ids": ids })).await.ok();
    }
    let preview = lea.get(&format!("/customers/{}/merge-preview?into={}", two.loser, two.winner)).await.ok();
    let moves = &preview["moves"];
    for (kind, count) in [
        ("contacts", 2),
        ("opportunities", 1),
        ("plans", 1),
        ("follow_ups", 1),
        ("tasks", 1),
        ("shares", 1),
        ("requirement_versions", 1),
        ("groups", 1),
    ] {
        assert_eq!(moves[kind], count, "{kind}");
    }
    let address = preview["fields"].as_array().unwrap().iter().find(|pair| pair["field"] == "address").unwrap();
    assert_eq!((address["this"].as_str(), address["default"].as_str()), (Some("张江路1号"), Some("this")));

    let done = merge(&lea, two.loser, two.winner, json!({ "industry": "into", "contact": "this" })).await;
    assert_eq!(done["customer"]["id"], two.winner);
    for wanted in [two.loser.to_string(), two.number.clone()] {
        assert_eq!(lea.get(&format!("/customers/{wanted}")).await.ok()["id"], two.winner, "{wanted}");
    }
    let found = lea.get(&format!("/search?q={}", two.number)).await.ok();
    assert_eq!(found["customers"].as_array().unwrap().iter().map(|hit| hit["id"].as_i64().unwrap()).collect::<Vec<_>>(), [two.winner]);
    assert_eq!(lea.get("/customers").await.ok()["total"], 1);
    let merged = read(&lea, two.winner).await;
    assert_eq!(
        (merged["name"].as_str(), merged["address"].as_str(), merged["requirement"].as_str()),
        (Some("上海恒信机械有限公司"), Some("张江路1号"), Some("ERP"))
    );
    assert_eq!((merged["contact_name"].as_str(), merged["phone"].as_str()), (Some("张伟"), Some("13800138000")));
    assert_eq!(merged["tags"].as_array().unwrap().len(), 3);
    assert_eq!(merged["source_channels"].as_array().unwrap().len(), 2);
    assert_eq!(merged["follow_up_status"], "in_progress");
    assert_eq!(merged["last_followed_up_at"], "2024-03-18T00:00:00Z");
    let contacts = lea.get(&format!("/customers/{}/contacts", two.winner)).await.ok();
    // The person both knew stands there once; exactly one is the main contact.
    assert_eq!(contacts.as_array().unwrap().len(), 2, "{contacts}");
    assert_eq!(contacts.as_array().unwrap().iter().filter(|contact| contact["primary"] == true).count(), 1);
    let opportunity = bob.get(&format!("/opportunities/{}", two.opportunity)).await.ok();
    assert_eq!(opportunity["customer_id"], two.winner);
    let timeline = lea.get(&format!("/customers/{}/timeline", two.winner)).await.ok();
    let kinds: Vec<&str> = timeline["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"customer_merged") && kinds.contains(&"follow_up_recorded"), "{kinds:?}");
    // Who owned or could read the one that went reads the one that stays; nobody edits what he could not edit before.
    for who in [&bob, &cat] {
        assert_eq!(read(who, two.winner).await["can_edit"], false);
    }
    assert_eq!(read(&ann, two.winner).await["can_edit"], true);
    assert_eq!(bob.messages_of("customer_merged").await.len(), 1);
    assert_eq!(lea.get(&format!("/customers/{}/merges", two.winner)).await.ok()[0]["can_undo"], true);
    assert_eq!(ann.get(&format!("/customers?q={}", "%E6%81%92%E4%BF%A1")).await.ok()["total"], 1);
}

// The ledger puts every row back exactly where it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_merge_is_taken_back_exactly() {
    let test = TestApp::start().await;
    let (lea, ann) = (test.lea().await, test.ann().await);
    let two = two(&test).await;
    for keep in [json!({}), json!({ "name": "this", "contact": "this", "owner": "this", "requirement": "this", "status": "this" })] {
        let before = belongings(&test).await;
        let done = merge(&lea, two.loser, two.winner, keep).await;
        assert_ne!(belongings(&test).await, before);
        let undo = format!("/customers/merges/{}/undo", done["merge_id"]);
        assert_eq!(lea.post(&undo, json!({})).await.ok()["restored_number"], two.number);
        let after: Vec<_> = belongings(&test).await;
        let versions = |rows: &[(String, i64, Option<i64>)]| rows.iter().filter(|row| row.0 != "version").cloned().collect::<Vec<_>>();
        assert_eq!(versions(&after), versions(&before));
        lea.post(&undo, json!({})).await.refused(409, "MERGE_ALREADY_UNDONE");
        assert_eq!(read(&lea, two.loser).await["number"], two.number.as_str());
    }
    assert_eq!(ann.get(&format!("/customers/{}", two.loser)).await.status, 404, "no more sight than before");
}

// Deals count on the record they are on, before and after.
#[tokio::test(flavor = "multi_thread")]
async fn deals_follow_the_merge() {
    let test = TestApp::start().await;
    let lea = test.lea().await;
    let two = two(&test).await;
    let version = read(&lea, two.loser).await["version"].clone();
    let win = json!({ "deal_date": "2024-03-18", "contract_amount": "1000.00", "opportunity": two.opportunity });
    lea.act(&format!("/customers/{}/win", two.loser), &version, win).await.ok();
    let before = belongings(&test).await;
    let done = merge(&lea, two.loser, two.winner, json!({})).await;
    assert_eq!((done["customer"]["status"].as_str(), done["customer"]["total_won_amount"].as_str()), (Some("won"), Some("1000.00")));
    lea.post(&format!("/customers/merges/{}/undo", done["merge_id"]), json!({})).await.ok();
    let rest = |rows: Vec<(String, i64, Option<i64>)>| rows.into_iter().filter(|row| row.0 != "version").collect::<Vec<_>>();
    assert_eq!(rest(belongings(&test).await), rest(before));
    assert_eq!(read(&lea, two.winner).await["status"], "potential");
}

// What people changed after the merge stays as they changed it; what was made on a moved opportunity goes with it.
#[tokio::test(flavor = "multi_thread")]
async fn later_edits_survive_the_undo() {
    let test = TestApp::start().await;
    let (lea, bob) = (test.lea().await, test.bob().await);
    let two = two(&test).await;
    let done = merge(&lea, two.loser, two.winner, json!({ "name": "this" })).await;
    let version = read(&lea, two.winner).await["version"].clone();
    lea.patch(&format!("/customers/{}", two.winner), &version, json!({ "address": "新地址", "name": "恒信集团" })).await.ok();
    let task = json!({ "kind": "other", "content": "后来的", "opportunity_id": two.opportunity, "due_date": "2024-03-22" });
    let task = bob.post("/tasks", task).await.created();
    lea.post(&format!("/customers/merges/{}/undo", done["merge_id"]), json!({})).await.ok();
    let winner = read(&lea, two.winner).await;
    assert_eq!((winner["name"].as_str(), winner["address"].as_str()), (Some("恒信集团"), Some("新地址")));
    assert_eq!(read(&lea, two.loser).await["name"], "恒信机械");
    assert_eq!(lea.get(&format!("/tasks/{}", task["id"])).await.ok()["customer_id"], two.loser);
}

// Reasons why it cannot be taken back.
#[tokio::test(flavor = "multi_thread")]
async fn an_undo_can_be_impossible() {
    let test = TestApp::start().await;
    let (lea, cat, bob) = (test.lea().await, test.cat().await, test.bob().await);
    let two = two(&test).await;
    let done = merge(&lea, two.loser, two.winner, json!({})).await;
    let undo = format!("/customers/merges/{}/undo", done["merge_id"]);
    bob.post(&undo, json!({})).await.refused(403, "FORBIDDEN");
    test.stranger().post(&undo, json!({})).await.refused(401, "UNAUTHENTICATED");
    lea.post("/customers/merges/999/undo", json!({})).await.refused(404, "NOT_FOUND");
    // The name is free after the merge; somebody takes it.
    let taken = cat.post("/customers", a_customer("恒信机械")).await.created();
    let problem = lea.post(&undo, json!({})).await.refused(409, "DUPLICATE_NAME");
    assert_eq!(problem["hit"]["number"], taken["number"]);
    cat.patch(&format!("/customers/{}", taken["id"]), &taken["version"], json!({ "name": "别的" })).await.ok();
    // A later merge has to go first.
    let third = lea.has_customer("第三家").await;
    let later = merge(&lea, third, two.winner, json!({})).await;
    lea.post(&undo, json!({})).await.refused(409, "LATER_MERGE");
    lea.post(&format!("/customers/merges/{}/undo", later["merge_id"]), json!({})).await.ok();
    // The kept one went on itself, and its numbers with it.
    let onwards = merge(&lea, two.winner, third, json!({})).await;
    assert_eq!(lea.get(&format!("/customers/{}", two.number)).await.ok()["id"], third);
    lea.post(&undo, json!({})).await.refused(409, "MERGE_TARGET_GONE");
    lea.post(&format!("/customers/merges/{}/undo", onwards["merge_id"]), json!({})).await.ok();
    assert_eq!(lea.get(&format!("/customers/{}", two.number)).await.ok()["id"], two.winner);
    test.advance("2024-03-25T09:00:00+08:00").await;
    test.lea().await.post(&undo, json!({})).await.ok();
    let again = merge(&test.lea().await, two.loser, two.winner, json!({})).await;
    test.advance("2024-04-01T09:00:01+08:00").await;
    test.lea().await.post(&format!("/customers/merges/{}/undo", again["merge_id"]), json!({})).await.refused(409, "MERGE_TOO_OLD");
}

// Both must be in sight and the caller's to change; drafts are judged like all others.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_merge_what() {
    let test = TestApp::start().await;
    let (lea, ann, bob, cat) = (test.lea().await, test.ann().await, test.bob().await, test.cat().await);
    let two = two(&test).await;
    let path = format!("/customers/{}/merge", two.loser);
    let version = read(&lea, two.loser).await["version"].clone();
    lea.post(&path, json!({ "into": two.winner })).await.refused(428, "VERSION_REQUIRED");
    lea.act(&path, &json!(99), json!({ "into": two.winner })).await.refused(412, "VERSION_CHANGED");
    lea.act(&path, &version, json!({ "into": two.winner, "into_version": 99 })).await.refused(412, "VERSION_CHANGED");
    lea.act(&path, &version, json!({})).await.invalid(&["into"]);
    lea.act(&path, &version, json!({ "into": two.loser })).await.invalid(&["into"]);
    lea.act(&path, &version, json!({ "into": two.winner, "keep": { "name": "both" } })).await.invalid(&["keep.name"]);
    lea.act(&path, &version, json!({ "into": two.winner, "keep": { "colour": "this" } })).await.invalid(&["keep"]);
    // bob sees only the one that would go, ann only the one that would stay, cat may edit by a share but sees one only.
    bob.act(&path, &version, json!({ "into": two.winner })).await.invalid(&["into"]);
    cat.act(&path, &version, json!({ "into": two.winner })).await.invalid(&["into"]);
    ann.act(&path, &version, json!({ "into": two.winner })).await.refused(404, "NOT_FOUND");
    let share = json!({ "grantee_type": "user", "grantee_id": bob.id(), "access": "read" });
    ann.post(&format!("/customers/{}/shares", two.winner), share).await.created();
    bob.act(&path, &version, json!({ "into": two.winner })).await.refused(403, "FORBIDDEN");
    bob.get(&format!("/customers/{}/merge-preview?into={}", two.loser, two.winner)).await.refused(403, "FORBIDDEN");
    assert_eq!(read(&lea, two.loser).await["version"], version);
}

// S17: a phone that comes with a merge was verified by nobody; taken back, it is verified again by whoever did it, and when.
#[tokio::test(flavor = "multi_thread")]
async fn a_verified_phone_comes_back_with_its_witness() {
    let test = TestApp::start().await;
    let (lea, two) = (test.lea().await, two(&test).await);
    let path = format!("/customers/{}", two.winner);
    let checked = |customer: &Value| ["phone_check", "phone_checked_at", "phone_checked_by_name"].map(|field| customer[field].clone());
    let version = lea.get(&path).await.ok()["version"].clone();
    let before = checked(&lea.patch(&path, &version, json!({ "phone_check": "valid" })).await.ok());
    assert_eq!(before, [json!("valid"), json!("2024-03-18T01:00:00Z"), json!("李雅")]);
    let done = merge(&lea, two.loser, two.winner, json!({ "contact": "this" })).await;
    assert_eq!(checked(&lea.get(&path).await.ok()), [json!("unverified"), Value::Null, Value::Null]);
    lea.post(&format!("/customers/merges/{}/undo", done["merge_id"]), json!({})).await.ok();
    assert_eq!(checked(&lea.get(&path).await.ok()), before);
}
