//! 仪表盘 (I29): the product's own, one's own, and what a team shares; every reader sees figures of his or her own scope.

use serde_json::{Value, json};

use crate::support::{Client, TestApp, records};

fn tile(name: &str, report: &str, period: &str, shape: &str) -> Value {
    json!({ "name": name, "question": { "report": report, "period": period }, "shape": shape })
}

/// What a tile says to a reader: the last line of its report.
async fn total(reader: &Client, tile: &Value, column: &str) -> Value {
    let path = format!("/reports/{}?{}", tile["question"]["report"].as_str().unwrap(), tile["asked"].as_str().unwrap());
    let report = reader.get(&path).await.ok();
    let place = report["columns"].as_array().unwrap().iter().position(|one| one["key"] == column).unwrap();
    report["total"]["cells"][place].clone()
}

// I29: everybody has a board from the first day, made for what he or she sees, and each of its tiles has an answer.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_has_a_board_from_the_first_day() {
    let test = TestApp::start().await;
    for (number, expected) in [("ann", "rep"), ("lea", "manager"), ("dan", "boss"), ("fin", "boss"), ("adm", "boss")] {
        let person = test.sign_in(number).await;
        let boards = person.get("/dashboards").await.ok();
        assert_eq!(boards["standard"], expected, "{number}");
        assert_eq!(boards["items"], json!([]));
        let board = person.get(&format!("/dashboards/standard/{expected}")).await.ok();
        assert_eq!((&board["id"], &board["can_edit"]), (&Value::Null, &json!(false)));
        for tile in board["tiles"].as_array().unwrap() {
            let path = format!("/reports/{}?{}", tile["question"]["report"].as_str().unwrap(), tile["asked"].as_str().unwrap());
            let report = person.get(&path).await.ok();
            if let Some(column) = tile["column"].as_str() {
                assert!(report["columns"].as_array().unwrap().iter().any(|one| one["key"] == column), "{tile}");
            }
        }
    }
    let mut ann = test.ann().await;
    assert_eq!(ann.get("/dashboards/standard/nobody").await.status, 404);
    ann.language = "en";
    assert_eq!(ann.get("/dashboards/standard/rep").await.ok()["name"], "My sales");
}

// I29: kept, changed as a whole, shared to read, removed; a stale edit is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_board_is_kept_shared_and_removed() {
    let test = TestApp::start().await;
    let (ann, bob, cat, lea, adm) = (test.ann().await, test.bob().await, test.cat().await, test.lea().await, test.adm().await);
    let mut number = tile("赢单率", "conversion", "this_quarter", "number");
    number["column"] = json!("win_rate");
    let draft = json!({ "name": "我的一周", "tiles": [number, tile("管道", "pipeline", "this_month", "bar")] });
    let board = ann.post("/dashboards", draft).await.created();
    assert_eq!((&board["visibility"], &board["can_edit"], &board["version"]), (&json!("private"), &json!(true), &json!(1)));
    let widths: Vec<&Value> = board["tiles"].as_array().unwrap().iter().map(|tile| &tile["width"]).collect();
    assert_eq!(widths, [1, 2]);
    assert_eq!(board["tiles"][0]["asked"], "from=2024-01-01&to=2024-03-31");
    let path = format!("/dashboards/{}", board["id"]);
    for other in [&bob, &lea, &adm] {
        assert_eq!(other.get(&path).await.status, 404);
    }

    // The order is that of the list: a tile is moved by sending all of them.
    let moved = json!({ "tiles": [tile("管道", "pipeline", "this_month", "table"), tile("漏斗", "funnel", "last_month", "bar")], "visibility": "team" });
    let shared = ann.patch(&path, &board["version"], moved).await.ok();
    let names: Vec<&Value> = shared["tiles"].as_array().unwrap().iter().map(|tile| &tile["name"]).collect();
    assert_eq!(names, ["管道", "漏斗"]);
    assert_eq!(shared["team_name"], "华东一部");
    assert_eq!(ann.patch(&path, &board["version"], json!({ "name": "旧" })).await.status, 412);
    for reader in [&bob, &lea] {
        assert_eq!(reader.get(&path).await.ok()["can_edit"], false);
        assert_eq!(reader.patch(&path, &shared["version"], json!({ "name": "改" })).await.status, 403);
        assert_eq!(reader.delete(&path, &shared["version"]).await.status, 403);
    }
    assert_eq!(cat.get(&path).await.status, 404);
    assert_eq!(bob.get("/dashboards").await.ok()["items"][0]["tile_count"], 2);
    // Who keeps the settings tidies up what others use, and the board stays with its team.
    let tidied = adm.patch(&path, &shared["version"], json!({ "name": "团队一周" })).await.ok();
    assert_eq!((&tidied["name"], &tidied["team_name"]), (&json!("团队一周"), &json!("华东一部")));
    let back = ann.patch(&path, &tidied["version"], json!({ "visibility": "private" })).await.ok();
    assert_eq!(bob.get(&path).await.status, 404);
    assert_eq!(ann.delete(&path, &back["version"]).await.status, 204);
    assert_eq!(ann.get(&path).await.status, 404);
}

