//! 日报, 周报 and 月报 (I35).

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

async fn written(who: &Client, kind: &str, on: &str, done: &str) -> Value {
    who.post("/work-reports", json!({ "kind": kind, "on": on, "done": done })).await.created()
}

async fn submitted(who: &Client, kind: &str, on: &str, done: &str) -> Value {
    let draft = written(who, kind, on, done).await;
    who.act(&format!("/work-reports/{}/submit", draft["id"]), &draft["version"], json!({})).await.ok()
}

async fn missing(who: &Client, kind: &str, on: &str) -> (bool, i64, i64, Vec<String>) {
    let found = who.get(&format!("/work-reports/missing?kind={kind}&on={on}")).await.ok();
    let names = found["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
    (found["is_working"].as_bool().unwrap(), found["expected"].as_i64().unwrap(), found["submitted"].as_i64().unwrap(), names)
}

// I35: the figures come from one's own records of those days, nobody else's and no other day's.
#[tokio::test(flavor = "multi_thread")]
async fn figures_come_from_the_records() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let nothing = ann.get("/work-reports/draft?kind=daily").await.ok();
    assert_eq!((nothing["starts_on"].clone(), nothing["figures"]["follow_ups"].clone()), (json!("2024-03-18"), json!(0)));
    assert_eq!((nothing["report_id"].clone(), nothing["figures"]["won_amount"].clone()), (Value::Null, json!("0.00")));

    let customer = ann.has_customer("华为技术有限公司").await;
    bob.has_customer("中兴通讯").await;
    ann.records(customer, "2024-03-18T08:00:00+08:00", "已沟通").await;
    ann.records(customer, "2024-03-17T23:59:00+08:00", "昨晚").await;
    let (first, second) = (ann.has_opportunity(customer, "ERP").await, ann.has_opportunity(customer, "CRM").await);
    let moved = |id: i64, body: Value| {
        let ann = ann.clone();
        async move {
            let version = ann.get(&format!("/opportunities/{id}")).await.ok()["version"].clone();
            ann.act(&format!("/opportunities/{id}/stage"), &version, body).await.ok()
        }
    };
    moved(first, json!({ "stage": "needs_analysis" })).await;
    moved(first, json!({ "stage": "proposal" })).await;
    moved(second, json!({ "stage": "won", "won_amount": "80000.00", "won_date": "2024-03-18" })).await;
    let task = json!({ "kind": "other", "content": "寄样品", "due_date": "2024-03-19" });
    let task = ann.post("/tasks", task).await.created();
    ann.act(&format!("/tasks/{}/complete", task["id"]), &task["version"], json!({ "feedback": "已寄" })).await.ok();
    ann.post("/tasks", json!({ "kind": "other", "content": "整理资料", "due_date": "2024-03-19" })).await.created();
    ann.plans(customer, "2024-03-19T10:00:00+08:00", json!({ "content": "确认报价" })).await;
    ann.plans(customer, "2024-03-20T10:00:00+08:00", json!({ "content": "签约" })).await;

    let day = ann.get("/work-reports/draft?kind=daily&on=2024-03-18").await.ok()["figures"].clone();
    let figure = |figures: &Value, name: &str| figures[name].as_i64().unwrap();
    assert_eq!((figure(&day, "follow_ups"), figure(&day, "customers_new"), figure(&day, "opportunities_new")), (1, 1, 2));
    assert_eq!((figure(&day, "opportunities_moved"), figure(&day, "opportunities_won")), (2, 1));
    assert_eq!((day["won_amount"].as_str(), figure(&day, "tasks_done"), figure(&day, "tasks_overdue")), (Some("80000.00"), 1, 0));
    assert_eq!((figure(&day, "plans_ahead"), day["next_plans"][0]["content"].as_str()), (1, Some("确认报价")));
    assert_eq!(day["as_of"], "2024-03-18T01:00:00Z");
    // The week before today's month: the contact of the night before belongs to it.
    let week = ann.get("/work-reports/draft?kind=weekly&on=2024-03-17").await.ok();
    assert_eq!((week["starts_on"].as_str(), week["ends_on"].as_str()), (Some("2024-03-11"), Some("2024-03-17")));
    assert_eq!((figure(&week["figures"], "follow_ups"), figure(&week["figures"], "plans_ahead")), (1, 2));
    let month = ann.get("/work-reports/draft?kind=monthly").await.ok();
    assert_eq!((figure(&month["figures"], "follow_ups"), month["ends_on"].as_str()), (2, Some("2024-03-31")));
    assert_eq!(bob.get("/work-reports/draft?kind=daily").await.ok()["figures"]["customers_new"], 1);
    test.set_now("2024-03-20T09:00:00+08:00");
    let ann = test.ann().await;
    assert_eq!(ann.get("/work-reports/draft?kind=daily").await.ok()["figures"]["tasks_overdue"], 1);

    ann.get("/work-reports/draft").await.invalid(&["kind"]);
    ann.get("/work-reports/draft?kind=yearly&on=soon").await.invalid(&["kind", "on"]);
    ann.get("/work-reports/draft?kind=daily&on=2024-03-21").await.invalid(&["on"]);
}

