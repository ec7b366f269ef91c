//! Achievement a second time: targets of the company, of teams within teams and of people.

use std::collections::{BTreeMap, BTreeSet};

use super::number::{Expected, Number, Period, both, money, put, rate, sum};
use super::sight::{Reader, Sight};
use super::world::{NOW, Opportunity, People, Target, World, day_of, text_of};

/// A month's target, by the days of the month that lie in the period, half up.
fn share(target: &Target, period: &Period) -> i64 {
    let of_month = |day: &i64| text_of(*day).starts_with(&target.month);
    let days = (period.from..=period.to).filter(of_month).count() as i64;
    let all = (day_of(NOW) - 400..day_of(NOW) + 400).filter(of_month).count() as i64;
    (target.amount * days * 2 + all).div_euclid(all * 2)
}

fn shares(world: &World, period: &Period, of: &str) -> BTreeMap<i64, i64> {
    let mut all = BTreeMap::new();
    for target in world.targets.iter().filter(|target| target.of == of) {
        let touched = (period.from..=period.to).any(|day| text_of(day).starts_with(&target.month));
        if touched {
            *all.entry(target.id).or_insert(0) += share(target, period);
        }
    }
    all
}

fn figures(won: &[&Opportunity], target: Option<i64>, period: &Period) -> Vec<(&'static str, Number)> {
    let target = target.filter(|target| *target > 0);
    let fen = sum(won, true);
    let days = period.to - period.from + 1;
    vec![
        ("target", money(target)),
        ("won", both(won.len(), fen)),
        ("rate", target.map_or_else(Number::default, |target| rate(fen, target))),
        ("gap", money(target.map(|target| (target - fen).max(0)))),
        ("time_progress", rate((day_of(NOW) - period.from + 1).clamp(0, days), days)),
    ]
}

/// By team or by person; `plain` when nothing is asked of customers, of which a target knows nothing.
pub fn achievement(seen: &Sight, world: &World, people: &People, period: &Period, reader: &Reader, by_team: bool, plain: bool) -> Expected {
    let won: Vec<&Opportunity> = seen.opportunities.iter().copied().filter(|one| one.stage() == 4 && period.has(one.won_on)).collect();
    let of = |kind: &str| if plain { shares(world, period, kind) } else { BTreeMap::new() };
    let (of_teams, of_people) = (of("team"), of("user"));
    let seen_teams: Option<Vec<i64>> = match reader {
        Reader::All => None,
        Reader::Own(_) => Some(Vec::new()),
        Reader::Teams(_, teams) => Some(teams.clone()),
    };
    let sees_person = |id: i64| match reader {
        Reader::All => true,
        Reader::Own(me) => *me == id,
        Reader::Teams(_, teams) => people.sellers.iter().any(|(seller, team)| *seller == id && teams.contains(team)),
    };
    let mut targets = if by_team { of_teams.clone() } else { of_people.clone() };
    targets.retain(|id, _| if by_team { seen_teams.as_ref().is_none_or(|teams| teams.contains(id)) } else { sees_person(*id) });
    let is_below = |team: i64, above: i64| {
        let mut at = Some(team);
        while let Some(id) = at {
            if id == above {
                return true;
            }
            at = people.above.get(&id).copied().flatten();
        }
        false
    };

    let ids: BTreeSet<i64> = won.iter().map(|one| if by_team { one.won_team } else { one.won_by }).chain(targets.keys().copied()).collect();
    let mut all = Expected::new();
    for id in ids {
        let of_row: Vec<&Opportunity> =
            won.iter().copied().filter(|one| if by_team { is_below(one.won_team, id) } else { one.won_by == id }).collect();
        for (column, number) in figures(&of_row, targets.get(&id).copied(), period) {
            put(&mut all, &id.to_string(), column, number);
        }
    }
    let whole = match reader {
        Reader::All => of("company").get(&0).copied(),
        Reader::Own(me) => of_people.get(me).copied(),
        Reader::Teams(_, teams) => {
            let top = teams.iter().filter(|team| people.above[team].is_none_or(|above| !teams.contains(&above)));
            let found: Vec<i64> = top.filter_map(|team| of_teams.get(team).copied()).collect();
            (!found.is_empty()).then(|| found.iter().sum())
        }
    };
    for (column, number) in figures(&won, whole, period) {
        put(&mut all, "*", column, number);
    }
    all
}
