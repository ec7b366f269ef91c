//! 阶段SOP (I8): tasks that follow from coming to a stage.

use serde_json::{Value, json};

use crate::support::{Client, TestApp, records};

/// A template of 方案报价 unless `more` says otherwise.
async fn template(adm: &Client, more: Value) -> Value {
    let mut draft = json!({ "stage": "proposal", "name": "准备报价单", "kind": "material_preparation", "content": "按客户清单准备报价单", "due_workdays": 2 });
    for (name, value) in more.as_object().unwrap() {
        draft[name] = value.clone();
    }
    adm.post("/sop-templates", draft).await.created()
}

async fn at_first_stage(person: &Client, company: &str) -> Value {
    let customer = records::customer(person, company).await;
    records::opportunity(person, &customer, &format!("{company}的项目")).await
}

async fn moved(person: &Client, opportunity: &Value, stage: &str) -> Value {
    let now = person.get(&format!("/opportunities/{}", opportunity["id"])).await.ok();
    let change = json!({ "stage": stage, "lost_reason": (stage == "lost").then_some("价格过高") });
    person.act(&format!("/opportunities/{}/stage", opportunity["id"]), &now["version"], change).await.ok()
}

async fn tasks_of(person: &Client, opportunity: &Value) -> Vec<Value> {
    person.get(&format!("/tasks?opportunity_id={}", opportunity["id"])).await.ok()["items"].as_array().unwrap().clone()
}

// I8: coming to a stage gives its tasks, to the owner and to the owner's manager, and the task says which template made it.
#[tokio::test(flavor = "multi_thread")]
async fn a_stage_gives_its_tasks() {
    let test = TestApp::start().await;
    let (ann, lea, adm) = (test.ann().await, test.lea().await, test.adm().await);
    let own = template(&adm, json!({})).await;
    template(&adm, json!({ "name": "审核报价", "content": "审核报价与折扣", "assignee": "manager", "due_workdays": 13 })).await;
    let opportunity = at_first_stage(&ann, "甲公司").await;
    assert!(tasks_of(&ann, &opportunity).await.is_empty(), "the first stage asks for nothing");
    let after = moved(&ann, &opportunity, "proposal").await;
    assert_eq!(after["next_step"]["text"], "按客户清单准备报价单");
    let tasks = tasks_of(&lea, &opportunity).await;
    assert_eq!(tasks.len(), 2);
    let (first, second) = (&tasks[0], &tasks[1]);
    assert_eq!((&first["assignee_id"], &first["due_date"]), (&json!(ann.id()), &json!("2024-03-20")));
    assert_eq!((&first["sop_template_id"], &first["sop_template_name"]), (&own["id"], &json!("准备报价单")));
    // 13 working days leap over 清明 (4–6 April) and count Sunday 7 April, on which people work.
    assert_eq!((&second["assignee_id"], &second["due_date"]), (&json!(lea.id()), &json!("2024-04-07")));
    assert_eq!(lea.messages_of("task_assigned").await.len(), 1);
    assert!(ann.messages_of("task_assigned").await.is_empty(), "what one causes oneself is no news");
    let told = ann.get(&format!("/opportunities/{}/timeline", opportunity["id"])).await.ok();
    let said: Vec<&str> = told["items"].as_array().unwrap().iter().filter_map(|entry| entry["title"].as_str()).collect();
    assert!(said.contains(&"阶段SOP「准备报价单」新建任务：按客户清单准备报价单"), "{said:?}");
}

// I8: going back and forth makes none twice; a template changed later leaves what it made; a disabled one makes none.
#[tokio::test(flavor = "multi_thread")]
async fn none_is_made_twice() {
    let test = TestApp::start().await;
    let (ann, adm) = (test.ann().await, test.adm().await);
    let made = template(&adm, json!({})).await;
    template(&adm, json!({ "name": "停用的", "enabled": false })).await;
    let opportunity = at_first_stage(&ann, "甲公司").await;
    moved(&ann, &opportunity, "proposal").await;
    let path = format!("/sop-templates/{}", made["id"]);
    let changed = adm.patch(&path, &made["version"], json!({ "name": "报价", "content": "另一份报价", "due_workdays": 9 })).await.ok();
    for (minute, stage) in [(10, "negotiation"), (20, "proposal"), (30, "proposal"), (40, "negotiation"), (50, "proposal")] {
        test.set_now(&format!("2024-03-18T09:{minute}:00+08:00"));
        moved(&ann, &opportunity, stage).await;
    }
    let adm = test.adm().await;
    let tasks = tasks_of(&ann, &opportunity).await;
    assert_eq!(tasks.len(), 1);
    assert_eq!((&tasks[0]["content"], &tasks[0]["due_date"]), (&json!("按客户清单准备报价单"), &json!("2024-03-20")));
    assert_eq!(tasks[0]["sop_template_name"], "报价", "the template is known by its name now");
    adm.delete(&path, &changed["version"]).await.refused(409, "VALUE_IN_USE");
    let other = at_first_stage(&ann, "乙公司").await;
    moved(&ann, &other, "proposal").await;
    assert_eq!(tasks_of(&ann, &other).await[0]["content"], "另一份报价");
}

