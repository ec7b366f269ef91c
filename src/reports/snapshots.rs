//! Forecasts that are kept every week, and what became of them (I27).

use std::collections::{BTreeMap, HashMap};

use super::ask::{Ask, ReportQuery};
use super::figures::{Figure, Found, Of, by_text, tabulate};
use super::forecast::{class_columns, months};
use super::model::{By, Cell, ForecastSnapshots, Report, Row, Shape};
use super::sheet::{blank, column, names};
use super::{snapshot_store, words};
use crate::error::{Error, Result};
use crate::opportunities::forecast::ForecastClass;
use crate::platform::types::{Day, FieldCode, Money};
use crate::platform::work::Work;

/// Owners whose sums are taken in one transaction.
const OWNERS: i64 = 200;

/// Takes the sums of some owners behind `after`; answers the last of them, or nothing when all are taken and the forecast is kept.
/// One forecast a day: another of the same day is left as it is.
pub fn take(work: &mut Work, day: Day, after: Option<i64>) -> Result<Option<i64>> {
    if snapshot_store::is_kept(work, day)? {
        return Ok(None);
    }
    let Some(after) = after else {
        snapshot_store::forget(work, day)?;
        snapshot_store::take_unowned(work, day)?;
        return Ok(Some(0));
    };
    match snapshot_store::last_owner(work, after, OWNERS)? {
        Some(last) => {
            snapshot_store::take(work, day, after, last)?;
            Ok(Some(last))
        }
        None => {
            snapshot_store::keep(work, day)?;
            Ok(None)
        }
    }
}

/// The forecasts that were kept.
pub fn snapshots(work: &mut Work) -> Result<ForecastSnapshots> {
    Ok(ForecastSnapshots { items: snapshot_store::kept(work)? })
}

/// What a forecast said of one row.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    classes: [i64; 3],
    weighted: i64,
}

fn row_cells(said: Option<&Said>, won: &Found) -> Vec<Cell> {
    let money = |fen: i64| Cell::money(Some(Money::from_fen(fen)));
    let mut cells: Vec<Cell> = match said {
        Some(said) => said.classes.iter().map(|fen| money(*fen)).chain([money(said.weighted), won.cell()]).collect(),
        None => (0..4).map(|_| Cell::default()).chain([won.cell()]).collect(),
    };
    cells.push(said.map_or_else(Cell::default, |said| money(won.sum - said.weighted)));
    cells.push(said.map_or_else(Cell::default, |said| Cell::rate(won.sum, said.weighted)));
    cells
}

/// A kept forecast beside what was won in its months; by month unless sliced by team or person. Whole months: sums are kept by month.
pub fn review(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let asked = query.snapshot.clone().get("snapshot")?;
    let any = query.from.clone().get("from")?.is_some() || query.to.clone().get("to")?.is_some();
    let mut ask = query.check(work)?;
    if !matches!(ask.by, None | Some(By::Team | By::Owner)) {
        return Err(Error::field("group_by", FieldCode::NotAllowed));
    }
    let all = snapshot_store::kept(work)?;
    let snapshot = match asked {
        Some(day) if !all.iter().any(|one| one.taken_on == day) => return Err(Error::field("snapshot", FieldCode::Unknown)),
        Some(day) => Some(day),
        None => all.first().map(|one| one.taken_on),
    };
    if let (Some(day), false) = (snapshot, any) {
        (ask.from, ask.to) = (day, day);
    }
    (ask.from, ask.to) = (ask.from.first_of_month(), ask.to.last_of_month());
    // A forecast knows nothing of regions, industries, sources and tags.
    let snapshot = snapshot.filter(|_| ask.customer.is_empty());
    let said = match snapshot {
        Some(day) => said(work, &ask, day)?,
        None => HashMap::new(),
    };
    let figure = Figure::sum(Of::Won, vec![("won_from", ask.from.to_string()), ("won_to", ask.to.to_string())], "o.won_amount");
    let (rows, total) = match ask.by {
        None => by_month(work, &ask, &figure, &said, snapshot.is_some())?,
        Some(by) => by_slice(work, &ask, by, &figure, &said, snapshot.is_some())?,
    };
    let mut columns = class_columns(work, Shape::Money);
    columns.extend([
        column(work, "weighted", ("加权预测", "Weighted"), Shape::Money),
        column(work, "won", ("实际成交", "Won"), Shape::CountAndSum),
        column(work, "gap", ("偏差", "Off by"), Shape::Money),
        column(work, "rate", ("实际/加权", "Won ÷ weighted"), Shape::Rate),
    ]);
    let definition = words::review(work);
    Ok(Report { snapshot, ..blank(work, &ask, definition, columns, rows, total) })
}

