//! The demonstration: the same company every time, full of work for everybody, with a clock that only moves forward.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use chengdan::app::App;
use chengdan::demo::{self, Account, Script};
use chengdan::identity::passwords::Passwords;
use chengdan::platform::clock::Clock;
use chengdan::platform::db::{Lane, sql};
use chengdan::platform::types::Instant;
use serde_json::{Value, json};

use crate::support::{Client, PASSWORD, START, TestApp};

/// Enough for everybody to have some, and quickly made.
const CUSTOMERS: usize = 75;

async fn performed(seed: u64) -> (TestApp, Vec<Account>) {
    let test = TestApp::empty(START).await;
    let accounts = perform(&test, seed).await.unwrap();
    (test, accounts)
}

async fn perform(test: &TestApp, seed: u64) -> Option<Vec<Account>> {
    let script = Script { seed, now: test.app.clock.now(), customers: CUSTOMERS };
    demo::perform(&test.app, script).await.unwrap()
}

async fn log_in(test: &TestApp, account: &Account) -> Client {
    let mut client = test.stranger();
    let teams = client.get("/login-teams").await.ok();
    let team = teams.as_array().unwrap().iter().find(|team| team["name"] == account.team.as_str()).unwrap();
    let draft = json!({ "employee_number": account.employee_number, "password": account.password, "team_id": team["id"] });
    let reply = client.post("/session", draft).await;
    let session = reply.ok();
    assert_eq!(session["must_change_password"], false);
    assert_eq!(session["user"]["role"], account.role.as_str());
    client.remember(&reply);
    client.me = session;
    client
}

async fn total(client: &Client, path: &str) -> i64 {
    client.get(path).await.ok()["total"].as_i64().unwrap()
}

// The company: people in a tree, customers, opportunities with their logs; everybody can log in and finds work for today.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_finds_a_full_day() {
    let (test, accounts) = performed(1).await;
    assert_eq!(accounts.len(), 24);
    for account in &accounts {
        let person = log_in(&test, account).await;
        let day = person.get("/my-day").await.ok();
        let counts = &day["greeting_counts"];
        let number = account.employee_number.as_str();
        for group in ["overdue", "due_today", "planned_today"] {
            assert!(counts[group].as_i64().unwrap() > 0, "{number} {group}");
        }
        if account.role == "finance_readonly" {
            continue;
        }
        assert!(counts["without_next_step"].as_i64().unwrap() > 0, "{number}");
        for group in ["silent_customers", "closing_soon"] {
            assert!(!day[group].as_array().unwrap().is_empty(), "{number} {group}");
        }
        assert_eq!(day["target"]["amount"].is_string(), account.role != "administrator", "{number}");
        assert!(person.get("/notifications/count").await.ok()["unread"].as_i64().unwrap() > 0, "{number}");
    }
    let log_in_as = async |number: &str| log_in(&test, accounts.iter().find(|account| account.employee_number == number).unwrap()).await;
    let (director, leader, seller) = (log_in_as("D001").await, log_in_as("M101").await, log_in_as("S101").await);

    // S13, I42: three regions and six teams below the company.
    let teams = director.get("/teams").await.ok();
    let kinds = |kind: &str| teams.as_array().unwrap().iter().filter(|team| team["kind"] == kind).count();
    assert_eq!((kinds("company"), kinds("region"), kinds("team")), (1, 3, 6));

    // I40: who sees more has the higher place.
    let (all, of_team, own) =
        (total(&director, "/customers").await, total(&leader, "/customers").await, total(&seller, "/customers").await);
    assert_eq!(all, CUSTOMERS as i64);
    assert!(own > 0 && own < of_team && of_team < all, "{own} {of_team} {all}");
    let opportunities = total(&director, "/opportunities").await;
    assert!((CUSTOMERS as i64..=2 * CUSTOMERS as i64).contains(&opportunities), "{opportunities}");
    for status in ["open", "won", "lost"] {
        assert!(total(&director, &format!("/opportunities?status={status}")).await > 5, "{status}");
    }

    // S28: what was won shows on the customer; S53: and every move in the log.
    let won = director.get("/opportunities?status=won&limit=1").await.ok()["items"][0].clone();
    let customer = director.get(&format!("/customers/{}", won["customer_id"])).await.ok();
    assert_eq!(customer["status"], "won");
    assert!(customer["total_won_amount"] != "0.00");
    let log = director.get(&format!("/opportunities/{}/stage-changes", won["id"])).await.ok();
    assert_eq!(log[0]["to"], "won");
    assert!(log.as_array().unwrap().len() >= 5, "{log}");

    // A second start seeds nothing and still knows the accounts.
    assert_eq!(perform(&test, 2).await, Some(accounts.clone()));
    assert_eq!(total(&director, "/customers").await, all);
}

