//! Tasks: given to somebody, done by a day, told about when they are not (任务管理).

mod acceptance;
mod api;
pub mod batch;
mod batch_api;
mod batch_model;
pub mod batch_sheet;
mod batch_store;
mod give;
mod link;
mod messages;
pub mod model;
pub mod overdue;
mod store;

pub use api::{TaskFilter, routes};
pub use give::{check_template, create_from_follow_up, create_from_sop, give};
pub use model::{Counts, NewFromFollowUp, NewFromSop, Task};

use std::collections::HashMap;

use crate::attachments::{self, Attachment, Carrier, RecordKind};
use crate::error::{Error, Fields, Refusal, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity;
use crate::identity::model::Named;
use crate::identity::scope::{self, Owned};
use crate::opportunities;
use crate::platform::db::Predicate;
use crate::platform::live::Push;
use crate::platform::page::{Page, Turn};
use crate::platform::types::{FieldCode, Instant};
use crate::platform::work::Work;
use crate::settings::{self, Kind};
use link::Target;
use model::{Completion, Postponement, Reassignment, Status, TaskEdit, TaskRow};

/// With the company's rule on, a task goes to one's own people only (S57).
const OUTSIDE_TEAMS: FieldCode =
    FieldCode::Rule { code: "OUTSIDE_TEAMS", zh: "只能指派给本团队成员", en: "Tasks can only be given within your own teams" };

/// One task.
pub fn get(work: &mut Work, id: i64) -> Result<Task> {
    let row = store::find(work, id)?.ok_or(Error::NotFound)?;
    one(work, row)
}

/// One page of the tasks the caller can see.
pub fn list(work: &mut Work, filters: Vec<Predicate>, turn: &Turn) -> Result<Page<Task>> {
    let page = store::page(work, filters, turn)?;
    let items = shown(work, page.items)?;
    Ok(Page { items, next_cursor: page.next_cursor, total: page.total, total_is_capped: page.total_is_capped })
}

/// The caller's own tasks, counted for the tabs of 我的任务 (S62).
pub fn counts(work: &mut Work) -> Result<Counts> {
    store::counts(work)
}

/// Edits a task, starts it, or calls it off. Of an overdue one everything but its date can be edited as it is (S58).
pub fn edit(work: &mut Work, id: i64, version: i64, edit: &TaskEdit) -> Result<Task> {
    let seen = store::find(work, id)?.ok_or(Error::NotFound)?;
    let edit = edit.clone();
    let mut fields = Fields::default();
    let mut after = seen.clone();
    if let Some(key) = edit.kind.change_required("kind", &mut fields)
        && let Some(entry) = fields.keep("kind", settings::choose_key(work, Kind::TaskKind, &key, Some(&seen.kind))?)
    {
        after.kind = entry.key;
    }
    if let Some(content) = edit.content.and_then(model::content).change_required("content", &mut fields) {
        after.content = content;
    }
    let today = work.today();
    let due = edit.due_date.and_then(|due| if due == seen.due_on { Ok(due) } else { model::due_after(due, today) });
    if let Some(due) = due.change_required("due_date", &mut fields) {
        after.due_on = due;
    }
    if let Some(status) = edit.status.and_then(model::status_by_hand).change_required("status", &mut fields) {
        after.status = status;
    }
    if let Some(needs) = edit.needs_acceptance.change_required("needs_acceptance", &mut fields) {
        after.needs_acceptance = needs;
    }
    let was = Target { customer_id: seen.customer_id, opportunity_id: seen.opportunity_id };
    let target = link::chosen(work, edit.customer_id, edit.opportunity_id, edit.opportunity_number, was, &mut fields)?;
    (after.customer_id, after.opportunity_id) = (target.customer_id, target.opportunity_id);

    let before = take(work, &seen, version, after.opportunity_id, after.customer_id.filter(|_| target != was))?;
    if !before.status.is_open() {
        return Err(Error::Refused(Refusal::TaskClosed));
    }
    fields.into_result()?;
    let mut changes: Vec<Change> = [
        Change::of("kind", &before.kind, &after.kind),
        Change::of("content", &before.content, &after.content),
        Change::of("due_date", before.due_on, after.due_on),
        Change::of("status", before.status.word(), after.status.word()),
        Change::of("needs_acceptance", before.needs_acceptance, after.needs_acceptance),
    ]
    .into_iter()
    .flatten()
    .collect();
    changes.extend(link::changes(work, was, target)?);
    if changes.is_empty() {
        return one(work, before);
    }
    store::update(work, &after)?;
    let kind = if after.status == Status::Cancelled { EventKind::TaskCancelled } else { EventKind::TaskEdited };
    history::record(work, &event(kind, &after).with_changes(&changes))?;
    let kept: Vec<Change> = changes.into_iter().filter(|change| matches!(change.field.as_str(), "due_date" | "status")).collect();
    history::record_changes(work, "task", id, &kept)?;
    let after = store::find(work, id)?.ok_or(Error::NotFound)?;
    messages::edited(work, &before, &after)?;
    settle(work, &after, &[was.opportunity_id])?;
    one(work, after)
}

/// Says that a task is done and how it went (I1).
pub fn complete(work: &mut Work, id: i64, version: i64, completion: &Completion) -> Result<Task> {
    let seen = store::find(work, id)?.ok_or(Error::NotFound)?;
    if !seen.may_be_completed_by(&work.actor) {
        return Err(Error::Forbidden);
    }
    let before = take(work, &seen, version, None, None)?;
    if !before.status.is_open() {
        return Err(Error::Refused(Refusal::TaskClosed));
    }
    let mut after = before.clone();
    after.feedback = completion.check()?;
    after.status = Status::Done;
    after.completed_at = Some(work.now());
    after.completed_by = Some(work.actor.user_id);
    after.done_on = work.today().to_string();
    after.accepted_at = acceptance::accepted_at_once(&before, work.actor.user_id, work.now()).unwrap_or(Instant::from_ms(0));
    store::update(work, &after)?;
    history::record(work, &event(EventKind::TaskCompleted, &after).with("feedback", &after.feedback))?;
    let changes: Vec<Change> = Change::of("status", before.status.word(), after.status.word()).into_iter().collect();
    history::record_changes(work, "task", id, &changes)?;
    let after = store::find(work, id)?.ok_or(Error::NotFound)?;
    messages::completed(work, &after)?;
    settle(work, &after, &[])?;
    one(work, after)
}

/// Gives a task to somebody else; what happened to it stays (I6).
pub fn reassign(work: &mut Work, id: i64, version: i64, wish: &Reassignment) -> Result<Task> {
    let seen = store::find(work, id)?.ok_or(Error::NotFound)?;
    let before = take(work, &seen, version, None, None)?;
    if !before.status.is_open() {
        return Err(Error::Refused(Refusal::TaskClosed));
    }
    let mut fields = Fields::default();
    let assignee = match wish.assignee_id.clone().required("assignee_id", &mut fields) {
        None => None,
        Some(same) if same == before.assignee_id => fields.keep("assignee_id", Err(FieldCode::Duplicate)),
        Some(other) => fields.keep("assignee_id", may_be_given_to(work, other)?),
    };
    let reason = model::reason(&wish.reason, &mut fields);
    let (Some((assignee, team_id)), Some(reason)) = (assignee, reason) else { return Err(Error::Invalid(fields)) };
    let mut after = before.clone();
    (after.assignee_id, after.team_id) = (assignee.id, team_id);
    (after.assigner_id, after.assigned_at) = (work.actor.user_id, work.now());
    // No rule has given it to whoever has it now; the history knows of the one that did.
    (after.rule_id, after.rule_name) = (0, String::new());
    store::update(work, &after)?;
    let changes: Vec<Change> = Change::of("owner", &before.assignee_name, &assignee.name).into_iter().collect();
    let told = event(EventKind::TaskReassigned, &after).with("name", &assignee.name).with("reason", &reason);
    history::record(work, &told.with_changes(&changes))?;
    let owner: Vec<Change> = Change::of("owner", before.assignee_id, after.assignee_id).into_iter().collect();
    history::record_changes(work, "task", id, &owner)?;
    let after = store::find(work, id)?.ok_or(Error::NotFound)?;
    messages::reassigned(work, &before, &after, &reason)?;
    settle(work, &after, &[])?;
    one(work, after)
}

/// Gives a task a later date, for a reason (I5).
pub fn postpone(work: &mut Work, id: i64, version: i64, wish: &Postponement) -> Result<Task> {
    let seen = store::find(work, id)?.ok_or(Error::NotFound)?;
    let before = take(work, &seen, version, None, None)?;
    if !before.status.is_open() {
        return Err(Error::Refused(Refusal::TaskClosed));
    }
    let (due, reason) = wish.check(before.due_on, work.today())?;
    let mut after = before.clone();
    after.due_on = due;
    after.postponed_count += 1;
    store::update(work, &after)?;
    let changes: Vec<Change> = Change::of("due_date", before.due_on, after.due_on).into_iter().collect();
    let told = event(EventKind::TaskPostponed, &after).with("date", due).with("reason", &reason);
    history::record(work, &told.with_changes(&changes))?;
    history::record_changes(work, "task", id, &changes)?;
    let after = store::find(work, id)?.ok_or(Error::NotFound)?;
    messages::postponed(work, &before, &after, &reason)?;
    settle(work, &after, &[])?;
    one(work, after)
}

/// The task a file is about to be attached to: its assignee's or giver's, or of a team the caller leads (I1).
fn carrier(work: &mut Work, id: i64) -> Result<Carrier> {
    store::find(work, id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Tasks, id)?;
    attachments::carrier(work, RecordKind::Task, id)
}

/// Locks a task that was seen, after what it is linked to now and shall be linked to, and judges the version the caller knows.
fn take(work: &mut Work, seen: &TaskRow, version: i64, opportunity_id: Option<i64>, customer_id: Option<i64>) -> Result<TaskRow> {
    link::lock(work, customer_id, &[seen.opportunity_id, opportunity_id])?;
    let task = store::lock(work, seen.id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Tasks, task.id)?;
    if task.version != version {
        let current = one(work, task)?;
        return Err(Error::Changed(serde_json::to_value(current)?));
    }
    Ok(task)
}

/// What follows every change: the open tasks of its opportunities are counted anew (S63), and open pages hear of it.
fn settle(work: &mut Work, task: &TaskRow, also: &[Option<i64>]) -> Result<()> {
    let mut opportunities: Vec<i64> = also.iter().copied().chain([task.opportunity_id]).flatten().collect();
    opportunities.sort_unstable();
    opportunities.dedup();
    for id in opportunities {
        opportunities::note_tasks(work, id)?;
    }
    work.push(Push::changed("task", task.id, task.version));
    Ok(())
}

fn event(kind: EventKind, task: &TaskRow) -> Event {
    let event = Event::new(kind, "task", task.id).on_opportunity(task.opportunity_id).with("content", &task.content);
    match task.customer_id {
        Some(customer_id) => event.on_customer(customer_id),
        None => event,
    }
}

/// Any active person, or with the company's rule on somebody of one's own teams (S57); with the team the task then belongs to.
pub fn may_be_given_to(work: &mut Work, id: i64) -> Result<Eligible> {
    Ok(each_may_be_given_to(work, &[id])?.remove(&id).unwrap_or(Err(FieldCode::Unknown)))
}

/// Whether a task can be given to somebody.
pub type Eligible = Result<(Named, Option<i64>), FieldCode>;

/// The same for many people at once.
fn each_may_be_given_to(work: &mut Work, ids: &[i64]) -> Result<HashMap<i64, Eligible>> {
    let active = identity::active_people(work, ids)?;
    let within = settings::company(work)?.assign_tasks_within_teams_only;
    let near = if within { Some(identity::assignable_people(work, ids)?) } else { None };
    let (me, team) = (work.actor.user_id, work.actor.team_id);
    let judged = active.into_iter().map(|(person, own)| {
        let id = person.id;
        let given = match &near {
            _ if id == me => Ok((person, team.or(own))),
            Some(near) => near.iter().find(|(near, _)| near.id == id).cloned().ok_or(OUTSIDE_TEAMS),
            None => Ok((person, own)),
        };
        (id, given)
    });
    Ok(judged.collect())
}

fn one(work: &mut Work, row: TaskRow) -> Result<Task> {
    shown(work, vec![row])?.pop().ok_or_else(|| Error::internal("a task was lost"))
}

/// Tasks as the caller may see them: of what they are linked to, number and name, and the way there only when it is open (S4).
fn shown(work: &mut Work, rows: Vec<TaskRow>) -> Result<Vec<Task>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let editable = if work.actor.may("edit_tasks") { scope::editable(work, Owned::Tasks, &ids)? } else { Vec::new() };
    let customers = store::customer_links(work, distinct(rows.iter().filter_map(|row| row.customer_id)))?;
    let opportunities = store::opportunity_links(work, distinct(rows.iter().filter_map(|row| row.opportunity_id)))?;
    let mut files = attachments::of_many(work, RecordKind::Task, &ids)?;
    let today = work.today();
    let actor = &work.actor;
    let tasks = rows.into_iter().map(|row| {
        let customer = row.customer_id.and_then(|id| customers.iter().find(|link| link.id == id));
        let opportunity = row.opportunity_id.and_then(|id| opportunities.iter().find(|link| link.id == id));
        let overdue = model::is_overdue(row.status, row.due_on, today);
        let is_open = row.status.is_open();
        let (own, others) = std::mem::take(&mut files).into_iter().partition(|(id, _)| *id == row.id);
        files = others;
        let own: Vec<(i64, Attachment)> = own;
        Task {
            id: row.id,
            sop_template_id: (row.sop_template_id > 0).then_some(row.sop_template_id),
            sop_template_name: row.sop_template_name.clone(),
            assigned_by_rule: (row.rule_id > 0).then(|| Named { id: row.rule_id, name: row.rule_name.clone() }),
            needs_acceptance: row.needs_acceptance,
            awaits_acceptance: row.awaits_acceptance(),
            can_accept: row.awaits_acceptance() && row.was_given_by(actor),
            accepted_at: (row.accepted_at.ms() > 0).then_some(row.accepted_at),
            returned_count: row.returned_count,
            returned_reason: (!row.returned_reason.is_empty()).then(|| row.returned_reason.clone()),
            attachments: own.into_iter().map(|(_, file)| file).collect(),
            can_edit: is_open && editable.contains(&row.id),
            can_complete: is_open && row.may_be_completed_by(actor),
            kind: row.kind,
            content: row.content,
            customer_id: customer.filter(|link| link.visible).map(|link| link.id),
            customer_number: customer.map(|link| link.number.clone()),
            customer_name: customer.map(|link| link.name.clone()),
            opportunity_id: opportunity.filter(|link| link.visible).map(|link| link.id),
            opportunity_number: opportunity.map(|link| link.number.clone()),
            opportunity_name: opportunity.map(|link| link.name.clone()),
            link_visible: customer.into_iter().chain(opportunity).all(|link| link.visible),
            assignee_id: row.assignee_id,
            assignee_name: row.assignee_name,
            assigner_id: row.assigner_id,
            assigner_name: row.assigner_name,
            assigned_at: row.assigned_at,
            due_date: row.due_on,
            status: row.status,
            overdue,
            overdue_days: if overdue { row.due_on.days_until(today) } else { 0 },
            feedback: (!row.feedback.is_empty()).then_some(row.feedback),
            completed_at: row.completed_at,
            completed_by_name: row.completed_by_name,
            postponed_count: row.postponed_count,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    });
    Ok(tasks.collect())
}

fn distinct(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
