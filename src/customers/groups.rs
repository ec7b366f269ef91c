//! Customer groups: static ones, filled by hand, and dynamic ones, whose members are whoever meets a kept filter now (S32).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::Asked;
use super::saved_filter::{FilterProblem, SavedFilter};
use super::{find, group_store as store};
use crate::error::{Error, Fields, Result};
use crate::history::{self, Change, Event, model::EventKind};
use crate::identity::audience::{self, Visibility};
use crate::identity::scope::{self, Owned, Right};
use crate::platform::db::{Predicate, Value};
use crate::platform::draft::{Choice, Given};
use crate::platform::http::Versioned;
use crate::platform::page::{Link, any_of};
use crate::platform::types::{FieldCode, Instant, name};
use crate::platform::work::Work;
use crate::{row, words};

/// Customers put in or taken out by one request at most.
const MOST_AT_ONCE: usize = 1_000;
/// A list of groups counts the members of so many dynamic ones; the others are counted when they are opened.
const COUNTED: usize = 50;

const BROKEN_FILTER: FieldCode = FieldCode::Rule {
    code: "BROKEN_FILTER",
    zh: "分组的条件已失效，请先修改分组",
    en: "The group's condition is no longer valid; edit the group first",
};
const NOT_STATIC: FieldCode =
    FieldCode::Rule {
        code: "NOT_STATIC", zh: "动态分组的成员由条件决定", en: "The members of a dynamic group follow from its condition"
    };

words! {
    /// How a group gets its members.
    pub enum GroupKind {
        /// 静态分组
        Static = "static",
        /// 动态分组
        Dynamic = "dynamic",
    }
}

row! {
    /// A group as it is kept.
    #[derive(Debug, Clone)]
    pub struct KeptGroup {
        pub id: i64 = "g.id",
        pub name: String = "g.name",
        pub kind: GroupKind = "g.kind",
        pub visibility: Visibility = "g.visibility",
        pub filter: String = "g.filter",
        pub owner_id: i64 = "g.owner_id",
        pub owner_name: String = "u.name",
        pub team_id: Option<i64> = "g.team_id",
        pub team_name: Option<String> = "t.name",
        pub created_at: Instant = "g.created_at",
        pub updated_at: Instant = "g.updated_at",
        pub version: i64 = "g.version",
    }
}

/// A group of customers (S32).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CustomerGroup)]
pub struct Group {
    /// Id.
    pub id: i64,
    /// 分组名称.
    pub name: String,
    /// `static` or `dynamic`.
    #[schema(value_type = String)]
    pub kind: GroupKind,
    /// `private`, `team` or `public`.
    #[schema(value_type = String)]
    pub visibility: Visibility,
    /// Of a dynamic group: the list's filters.
    pub filter: Option<SavedFilter>,
    /// What of the filter means nothing any more.
    pub problems: Vec<FilterProblem>,
    /// How many customers in the reader's scope belong to it, up to 10,001; null when not counted here.
    pub member_count: Option<i64>,
    /// Whose group it is.
    pub owner_id: i64,
    /// The owner's name.
    pub owner_name: String,
    /// The team that may use it.
    pub team_id: Option<i64>,
    /// The team's name.
    pub team_name: Option<String>,
    /// Whether the reader may change it.
    pub can_edit: bool,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last edited.
    pub updated_at: Instant,
    /// For `If-Match`.
    pub version: i64,
}

impl Versioned for Group {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A group to be made or edited.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GroupDraft {
    /// 分组名称, 1–50 characters.
    pub name: Given<String>,
    /// `static` or `dynamic`; cannot be changed later.
    #[schema(value_type = Option<String>)]
    pub kind: Given<GroupKind>,
    /// `private` (default), `team` or `public`.
    #[schema(value_type = Option<String>)]
    pub visibility: Given<Visibility>,
    /// Of a dynamic group: the list's filters.
    #[schema(value_type = Option<Object>)]
    pub filter: Given<SavedFilter>,
}

/// Customers to be put into a group or taken out.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MembersDraft {
    /// Ids or numbers, at most 1,000.
    pub ids: Given<Vec<Choice>>,
}

row! {
    /// A group in a few words.
    #[derive(Debug, Clone, Serialize, ToSchema)]
    pub struct GroupName {
        /// Id.
        pub id: i64 = "g.id",
        /// 分组名称.
        pub name: String = "g.name",
        /// `private`, `team` or `public`.
        #[schema(value_type = String)]
        pub visibility: Visibility = "g.visibility",
    }
}

/// The groups in the reader's sight, by name; at most 500.
pub fn all(work: &mut Work) -> Result<Vec<Group>> {
    let kept = store::all(work)?;
    let fixed: Vec<i64> = kept.iter().filter(|group| group.kind == GroupKind::Static).map(|group| group.id).collect();
    let counts = store::counts(work, &fixed)?;
    let mut counted = 0;
    kept.into_iter()
        .map(|group| {
            if group.kind == GroupKind::Static {
                let count = counts.iter().find(|(id, _)| *id == group.id).map_or(0, |(_, count)| *count);
                return shown(work, group, Some(count));
            }
            counted += 1;
            if counted > COUNTED { shown(work, group, None) } else { counted_one(work, group) }
        })
        .collect()
}

