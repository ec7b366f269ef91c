use serde_json::{Value, json};

use crate::support::{TestApp, a_plan};

const ON: &str = "2024-03-20T14:00:00+08:00";

fn path(plan: &Value) -> String {
    format!("/follow-up-plans/{}", plan["id"])
}

/// The message beside one field of a refusal.
fn message(problem: &Value, field: &str) -> (String, String) {
    let found = problem["fields"].as_array().unwrap().iter().find(|entry| entry["field"] == field).unwrap();
    (found["code"].as_str().unwrap().to_owned(), found["message"].as_str().unwrap().to_owned())
}

fn results(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["result"].as_str().unwrap().to_owned()).collect()
}

// S41, S42, S43: date, start and end, method, content; every field that is wrong is named.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_needs_a_slot_ahead_a_method_and_a_content() {
    let test = TestApp::start().await;
    let mut ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    let all = ["customer_id", "starts_at", "ends_at", "method", "content"];
    ann.post("/follow-up-plans", json!({})).await.invalid(&all);
    ann.post("/follow-up-plans", json!({ "content": "  ", "method": "" })).await.invalid(&all);
    let plan = |change: Value| {
        let mut plan = a_plan(customer, ON, json!({}));
        for (name, value) in change.as_object().unwrap() {
            plan[name] = value.clone();
        }
        plan
    };
    let ends = |at: &str| plan(json!({ "ends_at": at }));
    // 14:00–14:00, backwards, over midnight.
    ann.post("/follow-up-plans", ends(ON)).await.invalid(&["ends_at"]);
    ann.post("/follow-up-plans", ends("2024-03-20T13:00:00+08:00")).await.invalid(&["ends_at"]);
    ann.post("/follow-up-plans", ends("2024-03-21T13:00:00+08:00")).await.invalid(&["ends_at"]);
    ann.post("/follow-up-plans", ends("2024-03-20T14:00:01+08:00")).await.created();
    // A second ago, now.
    let past = json!({ "starts_at": "2024-03-18T08:59:59+08:00", "ends_at": "2024-03-18T10:00:00+08:00" });
    let refused = ann.post("/follow-up-plans", plan(past.clone())).await.invalid(&["starts_at"]);
    assert_eq!(message(&refused, "starts_at"), ("IN_PAST".into(), "开始时间不能早于当前时间；已发生的联系请填写跟进记录".into()));
    ann.language = "en";
    let refused = ann.post("/follow-up-plans", plan(past)).await.invalid(&["starts_at"]);
    assert!(message(&refused, "starts_at").1.starts_with("must not be in the past"));
    ann.post("/follow-up-plans", plan(json!({ "starts_at": "2024-03-18T09:00:00+08:00", "ends_at": "2024-03-18T09:30:00+08:00" })))
        .await
        .created();
    // A time without zone, an unknown method, 501 characters.
    ann.post("/follow-up-plans", plan(json!({ "starts_at": "2024-03-20T14:00:00" }))).await.invalid(&["starts_at"]);
    ann.post("/follow-up-plans", plan(json!({ "method": "telepathy" }))).await.invalid(&["method"]);
    ann.post("/follow-up-plans", plan(json!({ "content": "长".repeat(501) }))).await.invalid(&["content"]);
    ann.post("/follow-up-plans", plan(json!({ "content": "长".repeat(500) }))).await.created();
    ann.post("/follow-up-plans", plan(json!({ "color": "red" }))).await.refused(400, "UNKNOWN_FIELD");
    for method in ["phone_call", "on_site_visit", "online_meeting", "wechat", "email", "other"] {
        ann.post("/follow-up-plans", plan(json!({ "method": method }))).await.created();
    }
    // Nothing was kept of what was refused: 3 slots, 6 methods.
    assert_eq!(ann.get("/follow-up-plans").await.ok()["total"], 9);
}

