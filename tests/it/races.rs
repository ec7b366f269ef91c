//! Rules over several rows, broken by two at once: whoever comes second is refused, whatever the engine.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Client, Reply, TestApp, a_customer};

/// Runs them at the same time; answers in the order given.
async fn at_once<F>(tasks: impl IntoIterator<Item = F>) -> Vec<Reply>
where
    F: Future<Output = Reply> + Send + 'static,
{
    let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut replies = Vec::new();
    for one in running {
        replies.push(one.await.unwrap());
    }
    replies
}

fn count(replies: &[Reply], status: u16) -> usize {
    replies.iter().filter(|reply| reply.status == status).count()
}

/// Every answer is one of these.
#[track_caller]
fn only(replies: &[Reply], statuses: &[u16]) {
    for reply in replies {
        assert!(statuses.contains(&reply.status), "{} {}", reply.status, reply.text());
    }
}

async fn a_deal(ann: &Client, name: &str) -> (Value, Value) {
    let customer = ann.post("/customers", a_customer(name)).await.created();
    let opportunity = ann
        .post("/opportunities", json!({ "name": format!("{name}项目"), "customer_id": customer["id"], "expected_amount": "1000.00" }))
        .await
        .created();
    (customer, opportunity)
}

// I51: two administrators who disable each other, or step down together, leave one.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays() {
    let test = TestApp::start().await;
    let adm = test.adm().await;
    let head = adm.me["team"]["id"].clone();
    let other = json!({ "employee_number": "eve", "name": "艾薇", "role": "administrator", "team_ids": [head] });
    let created = adm.post("/users", other).await.created();
    test.adopt("eve", created["one_time_password"].as_str().unwrap(), head.as_i64().unwrap()).await;
    for round in 0..8 {
        let (adm, eve) = (test.adm().await, test.sign_in("eve").await);
        let (adm_id, eve_id) = (adm.id(), eve.id());
        let step_down = |person: Client| async move {
            let path = format!("/users/{}", person.id());
            let version = person.get(&path).await.ok()["version"].clone();
            person.patch(&path, &version, json!({ "role": "sales" })).await
        };
        let replies = if round % 2 == 0 {
            let disable = |person: Client, id: i64| async move { person.post(&format!("/users/{id}/disable"), json!({})).await };
            at_once([disable(adm, eve_id), disable(eve, adm_id)]).await
        } else {
            at_once([step_down(adm), step_down(eve)]).await
        };
        // The second is refused, or is nobody any more.
        assert_eq!(count(&replies, 200), 1, "{} {}", replies[0].text(), replies[1].text());
        only(&replies, &[200, 401, 403, 409]);
        let left = test.app.db.write(
            |tx| {
                use chengdan::platform::db::sql;
                let left: i64 = sql("select count(*) from users where role = 'administrator' and status = 'active'").one(tx)?;
                sql("update users set role = 'administrator', status = 'active' where employee_number in ('adm', 'eve')").run(tx)?;
                Ok(left)
            },
            |_| (),
        );
        assert_eq!(left.await.unwrap(), 1);
    }
}

// S23: 200 customers at once have 200 numbers, without a gap.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_given_once() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let replies = at_once((0..200).map(|number| {
        let ann = ann.clone();
        async move { ann.post("/customers", a_customer(&format!("编号公司{number}"))).await }
    }))
    .await;
    only(&replies, &[201]);
    let mut numbers: Vec<String> = replies.iter().map(|reply| reply.json()["number"].as_str().unwrap().to_owned()).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 200);
    assert_eq!(numbers[0], "CUST20240318001");
    assert_eq!(numbers[199], "CUST20240318200");
}

// S15: one name, one customer, however many enter it at the same moment; refused saves take no number.
#[tokio::test(flavor = "multi_thread")]
async fn one_name_is_entered_once() {
    let test = TestApp::start().await;
    let people = [test.ann().await, test.bob().await, test.cat().await, test.lea().await];
    let replies = at_once((0..20).map(|turn| {
        let person = people[turn % people.len()].clone();
        async move { person.post("/customers", a_customer("同名有限公司")).await }
    }))
    .await;
    assert_eq!(count(&replies, 201), 1);
    only(&replies, &[201, 409]);
    let next = people[0].post("/customers", a_customer("下一家公司")).await.created();
    assert_eq!(next["number"], "CUST20240318002");
}

