//! Notices and who has read them (I62).

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

async fn notice(by: &Client, more: Value) -> Value {
    let mut draft = json!({ "title": "春季促销政策", "text": "第一条……\n第二条……", "audience": "all" });
    for (name, value) in more.as_object().unwrap() {
        draft[name] = value.clone();
    }
    by.post("/notices", draft).await.created()
}

async fn titles(reader: &Client, query: &str) -> Vec<String> {
    let found = reader.get(&format!("/notices{query}")).await.ok();
    found["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect()
}

async fn told(test: &TestApp) {
    test.advance("2024-03-18T09:01:00+08:00").await;
}

// I62: everybody is told once; whoever confirms it stands among the readers with the time, and the first time counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_notice_counts_its_readers() {
    let test = TestApp::start().await;
    let (ann, dan) = (test.ann().await, test.dan().await);
    let made = notice(&dan, json!({})).await;
    assert_eq!((made["receipts"].clone(), made["can_edit"].clone()), (json!({ "read": 0, "readers": 6 }), json!(true)));
    told(&test).await;
    let message = &ann.messages_of("notice_published").await[0];
    assert_eq!(
        (message["title"].as_str(), message["link"].clone()),
        (Some("公告：春季促销政策"), json!(format!("/notices?id={}", made["id"])))
    );
    assert!(dan.messages_of("notice_published").await.is_empty());

    let path = format!("/notices/{}", made["id"]);
    assert_eq!(titles(&ann, "?unread=true").await, ["春季促销政策"]);
    let before = ann.get(&path).await.ok();
    assert_eq!(
        (before["read_at"].clone(), before["receipts"].clone(), before["can_edit"].clone()),
        (Value::Null, Value::Null, json!(false))
    );
    assert_eq!(ann.post(&format!("{path}/read"), json!({})).await.status, 204);
    let read_at = ann.get(&path).await.ok()["read_at"].clone();
    test.set_now("2024-03-18T09:20:00+08:00");
    assert_eq!(ann.post(&format!("{path}/read"), json!({})).await.status, 204);
    assert_eq!(ann.get(&path).await.ok()["read_at"], read_at);
    assert!(titles(&ann, "?unread=true").await.is_empty());
    assert_eq!(titles(&ann, "?unread=false").await.len(), 1);

    let readers = dan.get(&format!("{path}/readers")).await.ok();
    let readers = readers.as_array().unwrap();
    assert_eq!(readers.len(), 6);
    let last = readers.last().unwrap();
    assert_eq!((last["user_id"].clone(), last["read_at"].clone()), (json!(ann.id()), read_at));
    assert!(readers[..5].iter().all(|reader| reader["read_at"].is_null()));
    ann.get(&format!("{path}/readers")).await.refused(403, "FORBIDDEN");
}

// I62, I40: a notice to a team is for its members and those of the teams below; of others it is absent.
#[tokio::test(flavor = "multi_thread")]
async fn a_notice_to_a_team_stays_there() {
    let test = TestApp::start().await;
    let (ann, cat, lea, dan) = (test.ann().await, test.cat().await, test.lea().await, test.dan().await);
    let team = lea.me["team"]["id"].clone();
    let made = notice(&lea, json!({ "audience": "team", "team_id": team })).await;
    assert_eq!((made["team_name"].as_str(), made["receipts"]["readers"].as_i64()), (Some("华东一部"), Some(2)));
    assert_eq!((titles(&ann, "").await.len(), titles(&cat, "").await.len()), (1, 0));
    cat.get(&format!("/notices/{}", made["id"])).await.refused(404, "NOT_FOUND");
    cat.post(&format!("/notices/{}/read", made["id"]), json!({})).await.refused(404, "NOT_FOUND");
    lea.post("/notices", json!({ "title": "公告", "text": "正文", "audience": "all" })).await.invalid(&["audience"]);
    lea.post("/notices", json!({ "title": "公告", "text": "正文", "audience": "team", "team_id": cat.me["team"]["id"] }))
        .await
        .invalid(&["team_id"]);
    dan.post("/notices", json!({ "title": "公告", "text": "正文", "audience": "team", "team_id": 999_999 })).await.invalid(&["team_id"]);
    dan.post("/notices", json!({})).await.invalid(&["audience", "text", "title"]);
    let long = json!({ "title": "长".repeat(101), "text": "长".repeat(5_001), "audience": "team" });
    dan.post("/notices", long).await.invalid(&["team_id", "text", "title"]);
    ann.post("/notices", json!({})).await.refused(403, "FORBIDDEN");
}

// I62: a withdrawn notice is gone for its readers, told to nobody any more, and withdrawn once.
#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_notice_is_gone() {
    let test = TestApp::start().await;
    let (ann, lea, dan) = (test.ann().await, test.lea().await, test.dan().await);
    let made = notice(&dan, json!({})).await;
    let path = format!("/notices/{}/withdraw", made["id"]);
    lea.act(&path, &made["version"], json!({})).await.refused(403, "FORBIDDEN");
    dan.act(&path, &json!(9), json!({})).await.refused(412, "VERSION_CHANGED");
    let gone = dan.act(&path, &made["version"], json!({})).await.ok();
    assert!(gone["withdrawn_at"].is_string());
    dan.act(&path, &gone["version"], json!({})).await.refused(409, "NOTICE_WITHDRAWN");
    told(&test).await;
    assert!(ann.messages_of("notice_published").await.is_empty());
    assert!(titles(&ann, "").await.is_empty());
    assert_eq!(titles(&dan, "").await.len(), 1);
    ann.get(&format!("/notices/{}", made["id"])).await.refused(404, "NOT_FOUND");
}
