//! How records stood: before a row changes, what reports reckon with is kept together with the moment until which it held. The row at a
//! past moment is the first one kept behind it, else the row as it is. So a look back costs what has changed since, and any report can
//! be run as of any moment.

use crate::error::{Error, Result};
use crate::platform::db::{Former, Predicate, Tx, Value, sql};
use crate::platform::types::{FieldCode, Instant};
use crate::platform::work::Work;

/// Records whose former states are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Owner, team, industry, region, main source, status, the last contact, deletion.
    Customers,
    /// Customer, owner, team, amounts, dates, stage, outcome, deletion.
    Opportunities,
    /// Rows of the stage log, which go only when an opportunity is deleted for good.
    StageChanges,
    /// Customer, opportunity, method.
    FollowUps,
    /// Kind, team, people, dates, status.
    Tasks,
    /// With whom a customer is shared, and until when.
    Shares,
}

/// A table and what is kept of it.
struct Shape {
    table: &'static str,
    past: &'static str,
    /// Since when a row is there.
    born: &'static str,
    kept: &'static [&'static str],
    /// What is taken as it is now; empty for a row that is gone.
    names: &'static [&'static str],
    keys: &'static [&'static str],
}

const ALL: [Kept; 6] = [Kept::Customers, Kept::Opportunities, Kept::StageChanges, Kept::FollowUps, Kept::Tasks, Kept::Shares];

impl Kept {
    fn shape(self) -> Shape {
        match self {
            Kept::Customers => Shape {
                table: "customers",
                past: "past_customers",
                born: "created_at",
                kept: &[
                    "industry_id",
                    "region_id",
                    "primary_source_id",
                    "status",
                    "owner_id",
                    "team_id",
                    "last_contact_on",
                    "last_followed_up_at",
                    "created_at",
                    "created_on",
                    "deleted_at",
                    "merged_into",
                ],
                names: &["number", "name"],
                keys: &["id"],
            },
            Kept::Opportunities => Shape {
                table: "opportunities",
                past: "past_opportunities",
                born: "created_at",
                kept: &[
                    "pipeline_id",
                    "customer_id",
                    "expected_amount",
                    "owner_id",
                    "team_id",
                    "stage",
                    "status",
                    "expected_close_on",
                    "won_amount",
                    "won_on",
                    "won_by",
                    "won_team_id",
                    "lost_reason",
                    "competitor",
                    "forecast_class",
                    "entered_stage_at",
                    "created_at",
                    "deleted_at",
                ],
                names: &["number", "name"],
                keys: &["id", "customer_id"],
            },
            Kept::StageChanges => Shape {
                table: "stage_changes",
                past: "past_stage_changes",
                born: "at",
                kept: &["opportunity_id", "from_stage", "to_stage", "at", "seconds_in_previous"],
                names: &[],
                keys: &["opportunity_id, to_stage, at"],
            },
            Kept::FollowUps => Shape {
                table: "follow_ups",
                past: "past_follow_ups",
                born: "created_at",
                kept: &["customer_id", "opportunity_id", "author_id", "method", "contacted_at", "contacted_on", "late_entry", "created_at"],
                names: &[],
                keys: &["customer_id, contacted_at"],
            },
            Kept::Tasks => Shape {
                table: "tasks",
                past: "past_tasks",
                born: "created_at",
                kept: &[
                    "kind",
                    "customer_id",
                    "opportunity_id",
                    "team_id",
                    "assignee_id",
                    "assigner_id",
                    "due_on",
                    "status",
                    "is_open",
                    "done_on",
                    "created_at",
                    "created_by",
                ],
                names: &[],
                keys: &[],
            },
            Kept::Shares => Shape {
                table: "shares",
                past: "past_shares",
                born: "created_at",
                kept: &["customer_id", "grantee_key", "access", "ends_on", "created_at"],
                names: &[],
                keys: &["grantee_key, customer_id"],
            },
        }
    }
}

/// What a customer carries several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// `customer_tags`
    Tags,
    /// `customer_sources`
    Sources,
}

impl Carried {
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Carried::Tags => ("customer_tags", "past_customer_tags", "tag_id"),
            Carried::Sources => ("customer_sources", "past_customer_sources", "entry_id"),
        }
    }
}

/// Keeps how a record stands; to be called before it changes, in the same transaction.
pub fn keep(work: &mut Work, kept: Kept, id: i64) -> Result<()> {
    keep_all(work, kept, &Predicate::new("x.id = $1", vec![Value::Int(id)]))
}

