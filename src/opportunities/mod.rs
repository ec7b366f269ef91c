//! Opportunities from first contact to won or lost (商机管理), and what a deal does to the customer.

mod api;
mod board;
mod brief;
mod carried;
mod deal;
pub mod forecast;
pub mod list;
pub mod model;
mod reached;
mod store;
mod sum;
mod told;

pub use api::routes;
pub use board::board;
pub use brief::{Brief, find, find_each, find_named, id_of, lock, note_contact, note_plans, note_tasks};
pub use carried::{Carried, keep_stage_entry};
pub use deal::{edit_customer, follow as show_deals, win_customer};
pub use list::OpportunityFilter;
pub use model::{Opportunity, OpportunityDraft, StageChange};
pub use store::index;
pub use sum::{OpportunitySums, sums};
pub use told::{LOST_FROM, LOST_TO};

use serde_json::json;

use crate::customers::{self, shares};
use crate::error::{Error, Fields, Refusal, Result, Warning};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity;
use crate::identity::model::Named;
use crate::identity::scope::{self, Owned, Right};
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::draft::{Choice, Given};
use crate::platform::live::Push;
use crate::platform::numbers;
use crate::platform::page::{Page, Turn};
use crate::platform::types::{BusinessNumber, Day, FieldCode, Money, Numbered, name};
use crate::platform::work::Work;
use crate::settings::{self, Stage, StageKind};
use model::{Kept, Move, Status};

const UNKNOWN_NUMBER: FieldCode = FieldCode::Rule {
    code: "UNKNOWN",
    zh: "客户编号不存在或无权访问",
    en: "The customer number does not exist or you have no access to it",
};

/// One opportunity, by id or number.
pub fn get(work: &mut Work, wanted: &Choice) -> Result<Opportunity> {
    let id = brief::id_of(work, wanted)?.ok_or(Error::NotFound)?;
    store::seen(work, id)?.ok_or(Error::NotFound)
}

/// A page of opportunities within the reader's scope.
pub fn page(work: &mut Work, filter: OpportunityFilter, turn: &Turn) -> Result<Page<Opportunity>> {
    let list = filter.list(work)?;
    store::page(work, &list, turn)
}

/// Those of these opportunities that the reader sees, in the order asked for.
pub fn of_ids(work: &mut Work, ids: &[i64]) -> Result<Vec<Opportunity>> {
    store::of_ids(work, ids)
}

/// The stage log of a visible opportunity, newest first (S53).
pub fn stage_log(work: &mut Work, id: i64) -> Result<Vec<model::StageLogRow>> {
    store::stage_log(work, id)
}

/// Reads an opportunity after a change and tells open pages about it.
fn get_anew(work: &mut Work, id: i64) -> Result<Opportunity> {
    let opportunity = store::seen(work, id)?.ok_or(Error::NotFound)?;
    work.push(Push::changed("opportunity", id, opportunity.version));
    Ok(opportunity)
}

/// Enters an opportunity on a customer the caller may edit (S34–S40).
pub fn create(work: &mut Work, draft: &OpportunityDraft) -> Result<Opportunity> {
    create_carrying(work, draft, &Carried::default())
}

