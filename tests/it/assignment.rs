//! 分配规则 (S65): who gets a new customer or task that nobody is named for.

use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer, records};

/// A rule for customers that goes round `people`, unless `more` says otherwise.
async fn rule(adm: &Client, name: &str, people: &[&Client], more: Value) -> Value {
    let people: Vec<i64> = people.iter().map(|person| person.id()).collect();
    let mut draft = json!({ "target": "customer", "name": name, "method": "round_robin", "people": people });
    for (name, value) in more.as_object().unwrap() {
        draft[name] = value.clone();
    }
    adm.post("/assignment-rules", draft).await.created()
}

fn by_rules(name: &str, more: Value) -> Value {
    let mut draft = a_customer(name);
    draft["assign"] = json!("rules");
    for (name, value) in more.as_object().unwrap() {
        draft[name] = value.clone();
    }
    draft
}

fn texts(timeline: &Value) -> Vec<String> {
    timeline["items"].as_array().unwrap().iter().filter_map(|entry| entry["title"].as_str().map(str::to_owned)).collect()
}

// S65: rules are asked in their order, the first that fits wins, and the record says which it was; without a rule it stays.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_rule_that_fits_wins() {
    let test = TestApp::start().await;
    let (ann, bob, lea, adm) = (test.ann().await, test.bob().await, test.lea().await, test.adm().await);
    let first = by_rules("甲公司", json!({}));
    let stays = lea.post("/customers", first).await.created();
    assert_eq!((&stays["owner_id"], &stays["assignment"]["rule"]), (&json!(lea.id()), &Value::Null));
    rule(&adm, "华北展会", &[&lea], json!({ "regions": ["华北"] })).await;
    rule(&adm, "展会", &[&ann], json!({ "source_channels": ["官网注册"], "regions": ["华东"] })).await;
    let rest = rule(&adm, "其余", &[&bob], json!({ "method": "person" })).await;
    let given = lea.post("/customers", by_rules("乙公司", json!({}))).await.created();
    assert_eq!((&given["owner_id"], &given["assignment"]["rule"]["name"]), (&json!(ann.id()), &json!("展会")));
    assert_eq!(given["assignment"]["in_sight"], true);
    let timeline = lea.get(&format!("/customers/{}/timeline", given["id"])).await.ok();
    let (person, said) = (ann.me["user"]["name"].as_str().unwrap(), texts(&timeline));
    assert!(said.contains(&format!("按分配规则「展会」分配给 {person}")), "{said:?}");
    assert_eq!(ann.messages_of("customer_received").await.len(), 1);
    let other = lea.post("/customers", by_rules("丙公司", json!({ "region": "华南" }))).await.created();
    assert_eq!((&other["owner_id"], &other["assignment"]["rule"]["id"]), (&json!(bob.id()), &rest["id"]));
    let path = format!("/assignment-rules/{}", rest["id"]);
    let off = adm.patch(&path, &rest["version"], json!({ "enabled": false })).await.ok();
    let stays = lea.post("/customers", by_rules("丁公司", json!({ "region": "华南" }))).await.created();
    assert_eq!(stays["owner_id"], lea.id(), "a rule that is off is not asked");
    adm.patch(&path, &off["version"], json!({ "enabled": true, "position": 0 })).await.ok();
    let now = lea.post("/customers", by_rules("戊公司", json!({}))).await.created();
    assert_eq!(now["owner_id"], bob.id(), "it stands first now");
    let plain = lea.post("/customers", a_customer("己公司")).await.created();
    assert_eq!((&plain["owner_id"], &plain["assignment"]), (&json!(lea.id()), &Value::Null), "the rules are only asked on request");
}

// S65: everybody in turn; who has left or is on leave is passed over, and a refused save takes nobody's turn.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_has_a_turn() {
    let test = TestApp::start().await;
    let (ann, bob, lea, adm) = (test.ann().await, test.bob().await, test.lea().await, test.adm().await);
    rule(&adm, "轮流", &[&ann, &bob, &lea], json!({})).await;
    let owner = async |name: &str| lea.post("/customers", by_rules(name, json!({}))).await.created()["owner_id"].as_i64().unwrap();
    assert_eq!([owner("甲公司").await, owner("乙公司").await], [ann.id(), bob.id()]);
    lea.post("/customers", by_rules("乙公司", json!({}))).await.refused(409, "DUPLICATE_NAME");
    lea.post("/customers", by_rules("丙公司", json!({ "phone": "1" }))).await.invalid(&["phone"]);
    assert_eq!(owner("丙公司").await, lea.id());
    let leave = |day: &str| json!({ "on_leave_until": day });
    ann.put("/session/leave", leave("2024-03-17")).await.invalid(&["on_leave_until"]);
    assert_eq!(ann.put("/session/leave", leave("2024-03-18")).await.ok()["user"]["on_leave_until"], "2024-03-18");
    assert_eq!([owner("丁公司").await, owner("戊公司").await, owner("己公司").await], [bob.id(), lea.id(), bob.id()]);
    adm.post(&format!("/users/{}/disable", bob.id()), json!({})).await.ok();
    assert_eq!(owner("庚公司").await, lea.id());
    ann.put("/session/leave", json!({ "on_leave_until": null })).await.ok();
    assert_eq!(owner("辛公司").await, ann.id());
    // An administrator enters a leave for somebody else.
    let user = adm.get(&format!("/users/{}", lea.id())).await.ok();
    let away = adm.patch(&format!("/users/{}", lea.id()), &user["version"], leave("2024-04-01")).await.ok();
    assert_eq!(away["on_leave_until"], "2024-04-01");
    assert_eq!(owner("壬公司").await, ann.id());
    ann.put("/session/leave", leave("2024-04-02")).await.ok();
    assert_eq!(owner("癸公司").await, lea.id(), "with nobody at work it stays with whoever enters it");
}

