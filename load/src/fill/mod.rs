//! A company of any size, straight into the database: what lists, searches and reports meet after years of use.
//!
//! Everything about a record follows from its place in the row of its kind, so that the same command gives the same company and no
//! table has to be kept in mind while another is written.

mod sink;
mod words;

use std::path::Path;

use chengdan::platform::full_text::{owner_gram, team_gram};
use chengdan::platform::types::grams::{Findable, index_grams};
use chengdan::platform::types::{BusinessZone, Day, Instant, NameKeys, name};

use self::sink::{Cell, Sink};
use crate::Result;
use crate::server::{self, Server};

const DAY_MS: i64 = 86_400_000;
/// The company has been in business for three years.
const DAYS: i64 = 3 * 365;
const TEAMS: i64 = 44;
const REGIONS: i64 = 4;

/// How much of everything.
pub struct Size {
    pub customers: i64,
    pub follow_ups: i64,
    pub opportunities: i64,
    pub people: i64,
    pub shares: i64,
}

/// Fills the database at `url` (the one in `data` when none is given), which must be empty: the product makes its tables first.
pub fn run(binary: &Path, data: &Path, url: Option<&str>, size: &Size) -> Result<()> {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--data-dir"].map(Into::into).into_iter().chain([data.to_owned()]);
    let chosen = url.map(|url| ["--database-url".into(), url.into()]).into_iter().flatten();
    let server = Server::start_with(binary, arguments.chain(chosen))?;
    server.set_up()?;
    server.kill()?;
    let own = format!("sqlite:{}", data.join("chengdan.db").display());
    let mut company = Company::new(Sink::open(url.unwrap_or(&own))?, size)?;
    company.people()?;
    company.customers()?;
    company.opportunities()?;
    company.follow_ups()?;
    let mut sink = company.sink;
    eprint!("indexes … ");
    let begun = std::time::Instant::now();
    for index in &company.indexes {
        sink.run(index)?;
    }
    sink.finish(&["users", "teams", "customers", "contacts", "shares", "opportunities", "stage_changes", "follow_ups"])?;
    eprintln!("{:.1} s", begun.elapsed().as_secs_f64());
    println!(
        "log in as {}, F0001 (director), M0001 (44 teams), M0003 (a region), M0002 (one team), S0001 … with {}",
        server::EMPLOYEE_NUMBER,
        server::PASSWORD
    );
    Ok(())
}

struct Company<'s> {
    sink: Sink,
    size: &'s Size,
    /// How the indexes that were taken away are made again.
    indexes: Vec<String>,
    now: i64,
    zone: BusinessZone,
    first_user: i64,
    first_team: i64,
    first_sales: i64,
    industries: Vec<i64>,
    regions: Vec<i64>,
    sources: Vec<i64>,
    tags: Vec<i64>,
}

/// A number below `below` that belongs to `place` and `what`, the same every time.
fn chosen(place: i64, what: u64, below: i64) -> i64 {
    let mut mixed = (place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ what.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) % below.max(1) as u64) as i64
}

/// The same, small numbers more often than large ones.
fn skewed(place: i64, what: u64, below: i64) -> i64 {
    let part = chosen(place, what, 1 << 20) as f64 / (1 << 20) as f64;
    ((part * part * below as f64) as i64).min(below - 1)
}

