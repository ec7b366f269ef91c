use super::model::{Kept, Notice};
use crate::error::Result;
use crate::platform::db::{Predicate, sql};
use crate::platform::page::{List, Page, Scope, Sort, Turn};
use crate::platform::work::Work;

/// Messages are numbered as they are sent, so the newest has the largest id.
pub const NEWEST_FIRST: Sort = Sort { name: "created_at", column: "n.id", descending: true };

/// The new message's id; none when its key was used before.
pub fn insert(work: &mut Work, notice: &Notice) -> Result<Option<i64>> {
    let now = work.now();
    sql("insert into notifications (user_id, kind, detail, link, late, dedupe_key, comment_id, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
                       on conflict (dedupe_key) do nothing returning id")
    .bind(notice.user_id)
    .bind(notice.kind)
    .bind(notice.detail.to_string())
    .bind(notice.link.as_str())
    .bind(notice.late)
    .bind(notice.dedupe_key.as_deref())
    .bind(notice.comment_id)
    .bind(now)
    .maybe(work)
}

pub fn page(work: &mut Work, unread: Option<bool>, turn: &Turn) -> Result<Page<Kept>> {
    let own = Predicate::new("n.user_id = $1", vec![work.actor.user_id.into()]);
    let filters = match unread {
        None => Vec::new(),
        Some(true) => vec![Predicate::new("n.read_at = 0", Vec::new())],
        Some(false) => vec![Predicate::new("n.read_at > 0", Vec::new())],
    };
    let list = List::of("notifications n", "n", "", Scope::same(own), filters);
    list.fetch(work, turn, "join notifications n on n.id = page.id")
}

pub fn unread(work: &mut Work) -> Result<i64> {
    let me = work.actor.user_id;
    sql("select count(*) from notifications where user_id = $1 and read_at = 0").bind(me).one(work)
}

/// A message as it was told: id, reader, words and key.
pub type Told = (i64, i64, String, Option<String>);

/// The messages that told of a comment.
pub fn of_comment(work: &mut Work, comment_id: i64) -> Result<Vec<Told>> {
    sql("select id, user_id, detail, dedupe_key from notifications where comment_id = $1 and comment_id > 0 order by id limit 1000")
        .bind(comment_id)
        .all(work)
}

pub fn reword(work: &mut Work, id: i64, detail: &str) -> Result<()> {
    sql("update notifications set detail = $2 where id = $1").bind(id).bind(detail).run(work).map(drop)
}

pub fn is_own(work: &mut Work, id: i64) -> Result<bool> {
    let me = work.actor.user_id;
    let found: Option<i64> = sql("select id from notifications where id = $1 and user_id = $2").bind(id).bind(me).maybe(work)?;
    Ok(found.is_some())
}

/// Marks one message, or all, as read; answers how many were unread.
pub fn mark_read(work: &mut Work, only: Option<i64>) -> Result<u64> {
    let (me, now) = (work.actor.user_id, work.now());
    match only {
        Some(id) => sql("update notifications set read_at = $3 where user_id = $1 and id = $2 and read_at = 0").bind(me).bind(id).bind(now),
        None => sql("update notifications set read_at = $2 where user_id = $1 and read_at = 0").bind(me).bind(now),
    }
    .run(work)
}
