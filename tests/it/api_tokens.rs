//! `Authorization: Bearer`: programs that act for a person.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use crate::support::{Client, PASSWORD, TestApp, a_customer};

async fn token(person: &Client, draft: Value) -> Value {
    person.post("/me/api-tokens", draft).await.created()
}

// I40: a program sees and does what its owner may, needs no cookie and no origin, and is held to the same scope.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_acts_for_its_owner() {
    let test = TestApp::start().await;
    let (ann, bob, fin) = (test.ann().await, test.bob().await, test.fin().await);
    let made = token(&ann, json!({ "name": "官网线索" })).await;
    assert!(made["token"].as_str().unwrap().starts_with("cdt_"), "{made}");
    assert_eq!((&made["last_used_at"], &made["expires_at"]), (&Value::Null, &json!("2024-06-16T01:00:00Z")));
    let program = ann.program(&made["token"]);
    let customer = program.post("/customers", a_customer("程序录入有限公司")).await.created();
    assert_eq!((&customer["owner_id"], &customer["team_id"]), (&json!(ann.id()), &ann.me["team"]["id"]));
    let foreign = bob.post("/customers", a_customer("别人的有限公司")).await.created();
    program.get(&format!("/customers/{}", foreign["id"])).await.refused(404, "NOT_FOUND");
    program.get("/users").await.refused(403, "FORBIDDEN");
    assert_eq!(program.get("/session").await.ok()["user"]["name"], "安妮");
    let reading = fin.program(&token(&fin, json!({ "name": "对账" })).await["token"]);
    reading.post("/customers", a_customer("只读有限公司")).await.refused(403, "FORBIDDEN");
}

// Nobody stays for good with a token that got lost: it makes no other one, changes no password and no team, ends nothing.
#[tokio::test(flavor = "multi_thread")]
async fn some_things_are_done_in_person() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let made = token(&ann, json!({ "name": "脚本", "days": 1 })).await;
    let program = ann.program(&made["token"]);
    let change = json!({ "current_password": PASSWORD, "new_password": "Neues-Wort-1" });
    program.put("/session/password", change).await.refused(403, "IN_PERSON_ONLY");
    program.put("/session/team", json!({ "team_id": ann.me["team"]["id"] })).await.refused(403, "IN_PERSON_ONLY");
    program.delete("/session", &Value::Null).await.refused(403, "IN_PERSON_ONLY");
    program.get("/me/api-tokens").await.refused(403, "IN_PERSON_ONLY");
    program.post("/me/api-tokens", json!({ "name": "更多" })).await.refused(403, "IN_PERSON_ONLY");
    program.delete(&format!("/me/api-tokens/{}", made["id"]), &Value::Null).await.refused(403, "IN_PERSON_ONLY");
    program.get("/session").await.ok();
}