// S65: as many saves at once as there may be: everybody gets exactly the same number.
#[tokio::test(flavor = "multi_thread")]
async fn parallel_saves_keep_the_turn() {
    let test = TestApp::start().await;
    let (ann, bob, lea, dan, adm) = (test.ann().await, test.bob().await, test.lea().await, test.dan().await, test.adm().await);
    rule(&adm, "轮流", &[&ann, &bob, &lea], json!({})).await;
    let saves: Vec<_> = (0..18)
        .map(|number| {
            let person = if number % 2 == 0 { lea.clone() } else { dan.clone() };
            tokio::spawn(async move {
                let name = format!("并行{number}公司");
                loop {
                    let reply = person.post("/customers", by_rules(&name, json!({}))).await;
                    // Two at once may ask to be run again; the one who was overtaken has taken no turn.
                    if reply.status == 201 {
                        return reply.created()["owner_id"].as_i64().unwrap();
                    }
                    assert!([409, 503].contains(&reply.status), "{}", reply.text());
                }
            })
        })
        .collect();
    let mut owners = Vec::new();
    for save in saves {
        owners.push(save.await.unwrap());
    }
    for person in [&ann, &bob, &lea] {
        assert_eq!(owners.iter().filter(|owner| **owner == person.id()).count(), 6, "{owners:?}");
    }
}

// S65: the fewest customers, the fewest open tasks.
#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_least_is_next() {
    let test = TestApp::start().await;
    let (ann, bob, lea, adm) = (test.ann().await, test.bob().await, test.lea().await, test.adm().await);
    let customer = records::customer(&ann, "甲公司").await;
    rule(&adm, "最少", &[&ann, &bob], json!({ "method": "least_loaded" })).await;
    for (name, owner) in [("乙公司", &bob), ("丙公司", &ann), ("丁公司", &bob)] {
        assert_eq!(lea.post("/customers", by_rules(name, json!({}))).await.created()["owner_id"], owner.id(), "{name}");
    }
    rule(&adm, "任务", &[&ann, &bob], json!({ "target": "task", "method": "least_loaded", "regions": ["华东"] })).await;
    let task = |more: Value| {
        let mut draft = json!({ "kind": "other", "content": "整理资料", "due_date": "2024-03-22", "assign": "rules" });
        for (name, value) in more.as_object().unwrap() {
            draft[name] = value.clone();
        }
        draft
    };
    let about = json!({ "customer_id": customer["id"] });
    let first = lea.post("/tasks", task(about.clone())).await.created();
    let second = lea.post("/tasks", task(about.clone())).await.created();
    assert_eq!([&first["assignee_id"], &second["assignee_id"]], [&json!(ann.id()), &json!(bob.id())]);
    ann.act(&format!("/tasks/{}/complete", first["id"]), &first["version"], json!({ "feedback": "完成" })).await.ok();
    assert_eq!(lea.post("/tasks", task(about)).await.created()["assignee_id"], ann.id());
    let alone = lea.post("/tasks", task(json!({}))).await.created();
    assert_eq!(alone["assignee_id"], lea.id(), "no customer, no region, no rule");
    let said = texts(&lea.get(&format!("/customers/{}/timeline", customer["id"])).await.ok());
    let name = ann.me["user"]["name"].as_str().unwrap();
    assert!(said.contains(&format!("按分配规则「任务」指派给 {name}：整理资料")), "{said:?}");
}

