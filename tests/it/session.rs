use serde_json::json;

use crate::support::{PASSWORD, TestApp};

// S10: right number, password and team lead in; the number's case and spaces do not count.
#[tokio::test(flavor = "multi_thread")]
async fn log_in_with_number_password_and_team() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let team = ann.me["team"]["id"].clone();
    let reply = test.stranger().post("/session", json!({ "employee_number": "  ANN ", "password": PASSWORD, "team_id": team })).await;
    let session = reply.ok();
    assert_eq!(session["user"]["name"], "安妮");
    assert_eq!(session["team"]["name"], "华东一部");
    assert_eq!(session["must_change_password"], false);
    assert_eq!(session["now"], "2024-03-18T01:00:00Z");
}

// S10: unknown number, wrong password and a disabled account get the same answer.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_look_alike() {
    let test = TestApp::start().await;
    let adm = test.adm().await;
    let ann = test.ann().await;
    let bob = test.bob().await;
    let team = ann.me["team"]["id"].clone();
    adm.post(&format!("/users/{}/disable", bob.id()), json!({})).await.ok();
    let mut answers = Vec::new();
    for (number, password) in [("nobody", PASSWORD), ("ann", "wrong"), ("bob", PASSWORD)] {
        let reply = test.stranger().post("/session", json!({ "employee_number": number, "password": password, "team_id": team })).await;
        let mut problem = reply.refused(401, "BAD_CREDENTIALS");
        problem["request_id"].take();
        answers.push(problem);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[1], answers[2]);
    bob.get("/session").await.refused(401, "UNAUTHENTICATED");
}

// S13: only who knows the password hears that the team is not theirs.
#[tokio::test(flavor = "multi_thread")]
async fn the_team_is_judged_after_the_password() {
    let test = TestApp::start().await;
    let foreign = test.cat().await.me["team"]["id"].clone();
    let log_in = |password: &str| json!({ "employee_number": "ann", "password": password, "team_id": foreign });
    test.stranger().post("/session", log_in("wrong")).await.refused(401, "BAD_CREDENTIALS");
    test.stranger().post("/session", log_in(PASSWORD)).await.refused(403, "NOT_A_TEAM_MEMBER");
}

// S13: who belongs to no team is let in nowhere, and hears why only with the right password.
#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_no_team_is_refused() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let team = ann.me["team"]["id"].clone();
    let members = adm.get(&format!("/teams/{team}/members")).await.ok();
    let others: Vec<_> = members.as_array().unwrap().iter().map(|one| one["id"].clone()).filter(|id| *id != ann.id()).collect();
    adm.put(&format!("/teams/{team}/members"), json!({ "user_ids": others })).await.ok();
    for chosen in [json!(null), team] {
        let log_in = |password: &str| json!({ "employee_number": "ann", "password": password, "team_id": chosen });
        test.stranger().post("/session", log_in("wrong")).await.refused(401, "BAD_CREDENTIALS");
        test.stranger().post("/session", log_in(PASSWORD)).await.refused(403, "NOT_A_TEAM_MEMBER");
    }
}

// S11, S12: a reset ends everything at once and leads nowhere but to a new password.
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_password_must_be_changed_first() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let team = ann.me["team"]["id"].clone();
    ann.post(&format!("/users/{}/reset-password", ann.id()), json!({})).await.refused(403, "FORBIDDEN");
    let one_time =
        adm.post(&format!("/users/{}/reset-password", ann.id()), json!({})).await.ok()["one_time_password"].as_str().unwrap().to_owned();
    ann.get("/session").await.refused(401, "UNAUTHENTICATED");
    test.stranger()
        .post("/session", json!({ "employee_number": "ann", "password": PASSWORD, "team_id": team }))
        .await
        .refused(401, "BAD_CREDENTIALS");

    let mut again = test.stranger();
    let reply = again.post("/session", json!({ "employee_number": "ann", "password": one_time, "team_id": team })).await;
    assert_eq!(reply.ok()["must_change_password"], true);
    again.remember(&reply);
    assert_eq!(again.get("/session").await.ok()["must_change_password"], true);
    for path in ["/teams", "/users", "/stages", "/users/pickable"] {
        again.get(path).await.refused(403, "PASSWORD_CHANGE_REQUIRED");
    }
    let change = |new: &str| json!({ "current_password": one_time, "new_password": new });
    for weak in ["short1A", "alllowercase", "Ann-is-my-number-1", one_time.as_str()] {
        again.put("/session/password", change(weak)).await.invalid(&["new_password"]);
    }
    again.put("/session/password", change("Qx9!umbrella")).await.ok();
    again.get("/teams").await.ok();
}

