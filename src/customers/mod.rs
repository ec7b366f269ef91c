//! Customers, their contacts, and whom they are shared with (客户管理).

mod api;
mod assigned;
mod brief;
mod carried;
mod check;
pub mod completeness;
pub mod contacts;
mod group_api;
mod group_store;
pub mod groups;
pub mod list;
pub mod merging;
pub mod model;
pub mod next_step;
pub mod parse;
mod parse_words;
pub mod requirements;
pub mod saved_filter;
pub mod shares;
mod store;

pub use api::routes;
pub use brief::{Brief, find, find_each, find_each_named, find_named, id_of, lock, note_contact, visible_ids};
pub use carried::Carried;
pub use check::MOST_TAGS;
pub use list::CustomerFilter;
pub use model::{Customer, CustomerDraft, CustomerRow, NextStep, Reason, Status};
pub use store::{index, tag_ids};

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::assignment::{Assign, Round, RuleTarget};
use crate::error::{DuplicateHit, Error, Fields, Refusal, Result, Warning};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity;
use crate::identity::model::Named;
use crate::identity::scope::{self, Owned};
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::draft::{Choice, Given};
use crate::platform::live::Push;
use crate::platform::numbers;
use crate::platform::page::{Page, Turn};
use crate::platform::types::{BusinessNumber, CreditCode, Day, FieldCode, Money, Numbered, name};
use crate::platform::work::{Reach, Work};

/// Full phones one person may look at in a day without being allowed to edit the record (I41).
const REVEALS_A_DAY: i64 = 50;

/// One customer, by id or number.
pub fn get(work: &mut Work, wanted: &Choice) -> Result<Customer> {
    if let Choice::Id(id) = wanted
        && let Some(customer) = store::whole(work, *id)?
    {
        return Ok(customer);
    }
    let id = brief::id_of(work, wanted)?.ok_or(Error::NotFound)?;
    store::whole(work, id)?.ok_or(Error::NotFound)
}

/// A page of customers within the reader's scope.
pub fn page(work: &mut Work, filter: CustomerFilter, turn: &Turn) -> Result<Page<CustomerRow>> {
    let list = filter.list(work)?;
    store::page(work, &list, turn)
}

/// Those of these customers that the reader sees, whole, in the order asked for.
pub fn of_ids(work: &mut Work, ids: &[i64]) -> Result<Vec<Customer>> {
    store::of_ids(work, ids)
}

/// Enters a customer: facts, main contact, number, owner (S14–S24). The number is taken after every check, so a refused save takes none.
pub fn create(work: &mut Work, draft: &CustomerDraft) -> Result<Customer> {
    let mut round = Round::of(RuleTarget::Customer);
    let customer = create_carrying(work, draft, &Carried::default(), &mut round)?;
    round.close(work)?;
    Ok(customer)
}

