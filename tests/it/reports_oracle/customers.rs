//! Activity, sources and workload a second time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::number::{Expected, Period, both, only, put, rate, sum as sum_of, time};
use super::sight::Sight;
use super::world::{Customer, DAY, FollowUp, METHODS, NOW, Opportunity, SHIFT, World, day_of, text_of};

/// The points of one customer at the end of a day.
pub fn points(one: &Customer, world: &World, last: i64) -> i64 {
    let recent = |day: i64| (0..=89).contains(&(last - day));
    let contacts =
        world.follow_ups.iter().filter(|record| world.customers[record.customer].id == one.id && recent(day_of(record.at))).count();
    let own: Vec<&Opportunity> =
        world.opportunities.iter().filter(|deal| !deal.deleted && world.customers[deal.customer].id == one.id).collect();
    let ahead = own
        .iter()
        .flat_map(|deal| deal.moves.windows(2))
        .filter(|step| recent(day_of(step[1].0)) && step[1].1 != 5 && step[1].1 > step[0].1);
    let deal = own.iter().any(|deal| deal.stage() == 4 && recent(deal.won_on));
    10 * contacts.min(5) as i64 + 15 * ahead.count().min(2) as i64 + 20 * i64::from(deal)
}

/// Today and the five ends of months before it.
pub fn trend(seen: &Sight, world: &World) -> Expected {
    let mut all = Expected::new();
    let today = day_of(NOW);
    let months: BTreeSet<String> = (today - 160..=today).map(|day| text_of(day)[..7].to_owned()).collect();
    for month in months.into_iter().rev().take(6) {
        let end = (today - 200..=today).rev().find(|day| text_of(*day).starts_with(&month)).unwrap();
        let there: Vec<&&Customer> = seen.customers.iter().filter(|one| day_of(one.created) <= end).collect();
        let points: i64 = there.iter().map(|one| points(one, world, end)).sum();
        let rows = if end == today { vec![month.as_str(), "*"] } else { vec![month.as_str()] };
        for row in rows {
            put(&mut all, row, "customers", only(there.len()));
            put(&mut all, row, "index", rate(points, there.len() as i64 * 100));
        }
    }
    all
}

pub fn activity(seen: &Sight, world: &World) -> Expected {
    let today = day_of(NOW);
    let mut kinds: HashMap<&str, usize> = HashMap::new();
    let mut sum = 0;
    for one in &seen.customers {
        let kind = match one.last_contact.map(|at| today - day_of(at)) {
            Some(0..=29) => "active",
            Some(30..=89) => "silent",
            _ => "dormant",
        };
        *kinds.entry(kind).or_default() += 1;
        sum += points(one, world, today);
    }
    let number = |kind: &str| kinds.get(kind).copied().unwrap_or(0);
    let all_of_them = seen.customers.len();
    assert_eq!(number("active") + number("silent") + number("dormant"), all_of_them);
    let mut all = Expected::new();
    put(&mut all, "*", "customers", only(all_of_them));
    for kind in ["active", "silent", "dormant"] {
        put(&mut all, "*", kind, only(number(kind)));
    }
    put(&mut all, "*", "active_rate", rate(number("active") as i64, all_of_them as i64));
    put(&mut all, "*", "index", rate(sum, all_of_them as i64 * 100));
    all
}

pub fn sources(seen: &Sight, world: &World, period: &Period) -> Expected {
    let mut all = Expected::new();
    let found: BTreeSet<i64> = world.customers.iter().map(|one| one.source).collect();
    for source in found.iter().copied().map(Some).chain([None]) {
        let of = |one: i64| source.is_none() || source == Some(one);
        let customers = seen.customers.iter().filter(|one| of(one.source) && period.has(day_of(one.created))).count();
        let own: Vec<&Opportunity> = seen.opportunities.iter().copied().filter(|one| of(world.customers[one.customer].source)).collect();
        let begun: Vec<&Opportunity> = own.iter().copied().filter(|one| period.has(day_of(one.moves[0].0))).collect();
        let won: Vec<&Opportunity> = own.iter().copied().filter(|one| one.stage() == 4 && period.has(one.won_on)).collect();
        if source.is_some() && customers + begun.len() + won.len() == 0 {
            continue;
        }
        let row = source.map_or("*".to_owned(), |id| id.to_string());
        let length: i64 = won.iter().map(|one| one.entered() - one.moves[0].0).sum();
        put(&mut all, &row, "customers", only(customers));
        put(&mut all, &row, "opportunities", both(begun.len(), sum_of(&begun, false)));
        put(&mut all, &row, "won", both(won.len(), sum_of(&won, true)));
        put(&mut all, &row, "cycle", time((!won.is_empty()).then(|| length / 1_000 / won.len() as i64)));
    }
    all
}

pub fn workload(seen: &Sight, world: &World, period: &Period) -> Expected {
    let mut all = Expected::new();
    let within: Vec<&FollowUp> = seen.follow_ups.iter().copied().filter(|one| period.has(day_of(one.at))).collect();
    let authors: BTreeSet<i64> = within.iter().map(|one| one.author).collect();
    for author in authors.into_iter().map(Some).chain([None]) {
        let row = author.map_or("*".to_owned(), |id| id.to_string());
        let own: Vec<&FollowUp> = within.iter().copied().filter(|one| author.is_none() || author == Some(one.author)).collect();
        let reached = seen.customers.iter().filter(|customer| {
            let by = |record: &&FollowUp| {
                world.customers[record.customer].id == customer.id
                    && period.has(day_of(record.at))
                    && (author.is_none() || author == Some(record.author))
            };
            world.follow_ups.iter().any(|record| by(&record))
        });
        put(&mut all, &row, "follow_ups", only(own.len()));
        put(&mut all, &row, "customers", only(reached.count()));
        for (place, method) in METHODS.iter().enumerate() {
            put(&mut all, &row, method, only(own.iter().filter(|one| one.method == place).count()));
        }
    }
    all
}

pub fn heat(seen: &Sight, period: &Period) -> BTreeMap<(i64, i64), i64> {
    let mut all = BTreeMap::new();
    for one in seen.follow_ups.iter().filter(|one| period.has(day_of(one.at))) {
        // 1970-01-01 was a Thursday.
        let weekday = (day_of(one.at) + 3).rem_euclid(7) + 1;
        let hour = (one.at + SHIFT).rem_euclid(DAY) / 3_600_000;
        *all.entry((weekday, hour)).or_insert(0) += 1;
    }
    all
}
