//! One statement: its text, its binds, and the ways to run it.

use std::borrow::Cow;

use super::{Cells, Engine, FromRow, Tx, Value};
use crate::error::{Error, Result};

/// A piece of a `where` with its own binds, numbered from `$1`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Predicate {
    /// The text, `$1 …` standing for its own binds.
    pub text: String,
    /// The binds, in order.
    pub binds: Vec<Value>,
}

impl Predicate {
    /// A predicate from its text and binds.
    pub fn new(text: impl Into<String>, binds: Vec<Value>) -> Predicate {
        Predicate { text: text.into(), binds }
    }

    /// Holds where all of them hold.
    pub fn all(parts: impl IntoIterator<Item = Predicate>) -> Predicate {
        Predicate::joined(parts, " and ", "true")
    }

    /// Holds where one of them holds.
    pub fn any(parts: impl IntoIterator<Item = Predicate>) -> Predicate {
        Predicate::joined(parts, " or ", "false")
    }

    fn joined(parts: impl IntoIterator<Item = Predicate>, word: &str, none: &str) -> Predicate {
        let (mut texts, mut binds) = (Vec::new(), Vec::new());
        for part in parts {
            texts.push(renumbered(&part.text, binds.len()));
            binds.extend(part.binds);
        }
        let text = if texts.is_empty() { none.to_owned() } else { format!("({})", texts.join(word)) };
        Predicate { text, binds }
    }
}

/// A statement being put together.
#[derive(Debug, Clone)]
pub struct Sql {
    text: Cow<'static, str>,
    binds: Vec<Value>,
}

/// Starts a statement: `sql("select {columns} from stages where key = $1").bind(key).one::<Stage>(work)`.
pub fn sql(text: impl Into<Cow<'static, str>>) -> Sql {
    Sql { text: text.into(), binds: Vec::new() }
}

/// A statement that has to differ between the engines: full text, leases. Keep these few; a test counts them.
pub fn sql_for(tx: &Tx, sqlite: &'static str, postgres: &'static str) -> Sql {
    sql(if tx.has_concurrent_writers() { postgres } else { sqlite })
}

impl Sql {
    /// Binds the next `$n`.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Sql {
        self.binds.push(value.into());
        self
    }

    /// Binds several.
    #[must_use]
    pub fn binds(mut self, values: impl IntoIterator<Item = Value>) -> Sql {
        self.binds.extend(values);
        self
    }

    /// Puts a predicate in the place of `{token}`; its binds follow those bound so far.
    #[must_use]
    pub fn part(mut self, token: &str, predicate: &Predicate) -> Sql {
        let text = renumbered(&predicate.text, self.binds.len());
        self.text = self.text.replace(&format!("{{{token}}}"), &text).into();
        self.binds.extend(predicate.binds.iter().cloned());
        self
    }

    /// The one row there must be.
    pub fn one<T: FromRow>(self, tx: &mut Tx) -> Result<T> {
        self.maybe(tx)?.ok_or_else(|| Error::internal("a row that must exist is missing"))
    }

    /// The first row, if any.
    pub fn maybe<T: FromRow>(self, tx: &mut Tx) -> Result<Option<T>> {
        let mut first = None;
        self.each(tx, |row| {
            first = Some(row);
            Ok(false)
        })?;
        Ok(first)
    }

    /// All rows. The statement must bound them.
    pub fn all<T: FromRow>(self, tx: &mut Tx) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        self.each(tx, |row| {
            rows.push(row);
            Ok(true)
        })?;
        Ok(rows)
    }

    /// Hands the rows over one by one until `on_row` answers false.
    pub fn each<T: FromRow>(self, tx: &mut Tx, mut on_row: impl FnMut(T) -> Result<bool>) -> Result<()> {
        let text = with_columns(&self.text, T::COLUMNS);
        let binds = self.binds;
        tx.guarded(|engine| match engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&for_sqlite(&text))?;
                for (index, value) in binds.iter().enumerate() {
                    statement.raw_bind_parameter(index + 1, value)?;
                }
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next()? {
                    if !on_row(T::from_row(&mut Cells::sqlite(row))?)? {
                        break;
                    }
                }
                Ok(())
            }
            Engine::Postgres(connection) => {
                for row in connection.query(&text, &binds)? {
                    if !on_row(T::from_row(&mut Cells::postgres(&row))?)? {
                        break;
                    }
                }
                Ok(())
            }
        })
    }

    /// Runs a statement that returns no rows of interest; answers how many rows it touched.
    pub fn run(self, tx: &mut Tx) -> Result<u64> {
        let (text, binds) = (self.text, self.binds);
        tx.guarded(|engine| match engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&for_sqlite(&text))?;
                for (index, value) in binds.iter().enumerate() {
                    statement.raw_bind_parameter(index + 1, value)?;
                }
                if statement.column_count() > 0 {
                    let mut rows = statement.raw_query();
                    let mut count = 0;
                    while rows.next()?.is_some() {
                        count += 1;
                    }
                    return Ok(count);
                }
                Ok(statement.raw_execute()? as u64)
            }
            Engine::Postgres(connection) => connection.execute(&text, &binds),
        })
    }

    /// The text with its tokens filled and the binds, for tests that look at plans.
    pub fn into_parts(self) -> (String, Vec<Value>) {
        (self.text.into_owned(), self.binds)
    }
}

