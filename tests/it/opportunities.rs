use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer};

async fn customer(who: &Client, name: &str) -> Value {
    who.post("/customers", a_customer(name)).await.created()
}

async fn opportunity(who: &Client, customer: &Value, name: &str) -> Value {
    who.post("/opportunities", json!({ "name": name, "customer_id": customer["id"], "expected_amount": "500000" })).await.created()
}

async fn move_to(who: &Client, opportunity: &Value, body: Value) -> crate::support::Reply {
    who.act(&format!("/opportunities/{}/stage", opportunity["id"]), &opportunity["version"], body).await
}

// S34–S40: entered from a customer, at 初步接触, owned by its creator, numbered.
#[tokio::test(flavor = "multi_thread")]
async fn enter_an_opportunity() {
    let test = TestApp::start_at("2024-03-15T10:00:00+08:00").await;
    let ann = test.ann().await;
    let customer = customer(&ann, "上海某某科技").await;
    let body = json!({ "name": "公司ERP系统采购项目", "customer_number": " cust20240315001 ", "expected_amount": 500000, "expected_close_date": "2024-03-20" });
    let opportunity = ann.post("/opportunities", body).await.created();
    assert_eq!(opportunity["number"], "OPP20240315001");
    assert_eq!(opportunity["customer_id"], customer["id"]);
    assert_eq!(opportunity["expected_amount"], "500000.00");
    assert_eq!((opportunity["stage"].as_str(), opportunity["status"].as_str()), (Some("initial_contact"), Some("open")));
    assert_eq!((opportunity["probability"].as_i64(), opportunity["source"].as_str()), (Some(10), Some("官网注册")));
    assert_eq!(opportunity["owner_name"], "安妮");
    assert_eq!(ann.get("/opportunities/opp20240315001").await.ok()["id"], opportunity["id"]);
    let log = ann.get(&format!("/opportunities/{}/stage-changes", opportunity["id"])).await.ok();
    assert_eq!(log.as_array().unwrap().len(), 1);
    assert_eq!((log[0]["from"].clone(), log[0]["to"].as_str()), (Value::Null, Some("initial_contact")));
}

// S35–S40: every bad field is named; an absent and a foreign customer get the same answer.
#[tokio::test(flavor = "multi_thread")]
async fn bad_fields_are_named() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let own = customer(&ann, "甲").await;
    ann.post("/opportunities", json!({})).await.invalid(&["name", "customer_id", "expected_amount"]);
    let post = async |who: &Client, changes: Value| {
        let mut body = json!({ "name": "项目", "customer_id": own["id"], "expected_amount": "1" });
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        who.post("/opportunities", body).await
    };
    for amount in [json!("12.345"), json!(-1), json!("五万"), json!(12.345), json!("10000000000.00"), json!("1,234.5")] {
        post(&ann, json!({ "expected_amount": amount })).await.invalid(&["expected_amount"]);
    }
    for date in ["2024/3/20", "20-03-2024", "2024-02-30"] {
        post(&ann, json!({ "expected_close_date": date })).await.invalid(&["expected_close_date"]);
    }
    post(&ann, json!({ "name": "长".repeat(101), "stage": "nowhere", "owner_id": 999_999 })).await.invalid(&["name", "stage", "owner_id"]);
    post(&ann, json!({ "stage": "won" })).await.invalid(&["stage"]);
    post(&ann, json!({ "owner_id": cat.id() })).await.invalid(&["owner_id"]);
    let foreign = post(&cat, json!({})).await.invalid(&["customer_id"]);
    let absent = post(&cat, json!({ "customer_id": 999_999 })).await.invalid(&["customer_id"]);
    assert_eq!(foreign["fields"], absent["fields"]);
    assert_eq!(foreign["fields"][0]["message"], "客户编号不存在或无权访问");
    assert_eq!(post(&ann, json!({ "expected_amount": "0.00" })).await.created()["number"], "OPP20240318001");
    assert_eq!(post(&ann, json!({})).await.created()["warnings"][0]["code"], "SAME_NAME");
}

