use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer};

fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn enter(who: &Client, name: &str) -> Value {
    who.post("/customers", a_customer(name)).await.created()
}

async fn numbers_listed(who: &Client, query: &str) -> Vec<String> {
    let page = who.get(&format!("/customers?{query}")).await.ok();
    page["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

// S14, S23: with every required field the customer is kept and gets the day's first number.
#[tokio::test(flavor = "multi_thread")]
async fn enter_a_customer() {
    let test = TestApp::start_at("2024-03-15T10:00:00+08:00").await;
    let ann = test.ann().await;
    let reply = ann.post("/customers", a_customer("上海某某科技有限公司")).await;
    let customer = reply.created();
    assert_eq!(customer["number"], "CUST20240315001");
    assert_eq!(reply.headers["location"], format!("/api/v1/customers/{}", customer["id"]).as_str());
    assert_eq!(reply.headers["etag"], "\"1\"");
    assert_eq!(customer["owner_name"], "安妮");
    assert_eq!(customer["team_name"], "华东一部");
    assert_eq!(customer["status"], "potential");
    assert_eq!(customer["follow_up_status"], "not_started");
    assert_eq!(customer["industry"]["name"], "制造业");
    assert_eq!(customer["phone"], "13800138000");
    assert_eq!(ann.get("/customers/cust20240315001").await.ok()["id"], customer["id"]);
}

// S14: whatever is missing is named, all at once; nothing is kept and no number taken.
#[tokio::test(flavor = "multi_thread")]
async fn missing_fields_are_all_named() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let problem = ann.post("/customers", json!({})).await.invalid(&["name", "contact_name", "phone", "industry", "source_channels"]);
    assert!(problem["fields"].as_array().unwrap().iter().all(|field| field["message"] == "请填写此项"));
    let mut english = ann.clone();
    english.language = "en";
    let problem = english.post("/customers", json!({})).await.refused(422, "INVALID_FIELDS");
    assert_eq!(problem["fields"][0]["message"], "This is required");
    for channel in ["展会推广", "客户转介绍"] {
        ann.post("/customers", with(a_customer("甲"), json!({ "source_channels": [channel] }))).await.invalid(&["source_detail"]);
    }
    assert_eq!(enter(&ann, "乙").await["number"], "CUST20240318001");
    ann.post("/customers", with(a_customer("丙"), json!({ "colour": "red" }))).await.refused(400, "UNKNOWN_FIELD");
    ann.get("/customers?colour=red").await.refused(400, "UNKNOWN_FIELD");
}

// S15: the folded name is unique; who has it is shown by number, owner and team and nothing else, also across teams.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_kept_once() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let first = enter(&ann, "上海（华东）Tech 有限公司").await;
    let problem = cat.post("/customers", a_customer("上海(华东)ＴＥＣＨ有限公司")).await.refused(409, "DUPLICATE_NAME");
    assert_eq!(problem["hit"], json!({ "number": first["number"], "owner_name": "安妮", "team_name": "华东一部" }));
    assert_eq!((problem["fields"][0]["field"].as_str(), problem["fields"][0]["code"].as_str()), (Some("name"), Some("DUPLICATE_NAME")));
    let told = format!("客户名称已存在：{}，负责人 安妮，团队 华东一部", first["number"].as_str().unwrap());
    assert_eq!(problem["detail"], told);
    cat.get(&format!("/customers/{}", first["id"])).await.refused(404, "NOT_FOUND");
    let second = enter(&cat, "另一家").await;
    cat.patch(&format!("/customers/{}", second["id"]), &second["version"], json!({ "name": "上海(华东)tech有限公司" }))
        .await
        .refused(409, "DUPLICATE_NAME");
    ann.delete(&format!("/customers/{}?reason=重复录入", first["id"]), &first["version"]).await;
    enter(&cat, "上海(华东)tech有限公司").await;
}

