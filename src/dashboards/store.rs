//! How boards are kept.

use super::model::KeptBoard;
use crate::error::{Error, Result};
use crate::identity::audience::{self, Visibility};
use crate::platform::db::sql;
use crate::platform::work::Work;

const SOURCE: &str = "from dashboards b join users u on u.id = b.owner_id left join teams t on t.id = b.team_id";

/// Boards of a list.
pub const MOST_LISTED: usize = 300;

/// One's own first; others' by name; one more than are listed tells that there are more.
pub fn all(work: &mut Work) -> Result<Vec<KeptBoard>> {
    let (usable, me) = (audience::usable(work, "b"), work.actor.user_id);
    sql(format!("select {{columns}} {SOURCE} where {{usable}} order by case when b.owner_id = $1 then 0 else 1 end, b.name, b.id limit $2"))
        .bind(me)
        .bind(MOST_LISTED as i64 + 1)
        .part("usable", &usable)
        .all(work)
}

pub fn find(work: &mut Work, id: i64) -> Result<Option<KeptBoard>> {
    let usable = audience::usable(work, "b");
    sql(format!("select {{columns}} {SOURCE} where b.id = $1 and {{usable}}")).bind(id).part("usable", &usable).maybe(work)
}

pub fn count_own(work: &mut Work) -> Result<i64> {
    let me = work.actor.user_id;
    sql("select count(*) from dashboards where owner_id = $1").bind(me).one(work)
}

pub fn insert(work: &mut Work, name: &str, tiles: &str, visibility: Visibility, team_id: Option<i64>) -> Result<i64> {
    let (now, me) = (work.now(), work.actor.user_id);
    sql("insert into dashboards (name, tiles, visibility, owner_id, team_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6) returning id")
    .bind(name)
    .bind(tiles)
    .bind(visibility)
    .bind(me)
    .bind(team_id)
    .bind(now)
    .one(work)
}

pub fn update(work: &mut Work, board: &KeptBoard) -> Result<()> {
    let now = work.now();
    let touched = sql("update dashboards set name = $3, tiles = $4, visibility = $5, team_id = $6, updated_at = $7, version = version + 1
         where id = $1 and version = $2")
    .bind(board.id)
    .bind(board.version)
    .bind(board.name.as_str())
    .bind(board.tiles.as_str())
    .bind(board.visibility)
    .bind(board.team_id)
    .bind(now)
    .run(work)?;
    if touched == 0 { Err(Error::LostRace) } else { Ok(()) }
}

pub fn delete(work: &mut Work, id: i64) -> Result<()> {
    sql("delete from dashboards where id = $1").bind(id).run(work)?;
    Ok(())
}
