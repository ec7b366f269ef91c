//! How well the customers of each owner are kept (I49): how many, how many have not been followed up for long, how complete.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::{Error, Result};
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::sql;
use crate::platform::http::One;
use crate::platform::types::{FieldCode, Instant};
use crate::platform::work::Work;
use crate::row;

/// Below this many per cent a customer counts as incomplete.
pub const INCOMPLETE_BELOW: i64 = 60;

/// What counts as long.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct QualityQuery {
    /// 近 N 天未跟进, 1–3650; 30 unless said otherwise.
    #[param(value_type = Option<i64>)]
    pub days: One<i64>,
}

row! {
    /// The customers of one owner within the reader's scope.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct OwnerQuality {
        /// The owner; none for customers without one.
        pub owner_id: Option<i64> = "g.owner_id",
        /// Name.
        pub owner_name: Option<String> = "u.name",
        /// How many customers.
        pub customers: i64 = "g.customers",
        /// How many had no contact in the last days, today included.
        pub stale: i64 = "g.stale",
        /// How many are less than 60 % complete.
        pub incomplete: i64 = "g.incomplete",
        /// The mean completeness in whole per cent, rounded down.
        pub completeness: i64 = "g.completeness",
        /// Records of contacts in these days written by the owner and in the reader's sight.
        pub follow_ups: i64 = "coalesce(w.follow_ups, 0)",
        /// How many of them were written more than 24 h after the contact (补录).
        pub late_entries: i64 = "coalesce(w.late_entries, 0)",
    }
}

/// Per owner, the one with the most silent customers first; at most 500 owners.
pub fn by_owner(work: &mut Work, query: QualityQuery) -> Result<Vec<OwnerQuality>> {
    let days = query.days.get("days")?.unwrap_or(30);
    if !(1..=3_650).contains(&days) {
        return Err(Error::field("days", FieldCode::OutOfRange { min: "1".into(), max: "3650".into() }));
    }
    let last = work.today().add_days(-days);
    let since = Instant::at(last.add_days(1), 0, 0, work.zone());
    let visible = scope::predicate(work, Owned::Customers, Right::Read);
    let visible_records = scope::predicate(work, Owned::FollowUps, Right::Read);
    sql("select {columns} from (
           select c.owner_id as owner_id, count(*) as customers, count(*) filter (where c.last_contact_on <= $1) as stale,
             count(*) filter (where c.completeness < $2) as incomplete, cast(sum(c.completeness) as bigint) / count(*) as completeness
           from customers c where c.deleted_at is null and {visible} group by c.owner_id) g
         left join users u on u.id = g.owner_id
         left join (select f.author_id as author_id, count(*) as follow_ups, count(*) filter (where f.late_entry) as late_entries
           from follow_ups f where f.contacted_at >= $3 and {visible_records} group by f.author_id) w on w.author_id = g.owner_id
         order by g.stale desc, g.customers desc, g.owner_id limit 500")
    .bind(last)
    .bind(INCOMPLETE_BELOW)
    .bind(since)
    .part("visible", &visible)
    .part("visible_records", &visible_records)
    .all(work)
}
