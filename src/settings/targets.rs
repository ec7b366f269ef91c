//! 业绩目标: what company, teams and people are to win in each month, and every change of it with its reason (I22).

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Target, TargetDraft, TargetOwner};
pub use super::target_tree::{TargetFigures, TargetNode, TargetTree, tree};
use super::{store, target_store};
use crate::error::{Error, Fields, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::platform::draft::Given;
use crate::platform::types::{Day, FieldCode, Instant, Money, name};
use crate::platform::work::Work;
use crate::row;

row! {
    /// A target was set or changed (I22).
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct TargetChange {
        /// Id.
        pub id: i64 = "g.id",
        /// The month, `2024-03`.
        pub period: String = "g.period",
        /// Whose target.
        #[schema(value_type = String)]
        pub owner_type: TargetOwner = "g.owner_type",
        /// The team or person; 0 for the company.
        pub owner_id: i64 = "g.owner_id",
        /// The name of the team or person.
        pub owner_name: Option<String> = "coalesce(u.name, t.name)",
        /// What stood there; null when nothing did.
        pub old_amount: Option<Money> = "g.old_amount",
        /// What stands there since; null when it was removed.
        pub new_amount: Option<Money> = "nullif(g.new_amount, 0)",
        /// Why.
        pub reason: String = "g.reason",
        /// Who changed it.
        pub by_name: Option<String> = "b.name",
        /// When.
        pub at: Instant = "g.at",
    }
}

/// One month of one owner, as a spreadsheet brings it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Whose.
    pub owner: (TargetOwner, i64),
    /// The month.
    pub period: String,
    /// How much.
    pub amount: Money,
}

/// The topmost team is the company itself: beside the company's target a second one would count for nothing.
pub const IS_COMPANY: FieldCode = FieldCode::Rule {
    code: "IS_COMPANY",
    zh: "总部即公司，请把目标设在公司上",
    en: "The head office is the company; set the company's target",
};

/// How many targets a spreadsheet changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct TargetsSet {
    /// Months that had no target before.
    pub added: i64,
    /// Months with another amount now.
    pub changed: i64,
    /// Months as they were.
    pub unchanged: i64,
}

fn reason(given: Given<String>, fields: &mut Fields) -> String {
    given.and_then(|text| name::text(&text, 200)).optional("reason", fields).unwrap_or_default()
}

/// Sets a target for a month; the old one stays in the log with the reason for the change.
pub fn set_target(work: &mut Work, draft: &TargetDraft) -> Result<Target> {
    let draft = draft.clone();
    let mut fields = Fields::default();
    let period = draft.period.and_then(|text| month(&text)).required("period", &mut fields);
    let owner_type = draft.owner_type.required("owner_type", &mut fields);
    let amount = draft.amount.and_then(Money::positive).required("amount", &mut fields);
    let reason = reason(draft.reason, &mut fields);
    let owner_id = match owner_type {
        Some(TargetOwner::Company) => draft.owner_id.optional("owner_id", &mut fields).map(|_| 0).or(Some(0)),
        Some(_) => draft.owner_id.required("owner_id", &mut fields),
        None => None,
    };
    if let (Some(owner_type), Some(owner_id)) = (owner_type, owner_id) {
        if !target_store::owner_exists(work, owner_type, owner_id)? {
            fields.add("owner_id", FieldCode::Unknown);
        } else if owner_type == TargetOwner::Team && target_store::is_company(work, owner_id)? {
            fields.add("owner_id", IS_COMPANY);
        }
    }
    let (Some(period), Some(owner_type), Some(owner_id), Some(amount)) = (period, owner_type, owner_id, amount) else {
        return Err(Error::Invalid(fields));
    };
    let old = target_store::target(work, &period, owner_type, owner_id)?;
    if reason.is_empty() && fields.is_empty() && old.as_ref().is_some_and(|old| old.amount != amount) {
        fields.add("reason", FieldCode::Required);
    }
    fields.into_result()?;
    let old_amount = match old {
        Some(old) if old.amount == amount => return Ok(old),
        old => old.map(|old| old.amount),
    };
    let wanted = Wanted { owner: (owner_type, owner_id), period, amount };
    let changes = write(work, &wanted, old_amount, &reason)?;
    let target = target_store::target(work, &wanted.period, owner_type, owner_id)?.ok_or(Error::NotFound)?;
    let event = Event::new(EventKind::TargetSet, "target", target.id).with("period", &wanted.period).with("amount", amount);
    history::record(work, &event.with("reason", &reason).with_changes(&changes))?;
    Ok(target)
}

