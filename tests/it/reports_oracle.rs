//! Every figure of the reports reckoned a second time, slowly and plainly, over small generated worlds; and every number followed
//! to its list, which must have the same count and the same sum (I18–I29).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chengdan::platform::db::{Tx, sql};
use serde_json::Value;

use crate::support::{Client, TestApp};

const WORLDS: u64 = 32;
/// 2024-03-18 09:00 in Shanghai.
const NOW: i64 = 1_710_723_600_000;
const DAY: i64 = 86_400_000;
const SHIFT: i64 = 8 * 3_600_000;
const STAGES: [&str; 6] = ["initial_contact", "needs_analysis", "proposal", "negotiation", "won", "lost"];
const LIMITS: [i64; 4] = [14, 21, 21, 30];
const CHANCES: [i64; 4] = [10, 30, 50, 80];
const METHODS: [&str; 3] = ["phone_call", "wechat", "email"];

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len())].clone()
    }

    /// Days ago, often at an edge.
    fn days_ago(&mut self) -> i64 {
        if self.roll(2) == 0 { self.of(&[0, 1, 17, 18, 29, 30, 31, 89, 90, 91]) } else { self.roll(120) as i64 }
    }

    /// A moment of that day, not after now.
    fn moment(&mut self, days_ago: i64) -> i64 {
        let midnight = NOW - 9 * 3_600_000 - days_ago * DAY;
        let edge = [0, DAY - 1, self.roll(DAY as usize) as i64];
        (midnight + self.of(&edge)).min(NOW)
    }
}

/// The day of a moment in Shanghai, in days since 1970.
fn day_of(at: i64) -> i64 {
    (at + SHIFT).div_euclid(DAY)
}

