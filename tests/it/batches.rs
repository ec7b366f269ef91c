//! Doing the same to many customers (S33): counted, then done to exactly those, once.

use chengdan::platform::db::{Tx, sql};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer};

async fn customers(owner: &Client, count: usize) -> Vec<i64> {
    let mut ids = Vec::new();
    for number in 1..=count {
        ids.push(owner.has_customer(&format!("{}{number}号公司", owner.me["user"]["name"].as_str().unwrap())).await);
    }
    ids
}

async fn preview(person: &Client, draft: Value) -> Value {
    person.post("/customers/batch/preview", draft).await.ok()
}

async fn run(person: &Client, preview: &Value) -> Value {
    person.post("/customers/batch", json!({ "preview_token": preview["preview_token"], "expected_count": preview["count"] })).await.ok()
}

// S33, S20: the count shown is the number acted upon; only what one may edit; every row has its history.
#[tokio::test(flavor = "multi_thread")]
async fn tags_are_given_to_exactly_those_counted() {
    let test = TestApp::start().await;
    let (ann, bob, cat) = (test.ann().await, test.bob().await, test.cat().await);
    let own = customers(&ann, 3).await;
    let lent = bob.has_customer("白博的公司").await;
    bob.post(&format!("/customers/{lent}/shares"), json!({ "grantee_type": "user", "grantee_id": ann.id(), "access": "read" }))
        .await
        .created();
    cat.has_customer("别处的公司").await;

    let seen = preview(&ann, json!({ "filter": {}, "action": "add_tag", "tag": "重点客户" })).await;
    assert_eq!(
        (&seen["count"], &seen["left_out"][0]["code"], &seen["left_out"][0]["count"]),
        (&json!(3), &json!("NOT_EDITABLE"), &json!(1))
    );
    let known = ann.get("/tags").await.ok();
    assert!(known.as_array().unwrap().iter().all(|tag| tag["name"] != "重点客户"), "a preview makes no tag");
    let done = run(&ann, &seen).await;
    assert_eq!((&done["state"], &done["done"], &done["failed"]), (&json!("done"), &json!(3), &json!(0)));
    assert_eq!(ann.get("/customers?tag=%E9%87%8D%E7%82%B9%E5%AE%A2%E6%88%B7").await.ok()["total"], 3);
    let timeline = ann.get(&format!("/customers/{}/timeline", own[0])).await.ok();
    assert_eq!(timeline["items"][0]["changes"][0]["field"], "tags");
    assert_eq!(ann.get(&format!("/customers/{}", own[0])).await.ok()["version"], 2);

    // A second submission changes nothing; what has the tag already is left as it is.
    let again = run(&ann, &seen).await;
    assert_eq!(again["id"], done["id"]);
    assert_eq!(ann.get(&format!("/customers/{}", own[0])).await.ok()["version"], 2);
    let same = json!({ "ids": own, "action": "add_tag", "tag": "重点客户", "expected_count": 3 });
    assert_eq!(ann.post("/customers/batch", same).await.ok()["done"], 3);
    assert_eq!(ann.get(&format!("/customers/{}", own[0])).await.ok()["version"], 2);

    let off = preview(&ann, json!({ "filter": { "tag": ["重点客户"] }, "action": "remove_tag", "tag": "重点客户" })).await;
    assert_eq!(run(&ann, &off).await["done"], 3);
    assert_eq!(ann.get("/customers?tag=%E9%87%8D%E7%82%B9%E5%AE%A2%E6%88%B7").await.ok()["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_named() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let own = customers(&ann, 1).await;
    let hidden = cat.has_customer("别处的公司").await;
    for path in ["/customers/batch/preview", "/customers/batch"] {
        ann.post(path, json!({})).await.invalid(&["action", "ids"]);
        ann.post(path, json!({ "ids": own, "filter": {}, "action": "add_tag" })).await.invalid(&["tag", "filter"]);
        ann.post(path, json!({ "ids": [hidden], "action": "change_owner", "owner_id": 999_999, "tag": "x" }))
            .await
            .invalid(&["tag", "owner_id", "ids"]);
        ann.post(path, json!({ "ids": [], "action": "remove_tag", "tag": "没有的" })).await.invalid(&["tag", "ids"]);
        ann.post(path, json!({ "filter": { "status": ["x"] }, "action": "add_tag", "tag": "新" })).await.invalid(&["filter.status"]);
        ann.post(path, json!({ "ids": own, "action": "add_to_group", "group_id": 9 })).await.invalid(&["group_id"]);
        let tasks = json!({ "ids": own, "action": "create_tasks", "kind": "没有", "due_date": "2024-03-18", "assignee": "boss" });
        ann.post(path, tasks).await.invalid(&["kind", "content", "due_date", "assignee"]);
    }
    let draft = json!({ "ids": own, "action": "add_tag", "tag": "新" });
    ann.post("/customers/batch", draft.clone()).await.invalid(&["expected_count"]);
    let mut counted = draft.clone();
    counted["expected_count"] = json!(2);
    ann.post("/customers/batch", counted).await.refused(409, "COUNT_CHANGED");
    ann.post("/customers/batch", json!({ "preview_token": "guessed" })).await.invalid(&["preview_token"]);
    let seen = preview(&ann, draft).await;
    let other = cat.post("/customers/batch", json!({ "preview_token": seen["preview_token"] })).await.invalid(&["preview_token"]);
    assert_eq!(other["fields"][0]["code"], "UNKNOWN");
    ann.post("/customers/batch", json!({ "preview_token": seen["preview_token"], "tag": "x" })).await.invalid(&["preview_token"]);
    ann.post("/customers/batch", json!({ "preview_token": seen["preview_token"], "expected_count": 7 }))
        .await
        .refused(409, "COUNT_CHANGED");
    test.set_now("2024-03-18T09:29:00+08:00");
    let ann = test.ann().await;
    test.set_now("2024-03-18T09:31:00+08:00");
    ann.post("/customers/batch", json!({ "preview_token": seen["preview_token"] })).await.refused(409, "PREVIEW_EXPIRED");
    assert_eq!(ann.get("/customers?tag=%E6%96%B0").await.status, 422, "no tag was made");
}

// S33: what left between preview and run is reported by its reason, never silently dropped.
#[tokio::test(flavor = "multi_thread")]
async fn what_left_meanwhile_is_reported() {
    let test = TestApp::start().await;
    let (ann, dan) = (test.ann().await, test.dan().await);
    let own = customers(&ann, 4).await;
    let group = ann.post("/customer-groups", json!({ "name": "三月活动", "kind": "static" })).await.created();
    let seen = preview(&ann, json!({ "ids": own, "action": "add_to_group", "group_id": group["id"] })).await;
    assert_eq!(seen["count"], 4);
    dan.delete(&format!("/customers/{}", own[0]), &json!(1)).await;
    dan.patch(&format!("/customers/{}", own[1]), &json!(1), json!({ "owner_id": dan.id() })).await.ok();
    dan.post(&format!("/customers/{}/shares", own[1]), json!({ "grantee_type": "user", "grantee_id": ann.id(), "access": "read" }))
        .await
        .created();
    let done = run(&ann, &seen).await;
    assert_eq!((&done["total"], &done["done"], &done["failed"]), (&json!(4), &json!(2), &json!(2)));
    let failures = done["failures"].as_array().unwrap();
    let codes: Vec<&str> = failures.iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"NOT_FOUND") && codes.contains(&"NOT_EDITABLE"), "{codes:?}");
    let editable = failures.iter().find(|one| one["code"] == "NOT_EDITABLE").unwrap();
    assert_eq!(editable["customers"][0]["id"], own[1]);
    assert_eq!(failures.iter().find(|one| one["code"] == "NOT_FOUND").unwrap()["customers"], json!([]));
    assert_eq!(ann.get(&format!("/customers?group_id={}", group["id"])).await.ok()["total"], 2);
    assert_eq!(dan.get(&format!("/customers/batch/{}", done["id"])).await.status, 404);
    let out = preview(&ann, json!({ "ids": [own[2]], "action": "remove_from_group", "group_id": group["id"] })).await;
    assert_eq!(run(&ann, &out).await["done"], 1);
    assert_eq!(ann.get(&format!("/customers?group_id={}", group["id"])).await.ok()["total"], 1);
}