/// Takes a target back: the month has none any more. It stays in the log, with the reason.
pub fn remove_target(work: &mut Work, id: i64, version: i64, why: Option<&str>) -> Result<()> {
    let target = target_store::by_id(work, id)?.ok_or(Error::NotFound)?;
    if target.version != version {
        return Err(Error::Changed(serde_json::to_value(target)?));
    }
    let reason = match why.map(|text| name::text(text, 200)) {
        Some(Ok(reason)) => reason,
        Some(Err(code)) => return Err(Error::field("reason", code)),
        None => return Err(Error::field("reason", FieldCode::Required)),
    };
    target_store::remove(work, id, version)?;
    target_store::log_change(work, (&target.period, target.owner_type, target.owner_id), Some(target.amount), Money::ZERO, &reason)?;
    let changes: Vec<Change> = Change::of_optional("amount", Some(target.amount), None::<Money>).into_iter().collect();
    history::record_changes(work, "target", id, &changes)?;
    let event = Event::new(EventKind::TargetRemoved, "target", id).with("period", &target.period).with("amount", target.amount);
    history::record(work, &event.with("reason", &reason).with_changes(&changes))?;
    Ok(())
}

fn write(work: &mut Work, wanted: &Wanted, old: Option<Money>, reason: &str) -> Result<Vec<Change>> {
    let (owner_type, owner_id) = wanted.owner;
    let id = target_store::set(work, (&wanted.period, owner_type, owner_id), old, wanted.amount)?;
    target_store::log_change(work, (&wanted.period, owner_type, owner_id), old, wanted.amount, reason)?;
    let changes: Vec<Change> = Change::of_optional("amount", old, Some(wanted.amount)).into_iter().collect();
    history::record_changes(work, "target", id, &changes)?;
    Ok(changes)
}

/// Sets all of them or none. The reason must be given when one of them stood at another amount.
pub fn set_all(work: &mut Work, all: &[Wanted], why: &Given<String>) -> Result<TargetsSet> {
    let mut fields = Fields::default();
    let reason = reason(why.clone(), &mut fields);
    let first = all.iter().map(|one| one.period.as_str()).min().unwrap_or_default();
    let last = all.iter().map(|one| one.period.as_str()).max().unwrap_or_default();
    let before = target_store::between(work, first, last)?.into_iter().map(|(kind, id, period, amount)| ((kind, id, period), amount));
    let before: HashMap<(TargetOwner, i64, String), Money> = before.collect();
    let mut done = TargetsSet { added: 0, changed: 0, unchanged: 0 };
    let mut news: Vec<(&Wanted, Option<Money>)> = Vec::new();
    for one in all {
        let old = before.get(&(one.owner.0, one.owner.1, one.period.clone())).copied();
        match old {
            Some(old) if old == one.amount => done.unchanged += 1,
            Some(_) => done.changed += 1,
            None => done.added += 1,
        }
        if old != Some(one.amount) {
            news.push((one, old));
        }
    }
    if done.changed > 0 && reason.is_empty() && fields.is_empty() {
        fields.add("reason", FieldCode::Required);
    }
    fields.into_result()?;
    for (one, old) in news {
        write(work, one, old, &reason)?;
    }
    if done.added + done.changed > 0 {
        let event = Event::new(EventKind::TargetsImported, "target", 0).with("count", done.added + done.changed);
        history::record(work, &event.with("reason", &reason))?;
    }
    Ok(done)
}

/// The sum of a person's or the company's targets over months; `None` when none is set.
pub fn target_sum(work: &mut Work, owner_type: TargetOwner, owner_id: i64, months: &[String]) -> Result<Option<Money>> {
    target_store::sum(work, owner_type, owner_id, months)
}

/// `2024-03`.
pub fn month(text: &str) -> Result<String, FieldCode> {
    let text = text.trim();
    let valid = text.len() == 7 && Day::parse(&format!("{text}-01")).is_ok();
    if valid { Ok(text.to_owned()) } else { Err(FieldCode::Format) }
}

/// True for the team that is the company itself.
pub fn is_company(work: &mut Work, team_id: i64) -> Result<bool> {
    target_store::is_company(work, team_id)
}

/// What the company calls itself, for the top of the tree.
pub(super) fn company_name(work: &mut Work) -> Result<String> {
    Ok(store::company(work)?.company_name)
}
