//! 销售管道, 漏斗, 转化率 and 来源分析 (S7, I18–I20, I25).

use super::ask::{Ask, Pairs, ReportQuery};
use super::figures::{Figure, Found, Of, Summed, tabulate};
use super::model::{By, Cell, Column, Report, Row, Shape};
use super::sheet::{blank, column, report};
use super::words;
use crate::error::Result;
use crate::platform::types::Money;
use crate::platform::work::Work;
use crate::settings::{self, Stage, StageKind};

fn period(ask: &Ask, from: &'static str, to: &'static str) -> Pairs {
    vec![(from, ask.from.to_string()), (to, ask.to.to_string())]
}

/// The pipeline now: by stage, or by slice with a column for each stage. Open stages count as they stand, won and lost ones of the
/// period.
pub fn pipeline(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let ask = query.check(work)?;
    let stages = settings::stages(work)?;
    let figures: Vec<Figure> = stages
        .iter()
        .map(|stage| {
            let at = ("stage", stage.key.clone());
            match stage.kind {
                StageKind::Open => Figure::sum(Of::Opportunities, vec![("status", "open".into()), at], "o.expected_amount"),
                StageKind::Won => {
                    let pairs = period(&ask, "won_from", "won_to").into_iter().chain([at]).collect();
                    Figure::sum(Of::Won, pairs, "o.won_amount")
                }
                StageKind::Lost => {
                    let pairs = period(&ask, "lost_from", "lost_to").into_iter().chain([at]).collect();
                    Figure::sum(Of::Opportunities, pairs, "o.expected_amount")
                }
            }
        })
        .collect();
    let open = Figure::sum(Of::Opportunities, vec![("status", "open".into())], "o.expected_amount");
    let table = tabulate(work, &ask, ask.by, &[figures, vec![open]].concat())?;
    let weighted = |found: &[Found]| -> Money {
        let open = stages.iter().zip(found).filter(|(stage, _)| stage.kind == StageKind::Open);
        open.map(|(stage, found)| Money::from_fen(found.sum).weighted(stage.probability)).sum()
    };
    if ask.by.is_none() {
        let columns = vec![
            column(work, "opportunities", ("商机", "Opportunities"), Shape::CountAndSum),
            column(work, "weighted", ("加权金额", "Weighted"), Shape::Money),
        ];
        let rows = stages.iter().zip(&table.total).map(|(stage, found)| Row {
            key: stage.key.clone(),
            name: Some(stage.name.clone()),
            cells: vec![
                found.cell(),
                Cell::money((stage.kind == StageKind::Open).then(|| Money::from_fen(found.sum).weighted(stage.probability))),
            ],
        });
        let total = vec![table.total[stages.len()].cell(), Cell::money(Some(weighted(&table.total)))];
        let rows = rows.collect();
        return Ok(blank(work, &ask, words::pipeline(work), columns, rows, total));
    }
    let mut columns: Vec<Column> = stages.iter().map(|stage| of_stage(stage, Shape::CountAndSum)).collect();
    columns.push(column(work, "open", ("进行中", "Open"), Shape::CountAndSum));
    columns.push(column(work, "weighted", ("加权金额", "Weighted"), Shape::Money));
    report(work, &ask, words::pipeline(work), columns, &table, |found| {
        found.iter().map(Found::cell).chain([Cell::money(Some(weighted(found)))]).collect()
    })
}

fn of_stage(stage: &Stage, shape: Shape) -> Column {
    Column { key: stage.key.clone(), label: stage.name.clone(), shape }
}

