use std::time::{Duration, Instant};

use axum::body::{Body, BodyDataStream};
use axum::http::Method;
use serde_json::{Value, json};
use tokio_stream::StreamExt;
use tower::ServiceExt;

use crate::support::{Client, TestApp};

/// An open page, reading its stream.
struct Page {
    body: BodyDataStream,
    text: String,
}

impl Page {
    async fn open(person: &Client) -> Page {
        let mut page = Page::opened(person, &[]).await;
        page.until("}\n\n").await;
        assert_eq!(page.events("notification").len(), 1, "a stream begins with what is unread: {}", page.text);
        page.text.clear();
        page
    }

    async fn opened(person: &Client, headers: &[(&str, &str)]) -> Page {
        let mut request = person.request(Method::GET, "/events");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = person.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Page { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// Reads on until the text has come; fails after 2 s.
    async fn until(&mut self, wanted: &str) {
        let begun = Instant::now();
        while !self.text.contains(wanted) {
            let left = Duration::from_secs(2).saturating_sub(begun.elapsed());
            match tokio::time::timeout(left, self.body.next()).await {
                Ok(Some(piece)) => self.text.push_str(std::str::from_utf8(&piece.unwrap()).unwrap()),
                Ok(None) => panic!("the stream ended before {wanted}: {}", self.text),
                Err(_) => panic!("{wanted} did not come within 2 s: {}", self.text),
            }
        }
    }

    /// What has come within a while.
    async fn for_a_while(&mut self) -> &str {
        while let Ok(Some(piece)) = tokio::time::timeout(Duration::from_millis(400), self.body.next()).await {
            self.text.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        }
        &self.text
    }

    /// Reads to the end; fails when the stream goes on for 5 s.
    async fn ends(&mut self) {
        let whole = async { while self.body.next().await.is_some() {} };
        tokio::time::timeout(Duration::from_secs(5), whole).await.unwrap();
    }

    fn events(&self, name: &str) -> Vec<Value> {
        let mut found = Vec::new();
        for block in self.text.split("\n\n") {
            if block.lines().any(|line| line == format!("event: {name}")) {
                let data = block.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
                found.push(serde_json::from_str(data).unwrap());
            }
        }
        found
    }
}

// S61, S2: the bell and changed records reach an open page within 2 s.
#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_hears_within_two_seconds() {
    let test = TestApp::start().await;
    let (ann, lea, bob) = (test.ann().await, test.lea().await, test.bob().await);
    let customer = ann.has_customer("甲公司").await;
    let mut of_lea = Page::open(&lea).await;
    let mut of_bob = Page::open(&bob).await;
    let plan = ann.plans(customer, "2024-03-20T14:00:00+08:00", json!({ "owner_id": bob.id() })).await;
    of_bob.until("event: notification").await;
    assert_eq!(of_bob.events("notification"), [json!({ "unread": 1 })]);
    of_lea.until("\"plan\"").await;
    assert!(of_lea.events("record-changed").contains(&json!({ "kind": "plan", "id": plan["id"], "version": 1 })));
    assert!(of_lea.events("notification").is_empty());
    bob.post("/notifications/read-all", json!({})).await;
    of_bob.until("\"unread\":0").await;
    lea.patch(&format!("/follow-up-plans/{}", plan["id"]), &json!(1), json!({ "content": "改" })).await.ok();
    of_bob.until("\"version\":2").await;
}

// S2, I40: nothing about what the reader cannot see, not even that something happened.
#[tokio::test(flavor = "multi_thread")]
async fn another_team_hears_nothing() {
    let test = TestApp::start().await;
    let (ann, cat) = (test.ann().await, test.cat().await);
    let mut of_cat = Page::open(&cat).await;
    let customer = ann.has_customer("甲公司").await;
    let plan = ann.plans(customer, "2024-03-18T14:00:00+08:00", json!({})).await;
    ann.records(customer, "2024-03-18T08:00:00+08:00", "谈妥").await;
    ann.patch(&format!("/follow-up-plans/{}", plan["id"]), &json!(1), json!({ "status": "cancelled" })).await.ok();
    assert!(!of_cat.for_a_while().await.contains("event:"), "{}", of_cat.text);
    let own = cat.has_customer("丙公司").await;
    of_cat.until("event: record-changed").await;
    assert!(of_cat.events("record-changed").iter().all(|event| event["id"] == own && event["kind"] == "customer"));
    // Scope is looked at when a push arrives, not when the stream began.
    let share = json!({ "grantee_type": "user", "grantee_id": cat.id(), "access": "read" });
    ann.post(&format!("/customers/{customer}/shares"), share).await.created();
    let shown = ann.plans(customer, "2024-03-20T14:00:00+08:00", json!({})).await;
    of_cat.until("\"plan\"").await;
    assert!(of_cat.events("record-changed").contains(&json!({ "kind": "plan", "id": shown["id"], "version": 1 })));
}

// I29: a board changes in the other windows of its owner and of whoever tidied it up, and in nobody else's.
#[tokio::test(flavor = "multi_thread")]
async fn a_board_changes_in_every_window_of_its_owner() {
    let test = TestApp::start().await;
    let (ann, bob, adm) = (test.ann().await, test.bob().await, test.adm().await);
    let (mut of_ann, mut of_bob, mut of_adm) = (Page::open(&ann).await, Page::open(&bob).await, Page::open(&adm).await);
    let board = ann.post("/dashboards", json!({ "name": "我的一周", "visibility": "team" })).await.created();
    of_ann.until("\"dashboard\"").await;
    assert_eq!(of_ann.events("record-changed"), [json!({ "kind": "dashboard", "id": board["id"], "version": 1 })]);
    let path = format!("/dashboards/{}", board["id"]);
    let tidied = adm.patch(&path, &board["version"], json!({ "name": "团队一周" })).await.ok();
    of_ann.until("\"version\":2").await;
    of_adm.until("\"version\":2").await;
    ann.delete(&path, &tidied["version"]).await;
    of_ann.until("\"version\":3").await;
    assert!(!of_bob.for_a_while().await.contains("event: record-changed"), "{}", of_bob.text);
}

// S11, I51: a stream ends with its session: log-out, reset password, disabled account.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_session() {
    let test = TestApp::start().await;
    let (adm, ann, bob, cat) = (test.adm().await, test.ann().await, test.bob().await, test.cat().await);
    let mut of_ann = Page::open(&ann).await;
    let mut of_bob = Page::open(&bob).await;
    let mut of_cat = Page::open(&cat).await;
    ann.delete("/session", &json!(null)).await;
    of_ann.ends().await;
    adm.post(&format!("/users/{}/reset-password", bob.id()), json!({})).await.ok();
    of_bob.ends().await;
    adm.post(&format!("/users/{}/disable", cat.id()), json!({})).await.ok();
    of_cat.ends().await;
    ann.get("/events").await.refused(401, "UNAUTHENTICATED");
    test.stranger().get("/events").await.refused(401, "UNAUTHENTICATED");
}