/// The same for an opportunity that brings its number and its times from elsewhere (I48).
pub fn create_carrying(work: &mut Work, draft: &OpportunityDraft, carried: &Carried) -> Result<Opportunity> {
    let draft = draft.clone();
    let mut fields = Fields::default();
    let customer = customer_of(work, &draft, &mut fields)?;
    let name = draft.name.and_then(|text| name::text(&text, 100)).required("name", &mut fields);
    let expected_amount = draft.expected_amount.required("expected_amount", &mut fields);
    let expected_close_on = draft.expected_close_date.optional("expected_close_date", &mut fields);
    let remark = draft.remark.and_then(|text| name::paragraph(&text, 2_000)).optional("remark", &mut fields).unwrap_or_default();
    let stage = first_stage(work, draft.stage, &mut fields)?;
    let class = draft.forecast_class.optional("forecast_class", &mut fields);
    let owner = owner(work, draft.owner_id, &mut fields)?;
    let (Some(customer), Some(name), Some(expected_amount), Some(stage), Some((owner, team_id))) =
        (customer, name, expected_amount, stage, owner)
    else {
        return Err(Error::Invalid(fields));
    };
    fields.into_result()?;
    customers::lock(work, customer.id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Customers, customer.id)?;
    let team_id = carried.team_id.or(team_id);
    let number = match carried.number {
        Some(number) => carried::keep_number(work, number)?,
        None => next_number(work)?,
    };
    let id = enter(work, number, &customer, &name, expected_amount, expected_close_on, &owner, team_id, &stage, &remark)?;
    carried::keep_creation(work, id, carried)?;
    if let Some(class) = class {
        store::set_forecast_class(work, id, class)?;
    }
    if owner.id != work.actor.user_id {
        tell_owners(work, id, &name, &customer.name, None, &owner)?;
    }
    let mut opportunity = get_anew(work, id)?;
    if store::same_name(work, customer.id, &name, id)? {
        let lang = work.actor.lang;
        opportunity.warnings.push(Warning::new(
            "SAME_NAME",
            "name",
            lang,
            "该客户已有同名商机",
            "This customer has another opportunity of this name",
        ));
    }
    Ok(opportunity)
}

/// The next number of the day; taken right before the insert, so that a refused save takes none (S36).
fn next_number(work: &mut Work) -> Result<BusinessNumber> {
    let today = work.today();
    let position = numbers::take(work, "opportunity", today)?;
    BusinessNumber::new(Numbered::Opportunity, today, position).ok_or_else(|| Error::internal("no number left today"))
}

/// Writes opportunity, first stage log row, history; lets the owner see the customer.
#[expect(clippy::too_many_arguments, reason = "each is a checked field")]
fn enter(
    work: &mut Work,
    number: BusinessNumber,
    customer: &customers::Brief,
    name: &str,
    expected_amount: Money,
    expected_close_on: Option<Day>,
    owner: &Named,
    team_id: Option<i64>,
    stage: &Stage,
    remark: &str,
) -> Result<i64> {
    let birth = store::Birth {
        number,
        name,
        customer_id: customer.id,
        expected_amount,
        expected_close_on,
        owner_id: owner.id,
        team_id,
        stage,
        remark,
    };
    let id = store::insert(work, &birth)?;
    store::index(work, id)?;
    let event = Event::new(EventKind::OpportunityCreated, "opportunity", id).on_customer(customer.id).on_opportunity(Some(id));
    history::record(work, &event.with("name", name).with("number", number.to_string()).with("amount", expected_amount))?;
    let first: Vec<Change> = [
        Change::of("owner", "", owner.id),
        Change::of_optional("team", None::<i64>, team_id),
        Change::of("stage", "", &stage.key),
        Change::of("status", "", Status::from(stage.kind).word()),
        Change::of("expected_amount", "", expected_amount),
        Change::of_optional("expected_close_date", None::<Day>, expected_close_on),
    ]
    .into_iter()
    .flatten()
    .collect();
    history::record_changes(work, "opportunity", id, &first)?;
    shares::settle_sight(work, customer.id, owner.id)?;
    Ok(id)
}

fn customer_of(work: &mut Work, draft: &OpportunityDraft, fields: &mut Fields) -> Result<Option<customers::Brief>> {
    let by_number = draft.customer_number.clone().optional("customer_number", fields);
    let (field, wanted, unknown) = match (&draft.customer_id, by_number) {
        (Given::Absent | Given::Null, Some(number)) => ("customer_number", Choice::Name(number), UNKNOWN_NUMBER),
        (Given::Absent | Given::Null, None) if draft.customer_number.is_given() => return Ok(None),
        (given, _) => match given.clone().required("customer_id", fields) {
            Some(id) => ("customer_id", Choice::Id(id), UNKNOWN_NUMBER),
            None => return Ok(None),
        },
    };
    let found = customers::find(work, &wanted, Right::Read)?;
    if found.is_none() {
        fields.add(field, unknown);
    }
    Ok(found)
}

