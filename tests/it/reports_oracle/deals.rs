//! Pipeline, funnel, conversion, losses and forecast a second time.

use std::collections::BTreeSet;

use super::number::{Expected, Period, both, money, only, put, rate, sum, weighted};
use super::sight::Sight;
use super::world::{CHANCES, CLASSES, Customer, Opportunity, REASONS, STAGES, day_of, text_of};

pub fn pipeline(seen: &Sight, period: &Period) -> Expected {
    let mut all = Expected::new();
    let (mut open, mut open_sum, mut total) = (0, 0, 0);
    for (stage, key) in STAGES.iter().copied().enumerate() {
        let there: Vec<&Opportunity> = seen.opportunities.iter().copied().filter(|one| one.stage() == stage).collect();
        let there: Vec<&Opportunity> = match stage {
            4 => there.into_iter().filter(|one| period.has(one.won_on)).collect(),
            5 => there.into_iter().filter(|one| period.has(day_of(one.entered()))).collect(),
            _ => there,
        };
        let fen = sum(&there, stage == 4);
        put(&mut all, key, "opportunities", both(there.len(), fen));
        put(&mut all, key, "weighted", money((stage < 4).then(|| weighted(fen, CHANCES[stage]))));
        if stage < 4 {
            open += there.len();
            open_sum += fen;
            total += weighted(fen, CHANCES[stage]);
        }
    }
    put(&mut all, "*", "opportunities", both(open, open_sum));
    put(&mut all, "*", "weighted", money(Some(total)));
    all
}

pub fn funnel(seen: &Sight, period: &Period) -> Expected {
    let mut all = Expected::new();
    for (stage, key) in STAGES.iter().copied().enumerate().take(5) {
        let entered: Vec<&Opportunity> =
            seen.opportunities.iter().copied().filter(|one| one.reached(stage).is_some_and(|at| period.has(day_of(at)))).collect();
        put(&mut all, key, "entered", both(entered.len(), sum(&entered, false)));
        if stage < 4 {
            let on: Vec<&Opportunity> = entered.iter().copied().filter(|one| one.reached(stage + 1).is_some()).collect();
            put(&mut all, key, "converted", both(on.len(), sum(&on, false)));
            put(&mut all, key, "rate", rate(on.len() as i64, entered.len() as i64));
        }
    }
    all
}

pub fn conversion(seen: &Sight, period: &Period, row: &str, owner: Option<i64>, all: &mut Expected) {
    let mine = |id: Option<i64>| owner.is_none() || owner == id;
    let won: Vec<&Opportunity> =
        seen.opportunities.iter().copied().filter(|one| one.stage() == 4 && period.has(one.won_on) && mine(Some(one.won_by))).collect();
    let lost: Vec<&Opportunity> = seen
        .opportunities
        .iter()
        .copied()
        .filter(|one| one.stage() == 5 && period.has(day_of(one.entered())) && mine(Some(one.owner)))
        .collect();
    let customers: Vec<&Customer> =
        seen.customers.iter().copied().filter(|one| period.has(day_of(one.created)) && mine(one.owner)).collect();
    let dealt = customers.iter().filter(|one| one.won).count();
    let (won_fen, lost_fen) = (sum(&won, true), sum(&lost, false));
    put(all, row, "won", both(won.len(), won_fen));
    put(all, row, "lost", both(lost.len(), lost_fen));
    put(all, row, "win_rate", rate(won.len() as i64, (won.len() + lost.len()) as i64));
    put(all, row, "win_rate_by_amount", rate(won_fen, won_fen + lost_fen));
    put(all, row, "customers", only(customers.len()));
    put(all, row, "customers_won", only(dealt));
    put(all, row, "customer_rate", rate(dealt as i64, customers.len() as i64));
}

/// The stage it left last: nothing for what was never elsewhere.
fn left(one: &Opportunity) -> Option<usize> {
    one.moves.len().checked_sub(2).map(|place| one.moves[place].1)
}

pub fn losses(seen: &Sight, period: &Period, by_stage: bool) -> Expected {
    let mut all = Expected::new();
    let lost: Vec<&Opportunity> =
        seen.opportunities.iter().copied().filter(|one| one.stage() == 5 && period.has(day_of(one.entered()))).collect();
    let key = |one: &Opportunity| match by_stage {
        false => REASONS[one.reason].to_owned(),
        true => left(one).map_or(String::new(), |stage| STAGES[stage].to_owned()),
    };
    let keys: BTreeSet<String> = lost.iter().map(|one| key(one)).collect();
    for row in keys.into_iter().map(Some).chain([None]) {
        let own: Vec<&Opportunity> = lost.iter().copied().filter(|one| row.as_ref().is_none_or(|row| *row == key(one))).collect();
        let row = row.unwrap_or("*".into());
        put(&mut all, &row, "lost", both(own.len(), sum(&own, false)));
        put(&mut all, &row, "share", rate(own.len() as i64, lost.len() as i64));
        put(&mut all, &row, "share_by_amount", rate(sum(&own, false), sum(&lost, false)));
    }
    all
}

/// 80 % is a commitment, 50 % the best case, 10 % and 30 % the rest, unless somebody said otherwise.
fn class(one: &Opportunity) -> usize {
    one.class.unwrap_or([2, 2, 1, 0][one.stage()])
}

pub fn forecast(seen: &Sight, period: &Period) -> Expected {
    let mut all = Expected::new();
    let open: Vec<&Opportunity> =
        seen.opportunities.iter().copied().filter(|one| one.stage() < 4 && one.close_on.is_some_and(|day| period.has(day))).collect();
    let won: Vec<&Opportunity> = seen.opportunities.iter().copied().filter(|one| one.stage() == 4 && period.has(one.won_on)).collect();
    let months: BTreeSet<String> = (period.from..=period.to).map(|day| text_of(day)[..7].to_owned()).collect();
    for month in months.into_iter().map(Some).chain([None]) {
        let of = |day: i64| month.as_ref().is_none_or(|month| text_of(day).starts_with(month));
        let due: Vec<&Opportunity> = open.iter().copied().filter(|one| one.close_on.is_some_and(of)).collect();
        let dealt: Vec<&Opportunity> = won.iter().copied().filter(|one| of(one.won_on)).collect();
        let row = month.clone().unwrap_or("*".into());
        for (place, word) in CLASSES.iter().enumerate() {
            let own: Vec<&Opportunity> = due.iter().copied().filter(|one| class(one) == place).collect();
            put(&mut all, &row, word, both(own.len(), sum(&own, false)));
        }
        let weights = (0..4).map(|stage| {
            let own: Vec<&Opportunity> = due.iter().copied().filter(|one| one.stage() == stage).collect();
            weighted(sum(&own, false), CHANCES[stage])
        });
        put(&mut all, &row, "weighted", money(Some(weights.sum())));
        put(&mut all, &row, "open", both(due.len(), sum(&due, false)));
        put(&mut all, &row, "won", both(dealt.len(), sum(&dealt, true)));
    }
    all
}
