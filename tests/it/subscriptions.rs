//! 报表订阅 (I31): once for each period, with what the subscriber may see at that moment, whatever the clock and the server do.

use chengdan::platform::db::{Lane, sql};
use serde_json::{Value, json};

use crate::support::receivers::{HttpReceiver, MailReceiver};
use crate::support::{Client, TestApp, records};

/// The first hour of a subscription for Mondays at half past eight.
const DUE: &str = "2024-03-25T08:30:00+08:00";

async fn user(adm: &Client, number: &str) -> Value {
    let found = adm.get(&format!("/users?q={number}")).await.ok();
    found["items"].as_array().unwrap().iter().find(|user| user["employee_number"] == number).unwrap().clone()
}

async fn give_email(test: &TestApp, number: &str) {
    let adm = test.adm().await;
    let user = user(&adm, number).await;
    let email = json!({ "email": format!("{number}@example.com") });
    adm.patch(&format!("/users/{}", user["id"]), &user["version"], email).await.ok();
}

/// A company that sends e-mail, to ann and lea.
async fn with_mail() -> (TestApp, MailReceiver) {
    let (test, receiver) = (TestApp::start().await, MailReceiver::start());
    let mail = json!({
        "kind": "email", "name": "公司邮箱", "smtp_host": "127.0.0.1", "smtp_port": receiver.port, "smtp_security": "none", "smtp_from": "crm@example.com"
    });
    test.adm().await.post("/channels", mail).await.created();
    give_email(&test, "ann").await;
    give_email(&test, "lea").await;
    (test, receiver)
}

fn weekly(report: &str) -> Value {
    json!({ "question": { "report": report, "period": "this_month" }, "rhythm": "weekly", "on_day": 1, "at": "08:30" })
}

/// Moves the clock, puts together what fell due and lets it leave; answers how many periods.
async fn pass(test: &TestApp, now: &str) -> u64 {
    test.advance(now).await;
    let done = chengdan::subscriptions::send_waiting(&test.app).await.unwrap();
    test.app.relay.run_due().await.unwrap();
    done
}

async fn last(test: &TestApp, number: &str, id: &Value) -> Value {
    test.sign_in(number).await.get(&format!("/subscriptions/{id}")).await.ok()["last"].clone()
}

/// The text of a mail, its parts decoded.
fn text(mail: &crate::support::receivers::Mail) -> String {
    use base64::Engine as _;
    let mut all = String::new();
    for part in mail.text.split("\r\n\r\n").skip(1) {
        let packed: String = part.lines().take_while(|line| !line.starts_with("--")).collect();
        match base64::engine::general_purpose::STANDARD.decode(&packed) {
            Ok(bytes) => all.push_str(&String::from_utf8_lossy(&bytes)),
            Err(_) => all.push_str(part),
        }
    }
    all
}

