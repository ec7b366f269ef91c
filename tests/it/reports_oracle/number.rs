//! Numbers as a report must say them, and as it says them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::world::Opportunity;

/// A number as the report must say it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Number {
    pub count: Option<i64>,
    pub fen: Option<i64>,
    pub rate: Option<(i64, i64)>,
    pub seconds: Option<i64>,
}

pub fn both(count: usize, fen: i64) -> Number {
    Number { count: Some(count as i64), fen: Some(fen), ..Number::default() }
}

pub fn only(count: usize) -> Number {
    Number { count: Some(count as i64), ..Number::default() }
}

pub fn money(fen: Option<i64>) -> Number {
    Number { fen, ..Number::default() }
}

pub fn rate(numerator: i64, denominator: i64) -> Number {
    Number { rate: (denominator > 0).then_some((numerator, denominator)), ..Number::default() }
}

pub fn time(seconds: Option<i64>) -> Number {
    Number { seconds, ..Number::default() }
}

pub fn fen_of(text: &Value) -> Option<i64> {
    text.as_str().map(|text| text.replace('.', "").parse().unwrap())
}

pub fn read(cell: &Value) -> Number {
    let rate = &cell["rate"];
    let rate = rate.is_object().then(|| (rate["numerator"].as_i64().unwrap(), rate["denominator"].as_i64().unwrap()));
    Number { count: cell["count"].as_i64(), fen: fen_of(&cell["sum"]), rate, seconds: cell["seconds"].as_i64() }
}

/// The cells of a report: by row (`*` for the total) and column.
pub fn cells(report: &Value) -> BTreeMap<(String, String), Value> {
    let columns: Vec<&str> = report["columns"].as_array().unwrap().iter().map(|column| column["key"].as_str().unwrap()).collect();
    let mut all = BTreeMap::new();
    let mut row = |key: String, row: &Value| {
        for (column, cell) in columns.iter().zip(row["cells"].as_array().unwrap()) {
            all.insert((key.clone(), (*column).to_owned()), cell.clone());
        }
    };
    for one in report["rows"].as_array().unwrap() {
        row(one["key"].as_str().unwrap().to_owned(), one);
    }
    row("*".into(), &report["total"]);
    all
}

pub type Expected = BTreeMap<(String, String), Number>;

pub fn put(all: &mut Expected, row: &str, column: &str, number: Number) {
    all.insert((row.to_owned(), column.to_owned()), number);
}

pub fn sum<'a>(all: impl IntoIterator<Item = &'a &'a Opportunity>, won: bool) -> i64 {
    all.into_iter().map(|one| if won { one.won_amount } else { one.amount }).sum()
}

/// One to a hundred per cent of an amount, half up.
pub fn weighted(fen: i64, percent: i64) -> i64 {
    (fen * percent + 50) / 100
}

pub struct Period {
    pub from: i64,
    pub to: i64,
}

impl Period {
    pub fn has(&self, day: i64) -> bool {
        self.from <= day && day <= self.to
    }
}
