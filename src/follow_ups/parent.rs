//! What a plan or a record is about: an opportunity, else a customer.

use crate::error::{Fields, Result};
use crate::identity::scope::{self, Owned, Right};
use crate::platform::draft::{Choice, Given};
use crate::platform::types::FieldCode;
use crate::platform::work::Work;
use crate::{customers, opportunities};

/// What a plan or a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    pub customer_id: i64,
    pub opportunity_id: Option<i64>,
}

/// Finds what a body names. Absent and out of scope look the same.
pub fn read(work: &mut Work, opportunity: Given<Choice>, customer: Given<Choice>, fields: &mut Fields) -> Result<Option<Parent>> {
    let named = opportunity.is_given() || customer.is_given();
    let (opportunity, customer) = (opportunity.optional("opportunity_id", fields), customer.optional("customer_id", fields));
    match (opportunity, customer) {
        (Some(opportunity), customer) => {
            let Some(opportunity) = opportunities::find(work, &opportunity, Right::Read)? else {
                fields.add("opportunity_id", FieldCode::Unknown);
                return Ok(None);
            };
            if let Some(customer) = customer {
                let found = customers::find(work, &customer, Right::Read)?;
                if found.is_none_or(|found| found.id != opportunity.customer_id) {
                    fields.add("customer_id", FieldCode::Unknown);
                    return Ok(None);
                }
            }
            Ok(Some(Parent { customer_id: opportunity.customer_id, opportunity_id: Some(opportunity.id) }))
        }
        (None, Some(customer)) => match customers::find(work, &customer, Right::Read)? {
            Some(customer) => Ok(Some(Parent { customer_id: customer.id, opportunity_id: None })),
            None => {
                fields.add("customer_id", FieldCode::Unknown);
                Ok(None)
            }
        },
        (None, None) => {
            if !named || fields.is_empty() {
                fields.add("customer_id", FieldCode::Required);
            }
            Ok(None)
        }
    }
}

impl Parent {
    /// What decides who may see and change it.
    pub fn owned(self) -> (Owned, i64) {
        match self.opportunity_id {
            Some(id) => (Owned::Opportunities, id),
            None => (Owned::Customers, self.customer_id),
        }
    }

    /// Refuses a parent that is only shared for reading.
    pub fn require_edit(self, work: &mut Work) -> Result<()> {
        let (owned, id) = self.owned();
        scope::require_edit(work, owned, id)
    }

    /// Locks it in the order every verb keeps: customer, then opportunity.
    pub fn lock(self, work: &mut Work) -> Result<()> {
        customers::lock(work, self.customer_id)?;
        if let Some(id) = self.opportunity_id {
            opportunities::lock(work, id)?;
        }
        Ok(())
    }

    /// True when `other` is about the same, or about an opportunity of this customer.
    pub fn covers(self, other: Parent) -> bool {
        self.customer_id == other.customer_id && (self.opportunity_id.is_none() || self.opportunity_id == other.opportunity_id)
    }

    /// The page of it.
    pub fn link(self) -> String {
        match self.opportunity_id {
            Some(id) => format!("/opportunities/{id}"),
            None => format!("/customers/{}", self.customer_id),
        }
    }

    /// A plan of it was made, moved or closed.
    pub fn note_plans(self, work: &mut Work) -> Result<()> {
        match self.opportunity_id {
            Some(id) => opportunities::note_plans(work, id),
            None => Ok(()),
        }
    }
}
