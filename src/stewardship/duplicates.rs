//! The duplicate report (I49): live customers within the reader's scope that share a name but for its legal form, or a phone.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::customers::model::shortened;
use crate::error::{Error, Result};
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Value, sql};
use crate::platform::http::One;
use crate::platform::page::any_of;
use crate::platform::types::{FieldCode, Instant};
use crate::platform::work::{Reach, Work};
use crate::{row, words};

/// Groups of a page.
const GROUPS: i64 = 20;
/// Customers shown of a group.
const SHOWN: i64 = 20;

words! {
    /// What two records have in common.
    pub enum SharedBy {
        /// The name without its legal form.
        Name = "name",
        /// A contact's phone.
        Phone = "phone",
    }
}

/// Which report, which page of it.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct DuplicatesQuery {
    /// `name` (default) or `phone`.
    #[param(value_type = Option<String>)]
    pub by: One<SharedBy>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    pub cursor: One<i64>,
}

row! {
    /// A customer of a group.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct Twin {
        /// Id.
        pub id: i64 = "c.id",
        /// Number.
        pub number: String = "c.number",
        /// Name.
        pub name: String = "c.name",
        /// The main contact.
        pub contact_name: String = "c.contact_name",
        /// Its phone, shortened.
        pub phone: String = "c.phone",
        /// The owner.
        pub owner_name: Option<String> = "u.name",
        /// The team.
        pub team_name: Option<String> = "t.name",
        /// 完整度.
        pub completeness: i64 = "c.completeness",
        /// When it was entered.
        pub created_at: Instant = "c.created_at",
        /// The latest contact; the beginning of time for none.
        pub last_followed_up_at: Instant = "c.last_followed_up_at",
    }
}

/// Customers that look like one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TwinGroup {
    /// What they share, as it may be shown.
    pub shared: String,
    /// How many there are.
    pub count: i64,
    /// They, the oldest first, at most 20.
    pub customers: Vec<Twin>,
}

/// A page of groups.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TwinGroups {
    /// The groups.
    pub items: Vec<TwinGroup>,
    /// Pass it as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// The next groups.
pub fn groups(work: &mut Work, query: DuplicatesQuery) -> Result<TwinGroups> {
    let by = query.by.get("by")?.unwrap_or(SharedBy::Name);
    let after = match query.cursor.get("cursor")? {
        None => String::new(),
        Some(id) => key_of(work, by, id)?.ok_or_else(|| Error::field("cursor", FieldCode::Format))?,
    };
    let mut keys = keys(work, by, &after)?;
    let more = keys.len() as i64 > GROUPS;
    keys.truncate(GROUPS as usize);
    let mut members = members(work, by, &keys)?;
    // The key itself may be a full phone: a cursor names a row that has it.
    let last = keys.last().and_then(|(key, _)| members.get(key)).and_then(|rows| rows.first()).map(|(source, _)| source.to_string());
    let items = keys
        .into_iter()
        .map(|(key, count)| {
            let customers: Vec<Twin> = members
                .remove(&key)
                .unwrap_or_default()
                .into_iter()
                .map(|(_, twin)| Twin { phone: shortened(&twin.phone), ..twin })
                .collect();
            let shared = match by {
                SharedBy::Phone => shortened(&key),
                SharedBy::Name => customers.first().map_or(key, |first| first.name.clone()),
            };
            TwinGroup { shared, count, customers }
        })
        .collect();
    Ok(TwinGroups { items, next_cursor: last.filter(|_| more) })
}

/// What the row behind a cursor has.
fn key_of(work: &mut Work, by: SharedBy, id: i64) -> Result<Option<String>> {
    match by {
        SharedBy::Name => {
            sql("-- unscoped: only where a page begins\n select name_variant from customers where id = $1").bind(id).maybe(work)
        }
        SharedBy::Phone => sql("-- unscoped: only where a page begins\n select phone from contacts where id = $1").bind(id).maybe(work),
    }
}

fn keys(work: &mut Work, by: SharedBy, after: &str) -> Result<Vec<(String, i64)>> {
    let visible = scope::predicate(work, Owned::Customers, Right::Read);
    // Who sees all walks the index of the key; who sees some gathers those first.
    let text = match (by, work.actor.reach == Reach::All) {
        (SharedBy::Name, true) => {
            "select c.name_variant, count(*) from customers c where c.deleted_at is null and c.name_variant > $1 and {visible}
             group by c.name_variant having count(*) > 1 order by c.name_variant limit $2"
        }
        (SharedBy::Name, false) => {
            "with seen as materialized (select c.name_variant as k from customers c where c.deleted_at is null and {visible})
             select k, count(*) from seen where k > $1 group by k having count(*) > 1 order by k limit $2"
        }
        (SharedBy::Phone, true) => {
            "select k.phone, count(distinct k.customer_id) from contacts k where k.deleted_at is null and k.phone > $1
               and k.customer_id in (select c.id from customers c where c.deleted_at is null and {visible})
             group by k.phone having count(distinct k.customer_id) > 1 order by k.phone limit $2"
        }
        (SharedBy::Phone, false) => {
            "with seen as materialized (select k.phone as phone, k.customer_id as customer_id from customers c join contacts k on k.customer_id = c.id
               where c.deleted_at is null and k.deleted_at is null and {visible})
             select phone, count(distinct customer_id) from seen where phone > $1 group by phone having count(distinct customer_id) > 1 order by phone limit $2"
        }
    };
    sql(text).bind(after).bind(GROUPS + 1).part("visible", &visible).all(work)
}

type Members = HashMap<String, Vec<(i64, Twin)>>;

/// The customers of several groups in one query, each with the row its cursor would name.
fn members(work: &mut Work, by: SharedBy, keys: &[(String, i64)]) -> Result<Members> {
    let mut all = Members::new();
    if keys.is_empty() {
        return Ok(all);
    }
    let visible = scope::predicate(work, Owned::Customers, Right::Read);
    let columns = <Twin as crate::platform::db::FromRow>::COLUMNS;
    let values: Vec<Value> = keys.iter().map(|(key, _)| key.as_str().into()).collect();
    let (key, source, ranked) = match by {
        SharedBy::Name => ("c.name_variant", "c.id", "customers c where c.deleted_at is null"),
        SharedBy::Phone => {
            ("k.phone", "k.id", "contacts k join customers c on c.id = k.customer_id where c.deleted_at is null and k.deleted_at is null")
        }
    };
    let rows: Vec<(String, i64, Twin)> = sql(format!(
        "with ranked as (select {key} as k, {source} as source, c.id as id, row_number() over (partition by {key} order by c.id) as place
           from {ranked} and {{among}} and {{visible}})
         select ranked.k, ranked.source, {columns} from ranked join customers c on c.id = ranked.id
         left join users u on u.id = c.owner_id left join teams t on t.id = c.team_id where ranked.place <= $1 order by ranked.k, c.id"
    ))
    .bind(SHOWN)
    .part("among", &any_of(key, values))
    .part("visible", &visible)
    .all(work)?;
    for (key, source, twin) in rows {
        let group = all.entry(key).or_default();
        if group.iter().all(|(_, known)| known.id != twin.id) {
            group.push((source, twin));
        }
    }
    Ok(all)
}