// S15: 1–100 characters; the credit code is checked and unique.
#[tokio::test(flavor = "multi_thread")]
async fn names_and_codes_have_limits() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    enter(&ann, &"长".repeat(100)).await;
    ann.post("/customers", a_customer(&"长".repeat(101))).await.invalid(&["name"]);
    ann.post("/customers", a_customer("   ")).await.invalid(&["name"]);
    let code = |code: &str, name: &str| with(a_customer(name), json!({ "credit_code": code }));
    ann.post("/customers", code("91310000MA1FL0000X", "码一")).await.invalid(&["credit_code"]);
    ann.post("/customers", code("91350100M000100Y43", "码二")).await.created();
    ann.post("/customers", code("91350100m000100y43", "码三")).await.refused(409, "DUPLICATE_CREDIT_CODE");
}

// S17: eleven digits after folding; the same phone elsewhere warns with a masked hit, and saves.
#[tokio::test(flavor = "multi_thread")]
async fn phones_are_checked() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    for bad in ["1380013800", "138001380000", "12345678901", "1380013800a", "０１０-12345678"] {
        ann.post("/customers", with(a_customer("甲"), json!({ "phone": bad }))).await.invalid(&["phone"]);
    }
    for (index, good) in ["+86 138-0013-8000", "0086 13800138000", "１３８００１３８０００", "86 138 0013 8000"].iter().enumerate()
    {
        let customer = ann.post("/customers", with(a_customer(&format!("甲{index}")), json!({ "phone": good }))).await.created();
        assert_eq!(customer["phone"], "13800138000");
    }
    let twin = cat.post("/customers", a_customer("乙")).await.created();
    assert_eq!(twin["warnings"][0]["code"], "SAME_PHONE");
    let hit = twin["warnings"][0]["hits"][0].as_object().unwrap();
    assert_eq!(hit.keys().collect::<Vec<_>>(), ["number", "owner_name", "phone", "team_name"]);
    assert_eq!(hit["phone"], "138****8000");
}

// S18, S19, S20, S22: e-mail, disabled values, tags, detail.
#[tokio::test(flavor = "multi_thread")]
async fn the_other_fields_are_checked() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let bad = json!({ "email": "a@b", "industry": "没有的行业", "tags": ["x".repeat(21)], "source_detail": "长".repeat(201), "source_channels": ["没有的来源"], "status": "won" });
    ann.post("/customers", with(a_customer("甲"), bad)).await.invalid(&[
        "email",
        "industry",
        "tags",
        "source_detail",
        "source_channels",
        "status",
    ]);
    let many: Vec<String> = (0..21).map(|number| format!("标签{number}")).collect();
    ann.post("/customers", with(a_customer("甲"), json!({ "tags": many }))).await.invalid(&["tags"]);
    assert!(
        ann.get("/tags").await.ok().as_array().unwrap().iter().all(|tag| !tag["name"].as_str().unwrap().starts_with("标签")),
        "a refused save makes no tag"
    );

    let customer = ann
        .post("/customers", with(a_customer("甲"), json!({ "tags": ["意向客户", "VIP", "vip"], "email": "Zhang@Example.com" })))
        .await
        .created();
    assert_eq!(customer["tags"].as_array().unwrap().len(), 2);
    let industries = adm.get("/dictionaries/industry").await.ok();
    let industry = industries.as_array().unwrap().iter().find(|entry| entry["name"] == "制造业").unwrap();
    adm.patch(&format!("/dictionaries/industry/{}", industry["id"]), &industry["version"], json!({ "disabled": true })).await.ok();
    let problem = ann.post("/customers", a_customer("乙")).await.invalid(&["industry"]);
    assert_eq!(problem["fields"][0]["code"], "DISABLED");
    let path = format!("/customers/{}", customer["id"]);
    assert_eq!(ann.patch(&path, &customer["version"], json!({ "remark": "仍可编辑" })).await.ok()["industry"]["name"], "制造业");
    adm.delete(&format!("/dictionaries/industry/{}", industry["id"]), &json!(industry["version"].as_i64().unwrap() + 1))
        .await
        .refused(409, "VALUE_IN_USE");

    let tags = adm.get("/tags").await.ok();
    let vip = tags.as_array().unwrap().iter().find(|tag| tag["name"] == "VIP").unwrap();
    adm.patch(&format!("/tags/{}", vip["id"]), &vip["version"], json!({ "name": "重要客户" })).await.ok();
    let names: Vec<Value> = ann.get(&path).await.ok()["tags"].as_array().unwrap().iter().map(|tag| tag["name"].clone()).collect();
    assert_eq!(names, ["意向客户", "重要客户"]);
}

