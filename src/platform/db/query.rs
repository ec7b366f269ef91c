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
        let (mut text, mut binds) = (String::new(), Vec::new());
        for part in parts {
            text.push_str(if text.is_empty() { "(" } else { word });
            part.append_to(&mut text, &mut binds);
        }
        text.push_str(if text.is_empty() { none } else { ")" });
        Predicate { text, binds }
    }

    /// Writes it behind a text and its binds.
    pub fn append_to(&self, text: &mut String, binds: &mut Vec<Value>) {
        push_numbered(text, &self.text, binds.len(), '$');
        binds.extend(self.binds.iter().cloned());
    }
}

/// A statement being put together. Its text is written out once, for the engine that runs it.
#[derive(Debug, Clone)]
pub struct Sql {
    text: Cow<'static, str>,
    binds: Vec<Value>,
    parts: Vec<Part>,
}

/// What stands for a `{token}`; its binds come after `behind` others.
#[derive(Debug, Clone)]
struct Part {
    token: &'static str,
    text: String,
    behind: usize,
}

/// Starts a statement: `sql("select {columns} from stages where key = $1").bind(key).one::<Stage>(work)`.
pub fn sql(text: impl Into<Cow<'static, str>>) -> Sql {
    Sql { text: text.into(), binds: Vec::new(), parts: Vec::new() }
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
    pub fn part(mut self, token: &'static str, predicate: &Predicate) -> Sql {
        self.parts.push(Part { token, text: predicate.text.clone(), behind: self.binds.len() });
        self.binds.extend(predicate.binds.iter().cloned());
        self
    }

    /// The text as an engine takes it: tokens filled, `{columns}` by these columns, placeholders marked with `mark`.
    fn written(&self, columns: &str, mark: char) -> String {
        let parts: usize = self.parts.iter().map(|part| part.text.len() + 8).sum();
        let mut out = String::with_capacity(self.text.len() + columns.len() + parts);
        let mut rest: &str = &self.text;
        while let Some(at) = rest.find('{') {
            push_numbered(&mut out, &rest[..at], 0, mark);
            rest = &rest[at + 1..];
            let token = rest.split('}').next().unwrap_or_default();
            if token == "columns" && !columns.is_empty() {
                out.push_str(columns);
            } else if let Some(part) = self.parts.iter().find(|part| part.token == token) {
                push_numbered(&mut out, &part.text, part.behind, mark);
            } else {
                out.push('{');
                continue;
            }
            rest = &rest[token.len() + 1..];
        }
        push_numbered(&mut out, rest, 0, mark);
        debug_assert!(!out.contains('~'), "a mark of a list's own was left in: {out}");
        out
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
        let binds = &self.binds;
        super::heard::hear(|| self.written(T::COLUMNS, '$'), binds);
        let text = self.written(T::COLUMNS, if tx.has_concurrent_writers() { '$' } else { '?' });
        let text = tx.as_then(text)?;
        tx.guarded(|engine| match engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&text)?;
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
            Engine::Postgres(connection) => connection.each(&text, binds, |row| on_row(T::from_row(&mut Cells::postgres(row))?)),
        })
    }

    /// Runs a statement that returns no rows of interest; answers how many rows it touched.
    pub fn run(self, tx: &mut Tx) -> Result<u64> {
        if tx.looks_back() {
            return Err(Error::internal("nothing is written while looking back"));
        }
        let binds = &self.binds;
        tx.guarded(|engine| match engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(&self.written("", '?'))?;
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
            Engine::Postgres(connection) => connection.execute(&self.written("", '$'), binds),
        })
    }

    /// The text with its tokens filled, and the binds: to be built into another statement, and for tests that look at plans.
    pub fn into_parts(self) -> (String, Vec<Value>) {
        (self.written("", '$'), self.binds)
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

/// Appends a text whose placeholders stand behind `by` others. SQLite numbers `$1` by first appearance, silently; `?1` is by its number.
fn push_numbered(out: &mut String, text: &str, by: usize, mark: char) {
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        match rest[..digits].parse::<usize>() {
            Ok(number) => {
                out.push(mark);
                push_number(out, number + by);
            }
            Err(_) => out.push('$'),
        }
        rest = &rest[digits..];
    }
    out.push_str(rest);
}

fn push_number(out: &mut String, number: usize) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_keep_their_numbers_on_sqlite() {
        let text = sql("a = $12 and b = $1 and c = '$.x' and d = '{}'").written("", '?');
        assert_eq!(text, "a = ?12 and b = ?1 and c = '$.x' and d = '{}'");
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
