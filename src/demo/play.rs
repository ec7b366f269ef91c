//! Lets the history happen: every act is done by its person, at its time, through the verb of its room. So numbers, logs, messages
//! and figures are those of real work.

use super::cast::{self, COMPANY, Hat, PEOPLE, TEAMS};
use super::plot::{About, Act, Deed, NewCustomer, Plot};
use super::{plot, words};
use crate::channels::ledger;
use crate::customers::model::{CustomerDraft, FollowUpStatus, Status};
use crate::customers::{self, contacts, shares};
use crate::error::{Error, Result};
use crate::follow_ups::model::{FollowUpDraft, NextAs, PlanDraft, PlanEdit, PlanStatus};
use crate::follow_ups::{RemindPlan, plans, records};
use crate::identity::model::{TeamDraft, TeamKind, UserDraft};
use crate::identity::{self, Role, teams, users};
use crate::opportunities::model::{OpportunityDraft, StageChange, WinDraft};
use crate::platform::db::{Tx, sql};
use crate::platform::draft::{Choice, Given};
use crate::platform::jobs::Job;
use crate::platform::types::{BusinessZone, Instant};
use crate::platform::work::{Actor, Work};
use crate::settings::model::{CompanyDraft, EntryDraft, TargetDraft, TargetOwner};
use crate::settings::{self, Kind};
use crate::tasks::model::{Completion, TaskDraft, TaskEdit};
use crate::{notifications, opportunities, tasks};

fn given<T>(value: T) -> Given<T> {
    Given::Value(value)
}

fn some<T>(value: Option<T>) -> Given<T> {
    value.map_or(Given::Absent, Given::Value)
}

/// The company while its history happens: the ids of what was made so far.
pub struct Play {
    zone: BusinessZone,
    hats: Vec<Hat>,
    actors: Vec<Actor>,
    people: Vec<i64>,
    teams: Vec<i64>,
    customers: Vec<i64>,
    opportunities: Vec<i64>,
    plans: Vec<i64>,
    tasks: Vec<i64>,
}

/// Makes the company and lets everything happen, in the transaction of `tx`.
pub fn perform(tx: &mut Tx, script: &plot::Script, plot: &Plot, zone: &BusinessZone, password_hash: &str) -> Result<()> {
    let opening = plot.acts.first().map_or(script.now, |act| act.at).plus_ms(-3 * 86_400_000);
    let mut play = Play::cast(tx, opening, zone, password_hash)?;
    play.customers = vec![0; plot.customers];
    play.opportunities = vec![0; plot.opportunities];
    play.plans = vec![0; plot.plans];
    play.tasks = vec![0; plot.tasks];
    for act in &plot.acts {
        let mut work = Work::new(tx, play.actors[act.who].clone(), act.at, zone.clone());
        play.act(&mut work, act).map_err(|error| Error::internal(format!("{act:?}: {error}")))?;
    }
    remind(tx, script.now, zone)
}

impl Play {
    /// Teams, people, dictionary values: what is there before anybody sells.
    fn cast(tx: &mut Tx, at: Instant, zone: &BusinessZone, password_hash: &str) -> Result<Play> {
        let mut work = Work::new(tx, Actor::system("demo"), at, zone.clone());
        let version = settings::company(&mut work)?.version;
        settings::edit_company(&mut work, version, &CompanyDraft { company_name: given(COMPANY.into()), ..CompanyDraft::default() })?;
        let mut team_ids = Vec::new();
        for part in &TEAMS {
            let id = match part.above {
                None => teams::create_root(&mut work, part.name)?,
                Some(above) => {
                    let kind = if above == 0 { TeamKind::Region } else { TeamKind::Team };
                    let draft = TeamDraft {
                        name: given(part.name.into()),
                        parent_id: given(team_ids[above]),
                        kind: given(kind),
                        region: some(part.region.map(|region| Choice::Name(region.into()))),
                        ..TeamDraft::default()
                    };
                    teams::create(&mut work, &draft)?.id
                }
            };
            team_ids.push(id);
        }
        let mut people = Vec::new();
        for (position, part) in PEOPLE.iter().enumerate() {
            let draft = UserDraft {
                employee_number: given(part.number.into()),
                name: given(part.name.into()),
                phone: given(format!("1990001{position:04}")),
                email: given(format!("{}@example.com", part.number.to_lowercase())),
                role: given(part.role),
                ..UserDraft::default()
            };
            let id = users::create_first(&mut work, &draft, password_hash, team_ids[part.teams[0]])?;
            if part.teams.len() > 1 {
                let all = part.teams.iter().map(|team| team_ids[*team]).collect();
                users::edit(&mut work, id, 1, &UserDraft { team_ids: given(all), ..UserDraft::default() })?;
            }
            people.push(id);
        }
        for (team, id) in team_ids.iter().enumerate() {
            if let Some(leader) = cast::leader_of(team) {
                let version = teams::get(&mut work, *id)?.version;
                teams::edit(&mut work, *id, version, &TeamDraft { manager_id: given(people[leader]), ..TeamDraft::default() })?;
            }
        }
        fill_dictionaries(&mut work)?;
        let hats = cast::hats();
        let mut actors = Vec::new();
        for hat in &hats {
            let actor = identity::as_person(&mut work, people[hat.person], |work| Ok(work.actor.clone()))?;
            let mut actor = actor.ok_or_else(|| Error::internal("a person of the demonstration is missing"))?;
            actor.team_id = Some(team_ids[hat.team]);
            actors.push(actor);
        }
        Ok(Play {
            zone: zone.clone(),
            hats,
            actors,
            people,
            teams: team_ids,
            customers: Vec::new(),
            opportunities: Vec::new(),
            plans: Vec::new(),
            tasks: Vec::new(),
        })
    }