/// `2024-03-18` of days since 1970.
fn text_of(day: i64) -> String {
    let (mut year, mut left) = (1970, day);
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    while left >= 365 + i64::from(leap(year)) {
        left -= 365 + i64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while left >= lengths[month] {
        left -= lengths[month];
        month += 1;
    }
    format!("{year:04}-{:02}-{:02}", month + 1, left + 1)
}

#[derive(Clone)]
struct Customer {
    id: i64,
    owner: Option<i64>,
    team: Option<i64>,
    region: Option<i64>,
    source: i64,
    created: i64,
    won: bool,
    deleted: bool,
    shared_with: Option<i64>,
    last_contact: Option<i64>,
}

#[derive(Clone)]
struct Opportunity {
    id: i64,
    customer: usize,
    owner: i64,
    team: i64,
    amount: i64,
    won_amount: i64,
    won_on: i64,
    won_by: i64,
    won_team: i64,
    /// (when, stage)
    moves: Vec<(i64, usize)>,
    deleted: bool,
}

impl Opportunity {
    fn stage(&self) -> usize {
        self.moves[self.moves.len() - 1].1
    }

    fn entered(&self) -> i64 {
        self.moves[self.moves.len() - 1].0
    }

    /// When it first entered the stage or any later open or won one.
    fn reached(&self, stage: usize) -> Option<i64> {
        self.moves.iter().filter(|(_, at)| *at >= stage && *at <= 4).map(|(when, _)| *when).min()
    }
}

#[derive(Clone)]
struct FollowUp {
    customer: usize,
    opportunity: Option<usize>,
    author: i64,
    method: usize,
    at: i64,
}

struct World {
    customers: Vec<Customer>,
    opportunities: Vec<Opportunity>,
    follow_ups: Vec<FollowUp>,
}

struct People {
    /// Person and team.
    sellers: Vec<(i64, i64)>,
    regions: Vec<i64>,
    sources: Vec<i64>,
}

fn make(dice: &mut Dice, people: &People) -> World {
    let mut customers = Vec::new();
    for number in 0..3 + dice.roll(6) {
        let (owner, team) = dice.of(&people.sellers);
        let pool = dice.roll(10) == 0;
        let days_ago = dice.days_ago();
        customers.push(Customer {
            id: number as i64 + 1,
            owner: (!pool).then_some(owner),
            team: (!pool).then_some(team),
            region: (dice.roll(3) > 0).then(|| dice.of(&people.regions)),
            source: dice.of(&people.sources),
            created: dice.moment(days_ago),
            won: dice.roll(3) == 0,
            deleted: dice.roll(8) == 0,
            shared_with: (dice.roll(5) == 0).then(|| people.sellers[0].0),
            last_contact: None,
        });
    }
    let mut opportunities = Vec::new();
    for number in 0..3 + dice.roll(10) {
        let (owner, team) = dice.of(&people.sellers);
        let (won_by, won_team) = dice.of(&people.sellers);
        let mut times: Vec<i64> = Vec::new();
        for _ in 0..1 + dice.roll(5) {
            let days_ago = dice.days_ago();
            times.push(dice.moment(days_ago));
        }
        times.sort_unstable();
        times.dedup();
        let mut moves: Vec<(i64, usize)> = Vec::new();
        for at in times {
            // Mostly ahead, sometimes back, sometimes reopened.
            let mut stage = dice.roll(6);
            if moves.last().is_some_and(|(_, before)| *before == stage) {
                stage = (stage + 1) % 6;
            }
            moves.push((at, stage));
        }
        if dice.roll(5) == 0 {
            // Exactly at the limit, or one second over.
            let stage = dice.roll(4);
            moves = vec![(NOW - LIMITS[stage] * DAY - [0, 1_000][dice.roll(2)], stage)];
        }
        let days_ago = dice.days_ago();
        opportunities.push(Opportunity {
            id: number as i64 + 1,
            customer: dice.roll(customers.len()),
            owner,
            team,
            amount: dice.roll(100_000_000) as i64,
            won_amount: 1 + dice.roll(100_000_000) as i64,
            won_on: day_of(NOW) - days_ago,
            won_by,
            won_team,
            moves,
            deleted: dice.roll(8) == 0,
        });
    }
    let mut follow_ups = Vec::new();
    for _ in 0..dice.roll(14) {
        let customer = dice.roll(customers.len());
        let own: Vec<usize> = (0..opportunities.len()).filter(|one| opportunities[*one].customer == customer).collect();
        let days_ago = dice.days_ago();
        let at = dice.moment(days_ago);
        let opportunity = (!own.is_empty() && dice.roll(2) == 0).then(|| dice.of(&own));
        follow_ups.push(FollowUp { customer, opportunity, author: dice.of(&people.sellers).0, method: dice.roll(3), at });
        customers[customer].last_contact = customers[customer].last_contact.max(Some(at));
    }
    World { customers, opportunities, follow_ups }
}

fn keep(tx: &mut Tx, world: &World, industry: i64) -> chengdan::error::Result<()> {
    for table in ["stage_changes", "follow_ups", "opportunities", "customer_tags", "customer_sources", "shares", "customers"] {
        sql(format!("delete from {table}")).run(tx)?;
    }
    for one in &world.customers {
        sql("insert into customers (id, number, number_key, name, name_fold, name_variant, name_key, contact_name, phone, email, industry_id, region_id,
                primary_source_id, status, owner_id, team_id, last_contact_on, last_followed_up_at, created_at, created_on, updated_at, deleted_at)
             values ($1, $2, $1, $2, $2, $2, $2, '张伟', '13800138000', '', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, $13)")
        .bind(one.id)
        .bind(format!("C{}", one.id))
        .bind(industry)
        .bind(one.region)
        .bind(one.source)
        .bind(if one.won { "won" } else { "potential" })
        .bind(one.owner)
        .bind(one.team)
        .bind(text_of(day_of(one.last_contact.unwrap_or(one.created))))
        .bind(one.last_contact.unwrap_or(0))
        .bind(one.created)
        .bind(text_of(day_of(one.created)))
        .bind(one.deleted.then_some(NOW))
        .run(tx)?;
        if let Some(person) = one.shared_with {
            sql("insert into shares (customer_id, grantee_key, access, ends_on, created_at, created_by) values ($1, $2, 'read', '2999-12-31', $3, $2)")
                .bind(one.id)
                .bind(person)
                .bind(NOW)
                .run(tx)?;
        }
    }
    for one in &world.opportunities {
        let won = one.stage() == 4;
        sql("insert into opportunities (id, number, number_key, name, name_fold, name_key, pipeline_id, customer_id, expected_amount, owner_id, team_id, stage, status,
                won_amount, won_on, won_by, won_team_id, entered_stage_at, created_at, updated_at, deleted_at)
             values ($1, $2, $1, $2, $2, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $13, $15)")
        .bind(one.id)
        .bind(format!("O{}", one.id))
        .bind(world.customers[one.customer].id)
        .bind(one.amount)
        .bind(one.owner)
        .bind(one.team)
        .bind(STAGES[one.stage()])
        .bind(["open", "open", "open", "open", "won", "lost"][one.stage()])
        .bind(won.then_some(one.won_amount))
        .bind(won.then(|| text_of(one.won_on)))
        .bind(won.then_some(one.won_by))
        .bind(won.then_some(one.won_team))
        .bind(one.entered())
        .bind(one.moves[0].0)
        .bind(one.deleted.then_some(NOW))
        .run(tx)?;
        let mut before: Option<(i64, usize)> = None;
        for (at, stage) in &one.moves {
            sql("insert into stage_changes (opportunity_id, from_stage, to_stage, at, seconds_in_previous) values ($1, $2, $3, $4, $5)")
                .bind(one.id)
                .bind(before.map(|(_, stage)| STAGES[stage].to_owned()))
                .bind(STAGES[*stage])
                .bind(*at)
                .bind(before.map(|(since, _)| (at - since) / 1_000))
                .run(tx)?;
            before = Some((*at, *stage));
        }
    }
    for one in &world.follow_ups {
        sql("insert into follow_ups (customer_id, opportunity_id, author_id, method, contacted_at, contacted_on, result, next_action, late_entry, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, '谈', '再谈', $7, $5, $5)")
        .bind(world.customers[one.customer].id)
        .bind(one.opportunity.map(|place| world.opportunities[place].id))
        .bind(one.author)
        .bind(METHODS[one.method])
        .bind(one.at)
        .bind(text_of(day_of(one.at)))
        .bind(false)
        .run(tx)?;
    }
    Ok(())
}

/// What one person sees of a world, by the rules as they are told.
struct Sight<'w> {
    customers: Vec<&'w Customer>,
    opportunities: Vec<&'w Opportunity>,
    follow_ups: Vec<&'w FollowUp>,
}

