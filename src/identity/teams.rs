//! The tree of teams and who belongs to them (S13, I42).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Member, Team, TeamDraft, TeamKind};
use super::store::{self, TeamRow};
use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Event, model::EventKind};
use crate::platform::draft::Given;
use crate::platform::live::Push;
use crate::platform::types::{FieldCode, name};
use crate::platform::work::Work;

/// The node above all others, made at the first start.
pub fn create_root(work: &mut Work, name: &str) -> Result<i64> {
    let id = store::insert_team(work, &TeamRow { name, parent_id: None, manager_id: None, kind: TeamKind::Company, region_id: None })?;
    history::record(work, &Event::new(EventKind::TeamCreated, "team", id).with("name", name))?;
    Ok(id)
}

/// A team, if it exists.
pub fn find(work: &mut Work, id: i64) -> Result<Option<Team>> {
    store::team(work, id)
}

/// One team.
pub fn get(work: &mut Work, id: i64) -> Result<Team> {
    store::team(work, id)?.ok_or(Error::NotFound)
}

/// The whole tree.
pub fn all(work: &mut Work) -> Result<Vec<Team>> {
    store::teams(work)
}

/// The team of this name.
pub fn called(work: &mut Work, text: &str) -> Result<Option<Team>> {
    match store::team_id_called(work, text)? {
        Some(id) => store::team(work, id),
        None => Ok(None),
    }
}

/// Adds a team.
pub fn create(work: &mut Work, draft: &TeamDraft) -> Result<Team> {
    let checked = check(work, draft.clone(), None)?;
    let id = store::insert_team(work, &checked.row())?;
    history::record(work, &Event::new(EventKind::TeamCreated, "team", id).with("name", &checked.name))?;
    get(work, id)
}

/// Edits a team; it cannot be put below itself.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &TeamDraft) -> Result<Team> {
    let before = get(work, id)?;
    if before.version != version {
        return Err(Error::Changed(serde_json::to_value(&before)?));
    }
    let checked = check(work, draft.clone(), Some(&before))?;
    if let Some(parent) = checked.parent_id
        && store::is_at_or_below(work, id, parent)?
    {
        return Err(Error::field("parent_id", FieldCode::NotAllowed));
    }
    store::update_team(work, id, version, &checked.row())?;
    history::record(work, &Event::new(EventKind::TeamEdited, "team", id).with("name", &checked.name))?;
    get(work, id)
}

/// Removes a team nothing hangs on.
pub fn delete(work: &mut Work, id: i64, version: i64) -> Result<()> {
    let team = get(work, id)?;
    if team.version != version {
        return Err(Error::Changed(serde_json::to_value(&team)?));
    }
    if store::team_in_use(work, id)? {
        return Err(Error::Refused(Refusal::TeamInUse));
    }
    store::delete_team(work, id)?;
    history::record(work, &Event::new(EventKind::TeamDeleted, "team", id).with("name", &team.name))
}

/// Who belongs to a team.
pub fn members(work: &mut Work, id: i64) -> Result<Vec<Member>> {
    get(work, id)?;
    store::members(work, id)
}

/// The people of a team.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Members {
    /// All of them.
    pub user_ids: Given<Vec<i64>>,
}

/// Sets who belongs to a team; takes effect with their next request.
pub fn set_members(work: &mut Work, id: i64, wanted: &Members) -> Result<Vec<Member>> {
    let team = get(work, id)?;
    let mut fields = Fields::default();
    let mut wanted = wanted.user_ids.clone().required("user_ids", &mut fields).ok_or(Error::Invalid(fields))?;
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() > 500 {
        return Err(Error::field("user_ids", FieldCode::TooMany { max: 500 }));
    }
    if !wanted.is_empty() && store::names_of(work, &wanted)?.len() != wanted.len() {
        return Err(Error::field("user_ids", FieldCode::Unknown));
    }
    let present: Vec<i64> = store::members(work, id)?.into_iter().map(|member| member.id).collect();
    for user_id in present.iter().filter(|user_id| !wanted.contains(user_id)) {
        store::remove_member(work, id, *user_id)?;
        work.push(Push::Access { user_id: *user_id });
    }
    for user_id in wanted.iter().filter(|user_id| !present.contains(user_id)) {
        store::add_member(work, id, *user_id)?;
        work.push(Push::Access { user_id: *user_id });
    }
    history::record(work, &Event::new(EventKind::TeamEdited, "team", id).with("name", &team.name).with("user_ids", &wanted))?;
    store::members(work, id)
}

struct Checked {
    name: String,
    parent_id: Option<i64>,
    manager_id: Option<i64>,
    kind: TeamKind,
    region_id: Option<i64>,
}

impl Checked {
    fn row(&self) -> TeamRow<'_> {
        TeamRow { name: &self.name, parent_id: self.parent_id, manager_id: self.manager_id, kind: self.kind, region_id: self.region_id }
    }
}

/// Judges a draft on top of what is there; every id in it must exist.
fn check(work: &mut Work, draft: TeamDraft, before: Option<&Team>) -> Result<Checked> {
    let mut fields = Fields::default();
    let name = draft.name.and_then(|text| name::text(&text, 50));
    let name = match before {
        None => name.required("name", &mut fields),
        Some(team) => name.change_required("name", &mut fields).or_else(|| Some(team.name.clone())),
    };
    let kind = match before {
        None => draft.kind.required("kind", &mut fields),
        Some(team) => draft.kind.change_required("kind", &mut fields).or(Some(team.kind)),
    };
    let parent_id = draft.parent_id.change("parent_id", &mut fields).unwrap_or_else(|| before.and_then(|team| team.parent_id));
    let manager_id = draft.manager_id.change("manager_id", &mut fields).unwrap_or_else(|| before.and_then(|team| team.manager_id));
    let region_id = match draft.region.change("region", &mut fields) {
        None => before.and_then(|team| team.region.0.as_ref()).map(|region| region.id),
        Some(None) => None,
        Some(Some(wanted)) => {
            let found = store::region(work, &wanted)?;
            if found.is_none() {
                fields.add("region", FieldCode::Unknown);
            }
            found
        }
    };
    if let Some(parent) = parent_id
        && store::team(work, parent)?.is_none()
    {
        fields.add("parent_id", FieldCode::Unknown);
    }
    if let Some(manager) = manager_id
        && store::active_person(work, manager)?.is_none()
    {
        fields.add("manager_id", FieldCode::Unknown);
    }
    match (name, kind) {
        (Some(name), Some(kind)) if fields.is_empty() => Ok(Checked { name, parent_id, manager_id, kind, region_id }),
        _ => Err(Error::Invalid(fields)),
    }
}
