//! What people say to each other about a record (S4, I17).

use chengdan::platform::db::{Lane, Tx, sql};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, a_customer};

async fn say(who: &Client, path: &str, text: &str, mentions: &[&Client]) -> Value {
    let ids: Vec<i64> = mentions.iter().map(|person| person.id()).collect();
    who.post(&format!("{path}/comments"), json!({ "text": text, "mentions": ids })).await.created()
}

async fn texts(who: &Client, path: &str) -> Vec<String> {
    let found = who.get(&format!("{path}/comments")).await.ok();
    found["items"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
}

// S4, I17: whoever is mentioned hears of it once, with the way there; oneself one does not tell.
#[tokio::test(flavor = "multi_thread")]
async fn a_mention_is_told_once() {
    let test = TestApp::start().await;
    let (ann, lea, dan) = (test.ann().await, test.lea().await, test.dan().await);
    let id = ann.has_customer("华为技术有限公司").await;
    let path = format!("/customers/{id}");
    let made = say(&ann, &path, "@李雅 报价请看一下\n谢谢", &[&lea, &ann, &lea]).await;
    let names: Vec<&str> = made["mentions"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["李雅", "安妮"]);
    assert_eq!((made["by_name"].as_str(), made["can_edit"].clone(), made["edited_at"].clone()), (Some("安妮"), json!(true), Value::Null));
    let told = lea.messages_of("mentioned").await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0]["title"].as_str(), told[0]["body"].as_str(), told[0]["link"].clone()),
        (Some("安妮 提到了您：华为技术有限公司"), Some("@李雅 报价请看一下\n谢谢"), json!(format!("/customers/{id}?tab=comments")))
    );
    assert!(ann.messages_of("mentioned").await.is_empty());

    // A change tells those who are new, not the others again.
    let both = json!({ "text": "@李雅 @丁丹 报价", "mentions": [lea.id(), dan.id()] });
    let edited = ann.patch(&format!("/comments/{}", made["id"]), &made["version"], both).await.ok();
    assert!(edited["edited_at"].is_string());
    assert_eq!((lea.messages_of("mentioned").await.len(), dan.messages_of("mentioned").await.len()), (1, 1));
    let only_text = ann.patch(&format!("/comments/{}", made["id"]), &edited["version"], json!({ "text": "报价" })).await.ok();
    assert_eq!(only_text["mentions"].as_array().unwrap().len(), 2, "left out, they stay");

    // Somebody who was mentioned and has lost sight since keeps nobody from mending a word.
    let bob = test.bob().await;
    let share = json!({ "grantee_type": "user", "grantee_id": bob.id(), "access": "read" });
    let shared = ann.post(&format!("{path}/shares"), share).await.created();
    let made = say(&ann, &path, "@白博 请看", &[&bob]).await;
    assert_eq!(ann.delete(&format!("{path}/shares/{}", shared["id"]), &Value::Null).await.status, 204);
    let mended = json!({ "text": "@白博 请看看", "mentions": [bob.id()] });
    ann.patch(&format!("/comments/{}", made["id"]), &made["version"], mended).await.ok();
}

