//! 业绩达成率: what was won against the targets, who is ahead of time and what is missing (I21, I22).

use std::collections::{BTreeMap, BTreeSet};

use super::ask::{Ask, ReportQuery};
use super::figures::{Figure, Found, Of, tabulate};
use super::model::{By, Cell, Report, Row, Shape};
use super::sheet::{blank, column, names};
use super::{store, words};
use crate::error::Result;
use crate::platform::types::{Day, Money};
use crate::platform::work::{Reach, Work};
use crate::settings::model::TargetOwner;

/// `2024-03`.
fn month_of(day: Day) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The part of a month's target that falls to the days of a period, rounded half up to 分 (I21).
fn share(ask: &Ask, period: &str, amount: Money) -> Money {
    let Ok(first) = Day::parse(&format!("{period}-01")) else { return Money::ZERO };
    let last = first.last_of_month();
    let (from, to) = (ask.from.max(first), ask.to.min(last));
    let (days, all) = (from.days_until(to) + 1, first.days_until(last) + 1);
    let fen = (i128::from(amount.fen()) * i128::from(days) * 2 + i128::from(all)).div_euclid(i128::from(all) * 2);
    Money::from_fen(fen as i64)
}

fn shares(work: &mut Work, ask: &Ask, of: TargetOwner) -> Result<BTreeMap<i64, Money>> {
    let mut all = BTreeMap::new();
    for (id, period, amount) in store::targets(work, of, &month_of(ask.from), &month_of(ask.to))? {
        let sum = all.entry(id).or_insert(Money::ZERO);
        *sum = *sum + share(ask, &period, amount);
    }
    Ok(all)
}

fn sum_of(all: &BTreeMap<i64, Money>, ids: &[i64]) -> Option<Money> {
    let found: Vec<Money> = ids.iter().filter_map(|id| all.get(id).copied()).collect();
    (!found.is_empty()).then(|| found.into_iter().sum())
}

/// How much of the period is over at the end of today, of all its days.
fn time_progress(ask: &Ask, today: Day) -> Cell {
    let all = ask.from.days_until(ask.to) + 1;
    Cell::rate((ask.from.days_until(today) + 1).clamp(0, all), all)
}

