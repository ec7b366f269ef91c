//! 输单分析: why deals are lost, from which stage, by whom (I28).

use super::ask::{Ask, ReportQuery};
use super::figures::{Figure, Found, Of, by_text, tabulate};
use super::model::{By, Cell, Column, Report, Row, Shape};
use super::sheet::{blank, column, report};
use super::words;
use crate::error::Result;
use crate::opportunities::LOST_FROM;
use crate::platform::work::Work;
use crate::settings;

fn columns(work: &Work) -> Vec<Column> {
    vec![
        column(work, "lost", ("输单", "Lost"), Shape::CountAndSum),
        column(work, "share", ("数量占比", "Share"), Shape::Rate),
        column(work, "share_by_amount", ("金额占比", "Share by amount"), Shape::Rate),
    ]
}

fn cells(found: &Found, all: &Found) -> Vec<Cell> {
    vec![found.cell(), Cell::rate(found.count, all.count), Cell::rate(found.sum, all.sum)]
}

/// Lost in the period: by reason unless sliced otherwise.
pub fn losses(work: &mut Work, query: ReportQuery) -> Result<Report> {
    let mut ask = query.check_with_losses(work)?;
    let by = ask.by.unwrap_or(By::LostReason);
    ask.by = Some(by);
    let pairs = vec![("lost_from", ask.from.to_string()), ("lost_to", ask.to.to_string())];
    let figure = Figure::sum(Of::Opportunities, pairs, "o.expected_amount");
    let columns = columns(work);
    if !matches!(by, By::LostReason | By::LostStage) {
        let table = tabulate(work, &ask, ask.by, &[figure])?;
        let all = table.total[0].clone();
        return report(work, &ask, words::losses(work), columns, &table, |found| cells(&found[0], &all));
    }
    let all = tabulate(work, &ask, None, std::slice::from_ref(&figure))?.total.swap_remove(0);
    let rows = if by == By::LostReason { reasons(work, &ask, &figure)? } else { stages(work, &ask, &figure)? };
    let rows = rows.into_iter().map(|(key, name, found)| Row { key, name, cells: cells(&found, &all) }).collect();
    let total = cells(&all, &all);
    Ok(blank(work, &ask, words::losses(work), columns, rows, total))
}

type Named = (String, Option<String>, Found);

/// The most frequent first.
fn reasons(work: &mut Work, ask: &Ask, figure: &Figure) -> Result<Vec<Named>> {
    let mut found = by_text(work, ask, figure, "coalesce(o.lost_reason, '')", |key| vec![("lost_reason", key.to_owned())])?;
    found.sort_by(|(one, a), (other, b)| b.count.cmp(&a.count).then(b.sum.cmp(&a.sum)).then(one.cmp(other)));
    Ok(found.into_iter().map(|(key, found)| (key.clone(), (!key.is_empty()).then_some(key), found)).collect())
}

/// In the order of the stages.
fn stages(work: &mut Work, ask: &Ask, figure: &Figure) -> Result<Vec<Named>> {
    let all = settings::stages(work)?;
    let place = |key: &str| all.iter().position(|stage| stage.key == key);
    let mut found = by_text(work, ask, figure, &format!("coalesce({LOST_FROM}, 'none')"), |key| vec![("lost_stage", key.to_owned())])?;
    found.sort_by_key(|(key, _)| place(key).unwrap_or(all.len()));
    let named = found.into_iter().map(|(key, found)| {
        let name = place(&key).map(|place| all[place].name.clone());
        (if key == "none" { String::new() } else { key }, name, found)
    });
    Ok(named.collect())
}
