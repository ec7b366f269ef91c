//! The figures of one's own quarter.

use super::model::Quarter;
use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::sql;
use crate::platform::types::Money;
use crate::platform::work::Work;

/// What the caller won in the quarter.
pub fn won_in(work: &mut Work, quarter: Quarter) -> Result<Money> {
    let me = work.actor.user_id;
    let sum: Option<Money> = sql("-- unscoped: what somebody has won stays his or her own figure, whoever owns the opportunity now (I21)
         select cast(sum(won_amount) as bigint) from opportunities
         where deleted_at is null and status = 'won' and won_by = $1 and won_on >= $2 and won_on <= $3")
    .bind(me)
    .bind(quarter.first)
    .bind(quarter.last)
    .one(work)?;
    Ok(sum.unwrap_or(Money::ZERO))
}

/// The sums of the caller's open opportunities by stage.
pub fn open_by_stage(work: &mut Work) -> Result<Vec<(String, Money)>> {
    let me = work.actor.user_id;
    let visible = scope::predicate(work, Owned::Opportunities, Right::Read);
    sql("select o.stage, cast(sum(o.expected_amount) as bigint) from opportunities o
         where o.deleted_at is null and o.status = 'open' and o.owner_id = $1 and {visible} group by o.stage")
    .bind(me)
    .part("visible", &visible)
    .all(work)
}