/// One group in the reader's sight.
pub fn get(work: &mut Work, id: i64) -> Result<Group> {
    let group = store::find(work, id)?.ok_or(Error::NotFound)?;
    counted_one(work, group)
}

fn counted_one(work: &mut Work, group: KeptGroup) -> Result<Group> {
    let count = match members(work, &group) {
        Ok(members) => Some(Asked::from(members).list(work)?.count(work)?),
        Err(Error::Invalid(_)) => None,
        Err(error) => return Err(error),
    };
    shown(work, group, count)
}

fn shown(work: &mut Work, kept: KeptGroup, member_count: Option<i64>) -> Result<Group> {
    let filter = (kept.kind == GroupKind::Dynamic).then(|| SavedFilter::from_stored(&kept.filter));
    let problems = match &filter {
        Some(filter) => filter.problems(work, work.actor.lang)?,
        None => Vec::new(),
    };
    Ok(Group {
        id: kept.id,
        can_edit: work.actor.may("edit_customers") && audience::may_change(work, kept.owner_id, kept.visibility),
        name: kept.name,
        kind: kept.kind,
        visibility: kept.visibility,
        filter,
        problems,
        member_count,
        owner_id: kept.owner_id,
        owner_name: kept.owner_name,
        team_id: kept.team_id,
        team_name: kept.team_name,
        created_at: kept.created_at,
        updated_at: kept.updated_at,
        version: kept.version,
    })
}

/// Who belongs to a group, apart from who may see them.
pub enum Members {
    /// Whoever was put in.
    Named(Link),
    /// Whoever meets a condition on `customers c`.
    Meeting(Predicate),
}

fn named(ids: Vec<i64>) -> Link {
    let rows = any_of("gm.group_id", ids.into_iter().map(Value::Int).collect());
    Link::Rows { table: "customer_group_members gm", rows, id: "gm.customer_id" }
}

fn members(work: &mut Work, group: &KeptGroup) -> Result<Members> {
    match group.kind {
        GroupKind::Static => Ok(Members::Named(named(vec![group.id]))),
        GroupKind::Dynamic => Ok(Members::Meeting(SavedFilter::from_stored(&group.filter).read()?.conditions(work)?.whole())),
    }
}

/// The list's filter by groups: whoever belongs to one of them. A group out of sight is unknown like an absent one.
pub fn members_of_any(work: &mut Work, ids: &[i64]) -> Result<Members> {
    let found = store::among(work, &any_of("g.id", ids.iter().copied().map(Value::Int).collect()))?;
    if ids.iter().any(|id| found.iter().all(|group| group.id != *id)) {
        return Err(Error::field("group_id", FieldCode::Unknown));
    }
    if found.iter().all(|group| group.kind == GroupKind::Static) {
        return Ok(Members::Named(named(ids.to_vec())));
    }
    let mut parts = Vec::new();
    for group in &found {
        let members = members(work, group).map_err(|error| match error {
            Error::Invalid(_) => Error::field("group_id", BROKEN_FILTER),
            other => other,
        })?;
        parts.push(match members {
            Members::Named(link) => link.beside("c.id"),
            Members::Meeting(condition) => condition,
        });
    }
    Ok(Members::Meeting(Predicate::any(parts)))
}

/// Makes a group.
pub fn create(work: &mut Work, draft: &GroupDraft) -> Result<Group> {
    let draft = draft.clone();
    let mut fields = Fields::default();
    let name = draft.name.and_then(|text| name::text(&text, 50)).required("name", &mut fields);
    let kind = draft.kind.required("kind", &mut fields);
    let visibility = draft.visibility.optional("visibility", &mut fields).unwrap_or(Visibility::Private);
    let team_id = audience::team_for(work, visibility, None, &mut fields)?;
    let filter = match kind {
        Some(GroupKind::Dynamic) => checked(work, draft.filter.required("filter", &mut fields), &mut fields)?,
        Some(GroupKind::Static) if matches!(draft.filter, Given::Value(_) | Given::Bad(_)) => {
            fields.add("filter", FieldCode::NotAllowed);
            None
        }
        _ => None,
    };
    match (name, kind) {
        (Some(name), Some(kind)) if fields.is_empty() => {
            let id = store::insert(work, &store::NewGroup { name: &name, kind, visibility, team_id, filter: &filter.unwrap_or_default() })?;
            note(work, EventKind::GroupCreated, id, &name, &[])?;
            get(work, id)
        }
        _ => Err(Error::Invalid(fields)),
    }
}

/// A dynamic group is no part of another group: it would never end.
fn checked(work: &mut Work, filter: Option<SavedFilter>, fields: &mut Fields) -> Result<Option<SavedFilter>> {
    let Some(filter) = filter else { return Ok(None) };
    if filter.0.contains_key("group_id") {
        fields.add("filter.group_id", FieldCode::NotAllowed);
        return Ok(None);
    }
    if filter.0.is_empty() {
        fields.add("filter", FieldCode::Required);
    }
    filter.check(work, "filter", fields)?;
    Ok(Some(filter))
}

