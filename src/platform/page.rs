//! Lists: keyset paging over one index walk per scope branch, an exact total up to 10,000, and the plan chosen by that total.
//!
//! Neither engine knows what a bound value will match, so the builder decides. A filtered list is first asked for its ids, up to one
//! past [`TOTAL_LIMIT`]: that is the total, and when they are few it is also the list, to be sorted here. When there are many, the
//! sort's index is walked with the filters as conditions on the side: the next page is then never far.

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;

use super::db::{Cell, FromCell, FromRow, Predicate, Sql, Value, sql};
use super::full_text::{Index, Words};
use super::http::One;
use super::types::FieldCode;
use super::work::Work;
use crate::error::{Error, Result};

mod tally;

pub use tally::{ById, ForMost, Part, Spread, Sum, Sums, Walked, tally};

/// Totals are exact up to this many.
pub const TOTAL_LIMIT: i64 = 10_000;
/// Up to so many hits are found by their filters and sorted; more are met by walking the sort's index.
const FEW: usize = 2_000;
/// What several filters or a search leave may stand far apart in the sort's order: it is sorted whole as long as it is counted whole.
const FEW_TOGETHER: usize = TOTAL_LIMIT as usize;
/// Looking a row up in the full-text index costs far more than sorting it: up to so many hits are sorted by the engine.
const FEW_WORDS: i64 = 100_000;
/// A link with so many rows is followed to ours before any index is scanned.
const FEW_LINKED: i64 = 50_000;
/// So many rows are asked one by one whether they have the words: 70 µs each.
const FEW_ASKED: i64 = 1_000;
/// To find the link with the fewest rows they are counted so far.
const COUNTED_LINKED: i64 = 200_000;
/// So many ids are bound at once, the last one repeated where there are fewer: a few texts for every number of ids.
const IDS: usize = 250;

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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
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

    /// The ids of this page, and one more, among rows that are the whole list.
    fn page_of(&self, mut rows: Vec<Keyed>) -> Vec<i64> {
        rows.sort_unstable();
        if self.sort.descending {
            rows.reverse();
        }
        let begin = match &self.after {
            None => 0,
            Some(Cursor { key, id, .. }) => rows.partition_point(|(k, i)| {
                let order = (k, i).cmp(&(key, id));
                if self.sort.descending { order.is_ge() } else { order.is_le() }
            }),
        };
        rows.into_iter().skip(begin).take(self.limit as usize + 1).map(|(_, id)| id).collect()
    }
}

/// One way to visible rows that an index serves sorted further: what one owns, what a team owns, what is shared.
#[derive(Debug, Clone)]
pub struct Walk {
    /// The condition on the table.
    pub rows: Predicate,
    /// The word that these rows, and no others, have in the full-text index.
    pub gram: Option<String>,
}

impl From<Predicate> for Walk {
    fn from(rows: Predicate) -> Walk {
        Walk { rows, gram: None }
    }
}

/// Who may see which rows of a table.
#[derive(Debug, Clone)]
pub struct Scope {
    /// One condition that holds exactly for the visible rows.
    pub whole: Predicate,
    /// The same condition, where rows are met by another way and only judged by it.
    pub by_row: Predicate,
    /// Conditions that together cover the visible rows; a single one when so much is visible that it is best judged row by row.
    pub walks: Vec<Walk>,
    /// For whoever sees little: conditions that together cover the visible rows and share none, each with the column its index begins
    /// with. None where so much is visible that it is best judged row by row.
    pub apart: Vec<(Predicate, &'static str)>,
}

impl Scope {
    /// Everybody sees the same rows.
    pub fn same(rows: Predicate) -> Scope {
        Scope { walks: vec![rows.clone().into()], by_row: rows.clone(), whole: rows, apart: Vec::new() }
    }