    fn person(&self, hat: usize) -> i64 {
        self.people[self.hats[hat].person]
    }

    /// Customer and opportunity as a body names them.
    fn named(&self, about: About) -> (Given<Choice>, Given<Choice>) {
        match about {
            About::Customer(key) => (given(Choice::Id(self.customers[key])), Given::Absent),
            About::Opportunity(key) => (Given::Absent, given(Choice::Id(self.opportunities[key]))),
        }
    }

    fn act(&mut self, work: &mut Work, act: &Act) -> Result<()> {
        match &act.deed {
            Deed::EnterCustomer { key, customer } => {
                self.customers[*key] = customers::create(work, &customer_draft(customer))?.row.id;
            }
            Deed::AddContact { customer, name, phone, title } => {
                let draft = contacts::ContactDraft {
                    name: given(name.clone()),
                    phone: given(phone.clone()),
                    title: given((*title).into()),
                    ..contacts::ContactDraft::default()
                };
                contacts::add(work, self.customers[*customer], &draft)?;
            }
            Deed::Share { customer, with, edit } => {
                let draft = shares::ShareDraft {
                    grantee_type: given(shares::Grantee::User),
                    grantee_id: given(self.person(*with)),
                    access: given(if *edit { shares::Access::Edit } else { shares::Access::Read }),
                    ends_on: Given::Absent,
                };
                shares::share(work, self.customers[*customer], &draft)?;
            }
            Deed::HandOver { customer, to } => {
                let owner_id = given(self.person(*to));
                self.edit_customer(work, *customer, &CustomerDraft { owner_id, ..CustomerDraft::default() })?;
            }
            Deed::Pause { customer } => {
                let follow_up_status = given(FollowUpStatus::Paused);
                self.edit_customer(work, *customer, &CustomerDraft { follow_up_status, ..CustomerDraft::default() })?;
            }
            Deed::EnterOpportunity { key, customer, product, amount, close_on } => {
                let draft = OpportunityDraft {
                    name: given((*product).into()),
                    customer_id: given(self.customers[*customer]),
                    expected_amount: given(*amount),
                    expected_close_date: given(*close_on),
                    ..OpportunityDraft::default()
                };
                self.opportunities[*key] = opportunities::create(work, &draft)?.id;
            }
            Deed::Move { .. } | Deed::Win { .. } | Deed::Lose { .. } => self.move_on(work, &act.deed)?,
            Deed::Plan { key, about, starts_at, ends_at, method, content, owner } => {
                let (customer_id, opportunity_id) = self.named(*about);
                let draft = PlanDraft {
                    customer_id,
                    opportunity_id,
                    starts_at: given(*starts_at),
                    ends_at: given(*ends_at),
                    method: given((*method).into()),
                    content: given((*content).into()),
                    owner_id: given(self.person(*owner)),
                    own_reminders: Given::Absent,
                };
                self.plans[*key] = plans::make(work, &draft)?.id;
            }
            Deed::CallOff { plan } => {
                let id = self.plans[*plan];
                let version = plans::get(work, id)?.version;
                plans::edit(work, id, version, &PlanEdit { status: given(PlanStatus::Cancelled), ..PlanEdit::default() })?;
            }
            Deed::Record { about, plan, contact } => self.record(work, *about, *plan, contact)?,
            Deed::Give { key, kind, content, about, to, due } => {
                let (customer_id, opportunity_id) = about.map_or((Given::Absent, Given::Absent), |about| self.named(about));
                let draft = TaskDraft {
                    kind: given((*kind).into()),
                    content: given((*content).into()),
                    customer_id,
                    opportunity_id,
                    assignee_id: given(self.person(*to)),
                    due_date: given(*due),
                    ..TaskDraft::default()
                };
                self.tasks[*key] = tasks::give(work, &draft)?.id;
            }
            Deed::Start { task } => {
                let (id, version) = self.task(work, *task)?;
                let status = given(tasks::model::Status::InProgress);
                tasks::edit(work, id, version, &TaskEdit { status, ..TaskEdit::default() })?;
            }
            Deed::Finish { task, feedback } => {
                let (id, version) = self.task(work, *task)?;
                tasks::complete(work, id, version, &Completion { feedback: given((*feedback).into()) })?;
            }
            Deed::Target { month, owner, of, amount } => {
                let owner_id = match owner {
                    TargetOwner::Company => Given::Absent,
                    TargetOwner::Team => given(self.teams[*of]),
                    TargetOwner::User => given(self.people[*of]),
                };
                let period = given(format!("{:04}-{:02}", month.year(), month.month()));
                let draft = TargetDraft { period, owner_type: given(*owner), owner_id, amount: given(*amount), ..TargetDraft::default() };
                settings::set_target(work, &draft)?;
            }
            Deed::RemindOfOverdue => {
                let (now, zone) = (work.now(), self.zone.clone());
                tasks::overdue::remind(&mut Work::new(work, Actor::system("job"), now, zone))?;
            }
            Deed::ReadMessages => notifications::read_all(work)?,
        }
        Ok(())
    }

