//! 仪表盘: tiles that each ask a report, as one wants to see them every day; those the product brings along, and one's own (I29).
//!
//! A board keeps questions, never figures: whoever opens it sees what he or she may see, as of now.

mod api;
pub mod model;
pub mod question;
mod standard;
mod store;

pub use api::routes;
pub use model::{Board, BoardDraft, Tile};
pub use question::{Question, QuestionDraft};

use crate::error::{Error, Fields, Result};
use crate::identity::audience::{self, Visibility};
use crate::platform::draft::Given;
use crate::platform::live::Push;
use crate::platform::types::{FieldCode, name};
use crate::platform::work::Work;
use model::{BoardBrief, Boards, KeptBoard, Standard, TileDraft, TileShape};

/// Boards one person may keep.
const MOST_BOARDS: i64 = 50;
/// Tiles of a board.
const MOST_TILES: usize = 20;

const TOO_MANY_BOARDS: FieldCode = FieldCode::Rule {
    code: "TOO_MANY_BOARDS",
    zh: "最多保存 50 个仪表盘，请先删除不用的",
    en: "At most 50 dashboards can be kept; remove some first",
};
const NEEDS_COLUMN: FieldCode =
    FieldCode::Rule { code: "NEEDS_COLUMN", zh: "以数字显示时请选择指标", en: "Choose the figure that is shown as a number" };

/// The boards the reader may use, and which of the product's own is made for him or her.
pub fn all(work: &mut Work) -> Result<Boards> {
    let mut items = store::all(work)?.into_iter().map(|kept| brief(work, &kept)).collect::<Result<Vec<_>>>()?;
    let more = items.len() > store::MOST_LISTED;
    items.truncate(store::MOST_LISTED);
    let standards = Standard::ALL.iter().map(|which| standard::named(work, *which)).collect();
    Ok(Boards { standard: Standard::of(&work.actor), standards, items, more })
}

/// One of the product's own boards.
pub fn standard(work: &Work, which: Standard) -> Result<Board> {
    standard::board(work, which)
}

/// One board.
pub fn get(work: &mut Work, id: i64) -> Result<Board> {
    let kept = store::find(work, id)?.ok_or(Error::NotFound)?;
    let tiles = kept.tiles()?.iter().map(|tile| Tile::shown(work, tile)).collect();
    Ok(Board {
        id: Some(kept.id),
        standard: None,
        can_edit: audience::may_change(work, kept.owner_id, kept.visibility),
        name: kept.name,
        tiles,
        visibility: kept.visibility,
        team_id: kept.team_id,
        team_name: kept.team_name,
        owner_id: Some(kept.owner_id),
        owner_name: Some(kept.owner_name),
        version: kept.version,
    })
}

fn brief(work: &Work, kept: &KeptBoard) -> Result<BoardBrief> {
    Ok(BoardBrief {
        id: kept.id,
        name: kept.name.clone(),
        tile_count: kept.tiles()?.len() as i64,
        visibility: kept.visibility,
        team_name: kept.team_name.clone(),
        owner_id: kept.owner_id,
        owner_name: kept.owner_name.clone(),
        can_edit: audience::may_change(work, kept.owner_id, kept.visibility),
        version: kept.version,
    })
}

/// Keeps a board.
pub fn create(work: &mut Work, draft: &BoardDraft) -> Result<Board> {
    let mut fields = Fields::default();
    let name = draft.name.clone().and_then(|text| name::text(&text, 30)).required("name", &mut fields);
    let tiles = tiles(work, &draft.tiles, &[], &mut fields)?.unwrap_or_else(|| "[]".into());
    let visibility = draft.visibility.clone().optional("visibility", &mut fields).unwrap_or(Visibility::Private);
    let team = draft.team_id.clone().optional("team_id", &mut fields);
    let team_id = audience::team_for(work, visibility, team, &mut fields)?;
    if store::count_own(work)? >= MOST_BOARDS {
        fields.add("name", TOO_MANY_BOARDS);
    }
    let Some(name) = name else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;
    let id = store::insert(work, &name, &tiles, visibility, team_id)?;
    tell(work, work.actor.user_id, id, 1);
    get(work, id)
}

