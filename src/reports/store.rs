//! What reports read besides the lists: names, targets, stays.

use std::collections::BTreeMap;

use super::ask::Ask;
use super::figures::{Of, apart};
use crate::error::Result;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::{ForMost, List, Walked, any_of};
use crate::platform::types::{Day, Instant, Money};
use crate::platform::work::Work;
use crate::row;
use crate::settings::model::TargetOwner;
use crate::settings::{self, Stage, StageKind};

/// Opportunities over their limit shown at most.
pub const STUCK: i64 = 50;

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
    sql("select owner_id, period, amount from targets where period >= $1 and period <= $2 and owner_type = $3 order by owner_id, period")
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

/// The team each person's own work counts for.
pub fn teams_of_people(work: &mut Work) -> Result<ForMost<Option<i64>>> {
    let mut all = ForMost::default();
    let text = "select user_id, min(team_id) from team_members group by user_id order by user_id";
    sql(text).each(work, |(id, team): (i64, Option<i64>)| {
        *all.of(id) = team;
        Ok(true)
    })?;
    Ok(all)
}

/// A column of every customer, deleted ones included: what their opportunities and records are sliced by.
pub fn of_customers(work: &mut Work, column: &'static str) -> Result<ForMost<Option<i64>>> {
    let mut all = ForMost::default();
    let through = if work.has_concurrent_writers() { "" } else { " indexed by customers_contact_day" };
    // Of a past moment it is not known what was merged later.
    let deleted = match work.looks_back() {
        true => format!("union all select c.id, c.{column} from customers c where c.deleted_at is not null"),
        false => format!(
            "union all select c.id, c.{column} from customers c where c.deleted_at is not null and c.merged_into is null
             union all select c.id, c.{column} from customers c where c.merged_into is not null"
        ),
    };
    let text = format!(
        "-- unscoped: what is sliced by it was read within the scope
         select c.id, c.{column} from customers c{through} where c.deleted_at is null {deleted}"
    );
    sql(text).each(work, |(id, value): (i64, Option<i64>)| {
        *all.of(id) = value;
        Ok(true)
    })?;
    Ok(all)
}

/// The condition that an id is one of a list of customers or opportunities. Where all of them are, the deleted ones are looked up:
/// they are few.
fn among_the(work: &Work, list: &List, id: &str) -> Predicate {
    let List { alias, table, .. } = list;
    let everything = !work.looks_back() && list.scope.whole.text == "true" && list.filters.is_empty() && list.links.is_empty();
    match (everything, *alias) {
        (true, "c") => Predicate::new(
            format!(
                "{id} not in (select c.id from customers c where c.deleted_at is not null and c.merged_into is null
                              union all select c.id from customers c where c.merged_into is not null)"
            ),
            Vec::new(),
        ),
        (true, _) => Predicate::new(format!("{id} not in (select o.id from opportunities o where o.deleted_at is not null)"), Vec::new()),
        (false, _) => {
            // Way by way, each along an index of its own.
            let (mut text, mut binds) = (format!("{id} in ("), Vec::new());
            for (nth, way) in list.ways().into_iter().enumerate() {
                let begin = if nth == 0 { "" } else { " union all " };
                text.push_str(&format!("{begin}select {alias}.id from {table} where "));
                way.append_to(&mut text, &mut binds);
            }
            text.push(')');
            Predicate { text, binds }
        }
    }
}

/// The hint that the embedded engine walks this index.
fn along(work: &Work, index: &str) -> String {
    if work.has_concurrent_writers() { String::new() } else { format!(" indexed by {index}") }
}

/// The index that finds the records of a period: of the customers of a list where these are few, of all.
fn along_contacts(work: &Work, customers: &List) -> String {
    along(work, if customers.is_narrow() { "follow_ups_customer" } else { "follow_ups_contacted" })
}

/// Who was in contact with which customer of a list in the days asked for.
pub fn contacts(work: &mut Work, customers: &List, ask: &Ask, mut seen: impl FnMut(i64, i64)) -> Result<()> {
    let (from, end) = (Instant::start_of(ask.from, work.zone()), Instant::start_of(ask.to.add_days(1), work.zone()));
    let whole = among_the(work, customers, "f.customer_id");
    let along = along_contacts(work, customers);
    sql(format!(
        "select f.author_id, f.customer_id from follow_ups f{along} where f.contacted_at >= $1 and f.contacted_at < $2 and {{whole}}"
    ))
    .bind(from)
    .bind(end)
    .part("whole", &whole)
    .each(work, |(author, customer): (i64, i64)| {
        seen(author, customer);
        Ok(true)
    })
}