// A key sent twice at once makes one record, and both hear the same.
#[tokio::test(flavor = "multi_thread")]
async fn one_key_makes_one_record() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    for round in 0..5 {
        let replies = at_once((0..4).map(|_| {
            let ann = ann.clone();
            let key = format!("key-{round}");
            async move {
                let body = a_customer(&format!("幂等公司{round}"));
                ann.send_json(Method::POST, "/customers", None, &[("idempotency-key", key.as_str())], body).await
            }
        }))
        .await;
        only(&replies, &[201]);
        for reply in &replies {
            assert_eq!(reply.text(), replies[0].text());
            assert_eq!(reply.headers["location"], replies[0].headers["location"]);
        }
    }
    assert_eq!(ann.get("/customers").await.ok()["total"], 5);
}

// A customer has one main contact, also when two are made it at once.
#[tokio::test(flavor = "multi_thread")]
async fn one_main_contact() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (customer, _) = a_deal(&ann, "联系人公司").await;
    let contacts = format!("/customers/{}/contacts", customer["id"]);
    for round in 0..5 {
        let replies = at_once((0..4).map(|number| {
            let (ann, contacts) = (ann.clone(), contacts.clone());
            let contact = json!({ "name": format!("赵{round}{number}"), "phone": format!("1390013{round}{number:03}"), "primary": true });
            async move { ann.post(&contacts, contact).await }
        }))
        .await;
        only(&replies, &[201]);
        let all = ann.get(&contacts).await.ok();
        let all = all.as_array().or_else(|| all["items"].as_array()).unwrap().clone();
        let main: Vec<&Value> = all.iter().filter(|contact| contact["primary"] == true).collect();
        assert_eq!(main.len(), 1, "{all:?}");
        let now = ann.get(&format!("/customers/{}", customer["id"])).await.ok();
        assert_eq!((&now["contact_name"], &now["phone"]), (&main[0]["name"], &main[0]["phone"]));
    }
}

// S21: at most 20 tags, also when several people add some at once.
#[tokio::test(flavor = "multi_thread")]
async fn no_more_tags_than_twenty() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (customer, _) = a_deal(&ann, "标签公司").await;
    let path = format!("/customers/{}", customer["id"]);
    let version = ann.get(&path).await.ok()["version"].clone();
    let replies = at_once((0..6).map(|turn| {
        let (ann, path, version) = (ann.clone(), path.clone(), version.clone());
        let tags: Vec<String> = (0..15).map(|number| format!("标签{turn}-{number}")).collect();
        async move { ann.patch(&path, &version, json!({ "tags": tags })).await }
    }))
    .await;
    assert_eq!(count(&replies, 200), 1);
    only(&replies, &[200, 412]);
    assert_eq!(ann.get(&path).await.ok()["tags"].as_array().unwrap().len(), 15);
}

// S54: of two who move an opportunity from the same version, one is told that the other was first; the log has one row more.
#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_moves() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let (_, opportunity) = a_deal(&ann, "阶段公司").await;
    let path = format!("/opportunities/{}", opportunity["id"]);
    let mut moves = 1;
    for stages in [["needs_analysis", "proposal"], ["negotiation", "initial_contact"], ["proposal", "needs_analysis"]] {
        let version = ann.get(&path).await.ok()["version"].clone();
        let replies = at_once(stages.into_iter().zip([ann.clone(), lea.clone()]).map(|(stage, person)| {
            let (path, version) = (path.clone(), version.clone());
            async move { person.act(&format!("{path}/stage"), &version, json!({ "stage": stage })).await }
        }))
        .await;
        assert_eq!((count(&replies, 200), count(&replies, 412)), (1, 1), "{} {}", replies[0].text(), replies[1].text());
        moves += 1;
        let log = ann.get(&format!("{path}/stage-changes")).await.ok();
        assert_eq!(log.as_array().unwrap().len(), moves, "{log}");
        assert_eq!(log[0]["to"], ann.get(&path).await.ok()["stage"]);
    }
}