// S42: a disabled method stays on old plans and cannot be newly chosen.
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_method_stays_where_it_is() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let customer = ann.has_customer("甲公司").await;
    let old = ann.plans(customer, ON, json!({ "method": "wechat" })).await;
    let entries = adm.get("/dictionaries/follow_up_method").await.ok();
    let wechat = entries.as_array().unwrap().iter().find(|entry| entry["key"] == "wechat").unwrap();
    let path_of_entry = format!("/dictionaries/follow_up_method/{}", wechat["id"]);
    adm.patch(&path_of_entry, &wechat["version"], json!({ "disabled": true })).await.ok();
    ann.post("/follow-up-plans", a_plan(customer, ON, json!({ "method": "wechat" }))).await.invalid(&["method"]);
    ann.patch(&path(&old), &old["version"], json!({ "method": "wechat", "content": "改" })).await.ok();
}

// S41: overlap with one's own plans is a warning, no more; touching slots do not overlap, nor do those of others.
#[tokio::test(flavor = "multi_thread")]
async fn overlap_is_only_a_warning() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let customer = ann.has_customer("甲公司").await;
    let first = ann.plans(customer, ON, json!({})).await;
    assert_eq!(first.get("warnings"), None);
    let second = ann.plans(customer, "2024-03-20T14:59:59+08:00", json!({})).await;
    assert_eq!(second["warnings"][0]["code"], "PLAN_OVERLAP");
    assert_eq!(ann.plans(customer, "2024-03-20T16:00:00+08:00", json!({})).await["warnings"][0]["code"], Value::Null);
    assert_eq!(ann.plans(customer, "2024-03-20T13:00:00+08:00", json!({})).await.get("warnings"), None);
    assert_eq!(ann.plans(customer, ON, json!({ "owner_id": bob.id() })).await.get("warnings"), None);
    ann.patch(&path(&second), &second["version"], json!({ "status": "cancelled" })).await.ok();
    let moved = ann.patch(&path(&first), &first["version"], json!({ "content": "改" })).await.ok();
    assert_eq!(moved.get("warnings"), None);
}

// S44: a plan stands as made, is moved, handed over and called off; its history tells.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_moved_and_called_off() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    let opportunity = ann.has_opportunity(customer, "ERP采购").await;
    let made = ann.post("/follow-up-plans", a_plan(customer, ON, json!({ "opportunity_id": opportunity }))).await;
    let plan = made.created();
    assert_eq!(made.headers["location"], path(&plan).replace("/follow", "/api/v1/follow"));
    assert_eq!((plan["owner_id"].as_i64(), plan["status"].as_str()), (Some(ann.id()), Some("planned")));
    assert_eq!((plan["customer_name"].as_str(), plan["opportunity_name"].as_str()), (Some("甲公司"), Some("ERP采购")));
    assert_eq!((plan["starts_at"].as_str(), plan["ends_at"].as_str()), (Some("2024-03-20T06:00:00Z"), Some("2024-03-20T07:00:00Z")));
    let read = ann.get(&path(&plan)).await;
    assert_eq!(read.headers["etag"], "\"1\"");
    assert_eq!(read.ok()["can_edit"], true);

    ann.send_json(axum::http::Method::PATCH, &path(&plan), None, &[], json!({})).await.refused(428, "VERSION_REQUIRED");
    ann.patch(&path(&plan), &json!(7), json!({ "content": "改" })).await.refused(412, "VERSION_CHANGED");
    ann.patch(&path(&plan), &json!(1), json!({ "ends_at": "2024-03-20T13:00:00+08:00" })).await.invalid(&["ends_at"]);
    ann.patch(&path(&plan), &json!(1), json!({ "starts_at": "2024-03-18T08:00:00+08:00" })).await.invalid(&["starts_at", "ends_at"]);
    ann.patch(&path(&plan), &json!(1), json!({ "status": "done" })).await.invalid(&["status"]);
    ann.patch(&path(&plan), &json!(1), json!({ "owner_id": 9999 })).await.invalid(&["owner_id"]);
    let slot = json!({ "starts_at": "2024-03-21T09:00:00+08:00", "ends_at": "2024-03-21T10:00:00+08:00", "method": "email" });
    let moved = ann.patch(&path(&plan), &json!(1), slot).await.ok();
    assert_eq!((moved["version"].as_i64(), moved["method"].as_str()), (Some(2), Some("email")));
    let stale = ann.patch(&path(&plan), &json!(1), json!({ "content": "改" })).await.refused(412, "VERSION_CHANGED");
    assert_eq!(stale["current"]["method"], "email");
    let off = ann.patch(&path(&plan), &json!(2), json!({ "status": "cancelled" })).await.ok();
    assert_eq!(off["status"], "cancelled");
    ann.patch(&path(&plan), &json!(3), json!({ "content": "改" })).await.refused(409, "PLAN_CLOSED");

    let timeline = ann.get(&format!("/opportunities/{opportunity}/timeline")).await.ok();
    let titles: Vec<&str> = timeline["items"].as_array().unwrap().iter().map(|entry| entry["title"].as_str().unwrap()).collect();
    assert_eq!(&titles[..3], ["取消跟进计划：确认报价", "调整跟进计划：确认报价", "新增跟进计划：确认报价"]);
    assert!(timeline["items"][1]["changes"].as_array().unwrap().iter().any(|change| change["label"] == "开始时间"));
}

