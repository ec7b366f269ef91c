//! The recycle bin (I45): what was deleted within thirty days comes back with its number and everything that hung on it.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bin_store as store;
use crate::customers::{self, merging, shares};
use crate::error::{Error, Refusal, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::opportunities;
use crate::platform::draft::Choice;
use crate::platform::http::One;
use crate::platform::live::Push;
use crate::platform::page::{Page, Sort, Turn};
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::words;

/// How long something stays in the bin, in ms.
pub const KEPT_MS: i64 = 30 * 24 * 3_600_000;

words! {
    /// What lies in the bin.
    pub enum BinKind {
        /// Customers.
        Customers = "customers",
        /// Opportunities.
        Opportunities = "opportunities",
    }
}

/// Which part of the bin.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct BinQuery {
    /// `customers` (default) or `opportunities`.
    #[param(value_type = Option<String>)]
    pub kind: One<BinKind>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    pub limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    pub cursor: One<String>,
}

impl BinQuery {
    /// The kind and the page asked for.
    pub fn read(self) -> Result<(BinKind, Turn)> {
        let kind = self.kind.get("kind")?.unwrap_or(BinKind::Customers);
        let column = match kind {
            BinKind::Customers => "c.deleted_at",
            BinKind::Opportunities => "o.deleted_at",
        };
        let sort = Sort { name: "deleted_at", column, descending: true };
        Ok((kind, Turn::read(sort, self.limit, self.cursor)?))
    }
}

/// Something in the bin.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BinItem {
    /// What it is.
    #[schema(value_type = String)]
    pub kind: BinKind,
    /// Its id.
    pub id: i64,
    /// Its number, which it keeps.
    pub number: String,
    /// Its name.
    pub name: String,
    /// An opportunity's customer.
    pub customer_name: Option<String>,
    /// Whose it was.
    pub owner_name: Option<String>,
    /// When it was deleted.
    pub deleted_at: Instant,
    /// By whom.
    pub deleted_by_name: Option<String>,
    /// Why.
    pub reason: String,
    /// When it goes for good.
    pub purge_at: Instant,
}

/// Something that came back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Restored {
    /// Its id.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
}

/// A page of the bin: what the caller deleted, and what lies within the caller's scope.
pub fn page(work: &mut Work, kind: BinKind, turn: &Turn) -> Result<Page<BinItem>> {
    store::page(work, kind, turn)
}

/// Brings a customer back; a name or code taken meanwhile refuses (S15).
pub fn restore_customer(work: &mut Work, wanted: &Choice) -> Result<Restored> {
    let id = customers::id_of(work, wanted)?.ok_or(Error::NotFound)?;
    customers::lock(work, id)?;
    let found = store::find(work, BinKind::Customers, id)?.ok_or(Error::NotFound)?;
    let snapshot = merging::snapshot(work, id)?;
    merging::refuse_taken(work, &snapshot, id)?;
    let version = merging::revive(work, id)?;
    shares::settle_all(work, id)?;
    history::record(work, &Event::new(EventKind::CustomerRestored, "customer", id).on_customer(id).with("number", &found.number))?;
    came_back(work, "customer", id, version)?;
    Ok(Restored { id, number: found.number, name: found.name })
}

/// Brings an opportunity back, with its plans, records and tasks.
pub fn restore_opportunity(work: &mut Work, wanted: &Choice) -> Result<Restored> {
    let id = opportunities::id_of(work, wanted)?.ok_or(Error::NotFound)?;
    let found = store::find(work, BinKind::Opportunities, id)?.ok_or(Error::NotFound)?;
    customers::lock(work, found.customer_id)?;
    opportunities::lock(work, id)?;
    let found = store::find(work, BinKind::Opportunities, id)?.ok_or(Error::NotFound)?;
    if !super::merge_store::is_live(work, found.customer_id)? {
        return Err(Error::Refused(Refusal::CustomerDeleted));
    }
    let version = store::revive_opportunity(work, id)?;
    opportunities::note_plans(work, id)?;
    opportunities::note_tasks(work, id)?;
    opportunities::index(work, id)?;
    shares::settle_all(work, found.customer_id)?;
    let event = Event::new(EventKind::OpportunityRestored, "opportunity", id).on_customer(found.customer_id).on_opportunity(Some(id));
    history::record(work, &event.with("name", &found.name))?;
    came_back(work, "opportunity", id, version)?;
    Ok(Restored { id, number: found.number, name: found.name })
}

fn came_back(work: &mut Work, kind: &'static str, id: i64, version: i64) -> Result<()> {
    history::record_changes(work, kind, id, &[Change { field: "deleted".into(), old: "true".into(), new: "false".into() }])?;
    work.push(Push::changed(kind, id, version));
    Ok(())
}
