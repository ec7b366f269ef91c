//! What one can do with a record: write it, from a plan or without one, and change its words (S47–S51).

use super::model::{self, Completion, FollowUp, FollowUpDraft, FollowUpEdit, FollowUpRow, PlanRow};
use super::next_step::{self, Made};
use super::parent::{self, Parent};
use super::{filters::FollowUpFilter, long_text, method, plans, reminders, short_text, store};
use crate::attachments::{self, Attachment, Carrier, RecordKind};
use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity::scope::{self, Owned};
use crate::platform::live::Push;
use crate::platform::page::{List, Page, Turn};
use crate::platform::types::{Day, FieldCode, Instant};
use crate::platform::work::{Reach, Work};
use crate::{customers, opportunities};

/// As much of a result as a line of the timeline shows, in characters.
const TIMELINE_TEXT: usize = 200;

/// A checked new record.
#[derive(Debug, Clone)]
pub struct NewFollowUp {
    pub parent: Parent,
    pub plan_id: Option<i64>,
    pub method: String,
    pub contacted_at: Instant,
    pub result: String,
    pub next_action: String,
    pub next_action_due: Option<Day>,
    pub late_entry: bool,
}

/// Writes the record that completes a plan (S44, S48).
pub fn complete(work: &mut Work, plan_id: i64, version: i64, completion: &Completion) -> Result<FollowUp> {
    let plan = plans::open(work, plan_id, Some(version))?;
    write(work, completion.of_plan(plan_id), Some(plan))
}

/// Writes a record; one that names a plan completes it.
pub fn record(work: &mut Work, draft: &FollowUpDraft) -> Result<FollowUp> {
    let mut fields = Fields::default();
    let plan = match draft.plan_id.clone().optional("plan_id", &mut fields) {
        None => None,
        Some(id) => match plans::open(work, id, None) {
            Ok(plan) => Some(plan),
            Err(Error::NotFound) => {
                fields.add("plan_id", FieldCode::Unknown);
                None
            }
            Err(error) => return Err(error),
        },
    };
    if fields.is_empty() {
        return write(work, draft.clone(), plan);
    }
    match write_check(work, draft.clone(), None) {
        Err(Error::Invalid(more)) => Err(Error::Invalid(fields.and(more))),
        Err(error) => Err(error),
        Ok(_) => Err(Error::Invalid(fields)),
    }
}

fn write(work: &mut Work, draft: FollowUpDraft, plan: Option<PlanRow>) -> Result<FollowUp> {
    let (new, step) = write_check(work, draft, plan.as_ref())?;
    new.parent.lock(work)?;
    let made = next_step::make(work, &step, new.parent, &new.method, &new.next_action)?;
    let id = insert(work, &new, made)?;
    if let Some(task_id) = next_step::make_task(work, &step, new.parent, &new.next_action, id)? {
        store::set_task(work, id, task_id)?;
    }
    if let Some(plan) = &plan {
        close(work, plan, id)?;
    }
    customers::note_contact(work, new.parent.customer_id, new.contacted_at)?;
    if let Some(opportunity_id) = new.parent.opportunity_id {
        opportunities::note_contact(work, opportunity_id, new.contacted_at)?;
    }
    new.parent.note_plans(work)?;
    let mut follow_up = get(work, id)?;
    if let Some(plan_id) = made.plan_id {
        let plan = plans::get(work, plan_id)?;
        follow_up.warnings = plans::overlap(work, &plan)?;
    }
    // Last of all: with the plan done, its owner may lose the sight that came with it.
    if let Some(plan) = &plan {
        plans::settle_sight(work, plan)?;
    }
    Ok(follow_up)
}

fn write_check(work: &mut Work, draft: FollowUpDraft, plan: Option<&PlanRow>) -> Result<(NewFollowUp, next_step::NextStep)> {
    let mut fields = Fields::default();
    let step = next_step::check(work, &draft, &mut fields)?;
    let named = draft.opportunity_id.is_given() || draft.customer_id.is_given();
    let parent = match plan {
        Some(plan) if named => {
            let given = parent::read(work, draft.opportunity_id, draft.customer_id, &mut fields)?;
            if given.is_some_and(|given| !given.covers(plan.parent())) {
                fields.add("plan_id", FieldCode::Unknown);
            }
            Some(plan.parent())
        }
        Some(plan) => Some(plan.parent()),
        None => {
            let parent = parent::read(work, draft.opportunity_id, draft.customer_id, &mut fields)?;
            if let Some(parent) = parent {
                parent.require_edit(work)?;
            }
            parent
        }
    };
    if plan.is_none() && !draft.method.is_given() {
        fields.add("method", FieldCode::Required);
    }
    let method = method(work, draft.method, plan.map(|plan| plan.method.as_str()), &mut fields)?;
    let now = work.now();
    let contacted_at = draft.contacted_at.optional("contacted_at", &mut fields).unwrap_or(now);
    let late_entry = fields.keep("contacted_at", model::judge_contact(contacted_at, now));
    let result = draft.result.and_then(long_text).required("result", &mut fields);
    let next_action = draft.next_action.and_then(short_text).required("next_action", &mut fields);
    let next_action_due = draft.next_action_due.optional("next_action_due", &mut fields);
    match (parent, method, late_entry, result, next_action) {
        (Some(parent), Some(method), Some(late_entry), Some(result), Some(next_action)) if fields.is_empty() => {
            let plan_id = plan.map(|plan| plan.id);
            Ok((NewFollowUp { parent, plan_id, method, contacted_at, result, next_action, next_action_due, late_entry }, step))
        }
        _ => Err(Error::Invalid(fields)),
    }
}