// A team that goes takes no board with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_board_outlives_its_team() {
    let test = TestApp::start().await;
    let adm = test.adm().await;
    let team = adm.post("/teams", json!({ "name": "临时项目组", "kind": "team" })).await.created();
    let board = adm.post("/dashboards", json!({ "name": "板", "visibility": "team", "team_id": team["id"] })).await.created();
    assert_eq!(board["team_name"], "临时项目组");
    assert_eq!(adm.delete(&format!("/teams/{}", team["id"]), &team["version"]).await.status, 204);
    assert_eq!(adm.get(&format!("/dashboards/{}", board["id"])).await.ok()["team_name"], Value::Null);
}

// I29, I40: a shared board shows each reader the figures of his or her own scope.
#[tokio::test(flavor = "multi_thread")]
async fn a_shared_board_shows_everybody_his_own_figures() {
    let test = TestApp::start().await;
    let (ann, bob, lea, cat, dan) = (test.ann().await, test.bob().await, test.lea().await, test.cat().await, test.dan().await);
    for (owner, name, deals) in [(&ann, "华为技术", 2), (&bob, "比亚迪", 1), (&cat, "格力电器", 4)] {
        let customer = records::customer(owner, name).await;
        for nth in 0..deals {
            records::opportunity(owner, &customer, &format!("项目{nth}")).await;
        }
    }
    let draft = json!({ "name": "管道", "tiles": [tile("管道", "pipeline", "this_month", "table")], "visibility": "public" });
    let board = dan.post("/dashboards", draft).await.created();
    for (reader, count) in [(&ann, 2), (&bob, 1), (&lea, 3), (&cat, 4), (&dan, 7)] {
        let seen = reader.get(&format!("/dashboards/{}", board["id"])).await.ok();
        let cell = total(reader, &seen["tiles"][0], "opportunities").await;
        assert_eq!(cell["count"], count);
        // Every number opens its records, equal in count and sum.
        let list = reader.get(cell["drill"].as_str().unwrap()).await.ok();
        assert_eq!(list["total"], count);
        let sums = reader.get(&cell["drill"].as_str().unwrap().replacen("/opportunities", "/opportunities/sums", 1)).await.ok();
        assert_eq!((&sums["count"], &sums["expected_amount"]), (&cell["count"], &cell["sum"]));
    }
}