/// The same for a customer that brings its number and its times from elsewhere (I48), one of many that the same round of the rules
/// assigns.
pub fn create_carrying(work: &mut Work, draft: &CustomerDraft, carried: &Carried, round: &mut Round) -> Result<Customer> {
    let owner = place_for_new(work, draft);
    let (title, wrong_title) = check::contact_title(&draft.contact_title);
    let facts = match (check::check(work, draft.clone(), None), &owner) {
        (Err(Error::Invalid(fields)), Ok(_)) => return Err(Error::Invalid(fields.and(wrong_title))),
        (Ok(_), Ok(_)) if !wrong_title.is_empty() => return Err(Error::Invalid(wrong_title)),
        (Ok(facts), Ok(_)) => facts,
        (Err(Error::Invalid(fields)), Err(Error::Invalid(more))) => return Err(Error::Invalid(fields.and(more.clone()))),
        (Err(error), _) => return Err(error),
        (Ok(_), Err(_)) => return Err(owner.err().unwrap_or(Error::NotFound)),
    };
    let (owner_id, team_id) = owner?;
    store::refuse_duplicates(work, &facts, 0)?;
    let twins = store::same_phone(work, &facts.phone, 0)?;
    let today = work.today();
    let number = match carried.number {
        Some(number) => carried::keep_number(work, number)?,
        None => {
            let position = numbers::take(work, "customer", today)?;
            BusinessNumber::new(Numbered::Customer, today, position).ok_or_else(|| Error::internal("no number left today"))?
        }
    };
    // Behind the number, as everywhere: who holds the rules may wait for no number.
    let by_rules = matches!(draft.assign, Given::Value(Assign::Rules));
    let chosen = if by_rules { round.choose(work, &assigned::case_of(&facts))? } else { None };
    let (owner_id, team_id) = match &chosen {
        Some(chosen) => (chosen.person.id, chosen.team_id),
        None => (owner_id, carried.team_id.or(team_id)),
    };
    let id = store::insert(work, &facts, &store::Birth { number, owner_id: Some(owner_id), team_id })?;
    contacts::insert_first(work, id, &facts, &title)?;
    completeness::note(work, id)?;
    store::index(work, id)?;
    if !facts.requirement.is_empty() {
        store::keep_requirement(work, id, "", &facts.requirement, None)?;
    }
    history::record(work, &Event::new(EventKind::CustomerCreated, "customer", id).on_customer(id).with("number", number.to_string()))?;
    let first: Vec<Change> = [
        Change::of("owner", "", owner_id),
        Change::of_optional("team", None::<i64>, team_id),
        Change::of("status", "", facts.status.word()),
        Change::of("industry", "", &facts.industry.name),
        Change::of_optional("region", None::<String>, facts.region.as_ref().map(|region| region.name.clone())),
    ]
    .into_iter()
    .flatten()
    .collect();
    history::record_changes(work, "customer", id, &first)?;
    carried::keep_times(work, id, carried)?;
    if let Some(chosen) = &chosen {
        let event = Event::new(EventKind::CustomerAssigned, "customer", id).on_customer(id);
        history::record(work, &event.with("rule", &chosen.rule.name).with("rule_id", chosen.rule.id).with("name", &chosen.person.name))?;
    }
    let mut customer = if by_rules { assigned::told(work, id, chosen)? } else { get_anew(work, id)? };
    customer.warnings = phone_warning(work, twins);
    Ok(customer)
}

/// Reads a customer after a change and tells open pages about it.
fn get_anew(work: &mut Work, id: i64) -> Result<Customer> {
    let customer = store::whole(work, id)?.ok_or(Error::NotFound)?;
    work.push(Push::changed("customer", id, customer.row.version));
    Ok(customer)
}

fn phone_warning(work: &Work, hits: Vec<DuplicateHit>) -> Vec<Warning> {
    if hits.is_empty() {
        return Vec::new();
    }
    let warning =
        Warning::new("SAME_PHONE", "phone", work.actor.lang, "该号码已用于其他客户", "This phone belongs to another customer, too");
    vec![Warning { hits, ..warning }]
}

/// The owner of a new customer and the team it belongs to, which is one of the owner's (S13, S14).
fn place_for_new(work: &mut Work, draft: &CustomerDraft) -> Result<(i64, Option<i64>)> {
    let (owner_id, own_team) = owner_for_new(work, &draft.owner_id)?;
    let mut fields = Fields::default();
    let wanted = draft.team_id.clone().optional("team_id", &mut fields);
    fields.into_result()?;
    let Some(team_id) = wanted else { return Ok((owner_id, own_team)) };
    let team = identity::team_of(work, owner_id, team_id)?.ok_or_else(|| Error::field("team_id", FieldCode::Unknown))?;
    Ok((owner_id, Some(team.id)))
}

/// The owner of a new record and the team it belongs to: oneself in the team worked in, or somebody within one's reach.
fn owner_for_new(work: &mut Work, wanted: &Given<i64>) -> Result<(i64, Option<i64>)> {
    let me = work.actor.user_id;
    let mut fields = Fields::default();
    let owner_id = wanted.clone().optional("owner_id", &mut fields);
    fields.into_result()?;
    match owner_id {
        None => Ok((me, work.actor.team_id)),
        Some(id) if id == me => Ok((me, work.actor.team_id)),
        Some(id) => {
            let found = identity::active_person(work, id)?;
            let allowed = match (&found, &work.actor.reach) {
                (None, _) | (_, Reach::Own) => false,
                (Some(_), Reach::All) => true,
                (Some((_, team)), Reach::Teams(teams)) => team.is_some_and(|team| teams.contains(&team)),
            };
            match found {
                Some((person, team)) if allowed => Ok((person.id, team)),
                _ => Err(Error::field("owner_id", FieldCode::Unknown)),
            }
        }
    }
}