fn insert(work: &mut Work, new: &NewFollowUp, made: Made) -> Result<i64> {
    let id = store::insert_record(work, new, made)?;
    let short: String = new.result.chars().take(TIMELINE_TEXT).collect();
    let event = Event::new(EventKind::FollowUpRecorded, "follow_up", id)
        .on_customer(new.parent.customer_id)
        .on_opportunity(new.parent.opportunity_id)
        .with("result", short)
        .with("next_action", &new.next_action)
        .with("contacted_at", new.contacted_at)
        .with("late_entry", new.late_entry);
    history::record(work, &event)?;
    work.push(Push::changed("follow_up", id, 1));
    Ok(id)
}

fn close(work: &mut Work, plan: &PlanRow, follow_up_id: i64) -> Result<()> {
    if !store::complete_plan(work, plan.id, follow_up_id)? {
        return Err(Error::Refused(Refusal::PlanClosed));
    }
    reminders::over(work, plan.id, "done")?;
    let done: Vec<Change> = Change::of("status", plan.status.word(), model::PlanStatus::Done.word()).into_iter().collect();
    history::record_changes(work, "plan", plan.id, &done)?;
    work.push(Push::changed("plan", plan.id, plan.version + 1));
    Ok(())
}

/// One record.
pub fn get(work: &mut Work, id: i64) -> Result<FollowUp> {
    let row = store::record(work, id)?.ok_or(Error::NotFound)?;
    let mut shown = show(work, vec![row])?;
    shown.pop().ok_or(Error::NotFound)
}

/// The records within the reader's scope, for figures over them.
pub fn list(work: &mut Work, filter: FollowUpFilter) -> Result<List> {
    let filters = filter.predicates(work)?;
    let scope = scope::of(work, Owned::FollowUps)?;
    Ok(List::of("follow_ups f", "f", "", scope, filters))
}

/// A page of records within the reader's scope, the newest contact first (S51).
pub fn page(work: &mut Work, filter: FollowUpFilter, turn: &Turn) -> Result<Page<FollowUp>> {
    let list = list(work, filter)?;
    let mut page = store::records_page(work, &list, turn)?;
    let rows = std::mem::take(&mut page.items);
    let mut shown = show(work, rows)?.into_iter();
    Ok(Page { items: shown.by_ref().collect(), next_cursor: page.next_cursor, total: page.total, total_is_capped: page.total_is_capped })
}

/// Adds to rows what stands beside them: files and rights, one query each.
fn show(work: &mut Work, rows: Vec<FollowUpRow>) -> Result<Vec<FollowUp>> {
    let editable = may_edit(work, &rows)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut files = attachments::of_many(work, RecordKind::FollowUp, &ids)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let own: Vec<Attachment> = files.extract_if(.., |(id, _)| *id == row.id).map(|(_, file)| file).collect();
            let can_edit = editable.contains(&row.id);
            row.shown(own, can_edit)
        })
        .collect())
}

/// Which of these records the caller may change: his own, and as a leader those of his scope.
fn may_edit(work: &mut Work, rows: &[FollowUpRow]) -> Result<Vec<i64>> {
    if !work.actor.may("edit_follow_ups") {
        return Ok(Vec::new());
    }
    let mut ids: Vec<i64> = rows.iter().filter(|row| row.author_id == work.actor.user_id).map(|row| row.id).collect();
    if work.actor.reach != Reach::Own {
        let all: Vec<i64> = rows.iter().map(|row| row.id).collect();
        ids.extend(scope::editable(work, Owned::FollowUps, &all)?);
    }
    Ok(ids)
}

/// Changes the words of a record; who and when stay, and what it said before stays in its history (S47).
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &FollowUpEdit) -> Result<FollowUp> {
    store::lock_record(work, id)?;
    let before = store::record(work, id)?.ok_or(Error::NotFound)?;
    if may_edit(work, std::slice::from_ref(&before))?.is_empty() {
        return Err(Error::Forbidden);
    }
    if before.version != version {
        return Err(Error::Changed(serde_json::to_value(get(work, id)?)?));
    }
    let draft = draft.clone();
    let mut fields = Fields::default();
    let mut after = before.clone();
    if let Some(method) = method(work, draft.method, Some(&before.method), &mut fields)? {
        after.method = method;
    }
    if let Some(result) = draft.result.and_then(long_text).change_required("result", &mut fields) {
        after.result = result;
    }
    if let Some(next_action) = draft.next_action.and_then(short_text).change_required("next_action", &mut fields) {
        after.next_action = next_action;
    }
    if let Some(due) = draft.next_action_due.change("next_action_due", &mut fields) {
        after.next_action_due = due;
    }
    fields.into_result()?;
    let changes: Vec<Change> = [
        Change::of("method", &before.method, &after.method),
        Change::of("result", &before.result, &after.result),
        Change::of("next_action", &before.next_action, &after.next_action),
        Change::of_optional("next_action_due", before.next_action_due, after.next_action_due),
    ]
    .into_iter()
    .flatten()
    .collect();
    store::update_record(work, &after)?;
    let event = Event::new(EventKind::FollowUpEdited, "follow_up", id)
        .on_customer(before.customer_id)
        .on_opportunity(before.opportunity_id)
        .with_changes(&changes);
    history::record(work, &event)?;
    work.push(Push::changed("follow_up", id, before.version + 1));
    get(work, id)
}

/// The record a file is about to be attached to: in sight, and its author's, or a scope's the caller may change.
pub fn carrier(work: &mut Work, id: i64) -> Result<Carrier> {
    let row = store::record(work, id)?.ok_or(Error::NotFound)?;
    if row.author_id != work.actor.user_id {
        scope::require_edit(work, Owned::FollowUps, id)?;
    }
    attachments::carrier(work, RecordKind::FollowUp, id)
}
