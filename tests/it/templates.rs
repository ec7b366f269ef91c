//! I32, I33: the forms people fill in outside, and the record sheet.

use serde_json::json;

use crate::support::TestApp;
use crate::support::sheets::{counts, read};

// I32: the form is the import's template: its sample row is skipped, its headers are taken without a mapping.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_can_be_imported_as_it_is() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    for (kind, name, required) in [("customers", "客户信息登记表", 5), ("opportunities", "商机导入表", 2)] {
        let form = ann.get(&format!("/templates/{kind}.xlsx")).await;
        assert_eq!(form.status, 200);
        let disposition = form.headers["content-disposition"].to_str().unwrap().to_owned();
        assert!(disposition.contains("filename*=UTF-8''"), "{disposition} {name}");
        let table = read(&form.body);
        assert_eq!(table[0].iter().filter(|header| header.starts_with('*')).count(), required, "{:?}", table[0]);
        let import = test.import(&ann, &[("kind", kind)], "表.xlsx", &form.body).await;
        assert_eq!(counts(&import), [0, 0, 1, 0]);
    }
    ann.get("/templates/follow_ups.xlsx").await.refused(404, "NOT_FOUND");
    ann.get("/templates/../x").await.refused(404, "NOT_FOUND");
}

// I33: plans, records and stage log of an opportunity on one sheet.
#[tokio::test(flavor = "multi_thread")]
async fn the_record_sheet_tells_the_whole_story() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let customer = ann.has_customer("华为技术").await;
    let id = ann.has_opportunity(customer, "ERP 采购").await;
    ann.plans(customer, "2024-03-19T10:00:00+08:00", json!({ "opportunity_id": id, "content": "演示方案" })).await;
    let record = json!({ "opportunity_id": id, "method": "phone_call", "contacted_at": "2024-03-18T08:30:00+08:00", "result": "客户感兴趣", "next_action": "报价" });
    ann.post("/follow-ups", record).await.created();
    let sheet = ann.get(&format!("/opportunities/{id}/record-sheet.xlsx")).await;
    assert_eq!(sheet.status, 200);
    let text = read(&sheet.body).concat().join("|");
    for part in ["OPP20240318001", "华为技术", "500,000.00", "演示方案", "客户感兴趣", "电话拜访", "初步接触", "2024-03-19 10:00:00"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    cat.get(&format!("/opportunities/{id}/record-sheet.xlsx")).await.refused(404, "NOT_FOUND");
}

// I33: the sheet of a customer holds what happened at all its opportunities, and nothing out of the reader's sight.
#[tokio::test(flavor = "multi_thread")]
async fn a_customer_has_a_record_sheet_too() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let customer = ann.has_customer("华为技术").await;
    let (first, second) = (ann.has_opportunity(customer, "ERP 采购").await, ann.has_opportunity(customer, "二期").await);
    ann.plans(customer, "2024-03-19T10:00:00+08:00", json!({ "opportunity_id": first, "content": "演示方案" })).await;
    ann.plans(customer, "2024-03-20T10:00:00+08:00", json!({ "content": "回访客户" })).await;
    ann.records(customer, "2024-03-18T08:30:00+08:00", "=客户感兴趣").await;
    let version = ann.get(&format!("/opportunities/{second}")).await.ok()["version"].clone();
    ann.act(&format!("/opportunities/{second}/stage"), &version, json!({ "stage": "proposal" })).await.ok();
    let sheet = ann.get(&format!("/customers/{customer}/record-sheet.xlsx")).await;
    assert_eq!(sheet.status, 200);
    let text = read(&sheet.body).concat().join("|");
    for part in ["CUST20240318001", "华为技术", "张伟", "演示方案", "回访客户", "客户感兴趣", "ERP 采购", "二期", "潜在客户"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let by_number = ann.get("/customers/CUST20240318001/record-sheet.xlsx").await;
    assert_eq!(by_number.status, 200);
    cat.get(&format!("/customers/{customer}/record-sheet.xlsx")).await.refused(404, "NOT_FOUND");
}
