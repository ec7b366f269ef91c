use serde_json::{Value, json};

use crate::support::receivers::{HttpReceiver, MailReceiver};
use crate::support::{Client, TestApp};

const START: &str = "2024-03-20T14:00:00+08:00";
const DUE: &str = "2024-03-19T14:00:00+08:00";

async fn give_email(test: &TestApp, number: &str, email: &str) {
    let adm = test.adm().await;
    let found = adm.get(&format!("/users?q={number}")).await.ok();
    let user = found["items"].as_array().unwrap().iter().find(|user| user["employee_number"] == number).unwrap().clone();
    adm.patch(&format!("/users/{}", user["id"]), &user["version"], json!({ "email": email })).await.ok();
}

fn mail_to(receiver: &MailReceiver) -> Value {
    json!({
        "kind": "email", "name": "公司邮箱", "smtp_host": "127.0.0.1", "smtp_port": receiver.port, "smtp_security": "none", "smtp_from": "crm@example.com"
    })
}

fn hook_to(receiver: &HttpReceiver) -> Value {
    json!({ "kind": "webhook", "name": "数据平台", "url": receiver.url("/hook"), "secret": "whsec", "topics": ["plan_reminder", "overdue"] })
}

/// ann's plans on Wednesday, one a minute from two o'clock.
async fn ann_plans(test: &TestApp, count: usize) -> Vec<Value> {
    let ann = test.ann().await;
    let customer = ann.has_customer("华为技术有限公司").await;
    let mut plans = Vec::new();
    for minute in 0..count {
        plans
            .push(ann.plans(customer, &format!("2024-03-20T14:{minute:02}:00+08:00"), json!({ "content": format!("第{minute}件") })).await);
    }
    plans
}

async fn send_at(test: &TestApp, now: &str) -> u64 {
    test.advance(now).await;
    test.app.relay.run_due().await.unwrap()
}

async fn ledger(person: &Client, query: &str) -> Vec<Value> {
    person.get(&format!("/reminders?limit=100{query}")).await.ok()["items"].as_array().unwrap().clone()
}

// I13: the reminder reaches its owner by e-mail too, once, with a message id, and the ledger says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_goes_out_by_mail() {
    let (test, receiver) = (TestApp::start().await, MailReceiver::start());
    give_email(&test, "ann", "ann@example.com").await;
    test.adm().await.post("/channels", mail_to(&receiver)).await.created();
    ann_plans(&test, 1).await;
    assert_eq!(send_at(&test, "2024-03-19T13:59:59+08:00").await, 0);
    assert!(receiver.mails().is_empty());
    send_at(&test, DUE).await;
    let mails = receiver.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "ann@example.com");
    let line = ledger(&test.ann().await, "&channel=email").await;
    assert_eq!(line.len(), 1);
    assert_eq!(line[0]["state"], "sent");
    assert_eq!(line[0]["kind"], "plan_reminder");
    assert_eq!(mails[0].header("message-id"), format!("<{}@example.com>", line[0]["message_id"].as_str().unwrap()));
    assert!(mails[0].header("subject").starts_with("=?utf-8?"));
    assert_eq!(send_at(&test, "2024-03-19T23:00:00+08:00").await, 0);
    assert_eq!(receiver.mails().len(), 1);
}