// S44, I40: plans and records are in sight exactly when their opportunity, else their customer, is.
#[tokio::test(flavor = "multi_thread")]
async fn out_of_scope_looks_like_absent() {
    let test = TestApp::start().await;
    let (ann, bob, cat, lea, dan, fin) =
        (test.ann().await, test.bob().await, test.cat().await, test.lea().await, test.dan().await, test.fin().await);
    let customer = ann.has_customer("甲公司").await;
    let opportunity = ann.has_opportunity(customer, "ERP采购").await;
    let plan = ann.plans(customer, ON, json!({ "opportunity_id": opportunity })).await;
    let record = ann.records(customer, "2024-03-18T08:00:00+08:00", "谈妥").await;
    let record_path = format!("/follow-ups/{}", record["id"]);
    let without_id = |mut problem: Value| {
        problem["request_id"].take();
        problem
    };
    for outsider in [&bob, &cat] {
        for (there, nowhere) in [(path(&plan), "/follow-up-plans/999999"), (record_path.clone(), "/follow-ups/999999")] {
            let hidden = without_id(outsider.get(&there).await.refused(404, "NOT_FOUND"));
            assert_eq!(hidden, without_id(outsider.get(nowhere).await.refused(404, "NOT_FOUND")));
            outsider.patch(&there, &json!(1), json!({})).await.refused(404, "NOT_FOUND");
        }
        let complete = format!("{}/complete", path(&plan));
        outsider.act(&complete, &json!(1), json!({ "result": "x", "next_action": "y" })).await.refused(404, "NOT_FOUND");
        for list in ["/follow-up-plans", "/follow-ups"] {
            assert_eq!(outsider.get(&format!("{list}?customer_id={customer}")).await.ok()["total"], 0);
        }
        let hidden = without_id(outsider.post("/follow-up-plans", a_plan(customer, ON, json!({}))).await.invalid(&["customer_id"]));
        assert_eq!(hidden, without_id(outsider.post("/follow-up-plans", a_plan(999_999, ON, json!({}))).await.invalid(&["customer_id"])));
        let draft = json!({ "opportunity_id": opportunity, "method": "email", "result": "x", "next_action": "y" });
        outsider.post("/follow-ups", draft).await.invalid(&["opportunity_id"]);
        let draft = json!({ "plan_id": plan["id"], "method": "email", "result": "x", "next_action": "y" });
        assert_eq!(message(&outsider.post("/follow-ups", draft).await.refused(422, "INVALID_FIELDS"), "plan_id").0, "UNKNOWN");
    }
    for (insider, edits) in [(&lea, true), (&dan, true), (&fin, false)] {
        assert_eq!(insider.get(&path(&plan)).await.ok()["can_edit"], edits);
        assert_eq!(insider.get(&record_path).await.ok()["can_edit"], edits);
        assert_eq!(insider.get("/follow-ups").await.ok()["total"], 1);
    }
    fin.post("/follow-up-plans", a_plan(customer, ON, json!({}))).await.refused(403, "FORBIDDEN");
    fin.patch(&path(&plan), &json!(1), json!({ "content": "改" })).await.refused(403, "FORBIDDEN");

    // Shared for reading: in sight, not to be changed.
    let share = json!({ "grantee_type": "user", "grantee_id": cat.id(), "access": "read" });
    ann.post(&format!("/customers/{customer}/shares"), share).await.created();
    assert_eq!(cat.get(&path(&plan)).await.ok()["can_edit"], false);
    assert_eq!(cat.get(&record_path).await.ok()["can_edit"], false);
    cat.patch(&path(&plan), &json!(1), json!({ "content": "改" })).await.refused(403, "FORBIDDEN");
    cat.patch(&record_path, &json!(1), json!({ "result": "改" })).await.refused(403, "FORBIDDEN");
    cat.post("/follow-up-plans", a_plan(customer, ON, json!({}))).await.refused(403, "FORBIDDEN");
    let draft = json!({ "customer_id": customer, "method": "email", "result": "x", "next_action": "y" });
    cat.post("/follow-ups", draft).await.refused(403, "FORBIDDEN");
}

