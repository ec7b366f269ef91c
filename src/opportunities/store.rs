//! How opportunities and their stage log are kept.

use std::collections::HashMap;

use super::forecast::ForecastClass;
use super::model::{Kept, Move, Opportunity, StageLogRow, Status};
use super::reached;
use crate::customers::next_step;
use crate::error::{Candidate, Error, Result};
use crate::history;
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Value, sql};
use crate::platform::full_text::{self, Belongs, Index};
use crate::platform::page::{List, Page, Turn, any_of};
use crate::platform::types::grams::Findable;
use crate::platform::types::{BusinessNumber, Day, Instant, Money, NameKeys, name};
use crate::platform::work::Work;
use crate::settings::Stage;

const JOINS: &str = "join customers c on c.id = o.customer_id
    join dictionary_entries d on d.id = c.primary_source_id
    join stages s on s.pipeline_id = o.pipeline_id and s.key = o.stage
    left join users u on u.id = o.owner_id
    left join teams t on t.id = o.team_id";

/// One visible, live opportunity.
pub fn kept(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    let visible = scope::predicate(work, Owned::Opportunities, Right::Read);
    sql(format!("select {{columns}} from opportunities o {JOINS} where o.id = $1 and o.deleted_at is null and {{visible}}"))
        .bind(id)
        .part("visible", &visible)
        .maybe(work)
}

/// The opportunity as its reader sees it.
pub fn seen(work: &mut Work, id: i64) -> Result<Option<Opportunity>> {
    let Some(kept) = kept(work, id)? else { return Ok(None) };
    Ok(with_surroundings(work, vec![kept])?.pop())
}

/// Those of several opportunities that the reader sees, in the order asked for.
pub fn of_ids(work: &mut Work, ids: &[i64]) -> Result<Vec<Opportunity>> {
    let visible = scope::predicate(work, Owned::Opportunities, Right::Read);
    let among = any_of("o.id", ids.iter().copied().map(Value::Int).collect());
    let rows: Vec<Kept> =
        sql(format!("select {{columns}} from opportunities o {JOINS} where {{among}} and o.deleted_at is null and {{visible}}"))
            .part("among", &among)
            .part("visible", &visible)
            .all(work)?;
    let mut seen: HashMap<i64, Opportunity> = with_surroundings(work, rows)?.into_iter().map(|one| (one.id, one)).collect();
    Ok(ids.iter().filter_map(|id| seen.remove(id)).collect())
}

/// Several opportunities with next step and right, in a constant number of queries.
fn with_surroundings(work: &mut Work, kept: Vec<Kept>) -> Result<Vec<Opportunity>> {
    let ids: Vec<i64> = kept.iter().map(|one| one.id).collect();
    let mut steps: HashMap<i64, _> = next_step::of(work, next_step::Of::Opportunities, &ids)?.into_iter().collect();
    let rows: Vec<_> = kept.iter().map(|one| (one.id, one.owner_id, one.team_id)).collect();
    let editable = if work.actor.may("edit_opportunities") { scope::editable_rows(work, Owned::Opportunities, &rows)? } else { Vec::new() };
    let (now, today) = (work.now(), work.today());
    Ok(kept
        .into_iter()
        .map(|one| {
            let (step, can_edit) = (steps.remove(&one.id), editable.contains(&one.id));
            one.seen(now, today, step, can_edit)
        })
        .collect())
}

/// A page of a list.
pub fn page(work: &mut Work, list: &List, turn: &Turn) -> Result<Page<Opportunity>> {
    let page: Page<Kept> = list.fetch(work, turn, &format!("join opportunities o on o.id = page.id {JOINS}"))?;
    let Page { items, next_cursor, total, total_is_capped } = page;
    Ok(Page { items: with_surroundings(work, items)?, next_cursor, total, total_is_capped })
}

/// What is known of an opportunity at birth.
pub struct Birth<'a> {
    pub number: BusinessNumber,
    pub name: &'a str,
    pub customer_id: i64,
    pub expected_amount: Money,
    pub expected_close_on: Option<Day>,
    pub owner_id: i64,
    pub team_id: Option<i64>,
    pub stage: &'a Stage,
    pub remark: &'a str,
}

