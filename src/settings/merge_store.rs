//! Moving every reference to a value or tag to another one; whole tables are touched, whoever owns the rows.

use super::model::{Entry, Kind, MergeCounts, Tag};
use crate::error::Result;
use crate::history::{self, Carried, Change};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::work::Work;

fn number(work: &mut Work, text: &'static str, value: Value) -> Result<i64> {
    sql(text).bind(value).one(work)
}

/// What carries a value, deleted records included.
pub fn count(work: &mut Work, kind: Kind, entry: &Entry) -> Result<MergeCounts> {
    let (id, key, name) = (Value::Int(entry.id), Value::from(entry.key.as_str()), Value::from(entry.name.as_str()));
    let mut counts = MergeCounts { customers: 0, opportunities: 0, follow_ups: 0, tasks: 0, teams: 0, total: 0 };
    match kind {
        Kind::Industry => {
            counts.customers = number(
                work,
                "-- unscoped: only how many, for whoever keeps the settings\n select count(*) from customers where industry_id = $1",
                id,
            )?;
        }
        Kind::Region => {
            counts.customers = number(
                work,
                "-- unscoped: only how many, for whoever keeps the settings\n select count(*) from customers where region_id = $1",
                id.clone(),
            )?;
            counts.teams = number(work, "select count(*) from teams where region_id = $1", id)?;
        }
        Kind::SourceChannel => counts.customers = number(work, "select count(*) from customer_sources where entry_id = $1", id)?,
        Kind::FollowUpMethod => {
            counts.follow_ups = number(work, "-- unscoped: only how many, for whoever keeps the settings
                 select count(*) from (select id from follow_up_plans where method = $1 union all select id from follow_ups where method = $1) as used", key)?;
        }
        Kind::TaskKind => {
            counts.tasks = number(
                work,
                "-- unscoped: only how many, for whoever keeps the settings\n select count(*) from tasks where kind = $1",
                key,
            )?
        }
        Kind::LostReason => {
            counts.opportunities = number(
                work,
                "-- unscoped: only how many, for whoever keeps the settings\n select count(*) from opportunities where lost_reason = $1",
                name,
            )?;
        }
    }
    counts.total = counts.customers + counts.opportunities + counts.follow_ups + counts.tasks + counts.teams;
    Ok(counts)
}

/// How many customers have a tag, deleted ones included.
pub fn count_tag(work: &mut Work, id: i64) -> Result<MergeCounts> {
    let customers = number(work, "select count(*) from customer_tags where tag_id = $1", Value::Int(id))?;
    Ok(MergeCounts { customers, opportunities: 0, follow_ups: 0, tasks: 0, teams: 0, total: customers })
}

/// Writes the change into the history of everything that carries the value, then moves it over.
pub fn move_entry(work: &mut Work, kind: Kind, from: &Entry, into: &Entry) -> Result<()> {
    let change = |field: &str| Change { field: field.into(), old: from.name.clone(), new: into.name.clone() };
    let id = |text: &str| Predicate::new(text, vec![Value::Int(from.id)]);
    match kind {
        Kind::Industry => {
            history::record_everywhere(work, history::Carriers::Customers, &id("c.industry_id = $1"), &change("industry"))?;
            run(
                work,
                "-- unscoped: the value goes, wherever it is\n update customers set industry_id = $2 where industry_id = $1",
                from.id,
                into.id,
            )
        }
        Kind::Region => {
            history::record_everywhere(work, history::Carriers::Customers, &id("c.region_id = $1"), &change("region"))?;
            run(
                work,
                "-- unscoped: the value goes, wherever it is\n update customers set region_id = $2 where region_id = $1",
                from.id,
                into.id,
            )?;
            run(work, "update teams set region_id = $2, version = version + 1 where region_id = $1", from.id, into.id)
        }
        Kind::SourceChannel => {
            let carriers = id("c.id in (select cs.customer_id from customer_sources cs where cs.entry_id = $1)");
            history::record_everywhere(work, history::Carriers::Customers, &carriers, &change("source_channels"))?;
            keep_carried(work, Carried::Sources, "entry_id", from.id, into.id)?;
            // Who has both keeps the better place of the two.
            run(work, "update customer_sources set position = (select min(o.position) from customer_sources o where o.customer_id = customer_sources.customer_id and o.entry_id in ($1, $2))
                 where entry_id = $2 and exists (select 1 from customer_sources o where o.customer_id = customer_sources.customer_id and o.entry_id = $1)", from.id, into.id)?;
            run(
                work,
                "delete from customer_sources where entry_id = $1
                 and exists (select 1 from customer_sources o where o.customer_id = customer_sources.customer_id and o.entry_id = $2)",
                from.id,
                into.id,
            )?;
            run(work, "update customer_sources set entry_id = $2 where entry_id = $1", from.id, into.id)?;
            run(
                work,
                "-- unscoped: the value goes, wherever it is\n update customers set primary_source_id = $2 where primary_source_id = $1",
                from.id,
                into.id,
            )
        }
        Kind::FollowUpMethod => {
            words(
                work,
                "-- unscoped: the value goes, wherever it is\n update follow_up_plans set method = $2 where method = $1",
                &from.key,
                &into.key,
            )?;
            words(
                work,
                "-- unscoped: the value goes, wherever it is\n update follow_ups set method = $2 where method = $1",
                &from.key,
                &into.key,
            )
        }
        Kind::TaskKind => {
            words(work, "update sop_templates set kind = $2, version = version + 1 where kind = $1", &from.key, &into.key)?;
            words(work, "-- unscoped: the value goes, wherever it is\n update tasks set kind = $2 where kind = $1", &from.key, &into.key)
        }
        Kind::LostReason => {
            let carriers = Predicate::new("o.lost_reason = $1", vec![from.name.as_str().into()]);
            history::record_everywhere(work, history::Carriers::Opportunities, &carriers, &change("lost_reason"))?;
            words(
                work,
                "-- unscoped: the value goes, wherever it is\n update opportunities set lost_reason = $2 where lost_reason = $1",
                &from.name,
                &into.name,
            )?;
            // Known by its name alone, which may be given to another reason later.
            words(work, "update past_opportunities set lost_reason = $2 where lost_reason = $1", &from.name, &into.name)
        }
    }
}

/// The same for a tag: who has both has one afterwards.
pub fn move_tag(work: &mut Work, from: &Tag, into: &Tag) -> Result<()> {
    let carriers = Predicate::new("c.id in (select ct.customer_id from customer_tags ct where ct.tag_id = $1)", vec![Value::Int(from.id)]);
    let change = Change { field: "tags".into(), old: from.name.clone(), new: into.name.clone() };
    history::record_everywhere(work, history::Carriers::Customers, &carriers, &change)?;
    keep_carried(work, Carried::Tags, "tag_id", from.id, into.id)?;
    run(
        work,
        "delete from customer_tags where tag_id = $1
         and exists (select 1 from customer_tags o where o.customer_id = customer_tags.customer_id and o.tag_id = $2)",
        from.id,
        into.id,
    )?;
    run(work, "update customer_tags set tag_id = $2 where tag_id = $1", from.id, into.id)
}

/// Keeps who had the one and not the other; what carries one value needs no such note, the value says itself what became of it.
fn keep_carried(work: &mut Work, carried: Carried, entry: &str, from: i64, into: i64) -> Result<()> {
    let of = |id: i64| Predicate::new(format!("x.{entry} = $1"), vec![Value::Int(id)]);
    history::keep_carried(work, carried, &of(from))?;
    history::keep_carried(work, carried, &of(into))?;
    history::keep_not_carried_either(work, carried, from, into)
}

fn run(work: &mut Work, text: &'static str, from: i64, into: i64) -> Result<()> {
    sql(text).bind(from).bind(into).run(work).map(|_| ())
}

fn words(work: &mut Work, text: &'static str, from: &str, into: &str) -> Result<()> {
    sql(text).bind(from).bind(into).run(work).map(|_| ())
}

/// The value is kept only to find the one it was merged into, and so is whatever was merged into it before.
pub fn retire_entry(work: &mut Work, from: i64, into: i64) -> Result<()> {
    run(work, "update dictionary_entries set merged_into = $2, version = version + 1 where id = $1 or merged_into = $1", from, into)
}

/// The same for a tag.
pub fn retire_tag(work: &mut Work, from: i64, into: i64) -> Result<()> {
    run(work, "update tags set merged_into = $2, version = version + 1 where id = $1 or merged_into = $1", from, into)
}
