//! Saved views (S33): filters, columns and order under a name.

use serde_json::{Value, json};

use crate::support::TestApp;

// S33: kept, renamed, shared, made the one the list opens with, removed.
#[tokio::test(flavor = "multi_thread")]
async fn a_view_keeps_filters_columns_and_order() {
    let test = TestApp::start().await;
    let (ann, bob, cat) = (test.ann().await, test.bob().await, test.cat().await);
    let draft = json!({
        "kind": "customers", "name": "久未跟进", "filters": { "not_followed_up_days": 30, "status": ["active", "potential"] },
        "columns": ["number", "status", "owner"], "sort": "last_followed_up_at"
    });
    let view = ann.post("/saved-views", draft.clone()).await.created();
    assert_eq!(view["columns"], draft["columns"]);
    assert_eq!(view["filters"], draft["filters"]);
    assert_eq!((&view["visibility"], &view["is_default"], &view["can_edit"]), (&json!("private"), &json!(false), &json!(true)));
    assert_eq!(bob.get("/saved-views?kind=customers").await.ok(), json!([]));
    let path = format!("/saved-views/{}", view["id"]);
    assert_eq!(bob.get(&path).await.status, 404);

    let shared = ann.patch(&path, &view["version"], json!({ "name": "30天未跟进", "visibility": "team" })).await.ok();
    assert_eq!(ann.patch(&path, &view["version"], json!({ "name": "旧" })).await.status, 412);
    assert_eq!(bob.get("/saved-views").await.ok()[0]["name"], "30天未跟进");
    assert_eq!(cat.get("/saved-views").await.ok(), json!([]));
    assert_eq!(bob.patch(&path, &shared["version"], json!({ "name": "改" })).await.status, 403);
    assert_eq!(bob.delete(&path, &shared["version"]).await.status, 403);

    // Everybody has a default of his or her own.
    let own = bob.put("/saved-views/default", json!({ "kind": "customers", "view_id": view["id"] })).await.ok();
    assert_eq!(own[0]["is_default"], true);
    assert_eq!(ann.get(&path).await.ok()["is_default"], false);
    cat.put("/saved-views/default", json!({ "kind": "customers", "view_id": view["id"] })).await.invalid(&["view_id"]);
    cat.put("/saved-views/default", json!({})).await.invalid(&["kind", "view_id"]);
    assert_eq!(bob.put("/saved-views/default", json!({ "kind": "customers", "view_id": null })).await.ok()[0]["is_default"], false);
    bob.put("/saved-views/default", json!({ "kind": "customers", "view_id": view["id"] })).await.ok();
    assert_eq!(ann.delete(&path, &shared["version"]).await.status, 204);
    assert_eq!(bob.get("/saved-views").await.ok(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_view_holds_is_judged_by_the_list() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    ann.post("/saved-views", json!({})).await.invalid(&["kind", "name"]);
    let bad = json!({
        "kind": "customers", "name": "长".repeat(31), "filters": { "industry": ["没有"] }, "columns": ["password"], "sort": "phone",
        "visibility": "all", "position": 10000
    });
    ann.post("/saved-views", bad).await.invalid(&["name", "filters.industry", "columns", "sort", "visibility", "position"]);
    ann.post("/saved-views", json!({ "kind": "customers", "name": "甲", "filters": [] })).await.invalid(&["filters"]);
    assert_eq!(ann.post("/saved-views", json!({ "kind": "customers", "name": "甲", "colour": "red" })).await.status, 400);
    let tabs = [("丙", 3), ("甲", 1), ("乙", 2)];
    for (name, position) in tabs {
        ann.post("/saved-views", json!({ "kind": "customers", "name": name, "position": position })).await.created();
    }
    let last = ann.post("/saved-views", json!({ "kind": "customers", "name": "丁" })).await.created();
    assert_eq!(last["position"], 4);
    let all = ann.get("/saved-views").await.ok();
    let order: Vec<&str> = all.as_array().unwrap().iter().map(|view| view["name"].as_str().unwrap()).collect();
    assert_eq!(order, ["甲", "乙", "丙", "丁"]);
}

// A view with a filter that no longer means anything says so and still opens.
#[tokio::test(flavor = "multi_thread")]
async fn a_view_with_a_dead_filter_still_opens() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let tag = ann.post("/tags", json!({ "name": "展会客户" })).await.created();
    let group = ann.post("/customer-groups", json!({ "name": "组", "kind": "static" })).await.created();
    let filters = json!({ "tag": [tag["id"]], "group_id": [group["id"]], "status": ["won"] });
    let view = ann
        .post("/saved-views", json!({ "kind": "customers", "name": "展会", "filters": filters, "visibility": "public" }))
        .await
        .created();
    assert_eq!(view["problems"], json!([]));
    // Another person cannot see ann's private group.
    let seen = adm.get("/saved-views").await.ok();
    assert_eq!(seen[0]["problems"][0]["field"], "group_id");
    adm.delete(&format!("/tags/{}", tag["id"]), &tag["version"]).await;
    ann.delete(&format!("/customer-groups/{}", group["id"]), &group["version"]).await;
    let opened = ann.get(&format!("/saved-views/{}", view["id"])).await.ok();
    assert_eq!(opened["filters"]["status"], json!(["won"]));
    let mut fields: Vec<&str> = opened["problems"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["group_id", "tag"]);
    assert!(opened["problems"].as_array().unwrap().iter().all(|one| one["message"] != Value::Null));
}
