//! A deal: customer and opportunity are won together, corrected together, and never doubled (S28–S30).

use serde_json::json;

use super::model::{Kept, Move, WinDraft, deal_name};
use super::{enter, find, move_to, next_number, put_at, store};
use crate::customers::{self, Customer, CustomerDraft};
use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::draft::Choice;
use crate::platform::idempotency::{self, Deed, Repeat};
use crate::platform::types::{Day, FieldCode, Money};
use crate::platform::work::Work;
use crate::settings::{self, Stage, StageKind};

/// Edits a customer; when that takes it out of the won state, its opportunity is opened again if the editor wants so (S30).
pub fn edit_customer(work: &mut Work, id: i64, version: i64, draft: &CustomerDraft) -> Result<Customer> {
    let edited = customers::edit(work, id, version, draft)?;
    match (edited.left_won, edited.before.row.won_opportunity_id) {
        // What follows from opening the opportunity again tells the timeline by itself.
        (Some((status, true)), Some(opportunity)) => {
            reopen_opportunity(work, opportunity)?;
            show(work, id, Some(status))?;
        }
        (Some(_), _) => history::record(work, &Event::new(EventKind::CustomerReopened, "customer", id).on_customer(id))?,
        (None, _) => {}
    }
    customers::after_edit(work, edited, draft.phone.is_given())
}

/// Takes a won opportunity back to the open stage it was won from.
fn reopen_opportunity(work: &mut Work, id: i64) -> Result<()> {
    let Some(before) = store::kept(work, id)? else { return Ok(()) };
    let stages = settings::stages(work)?;
    let last = store::last_open_stage(work, id)?;
    let open = |stage: &&Stage| stage.kind == StageKind::Open;
    let target = stages.iter().filter(open).find(|stage| Some(&stage.key) == last.as_ref()).or_else(|| stages.iter().rfind(open)).cloned();
    let Some(target) = target else { return Ok(()) };
    move_to(work, &before, &target, &Move::Open)
}

/// Wins a customer (S28, S29): one opportunity is won with it, in the same transaction. What comes again under its key changes nothing, or
/// corrects the deal that was made under it (S30).
pub fn win_customer(work: &mut Work, id: i64, version: i64, draft: &WinDraft, repeat: Option<&Repeat>) -> Result<Customer> {
    let deed = repeat.map_or(Ok(Deed::New), |repeat| idempotency::begin_deed(work, repeat))?;
    let brief = customers::lock(work, id)?.ok_or(Error::NotFound)?;
    let before = customers::get(work, &Choice::Id(id))?;
    scope::require_edit(work, Owned::Customers, id)?;
    if let Deed::Done(_) = deed {
        return Ok(before);
    }
    if before.row.version != version {
        return Err(Error::Changed(serde_json::to_value(before)?));
    }
    let draft = draft.clone();
    let mut fields = Fields::default();
    let today = work.today();
    let on = draft.deal_date.and_then(|day| day.not_after(today)).required("deal_date", &mut fields);
    let amount = draft.contract_amount.and_then(Money::positive).required("contract_amount", &mut fields);
    let wanted = match deed {
        Deed::Correct(deal) => Some(Choice::Id(deal)),
        Deed::New | Deed::Done(_) => draft.opportunity.optional("opportunity", &mut fields),
    };
    let (Some(on), Some(amount)) = (on, amount) else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;

    let won =
        settings::stages(work)?.into_iter().find(|stage| stage.kind == StageKind::Won).ok_or_else(|| Error::internal("no won stage"))?;
    let outcome = Move::Won { amount, on };
    let deal = match wanted {
        Some(Choice::Name(word)) if word == "new" => None,
        Some(choice) => Some(chosen(work, id, &choice)?),
        None => {
            let candidates = store::candidates(work, id)?;
            if !candidates.is_empty() {
                return Err(Error::Refused(Refusal::ChooseOpportunity(candidates)));
            }
            before.row.won_opportunity_id.map(|linked| store::kept(work, linked)).transpose()?.flatten()
        }
    };
    let deal = deal.map_or_else(|| new_deal(work, &brief, &won, amount, on), Ok)?;
    put_at(work, &deal, &won, &outcome)?;
    if let Some(repeat) = repeat {
        idempotency::finish_deed(work, repeat, deal.id)?;
    }
    follow(work, id)?;
    customers::after_edit(work, customers::Edited { before, left_won: None }, false)
}

/// The opportunity somebody says was won: one of this customer that the caller may edit.
fn chosen(work: &mut Work, customer_id: i64, choice: &Choice) -> Result<Kept> {
    let unknown = || Error::field("opportunity", FieldCode::Unknown);
    let brief = find(work, choice, Right::Edit)?.filter(|brief| brief.customer_id == customer_id).ok_or_else(unknown)?;
    store::lock_rows(work, customer_id, brief.id)?;
    store::kept(work, brief.id)?.ok_or_else(unknown)
}

/// An opportunity at the won stage for a deal that had none, named 「{客户名称}-成交-{YYYYMMDD}」.
fn new_deal(work: &mut Work, customer: &customers::Brief, won: &Stage, amount: Money, on: Day) -> Result<Kept> {
    let owner_id = customer.owner_id.unwrap_or(work.actor.user_id);
    let (owner, team_id) = match identity::active_person(work, owner_id)? {
        Some((owner, _)) => (owner, customer.team_id),
        None => {
            let (me, team_id) = (work.actor.user_id, work.actor.team_id);
            let (me, _) = identity::active_person(work, me)?.ok_or(Error::Forbidden)?;
            (me, team_id)
        }
    };
    let name = deal_name(&customer.name, on);
    let number = next_number(work)?;
    let id = enter(work, number, customer, &name, amount, None, &owner, team_id, won, "")?;
    store::kept(work, id)?.ok_or(Error::NotFound)
}

/// Shows a customer's deals on the customer: the latest one's date and amount, the sum of all, and the status (S28, S30).
pub fn follow(work: &mut Work, customer_id: i64) -> Result<()> {
    show(work, customer_id, None)
}

/// The same; with the status that somebody chose who took the customer out of the won state, whatever other deals it has.
fn show(work: &mut Work, customer_id: i64, chosen: Option<customers::Status>) -> Result<()> {
    let (latest, total) = store::deals(work, customer_id)?;
    let Some(change) = customers::show_deals(work, customer_id, latest, total, chosen)? else { return Ok(()) };
    if let Some((opportunity, on, amount)) = latest.filter(|_| chosen.is_none()) {
        let event = Event::new(EventKind::CustomerWon, "customer", customer_id).on_customer(customer_id);
        let detail = json!(amount.grouped());
        history::record(
            work,
            &event.with("amount", detail).with("date", on).with("won_opportunity_id", opportunity).with_changes(&change),
        )?;
    } else {
        history::record(
            work,
            &Event::new(EventKind::CustomerReopened, "customer", customer_id).on_customer(customer_id).with_changes(&change),
        )?;
    }
    let reported: Vec<Change> = change;
    history::record_changes(work, "customer", customer_id, &reported)
}