// S23, S24: a day's numbers begin at 001 at midnight of the business zone, and the 1000th just grows.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_follow_the_business_day() {
    use chengdan::platform::db::sql;
    let test = TestApp::start_at("2024-03-15T23:59:00+08:00").await;
    let ann = test.ann().await;
    test.set_now("2024-03-15T23:59:59+08:00");
    assert_eq!(enter(&ann, "昨天的").await["number"], "CUST20240315001");
    test.set_now("2024-03-16T00:00:00+08:00");
    assert_eq!(enter(&ann, "今天的").await["number"], "CUST20240316001");
    test.app
        .db
        .write(|tx| sql("update numbers set last = 998 where kind = 'customer' and on_day = '2024-03-16'").run(tx), |_| ())
        .await
        .unwrap();
    assert_eq!(enter(&ann, "第999个").await["number"], "CUST20240316999");
    assert_eq!(enter(&ann, "第1000个").await["number"], "CUST202403161000");
    assert_eq!(numbers_listed(&ann, "sort=-number").await, ["第1000个", "第999个", "今天的", "昨天的"]);
    assert_eq!(ann.get("/customers/CUST202403161000").await.ok()["name"], "第1000个");
}

// S23: a deleted customer's number is never used again.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_not_used_again() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let first = enter(&ann, "甲").await;
    assert_eq!(ann.delete(&format!("/customers/{}?reason=录错", first["id"]), &first["version"]).await.status, 204);
    ann.get(&format!("/customers/{}", first["number"].as_str().unwrap())).await.refused(404, "NOT_FOUND");
    assert_eq!(enter(&ann, "甲").await["number"], "CUST20240318002");
}

// S25: number, name, contact, phone, its last four, pinyin and initials find; another team's records are never found.
#[tokio::test(flavor = "multi_thread")]
async fn search_finds_and_keeps_scope() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    ann.post("/customers", with(a_customer("华为技术有限公司"), json!({ "contact_name": "单小青", "phone": "13912345678" })))
        .await
        .created();
    enter(&ann, "重庆长城汽车").await;
    for query in ["华为", "技术", "hwjs", "huawei", "单小青", "13912345678", "5678", "CUST20240318001"] {
        assert_eq!(numbers_listed(&ann, &format!("q={query}")).await, ["华为技术有限公司"], "{query}");
        assert!(numbers_listed(&cat, &format!("q={query}")).await.is_empty(), "{query}");
    }
    assert_eq!(numbers_listed(&ann, "q=cqcc").await, ["重庆长城汽车"]);
    assert!(numbers_listed(&ann, "q=%25%25").await.is_empty());
}

// S26, I58: a stale save is refused with the record as it is now; number and creation cannot be edited; every change is in the history.
#[tokio::test(flavor = "multi_thread")]
async fn two_editors_do_not_overwrite_each_other() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = enter(&ann, "甲").await;
    let path = format!("/customers/{}", customer["id"]);
    let after = ann.patch(&path, &customer["version"], json!({ "contact_name": "王芳", "remark": "第一次" })).await.ok();
    assert_eq!(after["version"], 2);
    let problem = ann.patch(&path, &customer["version"], json!({ "remark": "第二次" })).await.refused(412, "VERSION_CHANGED");
    assert_eq!(problem["current"]["remark"], "第一次");
    assert_eq!(problem["current"]["version"], 2);
    ann.patch(&path, &Value::Null, json!({ "remark": "x" })).await.refused(428, "VERSION_REQUIRED");
    ann.patch(&path, &after["version"], json!({ "number": "CUST20200101001" })).await.refused(400, "UNKNOWN_FIELD");
    let timeline = ann.get(&format!("{path}/timeline")).await.ok();
    let edited = &timeline["items"][0];
    assert_eq!(edited["kind"], "customer_edited");
    let changes: Vec<(&str, &str, &str)> = edited["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| (change["label"].as_str().unwrap(), change["old"].as_str().unwrap(), change["new"].as_str().unwrap()))
        .collect();
    assert_eq!(changes, [("联系人", "张伟", "王芳"), ("备注", "", "第一次")]);
    assert_eq!(timeline["items"][1]["kind"], "customer_created");
    let contacts = ann.get(&format!("{path}/contacts")).await.ok();
    assert_eq!(contacts[0]["name"], "王芳");
}

