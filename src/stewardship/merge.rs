//! Two records of one customer become one: everything that hangs on the one that goes moves to the one that stays, in one
//! transaction and with a ledger of every row, so that it can be taken back.

use serde_json::json;

use super::merge_model::{FieldPair, Keep, MergeDone, MergeDraft, MergePreview, MergeRow, Side, UNDO_MS};
use super::merge_store as store;
use crate::customers::{self, Brief, Customer, CustomerDraft, Status, contacts, merging, shares};
use crate::error::{Error, Fields, Refusal, Result, Unmergeable};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity;
use crate::identity::model::Named;
use crate::identity::scope::{self, Owned, Right};
use crate::notifications::{self, Notice, NoticeKind};
use crate::opportunities;
use crate::platform::draft::{Choice, Given};
use crate::platform::live::Push;
use crate::platform::types::FieldCode;
use crate::platform::work::Work;

/// Both records side by side, and what would move.
pub fn preview(work: &mut Work, wanted: &Choice, into: Option<&Choice>) -> Result<MergePreview> {
    let this = customers::get(work, wanted)?;
    let into = into.ok_or_else(|| Error::field("into", FieldCode::Required))?;
    let into = customers::find(work, into, Right::Read)?.ok_or_else(|| Error::field("into", FieldCode::Unknown))?;
    let into = customers::get(work, &Choice::Id(into.id))?;
    admit(work, &this, &into)?;
    let moves = store::counts(work, this.row.id, into.row.id)?;
    Ok(MergePreview { fields: pairs(&this, &into), this, into, moves })
}

/// Both must be the caller's to change, and two.
fn admit(work: &mut Work, this: &Customer, into: &Customer) -> Result<()> {
    if this.row.id == into.row.id {
        return Err(Error::field("into", FieldCode::Duplicate));
    }
    scope::require_edit(work, Owned::Customers, this.row.id)?;
    scope::require_edit(work, Owned::Customers, into.row.id)
}

fn pairs(this: &Customer, into: &Customer) -> Vec<FieldPair> {
    let named = |named: &Option<Named>| named.as_ref().map(|named| named.name.clone()).unwrap_or_default();
    let contact = |customer: &Customer| {
        let row = &customer.row;
        [row.contact_name.as_str(), row.phone.as_str(), row.email.as_deref().unwrap_or_default()].join(" ").trim().to_owned()
    };
    let texts = |customer: &Customer| {
        let row = &customer.row;
        [
            ("name", row.name.clone()),
            ("contact", contact(customer)),
            ("industry", row.industry.name.clone()),
            ("region", named(&row.region.0)),
            ("source_detail", row.source_detail.clone()),
            ("credit_code", row.credit_code.clone().unwrap_or_default()),
            ("address", customer.address.clone()),
            ("remark", customer.remark.clone()),
            ("requirement", customer.requirement.clone()),
            ("status", row.status.word().to_owned()),
            ("follow_up_status", row.follow_up_status.word().to_owned()),
            ("marketing_consent", row.marketing_consent.to_string()),
            ("owner", row.owner_name.clone().unwrap_or_default()),
        ]
    };
    texts(this)
        .into_iter()
        .zip(texts(into))
        .map(|((field, this), (_, into))| {
            let default = if into.is_empty() && !this.is_empty() { Side::This } else { Side::Into };
            FieldPair { field, this, into, default }
        })
        .collect()
}

