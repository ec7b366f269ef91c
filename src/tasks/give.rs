//! Giving a task: by hand, as the next step of a follow-up record, or because the SOP of a stage asks for it (S54–S61).

use super::link::{self, Target};
use super::model::{self, NewFromFollowUp, NewFromSop, Task, TaskDraft, TaskRow};
use super::{event, may_be_given_to, messages, one, settle, store};
use crate::assignment::{self, Case, NOT_WITH_PERSON, RuleTarget};
use crate::error::{Error, Fields, Result};
use crate::history::{self, model::EventKind};
use crate::platform::types::Day;
use crate::platform::work::Work;
use crate::settings::{self, Kind};

/// Gives a task to oneself or to somebody else (S54–S59).
pub fn give(work: &mut Work, draft: &TaskDraft) -> Result<Task> {
    let draft = draft.clone();
    let mut fields = Fields::default();
    let Template { kind, content, due } = template(work, &draft, &mut fields)?;
    let target = link::chosen(work, draft.customer_id, draft.opportunity_id, draft.opportunity_number, Target::default(), &mut fields)?;
    let by_rules = draft.assign.optional("assign", &mut fields).is_some();
    if by_rules && draft.assignee_id.is_given() {
        fields.add("assign", NOT_WITH_PERSON);
    }
    let assignee_id = draft.assignee_id.optional("assignee_id", &mut fields).unwrap_or(work.actor.user_id);
    let assignee = fields.keep("assignee_id", may_be_given_to(work, assignee_id)?);
    let needs_acceptance = draft.needs_acceptance.optional("needs_acceptance", &mut fields).unwrap_or(false);
    match (kind, content, assignee, due) {
        (Some(kind), Some(content), Some(creator), Some(due_on)) if fields.is_empty() => {
            link::lock(work, target.customer_id, &[target.opportunity_id])?;
            let case = if by_rules { store::case_of(work, target.customer_id, target.opportunity_id)? } else { Case::default() };
            let chosen = if by_rules { assignment::choose(work, RuleTarget::Task, &case)? } else { None };
            let (assignee, team_id) = chosen.as_ref().map_or(creator, |chosen| (chosen.person.clone(), chosen.team_id));
            let row = store::NewRow {
                kind: &kind,
                content: &content,
                customer_id: target.customer_id,
                opportunity_id: target.opportunity_id,
                team_id,
                assignee_id: assignee.id,
                due_on,
                needs_acceptance,
                batch_id: 0,
                sop_template_id: 0,
                rule: chosen.map(|chosen| chosen.rule),
            };
            let given = insert(work, &row, Origin::Person)?;
            one(work, given)
        }
        _ => Err(Error::Invalid(fields)),
    }
}

/// What the tasks of a batch have in common; `None` for what is wrong.
pub(super) struct Template {
    pub kind: Option<String>,
    pub content: Option<String>,
    pub due: Option<Day>,
}

pub(super) fn template(work: &mut Work, draft: &TaskDraft, fields: &mut Fields) -> Result<Template> {
    let kind = match draft.kind.clone().required("kind", fields) {
        None => None,
        Some(key) => fields.keep("kind", settings::choose_key(work, Kind::TaskKind, &key, None)?).map(|entry| entry.key),
    };
    let today = work.today();
    Ok(Template {
        kind,
        content: draft.content.clone().and_then(model::content).required("content", fields),
        due: draft.due_date.clone().and_then(|due| model::due_after(due, today)).required("due_date", fields),
    })
}

/// Judges kind, content and due date before many tasks are made of them (S33).
pub fn check_template(work: &mut Work, draft: &TaskDraft) -> Result<(String, String, Day)> {
    let mut fields = Fields::default();
    match template(work, draft, &mut fields)? {
        Template { kind: Some(kind), content: Some(content), due: Some(due) } => Ok((kind, content, due)),
        _ => Err(Error::Invalid(fields)),
    }
}

/// Turns the next step of a follow-up record into a task (S48); a date that is not behind today is refused under the name it has
/// in the record, `next_action_due`.
pub fn create_from_follow_up(work: &mut Work, new: &NewFromFollowUp) -> Result<i64> {
    let today = work.today();
    let mut fields = Fields::default();
    let due = fields.keep("next_action_due", model::due_after(new.due_date, today));
    let assignee = fields.keep("assignee_id", may_be_given_to(work, new.assignee_id)?);
    let content: String = new.content.chars().take(model::CONTENT_LIMIT).collect();
    let (Some(due_on), Some((assignee, team_id))) = (due, assignee) else { return Err(Error::Invalid(fields)) };
    let row = store::NewRow {
        kind: "customer_follow_up",
        content: &content,
        customer_id: Some(new.customer_id),
        opportunity_id: new.opportunity_id,
        team_id,
        assignee_id: assignee.id,
        due_on,
        needs_acceptance: false,
        batch_id: 0,
        sop_template_id: 0,
        rule: None,
    };
    Ok(insert(work, &row, Origin::FollowUp(new.follow_up_id))?.id)
}

/// Gives a task that the SOP of a stage asks for (I8). The company's rule on giving within one's own teams is for people.
pub fn create_from_sop(work: &mut Work, new: &NewFromSop) -> Result<()> {
    let row = store::NewRow {
        kind: &new.kind,
        content: &new.content,
        customer_id: Some(new.customer_id),
        opportunity_id: Some(new.opportunity_id),
        team_id: new.team_id,
        assignee_id: new.assignee_id,
        due_on: new.due_on,
        needs_acceptance: false,
        batch_id: 0,
        sop_template_id: new.template_id,
        rule: None,
    };
    insert(work, &row, Origin::Sop(&new.template_name)).map(drop)
}

/// Where a task comes from.
pub(super) enum Origin<'a> {
    /// Somebody gave it.
    Person,
    /// The next step of this record (S48).
    FollowUp(i64),
    /// The template of this name (I8).
    Sop(&'a str),
}

pub(super) fn insert(work: &mut Work, row: &store::NewRow, origin: Origin) -> Result<TaskRow> {
    link::lock(work, row.customer_id, &[row.opportunity_id])?;
    let id = store::insert(work, row)?;
    let task = store::find(work, id)?.ok_or_else(|| Error::internal("a task its giver cannot see"))?;
    let kind = if matches!(origin, Origin::Sop(_)) { EventKind::TaskFromSop } else { EventKind::TaskCreated };
    let event = event(kind, &task).with("name", &task.assignee_name).with("due_date", task.due_on);
    let event = match origin {
        Origin::Person => event,
        Origin::FollowUp(id) => event.with("follow_up_id", id),
        Origin::Sop(name) => event.with("sop", name),
    };
    history::record(work, &event)?;
    if let Some(rule) = &row.rule {
        let told = super::event(EventKind::TaskAssigned, &task).with("rule", &rule.name).with("rule_id", rule.id);
        history::record(work, &told.with("name", &task.assignee_name))?;
    }
    messages::given(work, &task)?;
    settle(work, &task, &[])?;
    Ok(task)
}