// S2: whoever comes back after a break is told to fetch again; five open pages per session; a stopping product lets go.
#[tokio::test(flavor = "multi_thread")]
async fn streams_return_are_counted_and_let_go() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let mut back = Page::opened(&ann, &[("last-event-id", "7")]).await;
    back.until("event: resync").await;
    let mut open = vec![back];
    for _ in 1..5 {
        open.push(Page::open(&ann).await);
    }
    ann.get("/events").await.refused(429, "TOO_MANY_ATTEMPTS");
    test.ann().await;
    open.pop();
    let begun = Instant::now();
    loop {
        let reply = ann.router().oneshot(ann.request(Method::GET, "/events").body(Body::empty()).unwrap()).await.unwrap();
        if reply.status() == 200 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(2), "the place of a closed page is not given back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    test.app.live.end();
    for page in &mut open {
        page.ends().await;
    }
}

// I51: an open stream is no use of the session: it neither keeps it alive nor outlives it.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_does_not_keep_its_session_alive() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let mut of_ann = Page::open(&ann).await;
    test.set_now("2024-03-18T09:20:00+08:00");
    let _again = Page::open(&ann).await;
    test.set_now("2024-03-18T09:30:00+08:00");
    test.app.live.send(vec![chengdan::platform::live::Push::Access { user_id: ann.id() }]);
    of_ann.ends().await;
    ann.get("/session").await.refused(401, "UNAUTHENTICATED");
}

// I35, S2: what is said about a report reaches its author and his manager within 2 s, and nobody else; a draft is its author's own.
#[tokio::test(flavor = "multi_thread")]
async fn comments_on_reports_are_live() {
    let test = TestApp::start().await;
    let (ann, lea, bob, dan) = (test.ann().await, test.lea().await, test.bob().await, test.dan().await);
    let draft = ann.post("/work-reports", json!({ "kind": "daily", "on": "2024-03-18", "done": "拜访" })).await.created();
    let mut of_lea = Page::open(&lea).await;
    let mut of_bob = Page::open(&bob).await;
    let mut of_dan = Page::open(&dan).await;
    ann.post(&format!("/work-reports/{}/comments", draft["id"]), json!({ "text": "备忘" })).await.created();
    assert!(!of_dan.for_a_while().await.contains("work_report"), "{}", of_dan.text);
    ann.act(&format!("/work-reports/{}/submit", draft["id"]), &draft["version"], json!({})).await.ok();
    of_lea.until("\"work_report\"").await;
    let mut of_ann = Page::open(&ann).await;
    for page in [&mut of_lea, &mut of_dan] {
        page.for_a_while().await;
        page.text.clear();
    }
    lea.post(&format!("/work-reports/{}/comments", draft["id"]), json!({ "text": "很好" })).await.created();
    for page in [&mut of_ann, &mut of_lea, &mut of_dan] {
        page.until("\"work_report\"").await;
        assert!(page.events("record-changed").iter().any(|event| event["kind"] == "work_report" && event["id"] == draft["id"]));
    }
    assert!(!of_bob.for_a_while().await.contains("work_report"), "{}", of_bob.text);
}
