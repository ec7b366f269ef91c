//! One customer of a batch: the same verb as for a single edit, with its outcome.

use super::model::{Deed, Reason};
use crate::customers::{self, CustomerDraft, groups};
use crate::error::{Error, Result};
use crate::identity::scope::{self, Owned};
use crate::platform::draft::{Choice, Given};
use crate::platform::types::Day;
use crate::platform::work::Work;
use crate::tasks;
use crate::tasks::model::TaskDraft;

/// Who is to hear of one customer of the batch, when all are told at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Who got a customer or a task.
    pub received_by: i64,
    /// Who had the customer before.
    pub taken_from: i64,
}

/// Does the deed to one customer. A rule that forbids it is the customer's reason; what is wrong with the machine stops the batch.
pub fn act(work: &mut Work, deed: &Deed, id: i64) -> Result<std::result::Result<Told, Reason>> {
    match work.quietly(|work| attempt(work, deed, id)) {
        Ok(told) => Ok(Ok(told)),
        Err(error) => match Reason::of(&error) {
            Some(reason) => Ok(Err(reason)),
            None => Err(error),
        },
    }
}

fn attempt(work: &mut Work, deed: &Deed, id: i64) -> Result<Told> {
    let customer = customers::lock(work, id)?.ok_or(Error::NotFound)?;
    scope::require_edit(work, Owned::Customers, id)?;
    match deed {
        Deed::AddTag { tag_id, .. } | Deed::RemoveTag { tag_id } => {
            let adds = matches!(deed, Deed::AddTag { .. });
            let mut tags = customers::tag_ids(work, id)?;
            if tags.contains(tag_id) == adds {
                return Ok(Told::default());
            }
            if adds {
                tags.push(*tag_id)
            } else {
                tags.retain(|tag| tag != tag_id)
            }
            let tags = Given::Value(tags.into_iter().map(Choice::Id).collect());
            customers::amend(work, id, &CustomerDraft { tags, ..CustomerDraft::default() })?;
            Ok(Told::default())
        }
        Deed::ChangeOwner { owner_id } => {
            if customer.owner_id == Some(*owner_id) {
                return Ok(Told::default());
            }
            customers::amend(work, id, &CustomerDraft { owner_id: Given::Value(*owner_id), ..CustomerDraft::default() })?;
            Ok(Told { received_by: *owner_id, taken_from: customer.owner_id.unwrap_or(0) })
        }
        Deed::AddToGroup { group_id } | Deed::RemoveFromGroup { group_id } => {
            let group = groups::to_fill(work, *group_id)?;
            groups::place(work, &group, id, matches!(deed, Deed::AddToGroup { .. }))?;
            Ok(Told::default())
        }
        Deed::CreateTasks { kind, content, due_date, assignee_id } => {
            let Some(assignee_id) = assignee_id.or(customer.owner_id) else { return Err(Error::NotFound) };
            let task = TaskDraft {
                kind: Given::Value(kind.clone()),
                content: Given::Value(content.clone()),
                customer_id: Given::Value(Choice::Id(id)),
                assignee_id: Given::Value(assignee_id),
                due_date: Day::parse(due_date).map_or_else(Given::Bad, Given::Value),
                ..TaskDraft::default()
            };
            tasks::give(work, &task)?;
            Ok(Told { received_by: assignee_id, taken_from: 0 })
        }
    }
}
