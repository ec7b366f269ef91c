//! Taking a merge back within seven days: every row the ledger names goes to where it was. What was changed by people since
//! stays as they changed it.

use serde_json::Value;

use super::merge::tell;
use super::merge_model::{MergeUndone, UNDO_MS};
use super::merge_store as store;
use crate::customers::merging::Snapshot;
use crate::customers::{self, Brief, merging, shares};
use crate::error::{Error, Refusal, Result, Unmergeable};
use crate::history::{self, Change, model::EventKind};
use crate::identity::scope::{self, Owned, Right};
use crate::opportunities;
use crate::platform::draft::Choice;
use crate::platform::live::Push;
use crate::platform::work::Work;

fn refused<T>(reason: Unmergeable) -> Result<T> {
    Err(Error::Refused(Refusal::NotMergeable(reason)))
}

/// Takes a merge back.
pub fn undo(work: &mut Work, id: i64) -> Result<MergeUndone> {
    let merge = store::find(work, id)?.ok_or(Error::NotFound)?;
    // Follows later merges: who may not see where the record went may not see the merge either.
    let seen = customers::find(work, &Choice::Id(merge.winner_id), Right::Read)?;
    let Some(winner) = seen else {
        let seen_once = scope::visible(work, Owned::Customers, &[merge.winner_id])?;
        return if seen_once.is_empty() { Err(Error::NotFound) } else { refused(Unmergeable::WinnerGone) };
    };
    scope::require_edit(work, Owned::Customers, winner.id)?;
    let mut both = [merge.loser_id, winner.id];
    both.sort_unstable();
    for id in both {
        // The one that went is out of sight; its row is locked all the same.
        customers::lock(work, id)?;
    }
    if merge.undone {
        return refused(Unmergeable::AlreadyUndone);
    }
    if work.now() > merge.merged_at.plus_ms(UNDO_MS) {
        return refused(Unmergeable::TooLate);
    }
    if winner.id != merge.winner_id || !store::is_live(work, merge.winner_id)? {
        return refused(Unmergeable::WinnerGone);
    }
    if store::into(work, winner.id)?.first().is_none_or(|newest| newest.id != id) {
        return refused(Unmergeable::LaterMerge);
    }
    if !store::mark_undone(work, id)? {
        return refused(Unmergeable::AlreadyUndone);
    }
    let loser = Brief { id: merge.loser_id, number: merge.number.clone(), name: merge.name.clone(), owner_id: None, team_id: None };
    bring_back(work, &merge, &loser, &winner)?;
    Ok(MergeUndone { restored_id: loser.id, restored_number: loser.number, restored_name: loser.name, kept_id: winner.id })
}

fn bring_back(work: &mut Work, merge: &store::Merge, loser: &Brief, winner: &Brief) -> Result<()> {
    let id = merge.id;
    let before: Snapshot = serde_json::from_str(&merge.winner_before)?;
    let after: Snapshot = serde_json::from_str(&merge.winner_after)?;
    let owners = Change::of_optional("owner", after.owner_id, before.owner_id);
    store::bring_rows_back(work, id, loser.id, winner.id)?;
    contacts_back(work, merge, loser.id, winner.id)?;
    // Behind the contacts: their main one says which number it is that was verified.
    merging::put_back(work, winner.id, before, &after)?;
    let returning = merging::snapshot(work, loser.id)?;
    merging::refuse_taken(work, &returning, loser.id)?;
    shares_back(work, id, loser.id)?;
    store::part_labels(work, id, winner.id)?;
    let loser_version = merging::revive(work, loser.id)?;
    store::bring_former_back(work, id, loser.id)?;
    for customer in [winner.id, loser.id] {
        opportunities::show_deals(work, customer)?;
        for opportunity in store::opportunities_of(work, customer)? {
            opportunities::index(work, opportunity)?;
        }
        shares::settle_all(work, customer)?;
    }
    let version = merging::settle(work, winner.id)?;
    merging::settle(work, loser.id)?;
    tell(work, EventKind::MergeUndone, id, loser, winner)?;
    history::record_changes(work, "customer", winner.id, &owners.into_iter().collect::<Vec<_>>())?;
    let out = Change::of("merged_into", &winner.number, "");
    history::record_changes(work, "customer", loser.id, &out.into_iter().collect::<Vec<_>>())?;
    work.push(Push::changed("customer", winner.id, version));
    work.push(Push::changed("customer", loser.id, loser_version + 1));
    work.push(Push::Resync);
    Ok(())
}

/// The contacts that came go back, their main one as the main one; the kept record gets its own main one again.
fn contacts_back(work: &mut Work, merge: &store::Merge, loser: i64, winner: i64) -> Result<()> {
    let moved = store::noted(work, merge.id, "contact")?;
    let is_moved = |contact: i64| moved.iter().any(|(id, _)| *id == contact);
    let present = store::contacts_of(work, winner)?;
    let staying: Vec<_> = present.iter().filter(|contact| contact.live && !is_moved(contact.id)).collect();
    if staying.is_empty() {
        return refused(Unmergeable::NoContactLeft);
    }
    let former_main = store::noted(work, merge.id, "own_main")?.first().map(|(id, _)| *id);
    let main_moves = present.iter().any(|contact| contact.live && contact.is_primary && is_moved(contact.id));
    for (contact, detail) in &moved {
        store::move_contact(work, *contact, loser, None)?;
        if detail.contains("twin") {
            store::revive_contact(work, *contact, Some(merge.merged_at))?;
        }
    }
    if main_moves {
        let main = former_main.filter(|id| staying.iter().any(|contact| contact.id == *id)).unwrap_or(staying[0].id);
        merging::make_primary(work, winner, main)?;
    }
    let back = store::contacts_of(work, loser)?;
    let former = moved.iter().find(|(_, detail)| detail.contains("main")).map(|(id, _)| *id);
    let main =
        match back.iter().find(|contact| contact.live && Some(contact.id) == former).or_else(|| back.iter().find(|contact| contact.live)) {
            Some(contact) => contact.id,
            // Everybody was removed since: a customer is never without its main contact.
            None => {
                let last =
                    former.or(back.first().map(|contact| contact.id)).ok_or_else(|| Error::internal("a customer without contacts"))?;
                store::revive_contact(work, last, None)?;
                last
            }
        };
    merging::make_primary(work, loser, main)
}

fn shares_back(work: &mut Work, merge: i64, loser: i64) -> Result<()> {
    let text = |detail: &Value, name: &str| detail[name].as_str().unwrap_or_default().to_owned();
    for (id, detail) in store::noted(work, merge, "share")? {
        let detail: Value = serde_json::from_str(&detail)?;
        let share = store::ShareRow { id, grantee_key: 0, access: text(&detail, "access"), ends_on: text(&detail, "ends_on") };
        store::put_share(work, &share, loser)?;
    }
    for (id, detail) in store::noted(work, merge, "longer")? {
        let detail: Value = serde_json::from_str(&detail)?;
        store::shorten_share(work, id, &text(&detail, "until"), &text(&detail, "ends_on"))?;
    }
    for (id, _) in store::noted(work, merge, "owner_share")? {
        store::drop_share(work, id)?;
    }
    Ok(())
}
