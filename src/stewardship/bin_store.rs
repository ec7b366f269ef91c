//! What lies in the recycle bin, how it comes out again, and how it goes for good.

use super::recycle_bin::{BinItem, BinKind};
use crate::error::Result;
use crate::history;
use crate::identity::scope::{self, Owned, Right};
use crate::opportunities;
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::full_text::{self, Index};
use crate::platform::page::{List, Page, Scope, Turn};
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::row;

row! {
    /// Something deleted, with what its way back needs.
    #[derive(Debug, Clone)]
    pub struct Binned {
        pub id: i64,
        pub number: String,
        pub name: String,
        pub customer_id: i64,
    }
}

/// Whoever deleted it, and whoever could edit it if it were still there.
fn restorable(work: &Work, owned: Owned, deleter: &str) -> Predicate {
    let edit = scope::predicate(work, owned, Right::Edit);
    let (text, binds) = sql(format!("({deleter} = $1 or {{edit}})")).bind(Value::Int(work.actor.user_id)).part("edit", &edit).into_parts();
    Predicate { text, binds }
}

fn of(work: &Work, kind: BinKind) -> Predicate {
    match kind {
        BinKind::Customers => restorable(work, Owned::Customers, "c.deleted_by"),
        BinKind::Opportunities => restorable(work, Owned::Opportunities, "o.deleted_by"),
    }
}

/// A page of the bin, the last deleted first.
pub fn page(work: &mut Work, kind: BinKind, turn: &Turn) -> Result<Page<BinItem>> {
    let scope = Scope::same(of(work, kind));
    match kind {
        BinKind::Customers => {
            let list = List::of("customers c", "c", "c.deleted_at is not null and c.merged_into is null", scope, Vec::new());
            let page: Page<CustomerItem> = list.fetch(
                work,
                turn,
                "join customers c on c.id = page.id left join users u on u.id = c.owner_id left join users d on d.id = c.deleted_by",
            )?;
            Ok(page.map(|row| BinItem { kind, customer_name: None, ..row.0 }))
        }
        BinKind::Opportunities => {
            let list = List::of("opportunities o", "o", "o.deleted_at is not null", scope, Vec::new());
            let page: Page<OpportunityItem> = list.fetch(
                work,
                turn,
                "join opportunities o on o.id = page.id join customers c on c.id = o.customer_id
                 left join users u on u.id = o.owner_id left join users d on d.id = o.deleted_by",
            )?;
            Ok(page.map(|row| BinItem { kind, ..row.0 }))
        }
    }
}

struct CustomerItem(BinItem);
struct OpportunityItem(BinItem);

fn item(cells: &mut crate::platform::db::Cells<'_>) -> Result<BinItem> {
    use crate::platform::db::FromRow;
    let (id, number, name) = FromRow::from_row(cells)?;
    let (customer_name, owner_name): (String, Option<String>) = FromRow::from_row(cells)?;
    let (deleted_at, deleted_by_name, reason): (Instant, Option<String>, Option<String>) = FromRow::from_row(cells)?;
    Ok(BinItem {
        kind: BinKind::Customers,
        id,
        number,
        name,
        customer_name: Some(customer_name),
        owner_name,
        deleted_at,
        deleted_by_name,
        reason: reason.unwrap_or_default(),
        purge_at: deleted_at.plus_ms(super::recycle_bin::KEPT_MS),
    })
}

impl crate::platform::db::FromRow for CustomerItem {
    const COLUMNS: &'static str = "c.id, c.number, c.name, c.name, u.name, c.deleted_at, d.name, c.deleted_reason";

    fn from_row(cells: &mut crate::platform::db::Cells<'_>) -> Result<CustomerItem> {
        item(cells).map(CustomerItem)
    }
}

impl crate::platform::db::FromRow for OpportunityItem {
    const COLUMNS: &'static str = "o.id, o.number, o.name, c.name, u.name, o.deleted_at, d.name, o.deleted_reason";

    fn from_row(cells: &mut crate::platform::db::Cells<'_>) -> Result<OpportunityItem> {
        item(cells).map(OpportunityItem)
    }
}

