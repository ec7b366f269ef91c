//! Every figure of the reports reckoned a second time, slowly and plainly, over small generated worlds; and every number followed
//! to its list, which must have the same count and the same sum (I18–I29).

mod customers;
mod deals;
mod follow;
mod number;
mod sight;
mod stays;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use chengdan::platform::db::sql;
use serde_json::Value;

use self::customers::{activity, heat, sources, trend, workload};
use self::deals::{conversion, forecast, funnel, losses, pipeline};
use self::follow::{compare, follow_all};
use self::number::{Expected, Period, cells, read};
use self::sight::{Reader, sight};
use self::stays::{stays, stays_of};
use self::world::{Dice, NOW, People, day_of, keep, make, text_of};
use crate::support::TestApp;

const WORLDS: u64 = 32;

async fn ids(test: &TestApp, text: &'static str) -> Vec<i64> {
    test.app.db.write(move |tx| sql(text).all(tx), |_| ()).await.unwrap()
}

// S7–S9, I18–I26, I29: in thirty-two worlds, for who sells, who leads and who directs.
#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_those_of_a_second_reckoning() {
    let test = TestApp::start().await;
    let (ann, bob, lea, cat, dan) = (test.ann().await, test.bob().await, test.lea().await, test.cat().await, test.dan().await);
    let east = ids(&test, "select id from teams where name = '华东一部'").await[0];
    let south = ids(&test, "select id from teams where name = '华南一部'").await[0];
    let people = People {
        sellers: vec![(ann.id(), east), (bob.id(), east), (lea.id(), east), (cat.id(), south)],
        regions: ids(&test, "select id from dictionary_entries where kind = 'region' order by id limit 2").await,
        sources: ids(&test, "select id from dictionary_entries where kind = 'source_channel' order by id limit 3").await,
    };
    let industry = ids(&test, "select id from dictionary_entries where kind = 'industry' order by id limit 1").await[0];
    let today = day_of(NOW);
    for seed in 1..=WORLDS {
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
        let asked = format!("from={}&to={}{of_region}", text_of(period.from), text_of(period.to));
        for (name, reader, kind) in
            [("ann", &ann, Reader::Own(ann.id())), ("lea", &lea, Reader::Team(lea.id(), east)), ("dan", &dan, Reader::All)]
        {
            let seen = sight(&world, kind, dan.id(), region);
            let mut followed = BTreeMap::new();
            let what = |report: &str| format!("world {seed}, {name}, {report}?{asked}");
            let mut get = async |report: &str, more: &str| {
                let found = reader.get(&format!("/reports/{report}?{asked}{more}")).await.ok();
                follow_all(reader, &what(report), &found, &mut followed).await;
                found
            };
            compare(&what("pipeline"), &get("pipeline", "").await, &pipeline(&seen, &period));
            compare(&what("funnel"), &get("funnel", "").await, &funnel(&seen, &period));
            compare(&what("losses"), &get("losses", "").await, &losses(&seen, &period, false));
            compare(&what("losses by stage"), &get("losses", "&group_by=lost_stage").await, &losses(&seen, &period, true));
            compare(&what("forecast"), &get("forecast", "").await, &forecast(&seen, &period));
            compare(&what("activity-trend"), &get("activity-trend", "").await, &trend(&seen, &world));
            let mut all = Expected::new();
            conversion(&seen, &period, "*", None, &mut all);
            let mine: BTreeSet<i64> = people.sellers.iter().map(|(id, _)| *id).collect();
            let report = get("conversion", "&group_by=owner").await;
            let rows: Vec<String> = report["rows"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap().to_owned()).collect();
            for id in mine.iter().filter(|id| rows.contains(&id.to_string())) {
                conversion(&seen, &period, &id.to_string(), Some(*id), &mut all);
            }
            let sliced: i64 = cells(&report)
                .iter()
                .filter(|((row, column), _)| row != "*" && column == "won")
                .map(|(_, cell)| cell["count"].as_i64().unwrap())
                .sum();
            assert_eq!(Some(sliced), all[&("*".to_owned(), "won".to_owned())].count);
            for (place, number) in &all {
                assert_eq!(&read(&cells(&report)[place]), number, "{}: {place:?}", what("conversion"));
            }
            compare(&what("activity"), &get("activity", "").await, &activity(&seen, &world));
            compare(&what("stage-duration"), &get("stage-duration", "").await, &stays(&seen, &period, false));
            compare(&what("working days"), &get("stage-duration", "&hours=working").await, &stays(&seen, &period, true));
            let report = get("stage-duration", "&group_by=owner").await;
            let rows = report["rows"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap().parse::<i64>().unwrap());
            for owner in rows.map(Some).chain([None]) {
                for (place, number) in &stays_of(&seen, &period, owner) {
                    assert_eq!(&read(&cells(&report)[place]), number, "{}: {place:?}", what("stays by person"));
                }
            }
            compare(&what("sources"), &get("sources", "").await, &sources(&seen, &world, &period));
            let report = get("follow-up-workload", "").await;
            compare(&what("workload"), &report, &workload(&seen, &world, &period));
            let hours = report["heat"].as_array().map_or(&[] as &[Value], |all| all.as_slice());
            let hours: BTreeMap<(i64, i64), i64> = hours
                .iter()
                .map(|cell| ((cell["weekday"].as_i64().unwrap(), cell["hour"].as_i64().unwrap()), cell["count"].as_i64().unwrap()))
                .collect();
            assert_eq!(hours, heat(&seen, &period), "{}", what("heat"));
            // Every slice, by its drills.
            let slices = ["team", "owner", "region", "industry", "source_channel", "tag"];
            let slice = format!("&group_by={}", slices[(seed % 6) as usize]);
            for report in ["pipeline", "funnel", "conversion", "activity", "sources", "achievement", "follow-up-workload", "losses", "forecast"] {
                get(report, &slice).await;
            }
        }
    }
}