/// What an edit did.
pub struct Edited {
    /// The customer before it.
    pub before: Customer,
    /// When it left the won state: where it stands now, and whether its opportunity is to be opened again (S30).
    pub left_won: Option<(Status, bool)>,
}

/// Edits a customer (S26): every changed field goes to its history; a stale version is answered with the record as it is now.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &CustomerDraft) -> Result<Edited> {
    let brief = lock(work, id)?.ok_or(Error::NotFound)?;
    let current = store::whole(work, id)?.ok_or(Error::NotFound)?;
    let (_, before) = store::facts(work, id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Customers, id)?;
    if current.row.version != version {
        return Err(Error::Changed(serde_json::to_value(current)?));
    }
    let mut fields = Fields::default();
    let reopen = draft.reopen_opportunity.clone().optional("reopen_opportunity", &mut fields);
    let new_owner = match draft.owner_id.clone().change_required("owner_id", &mut fields) {
        Some(wanted) if brief.owner_id != Some(wanted) => {
            let found = identity::active_person(work, wanted)?;
            if found.is_none() {
                fields.add("owner_id", FieldCode::Unknown);
            }
            found
        }
        _ => None,
    };
    let new_team = match draft.team_id.clone().change_required("team_id", &mut fields) {
        Some(wanted) => {
            let owner_id = new_owner.as_ref().map(|(person, _)| person.id).or(brief.owner_id);
            let found = owner_id.map(|owner_id| identity::team_of(work, owner_id, wanted)).transpose()?.flatten();
            if found.is_none() {
                fields.add("team_id", FieldCode::Unknown);
            }
            found.filter(|team| new_owner.is_some() || brief.team_id != Some(team.id))
        }
        None => None,
    };
    let after = match check::check(work, draft.clone(), Some(&before)) {
        Err(Error::Invalid(more)) => return Err(Error::Invalid(fields.and(more))),
        outcome => outcome?,
    };
    fields.into_result()?;
    let changes = after.changes_since(&before);
    if changes.is_empty() && new_owner.is_none() && new_team.is_none() {
        return Ok(Edited { before: current, left_won: None });
    }
    store::refuse_duplicates(work, &after, id)?;
    let changed = |field: &str| changes.iter().any(|change| change.field == field);
    let requirement_changed = changed("requirement");
    let told_in = match draft.requirement_follow_up_id.clone().optional("requirement_follow_up_id", &mut Fields::default()) {
        Some(follow_up) if store::has_follow_up(work, id, follow_up)? => Some(follow_up),
        Some(_) => return Err(Error::field("requirement_follow_up_id", FieldCode::Unknown)),
        None => None,
    };
    store::update(work, id, version, &after, requirement_changed)?;
    if requirement_changed {
        store::keep_requirement(work, id, &before.requirement, &after.requirement, told_in)?;
    }
    if changed("phone_check") {
        store::note_phone_check(work, id, after.phone_check)?;
    }
    if changed("contact_name") || changed("phone") || changed("email") {
        contacts::update_primary(work, id, &after)?;
    }
    completeness::note(work, id)?;
    store::index(work, id)?;
    let moved = new_team.as_ref().filter(|_| new_owner.is_none());
    let to_team = moved.and_then(|team| Change::of("team", current.row.team_name.as_deref().unwrap_or_default(), &team.name));
    let told: Vec<Change> = changes.iter().cloned().chain(to_team).collect();
    if !told.is_empty() {
        history::record(work, &Event::new(EventKind::CustomerEdited, "customer", id).on_customer(id).with_changes(&told))?;
    }
    history::record_changes(work, "customer", id, &changes)?;
    let new_team = new_team.map(|team| team.id);
    match (new_owner, brief.owner_id) {
        (Some((person, own_team)), _) => {
            hand_over(work, &brief, current.row.owner_name.as_deref().unwrap_or_default(), &person, new_team.or(own_team))?;
        }
        (None, Some(owner_id)) if new_team.is_some() => place(work, &brief, owner_id, new_team)?,
        _ => {}
    }
    let left_won = (before.status == Status::Won && after.status != Status::Won).then_some((after.status, reopen.unwrap_or(false)));
    Ok(Edited { before: current, left_won })
}

