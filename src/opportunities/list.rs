//! Which opportunities: the filters and sorts of list and board.

use serde::Deserialize;
use utoipa::IntoParams;

use super::forecast::ForecastClass;
use super::model::Status;
use super::told;
use crate::customers::list::{OfCustomer, any_or_none};
use crate::error::Result;
use crate::identity::scope::{self, Owned};
use crate::platform::db::{Predicate, Value};
use crate::platform::draft::Choice;
use crate::platform::full_text::{Index, Words};
use crate::platform::http::{Many, One};
use crate::platform::page::{Facets, Link, List, Sort, Turn, any_of};
use crate::platform::types::{BusinessNumber, Day, Numbered};
use crate::platform::work::Work;
use crate::settings::{self, StageKind};

/// What the list can be sorted by; the first is the default.
pub const SORTS: &[(&str, &str)] = &[
    ("-updated_at", "o.updated_at"),
    ("created_at", "o.created_at"),
    ("expected_amount", "o.expected_amount"),
    ("expected_close_date", "o.expected_close_on"),
    ("entered_stage_at", "o.entered_stage_at"),
    ("number", "o.number_key"),
    ("name", "o.name_key"),
];

/// What the reader asks for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct OpportunityFilter {
    /// Number, name, pinyin, initials, or the customer's name or number.
    #[param(value_type = Option<String>)]
    pub q: One<String>,
    /// Keys of stages, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub stage: Many<String>,
    /// `open`, `won`, `lost`, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub status: Many<Status>,
    /// Owners, any of.
    #[param(value_type = Option<Vec<i64>>)]
    pub owner_id: Many<i64>,
    /// Teams, any of.
    #[param(value_type = Option<Vec<i64>>)]
    pub team_id: Many<i64>,
    /// Customers, any of.
    #[param(value_type = Option<Vec<i64>>)]
    pub customer_id: Many<i64>,
    /// Regions of the customer: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub region: Many<Choice>,
    /// Expected to close on or after this day.
    #[param(value_type = Option<String>)]
    pub close_from: One<Day>,
    /// Expected to close on or before this day.
    #[param(value_type = Option<String>)]
    pub close_to: One<Day>,
    /// 预计成交日已过 (S40).
    #[param(value_type = Option<bool>)]
    pub overdue_close: One<bool>,
    /// 无下一步: open, no plan ahead and no open task (S63).
    #[param(value_type = Option<bool>)]
    pub without_next_step: One<bool>,
    /// Longer at its stage than the limit (S8).
    #[param(value_type = Option<bool>)]
    pub stuck: One<bool>,
    /// Industries of the customer: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub industry: Many<Choice>,
    /// 来源渠道 of the customer: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub source_channel: Many<Choice>,
    /// 主来源 of the customer: ids or names, any of (I25).
    #[param(value_type = Option<Vec<String>>)]
    pub primary_source: Many<Choice>,
    /// 标签 of the customer: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub tag: Many<Choice>,
    /// Entered on or after this day.
    #[param(value_type = Option<String>)]
    pub created_from: One<Day>,
    /// Entered on or before this day.
    #[param(value_type = Option<String>)]
    pub created_to: One<Day>,
    /// Won, with a deal date on or after this day (I21).
    #[param(value_type = Option<String>)]
    pub won_from: One<Day>,
    /// Won, with a deal date on or before this day.
    #[param(value_type = Option<String>)]
    pub won_to: One<Day>,
    /// Who owned it when it was won, any of; 0 for nobody (I21).
    #[param(value_type = Option<Vec<i64>>)]
    pub won_by: Many<i64>,
    /// The team it belonged to when it was won, any of; 0 for none.
    #[param(value_type = Option<Vec<i64>>)]
    pub won_team_id: Many<i64>,
    /// Lost on or after this day.
    #[param(value_type = Option<String>)]
    pub lost_from: One<Day>,
    /// Lost on or before this day.
    #[param(value_type = Option<String>)]
    pub lost_to: One<Day>,
    /// Lost for this reason, any of (I28).
    #[param(value_type = Option<Vec<String>>)]
    pub lost_reason: Many<String>,
    /// Lost to this competitor, any of; `none` where nobody is named (I28).
    #[param(value_type = Option<Vec<String>>)]
    pub competitor: Many<String>,
    /// Lost from this stage, any of; `none` for those that were never elsewhere (I28).
    #[param(value_type = Option<Vec<String>>)]
    pub lost_stage: Many<String>,
    /// Open and `commit`, `best_case` or `pipeline`, any of (I27).
    #[param(value_type = Option<Vec<String>>)]
    pub forecast_class: Many<ForecastClass>,
    /// Has reached this stage, by the stage log: entered it or any later open or won stage (I18).
    #[param(value_type = Option<String>)]
    pub reached: One<String>,
    /// Reached it for the first time on or after this day.
    #[param(value_type = Option<String>)]
    pub reached_from: One<Day>,
    /// Reached it for the first time on or before this day.
    #[param(value_type = Option<String>)]
    pub reached_to: One<Day>,
    /// Has also reached this stage, whenever.
    #[param(value_type = Option<String>)]
    pub also_reached: One<String>,
    /// `updated_at`, `created_at`, `expected_amount`, `expected_close_date`, `entered_stage_at`, `number`, `name`; `-` for descending.
    #[param(value_type = Option<String>)]
    pub sort: One<String>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    pub limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    pub cursor: One<String>,
}

