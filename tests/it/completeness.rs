use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer};

async fn below(who: &Client, percent: i64) -> i64 {
    who.get(&format!("/customers?completeness_below={percent}")).await.ok()["total"].as_i64().unwrap()
}

// I49: the figure on the record, in the list and in the filter is one; what is missing is named with its weight.
#[tokio::test(flavor = "multi_thread")]
async fn completeness_follows_every_save() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let mut draft = a_customer("完整度有限公司");
    draft.as_object_mut().unwrap().remove("region");
    let customer = ann.post("/customers", draft).await.created();
    assert_eq!(customer["completeness"], 30);
    let missing: Vec<&str> = customer["missing"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(missing, ["credit_code", "requirement", "email", "region", "address", "phone_check"]);
    let path = format!("/customers/{}", customer["id"]);
    let edit = json!({ "region": "华东", "address": "张江路1号", "requirement": "ERP", "credit_code": "91350100M000100Y43" });
    let customer = ann.patch(&path, &customer["version"], edit).await.ok();
    assert_eq!(customer["completeness"], 80);
    assert_eq!((below(&ann, 80).await, below(&ann, 81).await), (0, 1));
    // A contact edited on its own counts, too.
    let contact = ann.get(&format!("{path}/contacts")).await.ok()[0].clone();
    ann.patch(&format!("/contacts/{}", contact["id"]), &contact["version"], json!({ "email": "a@b.cn" })).await.ok();
    let customer = ann.get(&path).await.ok();
    assert_eq!(customer["completeness"], 90);
    let customer = ann.patch(&path, &customer["version"], json!({ "phone_check": "valid" })).await.ok();
    assert_eq!((customer["completeness"].as_i64(), customer["missing"].as_array().map(Vec::len)), (Some(100), Some(0)));
    let customer = ann.patch(&path, &customer["version"], json!({ "phone": "13900139000", "address": null })).await.ok();
    assert_eq!(customer["completeness"], 80);
    ann.has_customer("另一家").await;
    let sorted = ann.get("/customers?sort=completeness").await.ok();
    let figures: Vec<&Value> = sorted["items"].as_array().unwrap().iter().map(|row| &row["completeness"]).collect();
    assert_eq!(figures, [40, 80]);
    for bad in ["0", "101", "x"] {
        ann.get(&format!("/customers?completeness_below={bad}")).await.invalid(&["completeness_below"]);
    }
}

// I49: the stale list counts per owner, within the reader's scope, today included.
#[tokio::test(flavor = "multi_thread")]
async fn silent_customers_are_counted_per_owner() {
    let test = TestApp::start_at("2024-03-01T09:00:00+08:00").await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let first = ann.has_customer("甲").await;
    cat.has_customer("乙").await;
    test.advance("2024-03-31T09:00:00+08:00").await;
    let (ann, cat, dan) = (test.sign_in("ann").await, cat, test.sign_in("dan").await);
    ann.has_customer("丙").await;
    let own = ann.get("/customers/quality").await.ok();
    assert_eq!(own.as_array().unwrap().len(), 1);
    assert_eq!((own[0]["owner_name"].as_str(), own[0]["customers"].as_i64(), own[0]["stale"].as_i64()), (Some("安妮"), Some(2), Some(1)));
    assert_eq!((own[0]["incomplete"].as_i64(), own[0]["completeness"].as_i64()), (Some(2), Some(40)));
    assert_eq!(ann.get("/customers/quality?days=31").await.ok()[0]["stale"], 0);
    assert_eq!(dan.get("/customers/quality").await.ok().as_array().unwrap().len(), 2);
    ann.records(first, "2024-03-31T08:00:00+08:00", "已联系").await;
    assert_eq!(ann.get("/customers/quality").await.ok()[0]["stale"], 0);

    // 补录: more than 24 h after the contact; counted within the days asked for.
    let late = async || {
        let own = ann.get("/customers/quality").await.ok();
        (own[0]["follow_ups"].as_i64().unwrap(), own[0]["late_entries"].as_i64().unwrap())
    };
    assert_eq!(late().await, (1, 0));
    ann.records(first, "2024-03-30T09:00:00+08:00", "正好一天前").await;
    assert_eq!(late().await, (2, 0));
    ann.records(first, "2024-03-30T08:59:59+08:00", "一天多以前").await;
    ann.records(first, "2024-03-02T00:00:00+08:00", "第一天").await;
    ann.records(first, "2024-03-01T23:59:59+08:00", "前一天").await;
    assert_eq!(late().await, (4, 2));
    let seen: Vec<Value> = dan.get("/customers/quality").await.ok().as_array().unwrap().clone();
    assert_eq!(seen.iter().map(|owner| owner["late_entries"].as_i64().unwrap()).sum::<i64>(), 2);
    ann.get("/customers/quality?days=0").await.invalid(&["days"]);
    drop(cat);
}