/// Edits a customer as it stands now, for whoever acts on many at once (S33); open pages are left to the caller.
pub fn amend(work: &mut Work, id: i64, draft: &CustomerDraft) -> Result<Edited> {
    lock(work, id)?.ok_or(Error::NotFound)?;
    let version = store::version(work, id)?;
    edit(work, id, version, draft)
}

/// The customer after an edit, with a warning when its new phone is known elsewhere. Whoever gives a customer away may lose sight of
/// it with this very save: the answer then is what it was, with its new version, and not to be edited any more.
pub fn after_edit(work: &mut Work, edited: Edited, phone_given: bool) -> Result<Customer> {
    let id = edited.before.row.id;
    let Some(mut customer) = store::whole(work, id)? else {
        let version = edited.before.row.version + 1;
        work.push(Push::changed("customer", id, version));
        return Ok(Customer { row: CustomerRow { can_edit: false, version, ..edited.before.row }, ..edited.before });
    };
    work.push(Push::changed("customer", id, customer.row.version));
    if phone_given && customer.row.can_edit {
        let twins = store::same_phone(work, &customer.row.phone.clone(), id)?;
        customer.warnings = phone_warning(work, twins);
    }
    Ok(customer)
}

/// Gives a customer to somebody else: the one path for every change of owner. Who has an opportunity or a plan of it keeps sight of it.
fn hand_over(work: &mut Work, brief: &Brief, old_name: &str, person: &Named, team_id: Option<i64>) -> Result<()> {
    let id = brief.id;
    place(work, brief, person.id, team_id)?;
    let event = Event::new(EventKind::CustomerOwnerChanged, "customer", id).on_customer(id).with("old", old_name).with("new", &person.name);
    history::record(work, &event)?;
    tell_owners(work, brief, person)
}

/// Puts a customer where an owner and a team have it.
fn place(work: &mut Work, brief: &Brief, owner_id: i64, team_id: Option<i64>) -> Result<()> {
    store::set_owner(work, brief.id, owner_id, team_id)?;
    shares::settle_all(work, brief.id)?;
    let changes: Vec<Change> =
        [Change::of_optional("owner", brief.owner_id, Some(owner_id)), Change::of_optional("team", brief.team_id, team_id)]
            .into_iter()
            .flatten()
            .collect();
    history::record_changes(work, "customer", brief.id, &changes)
}

/// Both owners hear of the change, unless they made it themselves.
fn tell_owners(work: &mut Work, customer: &Brief, new: &Named) -> Result<()> {
    let me = work.actor.user_id;
    let (by_name, link) = (identity::display_name(work, me)?, format!("/customers/{}", customer.id));
    let told = [(Some(new.id), NoticeKind::CustomerReceived), (customer.owner_id, NoticeKind::CustomerHandedOver)];
    for (user_id, kind) in told.into_iter().filter_map(|(user_id, kind)| user_id.filter(|id| *id != me).map(|id| (id, kind))) {
        let detail = json!({ "customer": customer.name, "number": customer.number, "by": by_name, "name": new.name });
        notifications::send(work, &Notice::new(user_id, kind, detail, link.clone()))?;
    }
    Ok(())
}

/// Moves a customer to the recycle bin; its number is never used again (S23, I45).
pub fn delete(work: &mut Work, id: i64, version: i64, reason: &str) -> Result<()> {
    lock(work, id)?.ok_or(Error::NotFound)?;
    let before = store::whole(work, id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Customers, id)?;
    if before.row.version != version {
        return Err(Error::Changed(serde_json::to_value(before)?));
    }
    if store::has_opportunities(work, id)? {
        return Err(Error::Refused(Refusal::CustomerInUse));
    }
    // The page asks for a reason (I45); a program that has none may still delete.
    let reason =
        if reason.trim().is_empty() { String::new() } else { name::text(reason, 200).map_err(|code| Error::field("reason", code))? };
    store::delete(work, id, &reason)?;
    history::record(work, &Event::new(EventKind::CustomerDeleted, "customer", id).on_customer(id).with("reason", &reason))?;
    history::record_changes(work, "customer", id, &[Change { field: "deleted".into(), old: "false".into(), new: "true".into() }])?;
    work.push(Push::changed("customer", id, version + 1));
    Ok(())
}