/// The same for every row `x` that meets the condition. Of several states in one moment the
/// first is kept: the others never were. Nor is one whose moment was overtaken while it waited for the record.
pub fn keep_all(work: &mut Work, kept: Kept, which: &Predicate) -> Result<()> {
    let now = work.now();
    let Shape { table, past, kept, .. } = kept.shape();
    let (columns, own) = (kept.join(", "), kept.join(", x."));
    sql(format!(
        "-- unscoped: whoever changes a record keeps how it stood
         insert into {past} (record_id, until, {columns}) select x.id, cast($1 as bigint), x.{own} from {table} x
         where ({{which}}) and not exists (select 1 from {past} q where q.record_id = x.id and q.until >= $1)
         on conflict (record_id, until) do nothing"
    ))
    .bind(now)
    .part("which", which)
    .run(work)?;
    Ok(())
}

/// The last id by which a row of this table is known here, be it gone or not.
pub fn last_kept(tx: &mut Tx, table: &str) -> Result<i64> {
    match ALL.into_iter().map(Kept::shape).find(|shape| shape.table == table) {
        Some(Shape { past, .. }) => sql(format!("select coalesce(max(record_id), 0) from {past}")).one(tx),
        None => Ok(0),
    }
}

/// A customer or opportunity that was entered now with an older day of entry was not there before.
pub fn keep_absence(work: &mut Work, kept: Kept, id: i64) -> Result<()> {
    keep(work, kept, id)?;
    let (now, past) = (work.now(), kept.shape().past);
    sql(format!("update {past} set deleted_at = until where record_id = $1 and until = $2")).bind(id).bind(now).run(work)?;
    Ok(())
}

/// Keeps that customers have these tags or sources; to be called before the rows `x` go.
pub fn keep_carried(work: &mut Work, carried: Carried, which: &Predicate) -> Result<()> {
    note_carried(work, carried, true, which)
}

/// Keeps that customers did not have a tag or source; to be called for the rows `x` that have just come.
pub fn keep_not_carried(work: &mut Work, carried: Carried, which: &Predicate) -> Result<()> {
    note_carried(work, carried, false, which)
}

fn note_carried(work: &mut Work, carried: Carried, present: bool, which: &Predicate) -> Result<()> {
    let now = work.now();
    let (table, past, entry) = carried.names();
    sql(format!(
        "insert into {past} (customer_id, {entry}, until, present) select x.customer_id, x.{entry}, cast($1 as bigint), cast($2 as boolean) from {table} x
         where ({{which}}) and not exists (select 1 from {past} q where q.customer_id = x.customer_id and q.{entry} = x.{entry} and q.until >= $1)
         on conflict (customer_id, {entry}, until) do nothing"
    ))
    .bind(now)
    .bind(present)
    .part("which", which)
    .run(work)?;
    Ok(())
}

/// Keeps that customers with the value `from` did not have `into`, which they are about to get instead.
pub fn keep_not_carried_either(work: &mut Work, carried: Carried, from: i64, into: i64) -> Result<()> {
    let now = work.now();
    let (table, past, entry) = carried.names();
    sql(format!(
        "insert into {past} (customer_id, {entry}, until, present) select x.customer_id, cast($2 as bigint), cast($1 as bigint), false from {table} x
         where x.{entry} = $3 and not exists (select 1 from {table} o where o.customer_id = x.customer_id and o.{entry} = $2)
           and not exists (select 1 from {past} q where q.customer_id = x.customer_id and q.{entry} = $2 and q.until >= $1)
         on conflict (customer_id, {entry}, until) do nothing"
    ))
    .bind(now)
    .bind(into)
    .bind(from)
    .run(work)?;
    Ok(())
}

/// The value a column held at the time; a value that was merged into another since is that other. (Lost reasons, kept by name, were
/// renamed here when they were merged.)
fn then(column: &str) -> String {
    let keyed = |kind: &str| {
        format!(
            "coalesce((select i.key from dictionary_entries d join dictionary_entries i on i.id = d.merged_into where d.kind = '{kind}' and d.key = p.{column}), p.{column})"
        )
    };
    match column {
        "industry_id" | "region_id" | "primary_source_id" | "entry_id" => {
            format!("coalesce((select d.merged_into from dictionary_entries d where d.id = p.{column}), p.{column})")
        }
        "tag_id" => "coalesce((select d.merged_into from tags d where d.id = p.tag_id), p.tag_id)".into(),
        "method" => keyed("follow_up_method"),
        "kind" => keyed("task_kind"),
        _ => format!("p.{column}"),
    }
}