// I49: groups by name but for the legal form, and by phone; only what the reader sees makes a group.
#[tokio::test(flavor = "multi_thread")]
async fn duplicates_are_grouped_within_the_scope() {
    let test = TestApp::start().await;
    let (ann, cat, dan) = (test.ann().await, test.cat().await, test.dan().await);
    let with_phone = |name: &str, phone: &str| {
        let mut draft = a_customer(name);
        draft["phone"] = json!(phone);
        draft
    };
    ann.post("/customers", with_phone("上海恒信有限公司", "13800138001")).await.created();
    ann.post("/customers", with_phone("上海恒信股份有限公司", "13800138002")).await.created();
    ann.post("/customers", with_phone("独一家", "13800138002")).await.created();
    cat.post("/customers", with_phone("独一家有限公司", "13800138003")).await.created();
    let names = ann.get("/customers/duplicates").await.ok();
    assert_eq!((names["items"].as_array().unwrap().len(), names["items"][0]["count"].as_i64()), (1, Some(2)));
    assert_eq!(names["items"][0]["customers"][0]["phone"], "138****8001");
    let phones = ann.get("/customers/duplicates?by=phone").await.ok();
    assert_eq!((phones["items"].as_array().unwrap().len(), phones["items"][0]["shared"].as_str()), (1, Some("138****8002")));
    assert_eq!(cat.get("/customers/duplicates").await.ok()["items"], json!([]));
    assert_eq!(dan.get("/customers/duplicates").await.ok()["items"].as_array().unwrap().len(), 2);
    ann.get("/customers/duplicates?by=colour").await.invalid(&["by"]);
    ann.get("/customers/duplicates?cursor=999999").await.invalid(&["cursor"]);
}

// Pages of groups follow each other without gaps, and no cursor gives a phone away.
#[tokio::test(flavor = "multi_thread")]
async fn groups_are_turned_over() {
    let test = TestApp::start().await;
    let (ann, dan) = (test.ann().await, test.dan().await);
    for group in 0..23 {
        for form in ["有限公司", "集团"] {
            let mut draft = a_customer(&format!("第{group}家{form}"));
            draft["phone"] = json!(format!("138001380{group:02}"));
            ann.post("/customers", draft).await.created();
        }
    }
    for who in [&ann, &dan] {
        for by in ["name", "phone"] {
            let first = who.get(&format!("/customers/duplicates?by={by}")).await.ok();
            let cursor = first["next_cursor"].as_str().unwrap();
            assert!(cursor.len() < 11 && first["items"].as_array().unwrap().len() == 20);
            let second = who.get(&format!("/customers/duplicates?by={by}&cursor={cursor}")).await.ok();
            assert_eq!((second["items"].as_array().unwrap().len(), &second["next_cursor"]), (3, &Value::Null));
        }
    }
}

// S16, S17: a contact's phone that another customer knows warns and saves.
#[tokio::test(flavor = "multi_thread")]
async fn a_contacts_phone_warns_like_a_customers() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    ann.has_customer("甲").await;
    let other = cat
        .post("/customers", {
            let mut draft = a_customer("乙");
            draft["phone"] = json!("13900139000");
            draft
        })
        .await
        .created();
    let path = format!("/customers/{}/contacts", other["id"]);
    let saved = cat.post(&path, json!({ "name": "李娜", "phone": "13800138000" })).await.created();
    assert_eq!(
        (saved["warnings"][0]["code"].as_str(), saved["warnings"][0]["hits"][0]["owner_name"].as_str()),
        (Some("SAME_PHONE"), Some("安妮"))
    );
    let saved = cat.patch(&format!("/contacts/{}", saved["id"]), &saved["version"], json!({ "title": "经理" })).await.ok();
    assert!(saved["warnings"].is_null());
}
