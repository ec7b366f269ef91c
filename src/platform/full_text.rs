//! Full-text search over grams made in Rust (`types::grams`): FTS5 on SQLite, `tsvector` on PostgreSQL.

use super::db::{Predicate, Tx, sql, sql_for};
use super::types::grams;
use crate::error::Result;

/// An index of one kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Customers with their contacts.
    Customers,
    /// Opportunities.
    Opportunities,
}

impl Index {
    fn table(self) -> &'static str {
        match self {
            Index::Customers => "customer_search",
            Index::Opportunities => "opportunity_search",
        }
    }
}

/// The condition that a record has all the grams of a query; a query with nothing to look for finds nothing.
pub fn matching(tx: &Tx, index: Index, id_column: &str, query: &str) -> Predicate {
    let table = index.table();
    let (expression, test) = if tx.has_concurrent_writers() {
        (grams::postgres_query(query), "grams @@ to_tsquery('simple', $1)".to_owned())
    } else {
        (grams::sqlite_match(query), format!("{table} match $1"))
    };
    match expression {
        None => Predicate::new("false", Vec::new()),
        Some(expression) => Predicate::new(format!("{id_column} in (select rowid from {table} where {test})"), vec![expression.into()]),
    }
}

/// Puts a record's grams into an index, replacing what was there.
pub fn replace(tx: &mut Tx, index: Index, id: i64, record: &grams::Findable<'_>) -> Result<()> {
    let words = grams::index_grams(record).join(" ");
    let (delete, sqlite, postgres) = match index {
        Index::Customers => (
            "delete from customer_search where rowid = $1",
            "insert into customer_search (rowid, grams) values ($1, $2)",
            "insert into customer_search (rowid, grams) values ($1, array_to_tsvector(string_to_array($2, ' ')))",
        ),
        Index::Opportunities => (
            "delete from opportunity_search where rowid = $1",
            "insert into opportunity_search (rowid, grams) values ($1, $2)",
            "insert into opportunity_search (rowid, grams) values ($1, array_to_tsvector(string_to_array($2, ' ')))",
        ),
    };
    sql(delete).bind(id).run(tx)?;
    sql_for(tx, sqlite, postgres).bind(id).bind(words).run(tx)?;
    Ok(())
}

/// Takes a record out of an index.
pub fn remove(tx: &mut Tx, index: Index, id: i64) -> Result<()> {
    let delete = match index {
        Index::Customers => "delete from customer_search where rowid = $1",
        Index::Opportunities => "delete from opportunity_search where rowid = $1",
    };
    sql(delete).bind(id).run(tx)?;
    Ok(())
}
