use super::model::{Kept, NewNotice, ReadCount, Reader};
use crate::error::Result;
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::{List, Page, Scope, Sort, Turn, any_of};
use crate::platform::types::Instant;
use crate::platform::work::{Reach, Work};

/// Notices run from the newest to the oldest.
pub const NEWEST_FIRST: Sort = Sort { name: "published_at", column: "nt.published_at", descending: true };

const SOURCE: &str = "join users u on u.id = nt.created_by left join teams t on t.id = nt.team_id";

/// What was published to the caller and stands, and what he may withdraw, withdrawn or not.
fn seen(work: &Work) -> Predicate {
    let me = work.actor.user_id;
    if work.actor.reach == Reach::All && work.actor.may("publish_notices") {
        return Predicate::new("true", Vec::new());
    }
    Predicate::new(
        "(nt.created_by = $1 or (nt.withdrawn_at = 0 and exists (select 1 from notice_readers r where r.notice_id = nt.id and r.user_id = $1)))",
        vec![me.into()],
    )
}

pub fn page(work: &mut Work, unread: Option<bool>, turn: &Turn) -> Result<Page<Kept>> {
    let me = work.actor.user_id;
    let filters = unread
        .map(|unread| {
            let sign = if unread { "=" } else { ">" };
            Predicate::new(
                format!("nt.withdrawn_at = 0 and nt.id in (select r.notice_id from notice_readers r where r.user_id = $1 and r.read_at {sign} 0)"),
                vec![me.into()],
            )
        })
        .into_iter()
        .collect();
    let scope = Scope::same(seen(work));
    List::of("notices nt", "nt", "", scope, filters).fetch(work, turn, &format!("join notices nt on nt.id = page.id {SOURCE}"))
}

pub fn find(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    let seen = seen(work);
    sql(format!("select {{columns}} from notices nt {SOURCE} where nt.id = $1 and {{seen}}")).bind(id).part("seen", &seen).maybe(work)
}

pub fn insert(work: &mut Work, notice: &NewNotice) -> Result<i64> {
    let (now, me) = (work.now(), work.actor.user_id);
    sql("insert into notices (title, body, team_id, published_at, created_by) values ($1, $2, $3, $4, $5) returning id")
        .bind(notice.title.as_str())
        .bind(notice.body.as_str())
        .bind(notice.team_id)
        .bind(now)
        .bind(me)
        .one(work)
}

/// Everybody who is active now but the caller: all people, or those of a team and of the teams below it.
pub fn add_readers(work: &mut Work, notice: i64, team: i64) -> Result<()> {
    let me = work.actor.user_id;
    if team == 0 {
        sql("insert into notice_readers (notice_id, user_id) select $1, u.id from users u where u.status = 'active' and u.id <> $2")
            .bind(notice)
            .bind(me)
            .run(work)?;
        return Ok(());
    }
    sql("insert into notice_readers (notice_id, user_id)
         with recursive down (id) as (select id from teams where id = $2 union select t.id from teams t join down d on t.parent_id = d.id)
         select $1, u.id from users u where u.status = 'active' and u.id <> $3
           and u.id in (select m.user_id from team_members m join down d on d.id = m.team_id)")
    .bind(notice)
    .bind(team)
    .bind(me)
    .run(work)?;
    Ok(())
}

pub fn withdraw(work: &mut Work, id: i64) -> Result<()> {
    let now = work.now();
    sql("update notices set withdrawn_at = $2, version = version + 1 where id = $1").bind(id).bind(now).run(work)?;
    Ok(())
}

pub fn mark_read(work: &mut Work, id: i64) -> Result<()> {
    let (now, me) = (work.now(), work.actor.user_id);
    sql("update notice_readers set read_at = $3 where notice_id = $1 and user_id = $2 and read_at = 0")
        .bind(id)
        .bind(me)
        .bind(now)
        .run(work)?;
    Ok(())
}

fn among(column: &str, ids: &[i64]) -> Predicate {
    any_of(column, ids.iter().copied().map(Value::Int).collect())
}

/// When the caller read each of these; 0 for not yet.
pub fn own_receipts(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, Instant)>> {
    let me = work.actor.user_id;
    sql("select notice_id, read_at from notice_readers where user_id = $1 and {among}")
        .bind(me)
        .part("among", &among("notice_id", ids))
        .all(work)
}

pub fn counts(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, ReadCount)>> {
    let rows: Vec<(i64, i64, i64)> =
        sql("select notice_id, count(*) filter (where read_at > 0), count(*) from notice_readers where {among} group by notice_id")
            .part("among", &among("notice_id", ids))
            .all(work)?;
    Ok(rows.into_iter().map(|(id, read, readers)| (id, ReadCount { read, readers })).collect())
}

pub fn readers(work: &mut Work, id: i64) -> Result<Vec<Reader>> {
    sql("select {columns} from notice_readers r join users u on u.id = r.user_id where r.notice_id = $1 order by r.read_at, u.name, u.id limit 5000")
        .bind(id)
        .all(work)
}

pub fn readers_after(work: &mut Work, id: i64, after: i64, most: i64) -> Result<Vec<i64>> {
    sql("select user_id from notice_readers where notice_id = $1 and user_id > $2 order by user_id limit $3")
        .bind(id)
        .bind(after)
        .bind(most)
        .all(work)
}
