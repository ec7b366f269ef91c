//! 销售预测: what is expected to close, month by month and by how sure it is (I27).

use super::ask::{Ask, ReportQuery};
use super::figures::{Figure, Found, Of, by_text, tabulate};
use super::model::{Cell, Column, Report, Row, Shape};
use super::sheet::{blank, column, report};
use super::words;
use crate::error::Result;
use crate::opportunities::forecast::ForecastClass;
use crate::platform::types::{Day, Money};
use crate::platform::work::Work;
use crate::settings::{self, Stage, StageKind};

/// Months looked ahead when no period is asked for, this one included.
const AHEAD: i64 = 3;
const CLASSES: [ForecastClass; 3] = [ForecastClass::Commit, ForecastClass::BestCase, ForecastClass::Pipeline];

/// The columns of the classes.
pub fn class_columns(work: &Work, shape: Shape) -> Vec<Column> {
    vec![
        column(work, "commit", ("承诺", "Commit"), shape),
        column(work, "best_case", ("最佳", "Best case"), shape),
        column(work, "pipeline", ("储备", "Pipeline"), shape),
    ]
}

/// The months of a period, each with its days within.
pub fn months(ask: &Ask) -> Vec<(String, Day, Day)> {
    let mut all = Vec::new();
    let mut first = ask.from.first_of_month();
    while first <= ask.to {
        all.push((format!("{:04}-{:02}", first.year(), first.month()), first.max(ask.from), first.last_of_month().min(ask.to)));
        first = first.add_months(1);
    }
    all
}

fn expected(ask: &Ask) -> [(&'static str, String); 2] {
    [("close_from", ask.from.to_string()), ("close_to", ask.to.to_string())]
}

/// The three classes, all open ones, what was won; then all open ones stage by stage, for their weights.
fn figures(ask: &Ask, stages: &[Stage]) -> Vec<Figure> {
    let open = |more: Vec<(&'static str, String)>| {
        Figure::sum(Of::Opportunities, more.into_iter().chain(expected(ask)).collect(), "o.expected_amount")
    };
    let mut all: Vec<Figure> =
        CLASSES.iter().map(|class| open(vec![("status", "open".into()), ("forecast_class", class.word().into())])).collect();
    all.push(open(vec![("status", "open".into())]));
    all.push(Figure::sum(Of::Won, vec![("won_from", ask.from.to_string()), ("won_to", ask.to.to_string())], "o.won_amount"));
    all.extend(stages.iter().map(|stage| open(vec![("status", "open".into()), ("stage", stage.key.clone())])));
    all
}

fn cells(found: &[Found], stages: &[Stage]) -> Vec<Cell> {
    let (shown, by_stage) = found.split_at(CLASSES.len() + 2);
    let weighted = by_stage.iter().zip(stages).map(|(found, stage)| Money::from_fen(found.sum).weighted(stage.probability)).sum();
    let mut cells: Vec<Cell> = shown.iter().map(Found::cell).collect();
    cells.insert(CLASSES.len() + 1, Cell::money(Some(weighted)));
    cells
}

/// By expected month unless sliced otherwise.
pub fn forecast(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let any = query.from.clone().get("from")?.is_some() || query.to.clone().get("to")?.is_some();
    let mut ask = query.check(work)?;
    if !any {
        ask.to = ask.from.add_months(AHEAD - 1).last_of_month();
    }
    let stages: Vec<Stage> = settings::stages(work)?.into_iter().filter(|stage| stage.kind == StageKind::Open).collect();
    let mut columns = class_columns(work, Shape::CountAndSum);
    columns.extend([
        column(work, "open", ("进行中合计", "Open in all"), Shape::CountAndSum),
        column(work, "weighted", ("加权金额", "Weighted"), Shape::Money),
        column(work, "won", ("已成交", "Won"), Shape::CountAndSum),
    ]);
    let figures = figures(&ask, &stages);
    if ask.by.is_some() {
        let table = tabulate(work, &ask, ask.by, &figures)?;
        return report(work, &ask, words::forecast(work), columns, &table, |found| cells(found, &stages));
    }
    let months = months(&ask);
    let (due, won): (Vec<Figure>, Vec<Figure>) = figures.iter().cloned().partition(|figure| figure.of != Of::Won);
    let (due, won) = (of_months(work, &ask, &months, &due)?, of_months(work, &ask, &months, &won)?);
    // Won stands among the others where `figures` has it.
    let together = |mut due: Vec<Found>, won: Vec<Found>| -> Vec<Found> {
        due.splice(CLASSES.len() + 1..CLASSES.len() + 1, won);
        due
    };
    let total = together(due.0, won.0);
    let by_month = due.1.into_iter().zip(won.1).map(|((month, due), (_, won))| (month, together(due, won)));
    let rows = by_month.map(|(month, found)| Row { key: month.clone(), name: Some(month), cells: cells(&found, &stages) });
    let rows = rows.collect();
    let total = cells(&total, &stages);
    Ok(blank(work, &ask, words::forecast(work), columns, rows, total))
}

/// Figures of all months together, and of each.
type Months = (Vec<Found>, Vec<(String, Vec<Found>)>);

/// Figures of the same records, all together and for every month.
fn of_months(work: &mut Work, ask: &Ask, months: &[(String, Day, Day)], figures: &[Figure]) -> Result<Months> {
    let won = figures.iter().any(|figure| figure.of == Of::Won);
    let (column, from, to) = if won { ("o.won_on", "won_from", "won_to") } else { ("o.expected_close_on", "close_from", "close_to") };
    let days = |first: &Day, last: &Day| vec![(from, first.to_string()), (to, last.to_string())];
    let within = |month: &str| {
        months.iter().find(|(key, _, _)| key == month).map_or_else(|| days(&ask.from, &ask.to), |(_, first, last)| days(first, last))
    };
    let (total, mut found) = by_text(work, ask, figures, &format!("substr({column}, 1, 7)"), within)?;
    let all = months.iter().map(|(month, first, last)| {
        let nothing = |figure: &Figure| {
            let pairs = figure.pairs.iter().filter(|(name, _)| *name != from && *name != to).cloned().chain(days(first, last)).collect();
            Found::none(ask, &Figure { pairs, ..figure.clone() })
        };
        let cells = found.remove(month).unwrap_or_else(|| figures.iter().map(nothing).collect());
        (month.clone(), cells)
    });
    Ok((total, all.collect()))
}
