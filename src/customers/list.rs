//! Which customers: the filters and sorts of the list, the same for every door.

use serde::Deserialize;
use utoipa::IntoParams;

use super::model::{FollowUpStatus, Status};
use crate::error::{Error, Result};
use crate::identity::scope::{self, Owned};
use crate::platform::db::{Predicate, Value};
use crate::platform::draft::Choice;
use crate::platform::full_text::{Index, Words};
use crate::platform::http::{Many, One};
use crate::platform::page::{Link, List, Sort, Turn, any_of};
use crate::platform::types::{BusinessNumber, Day, FieldCode, Instant, Numbered};
use crate::platform::work::Work;
use crate::settings::{self, Kind};
use crate::words;

/// What the list can be sorted by; the first is the default.
pub const SORTS: &[(&str, &str)] = &[
    ("-updated_at", "c.updated_at"),
    ("created_at", "c.created_at"),
    ("last_followed_up_at", "c.last_followed_up_at"),
    ("name", "c.name_key"),
    ("number", "c.number_key"),
];

words! {
    /// How several tags combine (S31).
    pub enum TagMode {
        /// 任一
        Any = "any",
        /// 全部
        All = "all",
    }
}

/// What the reader asks for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct CustomerFilter {
    /// Number, name, contact, phone (also its last four digits), pinyin or initials (S25).
    #[param(value_type = Option<String>)]
    pub q: One<String>,
    /// 客户状态, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub status: Many<Status>,
    /// 跟进状态, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub follow_up_status: Many<FollowUpStatus>,
    /// 所属行业: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub industry: Many<Choice>,
    /// 区域: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub region: Many<Choice>,
    /// 来源渠道: ids or names, any of.
    #[param(value_type = Option<Vec<String>>)]
    pub source_channel: Many<Choice>,
    /// 标签: ids or names.
    #[param(value_type = Option<Vec<String>>)]
    pub tag: Many<Choice>,
    /// `any` (default) or `all` of the tags.
    #[param(value_type = Option<String>)]
    pub tag_mode: One<TagMode>,
    /// 排除 these tags.
    #[param(value_type = Option<Vec<String>>)]
    pub exclude_tag: Many<Choice>,
    /// Owners, any of.
    #[param(value_type = Option<Vec<i64>>)]
    pub owner_id: Many<i64>,
    /// Teams, any of.
    #[param(value_type = Option<Vec<i64>>)]
    pub team_id: Many<i64>,
    /// Entered on or after this day.
    #[param(value_type = Option<String>)]
    pub created_from: One<Day>,
    /// Entered on or before this day.
    #[param(value_type = Option<String>)]
    pub created_to: One<Day>,
    /// 近 N 天未跟进: no contact in the last N days, today included (S31).
    #[param(value_type = Option<i64>)]
    pub not_followed_up_days: One<i64>,
    /// 近 N 天需求有变化 (S6).
    #[param(value_type = Option<i64>)]
    pub requirement_changed_days: One<i64>,
    /// `updated_at`, `created_at`, `last_followed_up_at`, `name`, `number`; `-` for descending.
    #[param(value_type = Option<String>)]
    pub sort: One<String>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    pub limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    pub cursor: One<String>,
}

impl CustomerFilter {
    /// The page asked for.
    pub fn turn(&self) -> Result<Turn> {
        Turn::read(Sort::read(self.sort.clone(), SORTS)?, self.limit.clone(), self.cursor.clone())
    }