impl<'s> Company<'s> {
    fn new(mut sink: Sink, size: &'s Size) -> Result<Company<'s>> {
        let indexes = sink.drop_indexes(&[
            "customers",
            "customer_tags",
            "customer_sources",
            "contacts",
            "shares",
            "opportunities",
            "stage_changes",
            "follow_ups",
            "customer_search",
            "opportunity_search",
        ])?;
        for number in 1..=40 {
            let tag = format!("标签{number}");
            sink.run(&format!("insert into tags (name, name_fold) values ('{tag}', '{tag}')"))?;
        }
        let mut entries = |kind: &str| sink.ints(&format!("select id from dictionary_entries where kind = '{kind}' order by id"));
        let (industries, regions, sources) = (entries("industry")?, entries("region")?, entries("source_channel")?);
        Ok(Company {
            indexes,
            now: std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis() as i64,
            zone: BusinessZone::default(),
            first_user: sink.int("select max(id) + 1 from users")?,
            first_team: sink.int("select max(id) + 1 from teams")?,
            first_sales: 0,
            tags: sink.ints("select id from tags order by id")?,
            industries,
            regions,
            sources,
            sink,
            size,
        })
    }

    fn day(&self, at: i64) -> Day {
        Instant::from_ms(at).day_in(&self.zone)
    }

    /// The sales person who owns a record, and that person's team.
    fn owner(&self, place: i64) -> (i64, i64) {
        let nth = skewed(place, 1, self.size.people);
        (self.first_sales + nth, self.team_of(nth))
    }

    fn team_of(&self, sales: i64) -> i64 {
        self.first_team + REGIONS + sales % (TEAMS - REGIONS)
    }

    fn people(&mut self) -> Result<()> {
        let (first_team, now) = (self.first_team, self.now);
        let team = move |nth: i64| {
            let (text, parent) = match nth {
                nth if nth < REGIONS => (format!("{}大区", words::REGIONS[nth as usize]), 1),
                nth => (format!("销售{}组", nth - REGIONS + 1), first_team + nth % REGIONS),
            };
            let kind = if nth < REGIONS { "region" } else { "team" };
            vec![(first_team + nth).into(), text.clone().into(), text.into(), parent.into(), kind.into(), now.into()]
        };
        self.sink.fill("teams", &["id", "name", "name_fold", "parent_id", "kind", "created_at"], (0..TEAMS).map(team))?;

        let password = self.sink.text("select password_hash from users order by id limit 1")?;
        let special = [
            ("F0001", "sales_director", 1),
            ("M0001", "sales_manager", 1),
            ("M0002", "sales_manager", first_team + REGIONS),
            ("M0003", "sales_manager", first_team),
        ];
        self.first_sales = self.first_user + special.len() as i64;
        let people: Vec<(i64, String, &'static str, i64)> = special
            .iter()
            .map(|(number, role, team)| ((*number).to_owned(), *role, *team))
            .chain((0..self.size.people).map(|nth| (format!("S{:04}", nth + 1), "sales", self.team_of(nth))))
            .zip(self.first_user..)
            .map(|((number, role, team), id)| (id, number, role, team))
            .collect();
        let columns =
            ["id", "employee_number", "employee_key", "name", "role", "password_hash", "must_change_password", "created_at", "updated_at"];
        self.sink.fill(
            "users",
            &columns,
            people.iter().map(|(id, number, role, _)| {
                let person = words::person(*id);
                vec![
                    (*id).into(),
                    number.clone().into(),
                    number.to_lowercase().into(),
                    person.into(),
                    (*role).into(),
                    password.clone().into(),
                    false.into(),
                    now.into(),
                    now.into(),
                ]
            }),
        )?;
        self.sink.fill("team_members", &["team_id", "user_id"], people.iter().map(|(id, _, _, team)| vec![(*team).into(), (*id).into()]))
    }

    /// When the customer at a place was entered, in ms.
    fn entered(&self, place: i64) -> i64 {
        self.now - DAYS * DAY_MS + place * DAYS * DAY_MS / self.size.customers - DAY_MS
    }

    /// The last contact with a customer, in ms; none for one in seven.
    fn last_contact(&self, place: i64) -> Option<i64> {
        if place >= self.size.follow_ups || chosen(place, 2, 7) == 0 {
            return None;
        }
        let since = (self.now - self.entered(place)).max(1);
        Some(self.now - skewed(place, 3, since))
    }

    fn customers(&mut self) -> Result<()> {
        let first = 1_i64;
        let last = self.size.customers;
        let mut sink = std::mem::replace(&mut self.sink, Sink::open("sqlite::memory:")?);
        let this = &*self;
        let mut counted = (Day::parse("1900-01-01").map_err(|_| "a day")?, 0_i64);
        let columns = [
            "id",
            "number",
            "number_key",
            "name",
            "name_fold",
            "name_variant",
            "name_key",
            "contact_name",
            "phone",
            "email",
            "industry_id",
            "region_id",
            "primary_source_id",
            "requirement",
            "requirement_changed_on",
            "status",
            "follow_up_status",
            "owner_id",
            "team_id",
            "last_contact_on",
            "last_followed_up_at",
            "created_at",
            "created_on",
            "created_by",
            "updated_at",
        ];
        let rows = (0..last).map(|place| {
            let entered = this.entered(place);
            let day = this.day(entered);
            counted = if counted.0 == day { (day, counted.1 + 1) } else { (day, 1) };
            let (owner, team) = this.owner(place);
            let text = words::company(place);
            let contact = this.last_contact(place);
            let days = day.to_string();
            let compact: String = days.chars().filter(char::is_ascii_digit).collect();
            let status = ["potential", "potential", "potential", "active", "active", "won", "lost"][chosen(place, 4, 7) as usize];
            let changed = (chosen(place, 5, 4) == 0).then(|| this.day(this.now - skewed(place, 6, DAYS * DAY_MS)));
            vec![
                (first + place).into(),
                format!("CUST{compact}{:03}", counted.1).into(),
                (compact.parse::<i64>().unwrap_or_default() * 1_000_000 + counted.1).into(),
                text.clone().into(),
                name::fold(&text).into(),
                name::variant_fold(&text).into(),
                NameKeys::of(&text).full.into(),
                words::person(place).into(),
                words::phone(place).into(),
                "".into(),
                this.industries[chosen(place, 7, this.industries.len() as i64) as usize].into(),
                Cell::from((chosen(place, 8, 9) > 0).then(|| this.regions[skewed(place, 9, this.regions.len() as i64) as usize])),
                this.sources[skewed(place, 10, this.sources.len() as i64) as usize].into(),
                if changed.is_some() { "需要移动端审批与报表".into() } else { "".into() },
                changed.map_or_else(String::new, |day| day.to_string()).into(),
                status.into(),
                if contact.is_some() { "in_progress".into() } else { "not_started".into() },
                owner.into(),
                team.into(),
                contact.map_or(day, |at| this.day(at)).to_string().into(),
                contact.unwrap_or(0).into(),
                entered.into(),
                days.into(),
                owner.into(),
                contact.unwrap_or(entered).max(this.now - skewed(place, 11, this.now - entered)).into(),
            ]
        });
        sink.fill("customers", &columns, rows)?;
        sink.fill(
            "contacts",
            &["customer_id", "name", "phone", "is_primary", "created_at"],
            (0..last).map(|place| {
                let (person, phone) = (words::person(place), words::phone(place));
                vec![(first + place).into(), person.into(), phone.into(), true.into(), this.entered(place).into()]
            }),
        )?;
        sink.fill(
            "customer_sources",
            &["customer_id", "entry_id", "position"],
            (0..last).map(|place| {
                let source = this.sources[skewed(place, 10, this.sources.len() as i64) as usize];
                vec![(first + place).into(), source.into(), 0_i64.into()]
            }),
        )?;
        sink.fill(
            "customer_tags",
            &["customer_id", "tag_id"],
            (0..last * 2).filter_map(|turn| {
                let place = turn / 2;
                let half = this.tags.len() as i64 / 2;
                let nth = skewed(place, 12 + (turn % 2) as u64, half) + (turn % 2) * half;
                (chosen(turn, 14, 3) > 0).then(|| vec![(first + place).into(), this.tags[nth as usize].into()])
            }),
        )?;
        sink.fill_search(
            "customer_search",
            (0..last).map(|place| {
                let (company, person, phone) = (words::company(place), words::person(place), words::phone(place));
                let day = this.day(this.entered(place)).to_string().replace('-', "");
                let record =
                    Findable { names: &[&company, &person], texts: &[], phones: &[&phone], numbers: &[&format!("CUST{day}{place}")] };
                let (owner, team) = this.owner(place);
                (first + place, [index_grams(&record), vec![owner_gram(owner), team_gram(team)]].concat().join(" "))
            }),
        )?;
        sink.fill(
            "shares",
            &["customer_id", "grantee_key", "access", "created_at"],
            (0..this.size.shares.min(last)).map(|nth| {
                let place = nth * (last / this.size.shares.max(1)).max(1);
                let person = this.first_sales + chosen(nth, 15, this.size.people);
                let grantee = if chosen(nth, 16, 10) == 0 { -this.team_of(chosen(nth, 17, this.size.people)) } else { person };
                let access = if nth % 2 == 0 { "read" } else { "edit" };
                vec![(first + place).into(), grantee.into(), access.into(), this.now.into()]
            }),
        )?;
        self.sink = sink;
        Ok(())
    }

    fn opportunities(&mut self) -> Result<()> {
        let (count, customers) = (self.size.opportunities, self.size.customers);
        let mut sink = std::mem::replace(&mut self.sink, Sink::open("sqlite::memory:")?);
        let this = &*self;
        let begun = |place: i64| this.now - DAYS * DAY_MS + place * (DAYS - 1) * DAY_MS / count.max(1);
        /// The way of the opportunity at a place through the stages: how far it came, and how it ended.
        fn reached(place: i64) -> (usize, Option<&'static str>) {
            match chosen(place, 20, 10) {
                0..=1 => (4, Some("won")),
                2..=4 => (chosen(place, 21, 4) as usize + 1, Some("lost")),
                _ => (chosen(place, 21, 4) as usize + 1, None),
            }
        }
        let pace = |place: i64, step: i64| begun(place) + (chosen(place, 22, 20) + 3) * step * DAY_MS * 2 / 3;
        let stages = ["initial_contact", "needs_analysis", "proposal", "negotiation"];
        let mut counted = (Day::parse("1900-01-01").map_err(|_| "a day")?, 0_i64);
        let columns = [
            "id",
            "number",
            "number_key",
            "name",
            "name_fold",
            "name_key",
            "pipeline_id",
            "customer_id",
            "expected_amount",
            "owner_id",
            "team_id",
            "stage",
            "status",
            "expected_close_on",
            "won_amount",
            "won_on",
            "won_by",
            "won_team_id",
            "lost_reason",
            "entered_stage_at",
            "created_at",
            "created_by",
            "updated_at",
            "reached_1",
            "reached_2",
            "reached_3",
            "reached_4",
            "reached_5",
            "last_reached_at",
        ];
        let rows = (0..count).map(|place| {
            let at = begun(place);
            let day = this.day(at);
            counted = if counted.0 == day { (day, counted.1 + 1) } else { (day, 1) };
            let customer = chosen(place, 23, customers);
            let (owner, team) = this.owner(customer);
            let compact = day.to_string().replace('-', "");
            let text = format!("{}{}", words::company(customer), words::PROJECTS[chosen(place, 24, 8) as usize]);
            let (far, end) = reached(place);
            let steps = far as i64 - 1 + i64::from(end.is_some());
            let moved = pace(place, steps).min(this.now - 60_000);
            let amount = (skewed(place, 25, 5_000) + 5) * 100_000;
            let won = end == Some("won");
            // Losing reaches nothing.
            let last = if won { steps } else { far as i64 - 1 };
            let reached = |step: i64| if step <= last { pace(place, step).min(this.now - 60_000) } else { 0 };
            vec![
                (1 + place).into(),
                format!("OPP{compact}{:03}", counted.1).into(),
                (compact.parse::<i64>().unwrap_or_default() * 1_000_000 + counted.1).into(),
                text.clone().into(),
                name::fold(&text).into(),
                NameKeys::of(&text).full.into(),
                1_i64.into(),
                (1 + customer).into(),
                amount.into(),
                owner.into(),
                team.into(),
                end.unwrap_or(stages[far - 1]).into(),
                end.unwrap_or("open").into(),
                this.day(at + (30 + chosen(place, 26, 90)) * DAY_MS).to_string().into(),
                Cell::from(won.then_some(amount)),
                Cell::from(won.then(|| this.day(moved).to_string())),
                Cell::from(won.then_some(owner)),
                Cell::from(won.then_some(team)),
                Cell::from((end == Some("lost")).then_some("价格过高")),
                moved.into(),
                at.into(),
                owner.into(),
                moved.into(),
                reached(0).into(),
                reached(1).into(),
                reached(2).into(),
                reached(3).into(),
                reached(4).into(),
                reached(last).into(),
            ]
        });
        sink.fill("opportunities", &columns, rows)?;
        let changes = (0..count).flat_map(|place| {
            let (far, end) = reached(place);
            let (owner, _) = this.owner(chosen(place, 23, customers));
            let way: Vec<&'static str> = stages[..far].iter().copied().chain(end).collect();
            (0..way.len()).map(move |step| {
                let from = step.checked_sub(1).map(|before| way[before]);
                (place, step as i64, from, way[step], owner)
            })
        });
        sink.fill(
            "stage_changes",
            &["opportunity_id", "from_stage", "to_stage", "at", "by_id", "seconds_in_previous"],
            changes.map(|(place, step, from, to, owner)| {
                let at = pace(place, step).min(this.now - 60_000);
                let stay = from.map(|_| (at - pace(place, step - 1).min(this.now - 60_000)) / 1000);
                vec![(1 + place).into(), from.into(), to.into(), at.into(), owner.into(), stay.into()]
            }),
        )?;
        sink.fill_search(
            "opportunity_search",
            (0..count).map(|place| {
                let text = format!("{}{}", words::company(chosen(place, 23, customers)), words::PROJECTS[chosen(place, 24, 8) as usize]);
                let record = Findable { names: &[&text], texts: &[], phones: &[], numbers: &[&format!("OPP{place}")] };
                let (owner, team) = this.owner(chosen(place, 23, customers));
                (1 + place, [index_grams(&record), vec![owner_gram(owner), team_gram(team)]].concat().join(" "))
            }),
        )?;
        self.sink = sink;
        Ok(())
    }

    /// The contacts of every customer in turn, the latest first, evenly back to when it was entered.
    fn follow_ups(&mut self) -> Result<()> {
        let (count, customers) = (self.size.follow_ups, self.size.customers);
        let each = (count / customers.max(1)).max(1);
        let mut sink = std::mem::replace(&mut self.sink, Sink::open("sqlite::memory:")?);
        let this = &*self;
        let columns = [
            "customer_id",
            "author_id",
            "method",
            "contacted_at",
            "contacted_on",
            "result",
            "next_action",
            "late_entry",
            "created_at",
            "updated_at",
        ];
        let rows = (0..count).filter_map(|turn| {
            let (place, before) = (turn % customers, turn / customers);
            let last = this.last_contact(place)?;
            let at = last - before * (last - this.entered(place)) / each;
            let method = ["phone_call", "on_site_visit", "online_meeting", "wechat"][chosen(turn, 30, 4) as usize];
            Some(vec![
                (1 + place).into(),
                this.owner(place).0.into(),
                method.into(),
                at.into(),
                this.day(at).to_string().into(),
                "客户对方案感兴趣，需补充报价与实施周期".into(),
                "补充报价".into(),
                false.into(),
                at.into(),
                at.into(),
            ])
        });
        sink.fill("follow_ups", &columns, rows)?;
        self.sink = sink;
        Ok(())
    }
}
