//! Merging a dictionary value or a tag into another (I61, S20): whatever carries it carries the other one, in one transaction, with
//! an entry in the history of each customer and opportunity. The old id and name go on finding the one that stays.

use super::merge_store as moved;
use super::model::{Entry, Kind, MergeCounts, MergeInto, Tag};
use super::store;
use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Event, model::EventKind};
use crate::platform::live::Push;
use crate::platform::types::FieldCode;
use crate::platform::work::Work;

const ITSELF: FieldCode = FieldCode::Rule { code: "ITSELF", zh: "不能合并到自身", en: "It cannot be merged into itself" };

/// What carries a value.
pub fn count_entry(work: &mut Work, kind: Kind, id: i64) -> Result<MergeCounts> {
    let entry = store::entry(work, kind, id)?.filter(|entry| entry.id == id).ok_or(Error::NotFound)?;
    moved::count(work, kind, &entry)
}

/// How many customers have a tag.
pub fn count_tag(work: &mut Work, id: i64) -> Result<MergeCounts> {
    store::tag(work, id)?.filter(|tag| tag.id == id).ok_or(Error::NotFound)?;
    moved::count_tag(work, id)
}

/// Merges a value into another one of its dictionary.
pub fn merge_entry(work: &mut Work, kind: Kind, id: i64, version: i64, draft: &MergeInto) -> Result<Entry> {
    let from = store::entry(work, kind, id)?.filter(|entry| entry.id == id).ok_or(Error::NotFound)?;
    if from.version != version {
        return Err(Error::Changed(serde_json::to_value(&from)?));
    }
    // Programs know the built-in methods and kinds of tasks by their words.
    if kind.is_keyed() && !from.key.starts_with("custom_") {
        return Err(Error::Refused(Refusal::FixedValue));
    }
    let into = target(draft, id, |wanted| Ok(store::entry(work, kind, wanted)?.filter(|entry| entry.id == wanted)))?;
    let counts = moved::count(work, kind, &from)?;
    moved::move_entry(work, kind, &from, &into)?;
    moved::retire_entry(work, from.id, into.id)?;
    note(work, "dictionary", from.id, &from.name, &into.name, counts)?;
    store::entry(work, kind, into.id)?.ok_or(Error::NotFound)
}

/// Merges a tag into another one.
pub fn merge_tag(work: &mut Work, id: i64, version: i64, draft: &MergeInto) -> Result<Tag> {
    let from = store::tag(work, id)?.filter(|tag| tag.id == id).ok_or(Error::NotFound)?;
    if from.version != version {
        return Err(Error::Changed(serde_json::to_value(&from)?));
    }
    let into = target(draft, id, |wanted| Ok(store::tag(work, wanted)?.filter(|tag| tag.id == wanted)))?;
    let counts = moved::count_tag(work, id)?;
    moved::move_tag(work, &from, &into)?;
    moved::retire_tag(work, from.id, into.id)?;
    note(work, "tag", from.id, &from.name, &into.name, counts)?;
    store::tag(work, into.id)?.ok_or(Error::NotFound)
}

fn target<T>(draft: &MergeInto, id: i64, find: impl FnOnce(i64) -> Result<Option<T>>) -> Result<T> {
    let mut fields = Fields::default();
    let into = match draft.into.clone().required("into", &mut fields) {
        Some(into) if into == id => fields.keep("into", Err(ITSELF)),
        Some(into) => {
            let found = find(into)?;
            fields.keep("into", found.ok_or(FieldCode::Unknown))
        }
        None => None,
    };
    into.ok_or(Error::Invalid(fields))
}

fn note(work: &mut Work, kind: &'static str, id: i64, name: &str, into: &str, counts: MergeCounts) -> Result<()> {
    let event = Event::new(EventKind::SettingMerged, kind, id).with("name", name).with("into", into).with("count", counts.total);
    history::record(work, &event)?;
    work.push(Push::Resync);
    Ok(())
}
