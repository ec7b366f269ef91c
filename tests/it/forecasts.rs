//! I26–I28: forecasts and what became of them, lost deals, stays by team and person, and reports as files.

use chengdan::reports;
use serde_json::{Value, json};

use crate::support::sheets::read;
use crate::support::{Client, TestApp, records};

fn cell<'r>(report: &'r Value, row: &str, column: &str) -> &'r Value {
    let place = report["columns"].as_array().unwrap().iter().position(|one| one["key"] == column).unwrap();
    let row = if row == "*" { &report["total"] } else { report["rows"].as_array().unwrap().iter().find(|one| one["key"] == row).unwrap() };
    &row["cells"][place]
}

async fn deal(owner: &Client, name: &str, amount: &str, close: &str, stage: &str) -> Value {
    let customer = records::customer(owner, &format!("{name}公司")).await;
    let body =
        json!({ "name": name, "customer_id": customer["id"], "expected_amount": amount, "expected_close_date": close, "stage": stage });
    owner.post("/opportunities", body).await.created()
}

async fn moved(owner: &Client, deal: &Value, body: Value) -> Value {
    let now = owner.get(&format!("/opportunities/{}", deal["id"])).await.ok();
    owner.act(&format!("/opportunities/{}/stage", deal["id"]), &now["version"], body).await.ok()
}

// I27: the stage says how sure a deal is until somebody does; what is said can be taken back, and not of a closed deal.
#[tokio::test(flavor = "multi_thread")]
async fn the_class_of_a_deal() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let first = deal(&ann, "一期", "100.00", "2024-03-29", "initial_contact").await;
    assert_eq!((&first["forecast_class"], &first["forecast_class_is_own"]), (&json!("pipeline"), &json!(false)));
    let path = format!("/opportunities/{}", first["id"]);
    let sure = ann.patch(&path, &first["version"], json!({ "forecast_class": "commit" })).await.ok();
    assert_eq!((&sure["forecast_class"], &sure["forecast_class_is_own"]), (&json!("commit"), &json!(true)));
    assert_eq!(ann.get("/opportunities?forecast_class=commit").await.ok()["total"], 1);
    assert_eq!(ann.get("/opportunities?forecast_class=pipeline&forecast_class=best_case").await.ok()["total"], 0);
    ann.patch(&path, &sure["version"], json!({ "forecast_class": "surely" })).await.invalid(&["forecast_class"]);
    let again = ann.patch(&path, &sure["version"], json!({ "forecast_class": null })).await.ok();
    assert_eq!(again["forecast_class"], "pipeline");
    let negotiated = moved(&ann, &again, json!({ "stage": "negotiation" })).await;
    assert_eq!(negotiated["forecast_class"], "commit");
    let won = moved(&ann, &again, json!({ "stage": "won", "won_amount": "90.00", "won_date": "2024-03-18" })).await;
    assert_eq!(won["forecast_class"], Value::Null);
    ann.patch(&path, &won["version"], json!({ "forecast_class": "commit" })).await.invalid(&["forecast_class"]);
    ann.get("/opportunities?forecast_class=surely").await.invalid(&["forecast_class"]);
}

// I27: by month and class up to the last day of the third month; without a day nothing is expected.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_expected_month_by_month() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    deal(&ann, "三月", "100.00", "2024-03-31", "negotiation").await;
    deal(&ann, "四月", "33.33", "2024-04-01", "needs_analysis").await;
    deal(&ann, "五月", "10.00", "2024-05-31", "proposal").await;
    deal(&ann, "六月", "7.00", "2024-06-01", "proposal").await;
    let customer = records::customer(&ann, "无日期公司").await;
    records::opportunity(&ann, &customer, "无日期").await;
    let report = ann.get("/reports/forecast").await.ok();
    assert_eq!((&report["from"], &report["to"]), (&json!("2024-03-01"), &json!("2024-05-31")));
    assert_eq!(cell(&report, "2024-03", "commit")["sum"], "100.00");
    assert_eq!(cell(&report, "2024-03", "weighted")["sum"], "80.00");
    assert_eq!(cell(&report, "2024-04", "pipeline")["sum"], "33.33");
    assert_eq!(cell(&report, "2024-04", "weighted")["sum"], "10.00");
    assert_eq!(cell(&report, "2024-05", "best_case")["count"], 1);
    assert_eq!(cell(&report, "*", "open")["count"], 3);
    assert!(report["definition"]["formula"].as_str().unwrap().contains("承诺"));
}

