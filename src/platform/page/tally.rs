//! Several figures at once: what lists of one table ask in common is asked once, what each asks beyond it decides row by row.
//!
//! The embedded engine groups by sorting, which takes several times as long as reading: there the rows come as they are and are added up
//! here. PostgreSQL adds up what it hashes, and sends the sums.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use super::{List, Text, Walk};
use crate::error::Result;
use crate::platform::db::{Cells, FromRow, Predicate};
use crate::platform::work::Work;

/// Spreads ids, which nobody outside chooses, over a map in one step.
#[derive(Default)]
pub struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(29) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }

    fn write_i64(&mut self, value: i64) {
        self.write_u64(value as u64);
    }
}

/// Something by the ids of records.
pub type ById<V> = HashMap<i64, V, BuildHasherDefault<Spread>>;

/// Something small for most of the ids there are: ids are given one after another, so they number a table.
#[derive(Debug, Clone, Default)]
pub struct ForMost<V> {
    near: Vec<V>,
    far: ById<V>,
}

/// Ids from here on are looked up one by one.
const NEAR: usize = 1 << 26;

impl<V: Copy + Default> ForMost<V> {
    /// The place of an id.
    pub fn of(&mut self, id: i64) -> &mut V {
        match usize::try_from(id) {
            Ok(place) if place < NEAR => {
                if place >= self.near.len() {
                    self.near.resize(place + 1, V::default());
                }
                &mut self.near[place]
            }
            _ => self.far.entry(id).or_default(),
        }
    }

    /// What is there for an id; the default where nothing was put.
    pub fn get(&self, id: i64) -> V {
        let near = usize::try_from(id).ok().filter(|place| *place < NEAR);
        near.map_or_else(|| self.far.get(&id), |place| self.near.get(place)).copied().unwrap_or_default()
    }
}

/// What is summed over the rows of a list.
#[derive(Clone, Copy)]
pub enum Sum<'s> {
    /// Nothing: rows are only counted.
    Nothing,
    /// An expression over the row.
    Of(&'s str),
    /// What is known here of the id that an expression over the row gives.
    Known(&'s str, &'s dyn Fn(i64) -> i64),
}

/// One of several figures: the rows of a list, and what is summed over them.
pub struct Part<'s> {
    /// The list.
    pub list: List,
    /// What is summed.
    pub sum: Sum<'s>,
}

/// How the rows of several lists are walked and told apart.
#[derive(Clone, Copy, Default)]
pub struct Walked<'w> {
    /// What the figures are taken for, in SQL over the row; none for all together.
    pub key: Option<&'w str>,
    /// A further table, joined when a row may stand for several keys.
    pub join: &'w str,
    /// True when so many rows are walked that it is judged on the row whose it is.
    pub by_row: bool,
    /// The index of the embedded engine that holds all that is asked.
    pub through: Option<&'static str>,
    /// For whoever sees little: the indexes of the embedded engine that begin with whose a row is, each behind that column. With none, rows
    /// are walked the same way for everybody.
    pub apart: &'w [(&'static str, &'static str)],
}

/// Count and sum of every part, in their order.
pub type Sums = Vec<(i64, i64)>;

struct Row<K> {
    key: K,
    /// Which parts it belongs to, a bit for each.
    mask: i64,
    sums: Vec<i64>,
}

impl<K: FromRow> FromRow for Row<K> {
    fn from_row(cells: &mut Cells<'_>) -> Result<Row<K>> {
        let (key, mask) = FromRow::from_row(cells)?;
        let mut sums = Vec::with_capacity(cells.left());
        while cells.left() > 0 {
            sums.push(<Option<i64>>::from_row(cells)?.unwrap_or(0));
        }
        Ok(Row { key, mask, sums })
    }
}

struct Grouped<K>(K, Sums);

impl<K: FromRow> FromRow for Grouped<K> {
    fn from_row(cells: &mut Cells<'_>) -> Result<Grouped<K>> {
        let key = K::from_row(cells)?;
        let mut all = Vec::new();
        while cells.left() > 0 {
            let (count, sum): (i64, Option<i64>) = FromRow::from_row(cells)?;
            all.push((count, sum.unwrap_or(0)));
        }
        Ok(Grouped(key, all))
    }
}

impl List {
    /// All that is asked, but for the scope: filters and links.
    fn asked(&self) -> Vec<Predicate> {
        let own_id = format!("{}.id", self.alias);
        self.filters.iter().cloned().chain(self.links.iter().map(|link| link.beside(&own_id))).collect()
    }

