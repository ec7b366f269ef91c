//! One box that finds customers, contacts, opportunities and one's own open tasks (S25).

mod api;
mod store;

pub use api::routes;

use serde::Serialize;
use utoipa::ToSchema;

use crate::customers::CustomerFilter;
use crate::customers::model::shortened;
use crate::error::Result;
use crate::opportunities::OpportunityFilter;
use crate::platform::http::One;
use crate::platform::page::{Sort, Turn};
use crate::platform::types::{grams, name};
use crate::platform::work::Work;

/// Hits of each kind at most.
const MOST: usize = 8;
/// So many customers found are looked at for their contacts.
const LOOKED_AT: i64 = 250;

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SearchHit)]
pub struct Hit {
    /// The record's id; for a contact the contact's own.
    pub id: i64,
    /// Its name, or what there is to do.
    pub title: String,
    /// What tells it from others.
    pub subtitle: String,
    /// The business number; for a contact that of its customer.
    pub number: Option<String>,
}

/// What was found, at most eight of each kind, within the reader's scope.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = SearchResult)]
pub struct Found {
    /// Customers, the last edited first.
    pub customers: Vec<Hit>,
    /// Contacts whose own name or phone fits.
    pub contacts: Vec<Hit>,
    /// Opportunities, the last edited first.
    pub opportunities: Vec<Hit>,
    /// The reader's own open tasks, the earliest due first.
    pub tasks: Vec<Hit>,
}

/// Finds by number, name, contact, phone, pinyin or initials; nothing asked, nothing found.
pub fn find(work: &mut Work, text: &str) -> Result<Found> {
    let mut found = Found::default();
    let query = grams::query_grams(text);
    if query.is_empty() {
        return Ok(found);
    }
    if work.actor.may("view_customers") {
        (found.customers, found.contacts) = find_customers(work, text, &query)?;
    }
    if work.actor.may("view_opportunities") {
        found.opportunities = find_opportunities(work, text)?;
    }
    if work.actor.may("view_tasks") {
        found.tasks = find_tasks(work, text)?;
    }
    Ok(found)
}

/// The last edited first.
fn first(column: &'static str, rows: i64) -> Turn {
    Turn::first(Sort { name: "updated_at", column, descending: true }, rows)
}

fn asked(text: &str) -> One<String> {
    One(Some(Ok(text.to_owned())))
}

/// Customers, and those of their contacts that fit by themselves: the index knows customers with all their contacts.
fn find_customers(work: &mut Work, text: &str, query: &[String]) -> Result<(Vec<Hit>, Vec<Hit>)> {
    let list = CustomerFilter { q: asked(text), ..CustomerFilter::default() }.list(work)?;
    let customers: Vec<store::CustomerRow> = list.fetch(work, &first("c.updated_at", LOOKED_AT), store::OF_CUSTOMERS)?.items;
    let ids: Vec<i64> = customers.iter().map(|row| row.id).collect();
    let contacts = store::contacts_of(work, &ids)?;
    let fits = |row: &store::ContactRow| {
        let record = grams::Findable { names: &[&row.name], phones: &[&row.phone], ..grams::Findable::default() };
        grams::fits(&grams::index_grams(&record), query)
    };
    let customer = |row: store::CustomerRow| Hit {
        id: row.id,
        title: row.name,
        subtitle: joined(&[&row.contact_name, &shortened(&row.phone), row.owner_name.as_deref().unwrap_or_default()]),
        number: Some(row.number),
    };
    let contact = |row: store::ContactRow| Hit {
        id: row.id,
        subtitle: joined(&[&row.customer_name, &shortened(&row.phone)]),
        title: row.name,
        number: Some(row.customer_number),
    };
    let contacts = contacts.into_iter().filter(fits).take(MOST).map(contact).collect();
    Ok((customers.into_iter().take(MOST).map(customer).collect(), contacts))
}

fn find_opportunities(work: &mut Work, text: &str) -> Result<Vec<Hit>> {
    let list = OpportunityFilter { q: asked(text), ..OpportunityFilter::default() }.list(work)?;
    let rows: Vec<store::OpportunityRow> = list.fetch(work, &first("o.updated_at", MOST as i64), store::OF_OPPORTUNITIES)?.items;
    let hit = |row: store::OpportunityRow| Hit {
        id: row.id,
        title: row.name,
        subtitle: joined(&[&row.customer_name, row.owner_name.as_deref().unwrap_or_default()]),
        number: Some(row.number),
    };
    Ok(rows.into_iter().map(hit).collect())
}

fn find_tasks(work: &mut Work, text: &str) -> Result<Vec<Hit>> {
    let wanted = name::fold(text);
    let rows = store::own_open_tasks(work)?;
    let fits = |row: &store::TaskRow| !wanted.is_empty() && name::fold(&row.content).contains(&wanted);
    let hit = |row: store::TaskRow| Hit { id: row.id, title: row.content, subtitle: row.due_on.to_string(), number: None };
    Ok(rows.into_iter().filter(fits).take(MOST).map(hit).collect())
}

fn joined(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