/// Merges the customer `wanted` into another one.
pub fn merge(work: &mut Work, wanted: &Choice, version: i64, draft: &MergeDraft) -> Result<MergeDone> {
    let loser = customers::find(work, wanted, Right::Read)?.ok_or(Error::NotFound)?;
    let draft = draft.clone();
    let mut fields = Fields::default();
    let into = draft.into.required("into", &mut fields);
    let into_version = draft.into_version.optional("into_version", &mut fields);
    let keep = draft.keep.optional("keep", &mut fields).unwrap_or_default();
    let winner = match into {
        Some(into) => {
            let found = customers::find(work, &into, Right::Read)?;
            fields.keep("into", found.ok_or(FieldCode::Unknown))
        }
        None => None,
    };
    // One order for all who lock two customers.
    let mut both: Vec<i64> = winner.iter().map(|winner| winner.id).chain([loser.id]).collect();
    both.sort_unstable();
    for id in both {
        customers::lock(work, id)?.ok_or(Error::NotFound)?;
    }
    let this = customers::get(work, &Choice::Id(loser.id))?;
    scope::require_edit(work, Owned::Customers, loser.id)?;
    if this.row.version != version {
        return Err(Error::Changed(serde_json::to_value(this)?));
    }
    let Some(winner) = winner else { return Err(Error::Invalid(fields)) };
    let stays = customers::get(work, &Choice::Id(winner.id))?;
    admit(work, &this, &stays)?;
    if into_version.is_some_and(|version| version != stays.row.version) {
        return Err(Error::Changed(serde_json::to_value(stays)?));
    }
    let taken = taken_over(&this, &stays, keep, &mut fields);
    fields.into_result()?;
    carry(work, &loser, &winner, &this, stays, &taken)
}

/// What the staying record takes from the other: the draft of an edit, and whether the main contact changes.
struct Taken {
    draft: CustomerDraft,
    contact: bool,
}

fn taken_over(this: &Customer, into: &Customer, keep: Keep, fields: &mut Fields) -> Taken {
    let mut take = |field: &str, given: Given<Side>, gap: bool| {
        let side = given.optional(&format!("keep.{field}"), fields);
        side.map_or(gap, |side| side == Side::This)
    };
    let gap = |this: &str, into: &str| into.is_empty() && !this.is_empty();
    let text = |taken: bool, value: &str| match (taken, value.is_empty()) {
        (false, _) => Given::Absent,
        (true, true) => Given::Null,
        (true, false) => Given::Value(value.to_owned()),
    };
    let choice = |id: Option<i64>| id.map_or(Given::Null, |id| Given::Value(Choice::Id(id)));
    let (row, stays) = (&this.row, &into.row);
    let mut draft = CustomerDraft {
        name: text(take("name", keep.name, false), &row.name),
        source_detail: text(take("source_detail", keep.source_detail, gap(&row.source_detail, &stays.source_detail)), &row.source_detail),
        address: text(take("address", keep.address, gap(&this.address, &into.address)), &this.address),
        remark: text(take("remark", keep.remark, gap(&this.remark, &into.remark)), &this.remark),
        requirement: text(take("requirement", keep.requirement, gap(&this.requirement, &into.requirement)), &this.requirement),
        ..CustomerDraft::default()
    };
    if take("credit_code", keep.credit_code, stays.credit_code.is_none() && row.credit_code.is_some()) {
        draft.credit_code = text(true, row.credit_code.as_deref().unwrap_or_default());
    }
    if take("industry", keep.industry, false) && row.industry.id != stays.industry.id {
        draft.industry = Given::Value(Choice::Id(row.industry.id));
    }
    let region = |customer: &Customer| customer.row.region.0.as_ref().map(|region| region.id);
    if take("region", keep.region, region(into).is_none() && region(this).is_some()) && region(this) != region(into) {
        draft.region = choice(region(this));
    }
    // Nobody refers himself.
    let referrer = this.referrer_id.filter(|id| *id != stays.id);
    if take("referrer", keep.referrer, into.referrer_id.is_none() && referrer.is_some()) && referrer != into.referrer_id {
        draft.referrer = choice(referrer);
    } else if into.referrer_id == Some(row.id) {
        draft.referrer = Given::Null;
    }
    // Deals decide who is won; they follow by themselves.
    let no_deal = row.status != Status::Won && stays.status != Status::Won;
    if take("status", keep.status, false) && no_deal {
        draft.status = Given::Value(row.status);
    }
    let begun = stays.follow_up_status == customers::model::FollowUpStatus::NotStarted;
    if take("follow_up_status", keep.follow_up_status, begun) {
        draft.follow_up_status = Given::Value(row.follow_up_status);
    }
    if take("marketing_consent", keep.marketing_consent, false) {
        draft.marketing_consent = Given::Value(row.marketing_consent);
    }
    if take("owner", keep.owner, stays.owner_id.is_none() && row.owner_id.is_some())
        && let Some(owner) = row.owner_id.filter(|owner| stays.owner_id != Some(*owner))
    {
        draft.owner_id = Given::Value(owner);
    }
    Taken { draft, contact: take("contact", keep.contact, false) }
}

