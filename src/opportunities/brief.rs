//! What other rooms need of an opportunity.

use std::collections::HashMap;

use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Value, sql};
use crate::platform::draft::Choice;
use crate::platform::page::any_of;
use crate::platform::types::{BusinessNumber, Instant, Numbered, name};
use crate::platform::work::Work;
use crate::row;

row! {
    /// An opportunity in a few words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Brief {
        /// Id.
        pub id: i64 = "o.id",
        /// Its number.
        pub number: String = "o.number",
        /// Its name.
        pub name: String = "o.name",
        /// Its customer.
        pub customer_id: i64 = "o.customer_id",
        /// The owner.
        pub owner_id: Option<i64> = "o.owner_id",
        /// The team.
        pub team_id: Option<i64> = "o.team_id",
        /// `open`, `won`, `lost`.
        pub status: String = "o.status",
    }
}

/// The live opportunity with this id or number, if the caller has the right to it.
pub fn find(work: &mut Work, wanted: &Choice, right: Right) -> Result<Option<Brief>> {
    let Some(id) = id_of(work, wanted)? else { return Ok(None) };
    let visible = scope::predicate(work, Owned::Opportunities, right);
    sql("select {columns} from opportunities o where o.id = $1 and o.deleted_at is null and {visible}")
        .bind(id)
        .part("visible", &visible)
        .maybe(work)
}

/// The first live opportunity of this name on a customer, if the caller has the right to it.
pub fn find_named(work: &mut Work, customer_id: i64, text: &str, right: Right) -> Result<Option<Brief>> {
    let visible = scope::predicate(work, Owned::Opportunities, right);
    sql("select {columns} from opportunities o where o.customer_id = $1 and o.name_fold = $2 and o.deleted_at is null and {visible} order by o.id limit 1")
        .bind(customer_id)
        .bind(name::fold(text))
        .part("visible", &visible)
        .maybe(work)
}

/// The live opportunities with these numbers that the caller has the right to, each with what it was asked for by.
pub fn find_each(work: &mut Work, numbers: &[&str], right: Right) -> Result<Vec<(String, Brief)>> {
    let key_of =
        |text: &str| BusinessNumber::parse(text).ok().filter(|number| number.kind() == Numbered::Opportunity).map(|number| number.key());
    let visible = scope::predicate(work, Owned::Opportunities, right);
    let among = any_of("o.number_key", numbers.iter().copied().filter_map(key_of).map(Value::Int).collect());
    let found: Vec<Brief> = sql("select {columns} from opportunities o where {among} and o.deleted_at is null and {visible}")
        .part("among", &among)
        .part("visible", &visible)
        .all(work)?;
    let by_key: HashMap<i64, Brief> = found.into_iter().filter_map(|brief| Some((key_of(&brief.number)?, brief))).collect();
    let with = |text: &&str| by_key.get(&key_of(text)?).map(|brief| ((*text).to_owned(), brief.clone()));
    Ok(numbers.iter().filter_map(with).collect())
}

/// Locks a visible opportunity; its customer is locked before it.
pub fn lock(work: &mut Work, id: i64) -> Result<Option<Brief>> {
    if work.has_concurrent_writers() {
        let _: Option<i64> =
            sql("-- unscoped: only locks; what is read below is scoped\n select id from opportunities where id = $1 for update")
                .bind(id)
                .maybe(work)?;
    }
    find(work, &Choice::Id(id), Right::Read)
}

/// The id behind an id or a number; says nothing about who may see it.
pub fn id_of(work: &mut Work, wanted: &Choice) -> Result<Option<i64>> {
    match wanted {
        Choice::Id(id) => Ok(Some(*id)),
        Choice::Name(number) => match BusinessNumber::parse(number) {
            Ok(number) if number.kind() == Numbered::Opportunity => {
                sql("-- unscoped: resolves a number; every use of it is scoped\n select id from opportunities where number_key = $1")
                    .bind(number.key())
                    .maybe(work)
            }
            _ => Ok(None),
        },
    }
}

/// Somebody was in contact about the opportunity at `at`.
pub fn note_contact(work: &mut Work, id: i64, at: Instant) -> Result<()> {
    sql("-- unscoped: the caller has found the opportunity in its scope
         update opportunities set last_followed_up_at = $2 where id = $1 and last_followed_up_at < $2")
    .bind(id)
    .bind(at)
    .run(work)?;
    Ok(())
}

/// A plan of the opportunity was made, moved, done or called off: keeps the start of its last open plan, by which 「无下一步」 is
/// found (S63).
pub fn note_plans(work: &mut Work, id: i64) -> Result<()> {
    sql("-- unscoped: the caller has found the opportunity in its scope
         update opportunities set last_plan_at = coalesce((select max(p.starts_at) from follow_up_plans p where p.opportunity_id = $1 and p.status = 'planned'), 0) where id = $1")
    .bind(id)
    .run(work)?;
    Ok(())
}

/// A task of the opportunity was given, done or called off: keeps how many are open (S63).
pub fn note_tasks(work: &mut Work, id: i64) -> Result<()> {
    sql("-- unscoped: the caller has found the opportunity in its scope
         update opportunities set open_tasks = (select count(*) from tasks t where t.opportunity_id = $1 and t.is_open) where id = $1")
    .bind(id)
    .run(work)?;
    Ok(())
}