    /// The list within the reader's scope.
    pub fn list(self, work: &mut Work) -> Result<List> {
        let mut filters: Vec<Predicate> = Vec::new();
        let mut links: Vec<Link> = Vec::new();
        let mut bounds: Vec<(&'static str, Predicate)> = Vec::new();
        if let Some(text) = self.q.get("q")? {
            match BusinessNumber::range(Numbered::Customer, &text) {
                Some((from, to)) => {
                    let range =
                        |column| Predicate::new(format!("{column} >= $1 and {column} < $2"), vec![Value::Int(from), Value::Int(to)]);
                    filters.push(range("~c.number_key"));
                    bounds.push(("c.number_key", range("c.number_key")));
                }
                None => links.push(Link::Words(Index::Customers, Words::of(work, &text))),
            }
        }
        among(&mut filters, "~c.status", self.status.get("status")?.into_iter().map(Value::from).collect());
        let follow_up_statuses: Vec<Value> = self.follow_up_status.get("follow_up_status")?.into_iter().map(Value::from).collect();
        // Who was never contacted has mostly not been followed up, either: one index for both.
        let own_index = follow_up_statuses.len() == 1 && self.sort.0.iter().flatten().any(|sort| sort.ends_with("last_followed_up_at"));
        among(&mut filters, if own_index { "c.follow_up_status" } else { "~c.follow_up_status" }, follow_up_statuses);
        among(&mut filters, "~c.owner_id", ints(self.owner_id.get("owner_id")?));
        among(&mut filters, "~c.team_id", ints(self.team_id.get("team_id")?));
        among(&mut filters, "~c.industry_id", entries(work, "industry", Kind::Industry, self.industry)?);
        among(&mut filters, "~c.region_id", entries(work, "region", Kind::Region, self.region)?);
        let sources = entries(work, "source_channel", Kind::SourceChannel, self.source_channel)?;
        if !sources.is_empty() {
            links.push(Link::Rows { table: "customer_sources cs", rows: any_of("cs.entry_id", sources), id: "cs.customer_id" });
        }
        let tags = tags(work, "tag", self.tag)?;
        let tagged = |tags: Vec<Value>| Link::Rows { table: "customer_tags ct", rows: any_of("ct.tag_id", tags), id: "ct.customer_id" };
        match self.tag_mode.get("tag_mode")? {
            Some(TagMode::All) => links.extend(tags.into_iter().map(|tag| tagged(vec![tag]))),
            _ if !tags.is_empty() => links.push(tagged(tags)),
            _ => {}
        }
        let excluded = self::tags(work, "exclude_tag", self.exclude_tag)?;
        if !excluded.is_empty() {
            filters.push(within(
                "not exists (select 1 from customer_tags ct where ct.customer_id = c.id and {x})",
                &any_of("ct.tag_id", excluded),
            ));
        }
        if let Some(day) = self.created_from.get("created_from")? {
            filters.push(Predicate::new("~c.created_on >= $1", vec![day.into()]));
            bounds.push(("c.created_at", Predicate::new("c.created_at >= $1", vec![Instant::start_of(day, work.zone()).into()])));
        }
        if let Some(day) = self.created_to.get("created_to")? {
            filters.push(Predicate::new("~c.created_on <= $1", vec![day.into()]));
            bounds
                .push(("c.created_at", Predicate::new("c.created_at < $1", vec![Instant::start_of(day.add_days(1), work.zone()).into()])));
        }
        if let Some(days) = self.not_followed_up_days.get("not_followed_up_days")? {
            let last = work.today().add_days(-in_days("not_followed_up_days", days)?);
            filters.push(Predicate::new("~c.last_contact_on <= $1", vec![last.into()]));
            let end = Instant::start_of(last.add_days(1), work.zone());
            bounds.push(("c.last_followed_up_at", Predicate::new("c.last_followed_up_at < $1", vec![end.into()])));
        }
        if let Some(days) = self.requirement_changed_days.get("requirement_changed_days")? {
            let first = work.today().add_days(1 - in_days("requirement_changed_days", days)?);
            filters.push(Predicate::new("~c.requirement_changed_on >= $1", vec![first.into()]));
        }
        let scope = scope::of(work, Owned::Customers)?;
        let facets = Some("customers_facets");
        Ok(List { table: "customers c", alias: "c", live: "c.deleted_at is null", scope, filters, links, bounds, facets })
    }
}

fn among(filters: &mut Vec<Predicate>, column: &str, values: Vec<Value>) {
    if !values.is_empty() {
        filters.push(any_of(column, values));
    }
}

fn ints(values: Vec<i64>) -> Vec<Value> {
    values.into_iter().map(Value::Int).collect()
}

fn within(text: &str, inner: &Predicate) -> Predicate {
    Predicate::new(text.replace("{x}", &inner.text), inner.binds.clone())
}

fn in_days(field: &str, days: i64) -> Result<i64> {
    if (1..=3_650).contains(&days) {
        Ok(days)
    } else {
        Err(Error::field(field, FieldCode::OutOfRange { min: "1".into(), max: "3650".into() }))
    }
}

/// The ids of dictionary values; a disabled one can still be filtered by.
fn entries(work: &mut Work, field: &str, kind: Kind, wanted: Many<Choice>) -> Result<Vec<Value>> {
    let mut ids = Vec::new();
    for choice in wanted.get(field)? {
        match settings::find_entry(work, kind, &choice)? {
            Some(entry) => ids.push(Value::Int(entry.id)),
            None => return Err(Error::field(field, FieldCode::Unknown)),
        }
    }
    Ok(ids)
}

fn tags(work: &mut Work, field: &str, wanted: Many<Choice>) -> Result<Vec<Value>> {
    let mut ids = Vec::new();
    for choice in wanted.get(field)? {
        match settings::find_tag(work, &choice)? {
            Some(tag) => ids.push(Value::Int(tag.id)),
            None => return Err(Error::field(field, FieldCode::Unknown)),
        }
    }
    Ok(ids)
}