// S31: no contact within the last 30 days, today included; never contacted counts from the day of entry.
#[tokio::test(flavor = "multi_thread")]
async fn not_followed_up_for_thirty_days() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    enter(&ann, "甲").await;
    for (now, listed) in [("2024-04-16T23:59:59+08:00", 0), ("2024-04-17T00:00:00+08:00", 1)] {
        test.set_now(now);
        let ann = test.ann().await;
        assert_eq!(numbers_listed(&ann, "not_followed_up_days=30").await.len(), listed, "{now}");
    }
    ann.get("/customers?not_followed_up_days=0").await.refused(401, "UNAUTHENTICATED");
    test.ann().await.get("/customers?not_followed_up_days=0").await.invalid(&["not_followed_up_days"]);
}

// S25, S31: filters combine; tags by any, all, exclude.
#[tokio::test(flavor = "multi_thread")]
async fn filters_combine() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    for (name, tags, region, industry) in [
        ("甲", json!(["意向客户"]), "华东", "制造业"),
        ("乙", json!(["意向客户", "高价值客户"]), "华东", "互联网"),
        ("丙", json!(["高价值客户"]), "华南", "制造业"),
        ("丁", json!([]), "华南", "互联网"),
    ] {
        ann.post("/customers", with(a_customer(name), json!({ "tags": tags, "region": region, "industry": industry }))).await.created();
    }
    for (query, expected) in [
        ("tag=意向客户&tag=高价值客户", vec!["甲", "乙", "丙"]),
        ("tag=意向客户&tag=高价值客户&tag_mode=all", vec!["乙"]),
        ("exclude_tag=意向客户", vec!["丙", "丁"]),
        ("region=华东&industry=制造业", vec!["甲"]),
        ("region=华东&region=华南&exclude_tag=高价值客户", vec!["甲", "丁"]),
        ("source_channel=官网注册&status=potential&tag=高价值客户", vec!["乙", "丙"]),
        ("created_from=2024-03-18&created_to=2024-03-18", vec!["甲", "乙", "丙", "丁"]),
        ("created_from=2024-03-19", vec![]),
        ("status=won", vec![]),
    ] {
        assert_eq!(numbers_listed(&ann, &format!("{query}&sort=number")).await, expected, "{query}");
    }
    ann.get("/customers?region=火星").await.invalid(&["region"]);
    ann.get("/customers?sort=secret").await.invalid(&["sort"]);
    ann.get("/customers?limit=101").await.invalid(&["limit"]);
    ann.get("/customers?cursor=xyz").await.invalid(&["cursor"]);
}

// Keyset paging neither skips nor repeats, in both directions and for every sort, with an exact total.
#[tokio::test(flavor = "multi_thread")]
async fn pages_are_complete() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    for number in 0..23 {
        ann.post(
            "/customers",
            with(a_customer(&format!("公司{number:02}")), json!({ "region": if number % 2 == 0 { "华东" } else { "华南" } })),
        )
        .await
        .created();
    }
    for who in [&ann, &lea] {
        for sort in [
            "updated_at",
            "-updated_at",
            "created_at",
            "-created_at",
            "name",
            "-name",
            "number",
            "-number",
            "last_followed_up_at",
            "-last_followed_up_at",
        ] {
            for (filter, count) in [("", 23), ("&region=华东", 12)] {
                let (mut seen, mut cursor) = (Vec::new(), String::new());
                loop {
                    let page = who.get(&format!("/customers?limit=7&sort={sort}{filter}{cursor}")).await.ok();
                    assert_eq!(page["total"], count);
                    seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()));
                    match page["next_cursor"].as_str() {
                        Some(next) => cursor = format!("&cursor={next}"),
                        None => break,
                    }
                }
                let mut unique = seen.clone();
                unique.sort_unstable();
                unique.dedup();
                assert_eq!((seen.len(), unique.len()), (count, count), "{sort}{filter}");
            }
        }
    }
}

