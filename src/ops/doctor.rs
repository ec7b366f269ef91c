//! Looks for damage: in the file, between the tables, on the disk, and in what is kept twice for speed.

use super::Result;
use super::backup::{blobs, no_database, schema_version};
use crate::platform::config::Config;
use crate::platform::db::{FromRow, Location, Tx, offline, sql};
use crate::platform::files::Files;

/// At most so many findings of one kind are named; all are counted.
const NAMED: usize = 20;

/// Every finding, in words; none when all is well. Works beside a running server.
pub fn doctor(config: &Config) -> Result<Vec<String>> {
    let location = config.location()?;
    let embedded = match &location {
        Location::Sqlite(path) if !path.is_file() => return Err(no_database(path)),
        Location::Sqlite(_) => true,
        Location::Postgres(_) => false,
    };
    let files = config.files_root()?;
    Ok(offline::read(&location, move |tx| {
        let mut found = Findings::default();
        schema(tx, &mut found)?;
        if embedded {
            engine(tx, &mut found)?;
        }
        if found.lines.is_empty() {
            for blob in blobs(tx)?.into_iter().filter(|blob| blob.needed) {
                let size = std::fs::metadata(Files::place_in(&files, &blob.sha256)).map(|data| data.len() as i64);
                match size {
                    Ok(size) if size == blob.size => {}
                    Ok(size) => found.add(format!("attachment {}: {size} bytes on disk, {} in the database", blob.sha256, blob.size)),
                    Err(error) => found.add(format!("attachment {}: {error}", blob.sha256)),
                }
            }
            derived(tx, &mut found)?;
        }
        Ok(found.lines)
    })?)
}

#[derive(Default)]
struct Findings {
    lines: Vec<String>,
}

impl Findings {
    fn add(&mut self, line: String) {
        self.lines.push(line);
    }

    /// Names the first rows of one kind and counts the others.
    fn add_rows(&mut self, kind: &str, rows: Vec<String>) {
        let more = rows.len().saturating_sub(NAMED);
        self.lines.extend(rows.into_iter().take(NAMED).map(|row| format!("{kind}: {row}")));
        if more > 0 {
            self.add(format!("{kind}: {more} more"));
        }
    }
}

fn schema(tx: &mut Tx, found: &mut Findings) -> crate::error::Result<()> {
    let (version, newest) = (schema_version(tx)?, offline::newest_schema());
    if version != newest {
        found.add(format!("schema {version}, this program works with {newest}"));
    }
    Ok(())
}

fn engine(tx: &mut Tx, found: &mut Findings) -> crate::error::Result<()> {
    let mut damage: Vec<String> = sql("pragma integrity_check").all(tx)?;
    damage.retain(|line| line != "ok");
    found.add_rows("integrity_check", damage);
    let orphans: Vec<(String, Option<i64>, String, i64)> = sql("pragma foreign_key_check").all(tx)?;
    let orphans = orphans.into_iter().map(|(table, row, parent, _)| format!("{table} {} → {parent}", row.unwrap_or_default()));
    found.add_rows("foreign_key_check", orphans.collect());
    Ok(())
}