// I29: a period moves along with the calendar.
#[tokio::test(flavor = "multi_thread")]
async fn a_period_moves_along() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    let mut fixed = tile("固定", "funnel", "fixed", "bar");
    fixed["question"]["from"] = json!("2024-02-01");
    fixed["question"]["to"] = json!("2024-02-10");
    let mut sliced = tile("上月", "losses", "last_month", "bar");
    sliced["question"]["group_by"] = json!("lost_reason");
    sliced["question"]["filters"] = json!({ "region": "华东", "owner_id": [ann.id()] });
    let draft = json!({ "name": "期间", "tiles": [sliced, fixed, tile("预测", "forecast", "usual", "line")] });
    let board = ann.post("/dashboards", draft).await.created();
    let path = format!("/dashboards/{}", board["id"]);
    let asked = |board: &Value| -> Vec<String> {
        board["tiles"].as_array().unwrap().iter().map(|tile| tile["asked"].as_str().unwrap().to_owned()).collect()
    };
    let own = format!("&group_by=lost_reason&owner_id={}&region=%E5%8D%8E%E4%B8%9C", ann.id());
    assert_eq!(asked(&board)[0], format!("from=2024-02-01&to=2024-02-29{own}"));
    test.set_now("2024-04-01T00:00:00+08:00");
    let ann = test.ann().await;
    let later = asked(&ann.get(&path).await.ok());
    assert_eq!(later, [format!("from=2024-03-01&to=2024-03-31{own}"), "from=2024-02-01&to=2024-02-10".into(), String::new()]);
    for asked in later.iter().zip(["losses", "funnel", "forecast"]) {
        ann.get(&format!("/reports/{}?{}", asked.1, asked.0)).await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tile_asks_is_judged() {
    let test = TestApp::start().await;
    let (ann, lea) = (test.ann().await, test.lea().await);
    ann.post("/dashboards", json!({})).await.invalid(&["name"]);
    let wrong = json!({ "name": "长".repeat(31), "visibility": "all", "tiles": [
        {}, tile("一", "nothing", "this_month", "bar"), tile("二", "funnel", "someday", "pie"), tile("三", "conversion", "this_month", "number"),
        tile("四", "funnel", "fixed", "bar"),
    ]});
    let fields = [
        "name",
        "visibility",
        "tiles.0.name",
        "tiles.0.shape",
        "tiles.0.report",
        "tiles.1.report",
        "tiles.2.period",
        "tiles.2.shape",
        "tiles.3.column",
        "tiles.4.from",
        "tiles.4.to",
    ];
    ann.post("/dashboards", wrong).await.invalid(&fields);
    let with = |question: Value| json!({ "name": "板", "tiles": [{ "name": "砖", "shape": "bar", "question": question }] });
    for (question, field) in [
        (json!({ "report": "pipeline", "filters": { "region": "没有的" } }), "tiles.0.region"),
        (json!({ "report": "pipeline", "group_by": "lost_reason" }), "tiles.0.group_by"),
        (json!({ "report": "stage-duration", "group_by": "region" }), "tiles.0.group_by"),
        (json!({ "report": "activity-trend", "group_by": "team" }), "tiles.0.group_by"),
        (json!({ "report": "stage-duration", "hours": "sometimes" }), "tiles.0.hours"),
        (json!({ "report": "pipeline", "filters": { "colour": "red" } }), "tiles.0.filters"),
        (json!({ "report": "task-completion", "filters": { "region": "火星" } }), "tiles.0.region"),
        (json!({ "report": "task-completion", "filters": { "colour": "red" } }), "tiles.0.filters"),
        (json!({ "report": "pipeline", "period": "fixed", "from": "2024-03-02", "to": "2024-03-01" }), "tiles.0.to"),
    ] {
        ann.post("/dashboards", with(question)).await.invalid(&[field]);
    }
    let many: Vec<Value> = (0..21).map(|_| tile("砖", "pipeline", "this_month", "bar")).collect();
    ann.post("/dashboards", json!({ "name": "满", "tiles": many })).await.invalid(&["tiles"]);
    ann.post("/dashboards", json!({ "name": "满", "tiles": many[..20] })).await.created();
    // A team one does not belong to is none, hidden or absent alike; who leads names those below.
    let cats = test.cat().await.me["team"]["id"].clone();
    for team in [cats, json!(999_999)] {
        ann.post("/dashboards", json!({ "name": "队", "visibility": "team", "team_id": team })).await.invalid(&["team_id"]);
    }
    lea.post("/dashboards", json!({ "name": "队", "visibility": "team", "team_id": lea.me["team"]["id"] })).await.created();
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_boards_are_enough() {
    let test = TestApp::start().await;
    let ann = test.ann().await;
    for nth in 0..50 {
        ann.post("/dashboards", json!({ "name": format!("板{nth}") })).await.created();
    }
    ann.post("/dashboards", json!({ "name": "多余" })).await.invalid(&["name"]);
    test.bob().await.post("/dashboards", json!({ "name": "别人的" })).await.created();
}

// I29: the list says what it comes to, as the figure did; won deals by what they were won for.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_says_what_it_comes_to() {
    let test = TestApp::start().await;
    let (ann, bob) = (test.ann().await, test.bob().await);
    let nothing = ann.get("/opportunities/sums").await.ok();
    let none = json!({ "count": 0, "count_is_capped": false, "expected_amount": "0.00", "weighted_amount": "0.00", "won_amount": "0.00" });
    assert_eq!(nothing, none);
    let customer = records::customer(&ann, "华为技术").await;
    let mut deals = Vec::new();
    for name in ["甲", "乙", "丙"] {
        deals.push(records::opportunity(&ann, &customer, name).await);
    }
    let won = json!({ "stage": "won", "won_amount": "123456.78", "won_date": "2024-03-15" });
    ann.act(&format!("/opportunities/{}/stage", deals[0]["id"]), &deals[0]["version"], won).await.ok();
    let all = ann.get("/opportunities/sums").await.ok();
    assert_eq!((&all["count"], &all["expected_amount"], &all["won_amount"]), (&json!(3), &json!("1500000.00"), &json!("123456.78")));
    let pipeline = ann.get("/reports/pipeline").await.ok();
    assert_eq!(all["weighted_amount"], pipeline["total"]["cells"][1]["sum"]);
    let conversion = ann.get("/reports/conversion").await.ok();
    let cell = &conversion["total"]["cells"][0];
    let behind = ann.get(&cell["drill"].as_str().unwrap().replacen("/opportunities", "/opportunities/sums", 1)).await.ok();
    assert_eq!((&behind["count"], &behind["won_amount"]), (&cell["count"], &cell["sum"]));
    assert_eq!(bob.get("/opportunities/sums").await.ok()["count"], 0);
    assert_eq!(ann.get("/opportunities/sums?colour=red").await.status, 400);
}