pub fn insert(work: &mut Work, birth: &Birth) -> Result<i64> {
    let (now, by) = (work.now(), work.actor.by_id());
    let place = reached::place_of(work, birth.stage)?;
    let first = |nth: i64| if nth <= place { now.ms() } else { 0 };
    let id: i64 = sql("insert into opportunities (number, number_key, name, name_fold, name_key, pipeline_id, customer_id, expected_amount, owner_id, team_id,
            stage, status, expected_close_on, remark, entered_stage_at, created_at, created_by, updated_at,
            reached_1, reached_2, reached_3, reached_4, reached_5, reached_6, reached_7, reached_8, last_reached_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16, $15,
            $17, $18, $19, $20, $21, $22, $23, $24, $17) returning id")
    .bind(birth.number.to_string())
    .bind(birth.number.key())
    .bind(birth.name)
    .bind(name::fold(birth.name))
    .bind(NameKeys::of(birth.name).full)
    .bind(birth.stage.pipeline_id)
    .bind(birth.customer_id)
    .bind(birth.expected_amount)
    .bind(birth.owner_id)
    .bind(birth.team_id)
    .bind(birth.stage.key.as_str())
    .bind(Status::from(birth.stage.kind))
    .bind(birth.expected_close_on.map_or_else(String::new, |day| day.to_string()))
    .bind(birth.remark)
    .bind(now)
    .bind(by)
    .binds((1..=8).map(first).map(Value::Int))
    .one(work)?;
    log_stage(work, id, None, &birth.stage.key, None)?;
    Ok(id)
}

/// What an edit writes.
pub struct Edit<'a> {
    pub name: &'a str,
    pub expected_amount: Money,
    pub expected_close_on: &'a str,
    pub remark: &'a str,
    pub forecast_class: &'a str,
}

