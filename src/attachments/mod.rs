//! Files attached to records: taken in, judged, kept once per content, handed out to whoever sees the record (附件).

mod api;
mod model;
mod receive;
mod store;

pub use api::routes;
pub use model::{Attachment, Carrier, RecordKind, disposition, extended_name};
pub use receive::{BODY_LIMIT, Received, receive};

use crate::error::{Error, Result};
use crate::history::{self, Event, model::EventKind};
use crate::identity::scope::{self, Owned};
use crate::platform::live::Push;
use crate::platform::types::FieldCode;
use crate::platform::work::{Reach, Work};
use model::{MOST, OWN_REMOVAL_MS, Stored};

/// Attaches a received file to a record that the caller may add to, which its room has judged.
pub fn attach(work: &mut Work, carrier: &Carrier, received: &Received) -> Result<Attachment> {
    store::lock(work, carrier)?;
    if store::count(work, carrier)? >= MOST as i64 {
        return Err(Error::field("file", FieldCode::TooMany { max: MOST }));
    }
    let id = store::insert(work, carrier, received)?;
    changed(work, EventKind::AttachmentAdded, carrier, &received.name)?;
    store::find(work, id)?.map(|stored| stored.attachment).ok_or(Error::NotFound)
}

/// The record a file can be attached to, if the caller sees it.
pub fn carrier(work: &mut Work, kind: RecordKind, id: i64) -> Result<Carrier> {
    store::carrier(work, kind, id)?.ok_or(Error::NotFound)
}

/// The files of several records of one kind, oldest first, each with its record's id; the records were found in scope.
pub fn of_many(work: &mut Work, kind: RecordKind, ids: &[i64]) -> Result<Vec<(i64, Attachment)>> {
    store::of_many(work, kind, ids)
}

/// A file the caller may have: its record is in sight.
fn get(work: &mut Work, id: i64) -> Result<(Stored, Carrier)> {
    let stored = store::find(work, id)?.ok_or(Error::NotFound)?;
    let carrier = carrier(work, stored.record_kind, stored.record_id)?;
    Ok((stored, carrier))
}

/// Takes a file off its record: within 24 h by whoever attached it, later by who leads.
fn remove(work: &mut Work, id: i64) -> Result<()> {
    let (stored, carrier) = get(work, id)?;
    let own = stored.created_by == work.actor.user_id && work.now().ms_since(stored.attachment.created_at) <= OWN_REMOVAL_MS;
    if !own {
        let owned = match carrier.kind {
            RecordKind::FollowUp => Owned::FollowUps,
            RecordKind::Task => Owned::Tasks,
        };
        scope::require_edit(work, owned, carrier.id)?;
        if work.actor.reach == Reach::Own {
            return Err(Error::Forbidden);
        }
    }
    store::delete(work, id)?;
    changed(work, EventKind::AttachmentRemoved, &carrier, &stored.attachment.name)
}

fn changed(work: &mut Work, kind: EventKind, carrier: &Carrier, name: &str) -> Result<()> {
    let mut event = Event::new(kind, carrier.kind.word(), carrier.id).on_opportunity(carrier.opportunity_id).with("name", name);
    event.customer_id = carrier.customer_id;
    history::record(work, &event)?;
    work.push(Push::changed(carrier.kind.word(), carrier.id, carrier.version));
    Ok(())
}
