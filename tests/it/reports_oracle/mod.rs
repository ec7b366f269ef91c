//! Every figure of the reports reckoned a second time, slowly and plainly, over small generated worlds; and every number followed
//! to its list, which must have the same count and the same sum (I18–I29).

mod customers;
mod deals;
mod follow;
mod number;
mod sight;
mod slices;
mod stays;
mod targets;
pub mod world;

use std::collections::{BTreeMap, BTreeSet};

use chengdan::platform::db::sql;
use serde_json::{Value, json};

use self::customers::{activity, heat, sources, trend, workload};
use self::deals::{conversion, forecast, funnel, losses, pipeline};
use self::follow::{compare, follow_all};
use self::number::{Expected, Period, cells, read};
use self::sight::{Reader, Sight, sight};
use self::stays::{stays, stays_of};
use self::targets::achievement;
use self::world::{Dice, NOW, People, World, day_of, keep, make, text_of};
use crate::support::{Client, TestApp};

/// In every third world each number is followed to its list; in every second all reports are sliced, too.
const FOLLOWED: u64 = 3;
const SLICED: u64 = 2;

/// Two hundred worlds; forty on PostgreSQL, where filling each anew takes several times as long.
fn worlds() -> u64 {
    if std::env::var("CHENGDAN_TEST_DATABASE").is_ok() { 40 } else { 200 }
}

async fn ids(test: &TestApp, text: &'static str) -> Vec<i64> {
    test.app.db.write(move |tx| sql(text).all(tx), |_| ()).await.unwrap()
}

/// One reader of one world.
struct Reading<'r> {
    client: &'r Client,
    who: String,
    asked: &'r str,
    follows: bool,
    followed: BTreeMap<String, (i64, i64, i64)>,
}

impl Reading<'_> {
    fn what(&self, report: &str) -> String {
        format!("{}, {report}?{}", self.who, self.asked)
    }

    async fn get(&mut self, report: &str, more: &str) -> Value {
        let found = self.client.get(&format!("/reports/{report}?{}{more}", self.asked)).await.ok();
        if self.follows {
            follow_all(self.client, &self.what(report), &found, &mut self.followed).await;
        }
        found
    }

    async fn check(&mut self, report: &str, more: &str, expected: &Expected) {
        let found = self.get(report, more).await;
        compare(&self.what(&format!("{report}{more}")), &found, expected);
    }

    /// The figures of some rows of a report; which rows there are is not judged.
    fn check_rows(&self, report: &str, found: &Value, expected: &Expected) {
        let found = cells(found);
        for (place, number) in expected {
            assert_eq!(&read(&found[place]), number, "{}: {place:?}", self.what(report));
        }
    }

    async fn deals(&mut self, seen: &Sight<'_>, period: &Period, people: &People) {
        self.check("pipeline", "", &pipeline(seen, period)).await;
        self.check("funnel", "", &funnel(seen, period)).await;
        self.check("losses", "", &losses(seen, period, false)).await;
        self.check("losses", "&group_by=lost_stage", &losses(seen, period, true)).await;
        self.check("forecast", "", &forecast(seen, period)).await;
        let mut all = Expected::new();
        conversion(seen, period, "*", None, &mut all);
        let report = self.get("conversion", "&group_by=owner").await;
        let rows: Vec<&str> = report["rows"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap()).collect();
        let sellers: BTreeSet<i64> = people.sellers.iter().map(|(id, _)| *id).collect();
        for id in sellers.into_iter().filter(|id| rows.contains(&id.to_string().as_str())) {
            conversion(seen, period, &id.to_string(), Some(id), &mut all);
        }
        let sliced = cells(&report).into_iter().filter(|((row, column), _)| row != "*" && column == "won");
        let sliced: i64 = sliced.map(|(_, cell)| cell["count"].as_i64().unwrap()).sum();
        assert_eq!(Some(sliced), all[&("*".to_owned(), "won".to_owned())].count);
        self.check_rows("conversion", &report, &all);
    }

    async fn customers_and_time(&mut self, seen: &Sight<'_>, world: &World, period: &Period) {
        self.check("activity", "", &activity(seen, world)).await;
        self.check("activity-trend", "", &trend(seen, world)).await;
        self.check("stage-duration", "", &stays(seen, period, false)).await;
        self.check("stage-duration", "&hours=working", &stays(seen, period, true)).await;
        let report = self.get("stage-duration", "&group_by=owner").await;
        let rows = report["rows"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap().parse::<i64>().unwrap());
        for owner in rows.map(Some).chain([None]) {
            self.check_rows("stage-duration by person", &report, &stays_of(seen, period, owner));
        }
        self.check("sources", "", &sources(seen, world, period)).await;
        let report = self.get("follow-up-workload", "").await;
        compare(&self.what("workload"), &report, &workload(seen, world, period));
        let number = |cell: &Value, name: &str| cell[name].as_i64().unwrap();
        let hours = report["heat"].as_array().into_iter().flatten();
        let hours: BTreeMap<(i64, i64), i64> =
            hours.map(|cell| ((number(cell, "weekday"), number(cell, "hour")), number(cell, "count"))).collect();
        assert_eq!(hours, heat(seen, period), "{}", self.what("heat"));
    }

    /// Every report by one slice: its drills, and each row beside the same slice of the world.
    async fn sliced(&mut self, by: &str, seen: &Sight<'_>, asked: &Asked<'_>) {
        let slice = format!("&group_by={by}");
        for report in ["pipeline", "funnel", "conversion", "activity", "sources", "achievement", "follow-up-workload", "losses", "forecast"]
        {
            let found = cells(&self.get(report, &slice).await);
            if !slices::KNOWN.contains(&by) {
                continue;
            }
            for id in slices::ids(by, asked.people) {
                let row = if id == 0 { String::new() } else { id.to_string() };
                for (column, number) in slices::expected(report, seen, asked.world, asked.people, asked.period, by, id) {
                    let what = || format!("{} by {by}: {row}, {column}", self.what(report));
                    match found.get(&(row.clone(), column.clone())) {
                        Some(cell) => assert_eq!(read(cell), number, "{}", what()),
                        // Who has nothing has no row.
                        None => assert!(number.count.unwrap_or(0) == 0 && number.fen.unwrap_or(0) == 0, "{}: {number:?}", what()),
                    }
                }
            }
        }
    }
}

