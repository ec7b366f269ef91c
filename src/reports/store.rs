//! What reports read besides the lists: names, targets, stays.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::{List, any_of};
use crate::platform::types::{Instant, Money};
use crate::platform::work::Work;
use crate::row;
use crate::settings::model::TargetOwner;

/// Opportunities over their limit shown at most.
const STUCK: i64 = 50;

fn among(ids: &[i64]) -> Predicate {
    any_of("id", ids.iter().copied().map(Value::Int).collect())
}

pub fn team_names(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, String)>> {
    sql("select id, name from teams where {among}").part("among", &among(ids)).all(work)
}

pub fn user_names(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, String)>> {
    sql("select id, name from users where {among}").part("among", &among(ids)).all(work)
}

/// Targets of months `first` to `last`: whose, which month, how much.
pub fn targets(work: &mut Work, owner_type: TargetOwner, first: &str, last: &str) -> Result<Vec<(i64, String, Money)>> {
    sql("select owner_id, period, amount from targets where period >= $1 and period <= $2 and owner_type = $3 order by owner_id, period limit 100000")
        .bind(first)
        .bind(last)
        .bind(owner_type)
        .all(work)
}

/// The people of teams.
pub fn members(work: &mut Work, teams: &[i64]) -> Result<Vec<i64>> {
    let among = any_of("team_id", teams.iter().copied().map(Value::Int).collect());
    sql("select distinct user_id from team_members where {among}").part("among", &among).all(work)
}

/// Those of some teams that lie below none of the others.
pub fn topmost(work: &mut Work, teams: &[i64]) -> Result<Vec<i64>> {
    let above: Vec<(i64, Option<i64>)> = sql("select id, parent_id from teams where {among}").part("among", &among(teams)).all(work)?;
    Ok(above.into_iter().filter(|(_, parent)| parent.is_none_or(|parent| !teams.contains(&parent))).map(|(id, _)| id).collect())
}

/// Every team with those at and below it.
pub fn trees(work: &mut Work) -> Result<BTreeMap<i64, Vec<i64>>> {
    let parents: BTreeMap<i64, Option<i64>> =
        sql("select id, parent_id from teams order by id limit 10000").all::<(i64, Option<i64>)>(work)?.into_iter().collect();
    let mut trees: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for team in parents.keys() {
        let mut above = Some(*team);
        while let Some(id) = above {
            trees.entry(id).or_default().push(*team);
            above = parents.get(&id).copied().flatten();
        }
    }
    Ok(trees)
}

row! {
    /// A stay at a stage.
    pub struct EndedStay {
        pub stage: String = "g.from_stage",
        pub at: Instant = "g.at",
        pub seconds: i64 = "g.seconds_in_previous",
        pub owner_id: Option<i64> = "o.owner_id",
        pub team_id: Option<i64> = "o.team_id",
    }
}

/// Stays that ended between two moments.
pub fn ended_stays(work: &mut Work, list: &List, from: Instant, end: Instant) -> Result<Vec<EndedStay>> {
    sql("select {columns} from stage_changes g join opportunities o on o.id = g.opportunity_id
         where g.seconds_in_previous is not null and g.from_stage is not null and g.at >= $1 and g.at < $2 and {whole} limit 2000000")
    .bind(from)
    .bind(end)
    .part("whole", &list.matching())
    .all(work)
}

row! {
    /// A stay that lasts, and since when.
    pub struct OpenStay {
        pub stage: String = "o.stage",
        pub at: Instant = "o.entered_stage_at",
        pub owner_id: Option<i64> = "o.owner_id",
        pub team_id: Option<i64> = "o.team_id",
    }
}

/// Stays that last.
pub fn open_stays(work: &mut Work, list: &List) -> Result<Vec<OpenStay>> {
    sql("select {columns} from opportunities o where o.status = 'open' and {whole} limit 2000000").part("whole", &list.matching()).all(work)
}

row! {
    /// From entry to deal.
    pub struct Cycle {
        pub created_at: Instant = "o.created_at",
        pub won_at: Instant = "o.entered_stage_at",
        pub won_by: Option<i64> = "o.won_by",
        pub won_team_id: Option<i64> = "o.won_team_id",
    }
}

/// From entry to deal, of a list of won ones.
pub fn cycles(work: &mut Work, list: &List) -> Result<Vec<Cycle>> {
    sql("select {columns} from opportunities o where {whole} limit 2000000").part("whole", &list.matching()).all(work)
}

row! {
    /// An opportunity over its limit.
    pub struct StuckRow {
        pub id: i64 = "o.id",
        pub number: String = "o.number",
        pub name: String = "o.name",
        pub stage: String = "o.stage",
        pub stage_name: String = "s.name",
        pub owner_id: Option<i64> = "o.owner_id",
        pub owner_name: Option<String> = "u.name",
        pub expected_amount: Money = "o.expected_amount",
        pub entered_stage_at: Instant = "o.entered_stage_at",
        pub limit_days: Option<i64> = "s.limit_days",
    }
}

/// Those of the list that stand the longest beyond the limit of their stage.
pub fn stuck(work: &mut Work, list: &List) -> Result<Vec<StuckRow>> {
    sql("select {columns} from opportunities o join stages s on s.pipeline_id = o.pipeline_id and s.key = o.stage left join users u on u.id = o.owner_id
         where {whole} order by o.entered_stage_at + s.limit_days * 86400000, o.id limit $1")
    .bind(STUCK)
    .part("whole", &list.matching())
    .all(work)
}