/// Shows the latest deal and the sum of all on a customer, and the status they mean; answers what changed, if anything did.
pub fn show_deals(
    work: &mut Work,
    id: i64,
    latest: Option<(i64, Day, Money)>,
    total: Money,
    chosen: Option<Status>,
) -> Result<Option<Vec<Change>>> {
    let before = store::deal_fields(work, id)?;
    let status = match (chosen, latest.is_some(), before.status) {
        (Some(chosen), _, _) => chosen,
        (None, true, _) => Status::Won,
        (None, false, Status::Won) => Status::Active,
        (None, false, other) => other,
    };
    let after = store::DealFields {
        status,
        deal_date: latest.map(|(_, on, _)| on),
        contract_amount: latest.map(|(_, _, amount)| amount),
        won_opportunity_id: latest.map(|(opportunity, _, _)| opportunity),
        total_won_amount: total,
    };
    if after == before {
        return Ok(None);
    }
    let version = store::set_deal_fields(work, id, &after)?;
    work.push(Push::changed("customer", id, version));
    Ok(Some(
        [
            Change::of("status", before.status.word(), after.status.word()),
            Change::of_optional("deal_date", before.deal_date, after.deal_date),
            Change::of_optional("contract_amount", before.contract_amount, after.contract_amount),
        ]
        .into_iter()
        .flatten()
        .collect(),
    ))
}

/// The full phone for somebody who may only read the record; logged with the reason, limited per day (I41).
pub fn reveal_phone(work: &mut Work, wanted: &Choice, draft: &Reason) -> Result<String> {
    let brief = find(work, wanted, scope::Right::Read)?.ok_or(Error::NotFound)?;
    let mut fields = Fields::default();
    let reason =
        draft.reason.clone().and_then(|text| name::text(&text, 200)).required("reason", &mut fields).ok_or(Error::Invalid(fields))?;
    let (user_id, today) = (work.actor.user_id, work.today());
    let used = numbers::take_for(work, &format!("reveal_phone {user_id}"), today)?;
    if used > REVEALS_A_DAY {
        let midnight = crate::platform::types::Instant::end_of(today, work.zone());
        return Err(Error::TooMany((midnight.ms_since(work.now()) as u64).div_ceil(1000)));
    }
    history::record(work, &Event::new(EventKind::PhoneRevealed, "customer", brief.id).on_customer(brief.id).with("reason", &reason))?;
    contacts::primary_phone(work, brief.id)
}

/// What to look for before entering a customer (查重).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DuplicateQuestion {
    /// 客户名称.
    pub name: Given<String>,
    /// 联系电话.
    pub phone: Given<String>,
    /// 统一社会信用代码.
    pub credit_code: Given<String>,
}

/// One hit of 查重.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldHit {
    /// The record, and no more about it than this.
    #[serde(flatten)]
    pub hit: DuplicateHit,
    /// `name`, `phone` or `credit_code`.
    pub field: &'static str,
    /// True when saving would be refused.
    pub blocking: bool,
}

/// Live customers that look like the one asked about, wherever they are: number, owner, team and no more (S15, S17).
pub fn check_duplicates(work: &mut Work, question: &DuplicateQuestion) -> Result<Vec<FieldHit>> {
    let mut fields = Fields::default();
    let mut found = Vec::new();
    if let Some(text) = question.name.clone().and_then(|text| name::text(&text, 100)).optional("name", &mut fields) {
        let same = store::same_name(work, &text, 0)?;
        let similar = store::similar_name(work, &text, 0)?.into_iter().filter(|hit| !same.contains(hit)).collect::<Vec<_>>();
        found.extend(same.into_iter().map(|hit| FieldHit { hit, field: "name", blocking: true }));
        found.extend(similar.into_iter().map(|hit| FieldHit { hit, field: "name", blocking: false }));
    }
    if let Some(phone) = question.phone.clone().and_then(check::phone).optional("phone", &mut fields) {
        found.extend(store::same_phone(work, &phone, 0)?.into_iter().map(|hit| FieldHit { hit, field: "phone", blocking: false }));
    }
    if let Some(code) = question.credit_code.clone().and_then(|text| CreditCode::parse(&text)).optional("credit_code", &mut fields) {
        found.extend(store::same_credit_code(work, code.as_str(), 0)?.into_iter().map(|hit| FieldHit {
            hit,
            field: "credit_code",
            blocking: true,
        }));
    }
    fields.into_result()?;
    Ok(found)
}