// S44: whoever is given a plan sees what it is about, and can complete it.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_brings_sight_to_its_owner() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let customer = ann.has_customer("甲公司").await;
    cat.get(&format!("/customers/{customer}")).await.refused(404, "NOT_FOUND");
    let plan = ann.plans(customer, ON, json!({ "owner_id": cat.id() })).await;
    cat.get(&format!("/customers/{customer}")).await.ok();
    assert_eq!(cat.get(&path(&plan)).await.ok()["can_edit"], true);
    let done = cat
        .act(&format!("{}/complete", path(&plan)), &plan["version"], json!({ "result": "谈妥", "next_action": "签合同" }))
        .await
        .created();
    assert_eq!(done["author_id"], cat.id());
    let titles = ann.get(&format!("/customers/{customer}/timeline")).await.ok().to_string();
    assert!(titles.contains("共享给 陈凯"), "{titles}");
}

// S44, S47, S48: completing a plan writes the record, once.
#[tokio::test(flavor = "multi_thread")]
async fn completing_a_plan_writes_its_record() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    let opportunity = ann.has_opportunity(customer, "ERP采购").await;
    let plan = ann.plans(customer, ON, json!({ "opportunity_id": opportunity, "method": "on_site_visit" })).await;
    let complete = format!("{}/complete", path(&plan));
    ann.post(&complete, json!({ "result": "谈妥", "next_action": "签合同" })).await.refused(428, "VERSION_REQUIRED");
    ann.act(&complete, &json!(9), json!({ "result": "谈妥", "next_action": "签合同" })).await.refused(412, "VERSION_CHANGED");
    ann.act(&complete, &json!(1), json!({})).await.invalid(&["result", "next_action"]);
    let before = ann.get(&format!("/opportunities/{opportunity}")).await.ok();
    assert_eq!(before["next_step"]["id"], plan["id"]);
    let draft = json!({ "result": "谈妥", "next_action": "3月25日前提供报价单", "next_action_due": "2024-03-25" });
    let keyed = [("idempotency-key", "visit-1")];
    let first = ann.send_json(axum::http::Method::POST, &complete, Some(1), &keyed, draft.clone()).await;
    let record = first.created();
    assert_eq!((record["plan_id"].clone(), record["method"].as_str()), (plan["id"].clone(), Some("on_site_visit")));
    assert_eq!((record["next_action_due"].as_str(), record["late_entry"].as_bool()), (Some("2024-03-25"), Some(false)));
    assert_eq!((record["contacted_at"].as_str(), record["author_name"].as_str()), (Some("2024-03-18T01:00:00Z"), Some("安妮")));
    let again = ann.send_json(axum::http::Method::POST, &complete, Some(1), &keyed, draft.clone()).await;
    assert_eq!(again.created(), record);
    let done = ann.get(&path(&plan)).await.ok();
    assert_eq!(
        (done["status"].as_str(), done["follow_up_id"].clone(), done["version"].as_i64()),
        (Some("done"), record["id"].clone(), Some(2))
    );
    ann.act(&complete, &json!(2), draft.clone()).await.refused(409, "PLAN_CLOSED");
    ann.post("/follow-ups", json!({ "plan_id": plan["id"], "result": "x", "next_action": "y" })).await.refused(409, "PLAN_CLOSED");
    assert_eq!(ann.get("/follow-ups").await.ok()["total"], 1);
    let after = ann.get(&format!("/opportunities/{opportunity}")).await.ok();
    assert_eq!(after["next_step"], Value::Null);
    assert_eq!(after["last_followed_up_at"], "2024-03-18T01:00:00Z");
    // S27: the first record starts the follow-up.
    let customer = ann.get(&format!("/customers/{customer}")).await.ok();
    assert_eq!(
        (customer["follow_up_status"].as_str(), customer["last_followed_up_at"].as_str()),
        (Some("in_progress"), Some("2024-03-18T01:00:00Z"))
    );
    assert_eq!(customer["version"], 1);
}