// I8: entering an opportunity, winning its customer and opening it again are ways to a stage, too.
#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_a_stage_counts() {
    let test = TestApp::start().await;
    let (ann, adm) = (test.ann().await, test.adm().await);
    let stages = adm.get("/stages").await.ok();
    template(&adm, json!({ "stage": stages[0]["key"], "name": "首访", "content": "安排首次拜访" })).await;
    template(&adm, json!({ "stage": "won", "name": "交付", "content": "启动交付" })).await;
    let opportunity = at_first_stage(&ann, "甲公司").await;
    assert_eq!(opportunity["next_step"]["text"], "安排首次拜访");
    let customer = ann.get(&format!("/customers/{}", opportunity["customer_id"])).await.ok();
    let win = json!({ "deal_date": "2024-03-18", "contract_amount": "500000.00", "opportunity": opportunity["id"] });
    let path = format!("/customers/{}", customer["id"]);
    let reply = ann.act(&format!("{path}/win"), &customer["version"], win).await;
    let won = reply.ok();
    assert_eq!(won["status"], "won");
    let contents = |tasks: Vec<Value>| tasks.iter().map(|task| task["content"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(contents(tasks_of(&ann, &opportunity).await), ["安排首次拜访", "启动交付"]);
    test.set_now("2024-03-18T09:20:00+08:00");
    template(&adm, json!({ "stage": stages[0]["key"], "name": "回访", "content": "了解原因" })).await;
    ann.patch(&path, &won["version"], json!({ "status": "active", "reopen_opportunity": true })).await.ok();
    assert_eq!(contents(tasks_of(&ann, &opportunity).await), ["安排首次拜访", "启动交付", "了解原因"]);
}

// I8, S63: nobody is left with a task who has left; whoever leads stands in.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_has_to_do_it() {
    let test = TestApp::start().await;
    let (ann, lea, adm) = (test.ann().await, test.lea().await, test.adm().await);
    template(&adm, json!({})).await;
    let opportunity = at_first_stage(&ann, "甲公司").await;
    adm.post(&format!("/users/{}/disable", ann.id()), json!({})).await.ok();
    moved(&lea, &opportunity, "proposal").await;
    assert_eq!(tasks_of(&lea, &opportunity).await[0]["assignee_id"], lea.id());
}

// I8: the fields at fault are named, and the stage of a template is fixed.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_names_what_is_wrong() {
    let test = TestApp::start().await;
    let (ann, adm) = (test.ann().await, test.adm().await);
    adm.post("/sop-templates", json!({})).await.invalid(&["stage", "name", "kind", "content", "due_workdays"]);
    let wrong = json!({ "stage": "moon", "name": "a".repeat(51), "kind": "dance", "content": "x", "due_workdays": 0, "assignee": "cat" });
    adm.post("/sop-templates", wrong).await.invalid(&["stage", "name", "kind", "due_workdays", "assignee"]);
    let made = template(&adm, json!({ "due_workdays": 250 })).await;
    let path = format!("/sop-templates/{}", made["id"]);
    adm.patch(&path, &made["version"], json!({ "stage": "won" })).await.invalid(&["stage"]);
    adm.patch(&path, &json!(7), json!({ "name": "别的" })).await.refused(412, "VERSION_CHANGED");
    ann.patch(&path, &made["version"], json!({ "name": "别的" })).await.refused(403, "FORBIDDEN");
    assert_eq!(ann.get("/sop-templates").await.ok()[0]["name"], "准备报价单");
    assert_eq!(adm.delete(&path, &made["version"]).await.status, 204);
    assert_eq!(adm.get("/sop-templates").await.ok(), json!([]));
}

// I8: two at once move the same opportunity: the tasks of the stage are given once.
#[tokio::test(flavor = "multi_thread")]
async fn two_moves_at_once_give_one_task() {
    let test = TestApp::start().await;
    let (ann, lea, adm) = (test.ann().await, test.lea().await, test.adm().await);
    template(&adm, json!({})).await;
    let opportunity = at_first_stage(&ann, "甲公司").await;
    let path = format!("/opportunities/{}/stage", opportunity["id"]);
    let change = || json!({ "stage": "proposal" });
    let (one, other) = tokio::join!(ann.act(&path, &opportunity["version"], change()), lea.act(&path, &opportunity["version"], change()));
    let mut both = [one.status, other.status];
    both.sort_unstable();
    assert_eq!(both, [200, 412]);
    assert_eq!(tasks_of(&ann, &opportunity).await.len(), 1);
}
