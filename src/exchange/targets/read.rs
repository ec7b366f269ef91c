//! A spreadsheet of targets on its way in: every row is judged, and one wrong cell keeps all of them out.

use std::collections::HashSet;

use super::columns::{Column, read_level};
use crate::error::{Error, Fields, Result};
use crate::exchange::cell::{is_failed, restored};
use crate::exchange::sheet::SheetRow;
use crate::identity;
use crate::platform::draft::Given;
use crate::platform::types::{FieldCode, Money};
use crate::platform::work::Work;
use crate::settings::model::TargetOwner;
use crate::settings::targets::{self, TargetsSet, Wanted, set_all};

/// Rows of a file at most.
pub const MOST_ROWS: usize = 1_000;
/// Findings told at most; who has more will look at the first ones anyway.
const MOST_FINDINGS: usize = 200;

/// The columns of a file, by place.
pub fn columns(header: &[String]) -> Result<Vec<Option<Column>>> {
    let mut fields = Fields::default();
    let mut found: Vec<Option<Column>> = Vec::new();
    for heading in header {
        let column = Column::read(heading);
        if column.is_none() && !heading.is_empty() {
            fields.add(format!("header[{heading}]"), FieldCode::Unknown);
        }
        if column.is_some() && found.contains(&column) {
            fields.add(format!("header[{heading}]"), FieldCode::Duplicate);
        }
        found.push(column);
    }
    for (field, column) in [("level", Column::Level), ("number", Column::Number), ("name", Column::Name)] {
        if !found.contains(&Some(column)) {
            fields.add(format!("header[{field}]"), FieldCode::Required);
        }
    }
    if !found.iter().flatten().any(|column| matches!(column, Column::Month(_))) {
        fields.add("header[month]", FieldCode::Required);
    }
    fields.into_result()?;
    Ok(found)
}

/// Whose row it is.
fn owner(work: &mut Work, row: &[(&Column, &str)], place: &str, fields: &mut Fields) -> Result<Option<(TargetOwner, i64)>> {
    let text = |wanted: &Column| row.iter().find(|(column, _)| *column == wanted).map_or("", |(_, text)| *text);
    let Some(level) = read_level(text(&Column::Level)) else {
        fields.add(format!("{place}.level"), if text(&Column::Level).is_empty() { FieldCode::Required } else { FieldCode::Unknown });
        return Ok(None);
    };
    let (field, id) = match level {
        TargetOwner::Company => return Ok(Some((level, 0))),
        TargetOwner::Team => ("name", identity::teams::called(work, text(&Column::Name))?.map(|team| team.id)),
        TargetOwner::User => ("number", identity::numbered(work, text(&Column::Number))?),
    };
    match id {
        None => fields.add(format!("{place}.{field}"), FieldCode::Unknown),
        Some(id) if level == TargetOwner::Team && targets::is_company(work, id)? => {
            fields.add(format!("{place}.{field}"), targets::IS_COMPANY)
        }
        Some(_) => {}
    }
    Ok(id.map(|id| (level, id)))
}

/// Reads all rows and sets what they say; or says what is wrong with each and sets nothing.
pub fn apply(work: &mut Work, columns: &[Option<Column>], rows: &[SheetRow], reason: &Given<String>) -> Result<TargetsSet> {
    let mut fields = Fields::default();
    let mut seen: HashSet<(TargetOwner, i64)> = HashSet::new();
    let mut all: Vec<Wanted> = Vec::new();
    for row in rows {
        let place = format!("rows[{}]", row.line);
        let cells: Vec<(&Column, &str)> = columns
            .iter()
            .zip(&row.cells)
            .filter_map(|(column, text)| column.as_ref().map(|column| (column, restored(text.trim()))))
            .collect();
        let owner = owner(work, &cells, &place, &mut fields)?;
        if let Some(owner) = owner
            && !seen.insert(owner)
        {
            fields.add(place.clone(), FieldCode::Duplicate);
        }
        for (column, text) in &cells {
            let Column::Month(period) = column else { continue };
            if text.is_empty() {
                continue;
            }
            let amount = if is_failed(text) { Err(FieldCode::NotANumber) } else { Money::parse_lenient(text).and_then(Money::positive) };
            match (owner, fields.keep(&format!("{place}.{period}"), amount)) {
                (Some(owner), Some(amount)) => all.push(Wanted { owner, period: period.clone(), amount }),
                _ => continue,
            }
        }
        if fields.iter().count() >= MOST_FINDINGS {
            break;
        }
    }
    fields.into_result()?;
    if all.is_empty() {
        return Err(Error::field("file", FieldCode::Required));
    }
    set_all(work, &all, reason)
}
