//! Which plans and records to list.

use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{Bound, PlanStatus};
use crate::customers::list::{OfCustomer, any_or_none, team_of};
use crate::error::{Error, Result};
use crate::platform::db::{Predicate, Value};
use crate::platform::draft::Choice;
use crate::platform::http::{Many, One};
use crate::platform::page::{Sort, Turn, any_of};
use crate::platform::types::{BusinessZone, FieldCode, Instant};
use crate::platform::work::Work;

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

/// The longest period in which hours can be asked for.
const MOST_DAYS: i64 = 400;

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
    /// Records by people of these teams; 0 for people without one.
    #[param(value_type = Option<Vec<i64>>)]
    author_team_id: Many<i64>,
    /// Regions of the customer: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    region: Many<Choice>,
    /// Industries of the customer: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    industry: Many<Choice>,
    /// 来源渠道 of the customer: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    source_channel: Many<Choice>,
    /// 主来源 of the customer: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    primary_source: Many<Choice>,
    /// 标签 of the customer: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    tag: Many<Choice>,
    /// Contacts on this day of the week, 1 (Monday) to 7; needs `from` and `to`, at most 400 days apart.
    #[param(value_type = Option<i64>)]
    weekday: One<i64>,
    /// Contacts within this hour of the day, 0–23; needs `from` and `to`, at most 400 days apart.
    #[param(value_type = Option<i64>)]
    hour: One<i64>,
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
    pub fn predicates(self, work: &mut Work) -> Result<Vec<Predicate>> {
        let mut all = Vec::new();
        ids(&mut all, "f.opportunity_id", self.opportunity_id.get("opportunity_id")?);
        ids(&mut all, "f.customer_id", self.customer_id.get("customer_id")?);
        ids(&mut all, "f.author_id", self.author_id.get("author_id")?);
        all.extend(any_or_none(&team_of("f.author_id"), self.author_team_id.get("author_team_id")?));
        let customer = OfCustomer {
            region: self.region,
            industry: self.industry,
            source_channel: self.source_channel,
            primary_source: self.primary_source,
            tag: self.tag,
        };
        all.extend(customer.condition(work, "f.customer_id")?);
        let zone = work.zone();
        let (weekday, hour) = (self.weekday.get("weekday")?, self.hour.get("hour")?);
        if weekday.is_some() || hour.is_some() {
            all.push(at_hours(weekday, hour, self.from.clone().get("from")?, self.to.clone().get("to")?, zone)?);
        }
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

/// Contacts at hours of the week, as the stretches of time that they are in a period: so it holds over changes of the clocks.
fn at_hours(weekday: Option<i64>, hour: Option<i64>, from: Option<Bound>, to: Option<Bound>, zone: &BusinessZone) -> Result<Predicate> {
    if weekday.is_some_and(|day| !(1..=7).contains(&day)) {
        return Err(Error::field("weekday", FieldCode::OutOfRange { min: "1".into(), max: "7".into() }));
    }
    if hour.is_some_and(|hour| !(0..=23).contains(&hour)) {
        return Err(Error::field("hour", FieldCode::OutOfRange { min: "0".into(), max: "23".into() }));
    }
    let from = from.ok_or_else(|| Error::field("from", FieldCode::Required))?.first(zone).day_in(zone);
    let to = to.ok_or_else(|| Error::field("to", FieldCode::Required))?.last(zone).day_in(zone);
    if from.days_until(to) > MOST_DAYS {
        return Err(Error::field("to", FieldCode::OutOfRange { min: "1".into(), max: MOST_DAYS.to_string() }));
    }
    let mut parts = Vec::new();
    let mut day = from;
    while day <= to {
        if weekday.is_none_or(|wanted| day.monday().days_until(day) + 1 == wanted) {
            let (begin, end) = match hour {
                None => (Instant::start_of(day, zone), Instant::start_of(day.add_days(1), zone)),
                Some(23) => (Instant::at(day, 23, 0, zone), Instant::start_of(day.add_days(1), zone)),
                Some(hour) => (Instant::at(day, hour as i8, 0, zone), Instant::at(day, hour as i8 + 1, 0, zone)),
            };
            parts.push(Predicate::new("(f.contacted_at >= $1 and f.contacted_at < $2)", vec![begin.into(), end.into()]));
        }
        day = day.add_days(1);
    }
    Ok(Predicate::any(parts))
}