    fn edit_customer(&self, work: &mut Work, customer: usize, draft: &CustomerDraft) -> Result<()> {
        let id = self.customers[customer];
        let version =
            sql("-- unscoped: the demonstration knows what it made\n select version from customers where id = $1").bind(id).one(work)?;
        customers::edit(work, id, version, draft).map(|_| ())
    }

    fn task(&self, work: &mut Work, task: usize) -> Result<(i64, i64)> {
        let id = self.tasks[task];
        Ok((id, sql("-- unscoped: the demonstration knows what it made\n select version from tasks where id = $1").bind(id).one(work)?))
    }

    fn move_on(&self, work: &mut Work, deed: &Deed) -> Result<()> {
        let (opportunity, change) = match deed {
            Deed::Win { opportunity, customer: Some(customer), amount, on } => {
                let id = self.customers[*customer];
                let version = sql("-- unscoped: the demonstration knows what it made\n select version from customers where id = $1")
                    .bind(id)
                    .one(work)?;
                let opportunity = given(Choice::Id(self.opportunities[*opportunity]));
                let draft = WinDraft { deal_date: given(*on), contract_amount: given(*amount), opportunity };
                return opportunities::win_customer(work, id, version, &draft, None).map(|_| ());
            }
            Deed::Win { opportunity, amount, on, .. } => (
                *opportunity,
                StageChange { stage: given("won".into()), won_amount: given(*amount), won_date: given(*on), ..StageChange::default() },
            ),
            Deed::Lose { opportunity, reason } => {
                let competitor =
                    (*reason == words::TO_A_COMPETITOR).then(|| words::COMPETITORS[*opportunity % words::COMPETITORS.len()].into());
                (
                    *opportunity,
                    StageChange {
                        stage: given("lost".into()),
                        lost_reason: given((*reason).into()),
                        competitor: some(competitor),
                        ..StageChange::default()
                    },
                )
            }
            Deed::Move { opportunity, stage } => (*opportunity, StageChange { stage: given((*stage).into()), ..StageChange::default() }),
            _ => return Ok(()),
        };
        let id = self.opportunities[opportunity];
        let version = sql("-- unscoped: the demonstration knows what it made\n select version from opportunities where id = $1")
            .bind(id)
            .one(work)?;
        opportunities::change_stage(work, id, version, &change).map(|_| ())
    }