// I17: the receiver was down: everything arrives later, nothing is missing, repetitions have the same id.
#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_sent_is_sent_later() {
    let (test, receiver) = (TestApp::start().await, HttpReceiver::start());
    let adm = test.adm().await;
    let channel = adm.post("/channels", hook_to(&receiver)).await.created();
    ann_plans(&test, 12).await;
    receiver.answers(503);
    send_at(&test, "2024-03-19T14:20:00+08:00").await;
    for minute in 21..30 {
        send_at(&test, &format!("2024-03-19T14:{minute}:00+08:00")).await;
    }
    let adm = test.adm().await;
    let shown = adm.get(&format!("/channels/{}", channel["id"])).await.ok();
    assert_eq!(shown["waiting"], 12);
    assert_eq!(shown["last_error"], "HTTP 503");
    assert!(shown["failures"].as_i64().unwrap() > 1);
    assert!(ledger(&adm, "&channel=webhook&state=sent").await.is_empty());
    let failed: Vec<String> = receiver.calls().iter().map(|call| call.header("x-chengdan-id").to_owned()).collect();
    receiver.answers(200);
    send_at(&test, "2024-03-19T14:40:00+08:00").await;
    send_at(&test, "2024-03-19T14:41:00+08:00").await;
    let adm = test.adm().await;
    let sent = ledger(&adm, "&channel=webhook&state=sent").await;
    assert_eq!(sent.len(), 12);
    let mut good: Vec<String> = receiver.calls()[failed.len()..].iter().map(|call| call.header("x-chengdan-id").to_owned()).collect();
    good.sort();
    let mut wanted: Vec<String> = sent.iter().map(|line| line["message_id"].as_str().unwrap().to_owned()).collect();
    wanted.sort();
    assert_eq!(good, wanted);
    assert!(failed.iter().all(|id| wanted.contains(id)));
    assert_eq!(adm.get(&format!("/channels/{}", channel["id"])).await.ok()["failures"], 0);
}

// A webhook is signed over id, time and body, and carries ids, no words.
#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_signed_and_says_no_names() {
    let (test, receiver) = (TestApp::start().await, HttpReceiver::start());
    test.adm().await.post("/channels", hook_to(&receiver)).await.created();
    ann_plans(&test, 1).await;
    send_at(&test, DUE).await;
    let calls = receiver.calls();
    assert_eq!(calls.len(), 1);
    let (id, timestamp) = (calls[0].header("x-chengdan-id"), calls[0].header("x-chengdan-timestamp"));
    assert_eq!(timestamp, "1710828000");
    let mut mac = <hmac::Hmac<sha2::Sha256> as hmac::KeyInit>::new_from_slice(b"whsec").unwrap();
    hmac::Mac::update(&mut mac, format!("{id}.{timestamp}.{}", calls[0].body).as_bytes());
    let hex: String = hmac::Mac::finalize(mac).into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(calls[0].header("x-chengdan-signature"), format!("v1={hex}"));
    let body = calls[0].json();
    assert_eq!((body["id"].as_str().unwrap(), &body["type"]), (id, &json!("plan_reminder")));
    assert_eq!(body["recipient_id"], test.ann().await.id());
    assert!(!calls[0].body.contains("华为"));
}

// Bots take 20 a minute: what waits becomes a digest, nothing is lost, and a refusal in a 200 is a refusal.
#[tokio::test(flavor = "multi_thread")]
async fn a_flood_becomes_a_digest() {
    let (test, receiver) = (TestApp::start().await, HttpReceiver::start());
    let bot = json!({ "kind": "dingtalk", "name": "销售群", "url": receiver.url("/robot/send?access_token=t"), "secret": "SEC1", "topics": ["plan_reminder"] });
    test.adm().await.post("/channels", bot).await.created();
    ann_plans(&test, 45).await;
    receiver.says(r#"{"errcode":130101,"errmsg":"send too fast"}"#);
    send_at(&test, "2024-03-19T15:00:00+08:00").await;
    let calls = receiver.calls();
    assert_eq!(calls.len(), 1);
    assert!(calls[0].path.starts_with("/robot/send?access_token=t&timestamp=1710831600000&sign="), "{}", calls[0].path);
    let adm = test.adm().await;
    assert_eq!(adm.get("/channels").await.ok()[0]["last_error"], "130101 send too fast");
    receiver.says(r#"{"errcode":0}"#);
    let mut rounds = 0;
    for second in 0..40 {
        send_at(&test, &format!("2024-03-19T15:02:{second:02}+08:00")).await;
        rounds += 1;
    }
    let calls = receiver.calls();
    // Three digests of twenty, twenty and five, not 45 messages; more than three seconds apart.
    assert_eq!(calls.len() - 1, 3, "{rounds}");
    assert!(calls[1..].iter().any(|call| call.header("x-chengdan-id") == calls[0].header("x-chengdan-id")));
    let text = calls[1].json()["markdown"]["text"].as_str().unwrap().to_owned();
    assert!(text.contains("成单提醒（20）") && text.contains("【安妮】跟进提醒：华为"), "{text}");
    let mut counts: Vec<&str> = calls[1..].iter().map(|call| call.header("x-chengdan-count")).collect();
    counts.sort_unstable();
    assert_eq!(counts, ["20", "20", "5"]);
    assert_eq!(ledger(&test.adm().await, "&channel=dingtalk&state=sent").await.len(), 45);
}

// An address that will never work is given up at once and the ledger says why; the others go out.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_address_is_told_and_holds_nobody_up() {
    let (test, receiver) = (TestApp::start().await, MailReceiver::start());
    give_email(&test, "ann", "nobody@example.com").await;
    give_email(&test, "bob", "bob@example.com").await;
    test.adm().await.post("/channels", mail_to(&receiver)).await.created();
    ann_plans(&test, 1).await;
    let bob = test.bob().await;
    let customer = bob.has_customer("乙公司").await;
    bob.plans(customer, START, json!({})).await;
    drop(bob);
    send_at(&test, DUE).await;
    assert_eq!(receiver.mails().len(), 1);
    let adm = test.adm().await;
    let failed = ledger(&adm, "&state=failed").await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["recipient"]["name"], "安妮");
    assert!(failed[0]["reason"].as_str().unwrap().contains("no such person"), "{}", failed[0]);
    assert_eq!(adm.get("/channels").await.ok()[0]["dead"], 1);
}