// S33: a change of owner tells each person once, however many customers it is about.
#[tokio::test(flavor = "multi_thread")]
async fn owners_change_with_one_message_each() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    let mut all = customers(&ann, 3).await;
    all.push(bob.has_customer("白博的公司").await);
    let seen = preview(&lea, json!({ "ids": all, "action": "change_owner", "owner_id": bob.id() })).await;
    assert_eq!((&seen["count"], &seen["people"]), (&json!(4), &json!(1)));
    assert_eq!(run(&lea, &seen).await["done"], 4);
    assert_eq!(bob.get("/customers").await.ok()["total"], 4);
    assert_eq!(ann.get("/customers").await.ok()["total"], 0);
    let received = bob.messages_of("customers_received").await;
    assert_eq!(received.len(), 1);
    assert_eq!(received[0]["title"], "李雅 把 3 个客户交给您");
    let taken = ann.messages_of("customers_handed_over").await;
    assert_eq!((taken.len(), taken[0]["title"].as_str().unwrap()), (1, "李雅 把您的 3 个客户交给 白博"));
    assert!(bob.messages_of("customer_received").await.is_empty() && ann.messages_of("customer_handed_over").await.is_empty());
    let timeline = bob.get(&format!("/customers/{}/timeline", all[0])).await.ok();
    assert_eq!(timeline["items"][0]["kind"], "customer_owner_changed");
}