/// A stay as it is read: the stage by its place among those asked for, when it ended or since when it lasts, the seconds of an ended one,
/// owner and team.
pub type StayRow = (i64, Instant, i64, Option<i64>, Option<i64>);

/// The place of a stage among `stages`, from 0, as SQL.
fn numbered(column: &str, stages: &[Stage]) -> Predicate {
    let arms: String = (0..stages.len()).map(|place| format!(" when ${} then {place}", place + 1)).collect();
    Predicate::new(format!("case {column}{arms} end"), stages.iter().map(|stage| stage.key.as_str().into()).collect())
}

/// Stays at these stages that ended between two moments; owner and team only where they are asked for.
pub fn ended_stays(
    work: &mut Work,
    list: &List,
    stages: &[Stage],
    (from, end): (Instant, Instant),
    whose: bool,
    mut seen: impl FnMut(StayRow),
) -> Result<()> {
    let at_stages = any_of("g.from_stage", stages.iter().map(|stage| stage.key.as_str().into()).collect());
    // Whose they are is read once, not looked up for each stay.
    let mut owned: ForMost<Option<(Option<i64>, Option<i64>)>> = ForMost::default();
    if whose {
        let walked =
            Walked { by_row: true, through: Some("opportunities_created"), apart: apart(Of::Opportunities, &[]), ..Walked::default() };
        list.each(work, (&Predicate::new("o.id", Vec::new()), "o.owner_id, o.team_id"), walked, |(id, owner, team)| {
            *owned.of(id) = Some((owner, team));
            Ok(())
        })?;
    }
    let whole = match whose && !list.is_narrow() {
        true => Predicate::new("true", Vec::new()),
        false => among_the(work, list, "g.opportunity_id"),
    };
    let along = along(work, if list.is_narrow() { "stage_changes_opportunity" } else { "stage_changes_at" });
    sql(format!(
        "select {{place}}, g.at, g.seconds_in_previous, g.opportunity_id from stage_changes g{along}
         where g.seconds_in_previous is not null and g.at >= $1 and g.at < $2 and {{stages}} and {{whole}}"
    ))
    .bind(from)
    .bind(end)
    .part("place", &numbered("g.from_stage", stages))
    .part("stages", &at_stages)
    .part("whole", &whole)
    .each(work, |(place, at, seconds, opportunity): (i64, Instant, i64, i64)| {
        if !whose {
            seen((place, at, seconds, None, None));
        } else if let Some((owner, team)) = owned.get(opportunity) {
            seen((place, at, seconds, owner, team));
        }
        Ok(true)
    })
}