// After eight tries in about a day a message is given up, with its reason.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_tried_for_ever() {
    let (test, receiver) = (TestApp::start().await, HttpReceiver::start());
    test.adm().await.post("/channels", hook_to(&receiver)).await.created();
    ann_plans(&test, 1).await;
    receiver.answers(500);
    for day in 19..24 {
        for hour in 0..24 {
            let now = format!("2024-03-{day}T{hour:02}:30:00+08:00");
            if now.as_str() > "2024-03-19T14" {
                test.set_now(&now);
                test.app.runner.run_due().await.unwrap();
                for _ in 0..3 {
                    test.app.relay.run_due().await.unwrap();
                }
            }
        }
    }
    assert_eq!(receiver.calls().len(), 8);
    let failed = ledger(&test.adm().await, "&channel=webhook").await;
    assert_eq!((&failed[0]["state"], &failed[0]["attempts"], &failed[0]["reason"]), (&json!("failed"), &json!(8), &json!("HTTP 500")));
}

// The secrets of a channel go in and never come out; what cannot be right is refused with its field.
#[tokio::test(flavor = "multi_thread")]
async fn channels_keep_their_secrets_and_their_rules() {
    let (test, receiver) = (TestApp::start().await, HttpReceiver::start());
    let adm = test.adm().await;
    let hook = adm.post("/channels", hook_to(&receiver)).await.created();
    let all = format!("{}{}{}", hook, adm.get("/channels").await.text(), adm.get("/audit-log").await.text());
    assert!(!all.contains("whsec") && !all.contains("/hook"), "{all}");
    assert_eq!((&hook["has_secret"], &hook["host"]), (&json!(true), &json!("127.0.0.1")));
    let path = format!("/channels/{}", hook["id"]);
    let renamed = adm.patch(&path, &hook["version"], json!({ "name": "仓库" })).await.ok();
    assert_eq!((&renamed["has_secret"], &renamed["version"]), (&json!(true), &json!(2)));
    adm.patch(&path, &hook["version"], json!({ "name": "仓库" })).await.refused(412, "VERSION_CHANGED");
    adm.patch(&path, &renamed["version"], json!({ "secret": null, "smtp_host": "a", "kind": "email" })).await.invalid(&[
        "secret",
        "smtp_host",
        "kind",
    ]);
    adm.post("/channels", json!({})).await.invalid(&["kind"]);
    adm.post("/channels", json!({ "kind": "webhook" })).await.invalid(&["name", "url", "secret"]);
    adm.post("/channels", json!({ "kind": "in_app", "name": "a" })).await.invalid(&["kind"]);
    for bad in ["http://hook.example.com/", "https://user:pw@hook.example.com/", "https://hook.example.com:22/", "javascript:alert(1)"] {
        adm.post("/channels", json!({ "kind": "webhook", "name": "a", "secret": "s", "url": bad })).await.invalid(&["url"]);
    }
    adm.post("/channels", json!({ "kind": "wecom", "name": "a", "url": "https://evil.example.com/" })).await.invalid(&["url"]);
    adm.post(
        "/channels",
        json!({ "kind": "wecom", "name": "a", "url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "team_id": 999 }),
    )
    .await
    .invalid(&["team_id"]);
    let open =
        json!({ "kind": "email", "name": "m", "smtp_host": "mail.example.com", "smtp_security": "none", "smtp_from": "a@example.com" });
    adm.post("/channels", open).await.invalid(&["smtp_host"]);
    let mail = json!({ "kind": "email", "name": "m", "smtp_host": "mail.example.com", "smtp_from": "a@example.com", "smtp_user": "a", "secret": "pw-5521" });
    let kept = adm.post("/channels", mail.clone()).await.created();
    assert!(!kept.to_string().contains("pw-5521"));
    assert_eq!(kept["smtp"], json!({ "host": "mail.example.com", "port": 465, "security": "tls", "user": "a", "from": "a@example.com" }));
    adm.post("/channels", mail).await.invalid(&["kind"]);
    assert_eq!(adm.delete(&path, &renamed["version"]).await.status, 204);
    adm.get(&path).await.refused(404, "NOT_FOUND");
}

// The test button tells at once what came of it; no redirect is followed.
#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_tells_what_came_of_it() {
    let (test, receiver) = (TestApp::start().await, HttpReceiver::start());
    let adm = test.adm().await;
    let hook = adm.post("/channels", hook_to(&receiver)).await.created();
    let path = format!("/channels/{}/test", hook["id"]);
    assert_eq!(adm.post(&path, json!({})).await.ok()["sent"], true);
    receiver.answers(302);
    let refused = adm.post(&path, json!({})).await.ok();
    assert_eq!((&refused["sent"], &refused["error"]), (&json!(false), &json!("HTTP 302")));
    assert_eq!(receiver.calls().len(), 2);
    assert_eq!(receiver.calls()[0].json()["type"], "test");
    assert_eq!(adm.get(&format!("/channels/{}", hook["id"])).await.ok()["last_error"], "HTTP 302");
    let mail = MailReceiver::start();
    let channel = adm.post("/channels", mail_to(&mail)).await.created();
    adm.post(&format!("/channels/{}/test", channel["id"]), json!({})).await.invalid(&["channel"]);
    give_email(&test, "adm", "adm@example.com").await;
    assert_eq!(adm.post(&format!("/channels/{}/test", channel["id"]), json!({})).await.ok()["sent"], true);
    assert_eq!(mail.mails()[0].to, "adm@example.com");
    mail.close(true);
    assert_eq!(adm.post(&format!("/channels/{}/test", channel["id"]), json!({})).await.ok()["sent"], false);
}

// I13: a person chooses topics, a language and a bot of his own.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_chooses_what_comes_where() {
    let (test, receiver, mail) = (TestApp::start().await, HttpReceiver::start(), MailReceiver::start());
    give_email(&test, "ann", "ann@example.com").await;
    test.adm().await.post("/channels", mail_to(&mail)).await.created();
    let ann = test.ann().await;
    let before = ann.get("/notification-preferences").await.ok();
    assert_eq!(before["topics"]["plan_reminder"], json!(["email", "wecom", "dingtalk", "feishu"]));
    assert_eq!(before["topics"]["tasks"], json!([]));
    assert_eq!(before["mail_is_set_up"], true);
    let choice = json!({
        "language": "en", "topics": { "plan_reminder": ["feishu"], "tasks": ["email"] },
        "bots": [{ "kind": "feishu", "url": receiver.url("/open-apis/bot/v2/hook/x"), "secret": "fs-9" }],
    });
    let after = ann.put("/notification-preferences", choice).await.ok();
    assert!(!after.to_string().contains("fs-9"));
    assert_eq!((&after["bots"][0]["kind"], &after["bots"][0]["has_secret"]), (&json!("feishu"), &json!(true)));
    assert_eq!(ann.post("/notification-preferences/test", json!({ "channel": "feishu" })).await.ok()["sent"], true);
    ann.post("/notification-preferences/test", json!({ "channel": "wecom" })).await.invalid(&["channel"]);
    ann_plans(&test, 1).await;
    let lea = test.lea().await;
    lea.post("/tasks", json!({ "kind": "other", "content": "整理资料", "due_date": "2024-03-20", "assignee_id": ann.id() }))
        .await
        .created();
    test.app.relay.run_due().await.unwrap();
    assert_eq!(mail.mails().len(), 1);
    assert_eq!(mail.mails()[0].header("subject"), "New task: =?utf-8?b?5YW25LuW?=");
    send_at(&test, DUE).await;
    assert_eq!(mail.mails().len(), 1);
    let calls = receiver.calls();
    assert_eq!(calls.len(), 2);
    let body = calls[1].json();
    assert_eq!(body["content"]["post"]["zh_cn"]["title"], "Follow-up reminder: 华为技术有限公司");
    assert_eq!(body["timestamp"], "1710828000");
    let ann = test.ann().await;
    ann.put("/notification-preferences", json!({ "language": "fr", "topics": { "plan_reminder": ["webhook"] }, "quiet_from": "25:00" }))
        .await
        .invalid(&["language", "topics", "quiet_from"]);
    ann.put("/notification-preferences", json!({ "bots": [{ "kind": "wecom", "url": "https://evil.example.com/" }] }))
        .await
        .invalid(&["bots.wecom.url"]);
    let gone = ann.put("/notification-preferences", json!({ "bots": [{ "kind": "feishu", "url": null }] })).await.ok();
    assert_eq!(gone["bots"], json!([]));
}