// S12: a new password ends the other sessions, not the one it was set in.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_other_sessions() {
    let test = TestApp::start().await;
    let (here, there) = (test.ann().await, test.ann().await);
    here.put("/session/password", json!({ "current_password": PASSWORD, "new_password": "Qx9!umbrella" })).await.ok();
    here.get("/session").await.ok();
    there.get("/session").await.refused(401, "UNAUTHENTICATED");
}

// I51: five failures close the account's bucket for unknown devices for 15 minutes; a known device goes on.
#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_stopped_without_locking_the_owner_out() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let team = ann.me["team"]["id"].clone();
    let log_in = |password: &str| json!({ "employee_number": "ann", "password": password, "team_id": team });
    for _ in 0..5 {
        test.stranger().post("/session", log_in("wrong")).await.refused(401, "BAD_CREDENTIALS");
    }
    let closed = test.stranger().post("/session", log_in(PASSWORD)).await;
    closed.refused(429, "TOO_MANY_ATTEMPTS");
    assert!(closed.headers.contains_key("retry-after"));
    ann.post("/session", log_in(PASSWORD)).await.ok();
    test.set_now("2024-03-18T09:15:01+08:00");
    test.stranger().post("/session", log_in(PASSWORD)).await.ok();
}

// I51: thirty failures from one address close it for those it does not know, not for a known device.
#[tokio::test(flavor = "multi_thread")]
async fn a_closed_address_leaves_known_devices_alone() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let team = ann.me["team"]["id"].clone();
    let log_in = |number: &str, password: &str| json!({ "employee_number": number, "password": password, "team_id": team });
    for nth in 0..30 {
        test.stranger().post("/session", log_in(&format!("nobody{nth}"), "wrong")).await.refused(401, "BAD_CREDENTIALS");
    }
    test.stranger().post("/session", log_in("bob", PASSWORD)).await.refused(429, "TOO_MANY_ATTEMPTS");
    ann.post("/session", log_in("ann", PASSWORD)).await.ok();
    test.set_now("2024-03-18T09:05:01+08:00");
    test.stranger().post("/session", log_in("bob", PASSWORD)).await.ok();
}

// S13: a member of two teams switches without logging in again; a foreign team is refused.
#[tokio::test(flavor = "multi_thread")]
async fn switch_between_own_teams() {
    let test = TestApp::start().await;
    let (adm, ann, cat) = (test.adm().await, test.ann().await, test.cat().await);
    let (own, foreign) = (ann.me["team"]["id"].clone(), cat.me["team"]["id"].clone());
    ann.put("/session/team", json!({ "team_id": foreign })).await.refused(403, "NOT_A_TEAM_MEMBER");
    let user = adm.get(&format!("/users/{}", ann.id())).await.ok();
    adm.patch(&format!("/users/{}", ann.id()), &user["version"], json!({ "team_ids": [own, foreign] })).await.ok();
    assert_eq!(ann.put("/session/team", json!({ "team_id": foreign })).await.ok()["team"]["id"], foreign);
    assert_eq!(ann.get("/session").await.ok()["team"]["id"], foreign);
}

// I51: sessions end after 30 idle minutes, and on log-out.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_end() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    test.set_now("2024-03-18T09:29:59+08:00");
    ann.get("/session").await.ok();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    test.set_now("2024-03-18T09:59:58+08:00");
    ann.get("/session").await.ok();
    assert_eq!(ann.delete("/session", &json!(null)).await.status, 204);
    ann.get("/session").await.refused(401, "UNAUTHENTICATED");
    let bob = test.bob().await;
    test.set_now("2024-03-18T10:30:00+08:00");
    bob.get("/session").await.refused(401, "UNAUTHENTICATED");
}

// I56: a request from elsewhere never acts, whatever cookie it carries.
#[tokio::test(flavor = "multi_thread")]
async fn cross_site_requests_are_refused() {
    use axum::body::Body;
    use axum::http::{Method, Request, header};
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let cookie = ann.request(Method::PUT, "/session/team").body(Body::empty()).unwrap().headers()[header::COOKIE].clone();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("x-none", "1"),
    ] {
        let request = Request::builder()
            .method(Method::PUT)
            .uri("/api/v1/session/team")
            .header(header::HOST, "crm.local")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/json")
            .header(name, value)
            .body(Body::from(json!({ "team_id": ann.me["team"]["id"] }).to_string()))
            .unwrap();
        ann.send(request).await.refused(403, "CROSS_SITE");
    }
    let own = Request::builder()
        .method(Method::PUT)
        .uri("/api/v1/session/team")
        .header(header::HOST, "crm.local")
        .header(header::COOKIE, &cookie)
        .header(header::CONTENT_TYPE, "application/json")
        .header("origin", "http://crm.local")
        .body(Body::from(json!({ "team_id": ann.me["team"]["id"] }).to_string()))
        .unwrap();
    ann.send(own).await.ok();
}