// S39, S52, S53: through the stages and back, each move logged with its stay; the same stage logs nothing.
#[tokio::test(flavor = "multi_thread")]
async fn stages_are_logged() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = customer(&ann, "甲").await;
    let mut current = opportunity(&ann, &customer, "项目").await;
    let steps = [
        ("needs_analysis", "2024-03-18T09:10:00+08:00", Some(600)),
        ("proposal", "2024-03-18T09:20:30+08:00", Some(630)),
        ("needs_analysis", "2024-03-18T09:21:00+08:00", Some(30)),
        ("negotiation", "2024-03-18T09:21:00+08:00", Some(0)),
    ];
    for (stage, now, _) in steps {
        test.set_now(now);
        current = move_to(&ann, &current, json!({ "stage": stage })).await.ok();
        assert_eq!(current["stage"], stage);
    }
    let version = current["version"].clone();
    let same = move_to(&ann, &current, json!({ "stage": "negotiation" })).await.ok();
    assert_eq!(same["version"], version);
    let log = ann.get(&format!("/opportunities/{}/stage-changes", current["id"])).await.ok();
    let rows: Vec<(Option<&str>, &str, Option<i64>, &str)> = log
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|row| (row["from"].as_str(), row["to"].as_str().unwrap(), row["seconds_in_previous"].as_i64(), row["by"].as_str().unwrap()))
        .collect();
    assert_eq!(
        rows,
        [
            (None, "initial_contact", None, "安妮"),
            (Some("initial_contact"), "needs_analysis", Some(600), "安妮"),
            (Some("needs_analysis"), "proposal", Some(630), "安妮"),
            (Some("proposal"), "needs_analysis", Some(30), "安妮"),
            (Some("needs_analysis"), "negotiation", Some(0), "安妮"),
        ]
    );
    let stale = json!({ "id": current["id"], "version": 1 });
    move_to(&ann, &stale, json!({ "stage": "proposal" })).await.refused(412, "VERSION_CHANGED");
    move_to(&ann, &current, json!({ "stage": "nowhere" })).await.invalid(&["stage"]);
    move_to(&ann, &current, json!({})).await.invalid(&["stage"]);
}

// S52: 成交 asks amount and day, 输单 a reason; other stages take neither.
#[tokio::test(flavor = "multi_thread")]
async fn closing_asks_what_it_needs() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = customer(&ann, "甲").await;
    let one = opportunity(&ann, &customer, "项目").await;
    move_to(&ann, &one, json!({ "stage": "won" })).await.invalid(&["won_amount", "won_date"]);
    for (amount, date) in [("0", "2024-02-30"), ("-1", "2024-03-19"), ("1.234", "tomorrow")] {
        move_to(&ann, &one, json!({ "stage": "won", "won_amount": amount, "won_date": date })).await.invalid(&["won_amount", "won_date"]);
    }
    move_to(&ann, &one, json!({ "stage": "lost" })).await.invalid(&["lost_reason"]);
    move_to(&ann, &one, json!({ "stage": "proposal", "won_amount": "1", "lost_reason": "x" }))
        .await
        .invalid(&["won_amount", "lost_reason"]);
    let lost = move_to(&ann, &one, json!({ "stage": "lost", "lost_reason": "价格过高" })).await.ok();
    assert_eq!((lost["status"].as_str(), lost["lost_reason"].as_str()), (Some("lost"), Some("价格过高")));
    let back = move_to(&ann, &lost, json!({ "stage": "needs_analysis" })).await.ok();
    assert_eq!((back["status"].as_str(), back["lost_reason"].clone()), (Some("open"), Value::Null));
}