/// No stay begins before this moment.
pub fn first_entry(work: &mut Work) -> Result<Option<Instant>> {
    let log: Option<Instant> = sql("select min(at) from stage_changes").one(work)?;
    let entered: Option<Instant> = sql("-- unscoped: says only since when there is anything
         select min(o.created_at) from opportunities o where o.deleted_at is null")
    .one(work)?;
    Ok(log.into_iter().chain(entered).min())
}

/// Stays that last at these stages, of a list of open ones.
pub fn open_stays(work: &mut Work, list: &List, stages: &[Stage], walked: Walked<'_>, mut seen: impl FnMut(StayRow)) -> Result<()> {
    let place = numbered("o.stage", stages);
    list.each(work, (&place, "o.entered_stage_at, cast(0 as bigint), o.owner_id, o.team_id"), walked, |row| {
        seen(row);
        Ok(())
    })
}

/// From entry to deal, of a list of won ones: entered, won, by whom, for which team.
pub fn cycles(work: &mut Work, list: &List, mut seen: impl FnMut((Instant, Instant, Option<i64>, Option<i64>))) -> Result<()> {
    let created = Predicate::new("o.created_at", Vec::new());
    let walked = Walked { by_row: true, through: Some("opportunities_won"), ..Walked::default() };
    list.each(work, (&created, "o.entered_stage_at, o.won_by, o.won_team_id"), walked, |row| {
        seen(row);
        Ok(())
    })
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

/// Those of the list at a stage that stand there the longest.
pub fn stuck(work: &mut Work, list: &List, stage: &str) -> Result<Vec<StuckRow>> {
    sql("select {columns} from opportunities o join stages s on s.pipeline_id = o.pipeline_id and s.key = o.stage left join users u on u.id = o.owner_id
         where o.stage = $1 and {whole} order by o.entered_stage_at, o.id limit $2")
    .bind(stage)
    .bind(STUCK)
    .part("whole", &list.judged())
    .all(work)
}

/// Which of these opportunities the reader may open.
pub fn opportunities_in_sight(work: &mut Work, ids: &[i64]) -> Result<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let visible = scope::predicate(work, Owned::Opportunities, Right::Read);
    sql("select o.id from opportunities o where o.deleted_at is null and {among} and {visible}")
        .part("among", &any_of("o.id", ids.iter().copied().map(Value::Int).collect()))
        .part("visible", &visible)
        .all(work)
}

/// Contacts with the customers of a list between two moments: with whom and when. Of everybody's customers the deleted ones, too, which
/// nobody asks about.
pub fn contact_moments(
    work: &mut Work,
    customers: &List,
    (from, end): (Instant, Instant),
    mut seen: impl FnMut(i64, Instant),
) -> Result<()> {
    let along = along_contacts(work, customers);
    sql(format!(
        "-- unscoped: counted for customers that are read within the scope
         select f.customer_id, f.contacted_at from follow_ups f{along} where f.contacted_at >= $1 and f.contacted_at < $2 and {{whole}}"
    ))
    .bind(from)
    .bind(end)
    .part("whole", &of_few(work, customers, "f.customer_id"))
    .each(work, |(customer, at): (i64, Instant)| {
        seen(customer, at);
        Ok(true)
    })
}

/// The condition that an id is one of a list's, where these are few.
fn of_few(work: &Work, list: &List, id: &str) -> Predicate {
    if list.is_narrow() { among_the(work, list, id) } else { Predicate::new("true", Vec::new()) }
}

/// Steps of opportunities to a later stage that is not a lost one, between two moments: of which customer of a list and when.
pub fn steps_ahead(work: &mut Work, customers: &List, (from, end): (Instant, Instant), mut seen: impl FnMut(i64, Instant)) -> Result<()> {
    let stages = settings::stages(work)?;
    let ahead = stages.iter().map(|before| {
        let later = stages.iter().filter(|stage| stage.position > before.position && stage.kind != StageKind::Lost);
        let later: Vec<Value> = later.map(|stage| stage.key.as_str().into()).collect();
        Predicate::all([Predicate::new("g.from_stage = $1", vec![before.key.as_str().into()]), any_of("g.to_stage", later)])
    });
    // What stands where it stood before that moment took no step since.
    let of = along(work, if customers.is_narrow() { "opportunities_customer" } else { "opportunities_stage_entered" });
    let log = along(work, "stage_changes_opportunity");
    sql(format!(
        "-- unscoped: counted for customers that are read within the scope
         select o.customer_id, g.at from opportunities o{of} cross join stage_changes g{log}
         where o.deleted_at is null and o.entered_stage_at >= $1 and {{stages}} and {{whole}}
           and g.opportunity_id = o.id and g.at >= $1 and g.at < $2 and {{ahead}}"
    ))
    .bind(from)
    .bind(end)
    .part("stages", &any_of("o.stage", stages.iter().map(|stage| stage.key.as_str().into()).collect()))
    .part("ahead", &Predicate::any(ahead))
    .part("whole", &of_few(work, customers, "o.customer_id"))
    .each(work, |(customer, at): (i64, Instant)| {
        seen(customer, at);
        Ok(true)
    })
}

/// Deals between two days: whose and when.
pub fn deals(work: &mut Work, first: Day, last: Day, mut seen: impl FnMut(i64, Day)) -> Result<()> {
    let along = along(work, "opportunities_won");
    sql(format!(
        "-- unscoped: counted for customers that are read within the scope
         select o.customer_id, o.won_on from opportunities o{along}
         where o.deleted_at is null and o.status = 'won' and o.won_on >= $1 and o.won_on <= $2"
    ))
    .bind(first)
    .bind(last)
    .each(work, |(customer, on): (i64, Day)| {
        seen(customer, on);
        Ok(true)
    })
}
