//! I46: spreadsheets come in through the same rules as the form, and go back whole.

use serde_json::{Value, json};

use crate::support::sheets::{CUSTOMER, counts, csv, customers, read, xlsx};
use crate::support::{Client, TestApp, a_customer};

const NEW: [(&str, &str); 2] = [("kind", "customers"), ("mode", "create")];

async fn rows(person: &Client, import: &Value, state: &str) -> Vec<Value> {
    let reply = person.get(&format!("/imports/{}/rows?state={state}&limit=100", import["id"])).await.ok();
    reply["items"].as_array().unwrap().clone()
}

async fn named(person: &Client, name: &str) -> Value {
    let page = person.get(&format!("/customers?q={name}")).await.ok();
    let found = page["items"].as_array().unwrap().iter().find(|one| one["name"] == name).cloned();
    found.unwrap_or(Value::Null)
}

// I46, S24: good rows of a partly bad file stay and get numbers, bad ones are named with every reason and take none.
#[tokio::test(flavor = "multi_thread")]
async fn good_rows_stay_and_bad_ones_come_back() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let mut table = customers(&[("华为技术", "13800138000"), ("坏电话公司", "123"), ("小米科技", "13900139000")]);
    table.push(vec!["", "李四", "13700137000", "星际贸易", "官网注册"]);
    let import = test.import(&ann, &NEW, "客户.xlsx", &xlsx(&table)).await;
    assert_eq!((import["state"].as_str(), counts(&import)), (Some("done"), [2, 0, 0, 2]));

    let good = rows(&ann, &import, "created").await;
    assert_eq!([&good[0]["record_number"], &good[1]["record_number"]], ["CUST20240318001", "CUST20240318002"]);
    let bad = rows(&ann, &import, "bad").await;
    assert_eq!((&bad[0]["line"], &bad[0]["reasons"][0]["code"]), (&json!(3), &json!("INVALID_PHONE")));
    let fields: Vec<&str> = bad[1]["reasons"].as_array().unwrap().iter().map(|reason| reason["field"].as_str().unwrap()).collect();
    assert!(fields.contains(&"name") && fields.contains(&"industry"), "{fields:?}");

    // The refused rows come back as a file; corrected, they go in. The reason column is ignored.
    let errors = ann.get(&format!("/imports/{}/errors.xlsx", import["id"])).await;
    assert_eq!(errors.status, 200);
    let mut back = read(&errors.body);
    assert_eq!((back.len(), back[0].last().unwrap().as_str()), (3, "错误原因"));
    assert!(back[1].last().unwrap().contains("联系电话"), "{back:?}");
    back[1][2] = "13600136000".into();
    back.truncate(2);
    let corrected: Vec<Vec<&str>> = back.iter().map(|cells| cells.iter().map(String::as_str).collect()).collect();
    let again = test.import(&ann, &NEW, "错误.xlsx", &xlsx(&corrected)).await;
    assert_eq!(counts(&again), [1, 0, 0, 0]);
    assert_eq!(named(&ann, "坏电话公司").await["number"], "CUST20240318003");
    // The next customer from the form takes the next number.
    assert_eq!(ann.post("/customers", a_customer("表单客户")).await.created()["number"], "CUST20240318004");
}

// I46, S24: a dry run tells everything, does nothing and takes no number; then the same file runs.
#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_leaves_no_trace() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let table = customers(&[("华为技术", "13800138000"), ("华为 技术", "13900139000"), ("小米", "x")]);
    let fields = [("kind", "customers"), ("mode", "create"), ("dry_run", "true")];
    let import = test.import(&ann, &fields, "客户.csv", csv(&table).as_bytes()).await;
    assert_eq!((import["state"].as_str(), counts(&import)), (Some("checked"), [1, 0, 0, 2]));
    // 查重 inside the file, too.
    let bad = rows(&ann, &import, "bad").await;
    assert_eq!(bad[0]["reasons"][0]["code"], "TWIN_IN_FILE", "{bad:?}");
    assert!(bad[0]["reasons"][0]["message"].as_str().unwrap().contains("第 2 行"));
    assert_eq!(ann.get("/customers").await.ok()["total"], 0);

    let path = format!("/imports/{}/run", import["id"]);
    let running = ann.post(&path, json!({})).await.ok();
    ann.post(&path, json!({})).await.refused(409, "IMPORT_BUSY");
    let done = test.settled(&ann, &running).await;
    assert_eq!((done["state"].as_str(), counts(&done)), (Some("done"), [1, 0, 0, 2]));
    assert_eq!(named(&ann, "华为技术").await["number"], "CUST20240318001");
}

