//! 跟进工作量: records, customers reached, by method and by hour of the week (I24).

use std::collections::{BTreeMap, HashMap};

use super::ask::{Ask, ReportQuery};
use super::figures::{Figure, Found, Of, apart, drill, list_for, tabulate};
use super::model::{By, Column, HeatCell, Report, Shape};
use super::sheet::{column, report};
use super::words;
use crate::error::Result;
use crate::platform::page::{Part, Sum, Sums, Walked, tally};
use crate::platform::types::Instant;
use crate::platform::work::Work;
use crate::settings::{self, Kind};

/// Every offset of a time zone is a multiple of a quarter of an hour.
const QUARTER_MS: i64 = 900_000;
/// The hours of the week are asked for in no longer periods.
const MOST_DAYS: i64 = 400;

/// By person unless sliced otherwise.
pub fn workload(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let mut ask = query.check(work)?;
    ask.by = Some(ask.by.unwrap_or(By::Owner));
    let days = |from, to| vec![(from, ask.from.to_string()), (to, ask.to.to_string())];
    let all = Figure::count(Of::FollowUps, days("from", "to"));
    let mut figures = vec![all.clone(), Figure::count(Of::Contacted, days("contacted_from", "contacted_to"))];
    let mut columns = vec![
        column(work, "follow_ups", ("跟进记录", "Follow-ups"), Shape::Count),
        column(work, "customers", ("触达客户", "Customers reached"), Shape::Count),
    ];
    for method in settings::entries(work, Kind::FollowUpMethod)? {
        let mut pairs = days("from", "to");
        pairs.push(("method", method.key.clone()));
        figures.push(Figure::count(Of::FollowUps, pairs));
        columns.push(Column { key: method.key, label: method.name, shape: Shape::Count });
    }
    let table = tabulate(work, &ask, ask.by, &figures)?;
    let heat = heat(work, &ask, &all)?;
    let report = report(work, &ask, words::workload(work), columns, &table, |found| found.iter().map(Found::cell).collect())?;
    Ok(Report { heat, ..report })
}

fn heat(work: &mut Work, ask: &Ask, figure: &Figure) -> Result<Vec<HeatCell>> {
    if ask.from.days_until(ask.to) > MOST_DAYS {
        return Ok(Vec::new());
    }
    let (list, pairs) = list_for(work, ask, figure)?;
    let parts = [Part { list, sum: Sum::Nothing }];
    let walked = Walked {
        key: Some("f.contacted_at / 900000"),
        by_row: true,
        through: Some("follow_ups_contacted"),
        apart: apart(Of::FollowUps, &[]),
        ..Walked::default()
    };
    let quarters: HashMap<i64, Sums> = tally(work, &parts, walked, |quarter| quarter)?;
    let mut hours: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for (quarter, sums) in quarters {
        let (day, time) = work.zone().wall(Instant::from_ms(quarter * QUARTER_MS));
        *hours.entry((day.monday().days_until(day) + 1, i64::from(time.hour()))).or_insert(0) += sums[0].0;
    }
    let looks_back = work.looks_back();
    let cell = |((weekday, hour), count): ((i64, i64), i64)| {
        let at = [("weekday", weekday.to_string()), ("hour", hour.to_string())];
        HeatCell { weekday, hour, count, drill: (!looks_back).then(|| drill(Of::FollowUps, &pairs, &at)) }
    };
    Ok(hours.into_iter().map(cell).collect())
}
