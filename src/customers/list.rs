//! Which customers: the filters and sorts of the list, the same for every door.

use serde::Deserialize;
use utoipa::IntoParams;

use super::groups::{self, Members};
use super::model::{FollowUpStatus, Status};
use crate::error::{Error, Result};
use crate::identity::scope::{self, Owned};
use crate::platform::db::{Predicate, Value};
use crate::platform::draft::Choice;
use crate::platform::full_text::{self, Index, Words};
use crate::platform::http::{Many, One};
use crate::platform::page::{Facets, Link, List, Sort, Turn, any_of};
use crate::platform::types::{BusinessNumber, BusinessZone, Day, FieldCode, Instant, Numbered, name};
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
    ("completeness", "c.completeness"),
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

words! {
    /// 客户活跃度 by the last contact (I23).
    pub enum Activity {
        /// 活跃: followed up within the last 30 days, today included.
        Active = "active",
        /// 沉默: within the last 90, not within 30.
        Silent = "silent",
        /// 休眠: longer ago, or never.
        Dormant = "dormant",
    }
}

/// Days of 活跃 and of 沉默.
const ACTIVE_DAYS: i64 = 30;
const SILENT_DAYS: i64 = 90;

impl Activity {
    /// Where its rows are in the order of the last follow-up.
    fn bound(self, today: Day, zone: &BusinessZone) -> Predicate {
        let after = |days| Value::from(Instant::start_of(today.add_days(1 - days), zone));
        match self {
            Activity::Active => Predicate::new("c.last_followed_up_at >= $1", vec![after(ACTIVE_DAYS)]),
            Activity::Silent => {
                Predicate::new("(c.last_followed_up_at >= $1 and c.last_followed_up_at < $2)", vec![after(SILENT_DAYS), after(ACTIVE_DAYS)])
            }
            Activity::Dormant => Predicate::new("c.last_followed_up_at < $1", vec![after(SILENT_DAYS)]),
        }
    }

    /// The condition on `customers c`. The day of the last contact is that of entering where nobody ever followed up.
    fn condition(self, today: Day) -> Predicate {
        let (active, silent) = (today.add_days(-ACTIVE_DAYS), today.add_days(-SILENT_DAYS));
        match self {
            Activity::Active => Predicate::new("(~c.last_followed_up_at > 0 and ~c.last_contact_on > $1)", vec![active.into()]),
            Activity::Silent => Predicate::new(
                "(~c.last_followed_up_at > 0 and ~c.last_contact_on > $1 and ~c.last_contact_on <= $2)",
                vec![silent.into(), active.into()],
            ),
            Activity::Dormant => Predicate::new("(~c.last_followed_up_at = 0 or ~c.last_contact_on <= $1)", vec![silent.into()]),
        }
    }
}

/// What a list of something that hangs on a customer asks of that customer.
#[derive(Debug, Clone, Default)]
pub struct OfCustomer {
    pub region: Many<Choice>,
    pub industry: Many<Choice>,
    pub source_channel: Many<Choice>,
    pub primary_source: Many<Choice>,
    pub tag: Many<Choice>,
}

impl OfCustomer {
    /// The condition on the record whose column `id` names the customer; none when nothing is asked.
    pub fn condition(self, work: &mut Work, id: &str) -> Result<Option<Predicate>> {
        let mut all = Vec::new();
        all.extend(any_or_none("ac.region_id", region_ids(work, self.region)?));
        among(&mut all, "ac.industry_id", entries(work, "industry", Kind::Industry, self.industry)?);
        among(&mut all, "ac.primary_source_id", entries(work, "primary_source", Kind::SourceChannel, self.primary_source)?);
        let sources = entries(work, "source_channel", Kind::SourceChannel, self.source_channel)?;
        if !sources.is_empty() {
            all.push(within(
                "exists (select 1 from customer_sources cs where cs.customer_id = ac.id and {x})",
                &any_of("cs.entry_id", sources),
            ));
        }
        let tags = tags(work, "tag", self.tag)?;
        if !tags.is_empty() {
            all.push(within("exists (select 1 from customer_tags ct where ct.customer_id = ac.id and {x})", &any_of("ct.tag_id", tags)));
        }
        if all.is_empty() {
            return Ok(None);
        }
        let all = Predicate::all(all);
        Ok(Some(Predicate::new(format!("exists (select 1 from customers ac where ac.id = {id} and {})", all.text), all.binds)))
    }
}