// S30: an opportunity that is won wins its customer, without a loop; taken back it takes the deal back.
#[tokio::test(flavor = "multi_thread")]
async fn a_won_opportunity_wins_its_customer() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = customer(&ann, "甲").await;
    let path = format!("/customers/{}", customer["id"]);
    let one = opportunity(&ann, &customer, "项目").await;
    let won = move_to(&ann, &one, json!({ "stage": "won", "won_amount": "480000.50", "won_date": "2024-03-18" })).await.ok();
    let seen = ann.get(&path).await.ok();
    assert_eq!(
        (seen["status"].as_str(), seen["deal_date"].as_str(), seen["contract_amount"].as_str()),
        (Some("won"), Some("2024-03-18"), Some("480000.50"))
    );
    assert_eq!((seen["won_opportunity_id"].clone(), seen["total_won_amount"].as_str()), (won["id"].clone(), Some("480000.50")));
    let corrected = move_to(&ann, &won, json!({ "stage": "won", "won_amount": "490000", "won_date": "2024-03-17" })).await.ok();
    assert_eq!(ann.get(&path).await.ok()["contract_amount"], "490000.00");
    let log = ann.get(&format!("/opportunities/{}/stage-changes", one["id"])).await.ok();
    assert_eq!(log.as_array().unwrap().len(), 2, "a correction is no move");
    move_to(&ann, &corrected, json!({ "stage": "negotiation" })).await.ok();
    let seen = ann.get(&path).await.ok();
    assert_eq!(
        (seen["status"].as_str(), seen["deal_date"].clone(), seen["total_won_amount"].as_str()),
        (Some("active"), Value::Null, Some("0.00"))
    );
}

// S28: date and amount are required and checked; `won` is no ordinary edit.
#[tokio::test(flavor = "multi_thread")]
async fn winning_a_customer_is_checked() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = customer(&ann, "甲").await;
    let path = format!("/customers/{}", customer["id"]);
    let win = async |body: Value| ann.act(&format!("{path}/win"), &customer["version"], body).await;
    win(json!({})).await.invalid(&["deal_date", "contract_amount"]);
    for (amount, date) in [(json!(0), "2024-02-30"), (json!(-1), "2024-03-19"), (json!("1.234"), "2024/3/1")] {
        win(json!({ "contract_amount": amount, "deal_date": date })).await.invalid(&["deal_date", "contract_amount"]);
    }
    ann.act(&format!("{path}/win"), &Value::Null, json!({})).await.refused(428, "VERSION_REQUIRED");
    let problem = ann.patch(&path, &customer["version"], json!({ "status": "won" })).await.invalid(&["status"]);
    assert_eq!(problem["fields"][0]["code"], "USE_WIN");
    assert_eq!(ann.get("/opportunities").await.ok()["total"], 0);
}

// S29: without an open opportunity one is made, named and won; the link goes both ways; repeating corrects and never doubles.
#[tokio::test(flavor = "multi_thread")]
async fn winning_makes_the_opportunity() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = customer(&ann, "上海某某科技").await;
    let path = format!("/customers/{}", customer["id"]);
    let won =
        ann.act(&format!("{path}/win"), &customer["version"], json!({ "deal_date": "2024-03-15", "contract_amount": 500000 })).await.ok();
    assert_eq!((won["status"].as_str(), won["contract_amount"].as_str()), (Some("won"), Some("500000.00")));
    let list = ann.get("/opportunities").await.ok();
    assert_eq!(list["total"], 1);
    let made = &list["items"][0];
    assert_eq!(made["name"], "上海某某科技-成交-20240315");
    assert_eq!(
        (made["id"].clone(), made["status"].as_str(), made["won_amount"].as_str()),
        (won["won_opportunity_id"].clone(), Some("won"), Some("500000.00"))
    );
    ann.act(&format!("{path}/win"), &customer["version"], json!({ "deal_date": "2024-03-15", "contract_amount": 1 }))
        .await
        .refused(412, "VERSION_CHANGED");
    let corrected =
        ann.act(&format!("{path}/win"), &won["version"], json!({ "deal_date": "2024-03-16", "contract_amount": "510000" })).await.ok();
    assert_eq!((corrected["deal_date"].as_str(), corrected["total_won_amount"].as_str()), (Some("2024-03-16"), Some("510000.00")));
    let second = ann
        .act(
            &format!("{path}/win"),
            &corrected["version"],
            json!({ "deal_date": "2024-03-18", "contract_amount": "90000", "opportunity": "new" }),
        )
        .await
        .ok();
    assert_eq!((second["contract_amount"].as_str(), second["total_won_amount"].as_str()), (Some("90000.00"), Some("600000.00")));
    assert_eq!(ann.get("/opportunities").await.ok()["total"], 2);
}

