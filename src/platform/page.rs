//! Lists: keyset paging over one index walk per scope branch, an exact total up to 10,000, and the plan chosen by that total.

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;

use super::db::{Cell, FromCell, FromRow, Predicate, Value, sql};
use super::http::One;
use super::types::FieldCode;
use super::work::Work;
use crate::error::{Error, Result};

/// Totals are exact up to this many.
pub const TOTAL_LIMIT: i64 = 10_000;
/// Up to so many hits are found by their filters and sorted; more are met by walking the sort's index.
const FEW: i64 = 2_000;

/// One page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// How many rows there are in all, up to 10,000.
    pub total: i64,
    /// True when there are more than `total`.
    pub total_is_capped: bool,
}

impl<T> Page<T> {
    /// The same page with every row turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(turn).collect(),
            next_cursor: self.next_cursor,
            total: self.total,
            total_is_capped: self.total_is_capped,
        }
    }
}

/// The value of the sort column in one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// Numbers and instants.
    Int(i64),
    /// Names and days.
    Text(String),
}

impl FromCell for Key {
    fn from_cell(cell: Cell<'_>) -> Result<Key> {
        match cell {
            Cell::Int(value) => Ok(Key::Int(value)),
            Cell::Text(value) => Ok(Key::Text(value.to_owned())),
            other => Err(Error::internal(format!("{other:?} cannot be sorted by"))),
        }
    }
}

impl From<Key> for Value {
    fn from(key: Key) -> Value {
        match key {
            Key::Int(value) => Value::Int(value),
            Key::Text(value) => Value::Text(value),
        }
    }
}

/// Where a page begins: behind this row.
#[derive(Debug, Clone, PartialEq)]
struct Cursor {
    sort: String,
    key: Key,
    id: i64,
}

impl Cursor {
    fn encode(&self) -> String {
        let (tag, key) = match &self.key {
            Key::Int(value) => ('i', value.to_string()),
            Key::Text(value) => ('t', value.clone()),
        };
        URL_SAFE_NO_PAD.encode(format!("{}\n{}\n{tag}{key}", self.sort, self.id))
    }

    fn decode(text: &str, sort: &str) -> Option<Cursor> {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = plain.splitn(3, '\n');
        let (own_sort, id, key) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
        let key = match (key.chars().next()?, key.get(1..)?) {
            ('i', number) => Key::Int(number.parse().ok()?),
            ('t', text) => Key::Text(text.to_owned()),
            _ => return None,
        };
        (own_sort == sort).then(|| Cursor { sort: own_sort.to_owned(), key, id })
    }
}

/// How a list is sorted: its name in the API and the column behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The name in the API.
    pub name: &'static str,
    /// The column, never null.
    pub column: &'static str,
    /// Largest first.
    pub descending: bool,
}

impl Sort {
    /// Reads `-updated_at` against the columns a list allows; the first is the default, with `-` in its name when descending.
    pub fn read(given: One<String>, allowed: &[(&'static str, &'static str)]) -> Result<Sort> {
        let text = given.get("sort")?;
        let wanted = text.as_deref().unwrap_or(allowed[0].0);
        let bare = wanted.trim_start_matches('-');
        allowed
            .iter()
            .find(|(name, _)| name.trim_start_matches('-') == bare)
            .map(|(name, column)| Sort { name: name.trim_start_matches('-'), column, descending: wanted.starts_with('-') })
            .ok_or_else(|| Error::field("sort", FieldCode::Unknown))
    }

    fn label(&self) -> String {
        format!("{}{}", if self.descending { "-" } else { "" }, self.name)
    }
}

/// The part of a list that the reader turns over.
#[derive(Debug, Clone)]
pub struct Turn {
    sort: Sort,
    limit: i64,
    after: Option<Cursor>,
}

impl Turn {
    /// Reads `limit` (1–100, default 50) and `cursor`.
    pub fn read(sort: Sort, limit: One<i64>, cursor: One<String>) -> Result<Turn> {
        let limit = limit.get("limit")?.unwrap_or(50);
        if !(1..=100).contains(&limit) {
            return Err(Error::field("limit", FieldCode::OutOfRange { min: "1".into(), max: "100".into() }));
        }
        let after = match cursor.get("cursor")? {
            None => None,
            Some(text) => Some(Cursor::decode(&text, &sort.label()).ok_or_else(|| Error::field("cursor", FieldCode::Format))?),
        };
        Ok(Turn { sort, limit, after })
    }

    /// A first page of `limit` rows, for the server's own use.
    pub fn first(sort: Sort, limit: i64) -> Turn {
        Turn { sort, limit, after: None }
    }
}

/// Who may see which rows of an owned table, in the two forms the builder needs.
#[derive(Debug, Clone)]
pub struct Scope {
    /// One condition that holds exactly for the visible rows.
    pub whole: Predicate,
    /// Conditions that together cover the visible rows, each served by an index that is sorted further.
    pub walks: Vec<Predicate>,
}

/// A list about to be read.
pub struct List {
    /// The table with its alias: `customers c`.
    pub table: &'static str,
    /// The alias.
    pub alias: &'static str,
    /// What every row must satisfy, matching the `where` of the partial indexes; empty for none.
    pub live: &'static str,
    /// Who may see which rows.
    pub scope: Scope,
    /// What the reader asked for; all must hold.
    pub filters: Vec<Predicate>,
}

struct Text {
    text: String,
    binds: Vec<Value>,
}

impl Text {
    fn new() -> Text {
        Text { text: String::new(), binds: Vec::new() }
    }

    fn push(&mut self, text: &str) -> &mut Text {
        self.text.push_str(text);
        self
    }

    fn and(&mut self, predicate: &Predicate) -> &mut Text {
        self.text.push_str(" and ");
        predicate.append_to(&mut self.text, &mut self.binds);
        self
    }
}