    fn is_wide(&self) -> bool {
        self.walks.len() == 1
    }
}

/// A filter through another table, in two forms.
#[derive(Debug, Clone)]
pub enum Link {
    /// Rows of a table that names ours: tags, sources, groups.
    Rows {
        /// That table with its alias: `customer_tags ct`.
        table: &'static str,
        /// Which of its rows.
        rows: Predicate,
        /// How one of them names ours: `ct.customer_id`.
        id: &'static str,
    },
    /// Words in a full-text index.
    Words(Index, Words),
}

impl Link {
    /// The filter for a row that is known already, by an expression for its id.
    pub fn beside(&self, own_id: &str) -> Predicate {
        match self {
            Link::Rows { table, rows, id } => {
                Predicate::new(format!("exists (select 1 from {table} where {id} = {own_id} and {})", rows.text), rows.binds.clone())
            }
            Link::Words(index, words) => index.has(words, own_id),
        }
    }
}

/// An index that holds several filters' columns, so that they are answered together by one scan of it.
#[derive(Debug, Clone, Copy)]
pub struct Facets {
    /// Its name.
    pub index: &'static str,
    /// Its columns, but for those that better indexes begin with.
    pub columns: &'static [&'static str],
}

impl Facets {
    /// True when a filter asks of `alias` for nothing but these columns.
    fn answer(&self, filter: &Predicate, alias: &str) -> bool {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        filter.text.match_indices(&format!("{alias}.")).all(|(at, own)| {
            let inside = filter.text[..at].ends_with(is_word);
            let name = filter.text[at + own.len()..].split(|c| !is_word(c)).next().unwrap_or_default();
            inside || self.columns.contains(&name)
        })
    }
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
    /// What the reader asked for; all must hold. `~` before a column keeps a walk from leaving its index for that column's own.
    pub filters: Vec<Predicate>,
    /// What the reader asked for that other tables know; all must hold.
    pub links: Vec<Link>,
    /// What a filter means for a column that is sorted by, (that column, where the filter's rows can be at all): a walk begins there.
    pub bounds: Vec<(&'static str, Predicate)>,
    /// The index for several filters together.
    pub facets: Option<Facets>,
}

/// A row's place in a sort, and its id.
type Keyed = (Key, i64);

/// How a page is come by.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way<'i> {
    /// These are its rows.
    Ids(&'i [i64]),
    /// Along the sort's index.
    Walk,
    /// From the full-text index, to be sorted.
    Words,
}

struct Text {
    text: String,
    binds: Vec<Value>,
}

impl Text {
    fn new(text: &str) -> Text {
        Text { text: text.to_owned(), binds: Vec::new() }
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

    /// SQLite takes an index of a filter for granted, however much it lets through; a plus before the column hides it.
    fn marked(self, hide: bool) -> Sql {
        sql(self.text.replace('~', if hide { "+" } else { "" })).binds(self.binds)
    }
}

impl List {
    /// A list without links.
    pub fn of(table: &'static str, alias: &'static str, live: &'static str, scope: Scope, filters: Vec<Predicate>) -> List {
        List { table, alias, live, scope, filters, links: Vec::new(), bounds: Vec::new(), facets: None }
    }

    fn is_filtered(&self) -> bool {
        !self.filters.is_empty() || !self.links.is_empty()
    }

    fn words(&self) -> Option<(Index, &Words)> {
        self.links.iter().find_map(|link| match link {
            Link::Words(index, words) => Some((*index, words)),
            Link::Rows { .. } => None,
        })
    }

    /// The index to scan where everybody's rows are looked through for several things it holds.
    fn facets(&self) -> Option<Facets> {
        let answered = |facets: &Facets| self.filters.iter().all(|filter| facets.answer(filter, self.alias));
        self.facets.filter(|_| self.scope.is_wide() && self.filters.len() > 1).filter(answered)
    }

    fn few(&self) -> usize {
        if self.filters.len() + self.links.len() > 1 || self.words().is_some() { FEW_TOGETHER } else { FEW }
    }

    /// All that must hold of a row, but for the link that led to it by an expression for its id.
    fn conditions(&self, out: &mut Text, scope: &Predicate, led: Option<(usize, &str)>) {
        out.push(if self.live.is_empty() { "true" } else { self.live });
        out.and(scope);
        for filter in &self.filters {
            out.and(filter);
        }
        let own_id = format!("{}.id", self.alias);
        let id = led.map_or(own_id.as_str(), |(_, id)| id);
        for (_, link) in self.links.iter().enumerate().filter(|(nth, _)| led.is_none_or(|(leading, _)| leading != *nth)) {
            out.and(&link.beside(id));
        }
    }