impl Tx<'_> {
    /// Runs one step and notices when the engine has thrown the whole transaction away (disk full on SQLite): then a stray
    /// statement would commit by itself, so nothing more may run.
    fn guarded<T>(&mut self, step: impl FnOnce(&mut Engine) -> Result<T>) -> Result<T> {
        if self.dead {
            return Err(Error::StorageFull);
        }
        let outcome = step(&mut self.engine);
        if outcome.is_err()
            && let Engine::Sqlite(connection) = &self.engine
            && connection.is_autocommit()
        {
            self.dead = true;
        }
        outcome
    }
}

fn with_columns<'t>(text: &'t str, columns: &str) -> Cow<'t, str> {
    if text.contains("{columns}") { text.replace("{columns}", columns).into() } else { text.into() }
}

/// SQLite numbers `$1` by first appearance, silently; `?1` is by its number.
fn for_sqlite(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let placeholder = rest.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
        out.push_str(&rest[..at]);
        out.push(if placeholder { '?' } else { '$' });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out
}

fn renumbered(text: &str, by: usize) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        out.push_str(&rest[..=at]);
        match rest[at + 1..at + 1 + digits].parse::<usize>() {
            Ok(number) => out.push_str(&(number + by).to_string()),
            Err(_) => out.push_str(&rest[at + 1..at + 1 + digits]),
        }
        rest = &rest[at + 1 + digits..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_keep_their_numbers_on_sqlite() {
        assert_eq!(for_sqlite("a = $2 and b = $1 and c = '$.x'"), "a = ?2 and b = ?1 and c = '$.x'");
    }

    #[test]
    fn parts_are_joined_with_their_binds_in_order() {
        let both = Predicate::all([
            Predicate::new("a = $1", vec![Value::Int(1)]),
            Predicate::new("b in ($1, $2)", vec![Value::Int(2), Value::Int(3)]),
        ]);
        assert_eq!(both.text, "(a = $1 and b in ($2, $3))");
        assert_eq!(both.binds, vec![Value::Int(1), Value::Int(2), Value::Int(3)]);
        assert_eq!(Predicate::any([]).text, "false");
        assert_eq!(Predicate::all([]).text, "true");
    }

    #[test]
    fn a_part_follows_the_binds_before_it() {
        let part = Predicate::new("(o = $1 or t in ($2, $12))", vec![Value::Int(7)]);
        let (text, binds) = sql("x = $1 and {visible}").bind(1_i64).part("visible", &part).into_parts();
        assert_eq!(text, "x = $1 and (o = $2 or t in ($3, $13))");
        assert_eq!(binds, vec![Value::Int(1), Value::Int(7)]);
    }
}
