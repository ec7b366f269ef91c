//! Comparing a report with the second reckoning, and following its numbers to their lists.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::number::{Expected, cells, fen_of, read};
use crate::support::Client;

#[track_caller]
pub fn compare(what: &str, report: &Value, expected: &Expected) {
    let found = cells(report);
    for (place, number) in expected {
        let cell = found.get(place).unwrap_or_else(|| panic!("{what}: nothing at {place:?} in {report:#}"));
        assert_eq!(&read(cell), number, "{what}: {place:?}");
    }
    let rows: BTreeSet<&String> = found.keys().map(|(row, _)| row).filter(|row| *row != "*").collect();
    let wanted: BTreeSet<&String> = expected.keys().map(|(row, _)| row).filter(|row| *row != "*").collect();
    if !wanted.is_empty() {
        assert_eq!(rows, wanted, "{what}");
    }
}

/// Follows a number to its list: the same count, the same sum.
pub async fn follow(reader: &Client, what: &str, cell: &Value, column: &str, followed: &mut BTreeMap<String, (i64, i64, i64)>) {
    let Some(address) = cell["drill"].as_str() else { return };
    if !followed.contains_key(address) {
        let page = reader.get(&format!("{address}&limit=100")).await.ok();
        let rows = page["items"].as_array().unwrap();
        let all = |field: &str| rows.iter().filter_map(|row| fen_of(&row[field])).sum::<i64>();
        assert_eq!(page["total"].as_u64(), Some(rows.len() as u64));
        followed.insert(address.to_owned(), (rows.len() as i64, all("expected_amount"), all("won_amount")));
    }
    let (count, expected, won) = followed[address];
    assert_eq!(cell["count"].as_i64(), Some(count), "{what} {column}: {address}");
    if let Some(fen) = fen_of(&cell["sum"]) {
        let of_won = address.contains("won_from=");
        assert_eq!(fen, if of_won { won } else { expected }, "{what} {column}: {address}");
    }
}

pub async fn follow_all(reader: &Client, what: &str, report: &Value, followed: &mut BTreeMap<String, (i64, i64, i64)>) {
    for ((row, column), cell) in cells(report) {
        follow(reader, &format!("{what} {row}"), &cell, &column, followed).await;
    }
    for cell in report["heat"].as_array().into_iter().flatten() {
        follow(reader, what, cell, "heat", followed).await;
    }
}
