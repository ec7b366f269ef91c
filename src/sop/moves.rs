//! Every way in which an opportunity comes to a stage, and the tasks that follow from it (I8).

use super::model::{SopAssignee, SopTemplate};
use super::store::{self, Entered};
use crate::customers::{self, Customer, CustomerDraft};
use crate::error::Result;
use crate::identity;
use crate::opportunities::{self, Opportunity, OpportunityDraft, StageChange, model::WinDraft};
use crate::platform::draft::Choice;
use crate::platform::idempotency::Repeat;
use crate::platform::work::Work;
use crate::settings::{self, Kind, holidays};
use crate::tasks::{self, NewFromSop};

/// The kind of a task whose own kind is gone.
const OTHER: &str = "other";

/// Enters an opportunity, and gives the tasks of its first stage.
pub fn create(work: &mut Work, draft: &OpportunityDraft) -> Result<Opportunity> {
    let opportunity = opportunities::create(work, draft)?;
    anew(work, opportunity)
}

/// Moves an opportunity, and gives the tasks of the stage it comes to.
pub fn change_stage(work: &mut Work, id: i64, version: i64, change: &StageChange) -> Result<Opportunity> {
    let opportunity = opportunities::change_stage(work, id, version, change)?;
    anew(work, opportunity)
}

/// Edits a customer; an opportunity that is opened again by it comes to a stage, too (S30).
pub fn edit_customer(work: &mut Work, id: i64, version: i64, draft: &CustomerDraft) -> Result<Customer> {
    let customer = opportunities::edit_customer(work, id, version, draft)?;
    customer_anew(work, customer)
}

/// Wins a customer; its opportunity comes to 成交 (S28).
pub fn win_customer(work: &mut Work, id: i64, version: i64, draft: &WinDraft, repeat: Option<&Repeat>) -> Result<Customer> {
    let customer = opportunities::win_customer(work, id, version, draft, repeat)?;
    customer_anew(work, customer)
}

/// The answer names the next step, which may be a task that was given a moment ago.
fn anew(work: &mut Work, opportunity: Opportunity) -> Result<Opportunity> {
    if !follow(work, opportunity.customer_id)? {
        return Ok(opportunity);
    }
    let now = opportunities::get(work, &Choice::Id(opportunity.id))?;
    Ok(Opportunity { warnings: opportunity.warnings, ..now })
}

fn customer_anew(work: &mut Work, customer: Customer) -> Result<Customer> {
    if !follow(work, customer.row.id)? {
        return Ok(customer);
    }
    match customers::of_ids(work, &[customer.row.id])?.pop() {
        Some(now) => Ok(Customer { warnings: customer.warnings, ..now }),
        // Whoever gave the customer away in the same save no longer sees it.
        None => Ok(customer),
    }
}

/// Gives what the stages ask for that the customer's opportunities have just come to; true when there was anything.
fn follow(work: &mut Work, customer_id: i64) -> Result<bool> {
    let mut given = false;
    for opportunity in store::entered_now(work, customer_id)? {
        for template in store::enabled_at(work, &opportunity.stage)? {
            if store::claim(work, opportunity.id, template.id)? {
                give(work, &opportunity, &template)?;
                given = true;
            }
        }
    }
    Ok(given)
}

fn give(work: &mut Work, opportunity: &Entered, template: &SopTemplate) -> Result<()> {
    let (assignee_id, team_id) = assignee(work, opportunity, template.assignee)?;
    let kind = settings::choose_key(work, Kind::TaskKind, &template.kind, Some(&template.kind))?;
    let today = work.today();
    let due_on = holidays::workdays_after(work, today, template.due_workdays)?;
    tasks::create_from_sop(
        work,
        &NewFromSop {
            template_id: template.id,
            template_name: template.name.clone(),
            kind: kind.map_or_else(|_| OTHER.to_owned(), |entry| entry.key),
            content: template.content.clone(),
            customer_id: opportunity.customer_id,
            opportunity_id: opportunity.id,
            assignee_id,
            team_id,
            due_on,
        },
    )
}

/// The owner or whoever leads the owner's team. Somebody has to do it (S63): who has left is stood in for by the leader, and where
/// nobody leads, the owner does it, or else whoever moved the opportunity.
fn assignee(work: &mut Work, opportunity: &Entered, wanted: SopAssignee) -> Result<(i64, Option<i64>)> {
    let owner = match opportunity.owner_id {
        Some(id) => identity::active_person(work, id)?.map(|(person, _)| person.id),
        None => None,
    };
    if wanted == SopAssignee::Owner
        && let Some(owner) = owner
    {
        return Ok((owner, opportunity.team_id));
    }
    if let Some(team_id) = opportunity.team_id
        && let Some(leader) = identity::leaders_of(work, team_id, opportunity.owner_id.unwrap_or(0))?.first().copied()
    {
        return Ok((leader, opportunity.team_id));
    }
    let me = work.actor.user_id;
    Ok((owner.unwrap_or(me), opportunity.team_id))
}