// I51: it ends on its day, when it is revoked, with a new password and with the account; log-ins do not push it out, idleness
// does not end it.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends() {
    let test = TestApp::start().await;
    let (ann, adm) = (test.ann().await, test.adm().await);
    let short = ann.program(&token(&ann, json!({ "name": "一天", "days": 1 })).await["token"]);
    let long = token(&ann, json!({ "name": "一年", "days": 365 })).await;
    let program = ann.program(&long["token"]);
    for _ in 0..6 {
        test.ann().await;
    }
    test.advance("2024-03-19T00:59:59Z").await;
    short.get("/customers").await.ok();
    test.advance("2024-03-19T01:00:00Z").await;
    short.get("/customers").await.refused(401, "UNAUTHENTICATED");
    program.get("/customers").await.ok();

    let ann = test.ann().await;
    let listed = ann.get("/me/api-tokens").await.ok();
    assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed[0]["last_used_at"], "2024-03-19T01:00:00Z", "{listed}");
    assert!(listed[0]["token"].is_null(), "{listed}");
    let path = format!("/me/api-tokens/{}", long["id"]);
    test.bob().await.delete(&path, &Value::Null).await.refused(404, "NOT_FOUND");
    assert_eq!(ann.delete(&path, &Value::Null).await.status, 204);
    ann.delete(&path, &Value::Null).await.refused(404, "NOT_FOUND");
    program.get("/customers").await.refused(401, "UNAUTHENTICATED");

    let program = ann.program(&token(&ann, json!({ "name": "换密码" })).await["token"]);
    ann.put("/session/password", json!({ "current_password": PASSWORD, "new_password": "Neues-Wort-1" })).await.ok();
    program.get("/customers").await.refused(401, "UNAUTHENTICATED");
    let program = ann.program(&token(&ann, json!({ "name": "停用" })).await["token"]);
    adm.post(&format!("/users/{}/disable", ann.id()), json!({})).await.refused(401, "UNAUTHENTICATED");
    test.adm().await.post(&format!("/users/{}/disable", ann.id()), json!({})).await.ok();
    program.get("/customers").await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_must_be() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    ann.post("/me/api-tokens", json!({})).await.invalid(&["name"]);
    for days in [0, -1, 366] {
        ann.post("/me/api-tokens", json!({ "name": "天数", "days": days })).await.invalid(&["days"]);
    }
    for at in 0..20 {
        token(&ann, json!({ "name": format!("第{at}个"), "days": 1 })).await;
    }
    ann.post("/me/api-tokens", json!({ "name": "第21个" })).await.invalid(&["name"]);
    test.set_now("2024-03-19T01:00:00Z");
    token(&test.ann().await, json!({ "name": "过期的不算" })).await;
}

// A cookie does not stand for a token, nor a token for a cookie; another scheme, as of a proxy's own password, is not ours.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_no_cookie() {
    let test = TestApp::start().await;
    let mut ann = test.stranger();
    let reply = ann.post("/session", json!({ "employee_number": "ann", "password": PASSWORD })).await;
    ann.remember(&reply);
    let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let secret = cookie.split('=').nth(1).unwrap().to_owned();
    let made = token(&ann, json!({ "name": "脚本" })).await["token"].as_str().unwrap().to_owned();
    let ask = |headers: Vec<(&'static str, String)>| {
        let mut request = Request::builder().method(Method::GET).uri("/api/v1/session");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let (client, request) = (test.stranger(), request.body(Body::empty()).unwrap());
        async move { client.send(request).await.status }
    };
    assert_eq!(ask(vec![("cookie", format!("sid={made}"))]).await, 401);
    assert_eq!(ask(vec![("cookie", format!("sid={}", made.trim_start_matches("cdt_")))]).await, 401);
    for wrong in
        [format!("Bearer {secret}"), format!("Bearer cdt_{secret}"), "Bearer ".into(), "Bearer cdt_".into(), format!("Bearer {}x", made)]
    {
        assert_eq!(ask(vec![("authorization", wrong.clone())]).await, 401, "{wrong}");
    }
    assert_eq!(ask(vec![("authorization", format!("bearer {made}"))]).await, 200);
    assert_eq!(ask(vec![("authorization", "Basic YTpi".into()), ("cookie", cookie)]).await, 200);
}

// A team can be removed although a token was made in it; the token then works without a team.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_outlives_its_team() {
    let test = TestApp::start().await;
    let adm = test.adm().await;
    let there = adm.get("/teams").await.ok();
    let root = there.as_array().unwrap().iter().find(|team| team["parent_id"].is_null()).unwrap()["id"].clone();
    let team = adm.post("/teams", json!({ "name": "临时组", "kind": "team", "parent_id": root })).await.created();
    let members = |ids: Value| json!({ "user_ids": ids });
    adm.put(&format!("/teams/{}/members", team["id"]), members(json!([adm.id()]))).await.ok();
    adm.put("/session/team", json!({ "team_id": team["id"] })).await.ok();
    let program = adm.program(&token(&adm, json!({ "name": "脚本" })).await["token"]);
    adm.put(&format!("/teams/{}/members", team["id"]), members(json!([]))).await.ok();
    assert_eq!(adm.delete(&format!("/teams/{}", team["id"]), &team["version"]).await.status, 204);
    assert_ne!(program.get("/session").await.ok()["team"]["id"], team["id"]);
}