// S28–S30: a customer won twice at once is won once, with one deal.
#[tokio::test(flavor = "multi_thread")]
async fn one_win() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    for round in 0..4 {
        let (customer, opportunity) = a_deal(&ann, &format!("成交公司{round}")).await;
        let path = format!("/customers/{}", customer["id"]);
        let version = ann.get(&path).await.ok()["version"].clone();
        // Half the time the deal is the open opportunity, half the time a new one.
        let deal = if round % 2 == 0 { opportunity["id"].clone() } else { json!("new") };
        let replies = at_once([ann.clone(), lea.clone()].map(|person| {
            let (path, version, deal) = (path.clone(), version.clone(), deal.clone());
            let won = json!({ "deal_date": "2024-03-18", "contract_amount": "5000.00", "opportunity": deal });
            async move { person.act(&format!("{path}/win"), &version, won).await }
        }))
        .await;
        assert_eq!((count(&replies, 200), count(&replies, 412)), (1, 1), "{} {}", replies[0].text(), replies[1].text());
        let now = ann.get(&path).await.ok();
        assert_eq!((&now["status"], &now["total_won_amount"]), (&json!("won"), &json!("5000.00")), "{now}");
        let deals = ann.get(&format!("/opportunities?customer_id={}&status=won", customer["id"])).await.ok();
        assert_eq!(deals["total"], 1, "{deals}");
    }
}

// S14: a tag made by several at once exists once.
#[tokio::test(flavor = "multi_thread")]
async fn one_tag_of_a_name() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let replies = at_once((0..8).map(|number| {
        let ann = ann.clone();
        let mut customer = a_customer(&format!("新标签公司{number}"));
        customer["tags"] = json!(["同时新建"]);
        async move { ann.post("/customers", customer).await }
    }))
    .await;
    only(&replies, &[201]);
    let tags = ann.get("/tags").await.ok();
    assert_eq!(tags.as_array().unwrap().iter().filter(|tag| tag["name"] == "同时新建").count(), 1);
}

// R7: 20 people × 10 edits from the version each has just read: every success is one version, nothing is lost.
#[tokio::test(flavor = "multi_thread")]
async fn no_update_is_lost() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let (customer, _) = a_deal(&ann, "并发编辑公司").await;
    let path = format!("/customers/{}", customer["id"]);
    let first = ann.get(&path).await.ok()["version"].as_i64().unwrap();
    let running: Vec<_> = (0..20)
        .map(|person| {
            let (ann, path) = (ann.clone(), path.clone());
            tokio::spawn(async move {
                let mut saved = 0;
                for turn in 0..10 {
                    let version = ann.get(&path).await.ok()["version"].clone();
                    let reply = ann.patch(&path, &version, json!({ "remark": format!("{person}-{turn}") })).await;
                    assert!([200, 412].contains(&reply.status), "{}", reply.text());
                    saved += i64::from(reply.status == 200);
                }
                saved
            })
        })
        .collect();
    let mut saved = 0;
    for one in running {
        saved += one.await.unwrap();
    }
    let last = ann.get(&path).await.ok()["version"].as_i64().unwrap();
    assert_eq!(last - first, saved);
    assert!(saved >= 10, "{saved}");
    let unversioned = ann.patch(&path, &Value::Null, json!({ "remark": "x" })).await;
    unversioned.refused(428, "VERSION_REQUIRED");
}