/// From now on reads find everything as it stood at this moment; who the reader is, people, teams and settings stay those of now.
pub fn look_back(work: &mut Work, at: Instant) -> Result<()> {
    let now = work.now();
    if at > now {
        return Err(Error::field("as_of", FieldCode::InFuture));
    }
    let since: Option<String> = sql("select value from parameters where key = 'past_since'").maybe(work)?;
    let since = since.and_then(|text| text.parse().ok()).map_or(Instant::from_ms(0), Instant::from_ms);
    if at < since {
        return Err(Error::field("as_of", FieldCode::OutOfRange { min: since.to_string(), max: now.to_string() }));
    }
    work.look_back(at, formers(at));
    Ok(())
}

fn kept_since(past: &str, at: i64) -> String {
    format!("select 1 from {past} where until > {at} limit 1")
}

fn formers(at: Instant) -> Vec<Former> {
    let at = at.ms();
    let records = ALL.into_iter().map(|kept| of_records(&kept.shape(), at));
    let carried = [Carried::Tags, Carried::Sources].into_iter().map(|carried| of_carried(carried, at));
    records.chain(carried).chain([of_targets(at), of_forecasts(at)]).collect()
}

fn of_records(shape: &Shape, at: i64) -> Former {
    let Shape { table, past, born, kept, names, keys } = shape;
    let own: String = kept.iter().chain(*names).map(|column| format!(", x.{column}")).collect();
    let was: String = kept.iter().map(|column| format!(", {} as {column}", then(column))).collect();
    let known: String = names
        .iter()
        .map(|column| format!(", coalesce((select n.{column} from {{now}}{table} n where n.id = p.record_id), '') as {column}"))
        .collect();
    let unchanged = format!("select x.id{own} from {{now}}{table} x where x.{born} <= {at}");
    Former {
        table,
        columns: ["id"].iter().chain(*kept).chain(*names).copied().collect(),
        standing: format!("{unchanged} and not exists (select 1 from {past} q where q.record_id = x.id and q.until > {at})"),
        held: format!(
            "select p.record_id as id{was}{known} from {past} p where p.until > {at} and p.{born} <= {at}
               and not exists (select 1 from {past} q where q.record_id = p.record_id and q.until > {at} and q.until < p.until)"
        ),
        overlaps: false,
        unchanged,
        changes: kept_since(past, at),
        keys,
    }
}

fn of_carried(carried: Carried, at: i64) -> Former {
    let (table, past, entry) = carried.names();
    let was = then(entry);
    let unchanged = format!("select x.customer_id, x.{entry} from {{now}}{table} x");
    Former {
        table,
        columns: vec!["customer_id", entry],
        standing: format!(
            "{unchanged} where not exists (select 1 from {past} q where q.customer_id = x.customer_id and q.{entry} = x.{entry} and q.until > {at})"
        ),
        held: format!(
            "select p.customer_id, {was} as {entry} from {past} p where p.until > {at} and p.present
               and not exists (select 1 from {past} q where q.customer_id = p.customer_id and q.{entry} = p.{entry} and q.until > {at} and q.until < p.until)"
        ),
        // A value that was merged into one the customer had, too.
        overlaps: true,
        unchanged,
        changes: kept_since(past, at),
        keys: &["customer_id"],
    }
}

fn of_targets(at: i64) -> Former {
    let table = "targets";
    let unchanged = format!("select x.id, x.period, x.owner_type, x.owner_id, x.amount from {{now}}{table} x");
    Former {
        table,
        columns: vec!["id", "period", "owner_type", "owner_id", "amount"],
        standing: format!(
            "{unchanged} where not exists (select 1 from target_changes q where q.owner_type = x.owner_type and q.owner_id = x.owner_id and q.period = x.period and q.at > {at})"
        ),
        held: format!(
            "select p.id, p.period, p.owner_type, p.owner_id, p.old_amount as amount from target_changes p where p.at > {at} and p.old_amount is not null
               and not exists (select 1 from target_changes q where q.owner_type = p.owner_type and q.owner_id = p.owner_id and q.period = p.period
                 and q.at > {at} and (q.at < p.at or (q.at = p.at and q.id < p.id)))"
        ),
        overlaps: false,
        unchanged,
        changes: format!("select 1 from target_changes p where p.at > {at} limit 1"),
        keys: &[],
    }
}

/// Forecasts are taken once and stand.
fn of_forecasts(at: i64) -> Former {
    let taken_by_then = format!("select x.taken_on, x.taken_at from {{now}}forecast_snapshots x where x.taken_at <= {at}");
    Former {
        table: "forecast_snapshots",
        columns: vec!["taken_on", "taken_at"],
        held: format!("{taken_by_then} and false"),
        standing: taken_by_then.clone(),
        overlaps: false,
        unchanged: taken_by_then,
        changes: "select 1 where false".into(),
        keys: &[],
    }
}