    fn record(&mut self, work: &mut Work, about: About, plan: Option<usize>, contact: &plot::Contact) -> Result<()> {
        let (customer_id, opportunity_id) = if plan.is_some() { (Given::Absent, Given::Absent) } else { self.named(about) };
        let draft = FollowUpDraft {
            customer_id,
            opportunity_id,
            plan_id: some(plan.map(|plan| self.plans[plan])),
            method: if plan.is_some() { Given::Absent } else { given(contact.method.into()) },
            contacted_at: some(contact.contacted_at),
            result: given(contact.result.into()),
            next_action: given(contact.next_action.into()),
            next_action_due: some(contact.task.map(|(_, due)| due)),
            next_action_as: some(contact.task.map(|_| NextAs::Task)),
            ..FollowUpDraft::default()
        };
        let written = records::record(work, &draft)?;
        if let (Some((key, _)), Some(id)) = (contact.task, written.task_id) {
            self.tasks[key] = id;
        }
        Ok(())
    }
}

fn customer_draft(customer: &NewCustomer) -> CustomerDraft {
    let choices = |names: &[&str]| given(names.iter().map(|name| Choice::Name((*name).into())).collect::<Vec<_>>());
    let region = cast::region_of(customer.company.province);
    CustomerDraft {
        name: given(customer.company.name.into()),
        contact_name: given(customer.contact_name.clone()),
        phone: given(customer.phone.clone()),
        email: some(customer.email.clone()),
        marketing_consent: given(customer.consent),
        industry: given(Choice::Name(customer.company.industry.into())),
        tags: choices(&customer.tags),
        region: given(Choice::Name(region.into())),
        source_channels: choices(&customer.sources),
        source_detail: some(customer.source_detail.clone()),
        address: given(customer.company.province.into()),
        remark: some(customer.remark.map(str::to_owned)),
        requirement: some(customer.requirement.map(str::to_owned)),
        status: given(if customer.in_talks { Status::Active } else { Status::Potential }),
        ..CustomerDraft::default()
    }
}

/// The industries of the listed companies and the tags become values everybody can choose.
fn fill_dictionaries(work: &mut Work) -> Result<()> {
    let mut industries: Vec<&str> = cast::companies().iter().map(|company| company.industry).collect();
    industries.sort_unstable();
    industries.dedup();
    for industry in industries {
        if settings::find_entry(work, Kind::Industry, &Choice::Name(industry.into()))?.is_none() {
            settings::add_entry(work, Kind::Industry, &EntryDraft { name: given(industry.into()), ..EntryDraft::default() })?;
        }
    }
    for tag in words::TAGS {
        settings::add_tag(work, tag)?.map_err(|code| Error::field("name", code))?;
    }
    Ok(())
}

/// Runs the reminders that fell due during the history, each at its own minute, for plans still to come; what was planned and is over
/// needs none any more.
fn remind(tx: &mut Tx, now: Instant, zone: &BusinessZone) -> Result<()> {
    let still: Vec<i64> =
        sql("-- unscoped: reminds everybody of his or her own\n select id from follow_up_plans where status = 'planned' and ends_at > $1")
            .bind(now)
            .all(tx)?;
    let due: Vec<(Instant, String)> =
        sql("select run_at, payload from jobs where kind = 'remind_plan' and run_at <= $1 order by run_at, id").bind(now).all(tx)?;
    sql("delete from jobs where kind = 'remind_plan' and run_at <= $1").bind(now).run(tx)?;
    for (run_at, payload) in due {
        let reminder: RemindPlan = serde_json::from_str(&payload)?;
        if still.contains(&reminder.plan()) {
            reminder.run(&mut Work::new(tx, Actor::system("job"), run_at, zone.clone()))?;
        } else {
            let mut work = Work::new(tx, Actor::system("job"), run_at, zone.clone());
            ledger::cancel(&mut work, ("plan", reminder.plan()), "over")?;
        }
    }
    Ok(())
}

/// The accounts as they are printed.
pub fn accounts() -> Vec<super::Account> {
    PEOPLE
        .iter()
        .map(|part| super::Account {
            employee_number: part.number.to_owned(),
            password: cast::PASSWORD.to_owned(),
            role: Role::word(part.role).to_owned(),
            team: TEAMS[part.teams[0]].name.to_owned(),
        })
        .collect()
}