/// The world, what is asked of it, and by whom.
struct Asked<'a> {
    seed: u64,
    world: &'a World,
    people: &'a People,
    period: &'a Period,
    region: Option<i64>,
    text: &'a str,
    /// Sees what is shared with the director.
    director: i64,
}

/// One half of the reports in even worlds, the other in odd ones.
async fn judge(asked: &Asked<'_>, name: &str, client: &Client, kind: Reader) {
    let seen = sight(asked.world, &kind, asked.director, asked.region);
    let seed = asked.seed;
    let who = format!("world {seed}, {name}");
    let follows = seed.is_multiple_of(FOLLOWED);
    let mut reading = Reading { client, who, asked: asked.text, follows, followed: BTreeMap::new() };
    // Worlds with drills are of both kinds: three is odd.
    if seed.is_multiple_of(2) {
        reading.deals(&seen, asked.period, asked.people).await;
    } else {
        reading.customers_and_time(&seen, asked.world, asked.period).await;
    }
    let plain = asked.region.is_none();
    for (slice, by_team) in [("", true), ("&group_by=owner", false)] {
        reading.check("achievement", slice, &achievement(&seen, asked.world, asked.people, asked.period, &kind, by_team, plain)).await;
    }
    if seed.is_multiple_of(SLICED) {
        let slices = ["team", "owner", "region", "industry", "source_channel", "tag"];
        reading.sliced(slices[(seed / SLICED % 6) as usize], &seen, asked).await;
    }
}

/// Somebody new in a team.
async fn join(test: &TestApp, number: &str, role: &str, team: i64) -> Client {
    let draft = json!({ "employee_number": number, "name": number, "role": role, "team_ids": [team] });
    let user = test.adm().await.post("/users", draft).await.created();
    test.adopt(number, user["one_time_password"].as_str().unwrap(), team).await;
    test.sign_in(number).await
}

// S7–S9, I18–I28, I29: in two hundred worlds (forty on PostgreSQL), for who sells, who leads a team, a region or all teams, and who directs.
#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_those_of_a_second_reckoning() {
    let test = TestApp::start().await;
    let (ann, bob, lea, cat, dan) = (test.ann().await, test.bob().await, test.lea().await, test.cat().await, test.dan().await);
    let east = ids(&test, "select id from teams where name = '华东一部'").await[0];
    let other = ids(&test, "select id from teams where name = '华东二部'").await[0];
    let greater = ids(&test, "select id from teams where name = '华东大区'").await[0];
    let south = ids(&test, "select id from teams where name = '华南一部'").await[0];
    let head = ids(&test, "select id from teams where name = '总部'").await[0];
    let all_teams = ids(&test, "select id from teams order by id").await;
    // A team below a region, who leads the region, and who leads all that is below the head office.
    let eve = join(&test, "eve", "sales", other).await;
    let wei = join(&test, "wei", "sales_manager", greater).await;
    let mia = join(&test, "mia", "sales_manager", head).await;
    let parents: Vec<(i64, Option<i64>)> = test.app.db.write(|tx| sql("select id, parent_id from teams").all(tx), |_| ()).await.unwrap();
    let people = People {
        sellers: vec![(ann.id(), east), (bob.id(), east), (lea.id(), east), (cat.id(), south), (eve.id(), other)],
        above: parents.into_iter().collect(),
        regions: ids(&test, "select id from dictionary_entries where kind = 'region' order by id limit 2").await,
        sources: ids(&test, "select id from dictionary_entries where kind = 'source_channel' order by id limit 3").await,
    };
    let industry = ids(&test, "select id from dictionary_entries where kind = 'industry' order by id limit 1").await[0];
    let today = day_of(NOW);
    for seed in 1..=worlds() {
        let mut dice = Dice(seed);
        dice.roll(6);
        let world = std::sync::Arc::new(make(&mut dice, &people));
        let kept = world.clone();
        test.app.db.write(move |tx| keep(tx, &kept, industry), |_| ()).await.unwrap();
        let period = match dice.roll(4) {
            0 => Period { from: today - 17, to: today + 13 },
            1 => Period { from: today - 89, to: today },
            2 => Period { from: today - 30, to: today - 29 },
            _ => Period { from: today - 200, to: today + 40 },
        };
        let region = (dice.roll(4) == 0).then(|| dice.of(&people.regions));
        let of_region = region.map_or(String::new(), |id| format!("&region={id}"));
        let text = format!("from={}&to={}{of_region}", text_of(period.from), text_of(period.to));
        let asked = Asked { seed, world: &world, people: &people, period: &period, region, text: &text, director: dan.id() };
        tokio::join!(
            judge(&asked, "ann", &ann, Reader::Own(ann.id())),
            judge(&asked, "lea", &lea, Reader::Teams(lea.id(), vec![east])),
            judge(&asked, "wei", &wei, Reader::Teams(wei.id(), vec![greater, east, other])),
            judge(&asked, "mia", &mia, Reader::Teams(mia.id(), all_teams.clone())),
            judge(&asked, "dan", &dan, Reader::All),
        );
    }
}
