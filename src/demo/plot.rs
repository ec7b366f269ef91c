//! What happens in the demonstration's company before it is looked at: fourteen months of a sales year, thought out by chance alone
//! and put in the order of time. Nothing here touches the database.

use super::cast::{self, Company, DIRECTOR, FINANCE, Hat};
use super::dice::Dice;
use super::words;
use crate::identity::Role;
use crate::platform::types::{BusinessZone, Day, Instant, Money};
use crate::settings::model::TargetOwner;

/// Days of history: fourteen months.
const HISTORY: i64 = 425;
/// Customers everybody who sells has at least.
const LEAST: usize = 3;
/// Healthy longest stays at the open stages, days (S8).
const LIMITS: [i64; 4] = [14, 21, 21, 30];
/// The open stages.
pub const STAGES: [&str; 4] = ["initial_contact", "needs_analysis", "proposal", "negotiation"];

/// What makes one demonstration differ from another.
#[derive(Debug, Clone)]
pub struct Script {
    /// Which company is made.
    pub seed: u64,
    /// When the history ends.
    pub now: Instant,
    /// How many customers there are, up to 450; half as many opportunities more.
    pub customers: usize,
}

/// What something is about; numbers count the deeds that make them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Customer(usize),
    Opportunity(usize),
}

/// Something somebody did.
#[derive(Debug, Clone)]
pub struct Act {
    pub at: Instant,
    /// Position in [`cast::hats`].
    pub who: usize,
    pub deed: Deed,
}