// I31: on its weekday at its minute, once, figures in the text and as a workbook; then the week after.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_comes_every_week() {
    let (test, receiver) = with_mail().await;
    let ann = test.ann().await;
    let customer = records::customer(&ann, "华为技术").await;
    records::opportunity(&ann, &customer, "核心网项目").await;
    let kept = ann.post("/subscriptions", weekly("pipeline")).await.created();
    assert_eq!((&kept["name"], &kept["next_at"], &kept["last"]), (&json!("销售管道"), &json!("2024-03-25T00:30:00Z"), &Value::Null));
    assert_eq!(kept["channel"]["name"], "ann@example.com");

    assert_eq!(pass(&test, "2024-03-25T08:29:59+08:00").await, 0);
    assert_eq!(pass(&test, DUE).await, 1);
    let mails = receiver.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "ann@example.com");
    let said = text(&mails[0]);
    assert!(said.contains("【销售管道】2024-03-01 – 2024-03-31") && said.contains("1 · ¥500,000.00"), "{said}");
    assert!(mails[0].text.contains("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
    let sent = last(&test, "ann", &kept["id"]).await;
    assert_eq!((&sent["state"], &sent["due_at"]), (&json!("sent"), &json!("2024-03-25T00:30:00Z")));

    // What went along does not stay behind.
    let left: i64 = test.app.db.read(Lane::Lists, |tx| sql("select count(*) from outbox_files").one(tx)).await.unwrap();
    assert_eq!(left, 0);

    assert_eq!(pass(&test, "2024-03-31T23:59:59+08:00").await, 0);
    assert_eq!(pass(&test, "2024-04-01T08:30:00+08:00").await, 1);
    assert_eq!(receiver.mails().len(), 2);
    assert!(text(&receiver.mails()[1]).contains("2024-04-01 – 2024-04-30"));
}

// I31, I40: the scope is that of the moment: what was handed over, a new role, an account that is disabled.
#[tokio::test(flavor = "multi_thread")]
async fn the_scope_is_that_of_the_moment() {
    let (test, receiver) = with_mail().await;
    let (ann, bob, lea, adm) = (test.ann().await, test.bob().await, test.lea().await, test.adm().await);
    for (owner, name) in [(&ann, "华为技术"), (&bob, "比亚迪")] {
        let customer = records::customer(owner, name).await;
        records::opportunity(owner, &customer, "项目").await;
    }
    let board = json!({ "name": "团队板", "tiles": [{ "name": "管道", "shape": "table", "question": { "report": "pipeline", "period": "this_month" } }] });
    let board = lea.post("/dashboards", board).await.created();
    let mut draft = weekly("pipeline");
    draft["dashboard_id"] = board["id"].clone();
    draft.as_object_mut().unwrap().remove("question");
    let kept = lea.post("/subscriptions", draft).await.created();
    assert_eq!(kept["name"], "团队板");
    pass(&test, DUE).await;
    assert!(text(&receiver.mails()[0]).contains("2 · ¥1,000,000.00"), "{}", text(&receiver.mails()[0]));

    let adm_again = test.adm().await;
    let before = user(&adm_again, "lea").await;
    let plain = adm_again.patch(&format!("/users/{}", before["id"]), &before["version"], json!({ "role": "sales" })).await.ok();
    pass(&test, "2024-04-01T08:30:00+08:00").await;
    let said = text(&receiver.mails()[1]);
    assert!(!said.contains("2 · ¥") && said.contains("0 · ¥0.00"), "{said}");

    let adm_again = test.adm().await;
    assert_eq!(adm_again.post(&format!("/users/{}/disable", plain["id"]), json!({})).await.status, 200);
    assert_eq!(pass(&test, "2024-04-08T08:30:00+08:00").await, 1);
    assert_eq!(receiver.mails().len(), 2);
    // Who runs the product sees that it does not work, and why; not what it says.
    let all = test.adm().await.get("/subscriptions/all").await.ok();
    let line = &all["items"][0];
    assert_eq!((&line["user_name"], &line["is_active"], &line["is_dashboard"]), (&json!("李雅"), &json!(false), &json!(true)));
    assert_eq!((&line["last"]["state"], &line["last"]["reason"]), (&json!("skipped"), &json!("disabled")));
    let log = test.adm().await.get("/audit-log").await.ok();
    assert!(log["items"].as_array().unwrap().iter().any(|event| event["kind"] == "subscription_made"));
    assert!(line.get("name").is_none() && line.get("question").is_none(), "{line}");
    assert_eq!(adm.get(&format!("/subscriptions/{}", kept["id"])).await.status, 401);
    assert_eq!(test.adm().await.get(&format!("/subscriptions/{}", kept["id"])).await.status, 404);
}

// I31: whoever is disabled between posting and delivery gets nothing, and no figures stay behind.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_for_whom_was_disabled_meanwhile() {
    let (test, receiver) = with_mail().await;
    let ann = test.ann().await;
    ann.post("/subscriptions", weekly("funnel")).await.created();
    test.advance(DUE).await;
    assert_eq!(chengdan::subscriptions::send_waiting(&test.app).await.unwrap(), 1);
    let adm = test.adm().await;
    let before = user(&adm, "ann").await;
    assert_eq!(adm.post(&format!("/users/{}/disable", before["id"]), json!({})).await.status, 200);
    test.app.relay.run_due().await.unwrap();
    assert!(receiver.mails().is_empty());
    for table in ["outbox", "outbox_files"] {
        let count = if table == "outbox" { "select count(*) from outbox" } else { "select count(*) from outbox_files" };
        let left: i64 = test.app.db.read(Lane::Lists, move |tx| sql(count).one(tx)).await.unwrap();
        assert_eq!(left, 0, "{table}");
    }
    let last = &adm.get("/subscriptions/all").await.ok()["items"][0]["last"];
    assert_eq!((&last["state"], &last["reason"]), (&json!("skipped"), &json!("disabled")));
}