/// `column` is one of these ids; 0 stands for none at all.
pub fn any_or_none(column: &str, ids: Vec<i64>) -> Option<Predicate> {
    let (none, ids): (Vec<i64>, Vec<i64>) = ids.into_iter().partition(|id| *id == 0);
    let empty = Predicate::new(format!("{column} is null"), Vec::new());
    match (none.is_empty(), ids.is_empty()) {
        (true, true) => None,
        (true, false) => Some(any_of(column, ints(ids))),
        (false, true) => Some(empty),
        (false, false) => Some(Predicate::any([any_of(column, ints(ids)), empty])),
    }
}

/// Regions by id or name; 0 for customers without one.
fn region_ids(work: &mut Work, wanted: Many<Choice>) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for choice in wanted.get("region")? {
        match (&choice, settings::find_entry(work, Kind::Region, &choice)?) {
            (Choice::Id(0), _) => ids.push(0),
            (_, Some(entry)) => ids.push(entry.id),
            (_, None) => return Err(Error::field("region", FieldCode::Unknown)),
        }
    }
    Ok(ids)
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
    /// 来源详情 with this in it, Latin words and numbers from their beginning, whatever the case; at most 200 characters (S22).
    #[param(value_type = Option<String>)]
    pub source_detail: One<String>,
    /// 标签: ids or names.
    #[param(value_type = Option<Vec<String>>)]
    pub tag: Many<Choice>,
    /// `any` (default) or `all` of the tags.
    #[param(value_type = Option<String>)]
    pub tag_mode: One<TagMode>,
    /// 排除 these tags.
    #[param(value_type = Option<Vec<String>>)]
    pub exclude_tag: Many<Choice>,
    /// 分组: static or dynamic groups in the reader's sight, any of (S32).
    #[param(value_type = Option<Vec<i64>>)]
    pub group_id: Many<i64>,
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
    /// 主来源: ids or names, any of (I25).
    #[param(value_type = Option<Vec<String>>)]
    pub primary_source: Many<Choice>,
    /// 活跃, 沉默 or 休眠, any of (I23).
    #[param(value_type = Option<Vec<String>>)]
    pub activity: Many<Activity>,
    /// With a contact on or after this day.
    #[param(value_type = Option<String>)]
    pub contacted_from: One<Day>,
    /// With a contact on or before this day.
    #[param(value_type = Option<String>)]
    pub contacted_to: One<Day>,
    /// With a contact by one of these people, within the days given.
    #[param(value_type = Option<Vec<i64>>)]
    pub contacted_by: Many<i64>,
    /// With a contact by somebody of one of these teams, within the days given; 0 for people without a team.
    #[param(value_type = Option<Vec<i64>>)]
    pub contacted_by_team: Many<i64>,
    /// 近 N 天未跟进: no contact in the last N days, today included (S31).
    #[param(value_type = Option<i64>)]
    pub not_followed_up_days: One<i64>,
    /// 近 N 天需求有变化 (S6).
    #[param(value_type = Option<i64>)]
    pub requirement_changed_days: One<i64>,
    /// 完整度 below this many per cent, 1–100 (I49).
    #[param(value_type = Option<i64>)]
    pub completeness_below: One<i64>,
    /// `updated_at`, `created_at`, `last_followed_up_at`, `name`, `number`, `completeness`; `-` for descending.
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
    index: "customers_facets",
    columns: &["status", "industry_id", "region_id", "follow_up_status", "last_contact_on", "created_on", "requirement_changed_on", "id"],
};

/// What a filter asks of customers, whoever looks at them.
#[derive(Default)]
pub struct Asked {
    filters: Vec<Predicate>,
    links: Vec<Link>,
    bounds: Vec<(&'static str, Predicate)>,
}

impl Asked {
    /// The list within the reader's scope.
    pub fn list(self, work: &mut Work) -> Result<List> {
        let scope = scope::of(work, Owned::Customers)?;
        let Asked { filters, links, bounds } = self;
        let list = List::of("customers c", "c", "c.deleted_at is null", scope, filters);
        Ok(List { links, bounds, facets: Some(FACETS), ..list })
    }

    /// All of it as one condition on `customers c`.
    pub fn whole(self) -> Predicate {
        let links: Vec<Predicate> = self.links.iter().map(|link| link.beside("c.id")).collect();
        Predicate::all(self.filters.into_iter().chain(links))
    }
}

impl From<Members> for Asked {
    fn from(members: Members) -> Asked {
        match members {
            Members::Named(link) => Asked { links: vec![link], ..Asked::default() },
            Members::Meeting(condition) => Asked { filters: vec![condition], ..Asked::default() },
        }
    }
}

impl CustomerFilter {
    /// The page asked for.
    pub fn turn(&self) -> Result<Turn> {
        Turn::read(Sort::read(self.sort.clone(), SORTS)?, self.limit.clone(), self.cursor.clone())
    }

