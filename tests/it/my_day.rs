use serde_json::{Value, json};

use crate::support::{Client, TestApp, records};

async fn my_day(person: &Client) -> Value {
    person.get("/my-day").await.ok()
}

fn names(day: &Value, list: &str, field: &str) -> Vec<String> {
    day[list].as_array().unwrap().iter().map(|row| row[field].as_str().unwrap().to_owned()).collect()
}

async fn give(giver: &Client, content: &str, due: &str) -> Value {
    giver.post("/tasks", json!({ "kind": "other", "content": content, "due_date": due })).await.created()
}

async fn plan(owner: &Client, customer: &Value, starts_at: &str, ends_at: &str) -> Value {
    let body =
        json!({ "customer_id": customer["id"], "starts_at": starts_at, "ends_at": ends_at, "method": "phone_call", "content": starts_at });
    owner.post("/follow-up-plans", body).await.created()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_day() {
    let test = TestApp::start().await;
    for person in [test.ann().await, test.fin().await, test.adm().await] {
        let day = my_day(&person).await;
        assert_eq!(day["date"], "2024-03-18");
        assert_eq!(day["greeting_counts"], json!({ "overdue": 0, "due_today": 0, "planned_today": 0, "without_next_step": 0 }));
        let target = json!({ "period": "2024-Q1", "amount": null, "won": "0.00", "rate": null, "time_progress": 0.8571, "gap": null, "weighted_pipeline": "0.00" });
        assert_eq!(day["target"], target);
    }
    test.stranger().get("/my-day").await.refused(401, "UNAUTHENTICATED");
}

// S62, I4: my own open tasks, overdue and due today; never another's, not even for who leads or directs; the counts are the lists'.
#[tokio::test(flavor = "multi_thread")]
async fn tasks_of_the_day() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    give(&ann, "昨天", "2024-03-19").await;
    give(&ann, "今天", "2024-03-20").await;
    give(&ann, "明天", "2024-03-21").await;
    let off = give(&ann, "取消", "2024-03-20").await;
    ann.patch(&format!("/tasks/{}", off["id"]), &off["version"], json!({ "status": "cancelled" })).await.ok();
    give(&lea, "经理自己的", "2024-03-20").await;
    for content in 0..11 {
        give(&lea, &format!("旧{content}"), "2024-03-19").await;
    }
    test.set_now("2024-03-20T23:59:59+08:00");
    let (ann, lea, dan) = (test.ann().await, test.lea().await, test.dan().await);
    let day = my_day(&ann).await;
    assert_eq!(names(&day, "overdue_tasks", "content"), ["昨天"]);
    assert_eq!(names(&day, "due_today", "content"), ["今天"]);
    assert_eq!((&day["greeting_counts"]["overdue"], &day["greeting_counts"]["due_today"]), (&json!(1), &json!(1)));
    let counts = ann.get("/tasks/counts").await.ok();
    assert_eq!((&counts["overdue"], &counts["due_today"]), (&json!(1), &json!(1)));
    let day = my_day(&lea).await;
    assert_eq!((day["overdue_tasks"].as_array().unwrap().len(), &day["greeting_counts"]["overdue"]), (10, &json!(11)));
    assert_eq!(names(&day, "due_today", "content"), ["经理自己的"]);
    let day = my_day(&dan).await;
    assert_eq!((names(&day, "overdue_tasks", "content").len(), names(&day, "due_today", "content").len()), (0, 0));
    test.set_now("2024-03-21T00:00:00+08:00");
    let day = my_day(&ann).await;
    assert_eq!(names(&day, "overdue_tasks", "content"), ["昨天", "今天"]);
    assert_eq!(names(&day, "due_today", "content"), ["明天"]);
}

// S44: today's plans that are still to be done, in their order, by the business day.
#[tokio::test(flavor = "multi_thread")]
async fn plans_of_the_day() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let huawei = records::customer(&ann, "华为技术").await;
    let other = records::customer(&bob, "中兴通讯").await;
    let off = plan(&ann, &huawei, "2024-03-18T16:00:00+08:00", "2024-03-18T17:00:00+08:00").await;
    ann.patch(&format!("/follow-up-plans/{}", off["id"]), &off["version"], json!({ "status": "cancelled" })).await.ok();
    plan(&ann, &huawei, "2024-03-18T23:30:00+08:00", "2024-03-18T23:59:00+08:00").await;
    plan(&ann, &huawei, "2024-03-18T10:00:00+08:00", "2024-03-18T11:00:00+08:00").await;
    plan(&ann, &huawei, "2024-03-19T00:00:00+08:00", "2024-03-19T01:00:00+08:00").await;
    plan(&bob, &other, "2024-03-18T10:00:00+08:00", "2024-03-18T11:00:00+08:00").await;
    let day = my_day(&ann).await;
    assert_eq!(names(&day, "plans_today", "starts_at"), ["2024-03-18T02:00:00Z", "2024-03-18T15:30:00Z"]);
    assert_eq!(day["greeting_counts"]["planned_today"], 2);
    assert_eq!(my_day(&test.lea().await).await["greeting_counts"]["planned_today"], 0);
}

