//! Tables as the engine describes them, for whoever carries whole tables from one database to another.

use super::{Cell, Cells, FromRow, Tx, Value, sql, sql_for};
use crate::error::Result;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// True for flags, which SQLite keeps as numbers.
    pub is_flag: bool,
}

/// The columns of a table by name; none when there is no such table.
pub fn columns(tx: &mut Tx, table: &str) -> Result<Vec<TableColumn>> {
    let described: Vec<(String, String)> = sql_for(
        tx,
        "select name, lower(type) from pragma_table_info($1) order by name limit 1000",
        "select cast(column_name as text), cast(data_type as text) from information_schema.columns
         where table_schema = current_schema() and table_name = $1 order by cast(column_name as text) collate \"C\" limit 1000",
    )
    .bind(table)
    .all(tx)?;
    Ok(described.into_iter().map(|(name, kind)| TableColumn { name, is_flag: kind == "boolean" }).collect())
}

/// Lets the engine go on numbering behind the rows that were brought along, and behind `last`: the last id that somewhere still stands
/// for a row that is gone.
pub fn continue_numbering(tx: &mut Tx, table: &str, last: i64) -> Result<()> {
    let last: i64 =
        sql(format!("-- unscoped: only how far it is numbered\n select coalesce(max(x.id), 0) from {table} x")).one::<i64>(tx)?.max(last);
    if tx.has_concurrent_writers() {
        let _: i64 = sql(format!("select setval(pg_get_serial_sequence('{table}', 'id'), $1)")).bind(last.max(1)).one(tx)?;
        return Ok(());
    }
    sql("delete from sqlite_sequence where name = $1").bind(table).run(tx)?;
    sql("insert into sqlite_sequence (name, seq) values ($1, $2)").bind(table).bind(last).run(tx)?;
    Ok(())
}

/// Every cell of a row whose columns are known only when it is read.
pub struct AnyRow(pub Vec<Value>);

impl FromRow for AnyRow {
    fn from_row(cells: &mut Cells<'_>) -> Result<AnyRow> {
        let mut all = Vec::with_capacity(cells.len());
        for _ in 0..cells.len() {
            all.push(match cells.take()? {
                Cell::Null => Value::Null,
                Cell::Int(value) => Value::Int(value),
                Cell::Bool(value) => Value::Bool(value),
                Cell::Text(text) => Value::Text(text.to_owned()),
                Cell::Real(value) => Value::Real(value),
            });
        }
        Ok(AnyRow(all))
    }
}