// I46: what happens to known records is decided by the mode.
#[tokio::test(flavor = "multi_thread")]
async fn every_mode_treats_known_names_its_own_way() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    ann.has_customer("华为技术").await;
    cat.has_customer("南方电网").await;
    let table = customers(&[("华为技术", "13911112222"), ("南方电网", "13911113333"), ("新客户", "13911114444")]);
    let file = xlsx(&table);
    let with = |mode: &'static str| [("kind", "customers"), ("mode", mode), ("dry_run", "true")];
    for (mode, wanted) in [("create", [1, 0, 0, 2]), ("update", [0, 1, 0, 2]), ("skip", [1, 0, 2, 0]), ("upsert", [1, 1, 0, 1])] {
        let import = test.import(&ann, &with(mode), "客户.xlsx", &file).await;
        assert_eq!(counts(&import), wanted, "{mode}");
    }
    // A hit in somebody else's hands shows number and owner, as the form does (S15), and an update says no more than "not there".
    let create = test.import(&ann, &with("create"), "客户.xlsx", &file).await;
    let bad = rows(&ann, &create, "bad").await;
    assert_eq!(bad[1]["reasons"][0]["code"], "DUPLICATE_NAME");
    assert!(bad[1]["reasons"][0]["message"].as_str().unwrap().contains("陈凯"));
    let update = test.import(&ann, &with("update"), "客户.xlsx", &file).await;
    let bad = rows(&ann, &update, "bad").await;
    assert_eq!((&bad[0]["reasons"][0]["code"], &bad[1]["reasons"][0]["code"]), (&json!("NOT_THERE"), &json!("NOT_THERE")));

    let done = test.import(&ann, &[("kind", "customers"), ("mode", "upsert")], "客户.xlsx", &file).await;
    assert_eq!(counts(&done), [1, 1, 0, 1]);
    let id = named(&ann, "华为技术").await["id"].clone();
    assert_eq!(ann.get(&format!("/customers/{id}")).await.ok()["phone"], "13911112222");
}

// I46: other headers need a mapping, which is suggested, remembered and judged.
#[tokio::test(flavor = "multi_thread")]
async fn columns_are_mapped_and_remembered() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let table =
        [vec!["公司", "对接人", "手机", "行业", "来源", "星座"], vec!["华为技术", "张伟", "13800138000", "制造业", "官网注册", "狮子"]];
    let file = xlsx(&table);
    let refused = ann.send_form("/imports", &NEW, "a.xlsx", &file).await.invalid(&["mapping"]);
    assert_eq!(refused["fields"][0]["code"], "HEADERS_NOT_TEMPLATE");
    assert_eq!(ann.get("/imports").await.ok()["total"], 0);

    let prepared = [("kind", "customers"), ("prepare", "true")];
    let import = ann.send_form("/imports", &prepared, "a.xlsx", &file).await.created();
    assert_eq!(import["state"], "uploaded");
    let fields: Vec<&Value> = import["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
    assert_eq!(json!(fields), json!(["name", null, "phone", "industry", "source_channels", null]));
    assert_eq!(import["columns"][0]["samples"], json!(["华为技术"]));

    let run = format!("/imports/{}/run", import["id"]);
    let mapping = json!({ "公司": "name", "手机": "phone", "行业": "industry", "来源": "source_channels" });
    ann.post(&run, json!({ "mapping": mapping })).await.invalid(&["mapping.contact_name"]);
    ann.post(&run, json!({ "mapping": { "公司": "name", "对接人": "name" } })).await.refused(422, "INVALID_FIELDS");
    ann.post(&run, json!({ "mapping": { "公司": "星座" } })).await.refused(422, "INVALID_FIELDS");
    let mut good = mapping.clone();
    good["对接人"] = json!("contact_name");
    let import = ann.post(&run, json!({ "mapping": good })).await.ok();
    assert_eq!(counts(&test.settled(&ann, &import).await), [1, 0, 0, 0]);

    let next = ann.send_form("/imports", &prepared, "b.xlsx", &file).await.created();
    assert_eq!(next["columns"][1]["field"], "contact_name");
    assert_eq!(next["same_file_import_id"], import["id"]);
    let bob = test.bob().await;
    assert_eq!(bob.send_form("/imports", &prepared, "b.xlsx", &file).await.created()["columns"][1]["field"], Value::Null);
    // Nobody sees the imports of others.
    bob.get(&format!("/imports/{}", import["id"])).await.refused(404, "NOT_FOUND");
}

