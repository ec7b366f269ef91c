//! 销售预测: what is expected to close, month by month and by how sure it is (I27).

use std::collections::BTreeMap;

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
    let mut all: Vec<Figure> = CLASSES.iter().map(|class| open(vec![("forecast_class", class.word().into())])).collect();
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
    let table = tabulate(work, &ask, ask.by, &figures)?;
    if ask.by.is_some() {
        return report(work, &ask, words::forecast(work), columns, &table, |found| cells(found, &stages));
    }
    let months = months(&ask);
    let mut by_month: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    for figure in &figures {
        let won = figure.of == Of::Won;
        let (column, from, to) = if won { ("o.won_on", "won_from", "won_to") } else { ("o.expected_close_on", "close_from", "close_to") };
        let within = |month: &str| {
            let (first, last) =
                months.iter().find(|(key, _, _)| key == month).map_or((ask.from, ask.to), |(_, first, last)| (*first, *last));
            vec![(from, first.to_string()), (to, last.to_string())]
        };
        let found: BTreeMap<String, Found> = by_text(work, &ask, figure, &format!("substr({column}, 1, 7)"), within)?.into_iter().collect();
        for (month, first, last) in &months {
            let nothing = || {
                let days = [(from, first.to_string()), (to, last.to_string())];
                let pairs = figure.pairs.iter().filter(|(name, _)| *name != from && *name != to).cloned().chain(days).collect();
                Found::none(&ask, &Figure { pairs, ..figure.clone() })
            };
            let cell = found.get(month).cloned().unwrap_or_else(nothing);
            by_month.entry(month.clone()).or_default().push(cell);
        }
    }
    let rows = by_month.into_iter().map(|(month, found)| Row { key: month.clone(), name: Some(month), cells: cells(&found, &stages) });
    let rows = rows.collect();
    let total = cells(&table.total, &stages);
    Ok(blank(work, &ask, words::forecast(work), columns, rows, total))
}
