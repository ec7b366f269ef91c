//! 任务分配表 (I34): an Excel form out, filled in it is a batch of tasks, all or none (S60), and tasks go out as a list.

use serde_json::{Value, json};

use crate::support::sheets::{csv, read, xlsx};
use crate::support::{Client, TestApp, records};

const HEAD: [&str; 7] = ["*任务类型", "*任务内容", "商机编号", "客户编号", "客户名称", "执行人", "*截止日期"];

fn sheet(rows: &[[&str; 7]]) -> Vec<Vec<String>> {
    [HEAD].iter().chain(rows).map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
}

fn bytes(rows: &[[&str; 7]]) -> Vec<u8> {
    let table = sheet(rows);
    let table: Vec<Vec<&str>> = table.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    xlsx(&table)
}

async fn send(person: &Client, rows: &[[&str; 7]]) -> Value {
    person.upload("/tasks/batch/sheet", "三月任务.xlsx", &bytes(rows)).await.ok()
}

fn codes(row: &Value) -> Vec<(&str, &str)> {
    let problems = row["problems"].as_array().unwrap();
    problems.iter().map(|one| (one["field"].as_str().unwrap(), one["code"].as_str().unwrap())).collect()
}

// I34: the form has the columns, the drop-downs and a sample that is skipped when it comes back.
#[tokio::test(flavor = "multi_thread")]
async fn the_form_comes_back_as_it_went_out() {
    let test = TestApp::start().await;
    let lea = test.lea().await;
    let form = lea.get("/templates/tasks.xlsx").await;
    assert_eq!(form.status, 200);
    let table = read(&form.body);
    assert_eq!(table[0], HEAD);
    assert!(table[1][1].starts_with("（示例）"), "{table:?}");
    let refused = lea.upload("/tasks/batch/sheet", "空表.xlsx", &form.body).await;
    assert_eq!(refused.invalid(&["file"])["fields"][0]["code"], "REQUIRED");
    let other = lea.get("/templates/customers.xlsx").await;
    let refused = lea.upload("/tasks/batch/sheet", "客户.xlsx", &other.body).await;
    assert_eq!(refused.invalid(&["file"])["fields"][0]["code"], "HEADERS_NOT_TEMPLATE");
}

// I34, S60: every row is a task of its own; whoever gets several hears once; the batch can be taken back.
#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_given_as_a_batch() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    let customer = records::customer(&ann, "甲公司").await;
    let opportunity = records::opportunity(&ann, &customer, "甲公司的项目").await;
    let number = opportunity["number"].as_str().unwrap();
    let bob_name = bob.me["user"]["name"].as_str().unwrap();
    let seen = send(
        &lea,
        &[
            ["客户跟进", "确认报价", number, "", "", "", "2024-03-22"],
            ["合同签订", "起草合同", "", "", "甲公司", bob_name, "2024/3/25"],
            ["其他", "整理资料", "", "", "", "bob", "2024-03-29"],
            ["其他", "月度总结", "", "", "", "", "2024-03-29"],
        ],
    )
    .await;
    assert_eq!((&seen["count"], &seen["bad"]), (&json!(4), &json!(0)), "{seen}");
    let named: Vec<&str> = seen["rows"].as_array().unwrap().iter().map(|row| row["assignee_name"].as_str().unwrap()).collect();
    let (ann_name, lea_name) = (ann.me["user"]["name"].as_str().unwrap(), lea.me["user"]["name"].as_str().unwrap());
    assert_eq!(named, [ann_name, bob_name, bob_name, lea_name]);
    assert_eq!(lea.get("/tasks").await.ok()["total"], 0, "a preview gives nothing");
    let token = json!({ "preview_token": seen["preview_token"] });
    let batch = lea.post("/tasks/batch", token.clone()).await.ok();
    assert_eq!((&batch["total"], &batch["people"], &batch["content"]), (&json!(4), &json!(3), &json!("三月任务.xlsx")));
    assert_eq!(lea.post("/tasks/batch", token).await.ok(), batch, "a double submission is harmless");
    let tasks = bob.get("/tasks?mine=true").await.ok();
    let found: Vec<(&str, &str, &str)> = tasks["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| (task["kind"].as_str().unwrap(), task["content"].as_str().unwrap(), task["due_date"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [("contract_signing", "起草合同", "2024-03-25"), ("other", "整理资料", "2024-03-29")]);
    assert_eq!(bob.messages_of("tasks_assigned").await.len(), 1);
    let about = ann.get("/tasks?mine=true").await.ok();
    assert_eq!(about["items"][0]["opportunity_number"], number);
    let back = lea.post(&format!("/tasks/batch/{}/withdraw", batch["id"]), json!({})).await.ok();
    assert_eq!((&back["state"], &back["cancelled"]), (&json!("withdrawn"), &json!(4)));

    // One record may be named in several rows.
    let twice = ["合同签订", "起草合同", "", "", "甲公司", "", "2024-03-25"];
    let again = ["客户跟进", "确认报价", number, "", "", "", "2024-03-22"];
    let seen = send(&lea, &[twice, again, twice, again]).await;
    let batch = lea.post("/tasks/batch", json!({ "preview_token": seen["preview_token"] })).await.ok();
    assert_eq!(batch["total"], 4);
    // A customer beside the opportunity of another one is a slip.
    records::customer(&ann, "乙公司").await;
    let seen = send(&lea, &[["客户跟进", "确认报价", number, "", "乙公司", "", "2024-03-22"]]).await;
    assert_eq!((&seen["bad"], codes(&seen["rows"][0]).len()), (&json!(1), 1), "{seen}");
}

