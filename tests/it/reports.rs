use chengdan::platform::db::sql;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, records};

/// The cell of a row (`*` for the total) and column.
fn cell<'r>(report: &'r Value, row: &str, column: &str) -> &'r Value {
    let place = report["columns"].as_array().unwrap().iter().position(|one| one["key"] == column).unwrap();
    let row = if row == "*" { &report["total"] } else { report["rows"].as_array().unwrap().iter().find(|one| one["key"] == row).unwrap() };
    &row["cells"][place]
}

async fn win(owner: &Client, deal: &Value, amount: &str, day: &str) -> Value {
    let body = json!({ "stage": "won", "won_amount": amount, "won_date": day });
    owner.act(&format!("/opportunities/{}/stage", deal["id"]), &deal["version"], body).await.ok()
}

// I18–I21: where nothing can be divided by, there is no rate; a rate of nothing is 0.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_report_has_no_rates() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    for (report, column) in [
        ("conversion", "win_rate"),
        ("conversion", "customer_rate"),
        ("achievement", "rate"),
        ("activity", "active_rate"),
        ("activity", "index"),
    ] {
        let found = ann.get(&format!("/reports/{report}")).await.ok();
        assert_eq!(cell(&found, "*", column)["rate"], Value::Null, "{report}");
    }
    let funnel = ann.get("/reports/funnel").await.ok();
    assert_eq!(cell(&funnel, "proposal", "rate")["rate"], Value::Null);
    assert_eq!((&funnel["from"], &funnel["to"]), (&json!("2024-03-01"), &json!("2024-03-31")));
    records::customer(&ann, "华为技术").await;
    let found = ann.get("/reports/conversion").await.ok();
    assert_eq!(cell(&found, "*", "customer_rate")["rate"], json!({ "numerator": 0, "denominator": 1, "percent": 0.0 }));
}

// I23: 29 days ago is active, 30 silent, 89 silent, 90 dormant; never followed is dormant however new.
#[tokio::test(flavor = "multi_thread")]
async fn activity_at_its_edges() {
    let test = TestApp::start_at("2024-01-01T09:00:00+08:00").await;
    let ann = test.ann().await;
    let id = ann.has_customer("华为技术").await;
    ann.has_customer("从未跟进").await;
    ann.records(id, "2024-01-01T00:00:00+08:00", "谈").await;
    for (now, expected) in [
        ("2024-01-30T23:59:59+08:00", [1, 0, 1]),
        ("2024-01-31T00:00:00+08:00", [0, 1, 1]),
        ("2024-03-30T23:59:59+08:00", [0, 1, 1]),
        ("2024-03-31T00:00:00+08:00", [0, 0, 2]),
    ] {
        test.set_now(now);
        let report = test.ann().await.get("/reports/activity").await.ok();
        let found = ["active", "silent", "dormant"].map(|kind| cell(&report, "*", kind)["count"].as_i64().unwrap());
        assert_eq!(found, expected, "{now}");
    }
}

// I21: what was won stays with whoever owned it then, on the last day of the month too; the target's share of half a month is half of it.
#[tokio::test(flavor = "multi_thread")]
async fn achievement_at_the_end_of_the_month() {
    let test = TestApp::start().await;
    let (ann, bob, dan) = (test.ann().await, test.bob().await, test.dan().await);
    let customer = records::customer(&ann, "华为技术").await;
    for (amount, day) in [("100.00", "2024-02-29"), ("40.00", "2024-03-01")] {
        let deal = records::opportunity(&ann, &customer, day).await;
        win(&ann, &deal, amount, day).await;
    }
    for (period, amount) in [("2024-02", "290.00"), ("2024-03", "80.00")] {
        let target = json!({ "period": period, "owner_type": "user", "owner_id": ann.id(), "amount": amount });
        dan.put("/targets", target).await.ok();
    }
    let of = |from: &str, to: &str| format!("/reports/achievement?group_by=owner&from={from}&to={to}");
    let me = ann.id().to_string();
    let february = dan.get(&of("2024-02-01", "2024-02-29")).await.ok();
    assert_eq!(cell(&february, &me, "won")["sum"], "100.00");
    assert_eq!(cell(&february, &me, "gap")["sum"], "190.00");
    assert_eq!(cell(&february, &me, "rate")["rate"]["percent"], 34.5);
    assert_eq!(cell(&february, "*", "rate")["rate"], Value::Null);
    let last_day = dan.get(&of("2024-02-29", "2024-02-29")).await.ok();
    assert_eq!(cell(&last_day, &me, "target")["sum"], "10.00");
    assert_eq!(cell(&last_day, &me, "rate")["rate"]["percent"], 1000.0);
    assert_eq!(cell(&last_day, &me, "gap")["sum"], "0.00");
    let march = dan.get(&of("2024-03-01", "2024-03-31")).await.ok();
    assert_eq!(cell(&march, &me, "rate")["rate"]["percent"], 50.0);
    assert_eq!(cell(&march, &me, "time_progress")["rate"]["percent"], 58.1);
    // Bob takes it over: the figure stays ann's.
    let id = ann.id();
    let to = bob.id();
    test.app
        .db
        .write(move |tx| sql("update opportunities set owner_id = $2 where owner_id = $1").bind(id).bind(to).run(tx), |_| ())
        .await
        .unwrap();
    let march = dan.get(&of("2024-03-01", "2024-03-31")).await.ok();
    assert_eq!(cell(&march, &me, "won")["sum"], "40.00");
    assert!(march["rows"].as_array().unwrap().iter().all(|row| row["key"] != json!(to.to_string())));
}

