//! A task that ends in a contact: one save closes the task and writes the record (I7).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::FollowUpDraft;
use super::records;
use crate::error::{Error, Result};
use crate::platform::draft::{Choice, Given};
use crate::platform::work::Work;
use crate::tasks::{self, Task, model::Completion};

/// How a task went (I1).
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = TaskCompletion)]
pub struct TaskDone {
    /// 完成情况, 1–2000 characters; with `follow_up` its 沟通结果 when left out.
    pub feedback: Given<String>,
    /// The record to be written in the same save; about what the task is about when neither opportunity nor customer is given.
    pub follow_up: Option<FollowUpDraft>,
}

/// Closes the task, and writes the record when there is one: both or neither.
pub fn complete(work: &mut Work, id: i64, version: i64, done: &TaskDone) -> Result<Task> {
    let Some(draft) = &done.follow_up else {
        return tasks::complete(work, id, version, &Completion { feedback: done.feedback.clone() });
    };
    if !work.actor.may("edit_follow_ups") {
        return Err(Error::Forbidden);
    }
    let feedback = if done.feedback.is_given() { done.feedback.clone() } else { draft.result.clone() };
    let task = match tasks::complete(work, id, version, &Completion { feedback }) {
        // What is missing is missing in the record; it names its own fields.
        Err(Error::Invalid(_)) if !done.feedback.is_given() => return Err(record(work, draft).err().unwrap_or(Error::NotFound)),
        outcome => outcome?,
    };
    let mut draft = draft.clone();
    if !draft.opportunity_id.is_given() && !draft.customer_id.is_given() {
        match (task.opportunity_id, task.customer_id) {
            (Some(id), _) => draft.opportunity_id = Given::Value(Choice::Id(id)),
            (None, Some(id)) => draft.customer_id = Given::Value(Choice::Id(id)),
            (None, None) => {}
        }
    }
    record(work, &draft)?;
    tasks::get(work, id)
}

fn record(work: &mut Work, draft: &FollowUpDraft) -> Result<()> {
    records::record(work, draft).map(|_| ()).map_err(|error| match error {
        Error::Invalid(fields) => Error::Invalid(fields.under("follow_up")),
        other => other,
    })
}
