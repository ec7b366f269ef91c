//! What the next action of a record becomes, in the same transaction: a plan or a task (S48).

use super::model::{FollowUpDraft, NextAs, judge_slot};
use super::own_reminders::OwnReminders;
use super::parent::Parent;
use super::plans::{self, NewPlan};
use crate::error::{Fields, Result};
use crate::platform::draft::Given;
use crate::platform::types::{Day, FieldCode, Instant};
use crate::platform::work::Work;
use crate::tasks::model::due_after;
use crate::tasks::{self, NewFromFollowUp};

const HALF_HOUR_MS: i64 = 1_800_000;

/// What is to be made of a next action.
#[derive(Debug, Clone)]
pub enum NextStep {
    /// Nothing beyond its words.
    Words,
    /// A plan.
    Plan { owner_id: i64, starts_at: Instant, ends_at: Instant },
    /// A task.
    Task { assignee_id: i64, due_date: Day },
}

/// What was made of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Made {
    pub plan_id: Option<i64>,
}

/// Judges what a record wants of its next action.
pub fn check(work: &mut Work, draft: &FollowUpDraft, fields: &mut Fields) -> Result<NextStep> {
    let wanted = draft.next_action_as.clone().optional("next_action_as", fields);
    let starts_at = draft.next_plan_starts_at.clone();
    let ends_at = draft.next_plan_ends_at.clone();
    let me = work.actor.user_id;
    let owner_id = draft.next_action_owner_id.clone().optional("next_action_owner_id", fields).unwrap_or(me);
    match wanted {
        None => {
            let given = [
                ("next_plan_starts_at", starts_at.is_given()),
                ("next_plan_ends_at", ends_at.is_given()),
                ("next_action_owner_id", draft.next_action_owner_id.is_given()),
            ];
            for (field, _) in given.into_iter().filter(|(_, given)| *given) {
                fields.add(field, FieldCode::NotAllowed);
            }
            Ok(NextStep::Words)
        }
        Some(NextAs::Plan) => {
            let owner_id = plans::person(work, owner_id, "next_action_owner_id", fields)?;
            let (names, slot) = match &draft.next_action_due {
                Given::Value(due) if !starts_at.is_given() && !ends_at.is_given() => {
                    (("next_action_due", "next_action_due"), Some(slot_on(work, *due)))
                }
                _ => {
                    let starts_at = starts_at.required("next_plan_starts_at", fields);
                    let ends_at = ends_at.required("next_plan_ends_at", fields);
                    (("next_plan_starts_at", "next_plan_ends_at"), starts_at.zip(ends_at))
                }
            };
            let (Some(owner_id), Some((starts_at, ends_at))) = (owner_id, slot) else { return Ok(NextStep::Words) };
            judge_slot(names, (starts_at, ends_at), Some(work.now()), work.zone(), fields);
            Ok(NextStep::Plan { owner_id, starts_at, ends_at })
        }
        Some(NextAs::Task) => {
            for (field, given) in [("next_plan_starts_at", starts_at.is_given()), ("next_plan_ends_at", ends_at.is_given())] {
                if given {
                    fields.add(field, FieldCode::NotAllowed);
                }
            }
            let assignee = fields.keep("next_action_owner_id", tasks::may_be_given_to(work, owner_id)?);
            let due = match &draft.next_action_due {
                Given::Value(due) => fields.keep("next_action_due", due_after(*due, work.today())),
                // What cannot be read is reported with the record's own fields.
                Given::Bad(_) => None,
                Given::Absent | Given::Null => fields.keep("next_action_due", Err(FieldCode::Required)),
            };
            let (Some((assignee, _)), Some(due_date)) = (assignee, due) else { return Ok(NextStep::Words) };
            Ok(NextStep::Task { assignee_id: assignee.id, due_date })
        }
    }
}

/// Half an hour on a day for which no time is named: at nine, today from the next half hour on.
fn slot_on(work: &Work, day: Day) -> (Instant, Instant) {
    let starts_at = if day == work.today() {
        Instant::from_ms((work.now().ms() / HALF_HOUR_MS + 1) * HALF_HOUR_MS)
    } else {
        Instant::at(day, 9, 0, work.zone())
    };
    (starts_at, starts_at.plus_ms(HALF_HOUR_MS))
}

/// Makes the plan that the record is going to point at; a task comes after the record, because it points back.
pub fn make(work: &mut Work, step: &NextStep, parent: Parent, method: &str, next_action: &str) -> Result<Made> {
    match step {
        NextStep::Words | NextStep::Task { .. } => Ok(Made::default()),
        NextStep::Plan { owner_id, starts_at, ends_at } => {
            let plan = NewPlan {
                parent,
                owner_id: *owner_id,
                starts_at: *starts_at,
                ends_at: *ends_at,
                method: method.to_owned(),
                content: next_action.to_owned(),
                own_reminders: OwnReminders::default(),
            };
            Ok(Made { plan_id: Some(plans::insert(work, &plan)?) })
        }
    }
}

/// Makes the task of a record that was kept.
pub fn make_task(work: &mut Work, step: &NextStep, parent: Parent, next_action: &str, follow_up_id: i64) -> Result<Option<i64>> {
    let NextStep::Task { assignee_id, due_date } = step else { return Ok(None) };
    let task = NewFromFollowUp {
        customer_id: parent.customer_id,
        opportunity_id: parent.opportunity_id,
        content: next_action.to_owned(),
        due_date: *due_date,
        assignee_id: *assignee_id,
        follow_up_id,
    };
    tasks::create_from_follow_up(work, &task).map(Some)
}