// I18: a skipped stage counts as passed, moving back undoes nothing, coming again counts once; a reopened deal is open again.
#[tokio::test(flavor = "multi_thread")]
async fn a_funnel_of_detours() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = records::customer(&ann, "华为技术").await;
    let mut deal = records::opportunity(&ann, &customer, "一期").await;
    let path = format!("/opportunities/{}/stage", deal["id"]);
    for stage in ["negotiation", "initial_contact", "negotiation"] {
        deal = ann.act(&path, &deal["version"], json!({ "stage": stage })).await.ok();
    }
    let funnel = ann.get("/reports/funnel").await.ok();
    let count = |report: &Value, stage: &str, column: &str| cell(report, stage, column)["count"].as_i64().unwrap();
    for stage in ["initial_contact", "needs_analysis", "proposal", "negotiation"] {
        assert_eq!(count(&funnel, stage, "entered"), 1, "{stage}");
    }
    assert_eq!(cell(&funnel, "proposal", "rate")["rate"]["percent"], 100.0);
    assert_eq!(cell(&funnel, "negotiation", "rate")["rate"]["percent"], 0.0);
    let sliced = ann.get("/reports/funnel?group_by=owner").await.ok();
    let me = ann.id().to_string();
    for (column, percent) in [("proposal_rate", 100.0), ("negotiation_rate", 0.0)] {
        assert_eq!(cell(&sliced, &me, column)["rate"]["percent"], percent, "{column}");
    }
    win(&ann, &deal, "1.00", "2024-03-18").await;
    assert_eq!(count(&ann.get("/reports/funnel").await.ok(), "won", "entered"), 1);
    // The next month nothing is reached for the first time.
    test.set_now("2024-04-02T09:00:00+08:00");
    let april = test.ann().await.get("/reports/funnel").await.ok();
    assert_eq!(count(&april, "negotiation", "entered"), 0);
    let march = test.ann().await.get("/reports/funnel?from=2024-03-01&to=2024-03-31").await.ok();
    assert_eq!(count(&march, "negotiation", "entered"), 1);
}

// S8: exactly at the limit is not over it, one second later is.
#[tokio::test(flavor = "multi_thread")]
async fn over_the_limit_by_a_second() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = records::customer(&ann, "华为技术").await;
    records::opportunity(&ann, &customer, "一期").await;
    test.set_now("2024-04-01T09:00:00+08:00");
    let report = test.ann().await.get("/reports/stage-duration").await.ok();
    assert_eq!(cell(&report, "initial_contact", "stuck")["count"], 0);
    assert!(report.get("stuck").is_none());
    test.set_now("2024-04-01T09:00:01+08:00");
    let report = test.ann().await.get("/reports/stage-duration").await.ok();
    assert_eq!(cell(&report, "initial_contact", "stuck")["count"], 1);
    assert_eq!((&report["stuck"][0]["name"], &report["stuck"][0]["excess_seconds"]), (&json!("一期"), &json!(1)));
}

// What a report is asked for is checked like any list, and said in the reader's language.
#[tokio::test(flavor = "multi_thread")]
async fn questions_are_checked() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    ann.get("/reports/funnel?from=2024-03-02&to=2024-03-01").await.invalid(&["to"]);
    ann.get("/reports/funnel?region=999999").await.invalid(&["region"]);
    ann.get("/reports/funnel?tag=999999").await.invalid(&["tag"]);
    ann.get("/reports/funnel?group_by=stars").await.invalid(&["group_by"]);
    ann.get("/opportunities?reached=lost").await.invalid(&["reached"]);
    ann.get("/follow-ups?weekday=8&from=2024-03-01&to=2024-03-02").await.invalid(&["weekday"]);
    ann.get("/follow-ups?hour=9").await.invalid(&["from"]);
    let report = ann.get("/reports/pipeline").await.ok();
    assert_eq!(report["columns"][0]["label"], "商机");
    assert!(report["definition"]["formula"].as_str().unwrap().contains("阶段赢率"));
}
