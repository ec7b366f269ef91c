//! What happened to what, and by whom: the timeline of a customer, the log of everything, and the typed change log that every
//! report about the past is computed from. Rows are only ever added, in the transaction of what they tell about.

pub mod api;
pub mod changes;
pub mod model;
mod past;
mod store;

pub use api::routes;
pub use changes::{ChangesQuery, FieldChange};
pub use model::{Change, Entry, Event, TimelineEntry};
pub use past::{
    Carried, Kept, keep, keep_absence, keep_all, keep_carried, keep_not_carried, keep_not_carried_either, last_kept, look_back,
};

use crate::error::Result;
use crate::platform::db::Predicate;
use crate::platform::page::{Page, Turn};
use crate::platform::types::Lang;
use crate::platform::work::Work;

/// Writes an event down.
pub fn record(work: &mut Work, event: &Event) -> Result<()> {
    store::insert_event(work, event)
}

/// Writes typed changes down (owner, team, amount, dates, status, stage, deletion …), for reports about the past.
pub fn record_changes(work: &mut Work, kind: &str, record_id: i64, changes: &[Change]) -> Result<()> {
    changes.iter().try_for_each(|change| store::insert_change(work, kind, record_id, change))
}

/// Records of which many change in the same way at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carriers {
    /// `customers c`
    Customers,
    /// `opportunities o`
    Opportunities,
}

/// Writes the same change down for every record that meets the condition, on its timeline and in the typed log, however many there
/// are: for what is done to a value and so to all that carry it (I61).
pub fn record_everywhere(work: &mut Work, carriers: Carriers, condition: &Predicate, change: &Change) -> Result<()> {
    store::insert_everywhere(work, carriers, condition, change)
}

/// The timeline of a customer, newest first (S5). Entries of opportunities and tasks that the reader cannot see are left out.
pub fn of_customer(work: &mut Work, customer_id: i64, turn: &Turn, lang: Lang) -> Result<Page<TimelineEntry>> {
    store::page(work, "e.customer_id", customer_id, turn).map(|page| page.map(|entry| entry.told(lang)))
}

/// The timeline of an opportunity, newest first.
pub fn of_opportunity(work: &mut Work, opportunity_id: i64, turn: &Turn, lang: Lang) -> Result<Page<TimelineEntry>> {
    store::page(work, "e.opportunity_id", opportunity_id, turn).map(|page| page.map(|entry| entry.told(lang)))
}