    fn behind(&self, turn: &Turn) -> Option<Predicate> {
        let Cursor { key, id, .. } = turn.after.clone()?;
        let sign = if turn.sort.descending { "<" } else { ">" };
        Some(Predicate::new(format!("({}, {}.id) {sign} ($1, $2)", turn.sort.column, self.alias), vec![key.into(), Value::Int(id)]))
    }

    /// What holds exactly for the rows of the list.
    pub fn matching(&self) -> Predicate {
        let live = Predicate::new(if self.live.is_empty() { "true" } else { self.live }, Vec::new());
        let own_id = format!("{}.id", self.alias);
        let links = self.links.iter().map(|link| link.beside(&own_id));
        let all = Predicate::all([live, self.scope.whole.clone()].into_iter().chain(self.filters.iter().cloned()).chain(links));
        Predicate { text: all.text.replace('~', ""), ..all }
    }

    /// The link that the search for ids begins with along each walk. Where the index does not know whose the words' rows are, few rows
    /// of the walk are asked one by one.
    fn leads(&self, work: &mut Work) -> Result<Vec<Option<usize>>> {
        let lead = self.lead(work)?;
        let by_words = lead.is_some_and(|nth| matches!(self.links[nth], Link::Words(..)));
        let mut leads = vec![lead; self.scope.walks.len()];
        if by_words && !self.scope.is_wide() {
            for (walk, lead) in self.scope.walks.iter().zip(&mut leads).filter(|(walk, _)| walk.gram.is_none()) {
                let text = format!("select count(*) from (select 1 as one from {} where {{rows}} limit {})", self.table, FEW_ASKED + 1);
                let rows: i64 = sql(text + " as counted").part("rows", &walk.rows).one(work)?;
                *lead = lead.filter(|_| rows > FEW_ASKED);
            }
        }
        Ok(leads)
    }

    /// Full-text words, else where much is visible the link of the fewest rows; none when even that has many and an index answers the
    /// filters.
    fn lead(&self, work: &mut Work) -> Result<Option<usize>> {
        if let Some(words) = self.links.iter().position(|link| matches!(link, Link::Words(..))) {
            return Ok(Some(words));
        }
        if !self.scope.is_wide() || (self.links.len() < 2 && self.facets().is_none()) {
            return Ok((self.scope.is_wide() && !self.links.is_empty()).then_some(0));
        }
        let mut counted = Vec::with_capacity(self.links.len());
        for (nth, link) in self.links.iter().enumerate() {
            if let Link::Rows { table, rows, .. } = link {
                let text = format!("select count(*) from (select 1 as one from {table} where {{rows}} limit {COUNTED_LINKED}) as counted");
                counted.push((sql(text).part("rows", rows).one::<i64>(work)?, nth));
            }
        }
        Ok(counted.into_iter().min().filter(|(rows, _)| *rows <= FEW_LINKED || self.facets().is_none()).map(|(_, nth)| nth))
    }

    /// What finds the rows along one walk, beginning with `lead`: `select id{more} from … where …`.
    /// SQLite is told of the index that answers several filters; it would take that of a single one.
    fn hits_along(&self, out: &mut Text, walk: &Walk, lead: Option<usize>, more: &str, sqlite: bool) {
        let (alias, table) = (self.alias, self.table);
        match lead.map(|nth| (nth, &self.links[nth])) {
            None => {
                let through = self.facets().filter(|_| sqlite).map_or(String::new(), |facets| format!(" indexed by {}", facets.index));
                out.push(&format!("select {alias}.id as id{more} from {table}{through} where "));
                self.conditions(out, &walk.rows, None);
            }
            Some((nth, Link::Rows { table: linked, rows, id })) => {
                out.push(&format!("select distinct {alias}.id as id{more} from (select {id} as linked_id from {linked} where true"));
                out.and(rows).push(&format!(") as led cross join {table} where {alias}.id = led.linked_id and "));
                self.conditions(out, &walk.rows, Some((nth, "led.linked_id")));
            }
            Some((nth, Link::Words(index, words))) => {
                let found = index.found(words, walk.gram.as_deref());
                let (words_table, id) = (index.table(), index.id());
                out.push(&format!("select {alias}.id as id{more} from {words_table} cross join {table} where {alias}.id = {id}"));
                out.and(&found).push(" and ");
                self.conditions(out, &walk.rows, Some((nth, &format!("{alias}.id"))));
            }
        }
    }