// S4, I40: only people who see the record can be mentioned; the others are named, unknown ones are not.
#[tokio::test(flavor = "multi_thread")]
async fn only_who_sees_the_record_is_mentioned() {
    let test = TestApp::start().await;
    let (ann, bob, cat, lea) = (test.ann().await, test.bob().await, test.cat().await, test.lea().await);
    let id = ann.has_customer("华为技术有限公司").await;
    let path = format!("/customers/{id}/comments");
    let draft = json!({ "text": "请看", "mentions": [lea.id(), bob.id(), 999_999] });
    let problem = ann.post(&path, draft.clone()).await.invalid(&["mentions[1]", "mentions[2]"]);
    assert_eq!(
        (problem["fields"][0]["code"].as_str(), problem["fields"][0]["message"].as_str(), problem["fields"][1]["code"].as_str()),
        (Some("CANNOT_SEE"), Some("白博 没有查看权限，不能提及"), Some("UNKNOWN"))
    );
    assert!(lea.messages_of("mentioned").await.is_empty(), "nothing was said");
    ann.post(&format!("/customers/{id}/shares"), json!({ "grantee_type": "user", "grantee_id": bob.id(), "access": "read" }))
        .await
        .created();
    ann.post(&path, json!({ "text": "请看", "mentions": [bob.id()] })).await.created();
    // Whoever may only read takes part.
    say(&bob, &format!("/customers/{id}"), "收到", &[&ann]).await;
    assert_eq!(ann.messages_of("mentioned").await.len(), 1);
    cat.get(&path).await.refused(404, "NOT_FOUND");
    cat.post(&path, json!({ "text": "我也要看" })).await.refused(404, "NOT_FOUND");
    test.fin().await.post(&path, json!({ "text": "看看" })).await.refused(403, "FORBIDDEN");
    assert_eq!(texts(&test.fin().await, &format!("/customers/{id}")).await, ["收到", "请看"]);

    ann.post(&path, json!({})).await.invalid(&["text"]);
    ann.post(&path, json!({ "text": " \n ", "mentions": "李雅" })).await.invalid(&["mentions", "text"]);
    ann.post(&path, json!({ "text": "长".repeat(2_001), "mentions": (0..21).collect::<Vec<i64>>() })).await.invalid(&["mentions", "text"]);
    ann.post(&path, json!({ "text": "长".repeat(2_000) })).await.created();
}

// The author has 24 hours; what is deleted leaves a mark and nothing of what it said.
#[tokio::test(flavor = "multi_thread")]
async fn an_author_has_a_day() {
    let test = TestApp::start().await;
    let (ann, lea, cat) = (test.ann().await, test.lea().await, test.cat().await);
    let id = ann.has_customer("华为技术有限公司").await;
    let path = format!("/customers/{id}");
    let (first, second) = (say(&ann, &path, "第一条", &[]).await, say(&ann, &path, "第二条", &[&lea]).await);
    let (one, two) = (format!("/comments/{}", first["id"]), format!("/comments/{}", second["id"]));
    lea.patch(&one, &first["version"], json!({ "text": "改" })).await.refused(403, "FORBIDDEN");
    lea.delete(&one, &first["version"]).await.refused(403, "FORBIDDEN");
    cat.delete(&one, &first["version"]).await.refused(404, "NOT_FOUND");
    let stale = ann.patch(&one, &json!(9), json!({ "text": "改" })).await.refused(412, "VERSION_CHANGED");
    assert_eq!(stale["current"]["text"], "第一条");
    ann.patch(&one, &first["version"], json!({ "text": "" })).await.invalid(&["text"]);

    assert_eq!(ann.delete(&two, &second["version"]).await.status, 204);
    ann.delete(&two, &json!(2)).await.refused(404, "NOT_FOUND");
    let left = lea.get(&format!("{path}/comments")).await.ok()["items"][0].clone();
    assert_eq!((left["text"].as_str(), left["mentions"].clone(), left["can_edit"].clone()), (Some(""), json!([]), json!(false)));
    assert!(left["deleted_at"].is_string());
    assert!(!test.adm().await.get("/audit-log").await.ok().to_string().contains("第二条"));

    test.set_now("2024-03-19T09:00:00+08:00");
    let edited = test.ann().await.patch(&one, &first["version"], json!({ "text": "改过" })).await.ok();
    test.set_now("2024-03-19T09:00:01+08:00");
    let ann = test.ann().await;
    ann.patch(&one, &edited["version"], json!({ "text": "再改" })).await.refused(409, "COMMENT_CLOSED");
    ann.delete(&one, &edited["version"]).await.refused(409, "COMMENT_CLOSED");
    assert_eq!(texts(&ann, &path).await, ["", "改过"]);
}