// S47: a record by way of its plan's id; the parent may be named too, if it is the right one.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_may_name_its_plan() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (customer, other) = (ann.has_customer("甲公司").await, ann.has_customer("乙公司").await);
    let plan = ann.plans(customer, ON, json!({})).await;
    let draft = |customer: i64| json!({ "plan_id": plan["id"], "customer_id": customer, "result": "谈妥", "next_action": "签合同" });
    ann.post("/follow-ups", draft(other)).await.invalid(&["plan_id"]);
    let record = ann.post("/follow-ups", draft(customer)).await.created();
    assert_eq!((record["plan_id"].clone(), record["method"].as_str()), (plan["id"].clone(), Some("phone_call")));
}

// S47: result 1–2000, contact time now by default, backwards only; more than 24 h back is 补录.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_tells_what_was() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    let draft = |change: Value| {
        let mut draft = json!({ "customer_id": customer, "method": "phone_call", "result": "谈妥", "next_action": "签合同" });
        for (name, value) in change.as_object().unwrap() {
            draft[name] = value.clone();
        }
        draft
    };
    ann.post("/follow-ups", json!({})).await.invalid(&["customer_id", "method", "result", "next_action"]);
    ann.post("/follow-ups", draft(json!({ "result": "长".repeat(2001) }))).await.invalid(&["result"]);
    ann.post("/follow-ups", draft(json!({ "result": "长".repeat(2000) }))).await.created();
    ann.post("/follow-ups", draft(json!({ "next_action": "长".repeat(501) }))).await.invalid(&["next_action"]);
    ann.post("/follow-ups", draft(json!({ "next_action_due": "2024-02-30" }))).await.invalid(&["next_action_due"]);
    let ahead = ann.post("/follow-ups", draft(json!({ "contacted_at": "2024-03-18T09:00:00.001+08:00" }))).await.invalid(&["contacted_at"]);
    assert_eq!(message(&ahead, "contacted_at").0, "IN_FUTURE");
    for (at, late) in [
        (json!(null), false),
        (json!("2024-03-18T09:00:00+08:00"), false),
        (json!("2024-03-17T09:00:00+08:00"), false),
        (json!("2024-03-17T08:59:59.999+08:00"), true),
        (json!("2024-01-02T09:00:00+08:00"), true),
    ] {
        let record = ann.post("/follow-ups", draft(json!({ "contacted_at": at }))).await.created();
        assert_eq!(record["late_entry"], late, "{at}");
    }
    assert_eq!(ann.get("/follow-ups?late_entry=true").await.ok()["total"], 2);
    // A back-dated record does not move the last contact back.
    assert_eq!(ann.get(&format!("/customers/{customer}")).await.ok()["last_followed_up_at"], "2024-03-18T01:00:00Z");
}