    /// Hands over every row of the list: an expression with binds, then others. `walked` says by which way.
    pub fn each<T: FromRow>(
        &self,
        work: &mut Work,
        (first, others): (&Predicate, &str),
        walked: Walked<'_>,
        mut on_row: impl FnMut(T) -> Result<()>,
    ) -> Result<()> {
        let out = Text { text: format!("select {}, {others}", first.text), binds: first.binds.clone() };
        for way in self.told_apart(walked) {
            let mut out = Text { text: out.text.clone(), binds: out.binds.clone() };
            self.from(work, &mut out, walked, way.as_ref());
            for asked in self.asked() {
                out.and(&asked);
            }
            out.marked(false).each(work, |row| on_row(row).map(|()| true))?;
        }
        Ok(())
    }

    /// True when its reader sees so little that it is walked by whose it is.
    pub fn is_narrow(&self) -> bool {
        !self.scope.apart.is_empty()
    }

    /// The walks that together meet every row once, each with the column its index begins with; a single one for all rows together.
    fn told_apart(&self, walked: Walked<'_>) -> Vec<Option<(Predicate, &'static str)>> {
        if walked.apart.is_empty() || !self.is_narrow() {
            return vec![None];
        }
        self.scope.apart.iter().cloned().map(Some).collect()
    }

    /// What holds exactly for the rows of the list, where they are met by another way and only judged.
    pub fn judged(&self) -> Predicate {
        let live = Predicate::new(if self.live.is_empty() { "true" } else { self.live }, Vec::new());
        let all = Predicate::all([live, self.scope.by_row.clone()].into_iter().chain(self.asked()));
        Predicate { text: all.text.replace('~', ""), ..all }
    }

    /// Conditions that together hold for the rows of the list, each served by an index of its own where there is one.
    pub fn ways(&self) -> Vec<Predicate> {
        let live = Predicate::new(if self.live.is_empty() { "true" } else { self.live }, Vec::new());
        let whole = |walk: &Walk| {
            let all = Predicate::all([live.clone(), walk.rows.clone()].into_iter().chain(self.asked()));
            Predicate { text: all.text.replace('~', ""), ..all }
        };
        self.scope.walks.iter().map(whole).collect()
    }

    /// Writes where its rows are found, up to whose they are; `way` says which of them.
    fn from(&self, work: &Work, out: &mut Text, walked: Walked<'_>, way: Option<&(Predicate, &'static str)>) {
        let index = match way {
            None => walked.through,
            Some((_, column)) => walked.apart.iter().find(|(begins, _)| begins == column).map(|(_, index)| *index),
        };
        let through = index.filter(|_| !work.has_concurrent_writers()).map_or(String::new(), |index| format!(" indexed by {index}"));
        let live = if self.live.is_empty() { "true" } else { self.live };
        out.push(&format!(" from {}{through}{} where {live}", self.table, walked.join));
        out.and(match way {
            Some((rows, _)) => rows,
            None if walked.by_row => &self.scope.by_row,
            None => &self.scope.whole,
        });
    }
}

