//! 阶段SOP (I8): what has to be done at each stage. Whoever moves an opportunity to a stage gives its tasks in the same transaction;
//! what is brought in from elsewhere by an import has its work behind it and gives none.

mod api;
pub mod model;
mod moves;
mod store;

pub use api::routes;
pub use moves::{change_stage, create, edit_customer, win_customer};

use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use crate::settings::{self, Kind};
use model::{SopAssignee, SopTemplate, SopTemplateDraft};

/// Templates of one stage, at most: its tasks are given while somebody waits.
const MOST: usize = 50;

/// Every template, by stage and position.
pub fn all(work: &mut Work) -> Result<Vec<SopTemplate>> {
    store::all(work)
}

/// Adds a template.
pub fn add(work: &mut Work, draft: &SopTemplateDraft) -> Result<SopTemplate> {
    let mut fields = Fields::default();
    let wanted = draft.check(true, &mut fields);
    let stage = match draft.stage.clone().required("stage", &mut fields) {
        Some(key) => fields.keep("stage", settings::stage(work, &key)?.ok_or(FieldCode::Unknown)).map(|stage| stage.key),
        None => None,
    };
    let kind = kind_of(work, wanted.kind, None, &mut fields)?;
    let (Some(stage), Some(kind), Some(name), Some(content), Some(due_workdays)) =
        (stage, kind, wanted.name, wanted.content, wanted.due_workdays)
    else {
        return Err(Error::Invalid(fields));
    };
    let (count, last) = store::extent(work, &stage)?;
    if count >= MOST as i64 {
        fields.add("stage", FieldCode::TooMany { max: MOST });
    }
    fields.into_result()?;
    let template = SopTemplate {
        id: 0,
        stage,
        name,
        kind,
        content,
        due_workdays,
        assignee: wanted.assignee.unwrap_or(SopAssignee::Owner),
        enabled: wanted.enabled.unwrap_or(true),
        position: wanted.position.unwrap_or(last.map_or(1, |last| (last + 1).min(9_999))),
        version: 1,
    };
    let id = store::insert(work, &template)?;
    changed(work, id, &template.name, &[])?;
    store::find(work, id)?.ok_or(Error::NotFound)
}

/// Edits a template; the tasks it has made stay as they are.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &SopTemplateDraft) -> Result<SopTemplate> {
    let before = known(work, id, version)?;
    let mut fields = Fields::default();
    if draft.stage.is_given() {
        fields.add("stage", FieldCode::NotAllowed);
    }
    let wanted = draft.check(false, &mut fields);
    let kind = kind_of(work, wanted.kind, Some(&before.kind), &mut fields)?;
    fields.into_result()?;
    let old = before.clone();
    let after = SopTemplate {
        name: wanted.name.unwrap_or(old.name),
        kind: kind.unwrap_or(old.kind),
        content: wanted.content.unwrap_or(old.content),
        due_workdays: wanted.due_workdays.unwrap_or(old.due_workdays),
        assignee: wanted.assignee.unwrap_or(old.assignee),
        enabled: wanted.enabled.unwrap_or(old.enabled),
        position: wanted.position.unwrap_or(old.position),
        ..old
    };
    let changes = model::changes(&before, &after);
    if changes.is_empty() {
        return Ok(before);
    }
    store::update(work, &after)?;
    changed(work, id, &after.name, &changes)?;
    store::find(work, id)?.ok_or(Error::NotFound)
}

/// Removes a template that has never made a task; others can be disabled.
pub fn remove(work: &mut Work, id: i64, version: i64) -> Result<()> {
    store::lock(work, id)?;
    let template = known(work, id, version)?;
    if store::has_made(work, id)? {
        return Err(Error::Refused(Refusal::ValueInUse));
    }
    store::delete(work, id)?;
    changed(work, id, &template.name, &[])
}

fn known(work: &mut Work, id: i64, version: i64) -> Result<SopTemplate> {
    let template = store::find(work, id)?.ok_or(Error::NotFound)?;
    if template.version != version {
        return Err(Error::Changed(serde_json::to_value(&template)?));
    }
    Ok(template)
}

fn kind_of(work: &mut Work, key: Option<String>, already: Option<&str>, fields: &mut Fields) -> Result<Option<String>> {
    let Some(key) = key else { return Ok(None) };
    Ok(fields.keep("kind", settings::choose_key(work, Kind::TaskKind, &key, already)?).map(|entry| entry.key))
}

fn changed(work: &mut Work, id: i64, name: &str, changes: &[Change]) -> Result<()> {
    history::record(work, &Event::new(EventKind::SettingChanged, "sop_template", id).with("name", name).with_changes(changes))
}