/// What `owner_id` and `team_id` ask has indexes of its own.
const FACETS: Facets = Facets {
    index: "opportunities_facets",
    columns: &["status", "stage", "expected_close_on", "entered_stage_at", "last_plan_at", "open_tasks", "expected_amount", "id"],
};

impl OpportunityFilter {
    /// The page asked for.
    pub fn turn(&self) -> Result<Turn> {
        Turn::read(Sort::read(self.sort.clone(), SORTS)?, self.limit.clone(), self.cursor.clone())
    }

    /// The list within the reader's scope.
    pub fn list(self, work: &mut Work) -> Result<List> {
        let mut filters: Vec<Predicate> = Vec::new();
        let mut links: Vec<Link> = Vec::new();
        let mut bounds: Vec<(&'static str, Predicate)> = Vec::new();
        let mut among = |column: &str, values: Vec<Value>| {
            if !values.is_empty() {
                filters.push(any_of(column, values));
            }
        };
        among("~o.stage", self.stage.get("stage")?.into_iter().map(Value::from).collect());
        among("~o.status", self.status.get("status")?.into_iter().map(Value::from).collect());
        among("~o.customer_id", self.customer_id.get("customer_id")?.into_iter().map(Value::Int).collect());
        if let Some(text) = self.q.get("q")? {
            match BusinessNumber::range(Numbered::Opportunity, &text) {
                Some((from, to)) => {
                    let range =
                        |column| Predicate::new(format!("{column} >= $1 and {column} < $2"), vec![Value::Int(from), Value::Int(to)]);
                    filters.push(range("~o.number_key"));
                    bounds.push(("o.number_key", range("o.number_key")));
                }
                None => links.push(Link::Words(Index::Opportunities, Words::of(work, &text))),
            }
        }
        filters.extend(any_or_none("~o.owner_id", self.owner_id.get("owner_id")?));
        filters.extend(any_or_none("~o.team_id", self.team_id.get("team_id")?));
        let customer = OfCustomer {
            region: self.region,
            industry: self.industry,
            source_channel: self.source_channel,
            primary_source: self.primary_source,
            tag: self.tag,
        };
        filters.extend(customer.condition(work, "o.customer_id")?);
        let told = told::Told {
            created: (self.created_from, self.created_to),
            won: (self.won_from, self.won_to),
            won_by: self.won_by,
            won_team_id: self.won_team_id,
            lost: (self.lost_from, self.lost_to),
            lost_reason: self.lost_reason,
            competitor: self.competitor,
            lost_stage: self.lost_stage,
            forecast_class: self.forecast_class,
            reached: self.reached,
            reached_in: (self.reached_from, self.reached_to),
            also_reached: self.also_reached,
        };
        filters.extend(told.predicates(work)?);
        if let Some(day) = self.close_from.get("close_from")? {
            filters.push(Predicate::new("~o.expected_close_on >= $1", vec![day.into()]));
        }
        if let Some(day) = self.close_to.get("close_to")? {
            filters.push(Predicate::new("~o.expected_close_on <= $1 and ~o.expected_close_on <> ''", vec![day.into()]));
        }
        let overdue =
            Predicate::new("(o.status = 'open' and o.expected_close_on < $1 and o.expected_close_on <> '')", vec![work.today().into()]);
        let without = Predicate::new("(o.status = 'open' and o.open_tasks = 0 and o.last_plan_at < $1)", vec![work.now().into()]);
        switch(&mut filters, self.overdue_close.get("overdue_close")?, overdue);
        switch(&mut filters, self.without_next_step.get("without_next_step")?, without);
        if let Some(wanted) = self.stuck.get("stuck")? {
            let stuck = stuck(work)?;
            switch(&mut filters, Some(wanted), stuck);
        }
        let scope = scope::of(work, Owned::Opportunities)?;
        let list = List::of("opportunities o", "o", "o.deleted_at is null", scope, filters);
        Ok(List { links, bounds, facets: Some(FACETS), ..list })
    }
}

/// `true` keeps the rows that satisfy the condition, `false` the others.
fn switch(filters: &mut Vec<Predicate>, wanted: Option<bool>, condition: Predicate) {
    match wanted {
        None => {}
        Some(true) => filters.push(condition),
        Some(false) => filters.push(Predicate::new(format!("not {}", condition.text), condition.binds)),
    }
}

/// Open, and longer at a stage than its limit.
fn stuck(work: &mut Work) -> Result<Predicate> {
    let now = work.now();
    let mut parts = Vec::new();
    let mut binds: Vec<Value> = Vec::new();
    for stage in settings::stages(work)?.into_iter().filter(|stage| stage.kind == StageKind::Open) {
        if let Some(days) = stage.limit_days {
            parts.push(format!("(o.stage = ${} and o.entered_stage_at < ${})", binds.len() + 1, binds.len() + 2));
            binds.push(stage.key.into());
            binds.push(now.plus_ms(-days * 86_400_000).into());
        }
    }
    Ok(if parts.is_empty() { Predicate::new("(false)", binds) } else { Predicate::new(format!("({})", parts.join(" or ")), binds) })
}