// I46: owner, team and dates may be given by those allowed.
#[tokio::test(flavor = "multi_thread")]
async fn owners_and_times_come_along_where_allowed() {
    let test = TestApp::start().await;
    let (ann, lea, adm) = (test.ann().await, test.lea().await, test.adm().await);
    let header = [&CUSTOMER[..], &["负责人", "客户编号", "创建时间", "客户状态", "成交日期", "合同金额"]].concat();
    let row = |name: &'static str, more: [&'static str; 6]| [&[name, "张伟", "13800138000", "制造业", "官网注册"][..], &more].concat();
    let table = vec![
        header.clone(),
        row("按工号", ["bob", "", "", "", "", ""]),
        row("按姓名", ["白博", "", "", "", "", ""]),
        row("没有此人", ["赵六", "", "", "", "", ""]),
        row("成交的", ["", "", "", "成交客户", "2024/3/1", "¥1,234.50"]),
        row("带编号", ["", "CUST20230105007", "2023-01-05 10:00:00", "", "", ""]),
    ];
    let file = xlsx(&table);
    let by_ann = test.import(&ann, &[("kind", "customers"), ("dry_run", "true")], "a.xlsx", &file).await;
    let lines: Vec<Value> = rows(&ann, &by_ann, "bad").await.iter().map(|row| row["line"].clone()).collect();
    assert_eq!(json!(lines), json!([2, 3, 4, 6]), "sales enter for themselves, and bring no numbers");
    let by_lea = test.import(&lea, &NEW, "a.xlsx", &file).await;
    assert_eq!(counts(&by_lea), [3, 0, 0, 2]);
    assert_eq!(named(&lea, "按工号").await["owner_name"], "白博");
    let won = named(&lea, "成交的").await;
    assert_eq!((&won["status"], &won["contract_amount"], &won["deal_date"]), (&json!("won"), &json!("1234.50"), &json!("2024-03-01")));

    let by_adm = test.import(&adm, &[("kind", "customers"), ("mode", "skip")], "a.xlsx", &file).await;
    assert_eq!(counts(&by_adm), [1, 0, 3, 1]);
    let carried = named(&adm, "带编号").await;
    assert_eq!((&carried["number"], &carried["created_at"]), (&json!("CUST20230105007"), &json!("2023-01-05T02:00:00Z")));
    // The day's counter moves past a number that came, and the number is never given again (S23).
    let table =
        [[&CUSTOMER[..], &["客户编号"]].concat(), vec!["今天带来的", "张伟", "13800138000", "制造业", "官网注册", "CUST20240318900"]];
    assert_eq!(counts(&test.import(&adm, &NEW, "b.xlsx", &xlsx(&table)).await), [1, 0, 0, 0]);
    assert_eq!(ann.post("/customers", a_customer("下一家")).await.created()["number"], "CUST20240318901");
    let table = [table[0].clone(), vec!["又来一次", "张伟", "13800138000", "制造业", "官网注册", "CUST20240318900"]];
    assert_eq!(counts(&test.import(&adm, &NEW, "c.xlsx", &xlsx(&table)).await), [0, 0, 0, 1]);
}