// Opportunities and tasks carry comments, too: a task for those who have it, whoever owns the customer (S4).
#[tokio::test(flavor = "multi_thread")]
async fn every_record_keeps_its_own() {
    let test = TestApp::start().await;
    let (ann, cat, bob) = (test.ann().await, test.cat().await, test.bob().await);
    let customer = ann.has_customer("华为技术有限公司").await;
    let opportunity = format!("/opportunities/{}", ann.has_opportunity(customer, "ERP").await);
    let task =
        json!({ "kind": "other", "content": "整理资料", "customer_id": customer, "due_date": "2024-03-20", "assignee_id": cat.id() });
    let task = format!("/tasks/{}", ann.post("/tasks", task).await.created()["id"]);
    say(&ann, &opportunity, "商机", &[]).await;
    say(&cat, &task, "@安妮 资料在哪", &[&ann]).await;
    say(&ann, &task, "@陈凯 共享盘", &[&cat]).await;
    assert_eq!(texts(&ann, &opportunity).await, ["商机"]);
    assert_eq!(texts(&cat, &task).await, ["@陈凯 共享盘", "@安妮 资料在哪"]);
    assert!(texts(&ann, &format!("/customers/{customer}")).await.is_empty());
    assert_eq!(cat.messages_of("mentioned").await[0]["title"], "安妮 提到了您：整理资料");
    for hidden in [&opportunity, &task] {
        bob.get(&format!("{hidden}/comments")).await.refused(404, "NOT_FOUND");
    }
    cat.get(&format!("{opportunity}/comments")).await.refused(404, "NOT_FOUND");
    // Page by page, newest first.
    let first = ann.get(&format!("{task}/comments?limit=1")).await.ok();
    assert_eq!((first["total"].clone(), first["items"][0]["by_name"].as_str()), (json!(2), Some("安妮")));
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = ann.get(&format!("{task}/comments?limit=1&cursor={cursor}")).await.ok();
    assert_eq!((second["items"][0]["by_name"].as_str(), second["next_cursor"].clone()), (Some("陈凯"), Value::Null));
}

// S23: comments go with the record that goes, and come back with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_merge_takes_comments_along() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let (loser, winner) = (ann.has_customer("恒信机械").await, ann.post("/customers", a_customer("上海恒信机械有限公司")).await.created());
    let (from, into) = (format!("/customers/{loser}"), format!("/customers/{}", winner["id"]));
    say(&ann, &from, "旧的", &[]).await;
    say(&ann, &into, "留下的", &[]).await;
    assert_eq!(lea.get(&format!("{from}/merge-preview?into={}", winner["id"])).await.ok()["moves"]["comments"], 1);
    let version = lea.get(&from).await.ok()["version"].clone();
    let merge = lea.act(&format!("{from}/merge"), &version, json!({ "into": winner["id"] })).await.ok();
    assert_eq!(texts(&ann, &into).await, ["留下的", "旧的"]);
    assert_eq!(texts(&ann, &from).await, ["留下的", "旧的"], "the old id finds the kept record");
    say(&ann, &from, "合并之后", &[]).await;
    lea.post(&format!("/customers/merges/{}/undo", merge["merge_id"]), json!({})).await.ok();
    assert_eq!(texts(&ann, &from).await, ["旧的"]);
    assert_eq!(texts(&ann, &into).await, ["合并之后", "留下的"]);
}

// I45: in the recycle bin they wait with their record; what is purged takes them along.
#[tokio::test(flavor = "multi_thread")]
async fn the_recycle_bin_takes_comments_along() {
    let test = TestApp::start().await;
    let (ann, adm) = (test.ann().await, test.adm().await);
    let customer = ann.post("/customers", a_customer("彻底删除有限公司")).await.created();
    let path = format!("/customers/{}", customer["id"]);
    let said = say(&ann, &path, "记得回电", &[]).await;
    assert_eq!(ann.delete(&format!("{path}?reason=误录"), &customer["version"]).await.status, 204);
    ann.get(&format!("{path}/comments")).await.refused(404, "NOT_FOUND");
    ann.patch(&format!("/comments/{}", said["id"]), &said["version"], json!({ "text": "改" })).await.refused(404, "NOT_FOUND");
    adm.post(&format!("{path}/restore"), json!({})).await;
    assert_eq!(texts(&ann, &path).await, ["记得回电"]);
    let version = ann.get(&path).await.ok()["version"].clone();
    assert_eq!(ann.delete(&format!("{path}?reason=误录"), &version).await.status, 204);
    assert_eq!(adm.post(&format!("{path}/purge"), json!({ "number": customer["number"] })).await.status, 204);
    let count = |tx: &mut Tx| sql("select count(*) from comments").one(tx);
    let left: i64 = test.app.db.read(Lane::Lists, count).await.unwrap();
    assert_eq!(left, 0);
}