/// Changes a board of one's own; `tiles` replaces all of them, in their order.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &BoardDraft) -> Result<Board> {
    let mut after = own(work, id, version)?;
    let mut fields = Fields::default();
    if let Some(name) = draft.name.clone().and_then(|text| name::text(&text, 30)).change_required("name", &mut fields) {
        after.name = name;
    }
    let kept: Vec<Question> = after.tiles()?.into_iter().map(|tile| tile.question).collect();
    if let Some(tiles) = tiles(work, &draft.tiles, &kept, &mut fields)? {
        after.tiles = tiles;
    }
    let visibility = draft.visibility.clone().change_required("visibility", &mut fields);
    if visibility.is_some() || draft.team_id.is_given() {
        let wanted = visibility.unwrap_or(after.visibility);
        if wanted == Visibility::Private && after.owner_id != work.actor.user_id {
            fields.add("visibility", FieldCode::NotAllowed);
        }
        // A board that stays with its team stays there, also when somebody else tidies it up.
        if wanted != after.visibility || draft.team_id.is_given() {
            let team = draft.team_id.clone().optional("team_id", &mut fields);
            after.team_id = audience::team_for(work, wanted, team, &mut fields)?;
        }
        after.visibility = wanted;
    }
    fields.into_result()?;
    store::update(work, &after)?;
    tell(work, after.owner_id, id, version + 1);
    get(work, id)
}

/// Removes a board.
pub fn delete(work: &mut Work, id: i64, version: i64) -> Result<()> {
    let gone = own(work, id, version)?;
    store::delete(work, id)?;
    tell(work, gone.owner_id, id, version + 1);
    Ok(())
}

/// The other windows of its owner, and of whoever changed it, show the board as it is now.
fn tell(work: &mut Work, owner_id: i64, id: i64, version: i64) {
    let me = work.actor.user_id;
    work.push(Push::own(owner_id, "dashboard", id, version));
    if me != owner_id {
        work.push(Push::own(me, "dashboard", id, version));
    }
}

fn own(work: &mut Work, id: i64, version: i64) -> Result<KeptBoard> {
    let board = store::find(work, id)?.ok_or(Error::NotFound)?;
    audience::require_change(work, board.owner_id, board.visibility)?;
    if board.version != version {
        let current = get(work, id)?;
        return Err(Error::Changed(serde_json::to_value(current)?));
    }
    Ok(board)
}

/// The tiles as they are kept; nothing when none were sent. Questions of the board's own are not judged anew: a tile whose tag is gone
/// must not keep the others from being moved.
fn tiles(work: &mut Work, given: &Given<Vec<TileDraft>>, kept: &[Question], fields: &mut Fields) -> Result<Option<String>> {
    let Some(drafts) = given.clone().change("tiles", fields) else { return Ok(None) };
    let drafts = drafts.unwrap_or_default();
    if drafts.len() > MOST_TILES {
        fields.add("tiles", FieldCode::TooMany { max: MOST_TILES });
        return Ok(None);
    }
    let mut all = Vec::new();
    for (place, draft) in drafts.iter().enumerate() {
        let mut found = Fields::default();
        all.extend(tile(work, draft, kept, &mut found)?);
        *fields = std::mem::take(fields).and(found.under(&format!("tiles.{place}")));
    }
    Ok(Some(serde_json::to_string(&all)?))
}

fn tile(work: &mut Work, draft: &TileDraft, kept: &[Question], fields: &mut Fields) -> Result<Option<model::KeptTile>> {
    let draft = draft.clone();
    let name = draft.name.and_then(|text| name::text(&text, 40)).required("name", fields);
    let question = draft.question.check(work, kept, fields)?;
    let shape = draft.shape.required("shape", fields);
    let column = draft.column.and_then(|text| name::text(&text, 60)).optional("column", fields);
    let width = draft.width.and_then(width).optional("width", fields);
    if shape == Some(TileShape::Number) && column.is_none() {
        fields.add("column", NEEDS_COLUMN);
    }
    let (Some(name), Some(question), Some(shape)) = (name, question, shape) else { return Ok(None) };
    let width = width.unwrap_or(shape.usual_width());
    Ok(Some(model::KeptTile { name, question, shape, column, width }))
}

fn width(value: i64) -> Result<i64, FieldCode> {
    if (1..=4).contains(&value) { Ok(value) } else { Err(FieldCode::OutOfRange { min: "1".into(), max: "4".into() }) }
}
