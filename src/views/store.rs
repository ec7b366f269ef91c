//! How saved views are kept.

use super::model::{KeptView, ViewKind};
use crate::error::{Error, Result};
use crate::identity::audience::{self, Visibility};
use crate::platform::db::sql;
use crate::platform::work::Work;

const SOURCE: &str = "from saved_views w join users u on u.id = w.owner_id left join teams t on t.id = w.team_id";

pub fn all(work: &mut Work, kind: ViewKind) -> Result<Vec<KeptView>> {
    let usable = audience::usable(work, "w");
    sql(format!("select {{columns}} {SOURCE} where w.kind = $1 and {{usable}} order by w.position, w.id limit 100"))
        .bind(kind)
        .part("usable", &usable)
        .all(work)
}

pub fn find(work: &mut Work, id: i64) -> Result<Option<KeptView>> {
    let usable = audience::usable(work, "w");
    sql(format!("select {{columns}} {SOURCE} where w.id = $1 and {{usable}}")).bind(id).part("usable", &usable).maybe(work)
}

pub fn count_own(work: &mut Work, kind: ViewKind) -> Result<i64> {
    let me = work.actor.user_id;
    sql("select count(*) from saved_views where kind = $1 and owner_id = $2").bind(kind).bind(me).one(work)
}

pub fn last_position(work: &mut Work, kind: ViewKind) -> Result<i64> {
    let me = work.actor.user_id;
    let last: Option<i64> = sql("select max(position) from saved_views where kind = $1 and owner_id = $2").bind(kind).bind(me).one(work)?;
    Ok(last.unwrap_or(0).min(9_998))
}

/// What a new view is made of.
pub struct NewView<'a> {
    pub kind: ViewKind,
    pub name: &'a str,
    pub filters: String,
    pub columns: String,
    pub sort: &'a str,
    pub visibility: Visibility,
    pub team_id: Option<i64>,
    pub position: i64,
}

pub fn insert(work: &mut Work, view: &NewView) -> Result<i64> {
    let (now, me) = (work.now(), work.actor.user_id);
    sql("insert into saved_views (kind, name, filters, columns, sort, visibility, position, owner_id, team_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) returning id")
    .bind(view.kind)
    .bind(view.name)
    .bind(view.filters.as_str())
    .bind(view.columns.as_str())
    .bind(view.sort)
    .bind(view.visibility)
    .bind(view.position)
    .bind(me)
    .bind(view.team_id)
    .bind(now)
    .one(work)
}

pub fn update(work: &mut Work, view: &KeptView) -> Result<()> {
    let now = work.now();
    let touched =
        sql("update saved_views set name = $3, filters = $4, columns = $5, sort = $6, visibility = $7, position = $8, team_id = $9,
           updated_at = $10, version = version + 1 where id = $1 and version = $2")
        .bind(view.id)
        .bind(view.version)
        .bind(view.name.as_str())
        .bind(view.filters.as_str())
        .bind(view.columns.as_str())
        .bind(view.sort.as_str())
        .bind(view.visibility)
        .bind(view.position)
        .bind(view.team_id)
        .bind(now)
        .run(work)?;
    if touched == 0 { Err(Error::LostRace) } else { Ok(()) }
}

pub fn delete(work: &mut Work, id: i64) -> Result<()> {
    sql("delete from default_views where view_id = $1").bind(id).run(work)?;
    sql("delete from saved_views where id = $1").bind(id).run(work)?;
    Ok(())
}

pub fn default_of(work: &mut Work, kind: ViewKind) -> Result<Option<i64>> {
    let me = work.actor.user_id;
    sql("select view_id from default_views where user_id = $1 and kind = $2").bind(me).bind(kind).maybe(work)
}

pub fn set_default(work: &mut Work, kind: ViewKind, view_id: Option<i64>) -> Result<()> {
    let me = work.actor.user_id;
    match view_id {
        Some(view_id) => sql("insert into default_views (user_id, kind, view_id) values ($1, $2, $3)
             on conflict (user_id, kind) do update set view_id = $3")
        .bind(me)
        .bind(kind)
        .bind(view_id),
        None => sql("delete from default_views where user_id = $1 and kind = $2").bind(me).bind(kind),
    }
    .run(work)?;
    Ok(())
}