/// The stage to begin at: the first, or another open one (S39); won and lost are reached by moving.
fn first_stage(work: &mut Work, given: Given<String>, fields: &mut Fields) -> Result<Option<Stage>> {
    let stages = settings::stages(work)?;
    match given.optional("stage", fields) {
        None => Ok(stages.into_iter().find(|stage| stage.kind == StageKind::Open)),
        Some(key) => match stages.into_iter().find(|stage| stage.key == key) {
            None => {
                fields.add("stage", FieldCode::Unknown);
                Ok(None)
            }
            Some(stage) if stage.kind != StageKind::Open => {
                fields.add("stage", FieldCode::NotAllowed);
                Ok(None)
            }
            found => Ok(found),
        },
    }
}

/// The owner: oneself, or an active member of the teams one may assign to (S38), with the team the record belongs to.
fn owner(work: &mut Work, given: Given<i64>, fields: &mut Fields) -> Result<Option<(Named, Option<i64>)>> {
    let me = work.actor.user_id;
    let wanted = match given {
        Given::Bad(code) => {
            fields.add("owner_id", code);
            return Ok(None);
        }
        given => given.optional("owner_id", fields).unwrap_or(me),
    };
    let found = if wanted == me {
        let team_id = work.actor.team_id;
        identity::active_person(work, me)?.map(|(person, _)| (person, team_id))
    } else {
        identity::assignable_person(work, wanted)?
    };
    if found.is_none() {
        fields.add("owner_id", FieldCode::Unknown);
    }
    Ok(found)
}