/// By team unless sliced by person.
pub fn achievement(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let mut ask = query.check(work)?;
    let by = ask.by.unwrap_or(By::Team);
    ask.by = Some(by);
    // A team's target is for the teams below it, too; so is what it won.
    let trees = store::trees(work)?;
    let below = |team: i64| trees.get(&team).cloned().unwrap_or_else(|| vec![team]);
    let asked_teams = std::mem::take(&mut ask.teams);
    ask.teams = asked_teams.iter().flat_map(|team| below(*team)).collect::<BTreeSet<i64>>().into_iter().collect();
    let pairs = vec![("won_from", ask.from.to_string()), ("won_to", ask.to.to_string())];
    let won = Figure::sum(Of::Won, pairs, "o.won_amount");
    let mut table = tabulate(work, &ask, Some(by), std::slice::from_ref(&won))?;
    // A target knows nothing of regions, industries, sources and tags.
    let plain = ask.customer.is_empty();
    let people = if plain { shares(work, &ask, TargetOwner::User)? } else { BTreeMap::new() };
    let teams = if plain { shares(work, &ask, TargetOwner::Team)? } else { BTreeMap::new() };
    let reach = work.actor.reach.clone();
    let me = work.actor.user_id;
    let (seen_teams, seen_people): (Option<Vec<i64>>, Option<Vec<i64>>) = match &reach {
        Reach::All => (None, None),
        Reach::Own => (Some(Vec::new()), Some(vec![me])),
        Reach::Teams(teams) => (Some(teams.clone()), Some(store::members(work, teams)?)),
    };
    let targets = match by {
        By::Team => within(teams.clone(), &seen_teams, &ask.teams),
        By::Owner => within(people.clone(), &seen_people, &ask.owners),
        _ => BTreeMap::new(),
    };
    // Somebody with a target and no deal is the one to look at: he has a row, too.
    let narrowed_by_other = (by == By::Team && !ask.owners.is_empty()) || (by == By::Owner && !ask.teams.is_empty());
    if !narrowed_by_other {
        for id in targets.keys() {
            table.rows.entry(*id).or_insert_with(|| vec![Found::nothing(&ask, by, *id)]);
        }
    }
    if by == By::Team {
        let direct = table.rows.clone();
        for (id, cells) in &mut table.rows {
            let teams = below(*id);
            let parts = teams.iter().filter_map(|team| direct.get(team)).map(|cells| &cells[0]);
            *cells = vec![Found::together(&ask, &won, by, &teams, parts)];
        }
    }
    let whole = match (&reach, asked_teams.as_slice(), ask.owners.as_slice()) {
        (Reach::All, [], []) if plain => shares(work, &ask, TargetOwner::Company)?.get(&0).copied(),
        (_, [], []) => match &reach {
            Reach::Teams(own) => sum_of(&teams, &store::topmost(work, own)?),
            _ => people.get(&me).copied(),
        },
        (_, asked, []) => sum_of(&within(teams, &seen_teams, asked), &store::topmost(work, asked)?),
        (_, [], asked) => sum_of(&within(people, &seen_people, asked), asked),
        _ => None,
    };
    let columns = vec![
        column(work, "target", ("目标", "Target"), Shape::Money),
        column(work, "won", ("赢单", "Won"), Shape::CountAndSum),
        column(work, "rate", ("达成率", "Achieved"), Shape::Rate),
        column(work, "gap", ("差额", "Gap"), Shape::Money),
        column(work, "time_progress", ("时间进度", "Time elapsed"), Shape::Rate),
    ];
    let progress = time_progress(&ask, work.today());
    let cells = |target: Option<Money>, won: &Found| {
        let target = target.filter(|target| *target > Money::ZERO);
        vec![
            Cell::money(target),
            won.cell(),
            target.map_or_else(Cell::default, |target| Cell::rate(won.sum, target.fen())),
            Cell::money(target.map(|target| (target - Money::from_fen(won.sum)).max(Money::ZERO))),
            progress.clone(),
        ]
    };
    let ids: Vec<i64> = table.rows.keys().copied().filter(|id| *id != 0).collect();
    let named = if ids.is_empty() { Default::default() } else { names(work, by, &ids)? };
    let mut rows: Vec<Row> = Vec::new();
    for (id, found) in &table.rows {
        let target = if narrowed_by_other { None } else { targets.get(id).copied() };
        let key = if *id == 0 { String::new() } else { id.to_string() };
        rows.push(Row { key, name: named.get(id).cloned(), cells: cells(target, &found[0]) });
    }
    let total = cells(whole, &table.total[0]);
    let definition = words::achievement(work);
    Ok(blank(work, &ask, definition, columns, rows, total))
}

fn within(mut all: BTreeMap<i64, Money>, seen: &Option<Vec<i64>>, asked: &[i64]) -> BTreeMap<i64, Money> {
    all.retain(|id, _| seen.as_ref().is_none_or(|seen| seen.contains(id)) && (asked.is_empty() || asked.contains(id)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(from: &str, to: &str) -> Ask {
        let day = |text| Day::parse(text).unwrap();
        Ask { from: day(from), to: day(to), by: None, teams: Vec::new(), owners: Vec::new(), customer: Vec::new() }
    }

    // I21: a span that is not whole months takes its share by calendar days.
    #[test]
    fn a_part_of_a_month_takes_its_share() {
        let yuan = |yuan: i64| Money::from_fen(yuan * 100);
        assert_eq!(share(&ask("2024-03-01", "2024-03-31"), "2024-03", yuan(310)), yuan(310));
        assert_eq!(share(&ask("2024-03-22", "2024-04-10"), "2024-03", yuan(310)), yuan(100));
        assert_eq!(share(&ask("2024-02-29", "2024-02-29"), "2024-02", yuan(290)), yuan(10));
        assert_eq!(share(&ask("2024-02-28", "2024-02-28"), "2024-02", Money::from_fen(100)), Money::from_fen(3));
    }

    #[test]
    fn time_runs_from_nothing_to_all() {
        let progress = |today| time_progress(&ask("2024-03-01", "2024-03-31"), Day::parse(today).unwrap()).rate.map(|rate| rate.percent);
        assert_eq!(progress("2024-02-29"), Some(0.0));
        assert_eq!(progress("2024-03-01"), Some(3.2));
        assert_eq!(progress("2024-03-31"), Some(100.0));
        assert_eq!(progress("2024-05-01"), Some(100.0));
    }
}