// S65: for tasks a rule may ask for the stage of the opportunity.
#[tokio::test(flavor = "multi_thread")]
async fn tasks_are_assigned_by_stage() {
    let test = TestApp::start().await;
    let (ann, bob, adm) = (test.ann().await, test.bob().await, test.adm().await);
    rule(&adm, "报价组", &[&bob], json!({ "target": "task", "method": "person", "stages": ["proposal"] })).await;
    let customer = records::customer(&ann, "甲公司").await;
    let opportunity = records::opportunity(&ann, &customer, "甲公司的项目").await;
    let draft =
        json!({ "kind": "other", "content": "准备报价", "due_date": "2024-03-22", "assign": "rules", "opportunity_id": opportunity["id"] });
    assert_eq!(ann.post("/tasks", draft.clone()).await.created()["assignee_id"], ann.id());
    ann.act(&format!("/opportunities/{}/stage", opportunity["id"]), &opportunity["version"], json!({ "stage": "proposal" })).await.ok();
    let given = ann.post("/tasks", draft.clone()).await.created();
    assert_eq!(given["assignee_id"], bob.id());
    assert_eq!(ann.get(&format!("/tasks/{}", given["id"])).await.ok()["assignee_id"], bob.id(), "whoever gave a task sees it");
    let mut named = draft;
    named["assignee_id"] = json!(ann.id());
    ann.post("/tasks", named).await.invalid(&["assign"]);
}

// S65, S10: a rule may give a salesperson's customer to where he or she cannot look: the answer says so, also when it is repeated.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_out_of_sight_is_said() {
    let test = TestApp::start().await;
    let (ann, cat, adm) = (test.ann().await, test.cat().await, test.adm().await);
    let made = rule(&adm, "外队", &[&cat], json!({ "method": "person" })).await;
    let key = [("idempotency-key", "assigned-once")];
    let send = || ann.send_json(axum::http::Method::POST, "/customers", None, &key, by_rules("甲公司", json!({})));
    let given = send().await.created();
    assert_eq!((&given["owner_id"], &given["can_edit"]), (&json!(cat.id()), &json!(false)));
    assert_eq!((&given["assignment"]["rule"]["id"], &given["assignment"]["in_sight"]), (&made["id"], &json!(false)));
    assert_eq!(given["phone"], "138****8000");
    assert_eq!(send().await.created()["number"], given["number"], "a repeated request is answered alike");
    assert_eq!(ann.get(&format!("/customers/{}", given["id"])).await.status, 404);
    assert_eq!(cat.get(&format!("/customers/{}", given["id"])).await.ok()["can_edit"], true);
    assert_eq!(cat.get("/customers").await.ok()["total"], 1);
    ann.post("/customers", by_rules("乙公司", json!({ "owner_id": ann.id() }))).await.invalid(&["assign"]);
    let mine = records::customer(&ann, "丙公司").await;
    ann.patch(&format!("/customers/{}", mine["id"]), &mine["version"], json!({ "assign": "rules" })).await.invalid(&["assign"]);
}