/// The sums of a forecast by the key of their row; `*` for all.
fn said(work: &mut Work, ask: &Ask, day: Day) -> Result<HashMap<String, Said>> {
    let mut all: HashMap<String, Said> = HashMap::new();
    let first = |day: Day| format!("{:04}-{:02}", day.year(), day.month());
    for sum in snapshot_store::sums(work, day, &first(ask.from), &first(ask.to), &ask.teams, &ask.owners)? {
        let key = match ask.by {
            Some(By::Team) => sum.team_id.to_string(),
            Some(_) => sum.owner_id.to_string(),
            None => sum.month,
        };
        for key in [key, "*".to_owned()] {
            let said = all.entry(key).or_default();
            said.weighted += sum.weighted.fen();
            if let Some(place) = ForecastClass::ALL.iter().position(|class| *class == sum.class) {
                said.classes[place] += sum.amount.fen();
            }
        }
    }
    Ok(all)
}

type Rows = (Vec<Row>, Vec<Cell>);

fn of<'s>(said: &'s HashMap<String, Said>, key: &str, kept: bool) -> Option<&'s Said> {
    const NOTHING: &Said = &Said { classes: [0; 3], weighted: 0 };
    kept.then(|| said.get(key).unwrap_or(NOTHING))
}

fn by_month(work: &mut Work, ask: &Ask, figure: &Figure, said: &HashMap<String, Said>, kept: bool) -> Result<Rows> {
    let months = months(ask);
    let days = |first: &Day, last: &Day| vec![("won_from", first.to_string()), ("won_to", last.to_string())];
    let within = |month: &str| {
        months.iter().find(|(key, _, _)| key == month).map_or_else(|| days(&ask.from, &ask.to), |(_, first, last)| days(first, last))
    };
    let (total, found) = by_text(work, ask, std::slice::from_ref(figure), "substr(o.won_on, 1, 7)", within)?;
    let rows = months.iter().map(|(month, first, last)| {
        let nothing = || Found::none(ask, &Figure { pairs: days(first, last), ..figure.clone() });
        let won = found.get(month).map_or_else(nothing, |found| found[0].clone());
        Row { key: month.clone(), name: Some(month.clone()), cells: row_cells(of(said, month, kept), &won) }
    });
    let rows = rows.collect();
    Ok((rows, row_cells(of(said, "*", kept), &total[0])))
}

fn by_slice(work: &mut Work, ask: &Ask, by: By, figure: &Figure, said: &HashMap<String, Said>, kept: bool) -> Result<Rows> {
    let table = tabulate(work, ask, Some(by), std::slice::from_ref(figure))?;
    let mut found: BTreeMap<i64, Found> = table.rows.into_iter().map(|(id, mut found)| (id, found.swap_remove(0))).collect();
    for id in said.keys().filter_map(|key| key.parse().ok()) {
        found.entry(id).or_insert_with(|| Found::nothing(ask, by, id));
    }
    let ids: Vec<i64> = found.keys().copied().filter(|id| *id != 0).collect();
    let named = if ids.is_empty() { HashMap::new() } else { names(work, by, &ids)? };
    let rows = found.iter().map(|(id, won)| Row {
        key: if *id == 0 { String::new() } else { id.to_string() },
        name: named.get(id).cloned(),
        cells: row_cells(of(said, &id.to_string(), kept), won),
    });
    Ok((rows.collect(), row_cells(of(said, "*", kept), &table.total[0])))
}