// S47: the author changes the words, who and when are kept, what it said before stays in the history.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_changed_with_its_history() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let customer = ann.has_customer("甲公司").await;
    let record = ann.records(customer, "2024-03-18T08:00:00+08:00", "谈妥").await;
    let path = format!("/follow-ups/{}", record["id"]);
    ann.patch(&path, &json!(1), json!({ "contacted_at": ON })).await.refused(400, "UNKNOWN_FIELD");
    ann.patch(&path, &json!(1), json!({ "result": null })).await.invalid(&["result"]);
    let edited = ann.patch(&path, &json!(1), json!({ "result": "谈妥了价格", "next_action_due": "2024-03-25" })).await.ok();
    assert_eq!((edited["version"].as_i64(), edited["author_id"].as_i64()), (Some(2), Some(ann.id())));
    ann.patch(&path, &json!(1), json!({ "result": "x" })).await.refused(412, "VERSION_CHANGED");
    // Shared for editing makes a colleague no author.
    let share = json!({ "grantee_type": "user", "grantee_id": bob.id(), "access": "edit" });
    ann.post(&format!("/customers/{customer}/shares"), share).await.created();
    bob.patch(&path, &json!(2), json!({ "result": "x" })).await.refused(403, "FORBIDDEN");
    test.advance("2024-03-19T09:00:01+08:00").await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    ann.patch(&path, &json!(2), json!({ "result": "谈妥了价格和日期" })).await.ok();
    lea.patch(&path, &json!(3), json!({ "next_action_due": null })).await.ok();
    let timeline = ann.get(&format!("/customers/{customer}/timeline")).await.ok();
    let edits: Vec<&Value> = timeline["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "follow_up_edited").collect();
    assert_eq!(edits.len(), 3);
    assert_eq!(edits[1]["changes"][0]["old"], "谈妥了价格");
    assert_eq!(edits[1]["changes"][0]["new"], "谈妥了价格和日期");
    assert_eq!((edits[0]["by_name"].as_str(), edits[0]["changes"][0]["old"].as_str()), (Some("李雅"), Some("2024-03-25")));
}

// S48: with one tick the next action is a plan, in the same step.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_action_becomes_a_plan() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let customer = ann.has_customer("甲公司").await;
    let draft = |change: Value| {
        let mut draft = json!({ "customer_id": customer, "method": "wechat", "result": "谈妥", "next_action": "3月25日前提供报价单", "next_action_as": "plan" });
        for (name, value) in change.as_object().unwrap() {
            draft[name] = value.clone();
        }
        draft
    };
    ann.post("/follow-ups", draft(json!({}))).await.invalid(&["next_plan_starts_at", "next_plan_ends_at"]);
    let past = json!({ "next_plan_starts_at": "2024-03-17T10:00:00+08:00", "next_plan_ends_at": "2024-03-17T09:00:00+08:00" });
    ann.post("/follow-ups", draft(past)).await.invalid(&["next_plan_starts_at", "next_plan_ends_at"]);
    let slot = json!({ "next_plan_starts_at": "2024-03-25T10:00:00+08:00", "next_plan_ends_at": "2024-03-25T11:00:00+08:00", "next_action_owner_id": bob.id() });
    let loose = json!({ "customer_id": customer, "method": "wechat", "result": "谈妥", "next_action": "等", "next_plan_starts_at": ON });
    ann.post("/follow-ups", loose).await.invalid(&["next_plan_starts_at"]);
    assert_eq!(ann.get("/follow-ups").await.ok()["total"], 0);
    assert_eq!(ann.get("/follow-up-plans").await.ok()["total"], 0);
    let record = ann.post("/follow-ups", draft(slot)).await.created();
    let plan = bob.get(&format!("/follow-up-plans/{}", record["next_plan_id"])).await.ok();
    assert_eq!((plan["content"].as_str(), plan["owner_id"].as_i64()), (Some("3月25日前提供报价单"), Some(bob.id())));
    assert_eq!((plan["method"].as_str(), plan["starts_at"].as_str()), (Some("wechat"), Some("2024-03-25T02:00:00Z")));

    // A day is enough: half an hour at nine, today the next half hour; a day that is over is named.
    ann.post("/follow-ups", draft(json!({ "next_action_due": "2024-03-17" }))).await.invalid(&["next_action_due"]);
    test.set_now("2024-03-18T10:00:00+08:00");
    let ann = test.ann().await;
    for (due, starts_at, ends_at) in
        [("2024-03-25", "2024-03-25T01:00:00Z", "2024-03-25T01:30:00Z"), ("2024-03-18", "2024-03-18T02:30:00Z", "2024-03-18T03:00:00Z")]
    {
        let record = ann.post("/follow-ups", draft(json!({ "next_action_due": due }))).await.created();
        let plan = ann.get(&format!("/follow-up-plans/{}", record["next_plan_id"])).await.ok();
        assert_eq!((plan["starts_at"].as_str(), plan["ends_at"].as_str()), (Some(starts_at), Some(ends_at)));
    }
}

