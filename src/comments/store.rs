use super::model::{Kept, Said};
use super::subject::Subject;
use crate::error::{Error, Result};
use crate::identity::model::Named;
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::page::{List, Page, Scope, Sort, Turn, any_of};
use crate::platform::work::Work;

/// Comments are numbered as they are made, so the newest has the largest id.
pub const NEWEST_FIRST: Sort = Sort { name: "created_at", column: "cm.id", descending: true };

/// The comments of a record that was found in the reader's scope.
pub fn page(work: &mut Work, subject: &Subject, turn: &Turn) -> Result<Page<Kept>> {
    let own = Predicate::new("cm.record_kind = $1 and cm.record_id = $2", vec![subject.kind.into(), subject.id.into()]);
    let list = List::of("comments cm", "cm", "", Scope::same(own), Vec::new());
    list.fetch(work, turn, "join comments cm on cm.id = page.id join users u on u.id = cm.created_by")
}

pub fn find(work: &mut Work, id: i64) -> Result<Option<Kept>> {
    sql("select {columns} from comments cm join users u on u.id = cm.created_by where cm.id = $1").bind(id).maybe(work)
}

/// Who is mentioned in these comments, each with the comment's id, in the order of the mentions.
pub fn mentions(work: &mut Work, ids: &[i64]) -> Result<Vec<(i64, Named)>> {
    let among = any_of("m.comment_id", ids.iter().copied().map(Value::Int).collect());
    sql("select m.comment_id, u.id, u.name from comment_mentions m join users u on u.id = m.user_id where {among} order by m.comment_id, m.position")
        .part("among", &among)
        .all(work)
}

pub fn insert(work: &mut Work, subject: &Subject, said: &Said) -> Result<i64> {
    let (now, me) = (work.now(), work.actor.user_id);
    let id = sql("insert into comments (record_kind, record_id, body, created_at, created_by) values ($1, $2, $3, $4, $5) returning id")
        .bind(subject.kind)
        .bind(subject.id)
        .bind(said.text.as_str())
        .bind(now)
        .bind(me)
        .one(work)?;
    mention(work, id, &said.mentions)?;
    Ok(id)
}

pub fn update(work: &mut Work, id: i64, version: i64, said: &Said) -> Result<()> {
    let now = work.now();
    let touched = sql("update comments set body = $3, edited_at = $4, version = version + 1 where id = $1 and version = $2")
        .bind(id)
        .bind(version)
        .bind(said.text.as_str())
        .bind(now)
        .run(work)?;
    if touched == 0 {
        return Err(Error::LostRace);
    }
    forget_mentions(work, id)?;
    mention(work, id, &said.mentions)
}

/// What was said is gone; that something was said stays.
pub fn blank(work: &mut Work, id: i64, version: i64) -> Result<()> {
    let now = work.now();
    let touched = sql("update comments set body = '', deleted_at = $3, version = version + 1 where id = $1 and version = $2")
        .bind(id)
        .bind(version)
        .bind(now)
        .run(work)?;
    if touched == 0 {
        return Err(Error::LostRace);
    }
    forget_mentions(work, id)
}

fn mention(work: &mut Work, id: i64, people: &[i64]) -> Result<()> {
    for (position, person) in people.iter().enumerate() {
        sql("insert into comment_mentions (comment_id, user_id, position) values ($1, $2, $3)")
            .bind(id)
            .bind(*person)
            .bind(position as i64)
            .run(work)?;
    }
    Ok(())
}

fn forget_mentions(work: &mut Work, id: i64) -> Result<()> {
    sql("delete from comment_mentions where comment_id = $1").bind(id).run(work)?;
    Ok(())
}
