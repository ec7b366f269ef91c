//! How imports, their rows and what was learned from them are kept.

use super::model::{Kept, KeptRow, NewImport, RowState, State};
use crate::assignment::Assign;
use crate::error::Result;
use crate::exchange::columns::Kind;
use crate::exchange::sheet::SheetRow;
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::idempotency;
use crate::platform::page::{List, Page, Scope, Sort, Turn, any_of};
use crate::platform::types::Instant;
use crate::platform::work::Work;

/// Rows written by one statement.
const AT_ONCE: usize = 50;

pub fn insert(work: &mut Work, new: &NewImport) -> Result<i64> {
    let (now, me, team_id) = (work.now(), work.actor.user_id, work.actor.team_id);
    sql("insert into imports (kind, mode, state, file_name, sha256, team_id, created_by, created_at, assign) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id")
        .bind(new.kind)
        .bind(new.mode)
        .bind(State::Reading)
        .bind(new.file_name.as_str())
        .bind(new.sha256.as_str())
        .bind(team_id)
        .bind(me)
        .bind(now)
        .bind(if new.by_rules { Assign::Rules.word() } else { "" })
        .one(work)
}

/// An import of the caller's own.
pub fn own(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    let me = work.actor.user_id;
    sql("select {columns} from imports m where m.id = $1 and m.created_by = $2").bind(id).bind(me).maybe(work)
}

/// An import, locked until the unit ends.
pub fn lock(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    if work.has_concurrent_writers() {
        let _: Option<i64> = sql("select id from imports where id = $1 for update").bind(id).maybe(work)?;
    }
    sql("select {columns} from imports m where m.id = $1").bind(id).maybe(work)
}

pub fn page(work: &mut Work, turn: &Turn) -> Result<Page<Kept>> {
    let own = Predicate::new("m.created_by = $1", vec![work.actor.user_id.into()]);
    List::of("imports m", "m", "", Scope::same(own), Vec::new()).fetch(work, turn, "join imports m on m.id = page.id")
}

/// The newest import first.
pub const NEWEST: Sort = Sort { name: "id", column: "m.id", descending: true };

pub fn earlier_with_content(work: &mut Work, import: &Kept) -> Result<Option<i64>> {
    sql("select m.id from imports m where m.created_by = $1 and m.sha256 = $2 and m.id < $3 and m.state = 'done' order by m.id desc limit 1")
        .bind(import.created_by)
        .bind(import.sha256.as_str())
        .bind(import.id)
        .maybe(work)
}

pub fn set_header(work: &mut Work, id: i64, header: &[String]) -> Result<()> {
    sql("update imports set header = $2 where id = $1").bind(id).bind(serde_json::to_string(header)?).run(work)?;
    Ok(())
}

pub fn add_rows(work: &mut Work, id: i64, rows: &[SheetRow]) -> Result<()> {
    for some in rows.chunks(AT_ONCE) {
        let places: Vec<String> = (0..some.len()).map(|row| format!("($1, ${}, ${})", row * 2 + 2, row * 2 + 3)).collect();
        let mut statement = sql(format!("insert into import_rows (import_id, line, cells) values {}", places.join(", "))).bind(id);
        for row in some {
            statement = statement.bind(row.line).bind(serde_json::to_string(&row.cells)?);
        }
        statement.run(work)?;
    }
    Ok(())
}

pub fn set_read(work: &mut Work, id: i64, total: i64) -> Result<()> {
    sql("update imports set state = $2, total_rows = $3, version = version + 1 where id = $1")
        .bind(id)
        .bind(State::Uploaded)
        .bind(total)
        .run(work)?;
    Ok(())
}

/// Forgets a file that could not be read to its end, so that the same request may be sent again.
pub fn discard(work: &mut Work, id: i64) -> Result<()> {
    let sender: Option<i64> = sql("select m.created_by from imports m where m.id = $1 and m.state = 'reading'").bind(id).maybe(work)?;
    if let Some(sender) = sender {
        idempotency::release(work, sender, &super::location(id))?;
    }
    sql("delete from import_rows where import_id = $1").bind(id).run(work)?;
    sql("delete from imports where id = $1 and state = 'reading'").bind(id).run(work)?;
    Ok(())
}