pub fn update(work: &mut Work, id: i64, version: i64, edit: &Edit) -> Result<()> {
    history::keep(work, history::Kept::Opportunities, id)?;
    let now = work.now();
    let touched = sql("-- unscoped: the opportunity was found and locked in the caller's scope
         update opportunities set name = $3, name_fold = $4, name_key = $5, expected_amount = $6, expected_close_on = $7, remark = $8, updated_at = $9, forecast_class = $10, version = version + 1
         where id = $1 and version = $2")
    .bind(id)
    .bind(version)
    .bind(edit.name)
    .bind(name::fold(edit.name))
    .bind(NameKeys::of(edit.name).full)
    .bind(edit.expected_amount)
    .bind(edit.expected_close_on)
    .bind(edit.remark)
    .bind(now)
    .bind(edit.forecast_class)
    .run(work)?;
    if touched == 0 { Err(Error::LostRace) } else { Ok(()) }
}

/// Says how sure an opportunity that was entered a moment ago is.
pub fn set_forecast_class(work: &mut Work, id: i64, class: ForecastClass) -> Result<()> {
    sql("-- unscoped: the opportunity was entered a moment ago
         update opportunities set forecast_class = $2 where id = $1")
    .bind(id)
    .bind(class)
    .run(work)?;
    Ok(())
}

pub fn set_owner(work: &mut Work, id: i64, owner_id: i64, team_id: Option<i64>) -> Result<()> {
    history::keep(work, history::Kept::Opportunities, id)?;
    let now = work.now();
    sql("-- unscoped: the opportunity was found and locked in the caller's scope
         update opportunities set owner_id = $2, team_id = $3, updated_at = $4, version = version + 1 where id = $1")
    .bind(id)
    .bind(owner_id)
    .bind(team_id)
    .bind(now)
    .run(work)?;
    index(work, id)
}

/// What a stage at place `$9` adds to those reached before it, at the moment `$8`.
const REACHES: &str = "reached_1 = case when reached_1 = 0 and cast($9 as bigint) >= 1 then $8 else reached_1 end,
            reached_2 = case when reached_2 = 0 and cast($9 as bigint) >= 2 then $8 else reached_2 end,
            reached_3 = case when reached_3 = 0 and cast($9 as bigint) >= 3 then $8 else reached_3 end,
            reached_4 = case when reached_4 = 0 and cast($9 as bigint) >= 4 then $8 else reached_4 end,
            reached_5 = case when reached_5 = 0 and cast($9 as bigint) >= 5 then $8 else reached_5 end,
            reached_6 = case when reached_6 = 0 and cast($9 as bigint) >= 6 then $8 else reached_6 end,
            reached_7 = case when reached_7 = 0 and cast($9 as bigint) >= 7 then $8 else reached_7 end,
            reached_8 = case when reached_8 = 0 and cast($9 as bigint) >= 8 then $8 else reached_8 end,
            last_reached_at = case when 0 = case cast($9 as bigint) when 0 then 1 when 1 then reached_1 when 2 then reached_2 when 3 then reached_3
               when 4 then reached_4 when 5 then reached_5 when 6 then reached_6 when 7 then reached_7 else reached_8 end then $8 else last_reached_at end";

/// Puts an opportunity at a stage and writes the log row, in this order and never one without the other (S53).
pub fn move_to(work: &mut Work, before: &Kept, stage: &Stage, outcome: &Move) -> Result<()> {
    history::keep(work, history::Kept::Opportunities, before.id)?;
    let now = work.now();
    let (won_amount, won_on) = match outcome {
        Move::Won { amount, on } => (Some(*amount), Some(*on)),
        _ => (None, None),
    };
    let (lost_reason, competitor) = match outcome {
        Move::Lost { reason, competitor } => (Some(reason.as_str()), competitor.as_deref()),
        _ => (None, None),
    };
    let won = won_on.is_some();
    let place = reached::place_of(work, stage)?;
    // The amount belongs to the owner at closing; a later change of owner moves nothing (I21).
    sql(format!("-- unscoped: the opportunity was found and locked in the caller's scope
         update opportunities set stage = $2, status = $3, won_amount = $4, won_on = $5, lost_reason = $6, competitor = $10,
            won_by = case when $7 then coalesce(won_by, owner_id) else null end, won_team_id = case when $7 then coalesce(won_team_id, team_id) else null end,
            entered_stage_at = case when stage = $2 then entered_stage_at else $8 end, updated_at = $8, version = version + 1, {REACHES}
         where id = $1"))
    .bind(before.id)
    .bind(stage.key.as_str())
    .bind(Status::from(stage.kind))
    .bind(won_amount)
    .bind(won_on)
    .bind(lost_reason)
    .bind(won)
    .bind(now)
    .bind(place)
    .bind(competitor)
    .run(work)?;
    if before.stage != stage.key {
        log_stage(work, before.id, Some(&before.stage), &stage.key, Some(before.entered_stage_at))?;
    }
    Ok(())
}

fn log_stage(work: &mut Work, id: i64, from: Option<&str>, to: &str, entered_at: Option<Instant>) -> Result<()> {
    let (now, by, cause) = (work.now(), work.actor.by_id(), work.actor.cause);
    sql("insert into stage_changes (opportunity_id, from_stage, to_stage, at, by_id, cause, seconds_in_previous) values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(now)
        .bind(by)
        .bind(cause)
        .bind(entered_at.map(|entered| now.ms_since(entered).max(0) / 1000))
        .run(work)?;
    Ok(())
}

pub fn stage_log(work: &mut Work, id: i64) -> Result<Vec<StageLogRow>> {
    sql("select {columns} from stage_changes g left join users u on u.id = g.by_id where g.opportunity_id = $1 order by g.id desc limit 500").bind(id).all(work)
}

/// The open stage it stood at before it was closed.
pub fn last_open_stage(work: &mut Work, id: i64) -> Result<Option<String>> {
    sql("-- unscoped: the opportunity was found and locked in the caller's scope
         select g.to_stage from stage_changes g join opportunities o on o.id = g.opportunity_id join stages s on s.pipeline_id = o.pipeline_id and s.key = g.to_stage
         where g.opportunity_id = $1 and s.kind = 'open' order by g.id desc limit 1")
    .bind(id)
    .maybe(work)
}

pub fn delete(work: &mut Work, id: i64, reason: &str) -> Result<()> {
    history::keep(work, history::Kept::Opportunities, id)?;
    let (now, by) = (work.now(), work.actor.by_id());
    sql("-- unscoped: the opportunity was found and locked in the caller's scope
         update opportunities set deleted_at = $2, deleted_by = $3, deleted_reason = $4, updated_at = $2, version = version + 1 where id = $1")
    .bind(id)
    .bind(now)
    .bind(by)
    .bind(reason)
    .run(work)?;
    full_text::remove(work, Index::Opportunities, id)
}

/// Puts the opportunity into the search index, with its customer's name and number.
pub fn index(work: &mut Work, id: i64) -> Result<()> {
    let (number, own, customer, customer_number, owner_id, team_id): (String, String, String, String, Option<i64>, Option<i64>) =
        sql("-- unscoped: what is indexed is only found again within a scope
         select o.number, o.name, c.name, c.number, o.owner_id, o.team_id from opportunities o join customers c on c.id = o.customer_id where o.id = $1")
        .bind(id)
        .one(work)?;
    let record = Findable {
        names: &[own.as_str(), customer.as_str()],
        texts: &[],
        phones: &[],
        numbers: &[number.as_str(), customer_number.as_str()],
    };
    full_text::replace(work, Index::Opportunities, id, &record, Belongs { owner_id, team_id })
}

/// Live opportunities of the customer with the same folded name (S36).
pub fn same_name(work: &mut Work, customer_id: i64, text: &str, but: i64) -> Result<bool> {
    let visible = scope::predicate(work, Owned::Opportunities, Right::Read);
    let found: Option<i64> = sql("select o.id from opportunities o where o.customer_id = $1 and o.name_fold = $2 and o.id <> $3 and o.deleted_at is null and {visible} limit 1")
        .bind(customer_id)
        .bind(name::fold(text))
        .bind(but)
        .part("visible", &visible)
        .maybe(work)?;
    Ok(found.is_some())
}

/// The customer's open opportunities that the caller may edit (S29).
pub fn candidates(work: &mut Work, customer_id: i64) -> Result<Vec<Candidate>> {
    let visible = scope::predicate(work, Owned::Opportunities, Right::Edit);
    let rows: Vec<(i64, String, String, String, Money)> =
        sql("select o.id, o.number, o.name, o.stage, o.expected_amount from opportunities o where o.customer_id = $1 and o.status = 'open' and o.deleted_at is null and {visible} order by o.id desc limit 100")
            .bind(customer_id)
            .part("visible", &visible)
            .all(work)?;
    Ok(rows.into_iter().map(|(id, number, name, stage, expected_amount)| Candidate { id, number, name, stage, expected_amount }).collect())
}

/// A deal: the opportunity, its day and its amount.
pub type Deal = (i64, Day, Money);

/// The latest deal of a customer and the sum of all, whoever owns them: they show on the customer.
pub fn deals(work: &mut Work, customer_id: i64) -> Result<(Option<Deal>, Money)> {
    let latest: Option<Deal> = sql("-- unscoped: the deal figures of a customer count all its deals
         select id, won_on, won_amount from opportunities where customer_id = $1 and status = 'won' and deleted_at is null order by won_on desc, id desc limit 1")
    .bind(customer_id)
    .maybe(work)?;
    let total: Option<Money> = sql("-- unscoped: the deal figures of a customer count all its deals
         select cast(sum(won_amount) as bigint) from opportunities where customer_id = $1 and status = 'won' and deleted_at is null")
    .bind(customer_id)
    .one(work)?;
    Ok((latest, total.unwrap_or(Money::ZERO)))
}

/// Locks the customer's row and then the opportunity's.
pub fn lock_rows(work: &mut Work, customer_id: i64, id: i64) -> Result<()> {
    if work.has_concurrent_writers() {
        let _: Option<i64> =
            sql("-- unscoped: only locks\n select id from customers where id = $1 for update").bind(customer_id).maybe(work)?;
        let _: Option<i64> = sql("-- unscoped: only locks\n select id from opportunities where id = $1 for update").bind(id).maybe(work)?;
    }
    Ok(())
}

/// Count and sums of one column of the board.
pub fn column_figures(work: &mut Work, list: &List, amount: &str) -> Result<(i64, Money)> {
    let (count, sum): (i64, Option<Money>) = list.aggregate(work, &format!("count(*), cast(sum({amount}) as bigint)"))?;
    Ok((count, sum.unwrap_or(Money::ZERO)))
}

/// Stage, Σ expected amount, Σ won amount of some opportunities.
pub fn sums_by_stage(work: &mut Work, ids: &[i64]) -> Result<Vec<(String, Money, Money)>> {
    let among = any_of("o.id", ids.iter().copied().map(Value::Int).collect());
    sql("-- unscoped: the ids were found in the reader's scope
         select o.stage, cast(sum(o.expected_amount) as bigint),
           cast(sum(case when o.status = 'won' then coalesce(o.won_amount, 0) else 0 end) as bigint)
         from opportunities o where {among} group by o.stage")
    .part("among", &among)
    .all(work)
}