// S51: the newest contact first, ties by the newest entry; a back-dated record takes its place.
#[tokio::test(flavor = "multi_thread")]
async fn records_run_from_the_newest_contact() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (customer, other) = (ann.has_customer("甲公司").await, ann.has_customer("乙公司").await);
    let opportunity = ann.has_opportunity(customer, "ERP采购").await;
    ann.records(customer, "2024-03-18T08:00:00+08:00", "今早").await;
    ann.records(customer, "2024-03-15T08:00:00+08:00", "上周五").await;
    ann.records(customer, "2024-03-16T08:00:00+08:00", "周六一").await;
    ann.records(customer, "2024-03-16T08:00:00+08:00", "周六二").await;
    ann.records(other, "2024-03-17T08:00:00+08:00", "别家").await;
    let of_deal = json!({ "opportunity_id": opportunity, "method": "email", "contacted_at": "2024-03-17T08:00:00+08:00", "result": "商机的", "next_action": "等" });
    ann.post("/follow-ups", of_deal).await.created();
    let page = ann.get(&format!("/follow-ups?customer_id={customer}")).await.ok();
    assert_eq!(results(&page), ["今早", "商机的", "周六二", "周六一", "上周五"]);
    assert_eq!(results(&ann.get(&format!("/follow-ups?opportunity_id={opportunity}")).await.ok()), ["商机的"]);
    assert_eq!(results(&ann.get("/follow-ups?from=2024-03-17&to=2024-03-17").await.ok()), ["商机的", "别家"]);
    assert_eq!(results(&ann.get("/follow-ups?method=email").await.ok()), ["商机的"]);
    assert_eq!(results(&ann.get(&format!("/follow-ups?author_id={}&from=2024-03-18", ann.id())).await.ok()), ["今早"]);
    assert_eq!(ann.get("/follow-ups?author_id=999999").await.ok()["total"], 0);
    ann.get("/follow-ups?sort=result").await.invalid(&["sort"]);
    ann.get("/follow-ups?from=20-03-2024").await.invalid(&["from"]);
}

// S51: paging neither skips nor repeats while new records arrive.
#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_while_records_arrive() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("甲公司").await;
    for number in 0..7 {
        ann.records(customer, "2024-03-16T08:00:00+08:00", &format!("旧{number}")).await;
    }
    let mut seen: Vec<String> = Vec::new();
    let mut path = "/follow-ups?limit=2".to_owned();
    loop {
        let page = ann.get(&path).await.ok();
        seen.extend(results(&page));
        ann.records(customer, "2024-03-18T08:00:00+08:00", "新").await;
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/follow-ups?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, ["旧6", "旧5", "旧4", "旧3", "旧2", "旧1", "旧0"]);
}

