//! How exports are kept.

use super::model::{Format, Kept, Line, State};
use crate::error::Result;
use crate::exchange::columns::Kind;
use crate::platform::db::{Predicate, sql};
use crate::platform::page::{List, Page, Scope, Sort, Turn};
use crate::platform::types::Lang;
use crate::platform::work::Work;

/// The newest export first.
pub const NEWEST: Sort = Sort { name: "id", column: "x.id", descending: true };

pub fn insert(work: &mut Work, kind: Kind, format: Format, filter: &str, columns: &str) -> Result<i64> {
    let (now, me, team_id) = (work.now(), work.actor.user_id, work.actor.team_id);
    let lang = if work.actor.lang == Lang::En { "en" } else { "zh" };
    sql("insert into exports (kind, format, filter, columns, state, lang, team_id, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id")
        .bind(kind)
        .bind(format)
        .bind(filter)
        .bind(columns)
        .bind(State::Waiting)
        .bind(lang)
        .bind(team_id)
        .bind(me)
        .bind(now)
        .one(work)
}

/// An export of the caller's own.
pub fn own(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    let me = work.actor.user_id;
    sql("select {columns} from exports x where x.id = $1 and x.created_by = $2").bind(id).bind(me).maybe(work)
}

pub fn page(work: &mut Work, turn: &Turn) -> Result<Page<Kept>> {
    let own = Predicate::new("x.created_by = $1", vec![work.actor.user_id.into()]);
    List::of("exports x", "x", "", Scope::same(own), Vec::new()).fetch(work, turn, "join exports x on x.id = page.id")
}

/// The next export in a line to be made: one that waits, or one whose maker has fallen silent.
pub fn next(work: &mut Work, line: Line) -> Result<Option<Kept>> {
    let now = work.now();
    let in_line = match line {
        Line::Company => "x.kind = 'company'",
        Line::Lists => "x.kind <> 'company'",
    };
    sql("select {columns} from exports x
         where (x.state = 'waiting' or (x.state = 'running' and x.lease_until < $1)) and {in_line} order by x.id limit 1")
    .bind(now)
    .part("in_line", &Predicate::new(in_line, Vec::new()))
    .maybe(work)
}

/// Takes an export; false when another was faster.
pub fn claim(work: &mut Work, id: i64, fence: i64, lease_ms: i64) -> Result<bool> {
    let until = work.now().plus_ms(lease_ms);
    let touched = sql("update exports set state = $3, fence = fence + 1, lease_until = $4, done_rows = 0, version = version + 1 where id = $1 and fence = $2")
        .bind(id)
        .bind(fence)
        .bind(State::Running)
        .bind(until)
        .run(work)?;
    Ok(touched == 1)
}

/// Keeps how far it is; false when another has taken over.
pub fn progress(work: &mut Work, export: &Kept, done: i64, lease_ms: i64) -> Result<bool> {
    let until = work.now().plus_ms(lease_ms);
    let touched =
        sql("update exports set total_rows = $3, done_rows = $4, lease_until = $5, version = version + 1 where id = $1 and fence = $2")
            .bind(export.id)
            .bind(export.fence)
            .bind(export.total_rows)
            .bind(done)
            .bind(until)
            .run(work)?;
    Ok(touched == 1)
}

/// Keeps its end; false when another has taken over.
pub fn finish(work: &mut Work, export: &Kept) -> Result<bool> {
    let touched = sql("update exports set state = $3, file_name = $4, total_rows = $5, done_rows = $6, left_out = $7, size = $8, content_sha256 = $9, problem = $10,
            expires_at = $11, finished_at = $12, version = version + 1 where id = $1 and fence = $2")
        .bind(export.id)
        .bind(export.fence)
        .bind(export.state)
        .bind(export.file_name.as_str())
        .bind(export.total_rows)
        .bind(export.done_rows)
        .bind(export.left_out)
        .bind(export.size)
        .bind(export.content_sha256.as_str())
        .bind(export.problem.as_str())
        .bind(export.expires_at)
        .bind(export.finished_at)
        .run(work)?;
    Ok(touched == 1)
}

/// Exports whose files are to be removed, some at a time.
pub fn expired(work: &mut Work) -> Result<Vec<Kept>> {
    let now = work.now();
    sql("select {columns} from exports x where x.state = 'done' and x.expires_at <= $1 order by x.id limit 50").bind(now).all(work)
}

pub fn set_expired(work: &mut Work, id: i64) -> Result<()> {
    sql("update exports set state = 'expired', version = version + 1 where id = $1 and state = 'done'").bind(id).run(work)?;
    Ok(())
}

/// One process alone owns the database and has just begun: whatever was being made is made anew.
pub fn release_all(work: &mut Work) -> Result<()> {
    sql("update exports set state = 'waiting' where state = 'running'").run(work)?;
    Ok(())
}