// I14: on working days at 08:30 the work of the day goes out; who has none hears nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_work_of_the_day_goes_out_on_working_days() {
    let (test, mail) = (TestApp::start().await, MailReceiver::start());
    give_email(&test, "ann", "ann@example.com").await;
    give_email(&test, "bob", "bob@example.com").await;
    test.adm().await.post("/channels", mail_to(&mail)).await.created();
    let ann = test.ann().await;
    ann.put("/notification-preferences", json!({ "topics": { "plan_reminder": [], "overdue": [] } })).await.ok();
    let customer = ann.has_customer("华为技术有限公司").await;
    ann.plans(customer, START, json!({})).await;
    ann.post("/tasks", json!({ "kind": "other", "content": "整理资料", "due_date": "2024-03-20" })).await.created();
    drop(ann);
    send_at(&test, "2024-03-20T08:29:00+08:00").await;
    assert!(mail.mails().is_empty());
    send_at(&test, "2024-03-20T08:31:00+08:00").await;
    let mails = mail.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "ann@example.com");
    // Thursday and Friday: the overdue task. Saturday and Sunday: nothing.
    send_at(&test, "2024-03-24T20:00:00+08:00").await;
    assert_eq!(mail.mails().len(), 3);
    // 清明: nobody works on Thursday and Friday the 4th and 5th of April; Sunday the 7th is made up for.
    send_at(&test, "2024-04-03T20:00:00+08:00").await;
    assert_eq!(mail.mails().len(), 11);
    send_at(&test, "2024-04-06T20:00:00+08:00").await;
    assert_eq!(mail.mails().len(), 11);
    send_at(&test, "2024-04-07T20:00:00+08:00").await;
    assert_eq!(mail.mails().len(), 12);
    let lines = ledger(&test.ann().await, "&channel=email").await;
    assert_eq!(lines.len(), 12);
    assert!(lines.iter().all(|line| line["kind"] == "daily_work" && line["state"] == "sent"));
    let adm = test.adm().await;
    adm.put("/reminder-settings", json!({ "daily_work": false })).await.ok();
    send_at(&test, "2024-04-08T20:00:00+08:00").await;
    assert_eq!(mail.mails().len(), 12);
}