// S29: with open opportunities the winner is asked which, also when there is exactly one.
#[tokio::test(flavor = "multi_thread")]
async fn winning_asks_which_opportunity() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (first, other) = (customer(&ann, "甲").await, customer(&ann, "乙").await);
    let one = opportunity(&ann, &first, "项目一").await;
    let foreign = opportunity(&ann, &other, "别家的").await;
    let path = format!("/customers/{}/win", first["id"]);
    let deal = json!({ "deal_date": "2024-03-18", "contract_amount": "1" });
    let problem = ann.act(&path, &first["version"], deal.clone()).await.refused(409, "CHOOSE_OPPORTUNITY");
    assert_eq!(problem["candidates"][0]["id"], one["id"]);
    let with = |choice: Value| {
        let mut body = deal.clone();
        body["opportunity"] = choice;
        body
    };
    ann.act(&path, &first["version"], with(foreign["id"].clone())).await.invalid(&["opportunity"]);
    ann.act(&path, &first["version"], with(json!(999_999))).await.invalid(&["opportunity"]);
    let won = ann.act(&path, &first["version"], with(one["id"].clone())).await.ok();
    assert_eq!(won["won_opportunity_id"], one["id"]);
    assert_eq!(ann.get(&format!("/opportunities/{}", one["id"])).await.ok()["stage"], "won");
}

// S30: leaving 成交 asks whether the opportunity is opened again, and deletes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn leaving_won_asks_what_to_do() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    for (reopen, status, stage) in [(true, "active", "negotiation"), (false, "active", "won")] {
        let customer = customer(&ann, &format!("客户{reopen}")).await;
        let one = opportunity(&ann, &customer, "项目").await;
        let one = move_to(&ann, &one, json!({ "stage": "negotiation" })).await.ok();
        move_to(&ann, &one, json!({ "stage": "won", "won_amount": "5", "won_date": "2024-03-18" })).await.ok();
        let path = format!("/customers/{}", customer["id"]);
        let won = ann.get(&path).await.ok();
        ann.patch(&path, &won["version"], json!({ "status": "active" })).await.invalid(&["reopen_opportunity"]);
        let left = ann.patch(&path, &won["version"], json!({ "status": "active", "reopen_opportunity": reopen })).await.ok();
        assert_eq!(left["status"], status);
        assert_eq!(ann.get(&format!("/opportunities/{}", one["id"])).await.ok()["stage"], stage);
    }
    assert_eq!(ann.get("/opportunities").await.ok()["total"], 2);
}

// S30: of two deals the latest is opened again, the customer stands where it was put, and the earlier deal stays.
#[tokio::test(flavor = "multi_thread")]
async fn leaving_won_with_two_deals() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = customer(&ann, "甲").await;
    let path = format!("/customers/{}", customer["id"]);
    for (on, amount) in [("2024-03-15", "10"), ("2024-03-18", "20")] {
        let version = ann.get(&path).await.ok()["version"].clone();
        let deal = json!({ "deal_date": on, "contract_amount": amount, "opportunity": "new" });
        ann.act(&format!("{path}/win"), &version, deal).await.ok();
    }
    let won = ann.get(&path).await.ok();
    let left = ann.patch(&path, &won["version"], json!({ "status": "active", "reopen_opportunity": true })).await.ok();
    assert_eq!((left["status"].as_str(), left["total_won_amount"].as_str()), (Some("active"), Some("10.00")));
    let open = ann.get("/opportunities?status=open").await.ok();
    assert_eq!((open["total"].as_i64(), &open["items"][0]["id"]), (Some(1), &won["won_opportunity_id"]));
    assert_eq!(ann.get("/opportunities?status=won").await.ok()["total"], 1);
    assert_eq!(ann.get(&path).await.ok()["status"], "active");
}

