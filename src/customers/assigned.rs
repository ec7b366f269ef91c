//! A new customer the rules were asked about (S65).

use serde_json::json;

use super::model::{Customer, Facts};
use super::store;
use crate::assignment::{Assignment, Case, Chosen};
use crate::error::Result;
use crate::identity;
use crate::identity::model::Named;
use crate::notifications::{self, Notice, NoticeKind};
use crate::platform::live::Push;
use crate::platform::work::{Door, Work};

/// What the rules may ask of a new customer.
pub(super) fn case_of(facts: &Facts) -> Case {
    Case { region_id: facts.region.as_ref().map(|region| region.id), source_id: facts.sources.first().map(|source| source.id), stage: None }
}

/// A new customer the rules were asked about: its owner hears of it, and whoever entered it is told who has it, even when the
/// rules gave it to where he or she cannot look.
pub(super) fn told(work: &mut Work, id: i64, chosen: Option<Chosen>) -> Result<Customer> {
    let seen = store::whole(work, id)?;
    let in_sight = seen.is_some();
    let mut customer = match seen {
        Some(customer) => customer,
        None => store::newborn(work, id)?,
    };
    work.push(Push::changed("customer", id, customer.row.version));
    let me = work.actor.user_id;
    let owner = match &chosen {
        Some(chosen) => chosen.person.clone(),
        None => Named { id: me, name: identity::display_name(work, me)? },
    };
    // An import tells everybody once, at its end.
    if owner.id != me && work.actor.door != Door::Import {
        let (by, link) = (identity::display_name(work, me)?, format!("/customers/{id}"));
        let detail = json!({ "customer": customer.row.name, "number": customer.row.number, "by": by, "name": owner.name });
        notifications::send(work, &Notice::new(owner.id, NoticeKind::CustomerReceived, detail, link))?;
    }
    customer.assignment = Some(Assignment { rule: chosen.map(|chosen| chosen.rule), owner, in_sight });
    Ok(customer)
}
