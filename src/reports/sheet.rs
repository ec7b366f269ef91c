//! A report being put together: columns in the reader's language, rows with their names.

use std::collections::HashMap;

use super::ask::Ask;
use super::figures::{Found, Table};
use super::model::{By, Cell, Column, Definition, Report, Row, Shape};
use super::{store, words};
use crate::error::Result;
use crate::platform::work::Work;
use crate::settings::{self, Kind};

/// A column.
pub fn column(work: &Work, key: &str, label: (&str, &str), shape: Shape) -> Column {
    Column { key: key.to_owned(), label: work.said(label), shape }
}

/// The names of slices.
pub fn names(work: &mut Work, by: By, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let entries = |work: &mut Work, kind| -> Result<HashMap<i64, String>> {
        Ok(settings::entries(work, kind)?.into_iter().map(|entry| (entry.id, entry.name)).collect())
    };
    match by {
        By::Team => Ok(store::team_names(work, ids)?.into_iter().collect()),
        By::Owner => Ok(store::user_names(work, ids)?.into_iter().collect()),
        By::Region => entries(work, Kind::Region),
        By::Industry => entries(work, Kind::Industry),
        By::Source => entries(work, Kind::SourceChannel),
        By::LostReason | By::Competitor | By::LostStage => Ok(HashMap::new()),
        By::Tag => Ok(settings::tags(work, None)?.into_iter().map(|tag| (tag.id, tag.name)).collect()),
    }
}

/// A report from a table of figures; `cells` turns the figures of a row into its cells.
pub fn report(
    work: &mut Work,
    ask: &Ask,
    definition: Definition,
    columns: Vec<Column>,
    table: &Table,
    cells: impl Fn(&[Found]) -> Vec<Cell>,
) -> Result<Report> {
    let ids: Vec<i64> = table.rows.keys().copied().filter(|id| *id != 0).collect();
    let named = match ask.by {
        Some(by) if !ids.is_empty() => names(work, by, &ids)?,
        _ => HashMap::new(),
    };
    let rows = table.rows.iter().map(|(id, found)| Row {
        key: if *id == 0 { String::new() } else { id.to_string() },
        name: named.get(id).cloned(),
        cells: cells(found),
    });
    let rows = rows.collect();
    Ok(blank(work, ask, definition, columns, rows, cells(&table.total)))
}

/// A report with these rows. The lists behind its numbers show what there is now: a look back has none.
pub fn blank(work: &Work, ask: &Ask, definition: Definition, columns: Vec<Column>, mut rows: Vec<Row>, mut total: Vec<Cell>) -> Report {
    let looks_back = work.looks_back();
    if looks_back {
        rows.iter_mut().flat_map(|row| &mut row.cells).chain(&mut total).for_each(|cell| cell.drill = None);
    }
    let definition = if looks_back { words::of_the_past(work, definition) } else { definition };
    let name = Some(work.said(("合计", "All")));
    Report {
        as_of: work.now(),
        looks_back,
        from: ask.from,
        to: ask.to,
        group_by: ask.by,
        snapshot: None,
        definition,
        columns,
        rows,
        total: Row { key: String::new(), name, cells: total },
        heat: Vec::new(),
        stuck: Vec::new(),
    }
}
