//! What the company decides for itself: dictionaries, stages, tags, targets, parameters.

mod api;
pub mod holidays;
mod merge;
mod merge_store;
pub mod model;
mod store;
mod target_api;
mod target_store;
mod target_tree;
pub mod targets;

pub use api::routes;
pub use merge::{merge_entry, merge_tag};
pub use model::{Entry, Kind, Stage, StageKind};
pub use target_api::TargetYear;
pub use targets::{set_target, target_sum};

use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity::model::Named;
use crate::platform::draft::Choice;
use crate::platform::types::{FieldCode, name};
use crate::platform::work::Work;
use model::{Company, CompanyDraft, EntryDraft, StageDraft, Tag, TagDraft};

const ONLY_LEADERS: FieldCode = FieldCode::Rule {
    code: "ONLY_LEADERS_CREATE_TAGS",
    zh: "只有主管可以新建标签，请从已有标签中选择",
    en: "Only leaders may make new tags; choose one there is",
};

/// The values of a dictionary, in their order.
pub fn entries(work: &mut Work, kind: Kind) -> Result<Vec<Entry>> {
    store::entries(work, kind)
}

/// The value somebody chose, by id or exact name. A disabled one is refused unless the record has it already (S19).
pub fn choose(work: &mut Work, kind: Kind, wanted: &Choice, already: &[i64]) -> Result<Result<Entry, FieldCode>> {
    Ok(match find_entry(work, kind, wanted)? {
        None => Err(FieldCode::Unknown),
        Some(entry) if entry.disabled && !already.contains(&entry.id) => Err(FieldCode::Disabled),
        Some(entry) => Ok(entry),
    })
}

/// The value with this id or exact name, disabled or not.
pub fn find_entry(work: &mut Work, kind: Kind, wanted: &Choice) -> Result<Option<Entry>> {
    match wanted {
        Choice::Id(id) => store::entry(work, kind, *id),
        Choice::Name(text) => store::entry_named(work, kind, &name::fold(text)),
    }
}

/// The value with this key, for methods and kinds of tasks.
pub fn choose_key(work: &mut Work, kind: Kind, key: &str, already: Option<&str>) -> Result<Result<Entry, FieldCode>> {
    Ok(match store::entry_keyed(work, kind, key)? {
        None => Err(FieldCode::Unknown),
        Some(entry) if entry.disabled && already != Some(key) => Err(FieldCode::Disabled),
        Some(entry) => Ok(entry),
    })
}

/// Adds a value.
pub fn add_entry(work: &mut Work, kind: Kind, draft: &EntryDraft) -> Result<Entry> {
    let draft = draft.clone();
    let mut fields = Fields::default();
    let name = draft.name.and_then(|text| name::text(&text, 50)).required("name", &mut fields);
    let detail_required = draft.detail_required.optional("detail_required", &mut fields).unwrap_or(false);
    let position = draft.position.and_then(position).optional("position", &mut fields);
    let disabled = draft.disabled.optional("disabled", &mut fields).unwrap_or(false);
    let Some(name) = name else { return Err(Error::Invalid(fields)) };
    fields.into_result()?;
    let id = store::insert_entry(work, kind, &name, detail_required, disabled, position)?;
    changed(work, "dictionary", id, &name, &[])?;
    store::entry(work, kind, id)?.ok_or(Error::NotFound)
}

/// Edits a value; its new name shows everywhere, because records keep its id.
pub fn edit_entry(work: &mut Work, kind: Kind, id: i64, version: i64, draft: &EntryDraft) -> Result<Entry> {
    let before = store::entry(work, kind, id)?.ok_or(Error::NotFound)?;
    if before.version != version {
        return Err(Error::Changed(serde_json::to_value(&before)?));
    }
    let draft = draft.clone();
    let mut fields = Fields::default();
    let mut after = before.clone();
    if let Some(name) = draft.name.and_then(|text| name::text(&text, 50)).change_required("name", &mut fields) {
        after.name = name;
    }
    if let Some(disabled) = draft.disabled.change_required("disabled", &mut fields) {
        after.disabled = disabled;
    }
    if let Some(detail) = draft.detail_required.change_required("detail_required", &mut fields) {
        after.detail_required = detail;
    }
    if let Some(position) = draft.position.and_then(position).change_required("position", &mut fields) {
        after.position = position;
    }
    fields.into_result()?;
    store::update_entry(work, kind, &after)?;
    let changes: Vec<Change> = [Change::of("name", &before.name, &after.name), Change::of("disabled", before.disabled, after.disabled)]
        .into_iter()
        .flatten()
        .collect();
    changed(work, "dictionary", id, &after.name, &changes)?;
    store::entry(work, kind, id)?.ok_or(Error::NotFound)
}