// The same comment sent twice is one.
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_comment_is_one() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    let path = format!("/customers/{}", ann.has_customer("华为技术有限公司").await);
    let comments = format!("{path}/comments");
    let draft = json!({ "text": "@李雅 请看", "mentions": [lea.id()] });
    let key = [("idempotency-key", "0a1b2c3d")];
    let send = || ann.send_json(axum::http::Method::POST, &comments, None, &key, draft.clone());
    let (first, second) = (send().await, send().await);
    assert_eq!(first.created(), second.created());
    assert_eq!((texts(&ann, &path).await.len(), lea.messages_of("mentioned").await.len()), (1, 1));
}

// I17: what a deleted comment said is gone from the messages that told of it, too, for those mentioned before as well; a changed one
// says what it says now.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_comment_leaves_no_words_in_messages() {
    let test = TestApp::start().await;
    let (ann, lea, dan) = (test.ann().await, test.lea().await, test.dan().await);
    let id = ann.has_customer("华为技术有限公司").await;
    let path = format!("/customers/{id}");
    let other = say(&ann, &path, "另一条", &[&lea]).await;
    let made = say(&ann, &path, "底价八折", &[&lea, &dan]).await;
    let comment = format!("/comments/{}", made["id"]);
    let edited = ann.patch(&comment, &made["version"], json!({ "text": "底价保密", "mentions": [lea.id()] })).await.ok();
    let bodies = async |who: &Client| -> Vec<String> {
        who.messages_of("mentioned").await.iter().map(|one| one["body"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(bodies(&lea).await, ["底价保密", "另一条"]);
    assert_eq!(bodies(&dan).await, ["底价保密"], "no longer mentioned, and told all the same");
    assert_eq!(ann.delete(&comment, &edited["version"]).await.status, 204);
    assert_eq!(bodies(&lea).await, ["评论已删除", "另一条"]);
    assert_eq!(bodies(&dan).await, ["评论已删除"]);
    let left: i64 = test
        .app
        .db
        .read(Lane::Lists, |tx| {
            let all: Vec<String> = sql("select detail from notifications order by id limit 100").all(tx)?;
            Ok(all.iter().filter(|detail| detail.contains("底价")).count() as i64)
        })
        .await
        .unwrap();
    assert_eq!(left, 0);
    assert_eq!(ann.delete(&format!("/comments/{}", other["id"]), &other["version"]).await.status, 204);
}

// I13, I17: nor does it leave the house afterwards, where the message still waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_comment_is_not_sent() {
    let (test, receiver) = (TestApp::start().await, crate::support::receivers::HttpReceiver::start());
    let (ann, lea, adm) = (test.ann().await, test.lea().await, test.adm().await);
    let group = json!({ "kind": "dingtalk", "name": "销售群", "url": receiver.url("/robot/send?access_token=x"), "topics": ["comments"] });
    adm.post("/channels", group).await.created();
    let id = ann.has_customer("华为技术有限公司").await;
    let made = say(&ann, &format!("/customers/{id}"), "底价八折", &[&lea]).await;
    assert_eq!(ann.delete(&format!("/comments/{}", made["id"]), &made["version"]).await.status, 204);
    test.app.relay.run_due().await.unwrap();
    let calls = receiver.calls();
    assert_eq!(calls.len(), 1);
    let said = calls[0].json().to_string();
    assert!(said.contains("评论已删除") && !said.contains("底价"), "{said}");
}