/// The group, if the caller may change it.
fn own(work: &mut Work, id: i64) -> Result<KeptGroup> {
    let group = store::find(work, id)?.ok_or(Error::NotFound)?;
    audience::require_change(work, group.owner_id, group.visibility)?;
    Ok(group)
}

/// Renames a group, shows it to others, changes its condition.
pub fn edit(work: &mut Work, id: i64, version: i64, draft: &GroupDraft) -> Result<Group> {
    let before = own(work, id)?;
    if before.version != version {
        let current = get(work, id)?;
        return Err(Error::Changed(serde_json::to_value(current)?));
    }
    let draft = draft.clone();
    let mut fields = Fields::default();
    let mut after = before.clone();
    if let Some(name) = draft.name.and_then(|text| name::text(&text, 50)).change_required("name", &mut fields) {
        after.name = name;
    }
    if draft.kind.change_required("kind", &mut fields).is_some_and(|kind| kind != before.kind) {
        fields.add("kind", FieldCode::NotAllowed);
    }
    if let Some(visibility) = draft.visibility.change_required("visibility", &mut fields) {
        after.visibility = visibility;
        after.team_id =
            if visibility == before.visibility { before.team_id } else { audience::team_for(work, visibility, None, &mut fields)? };
    }
    if draft.filter.is_given() {
        if before.kind == GroupKind::Static {
            fields.add("filter", FieldCode::NotAllowed);
        } else if let Some(filter) = checked(work, draft.filter.required("filter", &mut fields), &mut fields)? {
            after.filter = filter.to_stored()?;
        }
    }
    fields.into_result()?;
    store::update(work, &after)?;
    let changes: Vec<Change> = [
        Change::of("name", &before.name, &after.name),
        Change::of("visibility", before.visibility.word(), after.visibility.word()),
        Change::of("filter", &before.filter, &after.filter),
    ]
    .into_iter()
    .flatten()
    .collect();
    note(work, EventKind::GroupEdited, id, &after.name, &changes)?;
    get(work, id)
}

/// Removes a group; its customers stay where they are.
pub fn delete(work: &mut Work, id: i64, version: i64) -> Result<()> {
    let group = own(work, id)?;
    if group.version != version {
        let current = get(work, id)?;
        return Err(Error::Changed(serde_json::to_value(current)?));
    }
    store::delete(work, id)?;
    note(work, EventKind::GroupDeleted, id, &group.name, &[])
}

fn note(work: &mut Work, kind: EventKind, id: i64, name: &str, changes: &[Change]) -> Result<()> {
    history::record(work, &Event::new(kind, "customer_group", id).with("name", name).with_changes(changes))
}

/// The static group that the caller may fill.
pub fn to_fill(work: &mut Work, id: i64) -> Result<KeptGroup> {
    let group = own(work, id)?;
    if group.kind == GroupKind::Static { Ok(group) } else { Err(Error::field("group_id", NOT_STATIC)) }
}

/// Puts a visible customer into a static group, or takes it out; false when nothing had to be done. Only of a group that everybody
/// sees may everybody read in the customer's history.
pub fn place(work: &mut Work, group: &KeptGroup, customer_id: i64, inside: bool) -> Result<bool> {
    let changed = if inside { store::add_member(work, group.id, customer_id)? } else { store::remove_member(work, group.id, customer_id)? };
    if !changed {
        return Ok(false);
    }
    let kind = if inside { EventKind::CustomerGrouped } else { EventKind::CustomerUngrouped };
    let event = Event::new(kind, "customer_group", group.id).with("name", &group.name).with("customer_id", customer_id);
    let event = if group.visibility == Visibility::Public { event.on_customer(customer_id) } else { event };
    history::record(work, &event)?;
    Ok(true)
}

/// Puts customers into a static group, or takes them out.
pub fn place_all(work: &mut Work, id: i64, draft: &MembersDraft, inside: bool) -> Result<Group> {
    let group = to_fill(work, id)?;
    let mut fields = Fields::default();
    let wanted = draft.ids.clone().required("ids", &mut fields).unwrap_or_default();
    if wanted.len() > MOST_AT_ONCE {
        fields.add("ids", FieldCode::TooMany { max: MOST_AT_ONCE });
    }
    fields.into_result()?;
    let customers = super::visible_ids(work, &wanted)?.ok_or_else(|| Error::field("ids", FieldCode::Unknown))?;
    for customer in customers {
        place(work, &group, customer, inside)?;
    }
    get(work, id)
}

/// The static groups of a customer that the reader may know of.
pub fn of_customer(work: &mut Work, wanted: &Choice) -> Result<Vec<GroupName>> {
    let customer = find(work, wanted, Right::Read)?.ok_or(Error::NotFound)?;
    store::of_customer(work, customer.id)
}

/// The scope a group is looked at in: never more than the reader's own.
pub(super) fn scope_of_reader(work: &Work) -> Predicate {
    scope::predicate(work, Owned::Customers, Right::Read)
}