// S16: exactly one main contact; it leaves only when another takes its place; the customer shows the main one.
#[tokio::test(flavor = "multi_thread")]
async fn contacts_have_one_main_one() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = enter(&ann, "甲").await;
    let path = format!("/customers/{}/contacts", customer["id"]);
    ann.post(&path, json!({ "name": "", "phone": "123" })).await.invalid(&["name", "phone"]);
    let second = ann.post(&path, json!({ "name": "王芳", "phone": "13911112222", "title": "采购经理" })).await.created();
    assert_eq!(second["primary"], false);
    let first = ann.get(&path).await.ok()[0].clone();
    ann.delete(&format!("/contacts/{}", first["id"]), &first["version"]).await.refused(409, "PRIMARY_CONTACT");
    ann.patch(&format!("/contacts/{}", first["id"]), &first["version"], json!({ "primary": false })).await.refused(409, "PRIMARY_CONTACT");
    ann.patch(&format!("/contacts/{}", second["id"]), &second["version"], json!({ "primary": true })).await.ok();
    let contacts = ann.get(&path).await.ok();
    let main: Vec<&Value> = contacts.as_array().unwrap().iter().filter(|contact| contact["primary"] == true).collect();
    assert_eq!(main.len(), 1);
    assert_eq!(main[0]["name"], "王芳");
    let shown = ann.get(&format!("/customers/{}", customer["id"])).await.ok();
    assert_eq!((shown["contact_name"].as_str(), shown["phone"].as_str()), (Some("王芳"), Some("13911112222")));
    assert_eq!(numbers_listed(&ann, "q=2222").await, ["甲"]);
}

// S3: shared, a colleague finds the customer; revoked or run out, no longer; each step is in the timeline.
#[tokio::test(flavor = "multi_thread")]
async fn sharing_opens_and_closes() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let customer = enter(&ann, "甲公司").await;
    let path = format!("/customers/{}", customer["id"]);
    let sees = async |cat: &Client| {
        (cat.get(&path).await.status, numbers_listed(cat, "q=甲公司").await.len(), numbers_listed(cat, "").await.len())
    };
    assert_eq!(sees(&cat).await, (404, 0, 0));
    let share = ann
        .post(
            &format!("{path}/shares"),
            json!({ "grantee_type": "user", "grantee_id": cat.id(), "access": "read", "ends_on": "2024-03-20" }),
        )
        .await
        .created();
    assert_eq!(sees(&cat).await, (200, 1, 1));
    let seen = cat.get(&path).await.ok();
    assert_eq!((seen["phone"].as_str(), seen["can_edit"].as_bool()), (Some("138****8000"), Some(false)));
    cat.patch(&path, &seen["version"], json!({ "remark": "x" })).await.refused(403, "FORBIDDEN");
    assert_eq!(cat.post(&format!("{path}/reveal-phone"), json!({ "reason": "客户来电核实" })).await.ok()["phone"], "13800138000");
    cat.post(&format!("{path}/reveal-phone"), json!({})).await.invalid(&["reason"]);
    test.set_now("2024-03-21T00:00:00+08:00");
    let (ann, cat) = (test.ann().await, test.cat().await);
    assert_eq!(sees(&cat).await, (404, 0, 0), "the share has run out");
    let team = cat.me["team"]["id"].clone();
    let edit = ann.post(&format!("{path}/shares"), json!({ "grantee_type": "team", "grantee_id": team, "access": "edit" })).await.created();
    let seen = cat.get(&path).await.ok();
    assert_eq!((seen["phone"].as_str(), seen["can_edit"].as_bool()), (Some("13800138000"), Some(true)));
    cat.patch(&path, &seen["version"], json!({ "remark": "共同维护" })).await.ok();
    assert_eq!(ann.delete(&format!("{path}/shares/{}", edit["id"]), &Value::Null).await.status, 204);
    assert_eq!(sees(&cat).await, (404, 0, 0));
    let kinds: Vec<Value> =
        ann.get(&format!("{path}/timeline")).await.ok()["items"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["share_ended", "customer_edited", "customer_shared", "phone_revealed", "customer_shared", "customer_created"]);
    assert_ne!(share["id"], Value::Null);
    ann.post(&format!("{path}/shares"), json!({ "grantee_type": "user", "grantee_id": 999_999, "access": "own", "ends_on": "2024-03-20" }))
        .await
        .invalid(&["grantee_id", "access", "ends_on"]);
}

