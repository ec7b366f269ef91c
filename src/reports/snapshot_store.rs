//! How forecasts are kept: per team, owner, month and class.

use super::model::ForecastSnapshot;
use crate::error::Result;
use crate::opportunities::forecast::ForecastClass;
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::any_of;
use crate::platform::types::{Day, Money};
use crate::platform::work::{Reach, Work};
use crate::row;

/// Forecasts shown at most: five years of weeks.
const MOST: i64 = 260;

row! {
    /// One sum of a kept forecast.
    pub struct Sum {
        pub team_id: i64 = "f.team_id",
        pub owner_id: i64 = "f.owner_id",
        pub month: String = "f.month",
        pub class: ForecastClass = "f.class",
        pub amount: Money = "f.amount",
        pub weighted: Money = "f.weighted",
    }
}

/// The newest first.
pub fn kept(work: &mut Work) -> Result<Vec<ForecastSnapshot>> {
    sql("select {columns} from forecast_snapshots w order by w.taken_on desc limit $1").bind(MOST).all(work)
}

pub fn is_kept(work: &mut Work, day: Day) -> Result<bool> {
    let found: Option<i64> = sql("select taken_at from forecast_snapshots where taken_on = $1").bind(day).maybe(work)?;
    Ok(found.is_some())
}

pub fn keep(work: &mut Work, day: Day) -> Result<()> {
    let now = work.now();
    sql("insert into forecast_snapshots (taken_on, taken_at) values ($1, $2)").bind(day).bind(now).run(work)?;
    Ok(())
}

/// Drops what a forecast that was never finished left behind.
pub fn forget(work: &mut Work, day: Day) -> Result<()> {
    sql("delete from forecast_sums where taken_on = $1").bind(day).run(work)?;
    Ok(())
}

/// The last of the next `count` people behind `after`; nothing when there are none.
pub fn last_owner(work: &mut Work, after: i64, count: i64) -> Result<Option<i64>> {
    sql("select max(next.id) from (select u.id from users u where u.id > $1 order by u.id limit $2) as next")
        .bind(after)
        .bind(count)
        .one(work)
}

/// The sums of the opportunities of these owners: behind `after` up to `last`.
pub fn take(work: &mut Work, day: Day, after: i64, last: i64) -> Result<()> {
    sql("-- unscoped: a forecast is kept whole; who reads it sees the own part
         insert into forecast_sums (taken_on, team_id, owner_id, month, class, count, amount, weighted)
         select $1, coalesce(o.team_id, 0), o.owner_id, substr(o.expected_close_on, 1, 7),
            case when o.forecast_class <> '' then o.forecast_class when s.probability >= $4 then 'commit' when s.probability >= $5 then 'best_case' else 'pipeline' end,
            count(*), cast(sum(o.expected_amount) as bigint), (cast(sum(o.expected_amount * s.probability) as bigint) + 50) / 100
         from opportunities o join stages s on s.pipeline_id = o.pipeline_id and s.key = o.stage
         where o.owner_id > $2 and o.owner_id <= $3 and o.deleted_at is null and o.status = 'open' and o.expected_close_on <> ''
         group by 2, 3, 4, 5")
    .bind(day)
    .bind(after)
    .bind(last)
    .bind(ForecastClass::COMMIT_FROM)
    .bind(ForecastClass::BEST_CASE_FROM)
    .run(work)?;
    Ok(())
}

/// The sums of what nobody owns.
pub fn take_unowned(work: &mut Work, day: Day) -> Result<()> {
    sql("-- unscoped: a forecast is kept whole; who reads it sees the own part
         insert into forecast_sums (taken_on, team_id, owner_id, month, class, count, amount, weighted)
         select $1, coalesce(o.team_id, 0), 0, substr(o.expected_close_on, 1, 7),
            case when o.forecast_class <> '' then o.forecast_class when s.probability >= $2 then 'commit' when s.probability >= $3 then 'best_case' else 'pipeline' end,
            count(*), cast(sum(o.expected_amount) as bigint), (cast(sum(o.expected_amount * s.probability) as bigint) + 50) / 100
         from opportunities o join stages s on s.pipeline_id = o.pipeline_id and s.key = o.stage
         where o.owner_id is null and o.deleted_at is null and o.status = 'open' and o.expected_close_on <> ''
         group by 2, 4, 5")
    .bind(day)
    .bind(ForecastClass::COMMIT_FROM)
    .bind(ForecastClass::BEST_CASE_FROM)
    .run(work)?;
    Ok(())
}

fn ints(ids: &[i64]) -> Vec<Value> {
    ids.iter().copied().map(Value::Int).collect()
}

/// The sums of months `first` to `last` that the reader may see: all, those of the own teams, or the own.
pub fn sums(work: &mut Work, day: Day, first: &str, last: &str, teams: &[i64], owners: &[i64]) -> Result<Vec<Sum>> {
    let own = Predicate::new("f.owner_id = $1", vec![Value::Int(work.actor.user_id)]);
    let seen = match &work.actor.reach {
        Reach::All => Predicate::new("true", Vec::new()),
        Reach::Teams(mine) => Predicate::any([any_of("f.team_id", ints(mine)), own]),
        Reach::Own => own,
    };
    let asked = |column: &str, ids: &[i64]| if ids.is_empty() { Predicate::new("true", Vec::new()) } else { any_of(column, ints(ids)) };
    let among = Predicate::all([seen, asked("f.team_id", teams), asked("f.owner_id", owners)]);
    sql("select {columns} from forecast_sums f where f.taken_on = $1 and f.month >= $2 and f.month <= $3 and {among} limit 500000")
        .bind(day)
        .bind(first)
        .bind(last)
        .part("among", &among)
        .all(work)
}