/// Carries everything over and writes down what was done.
fn carry(work: &mut Work, loser: &Brief, winner: &Brief, this: &Customer, stays: Customer, taken: &Taken) -> Result<MergeDone> {
    let loser_before = merging::snapshot(work, loser.id)?;
    let winner_before = merging::snapshot(work, winner.id)?;
    store::opportunities_of(work, winner.id.min(loser.id))?;
    store::opportunities_of(work, winner.id.max(loser.id))?;
    let merge_id = store::begin(work, loser.id, winner.id, &loser_before, &winner_before)?;
    merging::retire(work, loser.id, winner.id)?;
    store::carry_former(work, merge_id, loser.id, winner.id)?;
    carry_contacts(work, merge_id, loser.id, winner.id, taken.contact)?;
    carry_shares(work, merge_id, this, &stays, &taken.draft)?;
    store::unite_labels(work, merge_id, loser.id, winner.id)?;
    store::carry_rows(work, merge_id, loser.id, winner.id)?;
    let edited = customers::edit(work, winner.id, stays.row.version, &taken.draft)?;
    opportunities::show_deals(work, winner.id)?;
    let version = merging::settle(work, winner.id)?;
    for id in store::opportunities_of(work, winner.id)? {
        opportunities::index(work, id)?;
    }
    shares::settle_all(work, winner.id)?;
    let winner_after = merging::snapshot(work, winner.id)?;
    store::finish(work, merge_id, &winner_after)?;
    tell(work, EventKind::CustomerMerged, merge_id, loser, winner)?;
    let into = Change::of("merged_into", "", &winner.number);
    history::record_changes(work, "customer", loser.id, &into.into_iter().collect::<Vec<_>>())?;
    tell_owners(work, loser, winner)?;
    work.push(Push::changed("customer", loser.id, this.row.version + 1));
    work.push(Push::changed("customer", winner.id, version));
    work.push(Push::Resync);
    let undo_until = work.now().plus_ms(UNDO_MS);
    let customer = match customers::get(work, &Choice::Id(winner.id)) {
        Err(Error::NotFound) => customers::after_edit(work, edited, false)?,
        outcome => outcome?,
    };
    Ok(MergeDone { merge_id, undo_until, customer })
}

/// The contacts move; the main one stays the main one unless the other is wanted, and a person both records know is kept once.
fn carry_contacts(work: &mut Work, merge_id: i64, loser: i64, winner: i64, take_main: bool) -> Result<()> {
    let theirs = store::contacts_of(work, loser)?;
    let ours = store::contacts_of(work, winner)?;
    let main = theirs.iter().find(|contact| contact.live && contact.is_primary).map(|contact| contact.id);
    let is_twin = |contact: &store::ContactRow| {
        contact.live
            && !(take_main && Some(contact.id) == main)
            && ours.iter().any(|own| own.live && own.name == contact.name && own.phone == contact.phone)
    };
    let live =
        ours.iter().filter(|contact| contact.live).count() + theirs.iter().filter(|contact| contact.live && !is_twin(contact)).count();
    if live as i64 > contacts::MOST {
        return Err(Error::Refused(Refusal::NotMergeable(Unmergeable::TooManyContacts)));
    }
    let now = work.now();
    for contact in &theirs {
        let twin = is_twin(contact);
        let detail = match (Some(contact.id) == main, twin) {
            (true, true) => "main twin",
            (true, false) => "main",
            (false, true) => "twin",
            (false, false) => "",
        };
        store::note(work, merge_id, "contact", contact.id, detail)?;
        store::move_contact(work, contact.id, winner, twin.then_some(now))?;
    }
    if let Some(main) = main.filter(|_| take_main) {
        for own in ours.iter().filter(|own| own.live && own.is_primary) {
            store::note(work, merge_id, "own_main", own.id, "")?;
        }
        merging::make_primary(work, winner, main)?;
    }
    Ok(())
}