/// Begins a new round over all rows.
pub fn begin(work: &mut Work, import: &Kept, state: State, mode: super::model::Mode, mapping: &str) -> Result<()> {
    sql("update imports set state = $2, mode = $3, mapping = $4, round = round + 1, next_line = 0, done_rows = 0, created_rows = 0, updated_rows = 0,
            skipped_rows = 0, bad_rows = 0, undone_rows = 0, kept_rows = 0, problem = '', finished_at = 0, version = version + 1 where id = $1")
        .bind(import.id)
        .bind(state)
        .bind(mode)
        .bind(mapping)
        .run(work)?;
    Ok(())
}

/// Keeps where an import stands after some of its rows.
pub fn advance(work: &mut Work, import: &Kept) -> Result<()> {
    sql("update imports set state = $2, next_line = $3, done_rows = $4, created_rows = $5, updated_rows = $6, skipped_rows = $7, bad_rows = $8,
            undone_rows = $9, kept_rows = $10, problem = $11, finished_at = $12, version = version + 1 where id = $1")
        .bind(import.id)
        .bind(import.state)
        .bind(import.next_line)
        .bind(import.done_rows)
        .bind(import.created_rows)
        .bind(import.updated_rows)
        .bind(import.skipped_rows)
        .bind(import.bad_rows)
        .bind(import.undone_rows)
        .bind(import.kept_rows)
        .bind(import.problem.as_str())
        .bind(import.finished_at)
        .run(work)?;
    Ok(())
}

pub fn rows_after(work: &mut Work, id: i64, line: i64, most: i64) -> Result<Vec<KeptRow>> {
    sql("select {columns} from import_rows r where r.import_id = $1 and r.line > $2 order by r.line limit $3")
        .bind(id)
        .bind(line)
        .bind(most)
        .all(work)
}

/// The last rows before a line that left something in the database, from the end.
pub fn rows_to_undo(work: &mut Work, id: i64, before: i64, most: i64) -> Result<Vec<KeptRow>> {
    sql("select {columns} from import_rows r where r.import_id = $1 and r.line < $2 and r.state in ('created', 'updated') order by r.line desc limit $3")
        .bind(id)
        .bind(before)
        .bind(most)
        .all(work)
}

/// Rows in some states, by line.
pub fn rows_in(work: &mut Work, id: i64, states: &[RowState], after: i64, most: i64) -> Result<Vec<KeptRow>> {
    let among = any_of("r.state", states.iter().copied().map(Value::from).collect());
    sql("select {columns} from import_rows r where r.import_id = $1 and r.line > $2 and {among} order by r.line limit $3")
        .bind(id)
        .bind(after)
        .bind(most)
        .part("among", &among)
        .all(work)
}

pub fn set_row(work: &mut Work, id: i64, row: &KeptRow) -> Result<()> {
    sql("update import_rows set state = $3, reasons = $4, record_id = $5, record_number = $6, record_version = $7, before = $8 where import_id = $1 and line = $2")
        .bind(id)
        .bind(row.line)
        .bind(row.state)
        .bind(row.reasons.as_str())
        .bind(row.record_id)
        .bind(row.record_number.as_str())
        .bind(row.record_version)
        .bind(row.before.as_str())
        .run(work)?;
    Ok(())
}

/// The line of this round that was about the same.
pub fn twin(work: &mut Work, import: &Kept, key: &str) -> Result<Option<i64>> {
    sql("select line from import_keys where import_id = $1 and round = $2 and key = $3")
        .bind(import.id)
        .bind(import.round)
        .bind(key)
        .maybe(work)
}

pub fn keep_key(work: &mut Work, import: &Kept, key: &str, line: i64) -> Result<()> {
    sql("insert into import_keys (import_id, round, key, line) values ($1, $2, $3, $4) on conflict (import_id, round, key) do nothing")
        .bind(import.id)
        .bind(import.round)
        .bind(key)
        .bind(line)
        .run(work)?;
    Ok(())
}

pub fn remembered(work: &mut Work, kind: Kind, header_hash: &str) -> Result<Option<String>> {
    let me = work.actor.user_id;
    sql("select mapping from import_mappings where user_id = $1 and kind = $2 and header_hash = $3")
        .bind(me)
        .bind(kind)
        .bind(header_hash)
        .maybe(work)
}

pub fn remember(work: &mut Work, kind: Kind, header_hash: &str, mapping: &str) -> Result<()> {
    let me = work.actor.user_id;
    sql("insert into import_mappings (user_id, kind, header_hash, mapping) values ($1, $2, $3, $4)
         on conflict (user_id, kind, header_hash) do update set mapping = excluded.mapping")
    .bind(me)
    .bind(kind)
    .bind(header_hash)
    .bind(mapping)
    .run(work)?;
    Ok(())
}

/// Forgets the rows of imports older than a month, some at a time, and files that were never read to their end.
pub fn forget_old(work: &mut Work, kept_ms: i64, reading_ms: i64) -> Result<()> {
    let (long_ago, lately) = (work.now().plus_ms(-kept_ms), work.now().plus_ms(-reading_ms));
    let old: Vec<i64> =
        sql("select m.id from imports m where (m.created_at < $1 and exists (select 1 from import_rows r where r.import_id = m.id))
            or (m.created_at < $2 and m.state = 'reading') order by m.id limit 20")
        .bind(long_ago)
        .bind(lately)
        .all(work)?;
    for id in old {
        sql("delete from import_keys where import_id = $1").bind(id).run(work)?;
        discard(work, id)?;
    }
    Ok(())
}

/// Forgets files whose reading began before this moment and never ended.
pub fn forget_unread(work: &mut Work, before: Instant) -> Result<()> {
    let cut_off: Vec<i64> = sql("select m.id from imports m where m.created_at <= $1 and m.state = 'reading' order by m.id limit 200")
        .bind(before)
        .all(work)?;
    cut_off.into_iter().try_for_each(|id| discard(work, id))
}

/// True when somebody has worked with a customer since it came: more contacts than the one it came with, plans, records, tasks,
/// comments, files, shares, opportunities but `besides`.
pub fn customer_is_used(work: &mut Work, id: i64, besides: i64) -> Result<bool> {
    let found: Option<i64> = sql("-- unscoped: only whether somebody has worked with it
         select 1 from customers c where c.id = $1 and (
           exists (select 1 from follow_ups f where f.customer_id = c.id) or exists (select 1 from follow_up_plans p where p.customer_id = c.id)
           or exists (select 1 from tasks t where t.customer_id = c.id)
           or exists (select 1 from comments cm where cm.record_kind = 'customer' and cm.record_id = c.id)
           or exists (select 1 from attachments a where a.record_kind = 'customer' and a.record_id = c.id and a.deleted_at is null)
           or exists (select 1 from shares s where s.customer_id = c.id)
           or exists (select 1 from contacts k where k.customer_id = c.id and not k.is_primary)
           or exists (select 1 from opportunities o where o.customer_id = c.id and o.deleted_at is null and o.id <> $2))")
    .bind(id)
    .bind(besides)
    .maybe(work)?;
    Ok(found.is_some())
}

/// Who got customers by an import besides whoever imported: how many, and the name of one.
pub fn receivers(work: &mut Work, import: &Kept) -> Result<Vec<(i64, i64, String)>> {
    sql("-- unscoped: each is told of what is now his own
         select c.owner_id, count(*), min(c.name) from import_rows r join customers c on c.id = r.record_id
         where r.import_id = $1 and r.state = 'created' and c.owner_id is not null and c.owner_id <> $2 group by c.owner_id order by c.owner_id limit 1000")
    .bind(import.id)
    .bind(import.created_by)
    .all(work)
}

/// True when somebody has worked with an opportunity since it came.
pub fn opportunity_is_used(work: &mut Work, id: i64) -> Result<bool> {
    let found: Option<i64> = sql("-- unscoped: only whether somebody has worked with it
         select 1 from opportunities o where o.id = $1 and (
           exists (select 1 from follow_ups f where f.opportunity_id = o.id) or exists (select 1 from follow_up_plans p where p.opportunity_id = o.id)
           or exists (select 1 from tasks t where t.opportunity_id = o.id))")
    .bind(id)
    .maybe(work)?;
    Ok(found.is_some())
}

/// A point to come back to: what one row did can be undone without the rows before it.
pub fn mark(work: &mut Work) -> Result<()> {
    sql("savepoint import_row").run(work).map(|_| ())
}

/// Back to the mark.
pub fn back(work: &mut Work) -> Result<()> {
    sql("rollback to savepoint import_row").run(work)?;
    sql("release savepoint import_row").run(work).map(|_| ())
}

/// The mark is no longer needed.
pub fn keep(work: &mut Work) -> Result<()> {
    sql("release savepoint import_row").run(work).map(|_| ())
}
