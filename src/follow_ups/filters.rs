//! Which plans and records to list.

use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{Bound, PlanStatus};
use crate::error::Result;
use crate::platform::db::{Predicate, Value};
use crate::platform::http::{Many, One};
use crate::platform::page::{Sort, Turn, any_of};
use crate::platform::types::BusinessZone;

/// Which plans to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct PlanFilter {
    /// Plans of these opportunities.
    #[param(value_type = Option<Vec<i64>>)]
    pub opportunity_id: Many<i64>,
    /// Plans of these customers and of their opportunities.
    #[param(value_type = Option<Vec<i64>>)]
    pub customer_id: Many<i64>,
    /// Plans of these people.
    #[param(value_type = Option<Vec<i64>>)]
    pub owner_id: Many<i64>,
    /// `planned`, `done`, `cancelled`.
    #[param(value_type = Option<Vec<String>>)]
    pub status: Many<PlanStatus>,
    /// Starting on or after this day (or moment).
    #[param(value_type = Option<String>)]
    pub from: One<Bound>,
    /// Starting on or before this day (or moment).
    #[param(value_type = Option<String>)]
    pub to: One<Bound>,
    /// `starts_at`, with `-` for the latest first.
    #[param(value_type = Option<String>)]
    pub sort: One<String>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    pub limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    pub cursor: One<String>,
}

impl PlanFilter {
    /// The page asked for.
    pub fn turn(&mut self) -> Result<Turn> {
        let sort = Sort::read(std::mem::take(&mut self.sort), &[("starts_at", "p.starts_at")])?;
        Turn::read(sort, std::mem::take(&mut self.limit), std::mem::take(&mut self.cursor))
    }

    /// The conditions it stands for.
    pub fn predicates(self, zone: &BusinessZone) -> Result<Vec<Predicate>> {
        let mut all = Vec::new();
        ids(&mut all, "p.opportunity_id", self.opportunity_id.get("opportunity_id")?);
        ids(&mut all, "p.customer_id", self.customer_id.get("customer_id")?);
        ids(&mut all, "p.owner_id", self.owner_id.get("owner_id")?);
        let status = self.status.get("status")?;
        if !status.is_empty() {
            all.push(any_of("p.status", status.into_iter().map(Value::from).collect()));
        }
        period(&mut all, "p.starts_at", self.from, self.to, zone)?;
        Ok(all)
    }
}

fn ids(all: &mut Vec<Predicate>, column: &str, values: Vec<i64>) {
    if !values.is_empty() {
        all.push(any_of(column, values.into_iter().map(Value::Int).collect()));
    }
}

fn period(all: &mut Vec<Predicate>, column: &str, from: One<Bound>, to: One<Bound>, zone: &BusinessZone) -> Result<()> {
    if let Some(from) = from.get("from")? {
        all.push(Predicate::new(format!("{column} >= $1"), vec![from.first(zone).into()]));
    }
    if let Some(to) = to.get("to")? {
        all.push(Predicate::new(format!("{column} <= $1"), vec![to.last(zone).into()]));
    }
    Ok(())
}

/// Which records to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct FollowUpFilter {
    /// Records of these opportunities.
    #[param(value_type = Option<Vec<i64>>)]
    opportunity_id: Many<i64>,
    /// Records of these customers and of their opportunities.
    #[param(value_type = Option<Vec<i64>>)]
    customer_id: Many<i64>,
    /// Records by these people.
    #[param(value_type = Option<Vec<i64>>)]
    author_id: Many<i64>,
    /// Keys of methods.
    #[param(value_type = Option<Vec<String>>)]
    method: Many<String>,
    /// Contacts on or after this day (or moment).
    #[param(value_type = Option<String>)]
    from: One<Bound>,
    /// Contacts on or before this day (or moment).
    #[param(value_type = Option<String>)]
    to: One<Bound>,
    /// Only those written more than 24 h after the contact (补录), or only the others.
    #[param(value_type = Option<bool>)]
    late_entry: One<bool>,
    /// `-contacted_at` (the newest contact first) or `contacted_at`.
    #[param(value_type = Option<String>)]
    sort: One<String>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    cursor: One<String>,
}

impl FollowUpFilter {
    /// The page asked for.
    pub fn turn(&mut self) -> Result<Turn> {
        let sort = Sort::read(std::mem::take(&mut self.sort), &[("-contacted_at", "f.contacted_at")])?;
        Turn::read(sort, std::mem::take(&mut self.limit), std::mem::take(&mut self.cursor))
    }

    /// The conditions it stands for.
    pub fn predicates(self, zone: &BusinessZone) -> Result<Vec<Predicate>> {
        let mut all = Vec::new();
        ids(&mut all, "f.opportunity_id", self.opportunity_id.get("opportunity_id")?);
        ids(&mut all, "f.customer_id", self.customer_id.get("customer_id")?);
        ids(&mut all, "f.author_id", self.author_id.get("author_id")?);
        let methods = self.method.get("method")?;
        if !methods.is_empty() {
            all.push(any_of("f.method", methods.into_iter().map(Value::from).collect()));
        }
        match self.late_entry.get("late_entry")? {
            Some(true) => all.push(Predicate::new("f.late_entry", Vec::new())),
            Some(false) => all.push(Predicate::new("not f.late_entry", Vec::new())),
            None => {}
        }
        period(&mut all, "f.contacted_at", self.from, self.to, zone)?;
        Ok(all)
    }
}