// I35: written bit by bit by its author alone; submitted, it stands with the figures of that moment, and the manager hears of it once.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_written_submitted_and_stands() {
    let test = TestApp::start().await;
    let (ann, lea, cat, dan) = (test.ann().await, test.lea().await, test.cat().await, test.dan().await);
    let draft = ann.post("/work-reports", json!({ "kind": "daily", "on": "2024-03-18" })).await.created();
    let path = format!("/work-reports/{}", draft["id"]);
    assert_eq!(
        (draft["state"].as_str(), draft["can_edit"].clone(), draft["team_name"].as_str()),
        (Some("draft"), json!(true), Some("华东一部"))
    );
    ann.post("/work-reports", json!({ "kind": "daily", "on": "2024-03-18" })).await.refused(409, "WORK_REPORT_EXISTS");
    for other in [&lea, &dan, &cat] {
        other.get(&path).await.refused(404, "NOT_FOUND");
    }
    ann.act(&format!("{path}/submit"), &draft["version"], json!({})).await.invalid(&["done"]);
    let edited = ann.patch(&path, &draft["version"], json!({ "done": "拜访华为", "plan": "报价", "problems": null })).await.ok();
    ann.patch(&path, &draft["version"], json!({ "done": "改" })).await.refused(412, "VERSION_CHANGED");
    ann.patch(&path, &edited["version"], json!({ "on": "2024-03-17", "done": "长".repeat(5_001) })).await.invalid(&["done", "on"]);

    ann.has_customer("华为技术有限公司").await;
    let sent = ann.act(&format!("{path}/submit"), &edited["version"], json!({})).await.ok();
    assert_eq!(
        (sent["state"].as_str(), sent["manager_name"].as_str(), sent["can_edit"].clone()),
        (Some("submitted"), Some("李雅"), json!(false))
    );
    assert_eq!(sent["figures"]["customers_new"], 1);
    let told = lea.messages_of("work_report_submitted").await;
    assert_eq!(
        (told.len(), told[0]["title"].as_str(), told[0]["body"].as_str()),
        (1, Some("安妮 提交了日报 2024-03-18"), Some("拜访华为"))
    );
    ann.patch(&path, &sent["version"], json!({ "done": "改" })).await.refused(409, "WORK_REPORT_SUBMITTED");
    ann.act(&format!("{path}/submit"), &sent["version"], json!({})).await.refused(409, "WORK_REPORT_SUBMITTED");
    lea.patch(&path, &sent["version"], json!({ "done": "改" })).await.refused(403, "FORBIDDEN");

    test.set_now("2024-03-18T15:00:00+08:00");
    let (ann, lea, cat, dan) = (test.ann().await, test.lea().await, test.cat().await, test.dan().await);
    ann.has_customer("中兴通讯").await;
    let read = lea.get(&path).await.ok();
    assert_eq!((read["figures"]["customers_new"].clone(), read["figures"]["as_of"].clone()), (json!(1), json!("2024-03-18T01:00:00Z")));
    assert_eq!(dan.get(&path).await.ok()["plan"], "报价");
    cat.get(&path).await.refused(404, "NOT_FOUND");
    test.fin().await.get(&path).await.refused(403, "FORBIDDEN");
    ann.post("/work-reports", json!({ "kind": "daily", "on": "2024-03-19" })).await.invalid(&["on"]);
    ann.post("/work-reports", json!({})).await.invalid(&["kind", "on"]);
}