// The same seed and time make the same rows; another seed makes others.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_makes_the_same_company() {
    let mut dumps = Vec::new();
    for seed in [7, 7, 8] {
        let (test, _) = performed(seed).await;
        dumps.push(dump(&test.app).await);
    }
    assert_eq!(dumps[0], dumps[1]);
    assert_ne!(dumps[0], dumps[2]);
}

type Row = (String, String, i64, i64);

async fn dump(app: &App) -> Vec<Vec<Row>> {
    let statements = [
        "select number, name || phone, coalesce(owner_id, 0), created_at from customers order by id",
        "select number, name || stage, expected_amount, entered_stage_at from opportunities order by id",
        "select to_stage, coalesce(from_stage, ''), opportunity_id, at from stage_changes order by id",
        "select method, result, customer_id, contacted_at from follow_ups order by id",
        "select content, due_on, assignee_id, created_at from tasks order by id",
        "select kind, detail, user_id, created_at from notifications order by id",
    ];
    let read = move |tx: &mut chengdan::platform::db::Tx| statements.into_iter().map(|statement| sql(statement).all::<Row>(tx)).collect();
    app.db.read(Lane::Reports, read).await.unwrap()
}

// Somebody's own data stays as it is, and nobody is let in by it.
#[tokio::test(flavor = "multi_thread")]
async fn data_that_is_there_is_kept() {
    let test = TestApp::start().await;
    assert_eq!(perform(&test, 1).await, None);
    assert_eq!(total(&test.dan().await, "/customers").await, 0);
}

// S45, I4: on its way the clock stops at every job, so each happens at its own minute.
#[tokio::test(flavor = "multi_thread")]
async fn the_clock_moves_from_job_to_job() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    let customer = ann.has_customer("华为技术有限公司").await;
    ann.plans(customer, "2024-03-20T14:00:00+08:00", json!({})).await;
    ann.post("/tasks", json!({ "kind": "other", "content": "整理资料", "due_date": "2024-03-20" })).await.created();
    let to = |now: &str| json!({ "now": now, "keep_sessions": true });

    let moved = adm.put("/demo/clock", to("2024-03-19T13:59:59+08:00")).await.ok();
    assert_eq!(moved["now"], "2024-03-19T05:59:59Z");
    assert!(ann.messages_of("plan_reminder").await.is_empty());
    assert_eq!(adm.put("/demo/clock", to("2024-03-19T14:00:00+08:00")).await.ok()["jobs_run"], 1);
    assert_eq!(ann.messages_of("plan_reminder").await.len(), 1);

    // Two mornings with four looks each, two evenings with one, and four jobs of two nights on one way; the task is told about on the
    // morning after its day.
    assert_eq!(adm.put("/demo/clock", to("2024-03-21T12:00:00+08:00")).await.ok()["jobs_run"], 14);
    let told = ann.messages_of("task_overdue").await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["created_at"], &told[0]["late"]), (&json!("2024-03-21T01:00:00Z"), &json!(false)));
    assert_eq!(ann.messages_of("plan_reminder").await[0]["created_at"], "2024-03-19T06:00:00Z");

    // Never back, never further than 400 days, and only by whoever runs the settings.
    let refused = adm.put("/demo/clock", to("2024-03-21T11:59:59+08:00")).await;
    refused.invalid(&["now"]);
    adm.put("/demo/clock", to("2025-06-01T00:00:00+08:00")).await.invalid(&["now"]);
    adm.put("/demo/clock", json!({ "now": "morgen", "keep_sessions": 3 })).await.invalid(&["keep_sessions", "now"]);
    test.dan().await.put("/demo/clock", to("2024-03-22T12:00:00+08:00")).await.refused(403, "FORBIDDEN");
}

