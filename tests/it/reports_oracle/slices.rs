//! Reports sliced by team, person, region and source a second time: each slice is a smaller sight of the same world.

use std::collections::BTreeSet;

use super::customers::{activity, sources, workload};
use super::deals::{conversion, forecast, funnel, losses, pipeline};
use super::number::{Expected, Number, Period};
use super::sight::Sight;
use super::world::{METHODS, Opportunity, People, World};

/// Slices that a second reckoning knows.
pub const KNOWN: [&str; 4] = ["team", "owner", "region", "source_channel"];

/// The ids a slice may have, 0 for none.
pub fn ids(by: &str, people: &People) -> BTreeSet<i64> {
    let none = [0];
    match by {
        "team" => none.into_iter().chain(people.sellers.iter().map(|(_, team)| *team)).collect(),
        "owner" => none.into_iter().chain(people.sellers.iter().map(|(id, _)| *id)).collect(),
        "region" => none.into_iter().chain(people.regions.iter().copied()).collect(),
        _ => people.sources.iter().copied().collect(),
    }
}

/// What of a sight stands in one slice; a won opportunity with whoever won it where `of_winner`, else with its owner.
fn part<'w>(seen: &Sight<'w>, world: &World, people: &People, by: &str, id: i64, of_winner: bool) -> Sight<'w> {
    let same = |value: Option<i64>| value.unwrap_or(0) == id;
    let of_customer = |place: usize| match by {
        "region" => same(world.customers[place].region),
        _ => same(Some(world.customers[place].source)),
    };
    let own = |one: &Opportunity| match (by, of_winner && one.stage() == 4) {
        ("team", true) => same(Some(one.won_team)),
        ("team", false) => same(Some(one.team)),
        ("owner", true) => same(Some(one.won_by)),
        ("owner", false) => same(Some(one.owner)),
        _ => of_customer(one.customer),
    };
    let team_of = |author: i64| people.sellers.iter().find(|(id, _)| *id == author).map(|(_, team)| *team);
    Sight {
        customers: seen
            .customers
            .iter()
            .copied()
            .filter(|one| match by {
                "team" => same(one.team),
                "owner" => same(one.owner),
                "region" => same(one.region),
                _ => same(Some(one.source)),
            })
            .collect(),
        opportunities: seen.opportunities.iter().copied().filter(|one| own(one)).collect(),
        follow_ups: seen
            .follow_ups
            .iter()
            .copied()
            .filter(|one| match by {
                "team" => same(team_of(one.author)),
                "owner" => same(Some(one.author)),
                _ => of_customer(one.customer),
            })
            .collect(),
    }
}

/// The figures of one row of a report; nothing for a report that is not reckoned by this slice.
pub fn expected(report: &str, seen: &Sight, world: &World, people: &People, period: &Period, by: &str, id: i64) -> Vec<(String, Number)> {
    let of_whom = ["team", "owner"].contains(&by);
    let part = part(seen, world, people, by, id, report != "funnel");
    let all = match report {
        "pipeline" => {
            return staged(&pipeline(&part, period), &[("opportunities", "")], &[("opportunities", "open"), ("weighted", "weighted")]);
        }
        "funnel" => return staged(&funnel(&part, period), &[("entered", ""), ("rate", "_rate")], &[]),
        "conversion" => {
            let mut all = Expected::new();
            conversion(&part, period, "*", None, &mut all);
            all
        }
        "forecast" => forecast(&part, period),
        "activity" => activity(&part, world),
        "losses" => losses(&part, period, false).into_iter().filter(|((_, column), _)| column == "lost").collect(),
        "sources" if !of_whom => sources(&part, world, period),
        "follow-up-workload" => {
            // Whom somebody reached is told by the default slice.
            let told = |column: &str| !of_whom || column == "follow_ups" || METHODS.contains(&column);
            workload(&part, world, period).into_iter().filter(|((_, column), _)| told(column)).collect()
        }
        _ => return Vec::new(),
    };
    all.into_iter().filter(|((row, _), _)| row == "*").map(|((_, column), number)| (column, number)).collect()
}

/// A report with a row for each stage, laid beside each other: what a column becomes behind the stage's word, and in all.
fn staged(all: &Expected, of_stage: &[(&str, &str)], in_all: &[(&str, &str)]) -> Vec<(String, Number)> {
    let mut cells = Vec::new();
    for ((row, column), number) in all {
        if row == "*" {
            cells.extend(in_all.iter().filter(|(from, _)| from == column).map(|(_, to)| ((*to).to_owned(), number.clone())));
        } else {
            cells.extend(of_stage.iter().filter(|(from, _)| from == column).map(|(_, behind)| (format!("{row}{behind}"), number.clone())));
        }
    }
    cells
}