// S65: the settings name what is wrong; a trial says which rule would take a record and takes nobody's turn.
#[tokio::test(flavor = "multi_thread")]
async fn a_trial_takes_no_turn() {
    let test = TestApp::start().await;
    let (ann, bob, adm) = (test.ann().await, test.bob().await, test.adm().await);
    adm.post("/assignment-rules", json!({})).await.invalid(&["target", "name", "method", "people"]);
    let wrong = json!({ "target": "customer", "name": "x", "method": "person", "people": [ann.id(), bob.id()], "stages": ["proposal"], "regions": ["火星"] });
    adm.post("/assignment-rules", wrong).await.invalid(&["people", "stages", "regions"]);
    let gone = json!({ "target": "task", "name": "x", "method": "round_robin", "people": [999_999], "source_channels": ["展会推广"] });
    adm.post("/assignment-rules", gone).await.invalid(&["people", "source_channels"]);
    ann.get("/assignment-rules").await.refused(403, "FORBIDDEN");
    rule(&adm, "停用", &[&ann], json!({ "enabled": false })).await;
    rule(&adm, "华北", &[&ann], json!({ "regions": ["华北"] })).await;
    let away = rule(&adm, "休假", &[&bob], json!({ "regions": ["华东"] })).await;
    rule(&adm, "轮流", &[&ann, &bob], json!({})).await;
    rule(&adm, "最后", &[&ann], json!({})).await;
    bob.put("/session/leave", json!({ "on_leave_until": "2024-03-20" })).await.ok();
    assert_eq!(adm.get("/assignment-rules").await.ok()[2]["people"][0]["on_leave_until"], "2024-03-20");
    for _ in 0..2 {
        let trial = adm.post("/assignment-rules/try", json!({ "target": "customer", "region": "华东" })).await.ok();
        assert_eq!((&trial["rule"]["name"], &trial["person"]["id"]), (&json!("轮流"), &json!(ann.id())));
        let outcomes: Vec<&str> = trial["steps"].as_array().unwrap().iter().map(|step| step["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["off", "no_match", "nobody", "takes", "not_asked"]);
    }
    adm.post("/assignment-rules/try", json!({ "region": "火星" })).await.invalid(&["target", "region"]);
    let none = adm.post("/assignment-rules/try", json!({ "target": "task" })).await.ok();
    assert_eq!((&none["rule"], &none["steps"]), (&Value::Null, &json!([])));
    let path = format!("/assignment-rules/{}", away["id"]);
    adm.patch(&path, &away["version"], json!({ "target": "task" })).await.invalid(&["target"]);
    assert_eq!(adm.delete(&path, &away["version"]).await.status, 204);
    assert_eq!(adm.get("/assignment-rules").await.ok().as_array().unwrap().len(), 4);
}

// S65, I46: an import leaves it to the rules for rows that name no owner.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_asks_the_rules() {
    let test = TestApp::start().await;
    let (ann, bob, lea, adm) = (test.ann().await, test.bob().await, test.lea().await, test.adm().await);
    rule(&adm, "轮流", &[&ann, &bob], json!({})).await;
    let name = lea.me["user"]["name"].as_str().unwrap();
    let file = format!(
        "客户名称,联系人姓名,联系电话,所属行业,来源渠道,来源详情,负责人\n甲公司,张伟,13800138001,制造业,展会推广,工业展,\n乙公司,张伟,13800138002,制造业,展会推广,工业展,{name}\n丙公司,张伟,13800138003,制造业,展会推广,工业展,\n"
    );
    let fields = [("kind", "customers"), ("assign", "rules")];
    let import = test.import(&lea, &fields, "客户.csv", file.as_bytes()).await;
    assert_eq!(import["created_rows"], 3, "{import}");
    let all = lea.get("/customers?sort=created_at").await.ok();
    let owners: Vec<(&str, i64)> =
        all["items"].as_array().unwrap().iter().map(|one| (one["name"].as_str().unwrap(), one["owner_id"].as_i64().unwrap())).collect();
    for expected in [("甲公司", ann.id()), ("乙公司", lea.id()), ("丙公司", bob.id())] {
        assert!(owners.contains(&expected), "{owners:?}");
    }
    // Told once, at the end; and whoever gets a row gets it into a team of his own, whatever the file says of the importer's.
    assert_eq!((ann.messages_of("customer_received").await.len(), ann.messages_of("customers_received").await.len()), (0, 1));
    let cat = test.cat().await;
    rule(&adm, "先给陈凯", &[&cat], json!({ "position": 0 })).await;
    let file =
        "客户名称,联系人姓名,联系电话,所属行业,来源渠道,来源详情,所属团队\n丁公司,张伟,13800138004,制造业,展会推广,工业展,华东一部\n";
    let import = test.import(&lea, &fields, "客户.csv", file.as_bytes()).await;
    assert_eq!(import["created_rows"], 1, "{import}");
    let given = cat.get("/customers").await.ok()["items"][0].clone();
    assert_eq!((&given["name"], &given["team_name"]), (&json!("丁公司"), &json!("华南一部")));
}

// S65, I61: a region that was merged into another stands for that one; a rule whose regions are all gone fits nothing, not everything.
#[tokio::test(flavor = "multi_thread")]
async fn a_rule_follows_its_regions() {
    let test = TestApp::start().await;
    let (ann, lea, adm) = (test.ann().await, test.lea().await, test.adm().await);
    let region = async |name: &str| adm.post("/dictionaries/region", json!({ "name": name })).await.created();
    let (old, gone) = (region("长三角").await, region("飞地").await);
    let regions = adm.get("/dictionaries/region").await.ok();
    let east = regions.as_array().unwrap().iter().find(|one| one["name"] == "华东").unwrap().clone();
    rule(&adm, "飞地", &[&lea], json!({ "regions": ["飞地"] })).await;
    rule(&adm, "长三角", &[&ann], json!({ "regions": ["长三角"] })).await;
    adm.act(&format!("/dictionaries/region/{}/merge", old["id"]), &old["version"], json!({ "into": east["id"] })).await.ok();
    assert_eq!(adm.delete(&format!("/dictionaries/region/{}", gone["id"]), &gone["version"]).await.status, 204);
    let rules = adm.get("/assignment-rules").await.ok();
    assert_eq!((&rules[0]["is_void"], &rules[0]["regions"]), (&json!(true), &json!([])));
    assert_eq!((&rules[1]["is_void"], &rules[1]["regions"][0]["name"]), (&json!(false), &json!("华东")));
    // The old name may be used anew: the rule does not lose its region by that.
    region("长三角").await;
    assert_eq!(adm.get("/assignment-rules").await.ok()[1]["regions"][0]["name"], "华东");
    let given = lea.post("/customers", by_rules("甲公司", json!({}))).await.created();
    assert_eq!((&given["owner_id"], &given["assignment"]["rule"]["name"]), (&json!(ann.id()), &json!("长三角")));
}