    /// The statement for up to `limit` rows in no order: their ids, behind the column `key` where it is wanted.
    fn found_text(&self, limit: i64, leads: &[Option<usize>], key: Option<&str>, sqlite: bool) -> Text {
        let mut out = Text::new("");
        let (columns, more) = key.map_or(("id", String::new()), |key| ("k, id", format!(", {key} as k")));
        for (index, (walk, lead)) in self.scope.walks.iter().zip(leads).enumerate() {
            out.push(&format!("{}select {columns} from (", if index == 0 { "" } else { " union " }));
            self.hits_along(&mut out, walk, *lead, &more, sqlite);
            out.push(&format!(" limit {limit}) as w{index}"));
        }
        out.push(&format!(" limit {limit}"));
        out
    }

    fn ids_statement(&self, work: &mut Work, limit: i64) -> Result<Text> {
        let leads = self.leads(work)?;
        Ok(self.found_text(limit, &leads, None, !work.has_concurrent_writers()))
    }

    /// How many rows there are, counting no further than one past [`TOTAL_LIMIT`].
    pub fn count(&self, work: &mut Work) -> Result<i64> {
        let Text { text, binds } = self.ids_statement(work, TOTAL_LIMIT + 1)?;
        Text { text: format!("select count(*) from ({text}) as counted"), binds }.marked(false).one(work)
    }

    /// All ids of the list, up to `limit`, in no order: for deeds upon a whole list.
    pub fn ids(&self, work: &mut Work, limit: i64) -> Result<Vec<i64>> {
        self.ids_statement(work, limit)?.marked(false).all(work)
    }

    /// Figures over all rows of the list: `count(*), cast(sum(…) as bigint)`.
    pub fn aggregate<T: FromRow>(&self, work: &mut Work, figures: &str) -> Result<T> {
        let mut out = Text::new(&format!("select {figures} from {} where ", self.table));
        self.conditions(&mut out, &self.scope.whole, None);
        out.marked(false).one(work)
    }

    /// The same figures for each value of `key`, an expression over the row: `select key, figures … group by key`.
    pub fn grouped<T: FromRow>(&self, work: &mut Work, key: &str, figures: &str) -> Result<Vec<T>> {
        let mut out = Text::new(&format!("select {key}, {figures} from {} where ", self.table));
        self.conditions(&mut out, &self.scope.whole, None);
        out.push(" group by 1");
        out.marked(false).all(work)
    }

    /// The sort's column of rows known by their ids.
    fn keyed(&self, work: &mut Work, column: &str, ids: &[i64]) -> Result<Vec<Keyed>> {
        let mut keyed: Vec<Keyed> = Vec::with_capacity(ids.len());
        for some in ids.chunks(IDS) {
            let size = if some.len() > IDS / 8 { IDS } else { IDS / 8 + 1 };
            let padded = some.iter().copied().chain(std::iter::repeat(some[some.len() - 1])).take(size);
            let among = any_of(&format!("{}.id", self.alias), padded.map(Value::Int).collect());
            let text = format!("select {column}, {}.id from {} where {{among}}", self.alias, self.table);
            keyed.extend(sql(text).part("among", &among).all::<Keyed>(work)?);
        }
        Ok(keyed)
    }

    /// The statement that answers one page. `source` joins `page` (id, k) to what the columns need.
    fn page_text(&self, turn: &Turn, by: Way, columns: &str, source: &str) -> Text {
        let way = if turn.sort.descending { "desc" } else { "asc" };
        let rows = turn.limit + 1;
        let (column, alias) = (turn.sort.column, self.alias);
        let mut out = Text::new("with page as (");
        if let Way::Ids(ids) = by {
            out.push(&format!("select {alias}.id as id, {column} as k from {} where true", self.table));
            out.and(&any_of(&format!("{alias}.id"), ids.iter().copied().map(Value::Int).collect()));
        } else {
            let behind = self.behind(turn);
            for (index, walk) in self.scope.walks.iter().enumerate() {
                out.push(if index == 0 { "" } else { " union " });
                out.push("select id, k from (");
                if by == Way::Words {
                    let words = self.links.iter().position(|link| matches!(link, Link::Words(..)));
                    self.hits_along(&mut out, walk, words, &format!(", {column} as k"), false);
                } else {
                    out.push(&format!("select {alias}.id as id, {column} as k from {} where ", self.table));
                    self.conditions(&mut out, &walk.rows, None);
                    for (_, bound) in self.bounds.iter().filter(|(of, _)| *of == column) {
                        out.and(bound);
                    }
                }
                if let Some(behind) = &behind {
                    out.and(behind);
                }
                out.push(&format!(" order by {column} {way}, {alias}.id {way} limit {rows}) as w{index}"));
            }
            out.push(&format!(" order by k {way}, id {way} limit {rows}"));
        }
        out.push(&format!(") select page.k, page.id, {columns} from page {source} order by page.k {way}, page.id {way}"));
        out
    }