// S3, I35: of the plans in a report everybody reads those in his own sight.
#[tokio::test(flavor = "multi_thread")]
async fn plans_in_a_report_stay_within_the_readers_sight() {
    let test = TestApp::start().await;
    let (ann, lea, cat, dan) = (test.ann().await, test.lea().await, test.cat().await, test.dan().await);
    let (own, lent) = (ann.has_customer("华为技术有限公司").await, cat.has_customer("中兴通讯").await);
    let share = json!({ "grantee_type": "user", "grantee_id": ann.id(), "access": "edit" });
    cat.post(&format!("/customers/{lent}/shares"), share).await.created();
    ann.plans(own, "2024-03-19T10:00:00+08:00", json!({ "content": "确认报价" })).await;
    ann.plans(lent, "2024-03-19T14:00:00+08:00", json!({ "content": "帮忙演示" })).await;
    let report = submitted(&ann, "daily", "2024-03-18", "周一").await;
    let path = format!("/work-reports/{}", report["id"]);
    let plans = |report: &Value| -> Vec<String> {
        let all = report["figures"]["next_plans"].as_array().unwrap();
        all.iter().map(|plan| plan["content"].as_str().unwrap().to_owned()).collect()
    };
    for reader in [&ann, &dan] {
        assert_eq!(plans(&reader.get(&path).await.ok()), ["确认报价", "帮忙演示"]);
    }
    // The figure stands as it was sent.
    let read = lea.get(&path).await.ok();
    assert_eq!((plans(&read), read["figures"]["plans_ahead"].clone()), (vec!["确认报价".to_owned()], json!(2)));
}

// I35: the manager answers, the author hears of it, and the other way round.
#[tokio::test(flavor = "multi_thread")]
async fn reports_are_talked_about() {
    let test = TestApp::start().await;
    let (ann, lea, bob) = (test.ann().await, test.lea().await, test.bob().await);
    let report = submitted(&ann, "daily", "2024-03-18", "拜访华为").await;
    let path = format!("/work-reports/{}/comments", report["id"]);
    lea.post(&path, json!({ "text": "做得好" })).await.created();
    let told = ann.messages_of("commented").await;
    assert_eq!((told.len(), told[0]["title"].as_str(), told[0]["body"].as_str()), (1, Some("李雅 评论了日报 2024-03-18"), Some("做得好")));
    // Whoever is mentioned hears of the mention and nothing else.
    ann.post(&path, json!({ "text": "@李雅 谢谢", "mentions": [lea.id()] })).await.created();
    assert_eq!((lea.messages_of("mentioned").await.len(), lea.messages_of("commented").await.len()), (1, 0));
    bob.get(&path).await.refused(404, "NOT_FOUND");
    lea.post(&path, json!({ "text": "@白博", "mentions": [bob.id()] })).await.invalid(&["mentions[0]"]);
    assert_eq!(ann.get(&path).await.ok()["total"], 2);
}