/// Who could read the record that goes can read the one that stays, until the same day. Nobody gets to edit what he could not edit
/// before; and the owner who is not kept keeps reading.
fn carry_shares(work: &mut Work, merge_id: i64, this: &Customer, stays: &Customer, draft: &CustomerDraft) -> Result<()> {
    let mut ours = store::shares_of(work, stays.row.id)?;
    for share in store::shares_of(work, this.row.id)? {
        let own = ours.iter_mut().find(|own| own.grantee_key == share.grantee_key);
        match own {
            None => {
                store::note(work, merge_id, "share", share.id, &json!({ "access": share.access, "ends_on": share.ends_on }).to_string())?;
                let moved = store::ShareRow { access: "read".into(), ..share };
                store::put_share(work, &moved, stays.row.id)?;
                ours.push(moved);
            }
            Some(own) if own.access == "read" && own.ends_on < share.ends_on => {
                let before = json!({ "access": own.access, "ends_on": own.ends_on, "until": share.ends_on });
                store::note(work, merge_id, "longer", own.id, &before.to_string())?;
                own.ends_on = share.ends_on;
                store::put_share(work, &own.clone(), stays.row.id)?;
            }
            Some(_) => {}
        }
    }
    let kept = match draft.owner_id {
        Given::Value(owner) => Some(owner),
        _ => stays.row.owner_id,
    };
    for owner in [this.row.owner_id, stays.row.owner_id].into_iter().flatten().filter(|owner| Some(*owner) != kept) {
        if ours.iter().all(|share| share.grantee_key != owner) {
            let id = store::let_read(work, stays.row.id, owner)?;
            store::note(work, merge_id, "owner_share", id, "")?;
        }
    }
    Ok(())
}

/// On both timelines.
pub(super) fn tell(work: &mut Work, kind: EventKind, merge_id: i64, loser: &Brief, winner: &Brief) -> Result<()> {
    for id in [winner.id, loser.id] {
        let event = Event::new(kind, "customer", id)
            .on_customer(id)
            .with("merge_id", merge_id)
            .with("loser", format!("{} {}", loser.number, loser.name))
            .with("winner", format!("{} {}", winner.number, winner.name));
        history::record(work, &event)?;
    }
    Ok(())
}

/// Both owners hear of it, unless they did it themselves.
fn tell_owners(work: &mut Work, loser: &Brief, winner: &Brief) -> Result<()> {
    let me = work.actor.user_id;
    let by = identity::display_name(work, me)?;
    let mut owners: Vec<i64> = [loser.owner_id, winner.owner_id].into_iter().flatten().filter(|owner| *owner != me).collect();
    owners.dedup();
    for owner in owners {
        let detail = json!({ "loser": loser.name, "winner": winner.name, "by": by });
        notifications::send(work, &Notice::new(owner, NoticeKind::CustomerMerged, detail, format!("/customers/{}", winner.id)))?;
    }
    Ok(())
}

/// The merges into a visible customer that stand, the newest first.
pub fn into(work: &mut Work, wanted: &Choice) -> Result<Vec<MergeRow>> {
    let winner = customers::find(work, wanted, Right::Read)?.ok_or(Error::NotFound)?;
    let editable = work.actor.may("edit_customers") && !scope::editable(work, Owned::Customers, &[winner.id])?.is_empty();
    let now = work.now();
    let rows = store::into(work, winner.id)?.into_iter().enumerate();
    Ok(rows
        .map(|(place, merge)| {
            let undo_until = merge.merged_at.plus_ms(UNDO_MS);
            MergeRow {
                id: merge.id,
                number: merge.number,
                name: merge.name,
                merged_at: merge.merged_at,
                by_name: merge.by_name,
                undo_until,
                // The newest first: one merge stands on the one before.
                can_undo: editable && place == 0 && now <= undo_until,
            }
        })
        .collect())
}