/// What the parts ask in common, and what each asks beyond it; none where that is nothing.
fn told_apart(parts: &[Part<'_>]) -> (Vec<Predicate>, Vec<Option<Predicate>>) {
    let asked: Vec<Vec<Predicate>> = parts.iter().map(|part| part.list.asked()).collect();
    let Some(first) = asked.first() else { return (Vec::new(), Vec::new()) };
    let shared: Vec<Predicate> = first.iter().filter(|one| asked.iter().all(|all| all.contains(one))).cloned().collect();
    let own = asked.iter().map(|asked| {
        let own: Vec<Predicate> = asked.iter().filter(|one| !shared.contains(one)).cloned().collect();
        (!own.is_empty()).then(|| Predicate::all(own))
    });
    let own = own.collect();
    (shared, own)
}

/// The figures of lists of the same table and the same scope, for each key. `place` says where a key stands. Keys whose rows are in none
/// of the lists are left out.
pub fn tally<K: FromRow + Hash + Eq>(
    work: &mut Work,
    parts: &[Part<'_>],
    walked: Walked<'_>,
    place: impl Fn(K) -> K,
) -> Result<HashMap<K, Sums>> {
    let (shared, own) = told_apart(parts);
    let Some(Part { list, .. }) = parts.first() else { return Ok(HashMap::new()) };
    let known = parts.iter().any(|part| matches!(part.sum, Sum::Known(..)));
    let row_by_row = known || (walked.key.is_some() && !work.has_concurrent_writers());
    let mut out = Text::new(&format!("select {}", walked.key.unwrap_or("cast(0 as bigint)")));
    let sums = if row_by_row { rows(&mut out, parts, &own) } else { aggregates(&mut out, parts, &own) };
    let mut all: HashMap<K, Sums> = HashMap::new();
    for way in list.told_apart(walked) {
        let mut out = Text { text: out.text.clone(), binds: out.binds.clone() };
        list.from(work, &mut out, walked, way.as_ref());
        for one in &shared {
            out.and(one);
        }
        if row_by_row {
            add_rows(work, out, parts, &sums, &place, &mut all)?;
            continue;
        }
        if walked.key.is_some() {
            out.push(" group by 1");
        }
        for Grouped(key, sums) in out.marked(false).all::<Grouped<K>>(work)? {
            let kept = all.entry(place(key)).or_insert_with(|| vec![(0, 0); parts.len()]);
            for (kept, (count, sum)) in kept.iter_mut().zip(sums) {
                *kept = (kept.0 + count, kept.1 + sum);
            }
        }
    }
    all.retain(|_, sums| sums.iter().any(|(count, _)| *count > 0));
    Ok(all)
}

/// Adds up rows as they come; `sums` says where the parts' sums stand.
fn add_rows<K: FromRow + Hash + Eq>(
    work: &mut Work,
    out: Text,
    parts: &[Part<'_>],
    sums: &[Option<usize>],
    place: &impl Fn(K) -> K,
    all: &mut HashMap<K, Sums>,
) -> Result<()> {
    out.marked(false).each(work, |row: Row<K>| {
        if row.mask == 0 {
            return Ok(true);
        }
        let kept = all.entry(place(row.key)).or_insert_with(|| vec![(0, 0); parts.len()]);
        for (nth, kept) in kept.iter_mut().enumerate().filter(|(nth, _)| row.mask >> nth & 1 == 1) {
            kept.0 += 1;
            kept.1 += match (sums[nth].map(|at| row.sums[at]), parts[nth].sum) {
                (Some(id), Sum::Known(_, value)) => value(id),
                (Some(sum), _) => sum,
                (None, _) => 0,
            };
        }
        Ok(true)
    })
}

/// Writes which parts a row belongs to and each expression that is summed, once; answers where the parts' sums stand.
fn rows(out: &mut Text, parts: &[Part<'_>], own: &[Option<Predicate>]) -> Vec<Option<usize>> {
    let always: i64 = own.iter().enumerate().filter(|(_, own)| own.is_none()).map(|(nth, _)| 1 << nth).sum();
    out.push(&format!(", {always}"));
    for (nth, own) in own.iter().enumerate() {
        if let Some(own) = own {
            out.push(" + case when ");
            own.append_to(&mut out.text, &mut out.binds);
            out.push(&format!(" then {} else 0 end", 1_i64 << nth));
        }
    }
    let mut written: Vec<&str> = Vec::new();
    let mut places = Vec::new();
    for part in parts {
        let (Sum::Of(sum) | Sum::Known(sum, _)) = part.sum else {
            places.push(None);
            continue;
        };
        let at = written.iter().position(|one| *one == sum).unwrap_or_else(|| {
            out.push(&format!(", {sum}"));
            written.push(sum);
            written.len() - 1
        });
        places.push(Some(at));
    }
    places
}

/// Writes the count and the sum of every part.
fn aggregates(out: &mut Text, parts: &[Part<'_>], own: &[Option<Predicate>]) -> Vec<Option<usize>> {
    for (part, own) in parts.iter().zip(own) {
        let mut counted = |before: &str, what: &str, behind: &str| match own {
            None => {
                out.push(&format!(", {before}{what}{behind}"));
            }
            Some(own) => {
                out.push(&format!(", {before}case when "));
                own.append_to(&mut out.text, &mut out.binds);
                out.push(&format!(" then {what} end{behind}"));
            }
        };
        counted("count(", "1", ")");
        match part.sum {
            Sum::Of(sum) => counted("cast(sum(", sum, ") as bigint)"),
            Sum::Nothing | Sum::Known(..) => {
                out.push(", cast(0 as bigint)");
            }
        }
    }
    Vec::new()
}