// I35: one's own and the team's, filtered; the last days first.
#[tokio::test(flavor = "multi_thread")]
async fn lists_show_ones_own_and_the_teams() {
    let test = TestApp::start().await;
    let (ann, bob, lea, cat) = (test.ann().await, test.bob().await, test.lea().await, test.cat().await);
    submitted(&ann, "daily", "2024-03-15", "周五").await;
    submitted(&ann, "daily", "2024-03-18", "周一").await;
    submitted(&bob, "weekly", "2024-03-15", "一周").await;
    written(&bob, "daily", "2024-03-18", "还没写完").await;
    submitted(&cat, "daily", "2024-03-18", "别的团队").await;
    let list = async |who: &Client, query: &str| -> Vec<String> {
        let found = who.get(&format!("/work-reports{query}")).await.ok();
        found["items"].as_array().unwrap().iter().map(|one| one["summary"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(list(&lea, "?mine=false").await, ["周一", "周五", "一周"]);
    assert_eq!(list(&lea, "?mine=true").await, Vec::<String>::new());
    assert_eq!(list(&lea, "?kind=weekly").await, ["一周"]);
    assert_eq!(list(&lea, &format!("?author_id={}&from=2024-03-16&to=2024-03-18", ann.id())).await, ["周一"]);
    assert_eq!(list(&bob, "").await, ["还没写完", "一周"]);
    assert_eq!(list(&ann, "?mine=false").await, Vec::<String>::new());
    assert_eq!(list(&test.dan().await, "?kind=daily").await, ["别的团队", "周一", "周五"]);
    let first = lea.get("/work-reports?mine=false&limit=2").await.ok();
    assert_eq!((first["total"].clone(), first["items"].as_array().unwrap().len()), (json!(3), 2));
    assert_eq!(list(&lea, &format!("?mine=false&limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await, ["一周"]);
}

// I35: who has not submitted, by working days and within one's reach; drafts do not count, disabled people are not missed.
#[tokio::test(flavor = "multi_thread")]
async fn the_missing_are_listed_by_working_days() {
    let test = TestApp::start().await;
    let (ann, bob, lea, dan, adm) = (test.ann().await, test.bob().await, test.lea().await, test.dan().await, test.adm().await);
    submitted(&ann, "daily", "2024-03-18", "周一").await;
    written(&bob, "daily", "2024-03-18", "草稿").await;
    let names = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<String>>();
    assert_eq!(missing(&lea, "daily", "2024-03-18").await, (true, 3, 1, names(&["白博", "李雅"])));
    assert_eq!(missing(&ann, "daily", "2024-03-18").await, (true, 1, 1, names(&[])));
    assert_eq!(missing(&dan, "daily", "2024-03-18").await, (true, 4, 1, names(&["白博", "陈凯", "李雅"])));
    assert_eq!(missing(&dan, "weekly", "2024-03-18").await.2, 0);
    // Nobody was there before they were hired.
    assert_eq!(missing(&dan, "daily", "2024-03-15").await, (true, 0, 0, names(&[])));

    let user = adm.get(&format!("/users/{}", bob.id())).await.ok();
    adm.post(&format!("/users/{}/disable", user["id"]), json!({})).await;
    assert_eq!(missing(&lea, "daily", "2024-03-18").await, (true, 2, 1, names(&["李雅"])));

    // Whoever is on leave on the last of the days is not missed.
    let team_lead = adm.get(&format!("/users/{}", lea.id())).await.ok();
    adm.patch(&format!("/users/{}", lea.id()), &team_lead["version"], json!({ "on_leave_until": "2024-03-18" })).await.ok();
    assert_eq!(missing(&dan, "daily", "2024-03-18").await, (true, 2, 1, names(&["陈凯"])));
    assert_eq!(missing(&dan, "weekly", "2024-03-18").await.3, names(&["安妮", "陈凯", "李雅"]));
    // The last of them that is worked on: leave until Friday is leave for the week, and not for the month.
    let team_lead = adm.get(&format!("/users/{}", lea.id())).await.ok();
    adm.patch(&format!("/users/{}", lea.id()), &team_lead["version"], json!({ "on_leave_until": "2024-03-22" })).await.ok();
    assert_eq!(missing(&dan, "weekly", "2024-03-18").await.3, names(&["安妮", "陈凯"]));
    assert_eq!(missing(&dan, "monthly", "2024-03-18").await.3, names(&["安妮", "陈凯", "李雅"]));

    // 清明: off on Thursday the 4th of April, worked on Sunday the 7th.
    test.set_now("2024-04-08T09:00:00+08:00");
    let lea = test.lea().await;
    assert_eq!(missing(&lea, "daily", "2024-04-04").await, (false, 0, 0, names(&[])));
    assert_eq!(missing(&lea, "daily", "2024-03-23").await, (false, 0, 0, names(&[])));
    assert_eq!(missing(&lea, "daily", "2024-04-07").await.3, names(&["安妮", "李雅"]));
    assert!(missing(&lea, "weekly", "2024-04-04").await.0);
    lea.get("/work-reports/missing?on=tomorrow").await.invalid(&["kind", "on"]);
}

// I35: the evening's reminder is off until one wants it, comes on working days only, and not to whoever has submitted.
#[tokio::test(flavor = "multi_thread")]
async fn the_evening_reminder_is_a_wish() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    assert_eq!(ann.get("/work-reports/reminder").await.ok(), json!({ "enabled": false }));
    ann.put("/work-reports/reminder", json!({})).await.invalid(&["enabled"]);
    for person in [&ann, &bob] {
        assert_eq!(person.put("/work-reports/reminder", json!({ "enabled": true })).await.ok(), json!({ "enabled": true }));
    }
    submitted(&bob, "daily", "2024-03-18", "写好了").await;
    test.advance("2024-03-18T17:59:00+08:00").await;
    assert!(test.ann().await.messages_of("work_report_missing").await.is_empty());
    test.advance("2024-03-18T18:01:00+08:00").await;
    let told = test.ann().await.messages_of("work_report_missing").await;
    assert_eq!((told.len(), told[0]["title"].as_str()), (1, Some("今天的日报还没有提交")));
    for quiet in ["bob", "lea"] {
        assert!(test.sign_in(quiet).await.messages_of("work_report_missing").await.is_empty());
    }
    // Tuesday to Friday; nothing on Saturday and Sunday.
    test.advance("2024-03-24T23:00:00+08:00").await;
    let ann = test.ann().await;
    assert_eq!(ann.messages_of("work_report_missing").await.len(), 5);
    ann.put("/work-reports/reminder", json!({ "enabled": false })).await.ok();
    test.advance("2024-03-25T19:00:00+08:00").await;
    assert_eq!(test.ann().await.messages_of("work_report_missing").await.len(), 5);
}

// I35, S65: leaves that follow each other are one absence; a day of work between them is one to report on.
#[tokio::test(flavor = "multi_thread")]
async fn adjoining_leaves_cover_the_days_together() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    ann.put("/session/leave", json!({ "on_leave_from": "2024-03-18", "on_leave_until": "2024-03-19" })).await.ok();
    bob.put("/session/leave", json!({ "on_leave_from": "2024-03-18", "on_leave_until": "2024-03-18" })).await.ok();
    test.set_now("2024-03-20T09:00:00+08:00");
    for who in [test.ann().await, test.bob().await] {
        who.put("/session/leave", json!({ "on_leave_from": "2024-03-20", "on_leave_until": "2024-04-12" })).await.ok();
    }
    let (_, expected, _, names) = missing(&test.lea().await, "weekly", "2024-03-22").await;
    assert_eq!((expected, names), (2, vec!["白博".to_owned(), "李雅".to_owned()]));
    // 清明节 and weekends in between count for nothing.
    test.set_now("2024-04-13T09:00:00+08:00");
    let ann = test.ann().await;
    ann.put("/session/leave", json!({ "on_leave_from": "2024-04-15", "on_leave_until": "2024-04-30" })).await.ok();
    let (_, expected, _, names) = missing(&test.lea().await, "monthly", "2024-04-30").await;
    assert_eq!((expected, names), (2, vec!["白博".to_owned(), "李雅".to_owned()]));
}

// I35, S65: past days are judged by who was on leave then: whoever is on leave now was expected before, and whoever is back was not.
#[tokio::test(flavor = "multi_thread")]
async fn past_days_forget_nobody() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    ann.put("/session/leave", json!({ "on_leave_from": "2024-03-19", "on_leave_until": "2024-03-22" })).await.ok();
    test.set_now("2024-03-21T09:00:00+08:00");
    let (ann, lea) = (test.ann().await, test.lea().await);
    let is_missing = async |kind: &str, on: &str| missing(&lea, kind, on).await.3.contains(&"安妮".to_owned());
    assert!(is_missing("daily", "2024-03-18").await, "she was there on Monday");
    assert!(!is_missing("daily", "2024-03-19").await && !is_missing("daily", "2024-03-21").await);
    assert!(is_missing("weekly", "2024-03-21").await, "she worked on one day of the week");
    // Back a day early: the days she was away stay, the rest is worked.
    ann.put("/session/leave", json!({ "on_leave_until": null })).await.ok();
    assert!(is_missing("daily", "2024-03-21").await && is_missing("daily", "2024-03-18").await);
    assert!(!is_missing("daily", "2024-03-20").await);
    // The next leave, a whole week, does not undo the last one.
    ann.put("/session/leave", json!({ "on_leave_from": "2024-03-25", "on_leave_until": "2024-03-29" })).await.ok();
    test.set_now("2024-03-29T09:00:00+08:00");
    let lea = test.lea().await;
    let is_missing = async |kind: &str, on: &str| missing(&lea, kind, on).await.3.contains(&"安妮".to_owned());
    assert!(!is_missing("daily", "2024-03-20").await && is_missing("daily", "2024-03-22").await);
    assert!(!is_missing("weekly", "2024-03-29").await && is_missing("monthly", "2024-03-29").await);
}