#[derive(Clone, Copy)]
enum Reader {
    Own(i64),
    Team(i64, i64),
    All,
}

fn sight<'w>(world: &'w World, reader: Reader, today_share: i64, region: Option<i64>) -> Sight<'w> {
    let belongs = |owner: Option<i64>, team: Option<i64>| match reader {
        Reader::Own(me) => owner == Some(me),
        Reader::Team(me, own) => owner == Some(me) || team == Some(own),
        Reader::All => true,
    };
    let me = match reader {
        Reader::Own(me) | Reader::Team(me, _) => me,
        Reader::All => today_share,
    };
    let sees_customer = |one: &Customer| belongs(one.owner, one.team) || one.shared_with == Some(me);
    let sees = |one: &Opportunity| belongs(Some(one.owner), Some(one.team)) || world.customers[one.customer].shared_with == Some(me);
    let meets = |one: &Customer| region.is_none() || one.region == region;
    Sight {
        customers: world.customers.iter().filter(|one| !one.deleted && sees_customer(one) && meets(one)).collect(),
        opportunities: world
            .opportunities
            .iter()
            .filter(|one| !one.deleted && sees(one) && meets(&world.customers[one.customer]))
            .collect(),
        follow_ups: world
            .follow_ups
            .iter()
            .filter(|one| match one.opportunity {
                None => !world.customers[one.customer].deleted && sees_customer(&world.customers[one.customer]),
                Some(place) => !world.opportunities[place].deleted && sees(&world.opportunities[place]),
            })
            .filter(|one| meets(&world.customers[one.customer]))
            .collect(),
    }
}

/// A number as the report must say it.
#[derive(Debug, Clone, PartialEq, Default)]
struct Number {
    count: Option<i64>,
    fen: Option<i64>,
    rate: Option<(i64, i64)>,
    seconds: Option<i64>,
}

fn both(count: usize, fen: i64) -> Number {
    Number { count: Some(count as i64), fen: Some(fen), ..Number::default() }
}

fn only(count: usize) -> Number {
    Number { count: Some(count as i64), ..Number::default() }
}

fn money(fen: Option<i64>) -> Number {
    Number { fen, ..Number::default() }
}

fn rate(numerator: i64, denominator: i64) -> Number {
    Number { rate: (denominator > 0).then_some((numerator, denominator)), ..Number::default() }
}

fn time(seconds: Option<i64>) -> Number {
    Number { seconds, ..Number::default() }
}