    /// How many rows there are, up to one past [`TOTAL_LIMIT`], and when they are few the rows.
    fn found(&self, work: &mut Work, turn: &Turn) -> Result<(i64, Option<Vec<Keyed>>)> {
        let leads = self.leads(work)?;
        let sqlite = !work.has_concurrent_writers();
        let text = |key| self.found_text(TOTAL_LIMIT + 1, &leads, key, sqlite).marked(false);
        if self.words().is_none() && leads.iter().any(Option::is_some) {
            // Whoever follows a link reads each row: its key comes along. What words find is mostly too much to be sorted here.
            let rows: Vec<Keyed> = text(Some(turn.sort.column)).all(work)?;
            return Ok((rows.len() as i64, (rows.len() <= self.few()).then_some(rows)));
        }
        let ids: Vec<i64> = text(None).all(work)?;
        let rows = (ids.len() <= self.few()).then(|| self.keyed(work, turn.sort.column, &ids)).transpose()?;
        Ok((ids.len() as i64, rows))
    }

    /// Reads one page with its total.
    pub fn fetch<T: FromRow>(&self, work: &mut Work, turn: &Turn, source: &str) -> Result<Page<T>> {
        let (counted, few) = if self.is_filtered() { self.found(work, turn)? } else { (self.count(work)?, None) };
        let chosen = few.map(|rows| turn.page_of(rows));
        let mut rows: Vec<(Key, i64, T)> = match &chosen {
            Some(ids) if ids.is_empty() => Vec::new(),
            Some(ids) => self.page_text(turn, Way::Ids(ids), T::COLUMNS, source).marked(false).all(work)?,
            None => {
                let by = match self.words() {
                    Some((index, words)) if index.count(work, words, FEW_WORDS + 1)? <= FEW_WORDS => Way::Words,
                    _ => Way::Walk,
                };
                let hide = by == Way::Walk && !work.has_concurrent_writers();
                self.page_text(turn, by, T::COLUMNS, source).marked(hide).all(work)?
            }
        };
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

    /// The ids of every row in the order of a sort, `most` of them at most: what a list is at one moment, for an export.
    pub fn ids_in_order(&self, work: &mut Work, sort: &Sort, most: i64) -> Result<Vec<i64>> {
        if self.is_filtered() {
            let ids = self.ids(work, most)?;
            return Ok(Turn::first(*sort, most).page_of(self.keyed(work, sort.column, &ids)?));
        }
        let way = if sort.descending { "desc" } else { "asc" };
        let mut out = Text::new(&format!("select {}.id from {} where ", self.alias, self.table));
        self.conditions(&mut out, &self.scope.whole, None);
        out.push(&format!(" order by {} {way}, {}.id {way} limit {most}", sort.column, self.alias));
        out.marked(false).all(work)
    }

    /// The statements a page may be answered by, (which, text, binds): finding the ids, walking the sort's index. For tests that look
    /// at their plans.
    pub fn texts(&self, work: &mut Work, turn: &Turn) -> Result<Vec<(&'static str, String, Vec<Value>)>> {
        let hide = !work.has_concurrent_writers();
        let leads = self.leads(work)?;
        let key = (self.words().is_none() && leads.iter().any(Option::is_some)).then_some(turn.sort.column);
        let (find, find_binds) = self.found_text(TOTAL_LIMIT + 1, &leads, key, hide).marked(false).into_parts();
        let (walk, walk_binds) = self.page_text(turn, Way::Walk, "1", "").marked(hide).into_parts();
        Ok(vec![("find", find, find_binds), ("walk", walk, walk_binds)])
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