// I40: own for sales, team and below for managers, all for directors, finance and administrators.
#[tokio::test(flavor = "multi_thread")]
async fn the_scope_of_each_role() {
    let test = TestApp::start().await;
    let (ann, bob, lea, cat, dan, fin, adm) =
        (test.ann().await, test.bob().await, test.lea().await, test.cat().await, test.dan().await, test.fin().await, test.adm().await);
    for (who, name) in [(&ann, "安妮的"), (&bob, "白博的"), (&cat, "陈凯的")] {
        enter(who, name).await;
    }
    for (who, expected) in [
        (&ann, vec!["安妮的"]),
        (&bob, vec!["白博的"]),
        (&cat, vec!["陈凯的"]),
        (&lea, vec!["安妮的", "白博的"]),
        (&dan, vec!["安妮的", "白博的", "陈凯的"]),
        (&fin, vec!["安妮的", "白博的", "陈凯的"]),
        (&adm, vec!["安妮的", "白博的", "陈凯的"]),
    ] {
        assert_eq!(numbers_listed(who, "sort=number").await, expected);
        assert_eq!(who.get("/customers").await.ok()["total"], expected.len());
    }
    fin.post("/customers", a_customer("财务的")).await.refused(403, "FORBIDDEN");
}

// S38's sister for customers: a new owner takes over, both hear of it, the log says so, the old one no longer sees it.
#[tokio::test(flavor = "multi_thread")]
async fn hand_a_customer_over() {
    let test = TestApp::start().await;
    let (lea, ann, cat) = (test.lea().await, test.ann().await, test.cat().await);
    let customer = enter(&ann, "甲").await;
    let path = format!("/customers/{}", customer["id"]);
    lea.patch(&path, &customer["version"], json!({ "owner_id": 999_999 })).await.invalid(&["owner_id"]);
    let given = lea.patch(&path, &customer["version"], json!({ "owner_id": cat.id() })).await.ok();
    assert_eq!(given["version"], 2);
    ann.get(&path).await.refused(404, "NOT_FOUND");
    lea.get(&path).await.refused(404, "NOT_FOUND");
    let taken = cat.get(&path).await.ok();
    assert_eq!(
        (taken["owner_name"].as_str(), taken["team_name"].as_str(), taken["phone"].as_str()),
        (Some("陈凯"), Some("华南一部"), Some("13800138000"))
    );
    for (who, title) in [(&cat, "李雅 把客户交给您：甲"), (&ann, "李雅 把您的客户交给 陈凯：甲")] {
        assert_eq!(who.get("/notifications").await.ok()["items"][0]["title"], title);
    }
}

// A create that is sent twice happens once; another body under the same key is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_create_happens_once() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let send = async |who: &Client, name: &str| {
        who.send_json(axum::http::Method::POST, "/customers", None, &[("idempotency-key", "k-1")], a_customer(name)).await
    };
    let first = send(&ann, "甲").await;
    let again = send(&ann, "甲").await;
    assert_eq!((first.created(), first.headers["location"].clone()), (again.created(), again.headers["location"].clone()));
    send(&ann, "乙").await.invalid(&["Idempotency-Key"]);
    send(&bob, "丙").await.created();
    assert_eq!(ann.get("/customers").await.ok()["total"], 1);
}