/// What could be computed but is kept, so that lists need not: it must be what one would compute.
fn derived(tx: &mut Tx, found: &mut Findings) -> crate::error::Result<()> {
    let open_tasks = "-- unscoped: compares what is kept with what it is kept from
        select o.number, o.open_tasks, coalesce(x.n, 0) from opportunities o
        left join (select opportunity_id, count(*) as n from tasks where is_open and opportunity_id is not null group by opportunity_id) x
          on x.opportunity_id = o.id
        where o.deleted_at is null and o.open_tasks <> coalesce(x.n, 0) order by o.id";
    compare::<i64>(tx, found, "opportunities.open_tasks", open_tasks)?;
    let last_plan = "-- unscoped: compares what is kept with what it is kept from
        select o.number, o.last_plan_at, coalesce(x.at, 0) from opportunities o
        left join (select opportunity_id, max(starts_at) as at from follow_up_plans
                   where status = 'planned' and opportunity_id is not null group by opportunity_id) x on x.opportunity_id = o.id
        where o.deleted_at is null and o.last_plan_at <> coalesce(x.at, 0) order by o.id";
    compare::<i64>(tx, found, "opportunities.last_plan_at", last_plan)?;
    let stage = "-- unscoped: compares what is kept with what it is kept from
        select o.number, o.stage, coalesce(s.to_stage, '') from opportunities o
        left join stage_changes s on s.id = (select max(x.id) from stage_changes x where x.opportunity_id = o.id)
        where coalesce(s.to_stage, '') <> o.stage order by o.id";
    compare::<String>(tx, found, "opportunities.stage", stage)?;
    reached(tx, found)?;
    let total_won = "-- unscoped: compares what is kept with what it is kept from
        select c.number, c.total_won_amount, coalesce(x.won, 0) from customers c
        left join (select customer_id, cast(sum(won_amount) as bigint) as won from opportunities
                   where deleted_at is null and status = 'won' group by customer_id) x on x.customer_id = c.id
        where c.deleted_at is null and c.total_won_amount <> coalesce(x.won, 0) order by c.id";
    compare::<i64>(tx, found, "customers.total_won_amount", total_won)?;
    let contact = "-- unscoped: compares what is kept with what it is kept from
        select c.number, c.contact_name, coalesce(k.name, '') from customers c
        left join contacts k on k.customer_id = c.id and k.is_primary and k.deleted_at is null
        where c.deleted_at is null
          and (k.id is null or k.name <> c.contact_name or k.phone <> c.phone or k.email <> c.email) order by c.id";
    compare::<String>(tx, found, "customers.contact_name", contact)
}

/// When each stage was first reached, beside what the log says of it and of every later one.
fn reached(tx: &mut Tx, found: &mut Findings) -> crate::error::Result<()> {
    let statement = "-- unscoped: compares what is kept with what it is kept from
        with places as (
          select s.key as stage, row_number() over (order by s.position, s.id) as place
          from stages s join pipelines p on p.id = s.pipeline_id where p.is_default and s.kind <> 'lost'),
        said as materialized (
          select g.opportunity_id as id, min(case when p.place >= 1 then g.at end) as r1, min(case when p.place >= 2 then g.at end) as r2,
            min(case when p.place >= 3 then g.at end) as r3, min(case when p.place >= 4 then g.at end) as r4,
            min(case when p.place >= 5 then g.at end) as r5, min(case when p.place >= 6 then g.at end) as r6,
            min(case when p.place >= 7 then g.at end) as r7, min(case when p.place >= 8 then g.at end) as r8
          from stage_changes g cross join places p where p.stage = g.to_stage group by g.opportunity_id)
        select o.number, o.last_reached_at, coalesce(x.r8, x.r7, x.r6, x.r5, x.r4, x.r3, x.r2, x.r1, 0)
        from opportunities o left join said x on x.id = o.id
        where o.reached_1 <> coalesce(x.r1, 0) or o.reached_2 <> coalesce(x.r2, 0) or o.reached_3 <> coalesce(x.r3, 0)
           or o.reached_4 <> coalesce(x.r4, 0) or o.reached_5 <> coalesce(x.r5, 0) or o.reached_6 <> coalesce(x.r6, 0)
           or o.reached_7 <> coalesce(x.r7, 0) or o.reached_8 <> coalesce(x.r8, 0)
           or o.last_reached_at <> coalesce(x.r8, x.r7, x.r6, x.r5, x.r4, x.r3, x.r2, x.r1, 0)
        order by o.id";
    compare::<i64>(tx, found, "opportunities.reached", statement)
}

fn compare<T: FromRow + std::fmt::Display>(
    tx: &mut Tx,
    found: &mut Findings,
    column: &str,
    statement: &'static str,
) -> crate::error::Result<()> {
    let rows: Vec<(String, T, T)> = sql(statement).all(tx)?;
    found
        .add_rows(column, rows.into_iter().map(|(number, kept, computed)| format!("{number} keeps {kept}, computed {computed}")).collect());
    Ok(())
}