// Lists of plans: every filter of the contract, the earliest first.
#[tokio::test(flavor = "multi_thread")]
async fn plans_are_found_by_their_filters() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let customer = ann.has_customer("甲公司").await;
    let opportunity = ann.has_opportunity(customer, "ERP采购").await;
    let late = ann.plans(customer, "2024-03-22T14:00:00+08:00", json!({ "content": "晚" })).await;
    ann.plans(customer, ON, json!({ "content": "早", "opportunity_id": opportunity })).await;
    ann.plans(customer, "2024-03-21T14:00:00+08:00", json!({ "content": "给李雅", "owner_id": lea.id() })).await;
    ann.patch(&path(&late), &late["version"], json!({ "status": "cancelled" })).await.ok();
    let found = async |query: String| -> Vec<String> {
        let page = ann.get(&format!("/follow-up-plans?{query}")).await.ok();
        page["items"].as_array().unwrap().iter().map(|plan| plan["content"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found(String::new()).await, ["早", "给李雅", "晚"]);
    assert_eq!(found("sort=-starts_at".into()).await, ["晚", "给李雅", "早"]);
    assert_eq!(found(format!("customer_id={customer}&status=planned")).await, ["早", "给李雅"]);
    assert_eq!(found("status=cancelled&status=done".into()).await, ["晚"]);
    assert_eq!(found(format!("owner_id={}", lea.id())).await, ["给李雅"]);
    assert_eq!(found(format!("opportunity_id={opportunity}")).await, ["早"]);
    assert_eq!(found("from=2024-03-21&to=2024-03-21".into()).await, ["给李雅"]);
    assert_eq!(found("from=2024-03-20T14:00:00%2B08:00&to=2024-03-20T14:00:00%2B08:00".into()).await, ["早"]);
    ann.get("/follow-up-plans?status=lost").await.invalid(&["status"]);
    ann.get("/follow-up-plans?who=me").await.refused(400, "UNKNOWN_FIELD");
}

// S44, I58: two people complete one plan at the same moment: one record, the other one hears why not.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_completed_once_however_many_try() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let customer = ann.has_customer("甲公司").await;
    let plan = ann.plans(customer, ON, json!({})).await;
    let complete = format!("{}/complete", path(&plan));
    let version = json!(1);
    let draft = || json!({ "result": "谈妥", "next_action": "签合同" });
    let by_id = json!({ "plan_id": plan["id"], "result": "谈妥", "next_action": "签合同" });
    let (first, second, third) =
        tokio::join!(ann.act(&complete, &version, draft()), lea.act(&complete, &version, draft()), lea.post("/follow-ups", by_id));
    let mut statuses = [first.status, second.status, third.status];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!(statuses[1..].iter().all(|status| [409, 412].contains(status)), "{statuses:?}");
    assert_eq!(ann.get("/follow-ups").await.ok()["total"], 1);
}

// I58: of two edits of one version one is saved, the other sees what is there now.
#[tokio::test(flavor = "multi_thread")]
async fn parallel_edits_never_overwrite_each_other() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let customer = ann.has_customer("甲公司").await;
    let plan = path(&ann.plans(customer, ON, json!({})).await);
    let record = format!("/follow-ups/{}", ann.records(customer, "2024-03-18T08:00:00+08:00", "谈妥").await["id"]);
    for (path, field) in [(plan, "content"), (record, "result")] {
        let version = json!(1);
        let (one, two) =
            tokio::join!(ann.patch(&path, &version, json!({ field: "一" })), lea.patch(&path, &version, json!({ field: "二" })));
        let (kept, refused) = if one.status == 200 { (one, two) } else { (two, one) };
        assert_eq!(kept.ok()["version"], 2);
        assert_eq!(refused.refused(412, "VERSION_CHANGED")["current"][field], kept.json()[field]);
    }
}
