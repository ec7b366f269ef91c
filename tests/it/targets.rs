//! I22: targets from the company down to people, what is missing between the levels, their changes with reasons, and spreadsheets.

use serde_json::{Value, json};

use crate::support::sheets::{read, xlsx};
use crate::support::{Client, TestApp, records};

async fn team(person: &Client, name: &str) -> i64 {
    let teams = person.get("/teams").await.ok();
    teams.as_array().unwrap().iter().find(|team| team["name"] == name).unwrap()["id"].as_i64().unwrap()
}

fn target(period: &str, owner_type: &str, owner_id: i64, amount: &str) -> Value {
    json!({ "period": period, "owner_type": owner_type, "owner_id": owner_id, "amount": amount })
}

fn node<'t>(tree: &'t Value, name: &str) -> &'t Value {
    tree["nodes"].as_array().unwrap().iter().find(|node| node["name"] == name).unwrap()
}

fn figures(amount: Value, below: Value, difference: Value) -> Value {
    json!({ "amount": amount, "below": below, "difference": difference })
}

// Months add up to quarters and the year, people to teams, teams to the company; a team without a target counts for what is below it.
#[tokio::test(flavor = "multi_thread")]
async fn the_tree_adds_up_and_tells_what_is_missing() {
    let test = TestApp::start().await;
    let (dan, ann, bob, cat) = (test.dan().await, test.ann().await, test.bob().await, test.cat().await);
    let east = team(&dan, "华东一部").await;
    for body in [
        target("2024-01", "user", ann.id(), "100.00"),
        target("2024-03", "user", ann.id(), "50.50"),
        target("2024-03", "user", bob.id(), "49.50"),
        target("2024-03", "user", cat.id(), "30.00"),
        target("2024-03", "team", east, "120.00"),
        target("2024-03", "company", 0, "140.00"),
    ] {
        dan.put("/targets", body).await.ok();
    }
    let tree = dan.get("/targets/tree?year=2024").await.ok();
    assert_eq!(tree["year"], 2024);
    let company = &tree["nodes"][0];
    assert_eq!((&company["owner_type"], &company["depth"]), (&json!("company"), &json!(0)));
    // 120 of 华东 (its first team), 30 of 华南 through cat.
    assert_eq!(company["months"][2], figures(json!("140.00"), json!("150.00"), json!("-10.00")));
    assert_eq!(company["months"][1], figures(Value::Null, Value::Null, Value::Null));
    assert_eq!(company["quarters"][0], figures(json!("140.00"), json!("250.00"), json!("-110.00")));
    assert_eq!(company["year"]["below"], "250.00");
    let own = node(&tree, "华东一部");
    assert_eq!(own["months"][2], figures(json!("120.00"), json!("100.00"), json!("20.00")));
    assert_eq!(own["months"][0], figures(Value::Null, json!("100.00"), Value::Null));
    let region = node(&tree, "华东大区");
    assert_eq!(region["months"][2], figures(Value::Null, json!("120.00"), Value::Null));
    assert_eq!((&region["depth"], &own["depth"], &node(&tree, "安妮")["depth"]), (&json!(1), &json!(2), &json!(3)));
    assert_eq!(node(&tree, "安妮")["year"], figures(json!("150.50"), Value::Null, Value::Null));
    assert_eq!(dan.get("/targets/tree?year=2025").await.ok()["nodes"][0]["year"]["amount"], Value::Null);
    dan.get("/targets/tree?year=99999").await.invalid(&["year"]);
}

// The first amount of a month needs no reason, another one does; each is kept with who, when and why.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_has_a_reason() {
    let test = TestApp::start().await;
    let (dan, ann) = (test.dan().await, test.ann().await);
    let body = target("2024-03", "user", ann.id(), "100.00");
    let first = dan.put("/targets", body.clone()).await.ok();
    let again = dan.put("/targets", body.clone()).await.ok();
    assert_eq!(first["version"], again["version"]);
    let mut other = target("2024-03", "user", ann.id(), "120.00");
    dan.put("/targets", other.clone()).await.invalid(&["reason"]);
    other["reason"] = json!("新接区域客户");
    assert_eq!(dan.put("/targets", other).await.ok()["amount"], "120.00");
    let changes = dan.get("/targets/changes?period=2024-03").await.ok();
    let one = &changes["items"][0];
    assert_eq!((&changes["total"], &one["old_amount"], &one["new_amount"]), (&json!(2), &json!("100.00"), &json!("120.00")));
    assert_eq!((&one["reason"], &one["by_name"], &one["owner_name"]), (&json!("新接区域客户"), &json!("丁丹"), &json!("安妮")));
    assert_eq!(changes["items"][1]["old_amount"], Value::Null);
}