impl List {
    fn conditions(&self, out: &mut Text, scope: &Predicate) {
        out.push(if self.live.is_empty() { "true" } else { self.live });
        out.and(scope);
        for filter in &self.filters {
            out.and(filter);
        }
    }

    fn behind(&self, turn: &Turn) -> Option<Predicate> {
        let Cursor { key, id, .. } = turn.after.clone()?;
        let sign = if turn.sort.descending { "<" } else { ">" };
        Some(Predicate::new(format!("({}, {}.id) {sign} ($1, $2)", turn.sort.column, self.alias), vec![key.into(), Value::Int(id)]))
    }

    /// How many rows there are, counting no further than one past [`TOTAL_LIMIT`].
    pub fn count(&self, work: &mut Work) -> Result<i64> {
        let cap = TOTAL_LIMIT + 1;
        let mut out = Text::new();
        out.push("select count(*) from (");
        if let [only] = self.scope.walks.as_slice() {
            out.push(&format!("select 1 from {} where ", self.table));
            self.conditions(&mut out, only);
        } else {
            for (index, walk) in self.scope.walks.iter().enumerate() {
                out.push(if index == 0 { "" } else { " union " });
                out.push(&format!("select id from (select {}.id as id from {} where ", self.alias, self.table));
                self.conditions(&mut out, walk);
                out.push(&format!(" limit {cap}) as w{index}"));
            }
        }
        out.push(&format!(" limit {cap}) as counted"));
        sql(out.text).binds(out.binds).one(work)
    }

    /// Figures over all rows of the list: `count(*), cast(sum(…) as bigint)`.
    pub fn aggregate<T: FromRow>(&self, work: &mut Work, figures: &str) -> Result<T> {
        let mut out = Text::new();
        out.push(&format!("select {figures} from {} where ", self.table));
        self.conditions(&mut out, &self.scope.whole);
        sql(out.text).binds(out.binds).one(work)
    }

    /// The statement that answers one page: `source` joins `page` (id, k) to what the columns need.
    fn page_text(&self, turn: &Turn, few: bool, columns: &str, source: &str) -> Text {
        let way = if turn.sort.descending { "desc" } else { "asc" };
        let rows = turn.limit + 1;
        let behind = self.behind(turn);
        let (column, alias) = (turn.sort.column, self.alias);
        let mut out = Text::new();
        if few {
            out.push(&format!("with hit as materialized (select {alias}.id as id, {column} as k from {} where ", self.table));
            self.conditions(&mut out, &self.scope.whole);
            if let Some(behind) = &behind {
                out.and(behind);
            }
            out.push(&format!("), page as (select id, k from hit order by k {way}, id {way} limit {rows})"));
        } else {
            out.push("with page as (");
            for (index, walk) in self.scope.walks.iter().enumerate() {
                out.push(if index == 0 { "" } else { " union " });
                out.push(&format!("select id, k from (select {alias}.id as id, {column} as k from {} where ", self.table));
                self.conditions(&mut out, walk);
                if let Some(behind) = &behind {
                    out.and(behind);
                }
                out.push(&format!(" order by {column} {way}, {alias}.id {way} limit {rows}) as w{index}"));
            }
            out.push(&format!(" order by k {way}, id {way} limit {rows})"));
        }
        out.push(&format!(" select page.k, page.id, {columns} from page {source} order by page.k {way}, page.id {way}"));
        out
    }

    /// Reads one page with its total.
    pub fn fetch<T: FromRow>(&self, work: &mut Work, turn: &Turn, source: &str) -> Result<Page<T>> {
        let counted = self.count(work)?;
        let few = !self.filters.is_empty() && counted <= FEW;
        let out = self.page_text(turn, few, T::COLUMNS, source);
        let mut rows: Vec<(Key, i64, T)> = sql(out.text).binds(out.binds).all(work)?;
        let more = rows.len() as i64 > turn.limit;
        rows.truncate(turn.limit as usize);
        let next_cursor = match rows.last() {
            Some((key, id, _)) if more => Some(Cursor { sort: turn.sort.label(), key: key.clone(), id: *id }.encode()),
            _ => None,
        };
        Ok(Page {
            items: rows.into_iter().map(|(_, _, row)| row).collect(),
            next_cursor,
            total: counted.min(TOTAL_LIMIT),
            total_is_capped: counted > TOTAL_LIMIT,
        })
    }

    /// The texts a page may be answered by (few hits, many hits) and the count, for tests that look at their plans.
    pub fn texts(&self, turn: &Turn, source: &str) -> [(String, Vec<Value>); 2] {
        [true, false].map(|few| {
            let out = self.page_text(turn, few, "1", source);
            (out.text, out.binds)
        })
    }
}

/// `column in ($1, $2, …)` for one or more values; no values mean no rows.
pub fn any_of(column: &str, values: Vec<Value>) -> Predicate {
    if values.is_empty() {
        return Predicate::new("false", Vec::new());
    }
    let mut text = String::with_capacity(column.len() + values.len() * 5 + 8);
    text.push_str(column);
    text.push_str(" in (");
    for number in 1..=values.len() {
        let _ = write!(text, "{}${number}", if number == 1 { "" } else { ", " });
    }
    text.push(')');
    Predicate::new(text, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_round_trip_and_belongs_to_its_sort() {
        let cursor = Cursor { sort: "-name".into(), key: Key::Text("a\nb 华".into()), id: 7 };
        assert_eq!(Cursor::decode(&cursor.encode(), "-name"), Some(cursor.clone()));
        assert_eq!(Cursor::decode(&cursor.encode(), "name"), None);
        assert_eq!(Cursor::decode("%%%", "name"), None);
    }
}
