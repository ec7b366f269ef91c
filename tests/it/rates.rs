//! How many requests one may make a second.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::json;

use crate::support::TestApp;

// I51: an invented cookie or token opens no account of its own, so nobody gets around the limit; whoever was let in before has one.
#[tokio::test(flavor = "multi_thread")]
async fn invented_cookies_share_the_limit_of_their_address() {
    let test = TestApp::with_limits().await;
    let ann = test.ann().await;
    let program = ann.program(&ann.post("/me/api-tokens", json!({ "name": "脚本" })).await.created()["token"]);
    program.get("/session").await.ok();

    let knock = async |at: usize| {
        let request = Request::builder().uri("/api/v1/setup").header(header::COOKIE, format!("sid=invented{at}; x-sid={at}"));
        let request = if at.is_multiple_of(2) { request } else { request.header(header::AUTHORIZATION, format!("Bearer cdt_{at}")) };
        test.stranger().send(request.body(Body::empty()).unwrap()).await.status
    };
    let mut knocks = 0;
    while knock(knocks).await != 429 {
        knocks += 1;
        assert!(knocks < 100_000, "nothing holds them");
    }
    ann.get("/session").await.ok();
    program.get("/session").await.ok();
}