// I15, I16: silence and dates that pass are told once.
#[tokio::test(flavor = "multi_thread")]
async fn silence_and_dates_that_pass_are_told_once() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.has_customer("华为技术有限公司").await;
    let draft = json!({ "name": "ERP", "customer_id": customer, "expected_amount": "1.00", "expected_close_date": "2024-03-20" });
    ann.post("/opportunities", draft).await.created();
    let bob = test.bob().await;
    ann.post(
        &format!("/customers/{customer}/shares"),
        json!({ "grantee_type": "user", "grantee_id": bob.id(), "access": "read", "ends_on": "2024-03-25" }),
    )
    .await
    .created();
    test.adm().await.put("/reminder-settings", json!({ "silence_days": 7 })).await.ok();
    test.adm().await.put("/reminder-settings", json!({ "silence_days": 366 })).await.invalid(&["silence_days"]);
    test.advance("2024-03-20T23:00:00+08:00").await;
    assert!(test.ann().await.messages_of("close_overdue").await.is_empty());
    test.advance("2024-03-25T09:00:00+08:00").await;
    let ann = test.ann().await;
    assert_eq!(ann.messages_of("close_overdue").await.len(), 1);
    assert!(ann.messages_of("customer_silent").await.is_empty());
    test.advance("2024-03-30T12:00:00+08:00").await;
    let ann = test.ann().await;
    let silent = ann.messages_of("customer_silent").await;
    assert_eq!(silent.len(), 1);
    assert_eq!(silent[0]["title"], "7天未跟进：华为技术有限公司");
    assert_eq!(ann.messages_of("close_overdue").await.len(), 1);
    assert_eq!(test.bob().await.messages_of("share_ending").await.len(), 1);
}