/// The funnel: who reached a stage in the period, and how many of these have reached the next one (I18).
pub fn funnel(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let ask = query.check(work)?;
    let stages: Vec<Stage> = settings::stages(work)?.into_iter().filter(|stage| stage.kind != StageKind::Lost).collect();
    let mut figures = Vec::new();
    for (place, stage) in stages.iter().enumerate() {
        let mut pairs = period(&ask, "reached_from", "reached_to");
        pairs.insert(0, ("reached", stage.key.clone()));
        figures.push(Figure::sum(Of::Opportunities, pairs.clone(), "o.expected_amount"));
        if let Some(next) = stages.get(place + 1) {
            pairs.push(("also_reached", next.key.clone()));
            figures.push(Figure::sum(Of::Opportunities, pairs, "o.expected_amount"));
        }
    }
    let table = tabulate(work, &ask, ask.by, &figures)?;
    // Per stage its entrants and, but for the last, those that went on.
    let cells = |found: &[Found]| -> Vec<Vec<Cell>> {
        found
            .chunks(2)
            .map(|pair| match pair {
                [entered, on] => vec![entered.cell(), on.cell(), Cell::rate(on.count, entered.count)],
                rest => rest.iter().map(Found::cell).chain([Cell::default(), Cell::default()]).collect(),
            })
            .collect()
    };
    if ask.by.is_none() {
        let columns = vec![
            column(work, "entered", ("进入", "Entered"), Shape::CountAndSum),
            column(work, "converted", ("转入下一阶段", "Went on"), Shape::CountAndSum),
            column(work, "rate", ("转化率", "Conversion"), Shape::Rate),
        ];
        let rows = stages.iter().zip(cells(&table.total)).map(|(stage, cells)| Row {
            key: stage.key.clone(),
            name: Some(stage.name.clone()),
            cells,
        });
        let rows: Vec<Row> = rows.collect();
        // From the first stage to the deal is the story of other opportunities than those of each step: no total.
        return Ok(blank(work, &ask, words::funnel(work), columns, rows, vec![Cell::default(); 3]));
    }
    let mut columns = Vec::new();
    for (place, stage) in stages.iter().enumerate() {
        columns.push(of_stage(stage, Shape::Count));
        if place + 1 < stages.len() {
            let mut rate = column(work, "rate", ("转化率", "conversion"), Shape::Rate);
            rate.key = format!("{}_rate", stage.key);
            rate.label = format!("{} {}", stage.name, rate.label);
            columns.push(rate);
        }
    }
    report(work, &ask, words::funnel(work), columns, &table, |found| {
        let per_stage = cells(found).into_iter();
        per_stage
            .flat_map(|mut cells| {
                if cells[2] == Cell::default() && cells[1] == Cell::default() {
                    vec![cells.swap_remove(0)]
                } else {
                    // The first leaves its place to the last, the rate.
                    vec![cells.swap_remove(0), cells.swap_remove(0)]
                }
            })
            .collect()
    })
}

/// 赢单率 by number and by amount, and 客户转化率 (I19, I20).
pub fn conversion(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let ask = query.check(work)?;
    let created = period(&ask, "created_from", "created_to");
    let dealt = created.iter().cloned().chain([("status", "won".to_owned())]).collect();
    let figures = [
        Figure::sum(Of::Won, period(&ask, "won_from", "won_to"), "o.won_amount"),
        Figure::sum(Of::Opportunities, period(&ask, "lost_from", "lost_to"), "o.expected_amount"),
        Figure::count(Of::Customers, created),
        Figure::count(Of::Customers, dealt),
    ];
    let table = tabulate(work, &ask, ask.by, &figures)?;
    let columns = vec![
        column(work, "won", ("赢单", "Won"), Shape::CountAndSum),
        column(work, "lost", ("输单", "Lost"), Shape::CountAndSum),
        column(work, "win_rate", ("赢单率", "Win rate"), Shape::Rate),
        column(work, "win_rate_by_amount", ("金额赢单率", "Win rate by amount"), Shape::Rate),
        column(work, "customers", ("新增客户", "New customers"), Shape::Count),
        column(work, "customers_won", ("其中成交", "Of these won"), Shape::Count),
        column(work, "customer_rate", ("客户转化率", "Customer conversion"), Shape::Rate),
    ];
    report(work, &ask, words::conversion(work), columns, &table, |found| {
        let [won, lost, customers, dealt] = found else { return Vec::new() };
        vec![
            won.cell(),
            lost.cell(),
            Cell::rate(won.count, won.count + lost.count),
            Cell::rate(won.sum, won.sum + lost.sum),
            customers.cell(),
            dealt.cell(),
            Cell::rate(dealt.count, customers.count),
        ]
    })
}

/// Where customers and deals come from: by 主来源 unless sliced otherwise (I25).
pub fn sources(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let mut ask = query.check(work)?;
    ask.by = Some(ask.by.unwrap_or(By::Source));
    let won = period(&ask, "won_from", "won_to");
    let figures = [
        Figure::count(Of::Customers, period(&ask, "created_from", "created_to")),
        Figure::sum(Of::Opportunities, period(&ask, "created_from", "created_to"), "o.expected_amount"),
        Figure::sum(Of::Won, won.clone(), "o.won_amount"),
        Figure::measure(Of::Won, won, Summed::Of("o.entered_stage_at - o.created_at".into())),
    ];
    let table = tabulate(work, &ask, ask.by, &figures)?;
    let columns = vec![
        column(work, "customers", ("新增客户", "New customers"), Shape::Count),
        column(work, "opportunities", ("新增商机", "New opportunities"), Shape::CountAndSum),
        column(work, "won", ("赢单", "Won"), Shape::CountAndSum),
        column(work, "cycle", ("平均周期", "Average cycle"), Shape::Duration),
    ];
    report(work, &ask, words::sources(work), columns, &table, |found| {
        let [customers, opportunities, won, cycle] = found else { return Vec::new() };
        let average = (cycle.count > 0).then(|| cycle.sum / 1_000 / cycle.count);
        vec![customers.cell(), opportunities.cell(), won.cell(), Cell::seconds(average)]
    })
}