    /// The list within the reader's scope.
    pub fn list(self, work: &mut Work) -> Result<List> {
        self.conditions(work)?.list(work)
    }

    /// What the filter asks for, apart from who may see it; all must hold.
    pub fn conditions(self, work: &mut Work) -> Result<Asked> {
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
        filters.extend(any_or_none("~c.owner_id", self.owner_id.get("owner_id")?));
        filters.extend(any_or_none("~c.team_id", self.team_id.get("team_id")?));
        among(&mut filters, "~c.industry_id", entries(work, "industry", Kind::Industry, self.industry)?);
        filters.extend(any_or_none("~c.region_id", region_ids(work, self.region)?));
        let sources = entries(work, "source_channel", Kind::SourceChannel, self.source_channel)?;
        if !sources.is_empty() {
            links.push(Link::Rows { table: "customer_sources cs", rows: any_of("cs.entry_id", sources), id: "cs.customer_id" });
        }
        if let Some(text) = self.source_detail.get("source_detail")? {
            let text = name::text(&text, 200).map_err(|code| Error::field("source_detail", code))?;
            // The search index has the words of it; of what it finds, this keeps those that have them there.
            links.push(Link::Words(Index::Customers, Words::of(work, &text)));
            filters.push(full_text::contains(work, "c.source_detail", &text));
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
        if let Some(percent) = self.completeness_below.get("completeness_below")? {
            if !(1..=100).contains(&percent) {
                return Err(Error::field("completeness_below", FieldCode::OutOfRange { min: "1".into(), max: "100".into() }));
            }
            filters.push(Predicate::new("~c.completeness < $1", vec![percent.into()]));
            bounds.push(("c.completeness", Predicate::new("c.completeness < $1", vec![percent.into()])));
        }
        let primary = entries(work, "primary_source", Kind::SourceChannel, self.primary_source)?;
        if !primary.is_empty() {
            // The main source is one of the sources: their index finds the candidates.
            links.push(Link::Rows { table: "customer_sources cs", rows: any_of("cs.entry_id", primary.clone()), id: "cs.customer_id" });
            filters.push(any_of("~c.primary_source_id", primary));
        }
        let activity = self.activity.get("activity")?;
        if !activity.is_empty() {
            let (today, zone) = (work.today(), work.zone());
            filters.push(Predicate::any(activity.iter().map(|one| one.condition(today))));
            bounds.push(("c.last_followed_up_at", Predicate::any(activity.iter().map(|one| one.bound(today, zone)))));
        }
        links.extend(contacts(work, (self.contacted_from, self.contacted_to), self.contacted_by, self.contacted_by_team)?);
        let groups = self.group_id.get("group_id")?;
        if !groups.is_empty() {
            match groups::members_of_any(work, &groups)? {
                Members::Named(link) => links.push(link),
                Members::Meeting(condition) => filters.push(condition),
            }
        }
        Ok(Asked { filters, links, bounds })
    }
}

/// A contact that fits.
fn contacts(work: &Work, days: (One<Day>, One<Day>), by: Many<i64>, teams: Many<i64>) -> Result<Option<Link>> {
    let mut all = Vec::new();
    all.extend(
        days.0.get("contacted_from")?.map(|day| Predicate::new("cf.contacted_at >= $1", vec![Instant::start_of(day, work.zone()).into()])),
    );
    let end = days.1.get("contacted_to")?.map(|day| Instant::start_of(day.add_days(1), work.zone()));
    all.extend(end.map(|at| Predicate::new("cf.contacted_at < $1", vec![at.into()])));
    among(&mut all, "cf.author_id", ints(by.get("contacted_by")?));
    all.extend(any_or_none("min(tm.team_id)", teams.get("contacted_by_team")?).map(|team| {
        let people =
            "cf.author_id in (select pu.id from users pu left join team_members tm on tm.user_id = pu.id group by pu.id having {x})";
        within(people, &team)
    }));
    let rows = (!all.is_empty()).then(|| Predicate::all(all));
    Ok(rows.map(|rows| Link::Rows { table: "follow_ups cf", rows, id: "cf.customer_id" }))
}

/// The team a person's own work counts for: the one he or she belongs to, the first of several.
pub fn team_of(person: &str) -> String {
    format!("(select min(tm.team_id) from team_members tm where tm.user_id = {person})")
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
