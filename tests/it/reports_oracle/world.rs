//! Small generated worlds, and how they are put into the database.

use std::collections::BTreeMap;

use chengdan::platform::db::{Tx, sql};

/// 2024-03-18 09:00 in Shanghai.
pub const NOW: i64 = 1_710_723_600_000;
pub const DAY: i64 = 86_400_000;
pub const SHIFT: i64 = 8 * 3_600_000;
pub const STAGES: [&str; 6] = ["initial_contact", "needs_analysis", "proposal", "negotiation", "won", "lost"];
pub const LIMITS: [i64; 4] = [14, 21, 21, 30];
pub const CHANCES: [i64; 4] = [10, 30, 50, 80];
pub const METHODS: [&str; 3] = ["phone_call", "wechat", "email"];
pub const REASONS: [&str; 3] = ["价格过高", "A/B & C=1?", "需求取消"];
pub const CLASSES: [&str; 3] = ["commit", "best_case", "pipeline"];

pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides as u64) as usize
    }

    pub fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len())].clone()
    }

    /// Days ago, often at an edge.
    pub fn days_ago(&mut self) -> i64 {
        if self.roll(2) == 0 { self.of(&[0, 1, 17, 18, 29, 30, 31, 89, 90, 91]) } else { self.roll(120) as i64 }
    }

    /// A moment of that day, not after now.
    pub fn moment(&mut self, days_ago: i64) -> i64 {
        let midnight = NOW - 9 * 3_600_000 - days_ago * DAY;
        let edge = [0, DAY - 1, self.roll(DAY as usize) as i64];
        (midnight + self.of(&edge)).min(NOW)
    }
}

/// The day of a moment in Shanghai, in days since 1970.
pub fn day_of(at: i64) -> i64 {
    (at + SHIFT).div_euclid(DAY)
}

/// `2024-03-18` of days since 1970.
pub fn text_of(day: i64) -> String {
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
pub struct Customer {
    pub id: i64,
    pub owner: Option<i64>,
    pub team: Option<i64>,
    pub region: Option<i64>,
    pub source: i64,
    pub created: i64,
    pub won: bool,
    pub deleted: bool,
    pub shared_with: Option<i64>,
    pub last_contact: Option<i64>,
}

#[derive(Clone)]
pub struct Opportunity {
    pub id: i64,
    pub customer: usize,
    pub owner: i64,
    pub team: i64,
    pub amount: i64,
    pub won_amount: i64,
    pub won_on: i64,
    pub won_by: i64,
    pub won_team: i64,
    /// (when, stage)
    pub moves: Vec<(i64, usize)>,
    /// When it is expected to close.
    pub close_on: Option<i64>,
    pub reason: usize,
    /// What somebody said of it: one of the classes.
    pub class: Option<usize>,
    pub deleted: bool,
}

impl Opportunity {
    pub fn stage(&self) -> usize {
        self.moves[self.moves.len() - 1].1
    }

    pub fn entered(&self) -> i64 {
        self.moves[self.moves.len() - 1].0
    }

    /// When it first entered the stage or any later open or won one.
    pub fn reached(&self, stage: usize) -> Option<i64> {
        self.moves.iter().filter(|(_, at)| *at >= stage && *at <= 4).map(|(when, _)| *when).min()
    }
}

#[derive(Clone)]
pub struct FollowUp {
    pub customer: usize,
    pub opportunity: Option<usize>,
    pub author: i64,
    pub method: usize,
    pub at: i64,
}

/// What is to be won in a month.
pub struct Target {
    /// `company`, `team` or `user`.
    pub of: &'static str,
    /// Whose; 0 for the company.
    pub id: i64,
    pub month: String,
    pub amount: i64,
}

pub struct World {
    pub targets: Vec<Target>,
    pub customers: Vec<Customer>,
    pub opportunities: Vec<Opportunity>,
    pub follow_ups: Vec<FollowUp>,
}

pub struct People {
    /// Person and team.
    pub sellers: Vec<(i64, i64)>,
    /// Every team, and the one above it.
    pub above: BTreeMap<i64, Option<i64>>,
    pub regions: Vec<i64>,
    pub sources: Vec<i64>,
}

pub fn make(dice: &mut Dice, people: &People) -> World {
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
            close_on: (dice.roll(4) > 0).then(|| day_of(NOW) + dice.roll(120) as i64 - 30),
            reason: dice.roll(REASONS.len()),
            class: (dice.roll(4) == 0).then(|| dice.roll(3)),
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
    let mut targets = Vec::new();
    for month in ["2024-01", "2024-02", "2024-03", "2024-04"] {
        let teams = people.above.keys().map(|id| ("team", *id));
        for (of, id) in [("company", 0)].into_iter().chain(teams).chain(people.sellers.iter().map(|(id, _)| ("user", *id))) {
            if dice.roll(3) == 0 {
                targets.push(Target { of, id, month: month.to_owned(), amount: 1 + dice.roll(300_000_000) as i64 });
            }
        }
    }
    World { targets, customers, opportunities, follow_ups }
}

pub fn keep(tx: &mut Tx, world: &World, industry: i64) -> chengdan::error::Result<()> {
    for table in ["stage_changes", "follow_ups", "opportunities", "customer_tags", "customer_sources", "shares", "customers", "targets"] {
        sql(format!("delete from {table}")).run(tx)?;
    }
    for one in &world.targets {
        sql("insert into targets (period, owner_type, owner_id, amount, updated_at) values ($1, $2, $3, $4, $5)")
            .bind(one.month.as_str())
            .bind(one.of)
            .bind(one.id)
            .bind(one.amount)
            .bind(NOW)
            .run(tx)?;
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
        // The main source is the first of the sources.
        sql("insert into customer_sources (customer_id, entry_id, position) values ($1, $2, 0)").bind(one.id).bind(one.source).run(tx)?;
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
                won_amount, won_on, won_by, won_team_id, entered_stage_at, created_at, updated_at, deleted_at, expected_close_on, lost_reason, forecast_class,
                reached_1, reached_2, reached_3, reached_4, reached_5, last_reached_at)
             values ($1, $2, $1, $2, $2, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $13, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)")
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
        .bind(one.close_on.map_or_else(String::new, text_of))
        .bind((one.stage() == 5).then(|| REASONS[one.reason].to_owned()))
        .bind(one.class.map_or("", |class| CLASSES[class]))
        .binds((0..5).map(|stage| one.reached(stage).unwrap_or(0).into()))
        .bind((0..5).filter_map(|stage| one.reached(stage)).max().unwrap_or(0))
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
