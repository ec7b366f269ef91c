//! 验收 and 退回 (I3): whoever gave a task that needs it says whether what was done will do.

use super::model::{self, Return, Status, Task, TaskRow};
use super::{event, messages, one, settle, store, take};
use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Change, model::EventKind};
use crate::platform::types::Instant;
use crate::platform::work::Work;

/// Says that what was done will do.
pub fn accept(work: &mut Work, id: i64, version: i64) -> Result<Task> {
    let before = waiting(work, id, version)?;
    let mut after = before.clone();
    after.accepted_at = work.now();
    store::update(work, &after)?;
    history::record(work, &event(EventKind::TaskAccepted, &after))?;
    let after = store::find(work, id)?.ok_or(Error::NotFound)?;
    messages::accepted(work, &after)?;
    settle(work, &after, &[])?;
    one(work, after)
}

/// Sends a task back with a reason: it is open again, and how often that happened is counted.
pub fn send_back(work: &mut Work, id: i64, version: i64, wish: &Return) -> Result<Task> {
    let before = waiting(work, id, version)?;
    let mut fields = Fields::default();
    let reason = model::reason(&wish.reason, &mut fields).ok_or(Error::Invalid(fields))?;
    let mut after = before.clone();
    after.status = Status::InProgress;
    (after.completed_at, after.completed_by) = (None, None);
    after.done_on = String::new();
    after.returned_count += 1;
    after.returned_reason.clone_from(&reason);
    store::update(work, &after)?;
    let changes: Vec<Change> = Change::of("status", before.status.word(), after.status.word()).into_iter().collect();
    history::record(work, &event(EventKind::TaskReturned, &after).with("reason", &reason))?;
    history::record_changes(work, "task", id, &changes)?;
    let after = store::find(work, id)?.ok_or(Error::NotFound)?;
    messages::returned(work, &after, &reason)?;
    settle(work, &after, &[])?;
    one(work, after)
}

/// A task that waits for the caller's word.
fn waiting(work: &mut Work, id: i64, version: i64) -> Result<TaskRow> {
    let seen = store::find(work, id)?.ok_or(Error::NotFound)?;
    if !seen.was_given_by(&work.actor) {
        return Err(Error::Forbidden);
    }
    let task = take(work, &seen, version, None, None)?;
    if !task.awaits_acceptance() {
        return Err(Error::Refused(Refusal::TaskClosed));
    }
    Ok(task)
}

/// Whoever does a task for him- or herself needs nobody's word.
pub(super) fn accepted_at_once(task: &TaskRow, by: i64, now: Instant) -> Option<Instant> {
    (task.needs_acceptance && task.assigner_id == by).then_some(now)
}