// I31: a board that is shared no more is not sent, and the row says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_is_gone_is_not_sent() {
    let (test, receiver) = with_mail().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let tiles = json!([{ "name": "管道", "shape": "table", "question": { "report": "pipeline" } }]);
    let board = bob.post("/dashboards", json!({ "name": "借来的", "tiles": tiles, "visibility": "team" })).await.created();
    let draft = json!({ "dashboard_id": board["id"], "rhythm": "monthly", "on_day": 31, "at": "18:00" });
    let kept = ann.post("/subscriptions", draft).await.created();
    assert_eq!(kept["next_at"], "2024-03-31T10:00:00Z");
    bob.patch(&format!("/dashboards/{}", board["id"]), &board["version"], json!({ "visibility": "private" })).await.ok();
    assert_eq!(pass(&test, "2024-03-31T18:00:00+08:00").await, 1);
    assert!(receiver.mails().is_empty());
    let skipped = last(&test, "ann", &kept["id"]).await;
    assert_eq!((&skipped["state"], &skipped["reason"]), (&json!("skipped"), &json!("no_board")));
    // A short month ends earlier.
    assert_eq!(test.ann().await.get(&format!("/subscriptions/{}", kept["id"])).await.ok()["next_at"], "2024-04-30T10:00:00Z");
}

// I31: a server that was down sends once when it is back; a week with its hour moved is still one week.
#[tokio::test(flavor = "multi_thread")]
async fn once_for_each_period_whatever_the_clock_does() {
    let (test, receiver) = with_mail().await;
    let ann = test.ann().await;
    let kept = ann.post("/subscriptions", weekly("funnel")).await.created();
    drop(ann);
    // Three Mondays pass while the server is down.
    let test = test.restarted("2024-04-10T12:00:00+08:00").await;
    assert_eq!(pass(&test, "2024-04-10T12:00:00+08:00").await, 1);
    assert_eq!(pass(&test, "2024-04-10T12:10:00+08:00").await, 0);
    assert_eq!(receiver.mails().len(), 1);
    let ann = test.ann().await;
    let path = format!("/subscriptions/{}", kept["id"]);
    let now = ann.get(&path).await.ok();
    assert_eq!(now["next_at"], "2024-04-15T00:30:00Z");
    assert_eq!(pass(&test, "2024-04-15T08:30:00+08:00").await, 1);
    // Moved to a later hour of a week that was sent: nothing more comes in it.
    let ann = test.ann().await;
    let moved = ann.patch(&path, &now["version"], json!({ "at": "10:00", "on_day": 2 })).await.ok();
    assert_eq!(moved["next_at"], "2024-04-23T02:00:00Z");
    assert_eq!(pass(&test, "2024-04-21T10:00:00+08:00").await, 0);
    assert_eq!(pass(&test, "2024-04-23T10:00:00+08:00").await, 1);
    assert_eq!(receiver.mails().len(), 3);
    // Whoever jumps over weeks gets the newest alone.
    assert_eq!(pass(&test, "2024-05-20T10:00:00+08:00").await, 1);
    assert_eq!(receiver.mails().len(), 4);
}