// Two relays on one outbox, as two processes have: nothing is missing and nothing is doubled.
#[tokio::test(flavor = "multi_thread")]
async fn two_relays_send_each_message_once() {
    if std::env::var("CHENGDAN_TEST_DATABASE").is_err() {
        // The embedded engine belongs to one process, which has one relay.
        return;
    }
    let (test, receiver) = (TestApp::start().await, HttpReceiver::start());
    test.adm().await.post("/channels", hook_to(&receiver)).await.created();
    ann_plans(&test, 30).await;
    test.advance("2024-03-19T15:00:00+08:00").await;
    let (first, second) = (test.app.relay.clone(), test.second_relay());
    let (one, other) =
        tokio::join!(tokio::spawn(async move { first.run_due().await }), tokio::spawn(async move { second.run_due().await }));
    assert_eq!(one.unwrap().unwrap() + other.unwrap().unwrap(), 30);
    let mut ids: Vec<String> = receiver.calls().iter().map(|call| call.header("x-chengdan-id").to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 30);
}

async fn kept(test: &TestApp) -> Vec<(String, String)> {
    use chengdan::platform::db::{Lane, sql};
    test.app.db.read(Lane::Lists, |tx| sql("select url, secret from channels order by id limit 10").all(tx)).await.unwrap()
}

// I56: addresses and secrets lie sealed in the database, open for sending, and change with an edit.
#[tokio::test(flavor = "multi_thread")]
async fn secrets_lie_sealed() {
    let (test, receiver, mail) = (TestApp::start().await, HttpReceiver::start(), MailReceiver::start());
    let adm = test.adm().await;
    let made = adm.post("/channels", hook_to(&receiver)).await.created();
    let mut with_account = mail_to(&mail);
    (with_account["smtp_user"], with_account["secret"]) = (json!("crm"), json!("smtp-password"));
    adm.post("/channels", with_account).await.created();
    let own = json!({ "bots": [{ "kind": "dingtalk", "url": receiver.url("/robot/send?access_token=t0ken"), "secret": "SECown" }] });
    test.ann().await.put("/notification-preferences", own).await.ok();
    let rows = kept(&test).await;
    assert_eq!(rows.len(), 3);
    for (url, secret) in &rows {
        assert!(secret.starts_with("v1:") && (url.is_empty() || url.starts_with("v1:")), "{url} {secret}");
    }
    assert!(!format!("{rows:?}").contains("whsec") && !format!("{rows:?}").contains("hook"));
    let shown = adm.get(&format!("/channels/{}", made["id"])).await.ok();
    assert_eq!(
        (&shown["host"], &shown["has_secret"], &shown["secret"], &shown["url"]),
        (&json!("127.0.0.1"), &json!(true), &Value::Null, &Value::Null)
    );
    assert_eq!(adm.post(&format!("/channels/{}/test", made["id"]), json!({})).await.ok()["sent"], true);
    let call = receiver.calls()[0].clone();
    let (id, at) = (call.header("x-chengdan-id").to_owned(), call.header("x-chengdan-timestamp").to_owned());
    assert!(call.header("x-chengdan-signature").starts_with("v1=") && !id.is_empty() && !at.is_empty());
    // An edit of something else leaves them; a new secret is sealed anew.
    let renamed = adm.patch(&format!("/channels/{}", made["id"]), &shown["version"], json!({ "name": "平台" })).await.ok();
    assert_eq!(kept(&test).await[0], rows[0]);
    adm.patch(&format!("/channels/{}", made["id"]), &renamed["version"], json!({ "secret": "whsec" })).await.ok();
    assert_ne!(kept(&test).await[0].1, rows[0].1);
    assert_eq!(kept(&test).await[0].0, rows[0].0);
}