// I27: on Monday at 00:05 the forecast is kept, once; later changes leave it as it was, and what was won stands beside it.
#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_is_kept_and_looked_back_on() {
    let test = TestApp::start_at("2024-03-15T09:00:00+08:00").await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let mine = deal(&ann, "一期", "100.00", "2024-03-29", "negotiation").await;
    deal(&ann, "二期", "50.00", "2024-03-29", "proposal").await;
    deal(&cat, "南方", "1000.00", "2024-03-29", "negotiation").await;
    let empty = ann.get("/reports/forecast-review").await.ok();
    assert!(empty.get("snapshot").is_none());
    assert_eq!(cell(&empty, "*", "weighted")["sum"], Value::Null);
    test.advance("2024-03-18T00:04:59+08:00").await;
    let ann = test.ann().await;
    assert_eq!(ann.get("/reports/forecast-snapshots").await.ok()["items"], json!([]));
    test.advance("2024-03-18T09:00:00+08:00").await;
    let (ann, dan, lea) = (test.ann().await, test.dan().await, test.lea().await);
    let kept = ann.get("/reports/forecast-snapshots").await.ok();
    assert_eq!(kept["items"].as_array().unwrap().len(), 1);
    assert_eq!(kept["items"][0]["taken_on"], "2024-03-18");
    moved(&ann, &mine, json!({ "stage": "won", "won_amount": "90.00", "won_date": "2024-03-18" })).await;
    for (person, commit, weighted, won) in
        [(&ann, "100.00", "105.00", "90.00"), (&lea, "100.00", "105.00", "90.00"), (&dan, "1100.00", "905.00", "90.00")]
    {
        let report = person.get("/reports/forecast-review?snapshot=2024-03-18").await.ok();
        assert_eq!(
            (&report["snapshot"], &report["from"], &report["to"]),
            (&json!("2024-03-18"), &json!("2024-03-01"), &json!("2024-03-31"))
        );
        let found = ["commit", "weighted", "won"].map(|column| cell(&report, "2024-03", column)["sum"].clone());
        assert_eq!(found, [json!(commit), json!(weighted), json!(won)]);
    }
    let report = dan.get("/reports/forecast-review?group_by=owner").await.ok();
    let me = ann.id().to_string();
    assert_eq!((&cell(&report, &me, "gap")["sum"], &cell(&report, &me, "rate")["rate"]["percent"]), (&json!("-15.00"), &json!(85.7)));
    assert_eq!(cell(&report, &cat.id().to_string(), "won")["count"], 0);
    dan.get("/reports/forecast-review?snapshot=2024-03-17").await.invalid(&["snapshot"]);
    dan.get("/reports/forecast-review?group_by=tag").await.invalid(&["group_by"]);
    test.advance("2024-03-25T09:00:00+08:00").await;
    let kept = test.dan().await.get("/reports/forecast-snapshots").await.ok();
    let days: Vec<&Value> = kept["items"].as_array().unwrap().iter().map(|one| &one["taken_on"]).collect();
    assert_eq!(days, [&json!("2024-03-25"), &json!("2024-03-18")]);
}

// I28: why, to whom, from which stage, by whom; a reopened deal is not lost, and reasons of any letters lead to their list.
#[tokio::test(flavor = "multi_thread")]
async fn why_deals_are_lost() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    for (owner, name, amount, from, reason, to) in [
        (&ann, "甲", "100.00", "proposal", "价格 & 付款=30%", json!("云帆 & 海岳")),
        (&ann, "乙", "50.00", "negotiation", "价格 & 付款=30%", json!(null)),
        (&bob, "丙", "50.00", "proposal", "需求取消", json!("云帆 & 海岳")),
    ] {
        let deal = deal(owner, name, amount, "2024-03-29", from).await;
        moved(owner, &deal, json!({ "stage": "lost", "lost_reason": reason, "competitor": to })).await;
    }
    let reopened = deal(&ann, "丁", "1.00", "2024-03-29", "proposal").await;
    moved(&ann, &reopened, json!({ "stage": "lost", "lost_reason": "其他" })).await;
    moved(&ann, &reopened, json!({ "stage": "proposal" })).await;
    let lea = test.lea().await;
    let report = lea.get("/reports/losses").await.ok();
    let first = &report["rows"][0];
    assert_eq!((&first["name"], &first["cells"][0]["sum"]), (&json!("价格 & 付款=30%"), &json!("150.00")));
    assert_eq!((&first["cells"][1]["rate"]["percent"], &first["cells"][2]["rate"]["percent"]), (&json!(66.7), &json!(75.0)));
    assert_eq!((report["rows"].as_array().unwrap().len(), &cell(&report, "*", "lost")["count"]), (2, &json!(3)));
    let list = lea.get(first["cells"][0]["drill"].as_str().unwrap()).await.ok();
    assert_eq!(list["total"], 2);
    let stages = lea.get("/reports/losses?group_by=lost_stage").await.ok();
    assert_eq!((&stages["rows"][0]["name"], &stages["rows"][0]["cells"][0]["count"]), (&json!("方案提交"), &json!(2)));
    assert_eq!(lea.get("/opportunities?lost_stage=negotiation").await.ok()["total"], 1);
    let people = lea.get("/reports/losses?group_by=owner").await.ok();
    assert_eq!(cell(&people, &bob.id().to_string(), "share")["rate"]["percent"], 33.3);
    lea.get("/reports/funnel?group_by=lost_reason").await.invalid(&["group_by"]);
    lea.get("/reports/funnel?group_by=competitor").await.invalid(&["group_by"]);

    let report = lea.get("/reports/losses?group_by=competitor").await.ok();
    for (row, name, count, sum) in [(0, json!("云帆 & 海岳"), 2, "150.00"), (1, json!(null), 1, "50.00")] {
        let row = &report["rows"][row];
        assert_eq!((&row["name"], &row["cells"][0]["count"], &row["cells"][0]["sum"]), (&name, &json!(count), &json!(sum)));
        let list = lea.get(row["cells"][0]["drill"].as_str().unwrap()).await.ok();
        assert_eq!((&list["total"], &list["items"][0]["competitor"]), (&json!(count), &name));
    }
    // A reopened deal was lost to nobody; who is won, or in work, has no competitor to name.
    let again = lea.get(&format!("/opportunities/{}", reopened["id"])).await.ok();
    assert_eq!((&again["competitor"], &again["lost_reason"]), (&Value::Null, &Value::Null));
    let path = format!("/opportunities/{}/stage", reopened["id"]);
    ann.act(&path, &again["version"], json!({ "stage": "negotiation", "competitor": "云帆" })).await.invalid(&["competitor"]);
    let long = json!({ "stage": "lost", "lost_reason": "其他", "competitor": "长".repeat(51) });
    ann.act(&path, &again["version"], long).await.invalid(&["competitor"]);
}