// I31: two workers, one letter.
#[tokio::test(flavor = "multi_thread")]
async fn two_workers_send_one_letter() {
    let (test, receiver) = with_mail().await;
    test.ann().await.post("/subscriptions", weekly("funnel")).await.created();
    test.advance(DUE).await;
    let (one, other) = tokio::join!(chengdan::subscriptions::send_waiting(&test.app), chengdan::subscriptions::send_waiting(&test.app));
    assert!(one.unwrap_or(0) + other.unwrap_or(0) >= 1);
    test.app.relay.run_due().await.unwrap();
    assert_eq!(receiver.mails().len(), 1);
}

// I31: pausing, going on, a test besides the hour, a channel that is down, the end.
#[tokio::test(flavor = "multi_thread")]
async fn it_pauses_is_tried_and_ends() {
    let (test, receiver) = with_mail().await;
    let mut ann = test.ann().await;
    ann.language = "en";
    let kept = ann.post("/subscriptions", weekly("activity")).await.created();
    assert_eq!(kept["name"], "Customer activity");
    let path = format!("/subscriptions/{}", kept["id"]);
    assert_eq!(ann.post(&format!("{path}/test"), json!({})).await.ok()["last"]["state"], "waiting");
    assert_eq!(pass(&test, "2024-03-18T09:00:00+08:00").await, 1);
    assert_eq!(receiver.mails().len(), 1);
    assert!(text(&receiver.mails()[0]).contains("Active"), "{}", text(&receiver.mails()[0]));
    assert_eq!(last(&test, "ann", &kept["id"]).await["state"], "sent");
    ann.post(&format!("{path}/test"), json!({})).await.invalid(&["channel_id"]);

    let paused = ann.patch(&path, &kept["version"], json!({ "paused": true })).await.ok();
    assert_eq!(paused["next_at"], Value::Null);
    assert_eq!(ann.patch(&path, &kept["version"], json!({ "paused": false })).await.status, 412);
    assert_eq!(pass(&test, DUE).await, 0);
    let ann = test.ann().await;
    let on = ann.patch(&path, &paused["version"], json!({ "paused": false })).await.ok();
    assert_eq!(on["next_at"], "2024-04-01T00:30:00Z");

    receiver.close(true);
    assert_eq!(pass(&test, "2024-04-01T08:30:00+08:00").await, 1);
    assert_eq!(last(&test, "ann", &kept["id"]).await["state"], "posted");
    receiver.close(false);
    for minute in [31, 32, 35] {
        pass(&test, &format!("2024-04-01T08:{minute}:00+08:00")).await;
    }
    assert_eq!(last(&test, "ann", &kept["id"]).await["state"], "sent");
    assert_eq!(receiver.mails().len(), 2);
    let ann = test.ann().await;
    let now = ann.get(&path).await.ok();
    assert_eq!(ann.delete(&path, &now["version"]).await.status, 204);
    assert_eq!(ann.get(&path).await.status, 404);
    assert_eq!(pass(&test, "2024-04-08T08:30:00+08:00").await, 0);
    assert_eq!(receiver.mails().len(), 2);
}

