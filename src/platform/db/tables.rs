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

/// Lets the engine go on numbering behind the ids that were brought along.
pub fn continue_numbering(tx: &mut Tx, table: &str) -> Result<()> {
    if tx.has_concurrent_writers() {
        let text =
            format!("select setval(pg_get_serial_sequence('{table}', 'id'), greatest((select coalesce(max(id), 0) from {table}), 1))");
        sql(text).run(tx)?;
    }
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
