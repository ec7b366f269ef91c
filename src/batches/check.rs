//! Judging what somebody wants to do to many customers, before any of them is looked at.

use super::model::{Action, BatchDraft, Deed};
use crate::customers::groups;
use crate::error::{Error, Fields, Result};
use crate::identity;
use crate::platform::draft::{Choice, Given};
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use crate::{settings, tasks};

const OWNER_OR_PERSON: FieldCode =
    FieldCode::Rule { code: "OWNER_OR_PERSON", zh: "请填写 owner 或人员", en: "Give `owner` or a person's id" };

/// The deed of a draft; every wrong field is named, and a field that belongs to another action is refused.
pub fn deed(work: &mut Work, draft: &BatchDraft, fields: &mut Fields) -> Result<Option<Deed>> {
    let draft = draft.clone();
    let Some(action) = draft.action.clone().required("action", fields) else { return Ok(None) };
    let groups = matches!(action, Action::AddToGroup | Action::RemoveFromGroup);
    let tags = matches!(action, Action::AddTag | Action::RemoveTag);
    let gives_tasks = action == Action::CreateTasks;
    for (field, given, belongs) in [
        ("tag", draft.tag.is_given(), tags),
        ("owner_id", draft.owner_id.is_given(), action == Action::ChangeOwner),
        ("group_id", draft.group_id.is_given(), groups),
        ("kind", draft.kind.is_given(), gives_tasks),
        ("content", draft.content.is_given(), gives_tasks),
        ("due_date", draft.due_date.is_given(), gives_tasks),
        ("assignee", draft.assignee.is_given(), gives_tasks),
    ] {
        if given && !belongs {
            fields.add(field, FieldCode::NotAllowed);
        }
    }
    match action {
        Action::AddTag | Action::RemoveTag => tag(work, action, draft.tag, fields),
        Action::ChangeOwner => {
            let Some(owner_id) = draft.owner_id.required("owner_id", fields) else { return Ok(None) };
            let found = identity::active_person(work, owner_id)?;
            Ok(fields.keep("owner_id", found.ok_or(FieldCode::Unknown)).map(|_| Deed::ChangeOwner { owner_id }))
        }
        Action::AddToGroup | Action::RemoveFromGroup => {
            let Some(group_id) = draft.group_id.required("group_id", fields) else { return Ok(None) };
            match groups::to_fill(work, group_id) {
                Ok(_) if action == Action::AddToGroup => Ok(Some(Deed::AddToGroup { group_id })),
                Ok(_) => Ok(Some(Deed::RemoveFromGroup { group_id })),
                Err(Error::NotFound) => Ok(fields.keep("group_id", Err(FieldCode::Unknown))),
                Err(Error::Forbidden) => Ok(fields.keep("group_id", Err(FieldCode::NotAllowed))),
                Err(Error::Invalid(found)) => {
                    *fields = std::mem::take(fields).and(found);
                    Ok(None)
                }
                Err(error) => Err(error),
            }
        }
        Action::CreateTasks => given_tasks(work, draft, fields),
    }
}

fn tag(work: &mut Work, action: Action, given: Given<Choice>, fields: &mut Fields) -> Result<Option<Deed>> {
    let Some(wanted) = given.required("tag", fields) else { return Ok(None) };
    let found = settings::find_tag(work, &wanted)?;
    Ok(match (action, found, wanted) {
        (Action::AddTag, Some(tag), _) => Some(Deed::AddTag { tag_id: tag.id, new: None }),
        // A new tag is made when the batch begins: a preview changes nothing.
        (Action::AddTag, None, Choice::Name(text)) => {
            let outcome = settings::new_tag_name(work, &text)?;
            fields.keep("tag", outcome).map(|name| Deed::AddTag { tag_id: 0, new: Some(name) })
        }
        (_, Some(tag), _) => Some(Deed::RemoveTag { tag_id: tag.id }),
        (_, None, _) => fields.keep("tag", Err(FieldCode::Unknown)),
    })
}

/// The tasks' own rules, judged once before hundreds are made (S55–S58).
fn given_tasks(work: &mut Work, draft: BatchDraft, fields: &mut Fields) -> Result<Option<Deed>> {
    if !work.actor.may("edit_tasks") {
        return Err(Error::Forbidden);
    }
    let assignee_id = match draft.assignee.clone().required("assignee", fields) {
        Some(Choice::Name(word)) if word == "owner" => None,
        Some(Choice::Name(_)) => fields.keep("assignee", Err(OWNER_OR_PERSON)),
        Some(Choice::Id(id)) => {
            let outcome = tasks::may_be_given_to(work, id)?;
            fields.keep("assignee", outcome.map(|_| id))
        }
        None => None,
    };
    let template = tasks::model::TaskDraft { kind: draft.kind, content: draft.content, due_date: draft.due_date, ..Default::default() };
    match tasks::check_template(work, &template) {
        Ok((kind, content, due_on)) => Ok(Some(Deed::CreateTasks { kind, content, due_date: due_on.to_string(), assignee_id })),
        Err(Error::Invalid(found)) => {
            *fields = std::mem::take(fields).and(found);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
