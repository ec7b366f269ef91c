//! Values on their way out: strict decoding, the same on both engines.

use crate::error::{Error, Result};

/// One cell as an engine gave it.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// SQL null.
    Null,
    /// `bigint`, and a flag on SQLite.
    Int(i64),
    /// A flag on PostgreSQL.
    Bool(bool),
    /// `text`.
    Text(&'a str),
    /// `double precision`.
    Real(f64),
}

/// The cells of one row, read from left to right.
pub struct Cells<'a> {
    row: Source<'a>,
    next: usize,
}

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl<'a> Cells<'a> {
    pub(super) fn sqlite(row: &'a rusqlite::Row<'a>) -> Cells<'a> {
        Cells { row: Source::Sqlite(row), next: 0 }
    }

    pub(super) fn postgres(row: &'a postgres::Row) -> Cells<'a> {
        Cells { row: Source::Postgres(row), next: 0 }
    }

    /// How many there are in the row.
    pub(super) fn len(&self) -> usize {
        match self.row {
            Source::Sqlite(row) => row.as_ref().column_count(),
            Source::Postgres(row) => row.len(),
        }
    }

    /// How many are still to be read.
    pub fn left(&self) -> usize {
        self.len().saturating_sub(self.next)
    }

    /// The next cell.
    pub fn take(&mut self) -> Result<Cell<'a>> {
        let index = self.next;
        self.next += 1;
        match self.row {
            Source::Sqlite(row) => {
                use rusqlite::types::ValueRef;
                Ok(match row.get_ref(index)? {
                    ValueRef::Null => Cell::Null,
                    ValueRef::Integer(value) => Cell::Int(value),
                    ValueRef::Real(value) => Cell::Real(value),
                    ValueRef::Text(bytes) => Cell::Text(std::str::from_utf8(bytes).map_err(|_| Error::internal("text that is not UTF-8"))?),
                    ValueRef::Blob(_) => return Err(Error::internal("a blob where none is kept")),
                })
            }
            Source::Postgres(row) => {
                use postgres::types::Type;
                let column = row.columns().get(index).ok_or_else(|| Error::internal(format!("no column {index}")))?;
                Ok(match *column.type_() {
                    Type::INT8 => row.try_get::<_, Option<i64>>(index)?.map_or(Cell::Null, Cell::Int),
                    Type::INT4 => row.try_get::<_, Option<i32>>(index)?.map_or(Cell::Null, |value| Cell::Int(value.into())),
                    Type::BOOL => row.try_get::<_, Option<bool>>(index)?.map_or(Cell::Null, Cell::Bool),
                    Type::FLOAT8 => row.try_get::<_, Option<f64>>(index)?.map_or(Cell::Null, Cell::Real),
                    Type::VOID => Cell::Null,
                    _ => row.try_get::<_, Option<&str>>(index)?.map_or(Cell::Null, Cell::Text),
                })
            }
        }
    }
}

/// A type that one cell holds.
pub trait FromCell: Sized {
    /// Decodes the cell; the error names what was found.
    fn from_cell(cell: Cell<'_>) -> Result<Self>;
}

fn mismatch<T>(cell: Cell<'_>) -> Error {
    Error::internal(format!("cannot read {cell:?} as {}", std::any::type_name::<T>()))
}

impl FromCell for i64 {
    fn from_cell(cell: Cell<'_>) -> Result<i64> {
        match cell {
            Cell::Int(value) => Ok(value),
            other => Err(mismatch::<i64>(other)),
        }
    }
}

impl FromCell for bool {
    fn from_cell(cell: Cell<'_>) -> Result<bool> {
        match cell {
            Cell::Bool(value) => Ok(value),
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            other => Err(mismatch::<bool>(other)),
        }
    }
}

impl FromCell for f64 {
    fn from_cell(cell: Cell<'_>) -> Result<f64> {
        match cell {
            Cell::Real(value) => Ok(value),
            other => Err(mismatch::<f64>(other)),
        }
    }
}

impl FromCell for String {
    fn from_cell(cell: Cell<'_>) -> Result<String> {
        match cell {
            Cell::Text(value) => Ok(value.to_owned()),
            other => Err(mismatch::<String>(other)),
        }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Result<Option<T>> {
        match cell {
            Cell::Null => Ok(None),
            other => T::from_cell(other).map(Some),
        }
    }
}

/// A type made of one or more cells of a row.
pub trait FromRow: Sized {
    /// The column list that `{columns}` stands for; empty for scalars and tuples.
    const COLUMNS: &'static str = "";
    /// Reads the cells that belong to it, in the order of its column list.
    fn from_row(cells: &mut Cells<'_>) -> Result<Self>;
}

impl<T: FromCell> FromRow for T {
    fn from_row(cells: &mut Cells<'_>) -> Result<T> {
        T::from_cell(cells.take()?)
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: FromRow),+> FromRow for ($($name,)+) {
            fn from_row(cells: &mut Cells<'_>) -> Result<Self> {
                Ok(($($name::from_row(cells)?,)+))
            }
        }
    };
}
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);

/// Drops the separator that `row!` leaves behind the last column.
pub const fn without_last_comma(list: &'static str) -> &'static str {
    list.split_at(list.len() - 2).0
}

/// Declares a struct together with the columns it is read from: `field: Type = "expression"`, the field's own name when no
/// expression is given. A field may span several columns when its type does (`Named` = `"i.id, i.name"`).
#[macro_export]
macro_rules! row {
    (@column $field:ident) => { stringify!($field) };
    (@column $field:ident $expression:literal) => { $expression };
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$field_meta:meta])* $field_vis:vis $field:ident : $type:ty $(= $expression:literal)?),+ $(,)? }) => {
        $(#[$meta])*
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $type),+ }

        impl $crate::platform::db::FromRow for $name {
            const COLUMNS: &'static str =
                $crate::platform::db::without_last_comma(concat!($($crate::row!(@column $field $($expression)?), ", "),+));

            fn from_row(cells: &mut $crate::platform::db::Cells<'_>) -> $crate::error::Result<Self> {
                Ok($name { $($field: $crate::platform::db::FromRow::from_row(cells)?),+ })
            }
        }
    };
}

/// Lets a type be bound and read through another one: `stored_as!(Money, i64, Money::from_fen, Money::fen)`.
#[macro_export]
macro_rules! stored_as {
    ($type:ty, $wire:ty, $read:expr, $write:expr) => {
        impl $crate::platform::db::FromCell for $type {
            fn from_cell(cell: $crate::platform::db::Cell<'_>) -> $crate::error::Result<Self> {
                let wire = <$wire as $crate::platform::db::FromCell>::from_cell(cell)?;
                let read: fn($wire) -> Option<$type> = $read;
                read(wire).ok_or_else(|| $crate::error::Error::internal(concat!("a stored value is no ", stringify!($type))))
            }
        }

        impl From<$type> for $crate::platform::db::Value {
            fn from(value: $type) -> Self {
                let write: fn(&$type) -> $wire = $write;
                write(&value).into()
            }
        }

        impl From<&$type> for $crate::platform::db::Value {
            fn from(value: &$type) -> Self {
                let write: fn(&$type) -> $wire = $write;
                write(value).into()
            }
        }
    };
}