// I51: sessions age with the clock unless they are carried over; a restart goes on where the clock stood.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_carried_only_when_asked() {
    let test = TestApp::start().await;
    let (adm, ann) = (test.adm().await, test.ann().await);
    adm.put("/demo/clock", json!({ "now": "2024-03-25T09:00:00+08:00", "keep_sessions": true })).await.ok();
    assert_eq!(ann.get("/session").await.ok()["now"], "2024-03-25T01:00:00Z");
    adm.put("/demo/clock", json!({ "now": "2024-03-25T09:31:00+08:00" })).await.ok();
    ann.get("/session").await.refused(401, "UNAUTHENTICATED");
    adm.get("/session").await.refused(401, "UNAUTHENTICATED");
    drop((adm, ann));
    let test = test.restarted(START).await;
    assert_eq!(test.ann().await.get("/session").await.ok()["now"], "2024-03-25T01:31:00Z");
}

// Without --demo there is no such place.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_clock_is_not_to_be_moved() {
    let folder = tempfile::tempdir().unwrap();
    let config = crate::support::a_config(folder.path());
    let clock = Clock::stopped_at(Instant::parse(START).unwrap());
    let app = App::open(config, clock.clone(), Passwords::with(8, 1).unwrap()).await.unwrap();
    let mut adm = Client::new(chengdan::router::router(app.clone()));
    let setup = json!({ "token": app.setup.text(), "team_name": "总部", "employee_number": "adm", "name": "管理员", "password": PASSWORD });
    let reply = adm.post("/setup", setup).await;
    reply.created();
    adm.remember(&reply);
    adm.put("/demo/clock", json!({ "now": "2024-03-25T09:00:00+08:00" })).await.refused(404, "NOT_FOUND");
    assert_eq!(clock.now(), Instant::parse(START).unwrap());
}

struct Server {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Server {
    fn start(folder: &Path, now: &str) -> (Server, Value) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_chengdan"))
            .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--now", now, "--data-dir"])
            .arg(folder)
            .env_remove("CHENGDAN_DATABASE_URL")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
        (Server { child, out }, ready)
    }

    /// Stops it as an operator would; answers what else it wrote to stdout and stderr.
    fn stop(mut self) -> (ExitStatus, String, String) {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap(), out, err)
    }
}

// The program itself: one line of JSON when ready; a second start seeds nothing, goes on from where the clock stood and says so.
#[cfg(unix)]
#[test]
fn the_program_says_how_to_get_in() {
    let folder = tempfile::tempdir().unwrap();
    let (server, ready) = Server::start(folder.path(), "2024-03-18T09:00:00+08:00");
    assert!(ready["url"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    let accounts = ready["accounts"].clone();
    assert_eq!(accounts.as_array().unwrap().len(), 24);
    for word in ["employee_number", "password", "role", "team"] {
        assert!(accounts[0][word].is_string(), "{word}");
    }
    let (status, out, err) = server.stop();
    assert!(status.success() && out.is_empty(), "{out}{err}");
    assert!(!err.contains("/setup?token="), "{err}");

    let (server, again) = Server::start(folder.path(), "2024-03-10T09:00:00+08:00");
    assert_eq!(again["accounts"], accounts);
    let (status, out, err) = server.stop();
    assert!(status.success() && out.is_empty(), "{out}{err}");
    assert!(err.contains("--now 2024-03-10T01:00:00Z") && err.contains("does not go back"), "{err}");
}