// 查重: everybody may ask; the hit says number, owner, team and no more.
#[tokio::test(flavor = "multi_thread")]
async fn look_for_duplicates() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let customer = enter(&ann, "上海正耀软件有限公司").await;
    let ask = async |body: Value| cat.post("/customers/check-duplicates", body).await.ok()["hits"].clone();
    let same = ask(json!({ "name": "上海正耀软件 有限公司" })).await;
    assert_eq!(
        same,
        json!([{ "number": customer["number"], "owner_name": "安妮", "team_name": "华东一部", "field": "name", "blocking": true }])
    );
    let similar = ask(json!({ "name": "上海正耀软件" })).await;
    assert_eq!((similar[0]["number"].clone(), similar[0]["blocking"].clone()), (customer["number"].clone(), json!(false)));
    let phone = ask(json!({ "phone": "138 0013 8000" })).await;
    assert_eq!((phone[0]["phone"].as_str(), phone[0]["blocking"].as_bool()), (Some("138****8000"), Some(false)));
    assert_eq!(ask(json!({ "name": "别的" })).await, json!([]));
}

// S6: the requirement is kept in versions; the list finds customers whose requirement changed lately.
#[tokio::test(flavor = "multi_thread")]
async fn requirement_changes_are_kept() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (first, second) = (enter(&ann, "甲").await, enter(&ann, "乙").await);
    ann.patch(&format!("/customers/{}", first["id"]), &first["version"], json!({ "requirement": "需要 ERP" })).await.ok();
    assert_eq!(numbers_listed(&ann, "requirement_changed_days=7").await, ["甲"]);
    test.set_now("2024-03-24T23:00:00+08:00");
    assert_eq!(numbers_listed(&test.ann().await, "requirement_changed_days=7").await, ["甲"]);
    test.set_now("2024-03-25T00:00:00+08:00");
    assert!(numbers_listed(&test.ann().await, "requirement_changed_days=7").await.is_empty());
    assert_ne!(second["id"], first["id"]);
}

// S22: the detail of a source is found by any part of it, whatever its case, also beside words looked for and in a kept group.
#[tokio::test(flavor = "multi_thread")]
async fn filtered_by_the_detail_of_the_source() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    for (name, detail) in
        [("甲", "2024年3月北京国际电商展"), ("乙", "北京CHINA Expo 50%_off!"), ("丙", ""), ("北京国际电商展有限公司", "官网表单")]
    {
        ann.post("/customers", with(a_customer(name), json!({ "source_detail": detail }))).await.created();
    }
    for (query, expected) in [
        ("source_detail=北京国际电商展", vec!["甲"]),
        ("source_detail=2024年3月北京国际电商展", vec!["甲"]),
        ("source_detail=展", vec!["甲"]),
        ("source_detail=北京", vec!["甲", "乙"]),
        ("source_detail=china%20expo", vec!["乙"]),
        ("source_detail=50%25_off", vec!["乙"]),
        ("source_detail=off!", vec!["乙"]),
        ("source_detail=上海", vec![]),
        ("source_detail=北京&q=电商", vec!["甲"]),
        ("source_detail=表单&status=potential", vec!["北京国际电商展有限公司"]),
    ] {
        assert_eq!(numbers_listed(&ann, &format!("{query}&sort=number")).await, expected, "{query}");
    }
    ann.get(&format!("/customers?source_detail={}", "x".repeat(201))).await.invalid(&["source_detail"]);
    let group = json!({ "name": "电商展", "kind": "dynamic", "visibility": "private", "filter": { "source_detail": "电商展" } });
    let group = ann.post("/customer-groups", group).await.created();
    assert_eq!(numbers_listed(&ann, &format!("group_id={}", group["id"])).await, ["甲"]);
}