// I34, S60, S58: with one wrong row none is given; every mistake of every row is named.
#[tokio::test(flavor = "multi_thread")]
async fn one_wrong_row_keeps_all_back() {
    let test = TestApp::start().await;
    let (ann, cat, lea) = (test.ann().await, test.cat().await, test.lea().await);
    let customer = records::customer(&ann, "甲公司").await;
    let opportunity = records::opportunity(&ann, &customer, "甲公司的项目").await;
    let number = opportunity["number"].as_str().unwrap();
    let theirs = records::customer(&cat, "外队公司").await;
    let lost = json!({ "stage": "lost", "lost_reason": "价格过高" });
    let seen = send(&lea, &[["客户跟进", "确认报价", number, "", "", "", "2024-03-22"]]).await;
    ann.act(&format!("/opportunities/{}/stage", opportunity["id"]), &opportunity["version"], lost).await.ok();
    let rows = [
        ["客户跟进", "正常的一行", "", "", "甲公司", "", "2024-03-22"],
        ["跳舞", "", "", "", "", "无此人", "2024-03-18"],
        ["其他", "已关闭", number, "", "", "", "2024-03-22"],
        ["其他", "看不到", "", theirs["number"].as_str().unwrap(), "", "", "昨天"],
        ["其他", "没有", "OPP20990101001", "", "", "", "2024-03-22"],
    ];
    let judged = send(&lea, &rows).await;
    assert_eq!((&judged["preview_token"], &judged["count"], &judged["bad"]), (&Value::Null, &json!(5), &json!(4)));
    let found: Vec<Vec<(&str, &str)>> = judged["rows"].as_array().unwrap().iter().map(codes).collect();
    assert!(found[0].is_empty());
    let mut second = found[1].clone();
    second.sort_unstable();
    assert_eq!(second, [("assignee_id", "UNKNOWN"), ("content", "REQUIRED"), ("due_date", "DUE_NOT_LATER"), ("kind", "UNKNOWN")]);
    assert_eq!(found[2], [("opportunity_id", "CLOSED")]);
    let mut fourth: Vec<&str> = found[3].iter().map(|(field, _)| *field).collect();
    fourth.sort_unstable();
    assert_eq!(fourth, ["customer_id", "due_date"]);
    assert_eq!(found[4], [("opportunity_number", "UNKNOWN")]);
    assert_eq!(judged["rows"][1]["line"], 3);
    // What was good when it was shown has changed since: all of it is refused.
    lea.post("/tasks/batch", json!({ "preview_token": seen["preview_token"] })).await.refused(409, "COUNT_CHANGED");
    assert_eq!(lea.get("/tasks").await.ok()["total"], 0);
    ann.upload("/tasks/batch/sheet", "a.xlsx", &bytes(&rows)).await.refused(403, "FORBIDDEN");
}

// I34: a text file does as well; a thousand rows are the most.
#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_has_its_limits() {
    let test = TestApp::start().await;
    let lea = test.lea().await;
    let mut table: Vec<Vec<&str>> = vec![HEAD.to_vec()];
    table.extend((0..1_000).map(|_| vec!["其他", "整理资料", "", "", "", "", "2024-03-22"]));
    let seen = lea.upload("/tasks/batch/sheet", "多.csv", csv(&table).as_bytes()).await.ok();
    assert_eq!((&seen["count"], &seen["bad"]), (&json!(1_000), &json!(0)));
    table.push(table[1].clone());
    let refused = lea.upload("/tasks/batch/sheet", "太多.csv", csv(&table).as_bytes()).await;
    assert_eq!(refused.invalid(&["file"])["fields"][0]["code"], "TOO_MANY");
    lea.upload("/tasks/batch/sheet", "a.pdf", b"%PDF-1.4").await.invalid(&["file"]);
}
