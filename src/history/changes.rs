//! The change history of one record: field, before, after, who, when, through which door (I50).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::label;
use crate::error::Result;
use crate::identity;
use crate::platform::db::{Predicate, Value, sql};
use crate::platform::http::{Many, One};
use crate::platform::page::{List, Page, Scope, Sort, Turn, any_of};
use crate::platform::types::{Instant, Lang};
use crate::platform::work::Work;
use crate::row;

const NEWEST_FIRST: Sort = Sort { name: "at", column: "h.at", descending: true };

/// Which changes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// Only these fields.
    #[param(value_type = Option<Vec<String>>)]
    pub field: Many<String>,
    /// Rows of a page, 1–100.
    #[param(value_type = Option<i64>)]
    pub limit: One<i64>,
    /// From the page before.
    #[param(value_type = Option<String>)]
    pub cursor: One<String>,
}

impl ChangesQuery {
    /// The page asked for.
    pub fn turn(&self) -> Result<Turn> {
        Turn::read(NEWEST_FIRST, self.limit.clone(), self.cursor.clone())
    }
}

row! {
    struct Kept {
        id: i64 = "h.id",
        field: String = "h.field",
        old: String = "h.old",
        new: String = "h.new",
        at: Instant = "h.at",
        by_name: Option<String> = "u.name",
        door: String = "h.door",
    }
}

/// One field before and after.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldChange {
    /// Id.
    pub id: i64,
    /// The field.
    pub field: String,
    /// Its name in the reader's language.
    pub label: String,
    /// Before, empty for nothing; people and teams by name, choices by their API word.
    pub old: String,
    /// After.
    pub new: String,
    /// When.
    pub at: Instant,
    /// Who; none for a rule or a schedule.
    pub by_name: Option<String>,
    /// `api` for people and programs, `system` for rules and schedules.
    pub door: String,
}

/// The changes of a record that was found in the reader's scope, newest first.
pub fn of_record(work: &mut Work, kind: &'static str, record_id: i64, query: ChangesQuery, lang: Lang) -> Result<Page<FieldChange>> {
    let turn = query.turn()?;
    let own = Predicate::new("h.kind = $1 and h.record_id = $2", vec![kind.into(), Value::Int(record_id)]);
    let fields = query.field.get("field")?;
    let filters = if fields.is_empty() { Vec::new() } else { vec![any_of("h.field", fields.into_iter().map(Value::from).collect())] };
    let list = List::of("changes h", "h", "", Scope::same(own), filters);
    let page: Page<Kept> = list.fetch(work, &turn, "join changes h on h.id = page.id left join users u on u.id = h.by_id")?;
    let people = names(work, &page.items, "owner", identity::names_of)?;
    let teams = names(work, &page.items, "team", |work, ids| {
        let among = any_of("id", ids.iter().copied().map(Value::Int).collect());
        sql("select id, name from teams where {among}").part("among", &among).all(work)
    })?;
    let spoken = |field: &str, value: String| {
        let known = match field {
            "owner" => &people,
            "team" => &teams,
            _ => return value,
        };
        known.iter().find(|named| named.id.to_string() == value).map_or(value, |named| named.name.clone())
    };
    Ok(page.map(|kept| FieldChange {
        id: kept.id,
        label: label(kind, &kept.field, lang),
        old: spoken(&kept.field, kept.old),
        new: spoken(&kept.field, kept.new),
        field: kept.field,
        at: kept.at,
        by_name: kept.by_name,
        door: kept.door,
    }))
}

/// The names behind the ids that a field had, in one query.
fn names(
    work: &mut Work,
    rows: &[Kept],
    field: &str,
    look: impl Fn(&mut Work, &[i64]) -> Result<Vec<identity::model::Named>>,
) -> Result<Vec<identity::model::Named>> {
    let ids: BTreeSet<i64> =
        rows.iter().filter(|row| row.field == field).flat_map(|row| [&row.old, &row.new]).filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() { Ok(Vec::new()) } else { look(work, &ids.into_iter().collect::<Vec<_>>()) }
}