fn fen_of(text: &Value) -> Option<i64> {
    text.as_str().map(|text| text.replace('.', "").parse().unwrap())
}

fn read(cell: &Value) -> Number {
    let rate = &cell["rate"];
    let rate = rate.is_object().then(|| (rate["numerator"].as_i64().unwrap(), rate["denominator"].as_i64().unwrap()));
    Number { count: cell["count"].as_i64(), fen: fen_of(&cell["sum"]), rate, seconds: cell["seconds"].as_i64() }
}

/// The cells of a report: by row (`*` for the total) and column.
fn cells(report: &Value) -> BTreeMap<(String, String), Value> {
    let columns: Vec<&str> = report["columns"].as_array().unwrap().iter().map(|column| column["key"].as_str().unwrap()).collect();
    let mut all = BTreeMap::new();
    let mut row = |key: String, row: &Value| {
        for (column, cell) in columns.iter().zip(row["cells"].as_array().unwrap()) {
            all.insert((key.clone(), (*column).to_owned()), cell.clone());
        }
    };
    for one in report["rows"].as_array().unwrap() {
        row(one["key"].as_str().unwrap().to_owned(), one);
    }
    row("*".into(), &report["total"]);
    all
}

type Expected = BTreeMap<(String, String), Number>;

fn put(all: &mut Expected, row: &str, column: &str, number: Number) {
    all.insert((row.to_owned(), column.to_owned()), number);
}

fn sum<'a>(all: impl IntoIterator<Item = &'a &'a Opportunity>, won: bool) -> i64 {
    all.into_iter().map(|one| if won { one.won_amount } else { one.amount }).sum()
}

/// One to a hundred per cent of an amount, half up.
fn weighted(fen: i64, percent: i64) -> i64 {
    (fen * percent + 50) / 100
}

struct Period {
    from: i64,
    to: i64,
}

impl Period {
    fn has(&self, day: i64) -> bool {
        self.from <= day && day <= self.to
    }
}