// S47: a plan completed twice at once has one record.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_completed_once() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let (customer, _) = a_deal(&ann, "计划公司").await;
    for round in 0..4 {
        let starts_at = format!("2024-03-{:02}T02:00:00Z", 19 + round);
        let plan = ann.plans(customer["id"].as_i64().unwrap(), &starts_at, json!({})).await;
        let path = format!("/follow-up-plans/{}/complete", plan["id"]);
        let replies = at_once([ann.clone(), lea.clone()].map(|person| {
            let (path, version) = (path.clone(), plan["version"].clone());
            let done = json!({ "result": "已沟通需求", "next_action": "发送报价", "contacted_at": "2024-03-18T00:30:00Z" });
            async move { person.act(&path, &version, done).await }
        }))
        .await;
        assert_eq!(count(&replies, 201), 1, "{} {}", replies[0].text(), replies[1].text());
        only(&replies, &[201, 409, 412]);
        let records = ann.get(&format!("/follow-ups?customer_id={}", customer["id"])).await.ok();
        assert_eq!(records["total"], round + 1, "{records}");
    }
}

// S66: a task completed and handed on at once is one or the other.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_settled_once() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    for round in 0..4 {
        let task = json!({ "kind": "other", "content": format!("任务{round}"), "due_date": "2024-03-20" });
        let task = ann.post("/tasks", task).await.created();
        let (path, version) = (format!("/tasks/{}", task["id"]), task["version"].clone());
        let complete = (ann.clone(), format!("{path}/complete"), json!({ "feedback": "已经完成了" }));
        let hand_on = (lea.clone(), format!("{path}/reassign"), json!({ "assignee_id": bob.id(), "reason": "工作量调整" }));
        let replies = at_once([complete, hand_on].map(|(person, path, body)| {
            let version = version.clone();
            async move { person.act(&path, &version, body).await }
        }))
        .await;
        assert_eq!(count(&replies, 200), 1, "{} {}", replies[0].text(), replies[1].text());
        // Who comes second has an old version, or no part in the task any more.
        only(&replies, &[200, 403, 404, 412]);
    }
}

// I8: a template is removed beside a move to its stage: either it has made its task and stays, or it is gone and makes none.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_goes_or_makes_its_task() {
    let test = TestApp::start().await;
    let (ann, adm) = (test.ann().await, test.adm().await);
    for round in 0..12 {
        let (_, opportunity) = a_deal(&ann, &format!("模板公司{round}")).await;
        let draft =
            json!({ "stage": "proposal", "name": format!("模板{round}"), "kind": "other", "content": "准备报价单", "due_workdays": 2 });
        let template = adm.post("/sop-templates", draft).await.created();
        let (mover, remover) = (ann.clone(), adm.clone());
        let path = format!("/opportunities/{}", opportunity["id"]);
        let (id, version, stage_version) = (template["id"].clone(), template["version"].clone(), opportunity["version"].clone());
        let change = format!("{path}/stage");
        let replies = if round % 2 == 0 {
            let moving = async move { mover.act(&change, &stage_version, json!({ "stage": "proposal" })).await };
            let removing = async move { remover.delete(&format!("/sop-templates/{id}"), &version).await };
            let (moving, removing) = (tokio::spawn(moving), tokio::spawn(removing));
            [moving.await.unwrap(), removing.await.unwrap()]
        } else {
            let removing = async move { remover.delete(&format!("/sop-templates/{id}"), &version).await };
            let moving = async move { mover.act(&change, &stage_version, json!({ "stage": "proposal" })).await };
            let (removing, moving) = (tokio::spawn(removing), tokio::spawn(moving));
            [moving.await.unwrap(), removing.await.unwrap()]
        };
        only(&replies[..1], &[200]);
        only(&replies[1..], &[204, 409]);
        let made = ann.get(&format!("/tasks?opportunity_id={}", opportunity["id"])).await.ok()["total"].as_i64().unwrap();
        assert_eq!(made, i64::from(replies[1].status == 409), "{}", replies[1].text());
        // What is left of it must not ask for tasks in the next round.
        if replies[1].status == 409 {
            let found = adm.get("/sop-templates").await.ok();
            let own = found.as_array().unwrap().iter().find(|one| one["id"] == template["id"]).unwrap().clone();
            adm.patch(&format!("/sop-templates/{}", own["id"]), &own["version"], json!({ "enabled": false })).await.ok();
        }
    }
}
