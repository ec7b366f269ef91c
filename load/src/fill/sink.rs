//! Rows into either engine, as fast as it takes them.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;

use postgres::{Client, NoTls};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::Result;

/// One cell of a row.
#[derive(Debug, Clone)]
pub enum Cell {
    Null,
    Int(i64),
    Bool(bool),
    Text(Cow<'static, str>),
}

impl From<i64> for Cell {
    fn from(value: i64) -> Cell {
        Cell::Int(value)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Cell {
        Cell::Bool(value)
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Cell {
        Cell::Text(value.into())
    }
}

impl From<&'static str> for Cell {
    fn from(value: &'static str) -> Cell {
        Cell::Text(value.into())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Null, Into::into)
    }
}

/// The database being filled; nobody else may use it meanwhile.
pub enum Sink {
    Sqlite(Box<Connection>),
    Postgres(Box<Client>),
}

impl Sink {
    /// Opens `sqlite:path` or `postgres://…`.
    pub fn open(url: &str) -> Result<Sink> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let connection = Connection::open(path)?;
            connection.execute_batch("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -1000000;")?;
            return Ok(Sink::Sqlite(Box::new(connection)));
        }
        Ok(Sink::Postgres(Box::new(Client::connect(url, NoTls)?)))
    }

    /// One number.
    pub fn int(&mut self, query: &str) -> Result<i64> {
        Ok(match self {
            Sink::Sqlite(connection) => connection.query_row(query, [], |row| row.get(0))?,
            Sink::Postgres(client) => client.query_one(query, &[])?.get(0),
        })
    }

    /// Numbers, one a row.
    pub fn ints(&mut self, query: &str) -> Result<Vec<i64>> {
        Ok(match self {
            Sink::Sqlite(connection) => {
                connection.prepare(query)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?
            }
            Sink::Postgres(client) => client.query(query, &[])?.iter().map(|row| row.get(0)).collect(),
        })
    }

    /// One text.
    pub fn text(&mut self, query: &str) -> Result<String> {
        Ok(match self {
            Sink::Sqlite(connection) => connection.query_row(query, [], |row| row.get(0))?,
            Sink::Postgres(client) => client.query_one(query, &[])?.get(0),
        })
    }

    /// Statements without an answer.
    pub fn run(&mut self, text: &str) -> Result<()> {
        match self {
            Sink::Sqlite(connection) => connection.execute_batch(text)?,
            Sink::Postgres(client) => client.batch_execute(text)?,
        }
        Ok(())
    }

    /// Takes the plain indexes of these tables away; answers how they are made again.
    pub fn drop_indexes(&mut self, tables: &[&str]) -> Result<Vec<String>> {
        let list = tables.iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ");
        let found: Vec<(String, String)> = match self {
            Sink::Sqlite(connection) => connection
                .prepare(&format!("select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name in ({list})"))?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?,
            Sink::Postgres(client) => client
                .query(
                    &format!(
                        "select indexname::text, indexdef from pg_indexes where schemaname = 'public' and tablename in ({list})
                           and indexname not in (select conname from pg_constraint)"
                    ),
                    &[],
                )?
                .iter()
                .map(|row| (row.get(0), row.get(1)))
                .collect(),
        };
        for (name, _) in &found {
            self.run(&format!("drop index {name}"))?;
        }
        Ok(found.into_iter().map(|(_, text)| text).collect())
    }

    /// Writes rows with these columns.
    pub fn fill(&mut self, table: &str, columns: &[&str], rows: impl Iterator<Item = Vec<Cell>>) -> Result<()> {
        eprint!("{table} … ");
        let begun = std::time::Instant::now();
        let mut count = 0_u64;
        match self {
            Sink::Sqlite(connection) => {
                let places = vec!["?"; columns.len()].join(", ");
                connection.execute_batch("begin")?;
                {
                    let mut statement = connection.prepare(&format!("insert into {table} ({}) values ({places})", columns.join(", ")))?;
                    for row in rows {
                        count += 1;
                        statement.execute(params_from_iter(row.into_iter().map(|cell| match cell {
                            Cell::Null => Value::Null,
                            Cell::Int(value) => Value::Integer(value),
                            Cell::Bool(value) => Value::Integer(value.into()),
                            Cell::Text(value) => Value::Text(value.into_owned()),
                        })))?;
                    }
                }
                connection.execute_batch("commit")?;
            }
            Sink::Postgres(client) => {
                let mut copy = client.copy_in(&format!("copy {table} ({}) from stdin", columns.join(", ")))?;
                let mut line = String::new();
                for row in rows {
                    count += 1;
                    line.clear();
                    for (index, cell) in row.iter().enumerate() {
                        if index > 0 {
                            line.push('\t');
                        }
                        match cell {
                            Cell::Null => line.push_str("\\N"),
                            Cell::Int(value) => write!(line, "{value}")?,
                            Cell::Bool(value) => line.push(if *value { 't' } else { 'f' }),
                            Cell::Text(value) => line.push_str(&value.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n")),
                        }
                    }
                    line.push('\n');
                    copy.write_all(line.as_bytes())?;
                }
                copy.finish()?;
            }
        }
        eprintln!("{count} rows, {:.1} s", begun.elapsed().as_secs_f64());
        Ok(())
    }

    /// Rows of a full-text index: (id, grams).
    pub fn fill_search(&mut self, table: &str, rows: impl Iterator<Item = (i64, String)>) -> Result<()> {
        let rows = rows.map(|(id, grams)| vec![Cell::Int(id), grams.into()]);
        if let Sink::Sqlite(_) = self {
            return self.fill(table, &["rowid", "grams"], rows);
        }
        self.run("create unlogged table if not exists filling (rowid bigint, grams text); truncate filling")?;
        self.fill("filling", &["rowid", "grams"], rows)?;
        self.run(&format!(
            "insert into {table} (rowid, grams) select rowid, array_to_tsvector(string_to_array(grams, ' ')) from filling; drop table filling"
        ))
    }

    /// Lets the planner know, and the next ids follow the last.
    pub fn finish(&mut self, tables: &[&str]) -> Result<()> {
        match self {
            Sink::Sqlite(connection) => {
                connection.execute_batch("pragma analysis_limit = 1000; analyze; pragma journal_mode = wal;")?;
            }
            Sink::Postgres(client) => {
                for table in tables {
                    client.batch_execute(&format!(
                        "select setval(pg_get_serial_sequence('{table}', 'id'), (select coalesce(max(id), 1) from {table}))"
                    ))?;
                }
                client.batch_execute("vacuum analyze")?;
            }
        }
        Ok(())
    }
}