// S33, S61: one task per customer for its owner; one message per assignee; none to oneself.
#[tokio::test(flavor = "multi_thread")]
async fn tasks_are_made_for_every_customer() {
    let test = TestApp::start().await;
    let (ann, bob, lea) = (test.ann().await, test.bob().await, test.lea().await);
    customers(&ann, 2).await;
    customers(&bob, 1).await;
    customers(&lea, 1).await;
    let draft = json!({ "filter": { "region": ["华东"] }, "action": "create_tasks", "kind": "customer_follow_up", "content": "电话回访", "due_date": "2024-03-22", "assignee": "owner" });
    let seen = preview(&lea, draft).await;
    assert_eq!((&seen["count"], &seen["people"]), (&json!(4), &json!(3)));
    let done = run(&lea, &seen).await;
    assert_eq!(done["done"], 4);
    run(&lea, &seen).await;
    assert_eq!(lea.get("/tasks").await.ok()["total"], 4);
    let told = ann.messages_of("tasks_assigned").await;
    assert_eq!((told.len(), told[0]["title"].as_str().unwrap()), (1, "新任务：客户跟进，共 2 项"));
    assert!(ann.messages_of("task_assigned").await.is_empty());
    assert_eq!(bob.messages_of("tasks_assigned").await.len(), 1);
    assert!(lea.messages().await.is_empty());
    let one = preview(&lea, json!({ "filter": {}, "action": "create_tasks", "kind": "other", "content": "寄送贺卡", "due_date": "2024-03-19", "assignee": bob.id() })).await;
    assert_eq!((&one["count"], &one["people"]), (&json!(4), &json!(1)));
    assert_eq!(run(&lea, &one).await["done"], 4);
    assert_eq!(bob.messages_of("tasks_assigned").await[0]["title"], "新任务：其他，共 4 项");
}

// S20: a customer that has 20 tags already is left out of the count, not failed.
#[tokio::test(flavor = "multi_thread")]
async fn customers_full_of_tags_are_left_out_beforehand() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let mut full = a_customer("标签满了");
    full["tags"] = (1..=20).map(|number| json!(format!("标签{number}"))).collect();
    ann.post("/customers", full).await.created();
    ann.has_customer("标签空着").await;
    let seen = preview(&ann, json!({ "filter": {}, "action": "add_tag", "tag": "第21个" })).await;
    assert_eq!((&seen["count"], &seen["left_out"][0]["code"]), (&json!(1), &json!("TOO_MANY_TAGS")));
    let known = preview(&ann, json!({ "filter": {}, "action": "add_tag", "tag": "标签3" })).await;
    assert_eq!(known["count"], 2);
}

/// Rows as the API would have made them, many at once.
async fn clone_customers(test: &TestApp, of: i64, count: i64) {
    let copy = move |tx: &mut Tx| {
        for number in 1..=count {
            sql("insert into customers (number, number_key, name, name_fold, name_variant, name_key, contact_name, phone, email, industry_id, region_id, primary_source_id,
                   status, owner_id, team_id, last_contact_on, created_at, created_on, created_by, updated_at)
                 select $2, $3, $2, $2, $2, $2, contact_name, phone, email, industry_id, region_id, primary_source_id, status, owner_id, team_id, last_contact_on, created_at,
                   created_on, created_by, updated_at from customers where id = $1")
            .bind(of)
            .bind(format!("COPY{number}"))
            .bind(10_i64 + number)
            .run(tx)?;
        }
        sql("insert into contacts (customer_id, name, phone, is_primary, created_at) select id, contact_name, phone, true, created_at from customers where number_key between 11 and $1")
            .bind(10 + count)
            .run(tx)?;
        sql("insert into customer_sources (customer_id, entry_id, position) select id, primary_source_id, 0 from customers where number_key between 11 and $1")
            .bind(10 + count)
            .run(tx)?;
        Ok(())
    };
    test.app.db.write(copy, |_| ()).await.unwrap();
}

