//! Cycle and stay a second time.

use super::number::{Expected, Period, both, only, put, sum, time};
use super::sight::Sight;
use super::world::{DAY, LIMITS, NOW, Opportunity, SHIFT, STAGES, day_of};

/// 元旦, 春节 and its two Sundays worked, as announced for 2024 up to March; November and
/// December of 2023 had none.
const OFF: [&str; 9] =
    ["2024-01-01", "2024-02-10", "2024-02-11", "2024-02-12", "2024-02-13", "2024-02-14", "2024-02-15", "2024-02-16", "2024-02-17"];
const WORKED: [&str; 2] = ["2024-02-04", "2024-02-18"];

fn is_worked(day: i64) -> bool {
    let text = super::world::text_of(day);
    // 1970-01-01 was a Thursday.
    let weekday = (day + 3).rem_euclid(7);
    WORKED.contains(&text.as_str()) || (weekday < 5 && !OFF.contains(&text.as_str()))
}

/// Day by day, the part of a stay that lies on working days.
fn working_seconds(from: i64, to: i64) -> i64 {
    let mut ms = 0;
    for day in day_of(from)..=day_of(to) {
        let (begin, end) = (day * DAY - SHIFT, (day + 1) * DAY - SHIFT);
        if is_worked(day) {
            ms += (to.min(end) - from.max(begin)).max(0);
        }
    }
    ms / 1_000
}

fn quantiles(lengths: &mut [i64]) -> (Option<i64>, Option<i64>) {
    lengths.sort_unstable();
    let middle = lengths.len() / 2;
    let median = match lengths.len() {
        0 => None,
        many if many % 2 == 1 => Some(lengths[middle]),
        _ => Some((lengths[middle - 1] + lengths[middle]) / 2),
    };
    // The first that no more than a tenth of them exceeds.
    let p90 = lengths.iter().copied().find(|length| lengths.iter().filter(|one| *one > length).count() * 10 <= lengths.len());
    (median, p90)
}

fn length(from: i64, to: i64, working: bool) -> i64 {
    // What the log keeps of an ended stay is whole seconds up to the move.
    let from = to - (to - from) / 1_000 * 1_000;
    if working { working_seconds(from, to) } else { (to - from) / 1_000 }
}

/// Of one stage: the stays that count, how many of them ended, which last.
fn at<'w>(seen: &Sight<'w>, stage: usize, period: &Period, working: bool, owner: Option<i64>) -> (Vec<i64>, usize, Vec<&'w Opportunity>) {
    let (mut lengths, mut ended, mut there) = (Vec::new(), 0, Vec::new());
    for one in seen.opportunities.iter().copied().filter(|one| owner.is_none() || owner == Some(one.owner)) {
        for step in one.moves.windows(2) {
            if step[0].1 == stage && period.has(day_of(step[1].0)) {
                lengths.push(length(step[0].0, step[1].0, working));
                ended += 1;
            }
        }
        if one.stage() == stage {
            lengths.push(if working { working_seconds(one.entered(), NOW) } else { (NOW - one.entered()) / 1_000 });
            there.push(one);
        }
    }
    (lengths, ended, there)
}

fn cycles(seen: &Sight, period: &Period, working: bool, owner: Option<i64>) -> Vec<i64> {
    let won = seen.opportunities.iter().filter(|one| one.stage() == 4 && period.has(one.won_on));
    let own = won.filter(|one| owner.is_none() || owner == Some(one.won_by));
    own.map(|one| {
        let (from, to) = (one.moves[0].0, one.entered());
        if working { working_seconds(from, to) } else { (to - from) / 1_000 }
    })
    .collect()
}

fn over<'w>(there: &[&'w Opportunity]) -> Vec<&'w Opportunity> {
    there.iter().copied().filter(|one| NOW - one.entered() > LIMITS[one.stage()] * DAY).collect()
}

pub fn stays(seen: &Sight, period: &Period, working: bool) -> Expected {
    let mut all = Expected::new();
    for (stage, key) in STAGES.iter().copied().enumerate().take(4) {
        let (mut lengths, ended, there) = at(seen, stage, period, working, None);
        let (median, p90) = quantiles(&mut lengths);
        let over = over(&there);
        put(&mut all, key, "ended", only(ended));
        put(&mut all, key, "open", both(there.len(), sum(&there, false)));
        put(&mut all, key, "median", time(median));
        put(&mut all, key, "p90", time(p90));
        put(&mut all, key, "limit", time(Some(LIMITS[stage] * 86_400)));
        put(&mut all, key, "stuck", both(over.len(), sum(&over, false)));
    }
    let mut all_cycles = cycles(seen, period, working, None);
    put(&mut all, "cycle", "ended", only(all_cycles.len()));
    let (median, p90) = quantiles(&mut all_cycles);
    put(&mut all, "cycle", "median", time(median));
    put(&mut all, "cycle", "p90", time(p90));
    all
}

/// A row per person: those there are, and all.
pub fn stays_of(seen: &Sight, period: &Period, owner: Option<i64>) -> Expected {
    let mut all = Expected::new();
    let row = owner.map_or("*".to_owned(), |id| id.to_string());
    let mut there_in_all: Vec<&Opportunity> = Vec::new();
    for (stage, key) in STAGES.iter().copied().enumerate().take(4) {
        let (mut lengths, _, there) = at(seen, stage, period, false, owner);
        let (median, p90) = quantiles(&mut lengths);
        put(&mut all, &row, &format!("{key}_median"), time(median));
        put(&mut all, &row, &format!("{key}_p90"), time(p90));
        there_in_all.extend(there);
    }
    let (median, p90) = quantiles(&mut cycles(seen, period, false, owner));
    put(&mut all, &row, "cycle_median", time(median));
    put(&mut all, &row, "cycle_p90", time(p90));
    let over = over(&there_in_all);
    put(&mut all, &row, "open", both(there_in_all.len(), sum(&there_in_all, false)));
    put(&mut all, &row, "stuck", both(over.len(), sum(&over, false)));
    all
}