/// Removes a value no record has (I61).
pub fn delete_entry(work: &mut Work, kind: Kind, id: i64, version: i64) -> Result<()> {
    let entry = store::entry(work, kind, id)?.ok_or(Error::NotFound)?;
    if entry.version != version {
        return Err(Error::Changed(serde_json::to_value(&entry)?));
    }
    let seeded = kind.is_keyed() && !entry.key.starts_with("custom_");
    if seeded || store::entry_in_use(work, kind, &entry)? {
        return Err(Error::Refused(Refusal::ValueInUse));
    }
    store::delete_entry(work, id)?;
    changed(work, "dictionary", id, &entry.name, &[])
}

fn position(value: i64) -> Result<i64, FieldCode> {
    in_range(value, 0, 9_999)
}

fn in_range(value: i64, min: i64, max: i64) -> Result<i64, FieldCode> {
    if (min..=max).contains(&value) { Ok(value) } else { Err(FieldCode::OutOfRange { min: min.to_string(), max: max.to_string() }) }
}

fn changed(work: &mut Work, kind: &'static str, id: i64, name: &str, changes: &[Change]) -> Result<()> {
    history::record(work, &Event::new(EventKind::SettingChanged, kind, id).with("name", name).with_changes(changes))
}

/// The stages of the pipeline, in order.
pub fn stages(work: &mut Work) -> Result<Vec<Stage>> {
    store::stages(work)
}

/// The stage with this key.
pub fn stage(work: &mut Work, key: &str) -> Result<Option<Stage>> {
    Ok(store::stages(work)?.into_iter().find(|stage| stage.key == key))
}

/// Edits a stage.
pub fn edit_stage(work: &mut Work, key: &str, version: i64, draft: &StageDraft) -> Result<Stage> {
    let before = stage(work, key)?.ok_or(Error::NotFound)?;
    if before.version != version {
        return Err(Error::Changed(serde_json::to_value(&before)?));
    }
    let draft = draft.clone();
    let mut fields = Fields::default();
    let mut after = before.clone();
    if let Some(name) = draft.name.and_then(|text| name::text(&text, 20)).change_required("name", &mut fields) {
        after.name = name;
    }
    if let Some(probability) = draft.probability.and_then(|value| in_range(value, 0, 100)).change_required("probability", &mut fields) {
        if before.kind != StageKind::Open && probability != before.probability {
            fields.add("probability", FieldCode::NotAllowed);
        }
        after.probability = probability;
    }
    if let Some(limit) = draft.limit_days.and_then(|value| in_range(value, 1, 3_650)).change("limit_days", &mut fields) {
        after.limit_days = limit;
    }
    fields.into_result()?;
    store::update_stage(work, &after)?;
    let changes: Vec<Change> = [
        Change::of("name", &before.name, &after.name),
        Change::of("probability", before.probability, after.probability),
        Change::of_optional("limit_days", before.limit_days, after.limit_days),
    ]
    .into_iter()
    .flatten()
    .collect();
    changed(work, "stage", after.position, &after.name, &changes)?;
    stage(work, key)?.ok_or(Error::NotFound)
}

/// The company's parameters.
pub fn company(work: &mut Work) -> Result<Company> {
    store::company(work)
}

/// Edits the company's parameters.
pub fn edit_company(work: &mut Work, version: i64, draft: &CompanyDraft) -> Result<Company> {
    let mut company = store::company(work)?;
    if company.version != version {
        return Err(Error::Changed(serde_json::to_value(&company)?));
    }
    let draft = draft.clone();
    let mut fields = Fields::default();
    if let Some(name) = draft.company_name.and_then(|text| name::text(&text, 100)).change_required("company_name", &mut fields) {
        company.company_name = name;
    }
    if let Some(within) = draft.assign_tasks_within_teams_only.change_required("assign_tasks_within_teams_only", &mut fields) {
        company.assign_tasks_within_teams_only = within;
    }
    if let Some(only) = draft.leaders_create_tags_only.change_required("leaders_create_tags_only", &mut fields) {
        company.leaders_create_tags_only = only;
    }
    let days = draft.tell_manager_after_days.and_then(|value| in_range(value, 0, 30));
    if let Some(days) = days.change_required("tell_manager_after_days", &mut fields) {
        company.tell_manager_after_days = days;
    }
    fields.into_result()?;
    store::update_company(work, &company)?;
    changed(work, "company", 1, &company.company_name, &[])?;
    store::company(work)
}