// The file that is fetched says what stands there and is what is taken back.
#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_comes_back_whole() {
    let test = TestApp::start().await;
    let (dan, ann) = (test.dan().await, test.ann().await);
    dan.put("/targets", target("2024-03", "user", ann.id(), "100.00")).await.ok();
    let file = dan.get("/targets/workbook?year=2024").await;
    assert_eq!(file.status, 200);
    let mut rows = read(&file.body);
    assert_eq!((rows[0][0].as_str(), rows[0][5].as_str()), ("层级", "2024-03"));
    let place = rows.iter().position(|row| row.get(1).is_some_and(|number| number == "ann")).unwrap();
    assert_eq!((rows[place][0].as_str(), rows[place][5].as_str()), ("人员", "100"));
    let east = rows.iter().position(|row| row.get(2).is_some_and(|name| name == "华东一部")).unwrap();
    rows[east].resize(16, String::new());
    rows[east][5] = "¥300,000.50".into();
    rows[place][5] = "200".into();
    rows[1].resize(16, String::new());
    rows[1][3] = "1000000".into();
    let sent: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let sheet = xlsx(&sent);
    dan.upload("/targets/workbook", "目标.xlsx", &sheet).await.invalid(&["reason"]);
    let done = dan.send_form("/targets/workbook", &[("reason", "年中调整")], "目标.xlsx", &sheet).await.ok();
    assert_eq!(done, json!({ "added": 2, "changed": 1, "unchanged": 0 }));
    let tree = dan.get("/targets/tree?year=2024").await.ok();
    assert_eq!(node(&tree, "华东一部")["months"][2], figures(json!("300000.50"), json!("200.00"), json!("299800.50")));
    assert_eq!(tree["nodes"][0]["months"][0]["amount"], "1000000.00");
    let changes = dan.get(&format!("/targets/changes?owner_type=user&owner_id={}", ann.id())).await.ok();
    assert_eq!((&changes["items"][0]["reason"], &changes["items"][0]["old_amount"]), (&json!("年中调整"), &json!("100.00")));
    let again = dan.upload("/targets/workbook", "目标.xlsx", &sheet).await.ok();
    assert_eq!(again, json!({ "added": 0, "changed": 0, "unchanged": 3 }));
}

// One wrong cell keeps the whole file out, and every wrong cell is named by its line.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_row_keeps_the_file_out() {
    let test = TestApp::start().await;
    let dan = test.dan().await;
    let header = vec!["层级", "工号", "名称", "2024年3月", "2024-04"];
    let sheet = xlsx(&[
        header.clone(),
        vec!["人员", "ann", "安妮", "100", ""],
        vec!["人员", "nobody", "无人", "100", "-5"],
        vec!["团队", "", "华东九部", "1", ""],
        vec!["部门", "", "", "1", ""],
        vec!["人员", "ANN", "安妮", "0", "1.234"],
    ]);
    let problem = dan.upload("/targets/workbook", "目标.xlsx", &sheet).await.invalid(&[
        "rows[3].number",
        "rows[3].2024-04",
        "rows[4].name",
        "rows[5].level",
        "rows[6]",
        "rows[6].2024-03",
        "rows[6].2024-04",
    ]);
    assert_eq!(problem["fields"].as_array().unwrap().len(), 7, "{problem}");
    assert_eq!(dan.get("/targets").await.ok()["total"], 0);
    let unknown = xlsx(&[vec!["层级", "工号", "名称", "2024-03", "备注"], vec!["公司", "", "", "1", "x"]]);
    dan.upload("/targets/workbook", "目标.xlsx", &unknown).await.invalid(&["header[备注]"]);
    let nothing = xlsx(&[header, vec!["人员", "ann", "安妮"]]);
    dan.upload("/targets/workbook", "目标.xlsx", &nothing).await.invalid(&["file"]);
    dan.upload("/targets/workbook", "目标.pdf", b"%PDF-1.7").await.invalid(&["file"]);
}