// I46: the whole import is undone, but for what somebody has worked with since; updates get their old values back.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_taken_back_as_a_whole() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let old = ann.has_customer("老客户").await;
    let header = [&CUSTOMER[..], &["标签", "客户状态", "成交日期", "合同金额"]].concat();
    let row = |name: &'static str, more: [&'static str; 4]| [&[name, "王芳", "13911112222", "金融", "电话营销"][..], &more].concat();
    let table = vec![
        header,
        row("老客户", ["高价值客户", "", "", ""]),
        row("新客户", ["新标签甲", "", "", ""]),
        row("改过的", ["", "", "", ""]),
        row("用过的", ["", "", "", ""]),
        row("成交的", ["", "成交客户", "2024-03-01", "500000"]),
    ];
    let import = test.import(&ann, &[("kind", "customers"), ("mode", "upsert")], "a.xlsx", &xlsx(&table)).await;
    assert_eq!(counts(&import), [4, 1, 0, 0]);
    let changed = named(&ann, "改过的").await;
    let changed_path = format!("/customers/{}", changed["id"]);
    assert_eq!(ann.patch(&changed_path, &changed["version"], json!({ "remark": "已联系" })).await.status, 200);
    let used = named(&ann, "用过的").await["id"].as_i64().unwrap();
    ann.records(used, "2024-03-18T08:00:00+08:00", "聊过了").await;

    let undoing = ann.post(&format!("/imports/{}/undo", import["id"]), json!({})).await.ok();
    let undone = test.settled(&ann, &undoing).await;
    assert_eq!((undone["state"].as_str(), &undone["undone_rows"], &undone["kept_rows"]), (Some("undone"), &json!(3), &json!(2)));
    let kept = rows(&ann, &undone, "kept").await;
    assert_eq!((&kept[0]["reasons"][0]["code"], &kept[1]["reasons"][0]["code"]), (&json!("CHANGED_SINCE"), &json!("USED_SINCE")));
    let before = ann.get(&format!("/customers/{old}")).await.ok();
    assert_eq!(
        (&before["contact_name"], &before["phone"], &before["industry"]["name"]),
        (&json!("张伟"), &json!("13800138000"), &json!("制造业"))
    );
    assert_eq!(before["tags"], json!([]));
    for gone in ["新客户", "成交的"] {
        assert_eq!(named(&ann, gone).await, Value::Null, "{gone}");
    }
    assert_eq!(ann.get("/opportunities").await.ok()["total"], 0);
    ann.post(&format!("/imports/{}/undo", import["id"]), json!({})).await.refused(409, "IMPORT_BUSY");
}