// S63: my open opportunities with neither a plan ahead nor an open task; the count is that of the list 「无下一步的商机」.
#[tokio::test(flavor = "multi_thread")]
async fn opportunities_without_next_step() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let huawei = records::customer(&ann, "华为技术").await;
    let bare = records::opportunity(&ann, &huawei, "无下一步").await;
    let tasked = records::opportunity(&ann, &huawei, "有任务").await;
    let planned = records::opportunity(&ann, &huawei, "有计划").await;
    let lost = records::opportunity(&ann, &huawei, "已输单").await;
    let move_to = json!({ "stage": "lost", "lost_reason": "价格过高" });
    ann.act(&format!("/opportunities/{}/stage", lost["id"]), &lost["version"], move_to).await.ok();
    records::opportunity(&bob, &records::customer(&bob, "中兴通讯").await, "别人的").await;
    let task = json!({ "kind": "other", "content": "报价", "due_date": "2024-03-19", "opportunity_id": tasked["id"] });
    ann.post("/tasks", task).await.created();
    let body = json!({ "opportunity_id": planned["id"], "starts_at": "2024-03-18T10:00:00+08:00", "ends_at": "2024-03-18T11:00:00+08:00", "method": "phone_call", "content": "回访" });
    ann.post("/follow-up-plans", body).await.created();
    let day = my_day(&ann).await;
    assert_eq!(names(&day, "without_next_step", "name"), ["无下一步"]);
    assert_eq!(day["without_next_step"][0]["id"], bare["id"]);
    assert_eq!(day["greeting_counts"]["without_next_step"], 1);
    let list = ann.get(&format!("/opportunities?without_next_step=true&owner_id={}", ann.id())).await.ok();
    assert_eq!(list["total"], 1);
    // A plan whose start has passed is no next step; an overdue task still is one.
    test.set_now("2024-03-20T09:00:00+08:00");
    let day = my_day(&test.ann().await).await;
    assert_eq!(day["greeting_counts"]["without_next_step"], 2);
    assert_eq!(my_day(&test.lea().await).await["greeting_counts"]["without_next_step"], 0);
}

// I15, S31: silent since 14 days, counted from the creation day when nobody ever followed up; 13 days are not silent.
#[tokio::test(flavor = "multi_thread")]
async fn silent_customers() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    records::customer(&ann, "华为技术").await;
    test.set_now("2024-03-31T23:59:59+08:00");
    assert_eq!(names(&my_day(&test.ann().await).await, "silent_customers", "name"), Vec::<String>::new());
    test.set_now("2024-04-01T00:00:00+08:00");
    let day = my_day(&test.ann().await).await;
    assert_eq!(names(&day, "silent_customers", "name"), ["华为技术"]);
    assert_eq!(day["silent_customers"][0]["phone"], "138****8000");
    assert_eq!(names(&my_day(&test.lea().await).await, "silent_customers", "name"), Vec::<String>::new());
}

// Expected to close today or within seven days; neither earlier nor later, neither closed nor without a date.
#[tokio::test(flavor = "multi_thread")]
async fn closing_soon() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let huawei = records::customer(&ann, "华为技术").await;
    for (name, day) in [
        ("八天", json!("2024-03-26")),
        ("七天", json!("2024-03-25")),
        ("今天", json!("2024-03-18")),
        ("昨天", json!("2024-03-17")),
        ("未定", json!(null)),
    ] {
        let body = json!({ "name": name, "customer_id": huawei["id"], "expected_amount": 1, "expected_close_date": day });
        ann.post("/opportunities", body).await.created();
    }
    assert_eq!(names(&my_day(&ann).await, "closing_soon", "name"), ["今天", "七天"]);
}

// I21: what I won in the quarter against the sum of its months' targets; a later transfer moves nothing; open ones are weighed.
#[tokio::test(flavor = "multi_thread")]
async fn the_quarter_and_its_target() {
    let test = TestApp::start().await;
    let (ann, bob, lea, dan) = (test.ann().await, test.bob().await, test.lea().await, test.dan().await);
    for (period, amount) in [("2023-12", "9000000"), ("2024-01", "300000"), ("2024-03", "700000.50"), ("2024-04", "9000000")] {
        let body = json!({ "period": period, "owner_type": "user", "owner_id": ann.id(), "amount": amount });
        dan.put("/targets", body).await.ok();
    }
    let huawei = records::customer(&ann, "华为技术").await;
    let won = async |amount: &str, on: &str| {
        let deal = records::opportunity(&ann, &huawei, &format!("成交 {on}")).await;
        let body = json!({ "stage": "won", "won_amount": amount, "won_date": on });
        ann.act(&format!("/opportunities/{}/stage", deal["id"]), &deal["version"], body).await.ok()
    };
    won("1.00", "2023-12-31").await;
    won("100000.10", "2024-01-01").await;
    let handed = won("320000.11", "2024-03-18").await;
    records::opportunity(&ann, &huawei, "初步接触").await;
    let day = my_day(&ann).await;
    let target = &day["target"];
    assert_eq!((&target["period"], &target["amount"], &target["won"]), (&json!("2024-Q1"), &json!("1000000.50"), &json!("420000.21")));
    assert_eq!((&target["rate"], &target["gap"]), (&json!(0.42), &json!("580000.29")));
    assert_eq!((&target["time_progress"], &target["weighted_pipeline"]), (&json!(0.8571), &json!("50000.00")));

    lea.patch(&format!("/opportunities/{}", handed["id"]), &handed["version"], json!({ "owner_id": bob.id() })).await.ok();
    assert_eq!(my_day(&ann).await["target"]["won"], "420000.21");
    assert_eq!(my_day(&bob).await["target"]["won"], "0.00");
    test.set_now("2024-04-01T00:00:00+08:00");
    let target = my_day(&test.ann().await).await["target"].clone();
    assert_eq!((&target["period"], &target["won"], &target["amount"]), (&json!("2024-Q2"), &json!("0.00"), &json!("9000000.00")));
    assert_eq!((&target["rate"], &target["time_progress"]), (&json!(0.0), &json!(0.011)));
}