// I31: a bot of one's own, and one of a team for whoever may tell the team something.
#[tokio::test(flavor = "multi_thread")]
async fn a_bot_is_used_by_whom_it_belongs_to() {
    let (test, receiver) = (TestApp::start().await, HttpReceiver::start());
    let (adm, ann, lea, cat) = (test.adm().await, test.ann().await, test.lea().await, test.cat().await);
    let bot = json!({ "kind": "wecom", "name": "一部群", "url": receiver.url("/team"), "team_id": lea.me["team"]["id"] });
    let bot = adm.post("/channels", bot).await.created();
    let ways = lea.get("/subscriptions/channels").await.ok();
    assert_eq!(ways, json!([{ "id": bot["id"], "kind": "wecom", "name": "一部群", "is_shared": true }]));
    for person in [&ann, &cat] {
        assert_eq!(person.get("/subscriptions/channels").await.ok(), json!([]));
        let mut draft = weekly("funnel");
        draft["channel_id"] = bot["id"].clone();
        person.post("/subscriptions", draft).await.invalid(&["channel_id"]);
    }
    ann.post("/subscriptions", weekly("funnel")).await.invalid(&["channel_id"]);
    let mut draft = weekly("funnel");
    draft["channel_id"] = bot["id"].clone();
    let kept = lea.post("/subscriptions", draft).await.created();
    pass(&test, DUE).await;
    let body = receiver.calls()[0].json();
    let said = body["markdown"]["content"].as_str().unwrap();
    assert!(said.contains("销售漏斗") && said.contains("初步接触：进入 0"), "{said}");
    // Two at one hour are two messages: figures are no line of a digest.
    let second = json!({ "question": { "report": "losses" }, "rhythm": "weekly", "on_day": 1, "at": "08:30", "channel_id": bot["id"] });
    let lea = test.lea().await;
    let second = lea.post("/subscriptions", second).await.created();
    pass(&test, "2024-04-01T08:30:00+08:00").await;
    pass(&test, "2024-04-01T08:30:05+08:00").await;
    let told: Vec<String> = receiver.calls()[1..].iter().map(|call| call.json()["markdown"]["content"].to_string()).collect();
    assert!(told.len() == 2 && told[0].contains("销售漏斗") && told[1].contains("输单分析"), "{told:?}");
    let lea = test.lea().await;
    assert_eq!(lea.delete(&format!("/subscriptions/{}", second["id"]), &second["version"]).await.status, 204);
    // The administrator takes the bot away: not sent, and the row says why.
    let adm = test.adm().await;
    let shown = adm.get(&format!("/channels/{}", bot["id"])).await.ok();
    assert_eq!(adm.delete(&format!("/channels/{}", bot["id"]), &shown["version"]).await.status, 204);
    pass(&test, "2024-04-08T08:30:00+08:00").await;
    let skipped = last(&test, "lea", &kept["id"]).await;
    assert_eq!((&skipped["state"], &skipped["reason"]), (&json!("skipped"), &json!("no_channel")));
    assert_eq!(receiver.calls().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_is_judged() {
    let (test, _receiver) = with_mail().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    ann.post("/subscriptions", json!({})).await.invalid(&["dashboard_id", "rhythm", "on_day", "at"]);
    let wrong = json!({ "question": { "report": "nothing" }, "rhythm": "daily", "on_day": 32, "at": "24:00", "channel_id": 999, "name": "长".repeat(61) });
    ann.post("/subscriptions", wrong).await.invalid(&["question.report", "rhythm", "on_day", "at", "channel_id", "name"]);
    let mut eighth = weekly("funnel");
    eighth["on_day"] = json!(8);
    ann.post("/subscriptions", eighth).await.invalid(&["on_day"]);
    // bob has no address.
    bob.post("/subscriptions", weekly("funnel")).await.invalid(&["channel_id"]);
    let hidden = bob.post("/dashboards", json!({ "name": "私" })).await.created();
    for id in [hidden["id"].clone(), json!(999_999)] {
        let draft = json!({ "dashboard_id": id, "rhythm": "weekly", "on_day": 1, "at": "08:30" });
        ann.post("/subscriptions", draft).await.invalid(&["dashboard_id"]);
    }
    let kept = ann.post("/subscriptions", weekly("funnel")).await.created();
    let path = format!("/subscriptions/{}", kept["id"]);
    assert_eq!(bob.get(&path).await.status, 404);
    assert_eq!(bob.post(&format!("{path}/test"), json!({})).await.status, 404);
    ann.patch(&path, &kept["version"], json!({ "question": { "report": "losses" } })).await.invalid(&["question"]);
    let monthly = ann.patch(&path, &kept["version"], json!({ "rhythm": "monthly", "on_day": 31 })).await.ok();
    ann.patch(&path, &monthly["version"], json!({ "rhythm": "weekly" })).await.invalid(&["on_day"]);
    for _ in 1..20 {
        ann.post("/subscriptions", weekly("funnel")).await.created();
    }
    ann.post("/subscriptions", weekly("funnel")).await.invalid(&["name"]);
    assert_eq!(ann.get("/subscriptions").await.ok().as_array().unwrap().len(), 20);
}
