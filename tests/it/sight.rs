//! Sight that comes with work: one rule over opportunities and plans (docs/decisions/0002).

use serde_json::json;

use crate::support::{Client, TestApp};

async fn sees(who: &Client, id: i64) -> bool {
    who.get(&format!("/customers/{id}")).await.status == 200
}

async fn give(from: &Client, opportunity: i64, to: &Client) {
    let path = format!("/opportunities/{opportunity}");
    let version = from.get(&path).await.ok()["version"].clone();
    from.patch(&path, &version, json!({ "owner_id": to.id() })).await.ok();
}

// S38, S44: sight comes with a plan and goes with it: handed on, cancelled, done.
#[tokio::test(flavor = "multi_thread")]
async fn sight_goes_with_the_last_plan() {
    let test = TestApp::start().await;
    let (ann, bob, cat) = (test.ann().await, test.bob().await, test.cat().await);
    let id = ann.has_customer("视线有限公司").await;
    let plan = ann.plans(id, "2024-03-20T10:00:00+08:00", json!({ "owner_id": cat.id() })).await;
    assert!(sees(&cat, id).await && !sees(&bob, id).await);
    let path = format!("/follow-up-plans/{}", plan["id"]);
    let plan = ann.patch(&path, &plan["version"], json!({ "owner_id": bob.id() })).await.ok();
    assert!(sees(&bob, id).await && !sees(&cat, id).await);
    ann.patch(&path, &plan["version"], json!({ "status": "cancelled" })).await.ok();
    assert!(!sees(&bob, id).await);
    // Done by its owner: the record is written and answered, then the sight ends.
    let plan = ann.plans(id, "2024-03-20T10:00:00+08:00", json!({ "owner_id": cat.id() })).await;
    let done = json!({ "result": "已拜访", "next_action": "报价" });
    let record = cat.act(&format!("/follow-up-plans/{}/complete", plan["id"]), &plan["version"], done).await.created();
    assert_eq!(record["result"], "已拜访");
    assert!(!sees(&cat, id).await);
}

// S38: an opportunity that leaves does not take the sight that a plan still gives, nor the other way round.
#[tokio::test(flavor = "multi_thread")]
async fn sight_stays_while_any_work_is_left() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    let id = ann.has_customer("视线有限公司").await;
    let opportunity = ann.has_opportunity(id, "ERP").await;
    give(&lea, opportunity, &bob).await;
    let plan = ann.plans(id, "2024-03-20T10:00:00+08:00", json!({ "owner_id": bob.id() })).await;
    give(&lea, opportunity, &ann).await;
    assert!(sees(&bob, id).await, "the plan is still his");
    give(&lea, opportunity, &bob).await;
    ann.patch(&format!("/follow-up-plans/{}", plan["id"]), &plan["version"], json!({ "status": "cancelled" })).await.ok();
    assert!(sees(&bob, id).await, "the opportunity is still his");
    // In the recycle bin it is no work; restored it is again.
    let version = lea.get(&format!("/opportunities/{opportunity}")).await.ok()["version"].clone();
    assert_eq!(lea.delete(&format!("/opportunities/{opportunity}?reason=录错"), &version).await.status, 204);
    assert!(!sees(&bob, id).await);
    lea.post(&format!("/opportunities/{opportunity}/restore"), json!({})).await.ok();
    assert!(sees(&bob, id).await);
    give(&lea, opportunity, &ann).await;
    assert!(!sees(&bob, id).await);
}

// S3: what was shared by hand stays; a share that comes with work cannot be taken while the work is there.
#[tokio::test(flavor = "multi_thread")]
async fn shares_by_hand_and_by_work() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    let id = ann.has_customer("视线有限公司").await;
    let opportunity = ann.has_opportunity(id, "ERP").await;
    give(&lea, opportunity, &bob).await;
    let shares = format!("/customers/{id}/shares");
    let marked = ann.get(&shares).await.ok()[0]["id"].clone();
    ann.delete(&format!("{shares}/{marked}"), &json!(null)).await.refused(409, "SIGHT_NEEDED");
    let by_hand = ann.post(&shares, json!({ "grantee_type": "user", "grantee_id": bob.id(), "access": "edit" })).await.created();
    // Taken back, it leaves the sight that the work needs.
    assert_eq!(ann.delete(&format!("{shares}/{}", by_hand["id"]), &json!(null)).await.status, 204);
    assert!(sees(&bob, id).await);
    assert_eq!(ann.get(&shares).await.ok()[0]["access"], "read");
    ann.post(&shares, json!({ "grantee_type": "user", "grantee_id": bob.id(), "access": "read" })).await.created();
    give(&lea, opportunity, &ann).await;
    assert!(sees(&bob, id).await, "shared by hand");
    // One by hand that ends while there is work is followed by one that comes with the work.
    give(&lea, opportunity, &bob).await;
    ann.post(&shares, json!({ "grantee_type": "user", "grantee_id": bob.id(), "access": "edit", "ends_on": "2024-03-19" })).await.created();
    test.advance("2024-03-20T09:00:00+08:00").await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    assert!(sees(&bob, id).await);
    assert_eq!(ann.get(&shares).await.ok()[0]["access"], "read");
}

// S38: a customer that changes hands stays in sight of those who have plans, not of the former owner without work.
#[tokio::test(flavor = "multi_thread")]
async fn a_customer_that_changes_hands() {
    let test = TestApp::start().await;
    let (ann, bob, cat, lea) = (test.ann().await, test.bob().await, test.cat().await, test.lea().await);
    let id = ann.has_customer("视线有限公司").await;
    ann.plans(id, "2024-03-20T10:00:00+08:00", json!({})).await;
    ann.plans(id, "2024-03-20T14:00:00+08:00", json!({ "owner_id": cat.id() })).await;
    let version = lea.get(&format!("/customers/{id}")).await.ok()["version"].clone();
    lea.patch(&format!("/customers/{id}"), &version, json!({ "owner_id": bob.id() })).await.ok();
    assert!(sees(&ann, id).await && sees(&bob, id).await && sees(&cat, id).await);
}