/// What can be done; each is a verb of a room.
#[derive(Debug, Clone)]
pub enum Deed {
    EnterCustomer { key: usize, customer: NewCustomer },
    AddContact { customer: usize, name: String, phone: String, title: &'static str },
    Share { customer: usize, with: usize, edit: bool },
    HandOver { customer: usize, to: usize },
    Pause { customer: usize },
    EnterOpportunity { key: usize, customer: usize, product: &'static str, amount: Money, close_on: Day },
    Move { opportunity: usize, stage: &'static str },
    Win { opportunity: usize, customer: Option<usize>, amount: Money, on: Day },
    Lose { opportunity: usize, reason: &'static str },
    Plan { key: usize, about: About, starts_at: Instant, ends_at: Instant, method: &'static str, content: &'static str, owner: usize },
    CallOff { plan: usize },
    Record { about: About, plan: Option<usize>, contact: Contact },
    Give { key: usize, kind: &'static str, content: &'static str, about: Option<About>, to: usize, due: Day },
    Start { task: usize },
    Finish { task: usize, feedback: &'static str },
    Target { month: Day, owner: TargetOwner, of: usize, amount: Money },
    RemindOfOverdue,
    ReadMessages,
}

/// A customer as somebody enters it.
#[derive(Debug, Clone)]
pub struct NewCustomer {
    pub company: Company,
    pub contact_name: String,
    pub phone: String,
    pub email: Option<String>,
    pub sources: Vec<&'static str>,
    pub source_detail: Option<String>,
    pub tags: Vec<&'static str>,
    pub requirement: Option<&'static str>,
    pub remark: Option<&'static str>,
    pub consent: bool,
    pub in_talks: bool,
}

/// What was said.
#[derive(Debug, Clone)]
pub struct Contact {
    pub contacted_at: Option<Instant>,
    pub method: &'static str,
    pub result: &'static str,
    pub next_action: &'static str,
    /// The next action becomes a task with this key and day.
    pub task: Option<(usize, Day)>,
}

/// Everything that happened, in the order of time.
#[derive(Debug, Default)]
pub struct Plot {
    pub acts: Vec<Act>,
    pub customers: usize,
    pub opportunities: usize,
    pub plans: usize,
    pub tasks: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Open,
    Won,
    Lost,
}

/// What an open opportunity has ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ahead {
    Nothing,
    Task,
    Plan,
    PlanToday,
}

/// The life of an opportunity: how long it stood where, and how it ended.
struct Sale {
    start: Day,
    stays: Vec<i64>,
    outcome: Outcome,
}

/// A customer that was entered.
#[derive(Clone, Copy)]
struct Entered {
    hat: usize,
    on: Day,
    at: Instant,
    quiet: bool,
    busy: bool,
}

struct Author {
    dice: Dice,
    zone: BusinessZone,
    now: Instant,
    today: Day,
    hats: Vec<Hat>,
    plot: Plot,
    customers: Vec<Entered>,
    phones: usize,
    /// Fen won, by person and month.
    won: Vec<(usize, Day, i64)>,
}

/// Thinks the history up.
pub fn write(script: &Script, zone: &BusinessZone) -> Plot {
    let mut author = Author {
        dice: Dice::new(script.seed),
        zone: zone.clone(),
        now: script.now,
        today: script.now.day_in(zone),
        hats: cast::hats(),
        plot: Plot::default(),
        customers: Vec::new(),
        phones: 0,
        won: Vec::new(),
    };
    author.enter_customers(script.customers);
    author.sell(script.customers + script.customers / 2);
    author.stay_in_touch();
    author.work_together();
    author.give_tasks(script.customers / 25);
    author.look_at_today();
    author.set_targets();
    author.keep_house();
    let mut plot = author.plot;
    plot.acts.sort_by_key(|act| act.at);
    plot
}

impl Author {
    fn role(&self, hat: usize) -> Role {
        cast::PEOPLE[self.hats[hat].person].role
    }

    /// Everybody who sells, each in the first team.
    fn sellers(&self) -> Vec<usize> {
        (0..cast::PEOPLE.len()).filter(|hat| *hat != FINANCE).collect()
    }

    fn push(&mut self, at: Instant, who: usize, deed: Deed) {
        self.plot.acts.push(Act { at: at.min(self.now), who, deed });
    }

    /// A working moment on `day`, or on the Friday before, but always after `after`, which it becomes.
    fn moment(&mut self, day: Day, after: &mut Instant) -> Instant {
        let weekend = (day.monday().days_until(day) - 4).max(0);
        let (hour, minute) = (self.dice.between(9, 16) as i8, self.dice.between(0, 11) as i8 * 5);
        let at = Instant::at(day.add_days(-weekend), hour, minute, &self.zone);
        let at = if at <= *after { after.plus_ms(20 * 60_000) } else { at };
        *after = at.min(self.now);
        *after
    }

    /// 199 0000 xxxx: of valid form, and plainly made up.
    fn phone(&mut self) -> String {
        self.phones += 1;
        format!("1990000{:04}", self.phones)
    }

    fn person(&mut self) -> String {
        format!("{}{}", self.dice.pick(&words::SURNAMES), self.dice.pick(&words::GIVEN_NAMES))
    }

    fn enter_customers(&mut self, count: usize) {
        let mut pool = cast::companies();
        let sellers = self.sellers();
        let rotation: Vec<usize> = (0..self.hats.len())
            .filter(|hat| *hat != FINANCE)
            .flat_map(|hat| {
                let share = match cast::PEOPLE[self.hats[hat].person].role {
                    Role::Sales => 6,
                    Role::SalesManager => 2,
                    _ => 0,
                };
                std::iter::repeat_n(hat, share)
            })
            .collect();
        for key in 0..count {
            let round = key / sellers.len();
            let hat = if round < LEAST { sellers[key % sellers.len()] } else { self.dice.pick(&rotation) };
            let quiet = round == 0 || (round >= LEAST && self.dice.percent(14));
            let days_ago = match round {
                0 => self.dice.between(60, 300),
                1..LEAST => self.dice.between(70, HISTORY - 10),
                _ if quiet => self.dice.between(40, HISTORY - 5),
                _ => self.dice.between(1, HISTORY),
            };
            let company = self.take_company(&mut pool, hat);
            let on = self.today.add_days(-days_ago);
            let at = self.moment(on, &mut Instant::from_ms(0));
            let customer = self.new_customer(company, on, !quiet);
            self.push(at, hat, Deed::EnterCustomer { key, customer });
            self.customers.push(Entered { hat, on, at, quiet, busy: false });
            if self.dice.percent(30) {
                let (name, phone) = (self.person(), self.phone());
                let title = self.dice.pick(&words::TITLES);
                self.push(at.plus_ms(5 * 60_000), hat, Deed::AddContact { customer: key, name, phone, title });
            }
        }
        self.plot.customers = count;
    }

    /// A company of the seller's own region, while there is one.
    fn take_company(&mut self, pool: &mut Vec<Company>, hat: usize) -> Company {
        let region = cast::TEAMS[self.hats[hat].team].above.unwrap_or(0);
        let mine = |company: &Company| region == 0 || cast::sold_by(cast::region_of(company.province)) == region;
        let from = self.dice.between(0, pool.len() as i64 - 1) as usize;
        let turned = (from..pool.len()).chain(0..from);
        let at = turned.clone().find(|at| mine(&pool[*at])).unwrap_or(from);
        pool.swap_remove(at)
    }

    fn new_customer(&mut self, company: Company, on: Day, in_talks: bool) -> NewCustomer {
        let mut sources = vec![self.dice.pick(&words::SOURCES)];
        if self.dice.percent(20) {
            sources.push(self.dice.pick(&words::SOURCES));
            sources.dedup();
        }
        let source_detail = sources.iter().find_map(|source| words::source_detail(source, on.year()));
        let mut tags: Vec<&'static str> = Vec::new();
        for _ in 0..self.dice.between(0, 2) {
            let tag = self.dice.pick(&words::TAGS);
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        let phone = self.phone();
        let email = self.dice.percent(60).then(|| format!("contact{}@example.com", self.phones));
        NewCustomer {
            company,
            contact_name: self.person(),
            phone,
            email,
            sources,
            source_detail,
            tags,
            requirement: self.dice.percent(45).then(|| self.dice.pick(&words::REQUIREMENTS)),
            remark: self.dice.percent(25).then(|| self.dice.pick(&words::REMARKS)),
            consent: self.dice.percent(50),
            in_talks,
        }
    }

    /// Opportunities: three that everybody has open today, and the rest by chance.
    fn sell(&mut self, count: usize) {
        let sellers = self.sellers();
        for (rank, ahead) in [(1, Ahead::Nothing), (2, Ahead::PlanToday), (2, Ahead::Task)] {
            for position in 0..sellers.len() {
                let customer = rank * sellers.len() + position;
                if customer < self.customers.len() {
                    let sale = self.still_open(self.customers[customer].on);
                    self.tell(customer, &sale, ahead);
                }
            }
        }
        let lively: Vec<usize> = (0..self.customers.len()).filter(|key| !self.customers[*key].quiet).collect();
        while self.plot.opportunities < count && !lively.is_empty() {
            let customer = self.dice.pick(&lively);
            let on = self.customers[customer].on;
            let age = on.days_until(self.today);
            let sale = if age < 30 || self.dice.percent(24) { self.still_open(on) } else { self.by_chance(on, age) };
            let ahead = match self.dice.between(1, 100) {
                1..=45 => Ahead::Plan,
                46..=70 => Ahead::Task,
                _ => Ahead::Nothing,
            };
            self.tell(customer, &sale, ahead);
        }
    }

    /// An opportunity that stands somewhere today; some stand there too long.
    fn still_open(&mut self, customer_since: Day) -> Sale {
        let age = customer_since.days_until(self.today).max(1);
        let stuck = self.dice.percent(22);
        let moves = self.dice.between(0, 3);
        let quick: i64 = if stuck { self.dice.between(45, 120) } else { self.dice.between(4, 14) };
        let mut stays: Vec<i64> = (0..moves).map(|_| self.dice.between(3, 15)).collect();
        stays.push(quick);
        let total: i64 = stays.iter().sum();
        if total > age {
            // The customer is younger than that: the same way in less time.
            stays = vec![age];
        }
        let start = self.today.add_days(-stays.iter().sum::<i64>());
        Sale { start, stays, outcome: Outcome::Open }
    }

    fn by_chance(&mut self, customer_since: Day, age: i64) -> Sale {
        // Most is sold soon after the first contact.
        let span = (age - 25).max(0);
        let start = customer_since.add_days(self.dice.between(0, span).min(self.dice.between(0, span)));
        let (mut stays, mut day) = (Vec::new(), start);
        for limit in LIMITS {
            let slow = self.dice.percent(14);
            let stay = if slow { limit + self.dice.between(2, 25) } else { self.dice.between(3, limit * 3 / 4) };
            if day.add_days(stay) >= self.today {
                stays.push(day.days_until(self.today));
                return Sale { start, stays, outcome: Outcome::Open };
            }
            stays.push(stay);
            day = day.add_days(stay);
            if self.dice.percent(13) {
                return Sale { start, stays, outcome: Outcome::Lost };
            }
        }
        Sale { start, stays, outcome: Outcome::Won }
    }

    /// Tells an opportunity from its entry to where it stands.
    fn tell(&mut self, customer: usize, sale: &Sale, ahead: Ahead) {
        let Entered { hat, at, .. } = self.customers[customer];
        self.customers[customer].busy = true;
        let key = self.plot.opportunities;
        self.plot.opportunities += 1;
        let about = About::Opportunity(key);
        let amount = Money::from_fen(self.dice.between(8, 60) * self.dice.between(1, 5) * 1_000_000);
        let end = sale.start.add_days(sale.stays.iter().sum());
        let close_on = match (sale.outcome, ahead) {
            (Outcome::Open, Ahead::PlanToday) => self.today.add_days(self.dice.between(1, 6)),
            (Outcome::Open, _) => self.today.add_days(self.dice.between(-12, 75)),
            _ => end.add_days(self.dice.between(-15, 20)),
        };
        let mut after = at;
        let entered = self.moment(sale.start, &mut after);
        let product = self.dice.pick(&words::PRODUCTS);
        self.push(entered, hat, Deed::EnterOpportunity { key, customer, product, amount, close_on });
        let mut day = sale.start;
        for (stage, stay) in sale.stays.iter().enumerate() {
            let contacts = if *stay >= 6 { self.dice.between(1, 2) } else { 1 };
            for number in 1..=contacts {
                let on = day.add_days(stay * number / (contacts + 1));
                self.contact(hat, about, on, stage, sale.outcome != Outcome::Open, &mut after);
            }
            day = day.add_days(*stay);
            let last = stage + 1 == sale.stays.len();
            if last && sale.outcome == Outcome::Open {
                break;
            }
            let moved = self.moment(day, &mut after);
            let deed = match (last, sale.outcome) {
                (false, _) => Deed::Move { opportunity: key, stage: STAGES[stage + 1] },
                (true, Outcome::Lost) => Deed::Lose { opportunity: key, reason: self.dice.pick(&words::LOST_REASONS) },
                (true, _) => {
                    let amount = Money::from_fen(amount.fen() / 100_000 * self.dice.between(82, 104) * 1_000);
                    let on = moved.day_in(&self.zone);
                    self.won.push((self.hats[hat].person, on.first_of_month(), amount.fen()));
                    let customer = self.dice.percent(40).then_some(customer);
                    Deed::Win { opportunity: key, customer, amount, on }
                }
            };
            self.push(moved, hat, deed);
        }
        if sale.outcome == Outcome::Open {
            self.look_ahead(hat, about, ahead, &mut after);
        }
    }

    /// A contact, planned or not, and what came of it.
    fn contact(&mut self, hat: usize, about: About, on: Day, stage: usize, over: bool, after: &mut Instant) {
        if on >= self.today {
            return;
        }
        let method = self.dice.pick(&words::METHODS);
        let next_action = self.dice.pick(&words::NEXT_ACTIONS[stage]);
        let mut plan = None;
        if self.dice.percent(45) {
            let before = on.add_days(-self.dice.between(1, 4));
            let made = self.moment(before, after);
            let starts_at = self.moment(on, after);
            if starts_at.ms_since(made) >= 3_600_000 {
                let key = self.plot.plans;
                self.plot.plans += 1;
                let ends_at = starts_at.plus_ms(45 * 60_000);
                let content = self.dice.pick(&words::NEXT_ACTIONS[stage]);
                self.push(made, hat, Deed::Plan { key, about, starts_at, ends_at, method, content, owner: hat });
                match self.dice.between(1, 100) {
                    1..=4 => return,
                    5..=9 => {
                        let at = made.plus_ms(30 * 60_000);
                        return self.push(at, hat, Deed::CallOff { plan: key });
                    }
                    _ => plan = Some(key),
                }
                *after = ends_at.min(self.now);
            }
        }
        let at = self.moment(on, after);
        let due = on.add_days(self.dice.between(2, 6));
        let task = (over && self.dice.percent(12) && due.add_days(2) < self.today).then(|| {
            let key = self.plot.tasks;
            self.plot.tasks += 1;
            (key, due)
        });
        let contacted_at = (plan.is_none() && self.dice.percent(4)).then(|| at.plus_ms(-30 * 3_600_000));
        let result = self.dice.pick(&words::RESULTS[stage]);
        self.push(at, hat, Deed::Record { about, plan, contact: Contact { contacted_at, method, result, next_action, task } });
        if let Some((task, due)) = task {
            let mut later = at;
            let finished = self.moment(due, &mut later);
            let feedback = self.dice.pick(&words::FEEDBACK);
            self.push(finished, hat, Deed::Finish { task, feedback });
        }
    }

    /// The next step of what is still open (S63).
    fn look_ahead(&mut self, hat: usize, about: About, ahead: Ahead, after: &mut Instant) {
        let recently = self.today.add_days(-self.dice.between(1, 3));
        match ahead {
            Ahead::Nothing => {}
            Ahead::Task => {
                let due = self.today.add_days(self.dice.between(1, 9));
                let at = self.moment(recently, after);
                self.task(at, hat, hat, Some(about), due);
            }
            Ahead::Plan => {
                let days = self.dice.between(1, 12);
                let on = self.working_day(self.today.add_days(days));
                let hour = self.dice.between(9, 16) as i8;
                self.plan(hat, about, Instant::at(on, hour, 30, &self.zone), hat, recently, after);
            }
            Ahead::PlanToday => {
                let hour = self.dice.pick(&[10_i8, 14, 15, 16]);
                self.plan(hat, about, Instant::at(self.today, hour, 0, &self.zone), hat, recently.add_days(-1), after);
                if self.dice.percent(50) {
                    let on = self.working_day(self.today.add_days(1));
                    self.plan(hat, about, Instant::at(on, 9, 30, &self.zone), hat, recently, after);
                }
            }
        }
    }

    fn working_day(&self, day: Day) -> Day {
        let weekday = day.monday().days_until(day);
        if weekday > 4 { day.add_days(7 - weekday) } else { day }
    }

    fn plan(&mut self, hat: usize, about: About, starts_at: Instant, owner: usize, made_on: Day, after: &mut Instant) {
        let at = self.moment(made_on, after);
        if at > starts_at {
            return;
        }
        let key = self.plot.plans;
        self.plot.plans += 1;
        let stage = self.dice.between(0, 3) as usize;
        let (method, content) = (self.dice.pick(&words::METHODS), self.dice.pick(&words::NEXT_ACTIONS[stage]));
        let ends_at = starts_at.plus_ms(3_600_000);
        self.push(at, hat, Deed::Plan { key, about, starts_at, ends_at, method, content, owner });
    }

    fn task(&mut self, at: Instant, giver: usize, to: usize, about: Option<About>, due: Day) -> usize {
        let key = self.plot.tasks;
        self.plot.tasks += 1;
        let (kind, content) = self.dice.pick(&words::TASKS);
        self.push(at, giver, Deed::Give { key, kind, content, about, to, due });
        key
    }

    /// First contacts with new customers; the quiet ones heard nothing since.
    fn stay_in_touch(&mut self) {
        for key in 0..self.customers.len() {
            let Entered { hat, on, at, quiet, .. } = self.customers[key];
            if quiet || self.dice.percent(45) {
                let day = on.add_days(self.dice.between(1, 8));
                self.contact(hat, About::Customer(key), day, 0, true, &mut at.plus_ms(3_600_000));
            }
            if quiet && key >= self.sellers().len() && self.dice.percent(35) {
                let on = self.today.add_days(-self.dice.between(3, 25));
                let at = self.moment(on, &mut at.plus_ms(14 * 86_400_000));
                self.push(at, hat, Deed::Pause { customer: key });
            }
        }
    }

    /// Customers shared with colleagues, and some handed over yesterday.
    fn work_together(&mut self) {
        let sellers: Vec<usize> = self.sellers().into_iter().filter(|hat| self.role(*hat) == Role::Sales).collect();
        for key in 0..self.customers.len() {
            let Entered { hat, at, .. } = self.customers[key];
            let with = self.dice.pick(&sellers);
            if self.hats[with].team != self.hats[hat].team && self.hats[with].person != self.hats[hat].person && self.dice.percent(7) {
                let edit = self.dice.percent(30);
                self.push(at.plus_ms(2 * 3_600_000), hat, Deed::Share { customer: key, with, edit });
            }
        }
        for team in 4..cast::TEAMS.len() {
            let Some(leader) = cast::leader_of(team) else { continue };
            let spare = (LEAST * self.sellers().len()..self.customers.len()).find(|key| {
                let entered = self.customers[*key];
                !entered.busy
                    && self.hats[entered.hat].team == team
                    && self.role(entered.hat) == Role::Sales
                    && entered.on < self.today.add_days(-20)
            });
            let colleague = |but: usize| sellers.iter().copied().find(|hat| self.hats[*hat].team == team && *hat != but);
            if let Some(customer) = spare
                && let Some(to) = colleague(self.customers[customer].hat)
            {
                let at = self.moment(self.today.add_days(-1), &mut Instant::from_ms(0));
                self.push(at, leader, Deed::HandOver { customer, to });
            }
        }
    }

    /// Tasks: the ones of the past, done; today's, some of them late.
    fn give_tasks(&mut self, past: usize) {
        for hat in self.sellers() {
            let giver = |author: &mut Author| match cast::leader_of(author.hats[hat].team) {
                Some(leader) if author.dice.percent(50) => leader,
                _ if author.dice.percent(20) => DIRECTOR,
                _ => hat,
            };
            for _ in 0..past {
                let given = self.today.add_days(-self.dice.between(15, HISTORY - 20));
                let due = given.add_days(self.dice.between(3, 10));
                let by = giver(self);
                let mut after = Instant::from_ms(0);
                let at = self.moment(given, &mut after);
                let task = self.task(at, by, hat, None, due);
                let on = due.add_days(self.dice.between(-1, 1));
                let finished = self.moment(on, &mut after);
                let feedback = self.dice.pick(&words::FEEDBACK);
                self.push(finished, hat, Deed::Finish { task, feedback });
            }
            let late = self.today.add_days(-self.dice.between(1, 5));
            let soon = self.today.add_days(self.dice.between(2, 9));
            for (due, ahead) in [(late, 5), (self.today, 4), (soon, 0)] {
                let by = giver(self);
                let given = due.min(self.today).add_days(-ahead - self.dice.between(1, 3));
                let mut after = Instant::from_ms(0);
                let at = self.moment(given, &mut after);
                let task = self.task(at, by, hat, None, due);
                if due > self.today && self.dice.percent(60) {
                    self.push(at.plus_ms(3_600_000), hat, Deed::Start { task });
                }
            }
        }
    }

    /// What waits today for those who do not sell: finance reads, and is asked.
    fn look_at_today(&mut self) {
        for (due, given) in [(-2, -8), (0, -3), (4, -1)] {
            let at = self.moment(self.today.add_days(given), &mut Instant::from_ms(0));
            let (kind, content) = ("other", "核对本月回款与合同金额");
            let key = self.plot.tasks;
            self.plot.tasks += 1;
            self.push(at, DIRECTOR, Deed::Give { key, kind, content, about: None, to: FINANCE, due: self.today.add_days(due) });
        }
        let directors = self.customers.iter().rposition(|entered| entered.hat == DIRECTOR);
        if let Some(customer) = directors {
            let starts_at = Instant::at(self.today, 15, 30, &self.zone);
            let mut after = self.customers[customer].at;
            self.plan(DIRECTOR, About::Customer(customer), starts_at, FINANCE, self.today.add_days(-2), &mut after);
        }
    }

    /// Targets of every month since the history began up to the end of this quarter, near what was really won.
    fn set_targets(&mut self) {
        let first = self.today.add_days(-HISTORY).first_of_month();
        let end = self.today.first_of_quarter().add_months(3);
        let half_a_year_ago = self.today.add_days(-180).first_of_month();
        let people: Vec<usize> = (DIRECTOR..cast::PEOPLE.len()).filter(|person| *person != FINANCE).collect();
        let mut month = first;
        while month < end {
            let quarter = month.first_of_quarter().max(first);
            let at = Instant::at(quarter, 9, 0, &self.zone);
            let mut by_team = [0_i64; cast::TEAMS.len()];
            for person in &people {
                let lately = self.won.iter().filter(|(who, month, _)| who == person && *month >= half_a_year_ago);
                let usual = (lately.map(|(.., fen)| fen).sum::<i64>() / 6).max(8_000_000);
                // The company grows, and its targets with it.
                let growth = 55 + 55 * first.days_until(month) / HISTORY;
                let fen = usual / 100 * (growth + self.dice.between(-10, 15)) / 1_000_000 * 1_000_000 + 1_000_000;
                self.push(at, DIRECTOR, Deed::Target { month, owner: TargetOwner::User, of: *person, amount: Money::from_fen(fen) });
                let mut team = Some(cast::PEOPLE[*person].teams[0]);
                while let Some(at) = team {
                    by_team[at] += fen;
                    team = cast::TEAMS[at].above;
                }
            }
            for (team, fen) in by_team.into_iter().enumerate().skip(1) {
                self.push(at, DIRECTOR, Deed::Target { month, owner: TargetOwner::Team, of: team, amount: Money::from_fen(fen) });
            }
            self.push(at, DIRECTOR, Deed::Target { month, owner: TargetOwner::Company, of: 0, amount: Money::from_fen(by_team[0]) });
            month = month.add_months(1);
        }
    }

    /// The morning reminders of the last days, and when everybody last read the messages.
    fn keep_house(&mut self) {
        for ago in 0..8 {
            let at = Instant::at(self.today.add_days(-ago), 9, 0, &self.zone);
            if at <= self.now {
                self.push(at, DIRECTOR, Deed::RemindOfOverdue);
            }
        }
        let yesterday = self.today.add_days(-1);
        let weekend = (yesterday.monday().days_until(yesterday) - 4).max(0);
        let read = Instant::at(yesterday.add_days(-weekend), 8, 30, &self.zone);
        for hat in 0..cast::PEOPLE.len() {
            self.push(read, hat, Deed::ReadMessages);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(seed: u64) -> Script {
        Script { seed, now: Instant::parse("2024-03-18T09:00:00+08:00").unwrap(), customers: 400 }
    }

    #[test]
    fn the_same_script_tells_the_same() {
        let zone = BusinessZone::default();
        let told = |seed| format!("{:?}", write(&script(seed), &zone));
        assert_eq!(told(1), told(1));
        assert_ne!(told(1), told(2));
    }

    #[test]
    fn the_year_is_a_plausible_one() {
        let plot = write(&script(1), &BusinessZone::default());
        let count = |of: fn(&Deed) -> bool| plot.acts.iter().filter(|act| of(&act.deed)).count();
        assert_eq!((plot.customers, plot.opportunities), (400, 600));
        let won = count(|deed| matches!(deed, Deed::Win { .. }));
        let lost = count(|deed| matches!(deed, Deed::Lose { .. }));
        assert!((150..=240).contains(&won), "{won} won");
        assert!((90..=240).contains(&lost), "{lost} lost");
        assert!(plot.acts.is_sorted_by_key(|act| act.at));
        assert!(plot.acts.iter().all(|act| act.at <= script(1).now));
    }
}
