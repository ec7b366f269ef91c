//! What a monitor reads: counts by operation, how far the queues are behind, no word of anybody's data.

use axum::body::Body;
use axum::http::{Request, header};
use chengdan::platform::db::sql;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::support::{TestApp, a_customer};

async fn told(test: &TestApp) -> String {
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let answer = chengdan::metrics::router(test.app.clone()).oneshot(request).await.unwrap();
    assert!(answer.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("application/openmetrics-text"));
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

fn figure(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

// Answers are counted under the operation, not under the address; a name that was looked for stands nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn answers_are_counted_by_operation_and_status() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let customer = ann.post("/customers", a_customer("华为技术有限公司")).await.created();
    let id = customer["id"].as_i64().unwrap();
    for _ in 0..2 {
        ann.get(&format!("/customers/{id}")).await.ok();
    }
    ann.get("/customers/999999").await.refused(404, "NOT_FOUND");
    ann.get("/customers?q=13800138000").await.ok();
    let text = told(&test).await;
    let of_one = |status| format!("chengdan_http_answers_total{{method=\"GET\",route=\"/api/v1/customers/{{id}}\",status=\"{status}\"}}");
    assert_eq!(figure(&text, &of_one(200)), Some(2.0), "{text}");
    assert_eq!(figure(&text, &of_one(404)), Some(1.0), "{text}");
    let timed = "chengdan_http_duration_seconds_count{method=\"GET\",route=\"/api/v1/customers/{id}\"}";
    assert_eq!(figure(&text, timed), Some(3.0), "{text}");
    for secret in ["13800138000", "华为"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert!(text.ends_with("# EOF\n"));
}

// I13: a queue that is behind shows before anybody misses a reminder.
#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_is_behind_shows() {
    let test = TestApp::start().await;
    let text = told(&test).await;
    assert_eq!(figure(&text, "chengdan_jobs_failed"), Some(0.0), "{text}");
    assert_eq!(figure(&text, "chengdan_outbox_due"), Some(0.0));
    let late = test.app.clock.now().plus_ms(-90_000);
    test.app
        .db
        .write(
            move |tx| {
                sql("insert into jobs (kind, payload, run_at, state, created_at) values ('none', '{}', $1, 'waiting', 0), ('none', '{}', 0, 'dead', 0)")
                    .bind(late)
                    .run(tx)
            },
            |_| (),
        )
        .await
        .unwrap();
    let text = told(&test).await;
    assert!(figure(&text, "chengdan_jobs_due") >= Some(1.0), "{text}");
    assert!(figure(&text, "chengdan_jobs_lateness_seconds") >= Some(90.0), "{text}");
    assert_eq!(figure(&text, "chengdan_jobs_failed"), Some(1.0));
}
