//! Saved views: a list's filters, columns and order under a name, for oneself, a team or everybody (S33).

mod api;
mod model;
mod store;

pub use api::routes;
pub use model::{DefaultDraft, View, ViewDraft, ViewKind};

use crate::customers::list::SORTS;
use crate::customers::saved_filter::SavedFilter;
use crate::error::{Error, Fields, Result};
use crate::identity::audience::{self, Visibility};
use crate::platform::draft::Given;
use crate::platform::types::{FieldCode, name};
use crate::platform::work::Work;
use model::{COLUMNS, KeptView};

/// Views one person may keep of one list.
const MOST: i64 = 50;

const TOO_MANY_VIEWS: FieldCode = FieldCode::Rule {
    code: "TOO_MANY_VIEWS",
    zh: "最多保存 50 个视图，请先删除不用的",
    en: "At most 50 views can be kept; remove some first",
};

/// The views of a list that the reader may use, in their order.
pub fn all(work: &mut Work, kind: ViewKind) -> Result<Vec<View>> {
    let standard = store::default_of(work, kind)?;
    store::all(work, kind)?.into_iter().map(|kept| shown(work, kept, standard)).collect()
}

/// One view.
pub fn get(work: &mut Work, id: i64) -> Result<View> {
    let kept = store::find(work, id)?.ok_or(Error::NotFound)?;
    let standard = store::default_of(work, kept.kind)?;
    shown(work, kept, standard)
}

/// A view whose filter names something that is gone still opens, and says so.
fn shown(work: &mut Work, kept: KeptView, standard: Option<i64>) -> Result<View> {
    let filters = SavedFilter::from_stored(&kept.filters);
    let problems = filters.problems(work, work.actor.lang)?;
    Ok(View {
        id: kept.id,
        can_edit: audience::may_change(work, kept.owner_id, kept.visibility),
        kind: kept.kind,
        name: kept.name,
        filters,
        problems,
        columns: serde_json::from_str(&kept.columns)?,
        sort: (!kept.sort.is_empty()).then_some(kept.sort),
        visibility: kept.visibility,
        position: kept.position,
        is_default: standard == Some(kept.id),
        owner_id: kept.owner_id,
        owner_name: kept.owner_name,
        team_name: kept.team_name,
        version: kept.version,
    })
}

/// Keeps a view.
pub fn create(work: &mut Work, draft: &ViewDraft) -> Result<View> {
    let mut fields = Fields::default();
    let kind = draft.kind.clone().required("kind", &mut fields);
    let name = draft.name.clone().and_then(|text| name::text(&text, 30)).required("name", &mut fields);
    let filters = draft.filters.clone().optional("filters", &mut fields).unwrap_or_default();
    filters.check(work, "filters", &mut fields)?;
    let columns = draft.columns.clone().and_then(columns).optional("columns", &mut fields).unwrap_or_default();
    let sort = draft.sort.clone().and_then(sort).optional("sort", &mut fields).unwrap_or_default();
    let visibility = draft.visibility.clone().optional("visibility", &mut fields).unwrap_or(Visibility::Private);
    let team_id = audience::team_for(work, visibility, None, &mut fields)?;
    let position = draft.position.clone().and_then(position).optional("position", &mut fields);
    if let Some(kind) = kind
        && store::count_own(work, kind)? >= MOST
    {
        fields.add("name", TOO_MANY_VIEWS);
    }
    let (Some(kind), Some(name)) = (kind, name) else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;
    let position = match position {
        Some(position) => position,
        None => store::last_position(work, kind)? + 1,
    };
    let new = store::NewView {
        kind,
        name: &name,
        filters: filters.to_stored()?,
        columns: serde_json::to_string(&columns)?,
        sort: &sort,
        visibility,
        team_id,
        position,
    };
    let id = store::insert(work, &new)?;
    get(work, id)
}

/// Changes a view of one's own.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &ViewDraft) -> Result<View> {
    let before = own(work, id, version)?;
    let mut fields = Fields::default();
    let mut after = before.clone();
    if draft.kind.clone().change_required("kind", &mut fields).is_some_and(|kind| kind != before.kind) {
        fields.add("kind", FieldCode::NotAllowed);
    }
    if let Some(name) = draft.name.clone().and_then(|text| name::text(&text, 30)).change_required("name", &mut fields) {
        after.name = name;
    }
    if let Some(filters) = draft.filters.clone().change("filters", &mut fields) {
        let filters = filters.unwrap_or_default();
        filters.check(work, "filters", &mut fields)?;
        after.filters = filters.to_stored()?;
    }
    if let Some(columns) = draft.columns.clone().and_then(columns).change("columns", &mut fields) {
        after.columns = serde_json::to_string(&columns.unwrap_or_default())?;
    }
    if let Some(sort) = draft.sort.clone().and_then(sort).change("sort", &mut fields) {
        after.sort = sort.unwrap_or_default();
    }
    if let Some(visibility) = draft.visibility.clone().change_required("visibility", &mut fields) {
        after.visibility = visibility;
        after.team_id =
            if visibility == before.visibility { before.team_id } else { audience::team_for(work, visibility, None, &mut fields)? };
    }
    if let Some(position) = draft.position.clone().and_then(position).change_required("position", &mut fields) {
        after.position = position;
    }
    fields.into_result()?;
    store::update(work, &after)?;
    get(work, id)
}

/// Removes a view, also as anybody's default.
pub fn delete(work: &mut Work, id: i64, version: i64) -> Result<()> {
    own(work, id, version)?;
    store::delete(work, id)
}

fn own(work: &mut Work, id: i64, version: i64) -> Result<KeptView> {
    let view = store::find(work, id)?.ok_or(Error::NotFound)?;
    audience::require_change(work, view.owner_id, view.visibility)?;
    if view.version != version {
        let current = get(work, id)?;
        return Err(Error::Changed(serde_json::to_value(current)?));
    }
    Ok(view)
}

/// Which view the reader's list opens with; null for none.
pub fn set_default(work: &mut Work, draft: &DefaultDraft) -> Result<Vec<View>> {
    let mut fields = Fields::default();
    let kind = draft.kind.clone().required("kind", &mut fields);
    let wanted = match draft.view_id.clone() {
        Given::Absent => Given::Bad(FieldCode::Required),
        given => given,
    };
    let wanted = wanted.change("view_id", &mut fields);
    if let (Some(Some(id)), Some(kind)) = (wanted, kind)
        && store::find(work, id)?.is_none_or(|view| view.kind != kind)
    {
        fields.add("view_id", FieldCode::Unknown);
    }
    let (Some(kind), Some(wanted)) = (kind, wanted) else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;
    store::set_default(work, kind, wanted)?;
    all(work, kind)
}

/// Columns the list has, each once.
fn columns(wanted: Vec<String>) -> Result<Vec<String>, FieldCode> {
    let mut columns: Vec<String> = Vec::new();
    for column in wanted {
        if !COLUMNS.contains(&column.as_str()) {
            return Err(FieldCode::Unknown);
        }
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    Ok(columns)
}

fn sort(text: String) -> Result<String, FieldCode> {
    let bare = text.trim_start_matches('-');
    if SORTS.iter().any(|(name, _)| name.trim_start_matches('-') == bare) { Ok(text) } else { Err(FieldCode::Unknown) }
}

fn position(value: i64) -> Result<i64, FieldCode> {
    if (0..=9_999).contains(&value) { Ok(value) } else { Err(FieldCode::OutOfRange { min: "0".into(), max: "9999".into() }) }
}