// S30: what is sent again under its key changes nothing, another amount corrects the deal; never a second one.
#[tokio::test(flavor = "multi_thread")]
async fn a_win_sent_again_makes_no_second_deal() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = customer(&ann, "甲").await;
    let path = format!("/customers/{}", customer["id"]);
    let win = |version: i64, key: &'static str, amount: &'static str| {
        let body = json!({ "deal_date": "2024-03-18", "contract_amount": amount, "opportunity": "new" });
        let (ann, path) = (&ann, &path);
        async move { ann.send_json(Method::POST, &format!("{path}/win"), Some(version), &[("idempotency-key", key)], body).await }
    };
    let first = customer["version"].as_i64().unwrap();
    // Two at once, as a page does that has lost its connection; then the same once more, with the version it had and with the present one.
    let (one, other) = tokio::join!(win(first, "k", "10"), win(first, "k", "10"));
    let (one, other) = (one.ok(), other.ok());
    assert_eq!(one["won_opportunity_id"], other["won_opportunity_id"]);
    assert_eq!(win(first, "k", "10").await.ok()["total_won_amount"], "10.00");
    let present = win(one["version"].as_i64().unwrap(), "k", "10").await.ok();
    assert_eq!((&present["version"], present["total_won_amount"].as_str()), (&one["version"], Some("10.00")));
    // Another amount corrects, on the present version alone.
    win(first, "k", "42").await.refused(412, "VERSION_CHANGED");
    let corrected = win(one["version"].as_i64().unwrap(), "k", "42").await.ok();
    assert_eq!((&corrected["won_opportunity_id"], corrected["total_won_amount"].as_str()), (&one["won_opportunity_id"], Some("42.00")));
    win(first, "k", "42").await.ok();
    // What came first may arrive last: it is stale.
    win(first, "k", "10").await.refused(412, "VERSION_CHANGED");
    assert_eq!(ann.get("/opportunities").await.ok()["total"], 1);
    let second = win(corrected["version"].as_i64().unwrap(), "other", "8").await.ok();
    assert_eq!((second["total_won_amount"].as_str(), ann.get("/opportunities").await.ok()["total"].as_i64()), (Some("50.00"), Some(2)));
    // A refused one leaves its key free.
    let version = second["version"].as_i64().unwrap();
    win(version, "late", "0").await.invalid(&["contract_amount"]);
    win(version, "late", "1").await.ok();
}

// S38: a colleague of the team can be made owner, reads the customer, and both are told; the log keeps the amount with the closer (I21).
#[tokio::test(flavor = "multi_thread")]
async fn hand_an_opportunity_over() {
    let test = TestApp::start().await;
    let (ann, bob, dan, cat) = (test.ann().await, test.bob().await, test.dan().await, test.cat().await);
    let customer = customer(&ann, "甲公司").await;
    let one = opportunity(&ann, &customer, "项目").await;
    let path = format!("/opportunities/{}", one["id"]);
    bob.get(&format!("/customers/{}", customer["id"])).await.refused(404, "NOT_FOUND");
    ann.patch(&path, &one["version"], json!({ "owner_id": cat.id() })).await.invalid(&["owner_id"]);
    let given = ann.patch(&path, &one["version"], json!({ "owner_id": bob.id() })).await.ok();
    assert_eq!((given["owner_name"].as_str(), given["version"].as_i64()), (Some("白博"), Some(2)));
    assert_eq!(bob.get(&path).await.ok()["can_edit"], true);
    let seen = bob.get(&format!("/customers/{}", customer["id"])).await.ok();
    assert_eq!((seen["can_edit"].as_bool(), seen["phone"].as_str()), (Some(false), Some("138****8000")));
    assert_eq!(bob.get("/notifications").await.ok()["items"][0]["link"], format!("/opportunities/{}", one["id"]).as_str());
    dan.patch(&path, &given["version"], json!({ "owner_id": cat.id() })).await.ok();
    assert_eq!(cat.get(&path).await.ok()["team_name"], "华南一部");
    bob.get(&path).await.refused(404, "NOT_FOUND");
    assert_eq!(bob.get("/notifications").await.ok()["items"][0]["kind"], "opportunity_handed_over");
}

// S3: sharing a customer lets its opportunities be read, not changed.
#[tokio::test(flavor = "multi_thread")]
async fn sharing_a_customer_shows_its_opportunities() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let customer = customer(&ann, "甲").await;
    let one = opportunity(&ann, &customer, "项目").await;
    ann.post(&format!("/customers/{}/shares", customer["id"]), json!({ "grantee_type": "user", "grantee_id": cat.id(), "access": "edit" }))
        .await
        .created();
    assert_eq!(cat.get("/opportunities").await.ok()["total"], 1);
    assert_eq!(cat.get(&format!("/opportunities/{}", one["id"])).await.ok()["can_edit"], false);
    move_to(&cat, &one, json!({ "stage": "proposal" })).await.refused(403, "FORBIDDEN");
}