// S17: who verified the number, and when; another number has been verified by nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_verified_phone_names_who_and_when() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.post("/customers", a_customer("甲")).await.created();
    assert_eq!((&customer["phone_checked_at"], &customer["phone_checked_by_name"]), (&Value::Null, &Value::Null));
    let path = format!("/customers/{}", customer["id"]);
    test.set_now("2024-03-18T01:20:00Z");
    let checked = ann.patch(&path, &customer["version"], json!({ "phone_check": "invalid" })).await.ok();
    assert_eq!((&checked["phone_checked_at"], &checked["phone_checked_by_name"]), (&json!("2024-03-18T01:20:00Z"), &json!("安妮")));
    let other = ann.patch(&path, &checked["version"], json!({ "phone": "13900139001" })).await.ok();
    let unverified = |customer: &Value| {
        assert_eq!(customer["phone_check"], "unverified");
        assert_eq!((&customer["phone_checked_at"], &customer["phone_checked_by_name"]), (&Value::Null, &Value::Null));
    };
    unverified(&other);
    // Nor has the number of whoever becomes the main contact, or that contact's new one.
    ann.patch(&path, &other["version"], json!({ "phone_check": "valid" })).await.ok();
    let second = json!({ "name": "李娜", "phone": "13900139002", "primary": true });
    let second = ann.post(&format!("{path}/contacts"), second).await.created();
    let now = ann.get(&path).await.ok();
    unverified(&now);
    let again = ann.patch(&path, &now["version"], json!({ "phone_check": "valid", "contact_name": "李娜娜" })).await.ok();
    assert_eq!(again["phone_check"], "valid");
    let version = ann.get(&format!("{path}/contacts")).await.ok().as_array().unwrap().iter().find(|one| one["id"] == second["id"]).unwrap()
        ["version"]
        .clone();
    ann.patch(&format!("/contacts/{}", second["id"]), &version, json!({ "phone": "13900139003" })).await.ok();
    unverified(&ann.get(&path).await.ok());
}

// S13: a record belongs to the team worked in unless another one of its owner's is named; its team can be changed.
#[tokio::test(flavor = "multi_thread")]
async fn the_team_of_a_customer() {
    let test = TestApp::start().await;
    let (adm, ann, cat, lea) = (test.adm().await, test.ann().await, test.cat().await, test.lea().await);
    let (east, south) = (ann.me["team"]["id"].clone(), cat.me["team"]["id"].clone());
    ann.post("/customers", with(a_customer("外队"), json!({ "team_id": south }))).await.invalid(&["team_id"]);
    ann.post("/customers", with(a_customer("无此队"), json!({ "team_id": 999_999 }))).await.invalid(&["team_id"]);
    let customer = ann.post("/customers", with(a_customer("本队"), json!({ "team_id": east }))).await.created();
    assert_eq!(customer["number"], "CUST20240318001");
    let path = format!("/customers/{}", customer["id"]);
    ann.patch(&path, &customer["version"], json!({ "team_id": south })).await.invalid(&["team_id"]);
    ann.patch(&path, &customer["version"], json!({ "team_id": null })).await.invalid(&["team_id"]);

    // A member of two teams chooses; the leader of the team left loses sight.
    let user = adm.get(&format!("/users/{}", ann.id())).await.ok();
    adm.patch(&format!("/users/{}", ann.id()), &user["version"], json!({ "team_ids": [east, south] })).await.ok();
    lea.get(&path).await.ok();
    let moved = ann.patch(&path, &customer["version"], json!({ "team_id": south })).await.ok();
    assert_eq!((&moved["team_id"], &moved["owner_id"]), (&south, &json!(ann.id())));
    lea.get(&path).await.refused(404, "NOT_FOUND");
    let changes = ann.get(&format!("{path}/changes")).await.ok();
    assert!(changes["items"].as_array().unwrap().iter().any(|change| change["field"] == "team"), "{changes}");
    let told = ann.get(&format!("{path}/timeline")).await.ok()["items"][0]["changes"].clone();
    assert_eq!((&told[0]["old"], &told[0]["new"]), (&json!("华东一部"), &cat.me["team"]["name"]), "by name: {told}");
    let other = ann.post("/customers", with(a_customer("另一队"), json!({ "team_id": south }))).await.created();
    assert_eq!(other["team_id"], south);

    // Handed over into a team of the new owner's, and into no other.
    ann.patch(&path, &moved["version"], json!({ "owner_id": cat.id(), "team_id": east })).await.invalid(&["team_id"]);
    let given = ann.patch(&path, &moved["version"], json!({ "owner_id": cat.id(), "team_id": south })).await.ok();
    assert_eq!(given["can_edit"], false);
    let taken = cat.get(&path).await.ok();
    assert_eq!((&taken["team_id"], &taken["owner_id"]), (&south, &json!(cat.id())));
}
