//! Who hears what about a task. Nobody is told what he or she has just done (S61).

use serde_json::{Value, json};

use super::batch_model::Deed;
use super::model::{Status, TaskRow};
use crate::error::Result;
use crate::identity;
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::work::Work;
use crate::settings::{self, Kind};

/// The assignee hears of a new task (S61).
pub fn given(work: &mut Work, task: &TaskRow) -> Result<()> {
    tell(work, task, NoticeKind::TaskAssigned, &[task.assignee_id], &json!({}))
}

/// Whoever made it, gave it or had it hears that it is done (I1).
pub fn completed(work: &mut Work, task: &TaskRow) -> Result<()> {
    let detail = json!({ "feedback": task.feedback });
    tell(work, task, NoticeKind::TaskCompleted, &[task.created_by, task.assigner_id, task.assignee_id], &detail)
}

/// An edit that called the task off or moved its date is told to those who count on it.
pub fn edited(work: &mut Work, before: &TaskRow, after: &TaskRow) -> Result<()> {
    if after.status == Status::Cancelled {
        return tell(work, after, NoticeKind::TaskCancelled, &[after.assignee_id, after.assigner_id, after.created_by], &json!({}));
    }
    if after.due_on != before.due_on {
        return postponed(work, before, after, "");
    }
    Ok(())
}

/// Both who had it and who has it now hear of it (I6).
pub fn reassigned(work: &mut Work, before: &TaskRow, after: &TaskRow, reason: &str) -> Result<()> {
    let detail = json!({ "reason": reason, "name": after.assignee_name });
    tell(work, after, NoticeKind::TaskReceived, &[after.assignee_id], &detail)?;
    tell(work, after, NoticeKind::TaskHandedOver, &[before.assignee_id], &detail)
}

/// Assignee and assigner hear of another date (I5).
pub fn postponed(work: &mut Work, before: &TaskRow, after: &TaskRow, reason: &str) -> Result<()> {
    let detail = json!({ "reason": reason, "old": before.due_on });
    tell(work, after, NoticeKind::TaskPostponed, &[after.assignee_id, after.assigner_id], &detail)
}

/// The assignee hears that what was done will do (I3).
pub fn accepted(work: &mut Work, task: &TaskRow) -> Result<()> {
    tell(work, task, NoticeKind::TaskAccepted, &[task.assignee_id], &json!({}))
}

/// The assignee hears why it has to be done again (I3).
pub fn returned(work: &mut Work, task: &TaskRow, reason: &str) -> Result<()> {
    tell(work, task, NoticeKind::TaskReturned, &[task.assignee_id], &json!({ "reason": reason }))
}

/// One message for all the tasks a person got or lost with a batch (S60, S61).
pub fn of_batch(work: &mut Work, kind: NoticeKind, person: i64, deed: &Deed, count: i64) -> Result<()> {
    if person == work.actor.user_id {
        return Ok(());
    }
    let detail = super::batch::words(work, deed, count)?;
    notifications::send(work, &Notice::new(person, kind, detail, "/tasks".into())).map(|_| ())
}

fn tell(work: &mut Work, task: &TaskRow, kind: NoticeKind, people: &[i64], more: &Value) -> Result<()> {
    let me = work.actor.user_id;
    let mut people: Vec<i64> = people.iter().copied().filter(|person| *person != me).collect();
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Ok(());
    }
    let mut detail = words(work, task)?;
    detail["by"] = json!(identity::display_name(work, me)?);
    for (name, value) in more.as_object().into_iter().flatten() {
        detail[name] = value.clone();
    }
    for person in people {
        notifications::send(work, &Notice::new(person, kind, detail.clone(), link(task)))?;
    }
    Ok(())
}

/// What every message about a task says: its type, its content and by when.
pub fn words(work: &mut Work, task: &TaskRow) -> Result<Value> {
    let kind = settings::choose_key(work, Kind::TaskKind, &task.kind, Some(&task.kind))?;
    let kind = kind.map_or_else(|_| task.kind.clone(), |entry| entry.name);
    Ok(json!({ "kind": kind, "content": task.content, "due": task.due_on }))
}

/// Where a message about a task leads.
pub fn link(task: &TaskRow) -> String {
    format!("/tasks?task={}", task.id)
}
