//! What other rooms need of a customer.

use std::collections::HashMap;

use crate::error::Result;
use crate::history;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::draft::Choice;
use crate::platform::page::any_of;
use crate::platform::types::{BusinessNumber, Instant, Numbered, name};
use crate::platform::work::Work;
use crate::row;

row! {
    /// A customer in a few words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Brief {
        /// Id.
        pub id: i64 = "c.id",
        /// 客户编号.
        pub number: String = "c.number",
        /// 客户名称.
        pub name: String = "c.name",
        /// The owner; none in the public pool.
        pub owner_id: Option<i64> = "c.owner_id",
        /// The team it belongs to.
        pub team_id: Option<i64> = "c.team_id",
    }
}

/// The live customer with this id or number, if the caller has the right to it. A merged one's old number finds the merged record.
pub fn find(work: &mut Work, wanted: &Choice, right: Right) -> Result<Option<Brief>> {
    let Some(id) = id_of(work, wanted)? else { return Ok(None) };
    let visible = scope::predicate(work, Owned::Customers, right);
    sql("select {columns} from customers c where c.id = $1 and c.deleted_at is null and {visible}")
        .bind(id)
        .part("visible", &visible)
        .maybe(work)
}

/// The ids of these customers, in order and each once; `None` when one of them is absent or out of sight.
pub fn visible_ids(work: &mut Work, wanted: &[Choice]) -> Result<Option<Vec<i64>>> {
    let mut ids = Vec::with_capacity(wanted.len());
    for choice in wanted {
        match choice {
            Choice::Id(id) => ids.push(*id),
            Choice::Name(_) => match id_of(work, choice)? {
                Some(id) => ids.push(id),
                None => return Ok(None),
            },
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let mut seen = 0;
    for chunk in ids.chunks(500) {
        let visible = scope::predicate(work, Owned::Customers, Right::Read);
        let among = any_of("c.id", chunk.iter().copied().map(Value::Int).collect());
        let found: i64 = sql("select count(*) from customers c where {among} and c.deleted_at is null and {visible}")
            .part("among", &among)
            .part("visible", &visible)
            .one(work)?;
        seen += found;
    }
    Ok((seen == ids.len() as i64).then_some(ids))
}

/// The live customer of exactly this name (case and width aside), if the caller has the right to it.
pub fn find_named(work: &mut Work, text: &str, right: Right) -> Result<Option<Brief>> {
    let visible = scope::predicate(work, Owned::Customers, right);
    sql("select {columns} from customers c where c.name_fold = $1 and c.deleted_at is null and {visible}")
        .bind(name::fold(text))
        .part("visible", &visible)
        .maybe(work)
}

/// The live customers with these ids or numbers that the caller has the right to, each with what it was asked for by.
pub fn find_each(work: &mut Work, wanted: &[Choice], right: Right) -> Result<Vec<(Choice, Brief)>> {
    let (mut ids, mut keys) = (Vec::new(), Vec::new());
    for choice in wanted {
        match (choice, key_of(choice)) {
            (Choice::Id(id), _) => ids.push(Value::Int(*id)),
            (_, Some(key)) => keys.push(Value::Int(key)),
            _ => {}
        }
    }
    let among = Predicate::any([any_of("c.id", ids), any_of("c.number_key", keys)]);
    let found: Vec<(i64, i64, Option<i64>)> =
        sql("-- unscoped: resolves ids and numbers; every use of them is scoped\n select c.id, c.number_key, c.merged_into from customers c where {among}")
            .part("among", &among)
            .all(work)?;
    let by_id: HashMap<i64, i64> = found.iter().map(|(id, _, merged_into)| (*id, merged_into.unwrap_or(*id))).collect();
    let by_key: HashMap<i64, i64> = found.iter().map(|(id, key, merged_into)| (*key, merged_into.unwrap_or(*id))).collect();
    let now = |choice: &Choice| match choice {
        Choice::Id(id) => by_id.get(id).copied(),
        Choice::Name(_) => key_of(choice).and_then(|key| by_key.get(&key).copied()),
    };
    let among = any_of("c.id", wanted.iter().filter_map(now).map(Value::Int).collect());
    let visible = scope::predicate(work, Owned::Customers, right);
    let briefs: Vec<Brief> = sql("select {columns} from customers c where {among} and c.deleted_at is null and {visible}")
        .part("among", &among)
        .part("visible", &visible)
        .all(work)?;
    let briefs: HashMap<i64, Brief> = briefs.into_iter().map(|brief| (brief.id, brief)).collect();
    let with = |choice: &Choice| now(choice).and_then(|id| briefs.get(&id)).map(|brief| (choice.clone(), brief.clone()));
    Ok(wanted.iter().filter_map(with).collect())
}

fn key_of(choice: &Choice) -> Option<i64> {
    let Choice::Name(number) = choice else { return None };
    BusinessNumber::parse(number).ok().filter(|number| number.kind() == Numbered::Customer).map(|number| number.key())
}

/// The live customers of exactly these names that the caller has the right to, by folded name.
pub fn find_each_named(work: &mut Work, texts: &[&str], right: Right) -> Result<HashMap<String, Brief>> {
    let visible = scope::predicate(work, Owned::Customers, right);
    let among = any_of("c.name_fold", texts.iter().map(|text| name::fold(text).into()).collect());
    let found: Vec<Brief> = sql("select {columns} from customers c where {among} and c.deleted_at is null and {visible}")
        .part("among", &among)
        .part("visible", &visible)
        .all(work)?;
    Ok(found.into_iter().map(|brief| (name::fold(&brief.name), brief)).collect())
}

/// Locks a visible customer before it is judged and changed: the first lock of a verb, before those of its opportunities and tasks.
pub fn lock(work: &mut Work, id: i64) -> Result<Option<Brief>> {
    if work.has_concurrent_writers() {
        let _: Option<i64> =
            sql("-- unscoped: only locks; what is read below is scoped\n select id from customers where id = $1 for update")
                .bind(id)
                .maybe(work)?;
    }
    find(work, &Choice::Id(id), Right::Read)
}

/// The id behind an id or a number, following merges; says nothing about who may see it.
pub fn id_of(work: &mut Work, wanted: &Choice) -> Result<Option<i64>> {
    let found: Option<(i64, Option<i64>)> = match wanted {
        Choice::Id(id) => {
            sql("-- unscoped: resolves an id; every use of it is scoped\n select id, merged_into from customers where id = $1")
                .bind(*id)
                .maybe(work)?
        }
        Choice::Name(number) => match BusinessNumber::parse(number) {
            Ok(number) if number.kind() == Numbered::Customer => sql(
                "-- unscoped: resolves a number; every use of it is scoped\n select id, merged_into from customers where number_key = $1",
            )
            .bind(number.key())
            .maybe(work)?,
            _ => None,
        },
    };
    Ok(found.map(|(id, merged_into)| merged_into.unwrap_or(id)))
}

/// Somebody was in contact with the customer at `at`: keeps the latest contact for 「近30天未跟进」 (S31) and lets the first record
/// start the follow-up (S27).
pub fn note_contact(work: &mut Work, id: i64, at: Instant) -> Result<()> {
    history::keep(work, history::Kept::Customers, id)?;
    let on = at.day_in(work.zone());
    sql("-- unscoped: the caller has found the customer in its scope
         update customers set
           last_followed_up_at = case when last_followed_up_at < $2 then $2 else last_followed_up_at end,
           last_contact_on = case when last_followed_up_at = 0 or last_contact_on < $3 then $3 else last_contact_on end,
           follow_up_status = case when follow_up_status = 'not_started' then 'in_progress' else follow_up_status end
         where id = $1")
    .bind(id)
    .bind(at)
    .bind(on)
    .run(work)?;
    Ok(())
}
