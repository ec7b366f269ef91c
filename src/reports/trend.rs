//! 活跃趋势: the activity of the customers at the end of each of the last months (I23).

use super::activity::points;
use super::ask::ReportQuery;
use super::figures::{Figure, Of, tabulate};
use super::model::{Cell, Report, Row, Shape};
use super::sheet::{blank, column};
use super::words;
use crate::error::{Error, Result};
use crate::platform::types::{Day, FieldCode};
use crate::platform::work::Work;

/// Months that are looked at, the running one included.
const MONTHS: i64 = 6;

/// Month by month up to today; the customers that were entered by then, as they are owned now.
pub fn activity_trend(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let mut ask = query.check(work)?;
    if ask.by.is_some() {
        return Err(Error::field("group_by", FieldCode::NotAllowed));
    }
    let today = work.today();
    let first = today.first_of_month().add_months(1 - MONTHS);
    (ask.from, ask.to) = (first, today);
    let mut rows = Vec::new();
    let mut last = Vec::new();
    let months: Vec<Day> = (0..MONTHS).map(|number| first.add_months(number)).collect();
    let ends: Vec<Day> = months.iter().map(|month| month.last_of_month().min(today)).collect();
    let points = points(work, &ask, &ends)?;
    let measured = ends.iter().zip(points);
    let figures: Vec<Figure> =
        measured.map(|(end, points)| Figure::measure(Of::Customers, vec![("created_to", end.to_string())], points)).collect();
    for (month, found) in months.iter().zip(tabulate(work, &ask, None, &figures)?.total) {
        last = vec![Cell::rate(found.sum, found.count * 100), found.cell()];
        let key = format!("{:04}-{:02}", month.year(), month.month());
        rows.push(Row { key: key.clone(), name: Some(key), cells: last.clone() });
    }
    let columns =
        vec![column(work, "index", ("活跃指数", "Index"), Shape::Score), column(work, "customers", ("客户", "Customers"), Shape::Count)];
    // The last line is today: what there is in all.
    Ok(blank(work, &ask, words::trend(work), columns, rows, last))
}