/// Something in the bin that the caller may restore.
pub fn find(work: &mut Work, kind: BinKind, id: i64) -> Result<Option<Binned>> {
    let visible = of(work, kind);
    let text = match kind {
        BinKind::Customers => {
            "select c.id, c.number, c.name, c.id from customers c where c.id = $1 and c.deleted_at is not null and c.merged_into is null and {visible}"
        }
        BinKind::Opportunities => {
            "select o.id, o.number, o.name, o.customer_id from opportunities o where o.id = $1 and o.deleted_at is not null and {visible}"
        }
    };
    sql(text).bind(id).part("visible", &visible).maybe(work)
}

/// Brings an opportunity back; answers its version.
pub fn revive_opportunity(work: &mut Work, id: i64) -> Result<i64> {
    history::keep(work, history::Kept::Opportunities, id)?;
    let now = work.now();
    let version = sql("-- unscoped: found among what the caller may restore
         update opportunities set deleted_at = null, deleted_by = null, deleted_reason = null, updated_at = $2, version = version + 1
         where id = $1 returning version")
    .bind(id)
    .bind(now)
    .one(work)?;
    opportunities::index(work, id)?;
    Ok(version)
}

/// What was deleted before an instant, oldest first: opportunities before customers, so that nothing hangs in the air.
pub fn deleted_before(work: &mut Work, before: Instant, most: i64) -> Result<Vec<(BinKind, Binned)>> {
    let opportunities: Vec<Binned> = sql("-- unscoped: the nightly purge takes everybody's
         select id, number, name, customer_id from opportunities where deleted_at is not null and deleted_at <= $1 order by deleted_at, id limit $2")
    .bind(before)
    .bind(most)
    .all(work)?;
    let customers: Vec<Binned> = sql("-- unscoped: the nightly purge takes everybody's
         select id, number, name, id from customers where deleted_at is not null and merged_into is null and deleted_at <= $1 order by deleted_at, id limit $2")
    .bind(before)
    .bind(most)
    .all(work)?;
    let opportunities = opportunities.into_iter().map(|one| (BinKind::Opportunities, one));
    let customers = customers.into_iter().map(|one| (BinKind::Customers, one));
    Ok(opportunities.chain(customers).take(most as usize).collect())
}

/// The opportunities of a customer, all of them in the bin.
pub fn opportunities_of(work: &mut Work, customer_id: i64) -> Result<Vec<i64>> {
    sql("-- unscoped: they go with their customer\n select id from opportunities where customer_id = $1 order by id limit 10000")
        .bind(customer_id)
        .all(work)
}

/// Those merged into a customer.
pub fn merged_into(work: &mut Work, customer_id: i64) -> Result<Vec<i64>> {
    sql("-- unscoped: they go with the record they went into\n select id from customers where merged_into = $1 order by id limit 1000")
        .bind(customer_id)
        .all(work)
}

/// Deletes what hangs on customers or opportunities: plans, records, files, entries. Tasks are people's work and stay, unlinked.
fn delete_below(work: &mut Work, column: &str, id: i64) -> Result<()> {
    history::keep_all(work, history::Kept::FollowUps, &Predicate::new(format!("x.{column} = $1"), vec![Value::Int(id)]))?;
    let now = work.now();
    sql(format!(
        "-- unscoped: found among what the caller may purge
         insert into forsaken_files (sha256, since) select distinct a.sha256, cast($2 as bigint) from attachments a
         where a.record_kind = 'follow_up' and a.record_id in (select id from follow_ups where {column} = $1) on conflict (sha256) do nothing"
    ))
    .bind(id)
    .bind(now)
    .run(work)?;
    for text in [
        "-- unscoped: found among what the caller may purge
         delete from attachments where record_kind = 'follow_up' and record_id in (select id from follow_ups where {column} = $1)",
        "-- unscoped: found among what the caller may purge\n delete from follow_ups where {column} = $1",
        "-- unscoped: found among what the caller may purge\n delete from follow_up_plans where {column} = $1",
        "delete from events where {column} = $1 and record_kind <> 'task'",
    ] {
        sql(text.replace("{column}", column)).bind(id).run(work)?;
    }
    Ok(())
}

/// What was said about a record goes with it.
fn delete_comments(work: &mut Work, kind: &str, id: i64) -> Result<()> {
    for text in [
        "delete from comment_mentions where comment_id in (select id from comments where record_kind = $1 and record_id = $2)",
        "delete from comments where record_kind = $1 and record_id = $2",
    ] {
        sql(text).bind(kind).bind(id).run(work)?;
    }
    Ok(())
}

pub fn purge_opportunity(work: &mut Work, id: i64) -> Result<()> {
    delete_below(work, "opportunity_id", id)?;
    delete_comments(work, "opportunity", id)?;
    let own = Predicate::new("x.opportunity_id = $1", vec![Value::Int(id)]);
    history::keep_all(work, history::Kept::StageChanges, &own)?;
    history::keep_all(work, history::Kept::Tasks, &own)?;
    for text in [
        "-- unscoped: found among what the caller may purge\n update tasks set opportunity_id = null where opportunity_id = $1",
        "update events set opportunity_id = null where opportunity_id = $1",
        "delete from stage_changes where opportunity_id = $1",
        "delete from sop_tasks where opportunity_id = $1",
        "delete from changes where kind = 'opportunity' and record_id = $1",
        "delete from events where record_kind = 'opportunity' and record_id = $1",
        "-- unscoped: found among what the caller may purge\n delete from opportunities where id = $1",
    ] {
        sql(text).bind(id).run(work)?;
    }
    full_text::remove(work, Index::Opportunities, id)
}

pub fn purge_customer(work: &mut Work, id: i64) -> Result<()> {
    delete_below(work, "customer_id", id)?;
    delete_comments(work, "customer", id)?;
    let own = Predicate::new("x.customer_id = $1", vec![Value::Int(id)]);
    history::keep_carried(work, history::Carried::Tags, &own)?;
    history::keep_carried(work, history::Carried::Sources, &own)?;
    history::keep_all(work, history::Kept::Shares, &own)?;
    history::keep_all(work, history::Kept::Tasks, &own)?;
    for text in [
        "-- unscoped: found among what the caller may purge\n update tasks set customer_id = null where customer_id = $1",
        "-- unscoped: a customer that is gone refers nobody\n update customers set referrer_id = null where referrer_id = $1",
        "update events set customer_id = null where customer_id = $1",
        "-- unscoped: found among what the caller may purge\n delete from contacts where customer_id = $1",
        "delete from customer_tags where customer_id = $1",
        "delete from customer_sources where customer_id = $1",
        "delete from customer_group_members where customer_id = $1",
        "delete from requirement_versions where customer_id = $1",
        "delete from shares where customer_id = $1",
        "delete from changes where kind = 'customer' and record_id = $1",
        "delete from events where record_kind = 'customer' and record_id = $1",
        "delete from merge_moves where merge_id in (select id from merges where winner_id = $1 or loser_id = $1)",
        "delete from merges where winner_id = $1 or loser_id = $1",
        "-- unscoped: found among what the caller may purge\n delete from customers where id = $1",
    ] {
        sql(text).bind(id).run(work)?;
    }
    full_text::remove(work, Index::Customers, id)
}

/// Content that lost a mention, at most some at a time.
pub fn forsaken(work: &mut Work) -> Result<Vec<String>> {
    sql("select sha256 from forsaken_files order by since, sha256 limit 200").all(work)
}

/// Takes a content off the list; true when no record mentions it and the file can go.
pub fn let_go(work: &mut Work, sha256: &str) -> Result<bool> {
    let mentioned: Option<i64> = sql("select id from attachments where sha256 = $1 limit 1").bind(sha256).maybe(work)?;
    Ok(mentioned.is_none())
}

pub fn forget_file(work: &mut Work, sha256: &str) -> Result<()> {
    sql("delete from forsaken_files where sha256 = $1").bind(sha256).run(work)?;
    Ok(())
}
