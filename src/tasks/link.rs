//! What a task is about: a customer, an opportunity of it, or nothing (S56).

use super::model::OTHER_CUSTOMER;
use crate::error::{Fields, Result};
use crate::history::Change;
use crate::identity::scope::Right;
use crate::platform::draft::{Choice, Given};
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use crate::{customers, opportunities};

/// Customer and opportunity of a task; an opportunity never comes without its customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Target {
    pub customer_id: Option<i64>,
    pub opportunity_id: Option<i64>,
}

/// What the task shall be about, starting from what it is about; only what the caller can see can be chosen. An opportunity brings
/// its customer, whatever customer stood there before.
pub fn chosen(
    work: &mut Work,
    customer: Given<Choice>,
    opportunity: Given<Choice>,
    opportunity_number: Given<String>,
    was: Target,
    fields: &mut Fields,
) -> Result<Target> {
    let by_number = !opportunity.is_given() && opportunity_number.is_given();
    let named = if by_number { opportunity_number.and_then(|number| Ok(Choice::Name(number))) } else { opportunity };
    let field = if by_number { "opportunity_number" } else { "opportunity_id" };
    let opportunity = named.change(field, fields);
    let customer = customer.change("customer_id", fields);

    let customer_id = match &customer {
        None => None,
        Some(None) => Some(None),
        Some(Some(wanted)) => {
            let found = customers::find(work, wanted, Right::Read)?;
            let Some(found) = fields.keep("customer_id", found.ok_or(FieldCode::Unknown)) else { return Ok(was) };
            Some(Some(found.id))
        }
    };
    let opportunity = match opportunity {
        None => None,
        Some(None) => Some(None),
        Some(Some(wanted)) => {
            let found = opportunities::find(work, &wanted, Right::Read)?;
            let Some(found) = fields.keep(field, found.ok_or(FieldCode::Unknown)) else { return Ok(was) };
            Some(Some(found))
        }
    };
    let target = match (opportunity, customer_id) {
        (Some(Some(opportunity)), customer_id) => {
            if customer_id.is_some_and(|id| id != Some(opportunity.customer_id)) {
                fields.add(field, OTHER_CUSTOMER);
            }
            Target { customer_id: Some(opportunity.customer_id), opportunity_id: Some(opportunity.id) }
        }
        (Some(None), customer_id) => Target { customer_id: customer_id.unwrap_or(was.customer_id), opportunity_id: None },
        (None, None) => was,
        (None, Some(customer_id)) => {
            if was.opportunity_id.is_some() && customer_id != was.customer_id {
                fields.add("customer_id", OTHER_CUSTOMER);
            }
            Target { customer_id, opportunity_id: was.opportunity_id }
        }
    };
    Ok(target)
}

/// Locks what a task is linked to before the task itself: customer, then opportunities, so that nobody waits in a circle and the
/// count of open tasks is right.
pub fn lock(work: &mut Work, customer_id: Option<i64>, opportunity_ids: &[Option<i64>]) -> Result<()> {
    if let Some(id) = customer_id {
        customers::lock(work, id)?;
    }
    let mut ids: Vec<i64> = opportunity_ids.iter().copied().flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        opportunities::lock(work, id)?;
    }
    Ok(())
}

/// True while the opportunity is worked on, or else the customer is there.
pub fn is_open(work: &mut Work, customer_id: i64, opportunity_id: Option<i64>) -> Result<bool> {
    match opportunity_id {
        Some(id) => Ok(opportunities::find(work, &Choice::Id(id), Right::Read)?.is_some_and(|found| found.status == "open")),
        None => Ok(customers::find(work, &Choice::Id(customer_id), Right::Read)?.is_some()),
    }
}

/// The change of link for the history, by number.
pub fn changes(work: &mut Work, was: Target, is: Target) -> Result<Vec<Change>> {
    if was == is {
        return Ok(Vec::new());
    }
    let customers = super::store::customer_links(work, [was.customer_id, is.customer_id].into_iter().flatten().collect())?;
    let opportunities = super::store::opportunity_links(work, [was.opportunity_id, is.opportunity_id].into_iter().flatten().collect())?;
    let number = |links: &[super::model::Link], id: Option<i64>| {
        id.and_then(|id| links.iter().find(|link| link.id == id)).map(|link| link.number.clone())
    };
    Ok([
        Change::of_optional("customer", number(&customers, was.customer_id), number(&customers, is.customer_id)),
        Change::of_optional("opportunity", number(&opportunities, was.opportunity_id), number(&opportunities, is.opportunity_id)),
    ]
    .into_iter()
    .flatten()
    .collect())
}
