//! What a look back shows of records that have gone out of the reader's sight since.

use serde_json::{Value, json};

use crate::support::sheets::read;
use crate::support::{Client, TestApp};

const MOMENT: &str = "as_of=2024-04-18T09:00:00%2B08:00";

async fn stuck(who: &Client, more: &str) -> Vec<Value> {
    let report = who.get(&format!("/reports/stage-duration?from=2024-03-01&to=2024-03-31{more}")).await.ok();
    report.get("stuck").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn names(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["name"].as_str().unwrap()).collect()
}

// I30, S4: what one saw then and does not see now counts, without a name.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_out_of_sight_is_not_shown() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("华为技术").await;
    let mine = ann.has_opportunity(customer, "ERP").await;
    let gone = ann.has_opportunity(customer, "CRM").await;
    let other = ann.has_customer("中兴通讯").await;
    ann.has_opportunity(other, "OA").await;
    test.set_now("2024-04-18T09:00:00+08:00");
    let ann = test.ann().await;
    assert_eq!(names(&stuck(&ann, "").await), ["ERP", "CRM", "OA"]);
    test.set_now("2024-04-18T10:00:00+08:00");
    let (ann, dan, cat) = (test.ann().await, test.dan().await, test.cat().await);
    let version = |reply: Value| reply["version"].clone();
    let of = |id: i64| format!("/opportunities/{id}");
    let deal = version(dan.get(&of(mine)).await.ok());
    dan.patch(&of(mine), &deal, json!({ "owner_id": cat.id(), "name": "绝密项目" })).await.ok();
    let whole = version(dan.get(&format!("/customers/{customer}")).await.ok());
    dan.patch(&format!("/customers/{customer}"), &whole, json!({ "owner_id": cat.id() })).await.ok();
    let deal = version(ann.get(&of(gone)).await.ok());
    assert_eq!(ann.delete(&format!("{}?reason=重复录入", of(gone)), &deal).await.status, 204);

    let then = stuck(&ann, &format!("&{MOMENT}")).await;
    assert_eq!(names(&then), ["", "", "OA"]);
    let numbers: Vec<bool> = then.iter().map(|row| row["number"].as_str().unwrap().is_empty()).collect();
    assert_eq!(numbers, [true, true, false]);
    assert_eq!(then[0]["expected_amount"], "500000.00");
    let book = ann.get(&format!("/reports/files/stage-duration.xlsx?from=2024-03-01&to=2024-03-31&{MOMENT}")).await;
    assert_eq!(book.status, 200);
    assert!(!read(&book.body).concat().contains(&"绝密项目".to_owned()));
    // Who sees it now is told its name; nobody is told of what is deleted.
    assert_eq!(names(&stuck(&dan, &format!("&{MOMENT}")).await), ["绝密项目", "", "OA"]);
    // Who sees it only now did not see it then.
    assert!(stuck(&cat, &format!("&{MOMENT}")).await.is_empty());
    assert_eq!(names(&stuck(&cat, "").await), ["绝密项目"]);
}