// I56: the key survives a restart; another one, or none while something is sealed, ends the start with a word on what to do.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_knows_its_key() {
    use chengdan::platform::clock::Clock;
    let (test, receiver) = (TestApp::start().await, HttpReceiver::start());
    let made = test.adm().await.post("/channels", hook_to(&receiver)).await.created();
    let test = test.restarted("2024-03-18T10:00:00+08:00").await;
    let sent = test.adm().await.post(&format!("/channels/{}/test", made["id"]), json!({})).await.ok();
    assert_eq!(sent["sent"], true);
    let config = test.app.config.clone();
    let path = config.secret_key();
    let key = std::fs::read_to_string(&path).unwrap();
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
    let secrets = |config: chengdan::platform::config::Config, db: chengdan::platform::db::Db| async move {
        chengdan::platform::secrets::SecretKey::find(&config.secret_key(), &db, chengdan::channels::keeps_secrets)
            .await
            .err()
            .map(|error| error.to_string())
    };
    std::fs::remove_file(&path).unwrap();
    let missing = secrets(config.clone(), test.app.db.clone()).await.unwrap();
    assert!(missing.contains("CHENGDAN_SECRET_KEY_FILE") && missing.contains("forget-secrets"), "{missing}");
    assert!(!path.exists(), "no other key is made in its place");
    let elsewhere = path.with_file_name("other.key");
    std::fs::write(&elsewhere, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    let other = chengdan::platform::config::Config { secret_key_file: Some(elsewhere.clone()), ..config.clone() };
    let wrong = secrets(other.clone(), test.app.db.clone()).await.unwrap();
    assert!(wrong.contains("other.key") && wrong.contains("CHENGDAN_SECRET_KEY_FILE"), "{wrong}");
    std::fs::write(&elsewhere, key).unwrap();
    assert_eq!(secrets(other.clone(), test.app.db.clone()).await, None, "the same key may lie elsewhere");
    // Lost for good: what was sealed is emptied, its channel closed, and a new key is made at the next start.
    let closed = test
        .app
        .db
        .write(
            |tx| {
                let actor = chengdan::platform::work::Actor::system("test");
                let zone = chengdan::platform::types::BusinessZone::parse("Asia/Shanghai").unwrap();
                chengdan::channels::forget_secrets(&mut chengdan::platform::work::Work::new(tx, actor, Clock::running().now(), zone))
            },
            |_| (),
        )
        .await
        .unwrap();
    assert_eq!(closed, 1);
    assert_eq!(secrets(config.clone(), test.app.db.clone()).await, None);
    assert!(path.exists());
    let left = test.adm().await.get(&format!("/channels/{}", made["id"])).await.ok();
    assert_eq!((&left["has_secret"], &left["disabled"]), (&json!(false), &json!(true)));
    let open = json!({ "disabled": false });
    test.adm().await.patch(&format!("/channels/{}", made["id"]), &left["version"], open).await.invalid(&["url"]);
}