// I26: 清明 2024 does not count in working days; what lasts is marked, by person too.
#[tokio::test(flavor = "multi_thread")]
async fn a_stay_over_a_feast() {
    let test = TestApp::start_at("2024-04-03T12:00:00+08:00").await;
    let ann = test.ann().await;
    deal(&ann, "一期", "1.00", "2024-05-01", "initial_contact").await;
    test.set_now("2024-04-08T12:00:00+08:00");
    let ann = test.ann().await;
    let of = |hours: &str| format!("/reports/stage-duration?hours={hours}");
    let all = ann.get(&of("calendar")).await.ok();
    let median = cell(&all, "initial_contact", "median");
    assert_eq!((&median["seconds"], &median["lasting"]), (&json!(5 * 86_400), &json!(1)));
    let worked = ann.get(&of("working")).await.ok();
    // Half of Wednesday, Sunday made up for, half of Monday.
    assert_eq!(cell(&worked, "initial_contact", "median")["seconds"], 2 * 86_400);
    let people = ann.get("/reports/stage-duration?group_by=owner").await.ok();
    assert_eq!(cell(&people, &ann.id().to_string(), "initial_contact_p90")["seconds"], 5 * 86_400);
    assert!(cell(&people, "*", "proposal_median").get("lasting").is_none());
    ann.get("/reports/stage-duration?group_by=region").await.invalid(&["group_by"]);
    ann.get(&of("night")).await.invalid(&["hours"]);
}

// I29, I30: every report goes out as a workbook with the numbers of the screen and their definition.
#[tokio::test(flavor = "multi_thread")]
async fn reports_as_files() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    deal(&ann, "一期", "1234.50", "2024-03-29", "negotiation").await;
    for name in reports::names() {
        let file = ann.get(&format!("/reports/files/{name}.xlsx?from=2024-03-01&to=2024-03-31")).await;
        assert_eq!(file.status, 200, "{name}");
        let report = ann.get(&format!("/reports/{name}?from=2024-03-01&to=2024-03-31")).await.ok();
        let rows = read(&file.body);
        // The reader takes the first sheet: a heading, the rows, and all together.
        assert_eq!(rows.len(), report["rows"].as_array().unwrap().len() + 2, "{name}");
    }
    let file = ann.get("/reports/files/pipeline.xlsx").await;
    let rows = read(&file.body);
    assert_eq!(rows[0][..4], ["销售管道", "商机（个）", "商机（元）", "加权金额"]);
    let negotiation = rows.iter().find(|row| row[0] == "商务谈判").unwrap();
    assert_eq!(negotiation[1..4], ["1", "1234.5", "987.6"]);
    assert_eq!(ann.get("/reports/files/stars.xlsx").await.status, 404);
    assert_eq!(ann.get("/reports/files/funnel.csv").await.status, 404);
    ann.get("/reports/files/funnel.xlsx?from=2024-03-02&to=2024-03-01").await.invalid(&["to"]);
}
