//! No report may read a whole table where an index serves: the engines' own plans of what it asks, on analysed data, with the values bound.

use chengdan::platform::db::{Lane, heard, sql};
use chengdan::platform::work::{Reach, Work};
use chengdan::reports;

use crate::plans::{CUSTOMERS, OWNERS, TEAMS, company, plan, readers};
use crate::support::TestApp;

const SLICES: [&str; 5] = ["", "&group_by=team", "&group_by=owner", "&group_by=region", "&group_by=source_channel"];

/// The company of the lists with an opportunity for each customer, and what became of it.
async fn company_with_sales() -> TestApp {
    let test = company().await;
    let filled = test.app.db.write(
        |tx| {
            let rows = format!("with recursive n (i) as (select cast(0 as bigint) union all select i + 1 from n where i < {})", CUSTOMERS - 1);
            // A day apart for every twenty of them, from the beginning of 2024.
            let entered = "1704067200000 + (i / 20) * 86400000 + i";
            for text in [
                format!(
                    "insert into opportunities (id, number, number_key, name, name_fold, name_key, pipeline_id, customer_id, expected_amount,
                       owner_id, team_id, stage, status, expected_close_on, won_amount, won_on, won_by, won_team_id, entered_stage_at,
                       reached_1, last_reached_at, created_at, updated_at)
                     {rows} select 1000 + i, 'OPP' || cast(i as text), 19000101000000 + i, '商机', 'o', 'shangji', 1, 1000 + i, 100 + i,
                       1000 + i % {OWNERS}, 1000 + i % {TEAMS}, case i % 3 when 0 then 'won' when 1 then 'proposal' else 'lost' end,
                       case i % 3 when 0 then 'won' when 1 then 'open' else 'lost' end, '2024-0' || cast(1 + i / 2001 as text) || '-15',
                       case when i % 3 = 0 then 100 + i end, case when i % 3 = 0 then '2024-0' || cast(1 + i / 2001 as text) || '-12' end,
                       case when i % 3 = 0 then 1000 + i % {OWNERS} end, case when i % 3 = 0 then 1000 + i % {TEAMS} end, {entered},
                       {entered} - 5000, {entered}, {entered} - 5000, {entered} from n"
                ),
                format!(
                    "insert into stage_changes (opportunity_id, from_stage, to_stage, at, seconds_in_previous)
                     {rows} select 1000 + i, null, 'initial_contact', {entered} - 5000, null from n"
                ),
                format!(
                    "insert into stage_changes (opportunity_id, from_stage, to_stage, at, seconds_in_previous)
                     {rows} select 1000 + i, 'initial_contact', case i % 3 when 0 then 'won' when 1 then 'proposal' else 'lost' end, {entered}, 5
                     from n"
                ),
            ] {
                sql(text).run(tx)?;
            }
            sql("analyze").run(tx)?;
            Ok(())
        },
        |()| (),
    );
    filled.await.unwrap();
    test
}

/// Steps that read a big table without an index; for whoever sees little also those that read all of an index.
fn faults(plan: &[String], narrow: bool) -> Vec<String> {
    let big = ["c", "o", "f", "g"];
    let scans = |line: &str| {
        let own = line.split("SCAN ").nth(1).and_then(|rest| rest.split(' ').next()).is_some_and(|alias| big.contains(&alias));
        own && (narrow || !line.contains("USING"))
    };
    let sequential = ["customers", "opportunities", "follow_ups", "stage_changes"].map(|table| format!("Seq Scan on {table}"));
    plan.iter().filter(|line| scans(line) || sequential.iter().any(|step| line.contains(step))).cloned().collect()
}

// I18–I28: every report, for everybody who sees differently, over one month.
#[tokio::test(flavor = "multi_thread")]
async fn no_report_reads_a_whole_table() {
    let test = company_with_sales().await;
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (who, actor) in readers() {
        for report in reports::names() {
            let slices: &[&str] = match report {
                "activity-trend" => &SLICES[..1],
                "stage-duration" | "forecast-review" | "task-completion" => &SLICES[..3],
                _ => &SLICES,
            };
            for slice in slices {
                let (clock, zone, actor) = (test.app.clock.clone(), test.app.zone.clone(), actor.clone());
                let read = test.app.db.read(Lane::Reports, move |tx| {
                    let narrow = match &actor.reach {
                        Reach::All => false,
                        Reach::Teams(teams) => teams.len() == 1,
                        Reach::Own => true,
                    };
                    let mut work = Work::new(tx, actor, clock.now(), zone);
                    let (found, told) = heard(|| reports::named(&mut work, report, &format!("from=2024-02-01&to=2024-02-29{slice}")));
                    assert!(found.unwrap().is_some(), "{report}");
                    let mut wrong = Vec::new();
                    for (text, binds) in &told {
                        let plan = plan(&mut work, text, binds);
                        let lines = faults(&plan, narrow);
                        wrong.extend(lines.iter().map(|line| format!("{who}, {report}{slice}: {line}\n{text}\n{}", plan.join("\n"))));
                    }
                    Ok((told.len(), wrong))
                });
                let (statements, found) = read.await.unwrap();
                asked += statements;
                wrong.extend(found);
            }
        }
    }
    assert!(asked > 500, "{asked} statements were seen");
    let some: Vec<&str> = wrong.iter().take(6).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of them\n{}", wrong.len(), some.join("\n\n"));
}
