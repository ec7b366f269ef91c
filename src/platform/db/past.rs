//! Reading as of a past moment: the statements stay as they are, and the tables they name are those of then.
//!
//! PostgreSQL looks through a subquery of each table to its indexes, so it gets one in front of the statement. SQLite gets a view of the
//! same name among the temporary ones, which come before the others: of the present rows that stood so then, with all their indexes, and
//! of what the others were, which alone are copied, once. All of it goes when the read is rolled back.

use super::{Engine, Tx};
use crate::error::{Error, Result};

/// A table as it stood at a moment.
#[derive(Debug, Clone)]
pub struct Former {
    /// Its name: statements that say it get these rows.
    pub table: &'static str,
    /// Its columns.
    pub columns: Vec<&'static str>,
    /// What finds the rows that are as they were, each an `x`; `{now}` before the name of a table stands for that table as it is.
    pub standing: String,
    /// What the others were.
    pub held: String,
    /// Whether a row may be among both, and stands for one; then all of its columns say which it is.
    pub overlaps: bool,
    /// Finds all rows where nothing of the table has changed since.
    pub unchanged: String,
    /// Finds a row when something has.
    pub changes: String,
    /// The columns by which the rows of [`Former::held`] are looked up.
    pub keys: &'static [&'static str],
}

/// The tables of a moment.
pub struct Past {
    tables: Vec<Former>,
    /// Those that SQLite has made so far.
    made: Vec<&'static str>,
}

impl Tx<'_> {
    /// From now on every statement reads these tables as they stood. There is no way back within this read, and nothing is written.
    pub fn look_back(&mut self, tables: Vec<Former>) {
        self.past = Some(Past { tables, made: Vec::new() });
    }

    /// Reads find what there is now, until the past that is answered is given back to [`Tx::look_back_again`].
    pub fn look_up(&mut self) -> Result<Option<Past>> {
        let Some(mut past) = self.past.take() else { return Ok(None) };
        if let Engine::Sqlite(connection) = &self.engine {
            for table in past.made.drain(..) {
                // One that cannot go would be read instead of the present rows.
                self.dead = true;
                connection.execute_batch(&format!("drop view temp.{table}; drop table if exists temp.{table}_then"))?;
                self.dead = false;
            }
        }
        Ok(Some(past))
    }

    /// Goes on with a look back that [`Tx::look_up`] interrupted.
    pub fn look_back_again(&mut self, past: Option<Past>) {
        self.past = past;
    }

    /// True when what is read is of a past moment: whatever sums of the present are kept must not be used.
    pub fn looks_back(&self) -> bool {
        self.past.is_some()
    }

    /// A statement that reads what it names as it stood.
    pub(super) fn as_then(&mut self, text: String) -> Result<String> {
        let Tx { engine, past, dead } = self;
        let Some(Past { tables, made }) = past else { return Ok(text) };
        if *dead {
            return Err(Error::StorageFull);
        }
        let named = tables.iter().filter(|former| names(&text, former.table));
        match engine {
            Engine::Sqlite(connection) => {
                for former in named {
                    if !made.contains(&former.table) {
                        let outcome = make(connection, former);
                        // Cut off, the engine has ended the transaction: what were made now would stay.
                        *dead = connection.is_autocommit();
                        outcome?;
                        made.push(former.table);
                    }
                }
                Ok(without_hints(&text))
            }
            Engine::Postgres(_) => Ok(with_subqueries(named, &text)),
        }
    }
}

fn make(connection: &rusqlite::Connection, former: &Former) -> rusqlite::Result<()> {
    let Former { table, columns, standing, held, overlaps, unchanged, changes, keys } = former;
    let of_now = |text: &str| text.replace("{now}", "main.");
    if !connection.prepare(changes)?.exists([])? {
        return connection.execute_batch(&format!("create temp view {table} as {}", of_now(unchanged)));
    }
    let list = columns.join(", ");
    let distinct = if *overlaps { "distinct " } else { "" };
    let mut text = format!("create temp table {table}_then as select {distinct}{list} from ({});", of_now(held));
    for (number, key) in keys.iter().enumerate() {
        text.push_str(&format!("create index temp.{table}_then_{number} on {table}_then ({key});"));
    }
    let once = match overlaps {
        true => {
            let same: Vec<String> = columns.iter().map(|column| format!("h.{column} = x.{column}")).collect();
            format!(" and not exists (select 1 from temp.{table}_then h where {})", same.join(" and "))
        }
        false => String::new(),
    };
    text.push_str(&format!("create temp view {table} as {}{once} union all select {list} from temp.{table}_then;", of_now(standing)));
    connection.execute_batch(&text)
}