// I21, I22: half of what a team and a person are to win in March, against what they won.
#[tokio::test(flavor = "multi_thread")]
async fn achievement_by_team_and_person() {
    let test = TestApp::start().await;
    let (dan, lea, ann) = (test.dan().await, test.lea().await, test.ann().await);
    let east = team(&dan, "华东一部").await;
    dan.put("/targets", target("2024-03", "team", east, "310.00")).await.ok();
    dan.put("/targets", target("2024-03", "user", ann.id(), "31.00")).await.ok();
    for (by, key, amount) in [("team", east, "310.00"), ("owner", ann.id(), "31.00")] {
        let report = lea.get(&format!("/reports/achievement?group_by={by}&from=2024-03-01&to=2024-03-31")).await.ok();
        let key = key.to_string();
        let row = report["rows"].as_array().unwrap().iter().find(|row| row["key"] == key.as_str()).unwrap().clone();
        assert_eq!((row["cells"][0]["sum"].as_str(), row["cells"][1]["count"].as_i64()), (Some(amount), Some(0)), "{by}");
    }

    // The region's target is for the teams below it: what they win counts there, once, and its number leads to their deals.
    let region = team(&dan, "华东大区").await;
    dan.put("/targets", target("2024-03", "team", region, "620.00")).await.ok();
    let customer = records::customer(&ann, "华为技术").await;
    let deal = records::opportunity(&ann, &customer, "一期").await;
    let won = json!({ "stage": "won", "won_amount": "155.00", "won_date": "2024-03-18" });
    ann.act(&format!("/opportunities/{}/stage", deal["id"]), &deal["version"], won).await.ok();
    let asked = format!("&team_id={region}&team_id={east}&team_id={region}");
    for (narrowed, whole) in [(String::new(), Value::Null), (format!("&team_id={region}"), json!("620.00")), (asked, json!("620.00"))] {
        let report = dan.get(&format!("/reports/achievement?from=2024-03-01&to=2024-03-31{narrowed}")).await.ok();
        for (id, percent) in [(region, 25.0), (east, 50.0)] {
            let key = id.to_string();
            let row = report["rows"].as_array().unwrap().iter().find(|row| row["key"] == key.as_str()).unwrap().clone();
            assert_eq!((row["cells"][1]["sum"].as_str(), &row["cells"][2]["rate"]["percent"]), (Some("155.00"), &json!(percent)));
            let behind = dan.get(row["cells"][1]["drill"].as_str().unwrap()).await.ok();
            assert_eq!(behind["total"], 1, "{narrowed}");
        }
        assert_eq!((&report["total"]["cells"][0]["sum"], &report["total"]["cells"][1]["sum"]), (&whole, &json!("155.00")), "{narrowed}");
    }
}

// I22: a target is taken back with a reason; the month has none, the log keeps both.
#[tokio::test(flavor = "multi_thread")]
async fn a_target_can_be_taken_back() {
    let test = TestApp::start().await;
    let (dan, ann, lea) = (test.dan().await, test.ann().await, test.lea().await);
    let set = dan.put("/targets", target("2024-03", "user", ann.id(), "100.00")).await.ok();
    let path = format!("/targets/{}", set["id"]);
    assert_eq!(lea.delete(&format!("{path}?reason=x"), &set["version"]).await.status, 403);
    dan.delete(&path, &set["version"]).await.invalid(&["reason"]);
    dan.delete(&format!("{path}?reason={}", "x".repeat(201)), &set["version"]).await.invalid(&["reason"]);
    assert_eq!(dan.delete(&format!("{path}?reason=x"), &json!(9)).await.status, 412);
    assert_eq!(dan.delete(&format!("{path}?reason=left"), &set["version"]).await.status, 204);
    assert_eq!(dan.delete(&format!("{path}?reason=left"), &set["version"]).await.status, 404);
    assert_eq!(dan.get("/targets").await.ok()["items"], json!([]));
    let achievement = ann.get("/reports/achievement?group_by=owner").await.ok();
    assert_eq!(achievement["total"]["cells"][2]["rate"], Value::Null);
    let log = dan.get("/targets/changes").await.ok();
    let told = &log["items"][0];
    assert_eq!((&told["old_amount"], &told["new_amount"], &told["reason"]), (&json!("100.00"), &Value::Null, &json!("left")));
    // Set again it begins anew, without a reason.
    dan.put("/targets", target("2024-03", "user", ann.id(), "120.00")).await.ok();
    assert_eq!(dan.get("/targets/changes").await.ok()["items"][0]["old_amount"], Value::Null);
    let events = test.adm().await.get("/audit-log").await.ok();
    assert!(events["items"].as_array().unwrap().iter().any(|event| event["kind"] == "target_removed"), "{events}");
}

// I22: the head office is the company: a second target beside the company's would count for nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_head_office_is_the_company() {
    let test = TestApp::start().await;
    let dan = test.dan().await;
    let head = team(&dan, "总部").await;
    let problem = dan.put("/targets", target("2024-03", "team", head, "100.00")).await.invalid(&["owner_id"]);
    assert_eq!(problem["fields"][0]["code"], "IS_COMPANY");
    dan.put("/targets", target("2024-03", "company", 0, "100.00")).await.ok();
    dan.put("/targets", target("2024-03", "team", team(&dan, "华东大区").await, "100.00")).await.ok();
}