/// The tags whose name contains the text; at most 200.
pub fn tags(work: &mut Work, text: Option<&str>) -> Result<Vec<Tag>> {
    let wanted = text.map(name::fold).unwrap_or_default();
    let mut found = store::tags(work)?;
    found.retain(|tag| wanted.is_empty() || name::fold(&tag.name).contains(&wanted));
    found.truncate(200);
    Ok(found)
}

/// The name of a tag that could be made now: well formed, and within the caller's right to make tags (S20).
pub fn new_tag_name(work: &mut Work, text: &str) -> Result<Result<String, FieldCode>> {
    let text = match name::text(text, 20) {
        Ok(text) => text,
        Err(code) => return Ok(Err(code)),
    };
    if !work.actor.may("create_tags") && store::company(work)?.leaders_create_tags_only {
        return Ok(Err(ONLY_LEADERS));
    }
    Ok(Ok(text))
}

/// Adds a tag, or answers the one that has the name already.
pub fn add_tag(work: &mut Work, text: &str) -> Result<Result<Named, FieldCode>> {
    let text = match name::text(text, 20) {
        Ok(text) => text,
        Err(code) => return Ok(Err(code)),
    };
    if let Some(tag) = store::tag_named(work, &name::fold(&text))? {
        return Ok(Ok(Named { id: tag.id, name: tag.name }));
    }
    if let Err(code) = new_tag_name(work, &text)? {
        return Ok(Err(code));
    }
    let id = store::insert_tag(work, &text)?;
    changed(work, "tag", id, &text, &[])?;
    Ok(Ok(Named { id, name: text }))
}

/// The tag with this id or exact name, if there is one.
pub fn find_tag(work: &mut Work, wanted: &Choice) -> Result<Option<Tag>> {
    match wanted {
        Choice::Id(id) => store::tag(work, *id),
        Choice::Name(text) => store::tag_named(work, &name::fold(text)),
    }
}

/// The tag with this id or exact name; a new name makes a new tag.
pub fn tag_for(work: &mut Work, wanted: &Choice) -> Result<Result<Named, FieldCode>> {
    match wanted {
        Choice::Id(id) => Ok(store::tag(work, *id)?.map(|tag| Named { id: tag.id, name: tag.name }).ok_or(FieldCode::Unknown)),
        Choice::Name(text) => add_tag(work, text),
    }
}

/// Renames a tag everywhere: records keep its id (S20).
pub fn rename_tag(work: &mut Work, id: i64, version: i64, draft: &TagDraft) -> Result<Tag> {
    let before = store::tag(work, id)?.ok_or(Error::NotFound)?;
    if before.version != version {
        return Err(Error::Changed(serde_json::to_value(&before)?));
    }
    let mut fields = Fields::default();
    let text = draft.name.clone().and_then(|text| name::text(&text, 20)).required("name", &mut fields).ok_or(Error::Invalid(fields))?;
    store::rename_tag(work, id, &text)?;
    changed(work, "tag", id, &text, &Change::of("name", &before.name, &text).into_iter().collect::<Vec<_>>())?;
    store::tag(work, id)?.ok_or(Error::NotFound)
}

/// Removes a tag from every customer and from the list.
pub fn delete_tag(work: &mut Work, id: i64, version: i64) -> Result<()> {
    let tag = store::tag(work, id)?.ok_or(Error::NotFound)?;
    if tag.version != version {
        return Err(Error::Changed(serde_json::to_value(&tag)?));
    }
    if store::tag_in_use(work, id)? {
        return Err(Error::Refused(Refusal::ValueInUse));
    }
    store::delete_tag(work, id)?;
    changed(work, "tag", id, &tag.name, &[])
}