/// A table's own name means the table as it is inside its subquery, and the subquery everywhere behind it.
fn with_subqueries<'f>(named: impl Iterator<Item = &'f Former>, text: &str) -> String {
    let subquery = |Former { table, standing, held, overlaps, .. }: &Former| {
        let union = if *overlaps { "union" } else { "union all" };
        format!("{table} as not materialized ({standing} {union} {held})").replace("{now}", "")
    };
    let subqueries: Vec<String> = named.map(subquery).collect();
    if subqueries.is_empty() {
        return text.to_owned();
    }
    let subqueries = subqueries.join(", ");
    match behind_comments(text).strip_prefix("with ") {
        Some(rest) => format!("with {subqueries}, {rest}"),
        None => format!("with {subqueries} {text}"),
    }
}

/// A statement may begin with why it needs no scope.
fn behind_comments(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some((_, behind)) = rest.strip_prefix("--").map(|comment| comment.split_once('\n').unwrap_or((comment, ""))) {
        rest = behind.trim_start();
    }
    rest
}

/// The table of then has none of the indexes that a statement may ask for by name.
fn without_hints(text: &str) -> String {
    const HINT: &str = " indexed by ";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(HINT) {
        out.push_str(&rest[..at]);
        rest = rest[at + HINT.len()..].trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
    }
    out.push_str(rest);
    out
}

/// True when the text has this name as a word.
fn names(text: &str, name: &str) -> bool {
    let inside = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.match_indices(name).any(|(at, _)| !text[..at].ends_with(inside) && !text[at + name.len()..].starts_with(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn former(table: &'static str) -> Former {
        Former {
            table,
            columns: vec!["id", "at"],
            standing: format!("select x.id, x.at from {{now}}{table} x where at <= 5"),
            held: "select 7 as id, 5 as at union all select 7, 5".into(),
            overlaps: true,
            unchanged: format!("select x.id, x.at from {{now}}{table} x where at <= 6"),
            changes: "select 1 where exists (select 1 from changed)".into(),
            keys: &["id", "id, at"],
        }
    }

    #[test]
    fn a_table_is_named_by_a_whole_word() {
        assert!(names("select 1 from tasks t", "tasks"));
        assert!(!names("select o.open_tasks from opportunities o", "tasks"));
        assert!(!names("select 1 from tasks_of", "tasks"));
    }

    #[test]
    fn a_statement_is_led_by_what_it_names() {
        let tables = [former("tasks"), former("customers")];
        let led = |text: &str| with_subqueries(tables.iter().filter(|one| names(text, one.table)), text);
        assert_eq!(led("select 1 from users"), "select 1 from users");
        assert_eq!(
            led("select 1 from tasks t"),
            "with tasks as not materialized (select x.id, x.at from tasks x where at <= 5 union select 7 as id, 5 as at union all select 7, 5) select 1 from tasks t"
        );
        assert_eq!(
            led("with page as (select 1 from tasks) select 1 from page"),
            "with tasks as not materialized (select x.id, x.at from tasks x where at <= 5 union select 7 as id, 5 as at union all select 7, 5), page as (select 1 from tasks) select 1 from page"
        );
        assert_eq!(
            led("-- unscoped: only counted\n -- twice\n with page as (select 1 from tasks) select 1 from page"),
            "with tasks as not materialized (select x.id, x.at from tasks x where at <= 5 union select 7 as id, 5 as at union all select 7, 5), page as (select 1 from tasks) select 1 from page"
        );
    }

    #[test]
    fn the_table_of_then_hides_the_one_of_now() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection
            .execute_batch("create table tasks (id, at); create table changed (id); insert into tasks values (1, 4), (2, 6), (3, 7)")
            .unwrap();
        let count = |tx: &mut Tx| super::super::sql("select count(*) from tasks").one::<i64>(tx).unwrap();
        for (change, then, now) in [("", 2, 3), ("insert into changed values (1)", 2, 3), ("insert into tasks values (7, 5)", 2, 4)] {
            connection.execute_batch(change).unwrap();
            let mut tx = Tx::on(Engine::Sqlite(&connection));
            connection.execute_batch("begin").unwrap();
            assert_eq!(count(&mut tx), now);
            tx.look_back(vec![former("tasks")]);
            assert_eq!(count(&mut tx), then);
            let past = tx.look_up().unwrap();
            assert_eq!(count(&mut tx), now);
            tx.look_back_again(past);
            assert_eq!(count(&mut tx), then);
            assert!(super::super::sql("delete from tasks").run(&mut tx).is_err());
            connection.execute_batch("rollback").unwrap();
            assert_eq!(count(&mut Tx::on(Engine::Sqlite(&connection))), now);
        }
    }

    #[test]
    fn hints_are_left_out() {
        assert_eq!(without_hints("from customers c indexed by customers_facets where true"), "from customers c where true");
    }
}
