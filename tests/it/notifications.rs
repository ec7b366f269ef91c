use serde_json::{Value, json};

use crate::support::{Client, TestApp};

/// bob gets `count` plans from ann, each with its message.
async fn bob_with_messages(test: &TestApp, count: usize) -> (Client, Client) {
    let (ann, bob) = (test.ann().await, test.bob().await);
    let customer = ann.has_customer("甲公司").await;
    for minute in 0..count {
        ann.plans(
            customer,
            &format!("2024-03-20T14:{minute:02}:00+08:00"),
            json!({ "owner_id": bob.id(), "content": format!("第{minute}次") }),
        )
        .await;
    }
    (ann, bob)
}

async fn unread(person: &Client) -> i64 {
    person.get("/notifications/count").await.ok()["unread"].as_i64().unwrap()
}

// I17: the newest first, unread until read, one by one or all at once; only one's own.
#[tokio::test(flavor = "multi_thread")]
async fn messages_are_read_by_whom_they_are_for() {
    let test = TestApp::start().await;
    let (ann, bob) = bob_with_messages(&test, 3).await;
    assert_eq!((unread(&bob).await, unread(&ann).await), (3, 0));
    let messages = bob.messages().await;
    assert_eq!(messages[0]["title"], "安妮 把跟进计划交给您：甲公司");
    assert_eq!(messages[0]["body"], "2024-03-20 14:02 电话拜访：第2次");
    assert_eq!(messages[0]["read_at"], Value::Null);
    assert_eq!(messages[2]["body"], "2024-03-20 14:00 电话拜访：第0次");
    let first = format!("/notifications/{}/read", messages[1]["id"]);
    let foreign = ann.post(&first, json!({})).await.refused(404, "NOT_FOUND");
    let absent = ann.post("/notifications/999999/read", json!({})).await.refused(404, "NOT_FOUND");
    assert_eq!((foreign["detail"].clone(), foreign["title"].clone()), (absent["detail"].clone(), absent["title"].clone()));
    assert_eq!(unread(&bob).await, 3);
    for _ in 0..2 {
        assert_eq!(bob.post(&first, json!({})).await.status, 204);
        assert_eq!(unread(&bob).await, 2);
    }
    let waiting = bob.get("/notifications?unread=true").await.ok();
    assert_eq!((waiting["total"].as_i64(), waiting["items"].as_array().unwrap().len()), (Some(2), 2));
    let read = bob.get("/notifications?unread=false").await.ok();
    assert_eq!((read["total"].as_i64(), read["items"][0]["id"].clone()), (Some(1), messages[1]["id"].clone()));
    assert_eq!(read["items"][0]["read_at"], "2024-03-18T01:00:00Z");
    assert_eq!(bob.post("/notifications/read-all", json!({})).await.status, 204);
    assert_eq!(unread(&bob).await, 0);
}

// I17: pages neither skip nor repeat while new messages arrive.
#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_while_messages_arrive() {
    let test = TestApp::start().await;
    let (ann, bob) = bob_with_messages(&test, 7).await;
    let mut seen = Vec::new();
    let mut path = "/notifications?limit=3".to_owned();
    loop {
        let page = bob.get(&path).await.ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|message| message["id"].as_i64().unwrap()));
        let customer = ann.has_customer(&format!("乙公司{}", seen.len())).await;
        ann.plans(customer, "2024-03-20T16:00:00+08:00", json!({ "owner_id": bob.id() })).await;
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/notifications?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 7);
    assert!(seen.windows(2).all(|pair| pair[0] > pair[1]));
    bob.get("/notifications?limit=101").await.invalid(&["limit"]);
    bob.get("/notifications?colour=red").await.refused(400, "UNKNOWN_FIELD");
    test.stranger().get("/notifications").await.refused(401, "UNAUTHENTICATED");
}