/// Edits an opportunity; a new owner is told, and so is the old one (S38).
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &OpportunityDraft) -> Result<Opportunity> {
    let before = locked(work, id, version)?;
    let draft = draft.clone();
    let mut fields = Fields::default();
    for (field, given) in [
        ("customer_id", draft.customer_id.is_given()),
        ("customer_number", draft.customer_number.is_given()),
        ("stage", draft.stage.is_given()),
    ] {
        if given {
            fields.add(field, FieldCode::NotAllowed);
        }
    }
    let name =
        draft.name.and_then(|text| name::text(&text, 100)).change_required("name", &mut fields).unwrap_or_else(|| before.name.clone());
    let expected_amount = draft.expected_amount.change_required("expected_amount", &mut fields).unwrap_or(before.expected_amount);
    let close_on = match draft.expected_close_date.change("expected_close_date", &mut fields) {
        None => before.expected_close_on.clone(),
        Some(day) => day.map_or_else(String::new, |day| day.to_string()),
    };
    let remark = draft
        .remark
        .and_then(|text| name::paragraph(&text, 2_000))
        .change("remark", &mut fields)
        .map_or_else(|| before.remark.clone(), Option::unwrap_or_default);
    let forecast_class = match draft.forecast_class.change("forecast_class", &mut fields) {
        None => before.forecast_class.clone(),
        Some(class) => class.map_or_else(String::new, |class| class.word().to_owned()),
    };
    if forecast_class != before.forecast_class && before.status != Status::Open {
        fields.add("forecast_class", FieldCode::NotAllowed);
    }
    let new_owner = match draft.owner_id {
        Given::Absent => None,
        Given::Value(id) if Some(id) == before.owner_id => None,
        Given::Null => {
            fields.add("owner_id", FieldCode::Required);
            None
        }
        given => owner(work, given, &mut fields)?,
    };
    fields.into_result()?;
    let changes: Vec<Change> = [
        Change::of("name", &before.name, &name),
        Change::of("expected_amount", before.expected_amount, expected_amount),
        Change::of("expected_close_date", &before.expected_close_on, &close_on),
        Change::of("remark", &before.remark, &remark),
        Change::of("forecast_class", &before.forecast_class, &forecast_class),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !changes.is_empty() {
        store::update(
            work,
            id,
            version,
            &store::Edit { name: &name, expected_amount, expected_close_on: &close_on, remark: &remark, forecast_class: &forecast_class },
        )?;
        store::index(work, id)?;
        let event = Event::new(EventKind::OpportunityEdited, "opportunity", id).on_customer(before.customer_id).on_opportunity(Some(id));
        history::record(work, &event.with("name", &name).with_changes(&changes))?;
        history::record_changes(work, "opportunity", id, &changes)?;
    }
    let me = work.actor.user_id;
    if let Some((person, team_id)) = &new_owner {
        hand_over(work, &before, person, *team_id)?;
    }
    match (get_anew(work, id), new_owner) {
        // Whoever gives an opportunity away may lose sight of it with this very save.
        (Err(Error::NotFound), Some((person, _))) if person.id != me => {
            let (now, today) = (work.now(), work.today());
            let kept = Kept { name, owner_id: Some(person.id), owner_name: Some(person.name), version: version + 1, ..before };
            Ok(kept.seen(now, today, None, false))
        }
        (outcome, _) => outcome,
    }
}

/// Finds, locks and admits an opportunity to an edit based on `version`.
fn locked(work: &mut Work, id: i64, version: i64) -> Result<Kept> {
    let brief = find(work, &Choice::Id(id), Right::Read)?.ok_or(Error::NotFound)?;
    store::lock_rows(work, brief.customer_id, id)?;
    let kept = store::kept(work, id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Opportunities, id)?;
    if kept.version != version {
        return Err(Error::Changed(serde_json::to_value(store::seen(work, id)?)?));
    }
    Ok(kept)
}

/// The one path for every change of an opportunity's owner.
fn hand_over(work: &mut Work, before: &Kept, person: &Named, team_id: Option<i64>) -> Result<()> {
    store::set_owner(work, before.id, person.id, team_id)?;
    let event = Event::new(EventKind::OpportunityOwnerChanged, "opportunity", before.id)
        .on_customer(before.customer_id)
        .on_opportunity(Some(before.id));
    let old_name = before.owner_name.clone().unwrap_or_default();
    history::record(work, &event.with("name", &before.name).with("old", old_name).with("new", &person.name))?;
    let changes: Vec<Change> =
        [Change::of_optional("owner", before.owner_id, Some(person.id)), Change::of_optional("team", before.team_id, team_id)]
            .into_iter()
            .flatten()
            .collect();
    history::record_changes(work, "opportunity", before.id, &changes)?;
    shares::settle_sight(work, before.customer_id, person.id)?;
    if let Some(old) = before.owner_id {
        shares::settle_sight(work, before.customer_id, old)?;
    }
    tell_owners(work, before.id, &before.name, &before.customer_name, before.owner_id, person)
}

fn tell_owners(work: &mut Work, id: i64, name: &str, customer: &str, old: Option<i64>, new: &Named) -> Result<()> {
    let me = work.actor.user_id;
    let (by, link) = (identity::display_name(work, me)?, format!("/opportunities/{id}"));
    let told = [(Some(new.id), NoticeKind::OpportunityReceived), (old, NoticeKind::OpportunityHandedOver)];
    for (user_id, kind) in told.into_iter().filter_map(|(user_id, kind)| user_id.filter(|id| *id != me).map(|id| (id, kind))) {
        let detail = json!({ "opportunity": name, "customer": customer, "by": by, "name": new.name });
        notifications::send(work, &Notice::new(user_id, kind, detail, link.clone()))?;
    }
    Ok(())
}

/// Moves an opportunity to another stage (S52); every move leaves a log row (S53), the same stage leaves none.
pub fn change_stage(work: &mut Work, id: i64, version: i64, change: &StageChange) -> Result<Opportunity> {
    let before = locked(work, id, version)?;
    let mut fields = Fields::default();
    let key = change.stage.clone().required("stage", &mut fields).ok_or(Error::Invalid(fields))?;
    let stage = settings::stage(work, &key)?.ok_or_else(|| Error::field("stage", FieldCode::Unknown))?;
    let outcome = change.check(&stage, work.today())?;
    put_at(work, &before, &stage, &outcome)?;
    get_anew(work, id)
}

/// Puts a locked opportunity at a stage and lets the customer follow: won makes it won, leaving won takes the deal away (S30).
fn put_at(work: &mut Work, before: &Kept, stage: &Stage, outcome: &Move) -> Result<()> {
    move_to(work, before, stage, outcome)?;
    if before.status == Status::Won || stage.kind == StageKind::Won {
        deal::follow(work, before.customer_id)?;
    }
    Ok(())
}

/// Puts a locked opportunity at a stage and tells it; where it stands already nothing happens.
fn move_to(work: &mut Work, before: &Kept, stage: &Stage, outcome: &Move) -> Result<()> {
    let same_deal = match outcome {
        Move::Won { amount, on } => before.won_amount == Some(*amount) && before.won_on == Some(*on),
        Move::Lost { reason, competitor } => before.lost_reason.as_ref() == Some(reason) && before.competitor == *competitor,
        Move::Open => true,
    };
    if before.stage == stage.key && same_deal {
        return Ok(());
    }
    store::move_to(work, before, stage, outcome)?;
    let (won_amount, won_on) = match outcome {
        Move::Won { amount, on } => (Some(*amount), Some(*on)),
        _ => (None, None),
    };
    let (lost_reason, competitor) = match outcome {
        Move::Lost { reason, competitor } => (Some(reason), competitor.as_ref()),
        _ => (None, None),
    };
    let changes: Vec<Change> = [
        Change::of("stage", &before.stage, &stage.key),
        Change::of("status", before.status.word(), Status::from(stage.kind).word()),
        Change::of_optional("won_amount", before.won_amount, won_amount),
        Change::of_optional("won_date", before.won_on, won_on),
        Change::of_optional("lost_reason", before.lost_reason.as_ref(), lost_reason),
        Change::of_optional("competitor", before.competitor.as_ref(), competitor),
    ]
    .into_iter()
    .flatten()
    .collect();
    let event = Event::new(
        if before.stage == stage.key { EventKind::OpportunityEdited } else { EventKind::StageChanged },
        "opportunity",
        before.id,
    )
    .on_customer(before.customer_id)
    .on_opportunity(Some(before.id))
    .with("name", &before.name)
    .with("to", &stage.name);
    let from = settings::stage(work, &before.stage)?.map_or_else(|| before.stage.clone(), |stage| stage.name);
    let shown: Vec<Change> = changes.iter().filter(|change| !matches!(change.field.as_str(), "stage" | "status")).cloned().collect();
    history::record(work, &event.with("from", from).with_changes(&shown))?;
    history::record_changes(work, "opportunity", before.id, &changes)
}

/// Moves an opportunity that is not won to the recycle bin.
pub fn delete(work: &mut Work, id: i64, version: i64, reason: &str) -> Result<()> {
    let before = locked(work, id, version)?;
    if before.status == Status::Won {
        return Err(Error::Refused(Refusal::OpportunityClosed));
    }
    // The page asks for a reason (I45); a program that has none may still delete.
    let reason =
        if reason.trim().is_empty() { String::new() } else { name::text(reason, 200).map_err(|code| Error::field("reason", code))? };
    store::delete(work, id, &reason)?;
    shares::settle_all(work, before.customer_id)?;
    let event = Event::new(EventKind::OpportunityDeleted, "opportunity", id).on_customer(before.customer_id).on_opportunity(Some(id));
    history::record(work, &event.with("name", &before.name).with("reason", &reason))?;
    history::record_changes(work, "opportunity", id, &[Change { field: "deleted".into(), old: "false".into(), new: "true".into() }])?;
    work.push(Push::changed("opportunity", id, version + 1));
    Ok(())
}