// S33: more than 1,000 go to the queue in chunks; killed between two chunks they go on and do nobody twice; one message at the end.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_batch_goes_on_after_a_kill() {
    let mut test = TestApp::start().await;
    let (ann, lea, bob_id) = (test.ann().await, test.lea().await, test.bob().await.id());
    let first = ann.has_customer("原件").await;
    clone_customers(&test, first, 1_004).await;
    let draft = json!({ "filter": {}, "action": "create_tasks", "kind": "other", "content": "年度回访", "due_date": "2024-04-01", "assignee": bob_id });
    let seen = preview(&lea, draft).await;
    assert_eq!(seen["count"], 1_005);
    let begun = run(&lea, &seen).await;
    assert_eq!((&begun["state"], &begun["done"]), (&json!("running"), &json!(0)));
    let batch = begun["id"].as_i64().unwrap();
    let done = |test: &TestApp| {
        let db = test.app.db.clone();
        async move {
            db.write(
                move |tx| sql("select count(*) from batch_rows where batch_id = $1 and state = 'done'").bind(batch).one::<i64>(tx),
                |_| (),
            )
            .await
            .unwrap()
        }
    };
    // The server stops after the second chunk: its third never commits.
    let db = test.app.db.clone();
    for _ in 0..2 {
        let (clock, zone) = (test.app.clock.clone(), test.app.zone.clone());
        db.write(
            move |tx| {
                let (id, payload): (i64, String) =
                    sql("select id, payload from jobs where kind = 'run_batch' order by id limit 1").one(tx)?;
                sql("delete from jobs where id = $1").bind(id).run(tx)?;
                let actor = chengdan::platform::work::Actor::system("job");
                let mut work = chengdan::platform::work::Work::new(tx, actor, clock.now(), zone.clone());
                let job: chengdan::batches::RunBatch = serde_json::from_str(&payload)?;
                chengdan::platform::jobs::Job::run(job, &mut work)
            },
            |_| (),
        )
        .await
        .unwrap();
    }
    assert_eq!(done(&test).await, 400);
    drop((ann, lea, db));
    test = test.restarted("2024-03-18T09:01:00+08:00").await;
    test.app.runner.run_due().await.unwrap();
    assert_eq!(done(&test).await, 1_005);
    let (lea, bob) = (test.lea().await, test.bob().await);
    let ended = lea.get(&format!("/customers/batch/{batch}")).await.ok();
    assert_eq!((&ended["state"], &ended["failed"]), (&json!("done"), &json!(0)));
    assert_eq!(bob.get("/tasks?mine=true").await.ok()["total"], 1_005, "nobody twice");
    let told = bob.messages_of("tasks_assigned").await;
    assert_eq!((told.len(), told[0]["title"].as_str().unwrap()), (1, "新任务：其他，共 1005 项"));
    let own = lea.messages_of("batch_finished").await;
    assert_eq!((own.len(), own[0]["body"].as_str().unwrap()), (1, "成功 1005 个，未处理 0 个"));
    assert_eq!(run(&lea, &seen).await["id"], ended["id"]);
    assert_eq!(bob.get("/tasks?mine=true").await.ok()["total"], 1_005);
}

// I42: whoever is disabled while a long batch waits acts no more; the rest is reported.
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_person_acts_no_more() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let first = ann.has_customer("原件").await;
    clone_customers(&test, first, 1_000).await;
    let seen = preview(&ann, json!({ "filter": {}, "action": "add_tag", "tag": "年度" })).await;
    let begun = run(&ann, &seen).await;
    adm.post(&format!("/users/{}/disable", ann.id()), json!({})).await.ok();
    test.app.runner.run_due().await.unwrap();
    let failed: i64 = test
        .app
        .db
        .write(
            {
                let id = begun["id"].as_i64().unwrap();
                move |tx| sql("select count(*) from batch_rows where batch_id = $1 and state = 'failed'").bind(id).one(tx)
            },
            |_| (),
        )
        .await
        .unwrap();
    assert_eq!(failed, 1_001);
}