// S40: opportunities find their customer by number or name; dates are read leniently, impossible ones refused.
#[tokio::test(flavor = "multi_thread")]
async fn opportunities_are_imported_too() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let customer = ann.post("/customers", a_customer("华为技术")).await.created();
    cat.has_customer("南方电网").await;
    let number = customer["number"].as_str().unwrap();
    let header = vec!["商机名称", "客户编号", "客户名称", "预计成交金额", "预计成交日期", "商机阶段", "成交金额", "成交日期"];
    let table = vec![
        header,
        vec!["ERP 采购", number, "", "500000.00", "2024/3/20"],
        vec!["按名称", "", "华为技术", "￥1,234.50", "2024-03-20", "需求分析"],
        vec!["已成交", "", "华为技术", "100", "", "成交", "120", "2024-03-01"],
        vec!["别人的", "", "南方电网", "100"],
        vec!["坏日期", number, "", "100", "20-03-2024"],
        vec!["无此日", number, "", "100", "2024-02-30"],
        vec!["缺成交金额", number, "", "100", "", "成交"],
    ];
    let import = test.import(&ann, &[("kind", "opportunities")], "商机.xlsx", &xlsx(&table)).await;
    assert_eq!(counts(&import), [3, 0, 0, 4]);
    let bad = rows(&ann, &import, "bad").await;
    let found: Vec<(&str, &str)> =
        bad.iter().map(|row| (row["reasons"][0]["field"].as_str().unwrap(), row["reasons"][0]["code"].as_str().unwrap())).collect();
    assert_eq!(
        found[..3],
        [("customer_name", "NOT_THERE"), ("expected_close_date", "INVALID_DATE"), ("expected_close_date", "INVALID_DATE")]
    );
    assert_eq!(found[3].0, "won_amount");
    let list = ann.get("/opportunities?sort=number").await.ok();
    let first = &list["items"][0];
    assert_eq!((&first["number"], &first["expected_close_date"]), (&json!("OPP20240318001"), &json!("2024-03-20")));
    assert_eq!(list["items"][1]["stage"], "needs_analysis");
    assert_eq!(ann.get(&format!("/customers/{}", customer["id"])).await.ok()["status"], "won");

    let undone = ann.post(&format!("/imports/{}/undo", import["id"]), json!({})).await.ok();
    assert_eq!(test.settled(&ann, &undone).await["undone_rows"], 3);
    assert_eq!(ann.get("/opportunities").await.ok()["total"], 0);
    assert_ne!(ann.get(&format!("/customers/{}", customer["id"])).await.ok()["status"], "won");

    // I26, I48: an old deal brings its times; its first stage lasted until the deal, not until the import.
    let adm = test.adm().await;
    let old = vec![
        vec!["商机名称", "客户名称", "预计成交金额", "商机阶段", "成交金额", "成交日期", "创建时间", "进入阶段时间"],
        vec!["旧单", "华为技术", "100", "成交", "120", "2023-02-01", "2023-01-01 09:00:00", "2023-02-01 09:00:00"],
    ];
    let import = test.import(&adm, &[("kind", "opportunities")], "旧单.xlsx", &xlsx(&old)).await;
    assert_eq!(counts(&import), [1, 0, 0, 0], "{import}");
    let deal = adm.get("/opportunities").await.ok()["items"][0].clone();
    let log = adm.get(&format!("/opportunities/{}/stage-changes", deal["id"])).await.ok();
    let stays: Vec<Option<i64>> = log.as_array().unwrap().iter().map(|row| row["seconds_in_previous"].as_i64()).collect();
    assert_eq!(stays, [Some(31 * 86_400), None]);
}

// I46: whoever is stopped in the middle goes on where it stood; no row is lost or doubled.
#[tokio::test(flavor = "multi_thread")]
async fn two_workers_and_a_restart_double_nothing() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let names: Vec<String> = (0..250).map(|at| format!("公司{at:03}")).collect();
    let pairs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "13800138000")).collect();
    let import = ann.send_form("/imports", &NEW, "a.csv", csv(&customers(&pairs)).as_bytes()).await.created();
    let second = test.second_runner();
    let (one, two) = tokio::join!(test.app.runner.run_due(), second.run_due());
    assert!(one.is_ok() && two.is_ok());
    let done = test.settled(&ann, &import).await;
    assert_eq!((done["state"].as_str(), counts(&done)), (Some("done"), [250, 0, 0, 0]));
    assert_eq!(ann.get("/customers?limit=1").await.ok()["total"], 250);
    let id = done["id"].clone();
    drop((ann, second));
    let test = test.restarted("2024-03-18T10:00:00+08:00").await;
    let ann = test.ann().await;
    test.app.runner.run_due().await.unwrap();
    assert_eq!(ann.get(&format!("/imports/{id}")).await.ok()["created_rows"], 250);
    assert_eq!(named(&ann, "公司249").await["number"], "CUST20240318250");
}

// I46: how long ten thousand rows take on this machine; printed, never asserted.
#[tokio::test(flavor = "multi_thread")]
async fn many_rows_are_measured() {
    let count: usize = std::env::var("CHENGDAN_IMPORT_ROWS").ok().and_then(|text| text.parse().ok()).unwrap_or(500);
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let names: Vec<(String, String)> = (0..count).map(|at| (format!("度量公司{at:05}"), format!("138{at:08}"))).collect();
    let pairs: Vec<(&str, &str)> = names.iter().map(|(name, phone)| (name.as_str(), phone.as_str())).collect();
    let file = xlsx(&customers(&pairs));
    let begun = std::time::Instant::now();
    let import = ann.send_form("/imports", &NEW, "many.xlsx", &file).await.created();
    let read = begun.elapsed();
    let done = test.settled(&ann, &import).await;
    println!("{count} rows: read in {read:?}, entered in {:?}", begun.elapsed() - read);
    assert_eq!(counts(&done), [count as i64, 0, 0, 0]);
}