// S40, S63, S8: the marks and filters of the list.
#[tokio::test(flavor = "multi_thread")]
async fn marks_and_filters() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = customer(&ann, "华为技术").await;
    let one = ann
        .post(
            "/opportunities",
            json!({ "name": "一号项目", "customer_id": customer["id"], "expected_amount": "0.10", "expected_close_date": "2024-03-18" }),
        )
        .await
        .created();
    assert_eq!(one["close_overdue"], false);
    ann.post(
        "/opportunities",
        json!({ "name": "二号项目", "customer_id": customer["id"], "expected_amount": "0.20", "stage": "proposal" }),
    )
    .await
    .created();
    let names = async |ann: &Client, query: &str| -> Vec<String> {
        let page = ann.get(&format!("/opportunities?sort=number&{query}")).await.ok();
        page["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&ann, "without_next_step=true").await.len(), 2);
    assert_eq!(names(&ann, "q=hwjs").await.len(), 2);
    assert_eq!(names(&ann, "q=二号").await, ["二号项目"]);
    assert_eq!(names(&ann, "stage=proposal&status=open&region=华东").await, ["二号项目"]);
    assert_eq!(names(&ann, "close_from=2024-03-18&close_to=2024-03-18").await, ["一号项目"]);
    assert!(names(&ann, "overdue_close=true").await.is_empty());
    test.set_now("2024-03-19T00:00:00+08:00");
    assert_eq!(names(&test.ann().await, "overdue_close=true").await, ["一号项目"]);
    test.set_now("2024-04-01T09:00:00+08:00");
    assert!(names(&test.ann().await, "stuck=true").await.is_empty(), "exactly at the limit of 14 days");
    test.set_now("2024-04-01T09:00:01+08:00");
    let ann = test.ann().await;
    assert_eq!(names(&ann, "stuck=true").await, ["一号项目"]);
    let board = ann.get("/opportunities/board").await.ok();
    let column = |key: &str| board["columns"].as_array().unwrap().iter().find(|column| column["stage"] == key).unwrap().clone();
    assert_eq!((column("initial_contact")["count"].as_i64(), column("initial_contact")["sum"].as_str()), (Some(1), Some("0.10")));
    assert_eq!(column("proposal")["weighted_sum"], "0.10");
    assert_eq!(column("initial_contact")["cards"][0]["stuck"], true);
}

// S37: sums are exact.
#[tokio::test(flavor = "multi_thread")]
async fn sums_are_exact() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = customer(&ann, "甲").await;
    for amount in ["0.10", "0.20"] {
        ann.post("/opportunities", json!({ "name": amount, "customer_id": customer["id"], "expected_amount": amount })).await.created();
    }
    assert_eq!(ann.get("/opportunities/board").await.ok()["columns"][0]["sum"], "0.30");
}

// A customer with opportunities is not deleted; a won opportunity neither.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_use_is_not_deleted() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = customer(&ann, "甲").await;
    let one = opportunity(&ann, &customer, "项目").await;
    let path = format!("/customers/{}", customer["id"]);
    ann.delete(&path, &customer["version"]).await.refused(409, "CUSTOMER_IN_USE");
    let won = move_to(&ann, &one, json!({ "stage": "won", "won_amount": "5", "won_date": "2024-03-18" })).await.ok();
    ann.delete(&format!("/opportunities/{}", one["id"]), &won["version"]).await.refused(409, "OPPORTUNITY_CLOSED");
    let open = move_to(&ann, &won, json!({ "stage": "proposal" })).await.ok();
    assert_eq!(ann.delete(&format!("/opportunities/{}?reason=重复", one["id"]), &open["version"]).await.status, 204);
    ann.get(&format!("/opportunities/{}", one["id"])).await.refused(404, "NOT_FOUND");
    let customer = ann.get(&path).await.ok();
    assert_eq!(ann.delete(&format!("{path}?reason=录错"), &customer["version"]).await.status, 204);
}