fn pipeline(seen: &Sight, period: &Period) -> Expected {
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

fn funnel(seen: &Sight, period: &Period) -> Expected {
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

fn conversion(seen: &Sight, period: &Period, row: &str, owner: Option<i64>, all: &mut Expected) {
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

fn activity(seen: &Sight, world: &World) -> Expected {
    let today = day_of(NOW);
    let mut kinds: HashMap<&str, usize> = HashMap::new();
    let mut points = 0;
    for one in &seen.customers {
        let kind = match one.last_contact.map(|at| today - day_of(at)) {
            Some(0..=29) => "active",
            Some(30..=89) => "silent",
            _ => "dormant",
        };
        *kinds.entry(kind).or_default() += 1;
        let recent = |at: i64| today - day_of(at) <= 89;
        let contacts = world.follow_ups.iter().filter(|record| world.customers[record.customer].id == one.id && recent(record.at)).count();
        let own: Vec<&Opportunity> =
            world.opportunities.iter().filter(|deal| !deal.deleted && world.customers[deal.customer].id == one.id).collect();
        let ahead =
            own.iter().flat_map(|deal| deal.moves.windows(2)).filter(|step| recent(step[1].0) && step[1].1 != 5 && step[1].1 > step[0].1);
        let deal = own.iter().any(|deal| deal.stage() == 4 && today - deal.won_on <= 89);
        points += 10 * contacts.min(5) as i64 + 15 * ahead.count().min(2) as i64 + 20 * i64::from(deal);
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
    put(&mut all, "*", "index", rate(points, all_of_them as i64 * 100));
    all
}

fn stays(seen: &Sight, period: &Period) -> Expected {
    let mut all = Expected::new();
    for (stage, key) in STAGES.iter().copied().enumerate().take(4) {
        let mut lengths = Vec::new();
        let mut ended = 0;
        let (mut there, mut over): (Vec<&Opportunity>, Vec<&Opportunity>) = Default::default();
        for one in &seen.opportunities {
            for step in one.moves.windows(2) {
                if step[0].1 == stage && period.has(day_of(step[1].0)) {
                    lengths.push((step[1].0 - step[0].0) / 1_000);
                    ended += 1;
                }
            }
            if one.stage() == stage {
                lengths.push((NOW - one.entered()) / 1_000);
                there.push(one);
                if NOW - one.entered() > LIMITS[stage] * DAY {
                    over.push(one);
                }
            }
        }
        lengths.sort_unstable();
        let middle = lengths.len() / 2;
        let median = match lengths.len() {
            0 => None,
            many if many % 2 == 1 => Some(lengths[middle]),
            _ => Some((lengths[middle - 1] + lengths[middle]) / 2),
        };
        // The first that no more than a tenth of them exceeds.
        let p90 = lengths.iter().copied().find(|length| lengths.iter().filter(|one| *one > length).count() * 10 <= lengths.len());
        put(&mut all, key, "ended", only(ended));
        put(&mut all, key, "open", both(there.len(), sum(&there, false)));
        put(&mut all, key, "median", time(median));
        put(&mut all, key, "p90", time(p90));
        put(&mut all, key, "limit", time(Some(LIMITS[stage] * 86_400)));
        put(&mut all, key, "stuck", both(over.len(), sum(&over, false)));
    }
    all
}

fn sources(seen: &Sight, world: &World, period: &Period) -> Expected {
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
        put(&mut all, &row, "opportunities", both(begun.len(), sum(&begun, false)));
        put(&mut all, &row, "won", both(won.len(), sum(&won, true)));
        put(&mut all, &row, "cycle", time((!won.is_empty()).then(|| length / 1_000 / won.len() as i64)));
    }
    all
}

fn workload(seen: &Sight, world: &World, period: &Period) -> Expected {
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

fn heat(seen: &Sight, period: &Period) -> BTreeMap<(i64, i64), i64> {
    let mut all = BTreeMap::new();
    for one in seen.follow_ups.iter().filter(|one| period.has(day_of(one.at))) {
        // 1970-01-01 was a Thursday.
        let weekday = (day_of(one.at) + 3).rem_euclid(7) + 1;
        let hour = (one.at + SHIFT).rem_euclid(DAY) / 3_600_000;
        *all.entry((weekday, hour)).or_insert(0) += 1;
    }
    all
}

#[track_caller]
fn compare(what: &str, report: &Value, expected: &Expected) {
    let found = cells(report);
    for (place, number) in expected {
        let cell = found.get(place).unwrap_or_else(|| panic!("{what}: nothing at {place:?} in {report:#}"));
        assert_eq!(&read(cell), number, "{what}: {place:?}");
    }
    let rows: BTreeSet<&String> = found.keys().map(|(row, _)| row).filter(|row| *row != "*").collect();
    let wanted: BTreeSet<&String> = expected.keys().map(|(row, _)| row).filter(|row| *row != "*").collect();
    if !wanted.is_empty() {
        assert_eq!(rows, wanted, "{what}");
    }
}

/// Follows a number to its list: the same count, the same sum.
async fn follow(reader: &Client, what: &str, cell: &Value, column: &str, followed: &mut BTreeMap<String, (i64, i64, i64)>) {
    let Some(address) = cell["drill"].as_str() else { return };
    if !followed.contains_key(address) {
        let page = reader.get(&format!("{address}&limit=100")).await.ok();
        let rows = page["items"].as_array().unwrap();
        let all = |field: &str| rows.iter().filter_map(|row| fen_of(&row[field])).sum::<i64>();
        assert_eq!(page["total"].as_u64(), Some(rows.len() as u64));
        followed.insert(address.to_owned(), (rows.len() as i64, all("expected_amount"), all("won_amount")));
    }
    let (count, expected, won) = followed[address];
    assert_eq!(cell["count"].as_i64(), Some(count), "{what} {column}: {address}");
    if let Some(fen) = fen_of(&cell["sum"]) {
        let of_won = address.contains("won_from=");
        assert_eq!(fen, if of_won { won } else { expected }, "{what} {column}: {address}");
    }
}

async fn follow_all(reader: &Client, what: &str, report: &Value, followed: &mut BTreeMap<String, (i64, i64, i64)>) {
    for ((row, column), cell) in cells(report) {
        follow(reader, &format!("{what} {row}"), &cell, &column, followed).await;
    }
    for cell in report["heat"].as_array().into_iter().flatten() {
        follow(reader, what, cell, "heat", followed).await;
    }
}

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
            compare(&what("stage-duration"), &get("stage-duration", "").await, &stays(&seen, &period));
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
            for report in ["pipeline", "funnel", "conversion", "activity", "sources", "achievement", "follow-up-workload"] {
                get(report, &slice).await;
            }
        }
    }
}
